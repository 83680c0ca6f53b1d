"""What this program is, and whose it is not."""

from __future__ import annotations

from html import escape
from typing import TYPE_CHECKING

from PySide6.QtWidgets import QMessageBox

from sems_tray import __version__
from sems_tray.i18n.language import tr

if TYPE_CHECKING:
    from PySide6.QtWidgets import QWidget


def about(parent: QWidget | None) -> QMessageBox:
    """Show the window and return it, to be held: nobody else does without a parent."""
    box = QMessageBox(parent)
    box.setWindowTitle(tr("About SEMS Tray"))
    box.setText(_text())
    box.open()
    box.finished.connect(box.deleteLater)
    return box


def _text() -> str:
    sentences = (
        tr("Shows your GoodWe solar station in the system tray."),
        tr(
            "Free software under the MIT licence, made by owners for owners; it is not"
            " a product of GoodWe."
        ),
    )
    told = "".join(f"<p>{escape(it, quote=False)}</p>" for it in sentences)
    return f"<h3>SEMS Tray {__version__}</h3>{told}"
