"""Asks what to do about an instance that runs and does not answer."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QMessageBox

from sems_tray.core.language import tr

if TYPE_CHECKING:
    from .interrupts import Interrupts


def is_to_be_ended(interrupts: Interrupts) -> bool:
    """Ask whether to end it and start in its place."""
    box = QMessageBox(
        QMessageBox.Icon.Warning,
        "SEMS Tray",
        tr("SEMS Tray is running already, but it does not answer."),
    )
    box.setTextFormat(Qt.TextFormat.PlainText)
    box.setInformativeText(tr("It can be ended and started again. Nothing is lost."))
    end = box.addButton(tr("End it and start"), QMessageBox.ButtonRole.AcceptRole)
    cancel = box.addButton(QMessageBox.StandardButton.Cancel)
    box.setDefaultButton(end)
    box.setEscapeButton(cancel)
    interrupts.came.connect(box.reject)
    box.exec()
    interrupts.came.disconnect(box.reject)
    return box.clickedButton() is end
