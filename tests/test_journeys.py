"""The program's main roads stay short: ``make journeys``, with some air."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

TOOL = Path(__file__).parents[1] / "tools" / "journeys.py"
MOST_MODULES = {"poll": 50, "tick": 10, "setting": 25, "icon-mode": 30, "bubble": 42}


def test_each_journey_passes_few_modules():
    done = subprocess.run(
        [sys.executable, TOOL, *MOST_MODULES],
        env=os.environ | {"QT_QPA_PLATFORM": "offscreen"},
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    rows = [line.split("|")[1:3] for line in done.stdout.splitlines()[2:]]
    modules = {name.strip(): int(count) for name, count in rows}
    assert modules.keys() == MOST_MODULES.keys()
    assert {it: n for it, n in modules.items() if n > MOST_MODULES[it]} == {}
