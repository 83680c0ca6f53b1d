"""Take the pictures of the details window: every demo, light and dark, 100 and 200 %.

Each look is a process of its own, on a virtual display of its own (Xvfb, openbox): the
real program with ``--demo``, its real window, the system's real font.  Writes
docs/pictures/window/*.png and docs/window.md, which shows them.
"""

from __future__ import annotations

import argparse
import contextlib
import shutil
import subprocess
import sys
import tempfile
import time
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, cast

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))

from PySide6.QtCore import QEventLoop, QRect, Qt
from PySide6.QtGui import QCursor, QGuiApplication
from PySide6.QtWidgets import QApplication, QSystemTrayIcon
from small_png import small_png
from window_guide import LOOKS, PERIODS, PICTURES, WHOLE, write_guide

from sems_tray.app.app import App
from sems_tray.desktop.qt_application import make_application
from sems_tray.domain.energy import Period
from sems_tray.runtime.context import prepared
from sems_tray.runtime.options import Options
from sems_tray.simulator.scenarios import SCENARIOS
from sems_tray.window.header import Page
from tests.desktop.configuration import environment
from tests.desktop.program import Program
from tests.desktop.waiting import wait_until

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from window_guide import Look

    from sems_tray.window.history.page import HistoryPage
    from sems_tray.window.main_window import DetailsWindow
    from sems_tray.window.now.page import NowPage

SCREEN = (1280, 800)  # at 100 %
WAIT_S = 30.0
_REST_S = 0.6  # without a change: the window has settled
_KINDS = {"month": Period.MONTH, "year": Period.YEAR, "lifetime": Period.TOTAL}


class Photographer:
    """Shows demos one after the other, and keeps what is seen of them."""

    def __init__(self, look: Look, folder: Path) -> None:
        self._look, self._folder = look, folder
        self._app: App | None = None
        # Kept: the garbage collector might delete windows in another's thread.
        self._ended: list[App] = []

    @contextlib.contextmanager
    def demo(self, scenario: str) -> Iterator[None]:
        """Run the program, its window open, until its first answer has come."""
        with prepared(Options(demo=scenario)) as run:
            self._app = app = App(run, None)
            self._until(lambda: bool(app.poller.reading or app.poller.failed))
            app.window.open(QRect())
            now = cast("NowPage", self.window.made(Page.NOW))
            now.allow_motion(False)
            self.rest()
            yield
            app.quit()
            self._ended.append(app)
            self._app = None

    @property
    def app(self) -> App:
        """The running program."""
        assert self._app is not None
        return self._app

    @property
    def window(self) -> DetailsWindow:
        """Its window."""
        window = self.app.window._window
        assert window is not None
        return window

    def shoot(self, *name: str) -> None:
        """Keep what is seen, under a name."""
        path = self._folder / f"{self._look.name(*name)}.png"
        path.write_bytes(small_png(self.window.grab().toImage()))

    def page(self, page: Page) -> None:
        """Turn to a page and wait for what it fetches."""
        self.window.show_page(page)
        self.rest()

    def period(self, kind: Period) -> None:
        """Let the page of history show a month, a year or all."""
        history = cast("HistoryPage", self.window.made(Page.HISTORY))
        history._on_kind(kind)
        self._until(lambda: history.view is not None and not history.view.empty)
        self.rest()

    def rest(self) -> None:
        """Wait until nothing is fetched and nothing changes any more."""
        seen, since = b"", time.monotonic()

        def rests() -> bool:
            nonlocal seen, since
            image = self.window.grab().toImage()
            now = bytes(image.constBits())
            busy = self.app.poller.in_flight or self._fetching()
            if busy or now != seen:
                seen, since = now, time.monotonic()
            return time.monotonic() - since > _REST_S

        self._until(rests)

    def _fetching(self) -> bool:
        window = self.window
        if window.page() is not Page.HISTORY:
            return False
        history = cast("HistoryPage", window.made(Page.HISTORY))
        return history._fetches.status(history._steps).running

    def _until(self, answer: Callable[[], bool]) -> None:
        until = time.monotonic() + WAIT_S
        while not answer():
            if time.monotonic() > until:
                raise TimeoutError("the window did not come to rest")
            QApplication.processEvents(QEventLoop.ProcessEventsFlag.AllEvents, 30)
            time.sleep(0.03)


def take(look: Look, folder: Path, scenarios: tuple[str, ...] = SCENARIOS) -> None:
    """Take the pictures of one look; on a display."""
    QSystemTrayIcon.isSystemTrayAvailable = staticmethod(lambda: True)  # type: ignore[method-assign]
    application = make_application(lambda: None)
    scheme = Qt.ColorScheme.Dark if look.scheme == "dark" else Qt.ColorScheme.Light
    QGuiApplication.styleHints().setColorScheme(scheme)
    QCursor.setPos(0, 0)  # nothing is hovered
    at = Photographer(look, folder)
    for scenario in scenarios:
        with at.demo(scenario):
            at.shoot(scenario, "now")
            if scenario not in WHOLE or not (look.plain or scenario == "day"):
                continue
            for page in (Page.HISTORY, Page.DEVICES, Page.ALARMS):
                at.page(page)
                at.shoot(scenario, page.value)
            if scenario == "day" and look.plain:
                _periods(at)
            if scenario == "multi" and look == LOOKS[0]:
                _stations(at)
    del application


def _periods(at: Photographer) -> None:
    at.page(Page.HISTORY)
    for name in PERIODS:
        at.period(_KINDS[name])
        at.shoot("day", "history", name)


def _stations(at: Photographer) -> None:
    """Show the account's other stations, each once."""
    at.page(Page.NOW)
    app = at.app
    for number, station in enumerate(app.stations.others.stations[1:], 2):
        app.services.events.station_chosen.emit(station.id)
        at._until(lambda it=station: _shows(app, it.id))  # type: ignore[misc]
        at.rest()
        at.shoot("multi", f"station{number}")


def _shows(app: App, station: str) -> bool:
    reading = app.poller.reading
    return reading is not None and reading.station.id == station


@contextlib.contextmanager
def display(folder: Path, percent: int) -> Iterator[dict[str, str]]:
    """Run a screen with a window manager; gives a program's environment."""
    env = environment(folder)
    wide, high = (it * percent // 100 for it in SCREEN)
    server = ["Xvfb", "-displayfd", "1", "-screen", "0", f"{wide}x{high}x24"]
    screen = Program([*server, "-nolisten", "tcp"], env, folder / "x.log", cwd=folder)
    manager = None
    try:
        number = wait_until(partial(_said, screen))
        env["DISPLAY"] = f":{number}"
        env["QT_SCALE_FACTOR"] = f"{percent / 100:g}"
        args = ["openbox", "--sm-disable"]
        manager = Program(args, env, folder / "wm.log", cwd=folder)
        yield env
    finally:
        if manager is not None:
            manager.stop()
        screen.stop()


def _said(program: Program) -> str:
    return program.stdout.strip()


def photograph(look: Look, folder: Path) -> None:
    """Take the pictures of one look in a process of its own."""
    private = Path(tempfile.mkdtemp(prefix="sems-look-"))
    command = [sys.executable, str(Path(__file__)), "--look", look.name()]
    try:
        with display(private, look.percent) as env:
            subprocess.run(
                [*command, "--to", str(folder)], check=True, env=env, cwd=ROOT
            )
    finally:
        shutil.rmtree(private, ignore_errors=True)


def main() -> int:
    """Take all pictures, or those of one look."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--look", choices=[it.name() for it in LOOKS])
    parser.add_argument("--to", type=Path, default=PICTURES)
    args = parser.parse_args()
    if args.look:
        take(next(it for it in LOOKS if it.name() == args.look), args.to)
        return 0
    if args.to == PICTURES:
        shutil.rmtree(PICTURES, ignore_errors=True)
    args.to.mkdir(parents=True, exist_ok=True)
    with ThreadPoolExecutor(max_workers=2) as two:
        list(two.map(partial(photograph, folder=args.to), LOOKS))
    if args.to == PICTURES:
        write_guide(args.to)
    return 0


if __name__ == "__main__":
    sys.exit(main())
