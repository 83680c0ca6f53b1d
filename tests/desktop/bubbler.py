"""A program with nothing but a notifier, told by the lines of a file what to do."""

from __future__ import annotations

import json
import logging
import sys
import time
from pathlib import Path
from typing import Any

from PySide6.QtCore import QTimer
from PySide6.QtGui import QColor, QIcon, QPixmap
from PySide6.QtWidgets import QApplication, QSystemTrayIcon

from sems_tray.alerts.model import Level
from sems_tray.notifications.notification import Button, Notification
from sems_tray.notifications.notifier import Notifier


class Icon(QSystemTrayIcon):
    """A real icon that tells which messages it shows."""

    def showMessage(self, title, text, icon, msecs):  # type: ignore[override]  # noqa: N802
        say("tray shows", title)
        super().showMessage(title, text, icon, msecs)


def say(*words: object) -> None:
    print(*words, flush=True)


def bubble(given: dict[str, Any]) -> Notification:
    buttons = tuple(Button(id=i, label=w) for i, w in given.pop("buttons", []))
    level = Level[given.pop("level", "WARNING")]
    return Notification(level=level, buttons=buttons, **given)


class Stall:
    """Finds the longest time in which the GUI thread did nothing else."""

    def __init__(self) -> None:
        self.longest = 0.0
        self._last = time.monotonic()

    def tick(self) -> None:
        now = time.monotonic()
        self.longest = max(self.longest, now - self._last)
        self._last = now


logging.basicConfig(level=logging.INFO, format="log %(message)s", stream=sys.stdout)
app = QApplication(sys.argv[:1])
app.setApplicationName("bubbler")
app.setQuitOnLastWindowClosed(False)
orders, with_icon = Path(sys.argv[1]), sys.argv[2] == "icon"
tray: Icon | None = None
if with_icon:
    pixmap = QPixmap(22, 22)
    pixmap.fill(QColor("#00ff00"))
    tray = Icon(QIcon(pixmap))
    tray.show()
notifier = Notifier(tray)
notifier.pressed.connect(lambda key, button: say(f"pressed {key} {button!r}"))
notifier.closed.connect(lambda key: say("closed", key))
stall = Stall()
done = 0


def obey() -> None:
    global done  # noqa: PLW0603  (a script)
    stall.tick()
    lines = orders.read_text().splitlines()
    for line in lines[done:]:
        done += 1
        word, _, rest = line.partition(" ")
        match word:
            case "show":
                notifier.show(bubble(json.loads(rest)))
            case "close":
                notifier.close(rest)
            case "close_all":
                notifier.close_all()
            case "backend":
                say("backend", notifier.backend)
            case "modules":
                say("modules", sorted(m for m in sys.modules if "." not in m))
            case "stall":
                say(f"stall {stall.longest:.3f}")
                stall.longest = 0.0
            case "quit":
                notifier.close_all()
                app.quit()


timer = QTimer()
timer.timeout.connect(obey)
timer.start(5)
say("ready")
sys.exit(app.exec())
