"""The settings' page about the program itself, and for those who help with it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import Qt, Slot
from PySide6.QtGui import QPalette
from PySide6.QtWidgets import QLineEdit, QPlainTextEdit, QPushButton, QSizePolicy

from sems_tray.i18n.language import mark, tr, trc
from sems_tray.widgets.forms import Ink, Row, StackedRows, WrappedLabel, flow
from sems_tray.widgets.pages import copy_text
from sems_tray.widgets.theme import STEP, Text

from .page import SettingsPage

if TYPE_CHECKING:
    from sems_tray.runtime.settings_repository import SettingsRepository

    from .page import SettingsEvents, SettingsInfo


_COPIED = mark(
    "Copied. Below is what was copied: no password, serial number or address is in it."
)
_LINES = 8


class AboutPage(SettingsPage):
    """Says what this is, and hands out what helps to help."""

    def __init__(self, repository: SettingsRepository, events: SettingsEvents) -> None:
        super().__init__(repository, events)
        self._shown: SettingsInfo | None = None
        self._asked = False
        self._title = WrappedLabel("SEMS Tray", Ink.PLAIN, Text.TITLE)
        self._title.setObjectName("version")
        self._versions, self._files = StackedRows(), StackedRows()
        copy = QPushButton(tr("Copy diagnostics"))
        copy.setObjectName("diagnostics")
        copy.clicked.connect(self._on_copy)
        log = QPushButton(tr("Open log folder"))
        log.setObjectName("log")
        log.clicked.connect(events.log_requested)
        self._copied = WrappedLabel()
        self._text = QPlainTextEdit()
        self._text.setObjectName("diagnostics_text")
        self._text.setAccessibleName(trc("settings section", "Diagnostics"))
        self._text.setReadOnly(True)
        self._text.setTabChangesFocus(True)
        self._text.setFixedHeight(self.fontMetrics().height() * _LINES + 2 * STEP)
        self._text.hide()
        self.section(
            trc("settings page", "About"),
            self._title,
            WrappedLabel(tr("Shows your GoodWe solar station in the system tray.")),
            WrappedLabel(
                tr(
                    "Free software under the MIT licence, made by owners for owners. It"
                    " is not a product of GoodWe."
                )
            ),
        )
        self.section(trc("settings section", "Versions"), self._versions)
        self.section(tr("Where the files are"), self._files)
        self.section(
            trc("settings section", "Diagnostics"),
            WrappedLabel(
                tr("When you ask for help, this tells what your helpers need to know.")
            ),
            flow(copy, log),
            self._copied,
            self._text,
        )
        self.end()

    def show_info(self, info: SettingsInfo) -> None:
        """Show versions and files."""
        before, self._shown = self._shown, info
        self._title.setText(f"SEMS Tray {info.version}".strip())
        if before is None or before.versions != info.versions:
            self._versions.fill(
                Row(version, _Value(text, trailing=True))
                for version, text in info.versions
            )
        if before is None or before.files != info.files:
            self._files.fill(
                Row(file, _Value(text, trailing=False), below=True)
                for file, text in info.files
            )

    def set_diagnostics(self, text: str) -> None:
        """Copy the text that was asked for, and show it."""
        if not self._asked:
            return
        self._asked = False
        copy_text(text)
        self._copied.show_text(tr(_COPIED))
        self._text.setPlainText(text)
        self._text.show()

    @Slot()
    def _on_copy(self) -> None:
        self._asked = True
        self._events.diagnostics_requested.emit()


class _Value(QLineEdit):
    """Words that can be selected, and scrolled where they are long."""

    def __init__(self, text: str, *, trailing: bool) -> None:
        super().__init__(text)
        self.setReadOnly(True)
        self.setFrame(False)
        palette = self.palette()
        palette.setColor(QPalette.ColorRole.Base, Qt.GlobalColor.transparent)
        self.setPalette(palette)
        if trailing:
            self.setAlignment(Qt.AlignmentFlag.AlignTrailing)
        else:
            # The line's own inset, so that it begins where its name does.
            self.setTextMargins(-2, 0, 0, 0)
        self.setCursorPosition(0)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
