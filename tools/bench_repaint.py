"""Measure, inside the program, the time from the last reply to the repainted tray.

bench_repaint.py PORTAL ROUNDS      prints one number of milliseconds a line
"""

from __future__ import annotations

import sys
import time
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, QTimer, Slot

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from sems_tray.app import app as app_module
from sems_tray.desktop.qt_application import make_application
from sems_tray.portal.http.transport import HttpTransport
from sems_tray.runtime.context import prepared
from sems_tray.runtime.options import Options

if TYPE_CHECKING:
    from sems_tray.portal.http.transport import Reply, Request

stamps: list[float] = []
plain_send = HttpTransport.send


def stamped_send(self: HttpTransport, request: Request) -> Reply:
    """Note when the reply is here."""
    reply = plain_send(self, request)
    stamps.append(time.perf_counter())
    return reply


class Rounds(QObject):
    """Refreshes again and again; hears of each outcome after the app has shown it."""

    def __init__(self, shown: app_module.App, rounds: int) -> None:
        super().__init__()
        self._app = shown
        self._left = rounds
        shown.poller.changed.connect(self._on_shown)

    @Slot()
    def _on_shown(self) -> None:
        if self._app.poller.in_flight or not stamps:
            return
        print(f"{(time.perf_counter() - stamps[-1]) * 1000:.2f}", flush=True)
        stamps.clear()
        self._left -= 1
        if self._left <= 0:
            self._app.quit()
        else:
            QTimer.singleShot(300, self._app.poller, self._app.poller.refresh)


def main() -> int:
    """Run the app until all rounds are over."""
    HttpTransport.send = stamped_send  # type: ignore[method-assign]
    application = make_application(lambda: None)
    options = Options(portal=sys.argv[1], account="bench@example.com", password="demo")
    with prepared(options) as run:
        shown = app_module.App(run, None)
        rounds = Rounds(shown, int(sys.argv[2]))
        code = application.exec()
        del rounds
    return code


sys.exit(main())
