"""Print how long the details window takes from the click to its first picture, in ms.

Run by bench.py on its desktop, with a portal's address: the first line is the first
click after the start, the others later ones.
"""

from __future__ import annotations

import sys
import tempfile
import time
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from PySide6.QtCore import QEvent, QObject, QTimer
from PySide6.QtWidgets import QApplication, QWidget

from sems_tray.app.app import App
from sems_tray.runtime.context import AppContext
from sems_tray.runtime.options import Options
from sems_tray.storage.paths import profile_paths
from sems_tray.storage.settings import Loaded, Settings

SETTLED_MS, PAUSE_MS = 6_000, 700


class Stopwatch(QObject):
    """Clicks, and notes when the window has been painted."""

    def __init__(self, app: App, rounds: int) -> None:
        super().__init__()
        self._app, self._left = app, rounds
        self._began: float | None = None
        application = QApplication.instance()
        assert application is not None
        application.installEventFilter(self)

    def click(self) -> None:
        if self._app.poller.reading is None:
            QTimer.singleShot(500, self.click)
            return
        self._began = time.perf_counter()
        self._app.tray.tray.details_wanted.emit()

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:  # noqa: N802
        shown = self._began is not None and event.type() is QEvent.Type.Paint
        if shown and isinstance(watched, QWidget) and watched.window().isVisible():
            # After this event the rest of the window is painted in the same go.
            QTimer.singleShot(0, self._painted)
        return False

    def _painted(self) -> None:
        if self._began is None:
            return
        print(f"{(time.perf_counter() - self._began) * 1000:.1f}", flush=True)
        self._began = None
        self._left -= 1
        window = self._app.window._window
        assert window is not None
        window.close()
        if self._left:
            QTimer.singleShot(PAUSE_MS, self.click)
        else:
            self._app.quit()


def main() -> int:
    """Measure."""
    application = QApplication(sys.argv[:1])
    application.setQuitOnLastWindowClosed(False)
    with tempfile.TemporaryDirectory() as folder:
        options = Options(portal=sys.argv[1], account="a@b.c", password="demo")
        paths = profile_paths(Path(folder))
        app = App(
            AppContext(options=options, paths=paths, loaded=Loaded(Settings())), None
        )
        watch = Stopwatch(app, int(sys.argv[2]))
        QTimer.singleShot(SETTLED_MS, watch.click)
        application.exec()
    return 0


if __name__ == "__main__":
    sys.exit(main())
