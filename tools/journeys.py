"""Trace what the program calls on its main roads, and print how far each one winds.

    make journeys [ARGS=poll]

Each journey runs in the real program (offscreen, with the simulator over HTTP behind
it); every call into ``sems_tray`` is noted in both threads, the simulator left out.

modules   how many modules take part
calls     calls into the package
changes   how often the next call is in another module
returns   how many of these changes go to a module that was visited before
crossings calls from one folder into another
deepest   frames of the package on the stack at once
"""

from __future__ import annotations

import argparse
import ctypes
import os
import sys
import tempfile
import time
from collections import defaultdict
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))

from PySide6.QtCore import QMetaObject, QObject, QRect, Qt, Slot
from PySide6.QtWidgets import QSystemTrayIcon

from sems_tray.app.app import App
from sems_tray.desktop.qt_application import make_application
from sems_tray.domain.time_zones import utc_now
from sems_tray.runtime.context import prepared
from sems_tray.runtime.options import Options
from sems_tray.simulator.simulator import Simulator
from sems_tray.simulator.station.places import sunny_place
from sems_tray.window.header import Page
from sems_tray.window.history.page import HistoryPage

if TYPE_CHECKING:
    from collections.abc import Callable
    from types import CodeType, FrameType

    from sems_tray.tray.view_model import TrayView

PACKAGE = str(ROOT / "sems_tray") + os.sep
SIMULATOR = "simulator"
QUIET_S = 0.4
WARM_S = 4.0  # by then the window is imported


@dataclass
class Thread:
    """The calls of one thread: what is on its stack, and where it was last."""

    stack: list[str] = field(default_factory=list)
    last: str = ""


@dataclass
class Trace:
    """What was called while it was on."""

    on: bool = False
    seen: dict[str, int] = field(default_factory=lambda: defaultdict(int))
    changes: int = 0
    returns: int = 0
    crossings: int = 0
    deepest: int = 0
    _threads: dict[int, Thread] = field(default_factory=lambda: defaultdict(Thread))
    _names: dict[CodeType, str | None] = field(default_factory=dict)

    def hear(self, frame: FrameType, event: str, _: object) -> None:
        """Take one event of ``sys.setprofile``."""
        if event not in {"call", "return"} or not self.on:
            return
        module = self._module(frame.f_code)
        if module is None:
            return
        thread = self._threads[ctypes.pythonapi.PyThread_get_thread_ident()]
        if event == "return":
            if thread.stack:
                thread.stack.pop()
            return
        caller = thread.stack[-1] if thread.stack else thread.last
        if caller and _folder(caller) != _folder(module):
            self.crossings += 1
        if thread.last != module:
            self.changes += bool(thread.last)
            self.returns += module in self.seen and bool(thread.last)
        thread.last = module
        self.seen[module] += 1
        thread.stack.append(module)
        self.deepest = max(self.deepest, len(thread.stack))

    def _module(self, code: CodeType) -> str | None:
        if code not in self._names:
            path = code.co_filename
            inside = path.removeprefix(PACKAGE) if path.startswith(PACKAGE) else ""
            ours = bool(inside) and not inside.startswith(SIMULATOR)
            self._names[code] = inside.removesuffix(".py") if ours else None
        return self._names[code]


def _folder(module: str) -> str:
    return module.rpartition(os.sep)[0]


class NetworkProbe(QObject):
    """Turns the trace on and off inside the network thread."""

    def __init__(self, hear: Callable[..., None]) -> None:
        super().__init__()
        self._hear = hear

    @Slot()
    def begin(self) -> None:
        """Trace this thread; its Python state is kept between slots."""
        ctypes.pythonapi.PyGILState_Ensure()
        sys.setprofile(self._hear)


class Program:
    """The program as somebody uses it, and a trace of what that calls."""

    def __init__(self, app: App, portal: Simulator, application: Any) -> None:
        self.app, self.portal, self._application = app, portal, application
        self.poller = app.poller
        self._trace = Trace()
        self._probe = NetworkProbe(self._hear)
        self._probe.moveToThread(app.services.network._thread)
        QMetaObject.invokeMethod(
            self._probe, "begin", Qt.ConnectionType.BlockingQueuedConnection
        )
        sys.setprofile(self._hear)

    def _hear(self, frame: FrameType, event: str, arg: object) -> None:
        self._trace.hear(frame, event, arg)

    def until(self, answer: Callable[[], bool], within_s: float = 20.0) -> None:
        """Let the event loop run until the answer is yes."""
        end = time.monotonic() + within_s
        while not answer():
            if time.monotonic() > end:
                raise TimeoutError(answer)
            self._application.processEvents()
            time.sleep(0.002)

    def rest(self) -> None:
        """Let the event loop run until nothing is under way, and a while longer."""
        self.until(lambda: not self.poller.in_flight)
        end = time.monotonic() + QUIET_S
        self.until(lambda: time.monotonic() > end)

    def stop(self) -> None:
        """Trace no more of this journey."""
        self._trace.on = False

    def traced(self, journey: Callable[[Program], None]) -> Trace:
        """Return the trace of a journey."""
        self.rest()
        trace = self._trace = Trace(on=True)
        journey(self)
        self.rest()
        trace.on = False
        return trace


def poll(program: Program) -> None:
    """One due poll, from bytes to the icon that shows it; no window open."""
    program.portal.override(pv_w=2100, soc_percent=61)
    tray = program.app.tray.tray
    show = tray.show

    def show_and_stop(view: TrayView) -> None:
        show(view)
        program.stop()

    tray.show = show_and_stop  # type: ignore[method-assign]
    program.poller._poll()
    program.until(lambda: program.poller.in_flight)
    program.until(lambda: not program.poller.in_flight)
    del tray.show


def whole_poll(program: Program) -> None:
    """The same with all that it sets off: rules, history, menus."""
    program.portal.override(pv_w=2400, soc_percent=62)
    program.poller._poll()
    program.until(lambda: program.poller.in_flight)
    program.until(lambda: not program.poller.in_flight)


def tick(program: Program) -> None:
    """The 30-second tick, nothing open."""
    program.poller._on_tick()


def setting(program: Program) -> None:
    """A number of the settings: how often the portal is asked."""
    program.app.services.settings.update(live_minutes=7.0)


def icon_mode(program: Program) -> None:
    """Another face of the icon."""
    program.app.services.settings.update(icon="pv")


def bubble(program: Program) -> None:
    """A press on a bubble opens the alarms; the window was open before."""
    program.app.services.events.alarm_chosen.emit("an alarm")


def day(program: Program) -> None:
    """The day before, chosen on the page History, from the store."""
    page = program.app.window._made().made(Page.HISTORY)
    assert isinstance(page, HistoryPage)
    shown = page.selection
    assert shown is not None
    page.select(shown.previous())


def show_history(program: Program) -> None:
    """Open the window at the page History, without a trace."""
    details = program.app.window
    details.open(QRect())
    details._made().show_page(Page.HISTORY)


def show_and_close(program: Program) -> None:
    """Open the window and close it, without a trace."""
    program.app.window.open(QRect())
    program.rest()
    close(program)


def close(program: Program) -> None:
    """Close the window again."""
    program.app.window._made().close()


JOURNEYS: dict[str, Callable[[Program], None]] = {
    "poll": poll,
    "whole-poll": whole_poll,
    "tick": tick,
    "setting": setting,
    "icon-mode": icon_mode,
    "bubble": bubble,
    "day": day,
}
BEFORE = {"bubble": show_and_close, "day": show_history}


def table(traces: dict[str, Trace]) -> str:
    """Return the journeys as a table."""
    lines = [
        "| journey | modules | calls | changes | returns | crossings | deepest |",
        "| --- | ---: | ---: | ---: | ---: | ---: | ---: |",
    ]
    for name, it in traces.items():
        lines.append(
            f"| {name} | {len(it.seen)} | {sum(it.seen.values())} | {it.changes} "
            f"| {it.returns} | {it.crossings} | {it.deepest} |"
        )
    return "\n".join(lines)


def main() -> None:
    """Run the journeys and print their table."""
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("only", nargs="*", choices=[*JOURNEYS, []], default=[])
    parser.add_argument("--modules", action="store_true", help="name the modules, too")
    wanted = parser.parse_args()
    application = make_application(lambda: None)
    QSystemTrayIcon.isSystemTrayAvailable = staticmethod(lambda: True)  # type: ignore[method-assign]
    with (
        tempfile.TemporaryDirectory() as folder,
        Simulator(place=sunny_place(utc_now()), limit_per_minute=None) as portal,
        prepared(
            Options(
                portal=portal.url,
                account="a@example.com",
                password="demo",
                profile=Path(folder),
            )
        ) as run,
    ):
        app = App(run, None)
        program = Program(app, portal, application)
        program.until(lambda: app.poller.reading is not None)
        warm = time.monotonic() + WARM_S
        program.until(lambda: time.monotonic() > warm)
        program.rest()
        traces = {}
        for name, journey in JOURNEYS.items():
            if wanted.only and name not in wanted.only:
                continue
            before = BEFORE.get(name)
            if before is not None:
                before(program)
            traces[name] = program.traced(journey)
            if before is not None:
                close(program)
        print(table(traces))
        if wanted.modules:
            for name, it in traces.items():
                print(f"\n{name}: {', '.join(sorted(it.seen))}")
        sys.setprofile(None)
        app.quit()


main()
