"""Measure the running program beside an empty PySide6 tray program, in one run.

Both run as real processes on a virtual desktop with a real panel; the portal is the
simulator, in this process.  The budgets are those of the design, section 10.
"""

from __future__ import annotations

import argparse
import os
import statistics
import subprocess
import sys
import time
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from sems_tray.simulator.simulator import Simulator
from tests.desktop.host import Desktop
from tests.desktop.program import this_python
from tests.desktop.waiting import wait_until

if TYPE_CHECKING:
    from collections.abc import Sequence

    from tests.desktop.program import Program

HERE = Path(__file__).resolve().parent
EMPTY = this_python(str(HERE / "empty_tray.py"))
ACCOUNT = {"SEMS_TRAY_ACCOUNT": "bench@example.com", "SEMS_TRAY_PASSWORD": "demo"}
_TICKS = os.sysconf("SC_CLK_TCK")


@dataclass(frozen=True)
class Line:
    """One row of the table; ``most`` is the budget in the row's own unit."""

    name: str
    floor: str
    ours: float
    unit: str
    most: float

    def __str__(self) -> str:
        verdict = "ok" if self.ours <= self.most else "OVER"
        return (
            f"{self.name:<34}{self.floor:>12}{self.ours:>10.2f} {self.unit:<5}"
            f"{self.most:>9.2f}  {verdict}"
        )


def pss_mib(pid: int) -> float:
    """Return the proportional set size, MiB."""
    for line in Path(f"/proc/{pid}/smaps_rollup").read_text().splitlines():
        if line.startswith("Pss:"):
            return int(line.split()[1]) / 1024
    return 0.0


def cpu_s(pid: int) -> float:
    """Return the processor time used so far, s."""
    fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / _TICKS


def start(desktop: Desktop, args: Sequence[str], env: dict[str, str]) -> Program:
    """Start a program."""
    return desktop.run_app(list(args), env=env)


def icon_s(desktop: Desktop, args: Sequence[str], env: dict[str, str]) -> float:
    """Return the time from the start of the process to its item on the bus, s."""
    began = time.perf_counter()
    app = start(desktop, args, env)
    while not desktop.items():
        time.sleep(0.002)
    took = time.perf_counter() - began
    app.stop()
    wait_until(lambda: not desktop.items())
    return took


def memory(desktop: Desktop, args: Sequence[str], idle_s: float) -> tuple[float, float]:
    """Return the empty program's PSS (MiB) and idle processor share (%)."""
    app = start(desktop, args, {})
    desktop.item(app)
    time.sleep(2)
    found = pss_mib(app.pid), _idle_percent(app, idle_s)
    app.stop()
    return found


def _idle_percent(app: Program, idle_s: float) -> float:
    before = cpu_s(app.pid)
    time.sleep(idle_s)
    return (cpu_s(app.pid) - before) / idle_s * 100


def running(desktop: Desktop, portal: str, idle_s: float) -> tuple[float, float, float]:
    """Return our PSS with the window closed, after it was open (MiB), and idle (%)."""
    app = start(desktop, this_python("-m", "sems_tray", "--portal", portal), ACCOUNT)
    item = desktop.item(app)
    wait_until(lambda: "Measured" in item.tooltip)
    time.sleep(3)
    closed = pss_mib(app.pid)
    idle = _idle_percent(app, idle_s)
    item.activate(1200, 20)
    wait_until(lambda: bool(desktop.windows()))
    time.sleep(1)
    item.activate(1200, 20)
    wait_until(lambda: not desktop.windows())
    time.sleep(1)
    opened = pss_mib(app.pid)
    app.stop()
    return closed, opened, idle


def window_ms(desktop: Desktop, portal: str, clicks: int) -> tuple[float, float]:
    """Return the time from a click to the painted window: the first, later ones, ms."""
    script = str(HERE / "bench_window.py")
    app = start(desktop, this_python(script, portal, str(clicks)), {})
    wait_until(lambda: app.exit_code is not None, timeout=60)
    if app.exit_code != 0:
        raise SystemExit(app.stderr)
    first, *later = (float(line) for line in app.stdout.split())
    return first, statistics.median(later)


def repaint_ms(desktop: Desktop, portal: str, rounds: int) -> float:
    """Return the median time from the last reply to the repainted tray, ms."""
    script = str(HERE / "bench_repaint.py")
    app = start(desktop, this_python(script, portal, str(rounds)), {})
    wait_until(lambda: app.exit_code is not None, timeout=60)
    if app.exit_code != 0:
        raise SystemExit(app.stderr)
    return statistics.median(float(line) for line in app.stdout.split())


def main() -> int:
    """Measure and print the table."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--runs", type=int, default=7)
    parser.add_argument("--idle", type=float, default=60.0, metavar="S")
    parser.add_argument(
        "--years", type=int, default=10, help="of history; 0 leaves it out"
    )
    wanted = parser.parse_args()
    with Desktop() as desktop, Simulator("day") as sim:
        ours = this_python("-m", "sems_tray", "--portal", sim.url)
        floors, mines = [], []
        for _ in range(wanted.runs):  # in turn, so that both meet the same machine
            floors.append(icon_s(desktop, EMPTY, {}))
            mines.append(icon_s(desktop, ours, ACCOUNT))
        floor_s, mine_s = statistics.median(floors), statistics.median(mines)
        floor_mib, floor_idle = memory(desktop, EMPTY, wanted.idle)
        closed, opened, idle = running(desktop, sim.url, wanted.idle)
        painted = repaint_ms(desktop, sim.url, 11)
        firsts, laters = zip(
            *(window_ms(desktop, sim.url, 5) for _ in range(3)), strict=True
        )
    lines = (
        Line("tray icon after", f"{floor_s:.2f} s", mine_s, "s", 2 * floor_s),
        Line(
            "PSS, window closed", f"{floor_mib:.1f} MiB", closed, "MiB", 2 * floor_mib
        ),
        Line(
            "PSS, after the window was open",
            f"{floor_mib:.1f} MiB",
            opened,
            "MiB",
            2.3 * floor_mib,
        ),
        Line("idle processor", f"{floor_idle:.2f} %", idle, "%", 0.1),
        Line("reply to repainted tray", "-", painted, "ms", 20.0),
        Line("first click to window", "-", statistics.median(firsts), "ms", 100.0),
        Line("later click to window", "-", statistics.median(laters), "ms", 100.0),
    )
    print(f"{'':<34}{'empty tray':>12}{'SEMS Tray':>10}      {'budget':>9}")
    for line in lines:
        print(line)
    ratio = closed / floor_mib
    print(f"PSS is {ratio:.2f}x the empty program's, the icon {mine_s / floor_s:.2f}x.")
    _also("bench_chart.py")
    if wanted.years:
        _also("bench_history.py", "--years", str(wanted.years))
    return 0


def _also(script: str, *args: str) -> None:
    """Let another script print its lines; it starts in a process of its own."""
    print(flush=True)
    subprocess.run(this_python(str(HERE / script), *args), check=True)


if __name__ == "__main__":
    sys.exit(main())
