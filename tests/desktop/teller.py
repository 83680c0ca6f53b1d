"""The whole program with a teller in it, who says what the sign-in window shows.

Started like the program itself: ``python -m tests.desktop.teller OPTIONS``.  Each
change is one line of JSON on standard output; ``null`` is no window.  Nothing is done
to the window: keys and clicks come from the X server, as an owner's do.
"""

from __future__ import annotations

import json
import sys
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QTimer, Slot
from PySide6.QtWidgets import (
    QAbstractButton,
    QApplication,
    QLabel,
    QLineEdit,
    QProgressBar,
)

import sems_tray.app.startup
from sems_tray.app.app import App
from sems_tray.cli.main import main

if TYPE_CHECKING:
    from PySide6.QtWidgets import (
        QWidget,
    )

    from sems_tray.desktop.single_instance import Instance
    from sems_tray.runtime.context import AppContext

EVERY_MS = 20


class Telling(App):
    """Says what the sign-in window shows, whenever that changes."""

    def __init__(self, run: AppContext, instance: Instance | None) -> None:
        super().__init__(run, instance)
        self._said = ""
        self._watch = QTimer(self)
        self._watch.timeout.connect(self._tell)
        self._watch.start(EVERY_MS)

    @Slot()
    def _tell(self) -> None:
        dialog = self.sign_in._dialog
        seen = dialog is not None and dialog.isVisible()
        said = json.dumps(told(dialog) if dialog is not None and seen else None)
        if said != self._said:
            self._said = said
            sys.stdout.write(f"{said}\n")
            sys.stdout.flush()


def told(window: QWidget) -> dict[str, Any]:
    """Return what an owner sees of a window."""
    labels = [it for it in window.findChildren(QLabel) if it.isVisible() and it.text()]
    buttons = window.findChildren(QAbstractButton)
    fields = window.findChildren(QLineEdit)
    focus = QApplication.focusWidget()
    return {
        "title": window.windowTitle(),
        "active": window.isActiveWindow(),
        "focus": "" if focus is None else focus.objectName(),
        "texts": [it.text() for it in labels],
        "cut": [it.text() for it in labels if is_cut(it)]
        + [it.text() for it in buttons if it.isVisible() and is_hidden(it)],
        "buttons": {it.objectName(): button(it) for it in buttons if it.isVisible()},
        "fields": {it.objectName(): field(it) for it in fields if it.isVisible()},
        "busy": any(it.isVisible() for it in window.findChildren(QProgressBar)),
    }


def button(it: QAbstractButton) -> dict[str, Any]:
    at = it.mapToGlobal(it.rect().center())
    return {"text": it.text(), "enabled": it.isEnabled(), "at": [at.x(), at.y()]}


def field(it: QLineEdit) -> dict[str, Any]:
    """Return a field; of a password only how long it is."""
    masked = it.echoMode() is QLineEdit.EchoMode.Password
    at = it.mapToGlobal(it.rect().center())
    return {
        "text": "" if it.objectName() == "password" else it.text(),
        "length": len(it.text()),
        "masked": masked,
        "selected": bool(it.text()) and it.selectedText() == it.text(),
        "at": [at.x(), at.y()],
    }


def is_cut(it: QLabel) -> bool:
    """Say whether words are not seen as a whole."""
    inner = it.contentsRect()
    high = it.heightForWidth(it.width()) if it.wordWrap() else it.sizeHint().height()
    return is_hidden(it) or it.height() < high or inner.isEmpty()


def is_hidden(it: QWidget) -> bool:
    return not it.visibleRegion().boundingRect().contains(it.rect())


if __name__ == "__main__":
    setattr(sems_tray.app.startup, "App", Telling)  # noqa: B010 (no export of its)
    sys.exit(main())
