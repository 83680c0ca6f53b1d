"""What this program is, and whose it is not."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtWidgets import QMessageBox

from sems_tray import __version__

if TYPE_CHECKING:
    from PySide6.QtWidgets import QWidget

_TEXT = """<h3>SEMS Tray {version}</h3>
<p>Shows your GoodWe solar station in the system tray.</p>
<p>Free software under the MIT licence, made by owners for owners; it is not a product
of GoodWe.</p>"""


def about(parent: QWidget | None) -> QMessageBox:
    """Show the window and return it, to be held: nobody else does without a parent."""
    box = QMessageBox(parent)
    box.setWindowTitle("About SEMS Tray")
    box.setText(_TEXT.format(version=__version__))
    box.open()
    box.finished.connect(box.deleteLater)
    return box
