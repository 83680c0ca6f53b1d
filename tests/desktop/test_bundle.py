"""The built bundle starts, answers and shows its icon (``make bundle`` runs this)."""

from __future__ import annotations

import json
import os
import subprocess
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from .waiting import wait_until

if TYPE_CHECKING:
    from .host import Desktop

pytestmark = pytest.mark.bundle

PROGRAM = Path(__file__).parents[2] / "dist" / "sems-tray" / "sems-tray"


def answer(*args: str, text: str = "") -> str:
    bare = {"PATH": "/nowhere", "HOME": os.environ.get("HOME", "/")}
    done = subprocess.run(
        [PROGRAM, *args],
        input=text,
        capture_output=True,
        text=True,
        timeout=60,
        env=bare,
        check=True,
    )
    assert done.stderr == ""
    return done.stdout


def test_it_answers_without_python_on_the_path():
    reading = json.loads(answer("status", "--json", "--demo"))
    assert (reading["schema"], reading["state"], reading["stale"]) == (1, "ok", [])
    assert reading["power"]["pv_w"] > 0


def test_it_brings_the_zone_database_along():
    reading = json.loads(answer("status", "--json", "--demo", "night"))
    assert reading["state"] == "night"


def test_its_keyring_child_answers():
    request = json.dumps({"action": "get", "service": "nothing", "name": "nobody"})
    assert "shelf" in json.loads(answer("--keyring-child", text=request))


def test_its_icon_is_on_the_panel(desktop: Desktop):
    app = desktop.run_app([str(PROGRAM), "--demo"])
    item = desktop.item(app)
    wait_until(lambda: "Battery" in item.tooltip)
    item.click_menu("Quit")
    wait_until(lambda: app.exit_code == 0)
    assert app.stderr == ""
