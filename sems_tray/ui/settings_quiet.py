"""Fields for the hours of silence."""

from __future__ import annotations

from dataclasses import replace
from datetime import time
from typing import TYPE_CHECKING

from PySide6.QtCore import QLocale, Qt, QTime, Slot
from PySide6.QtWidgets import QTimeEdit, QVBoxLayout, QWidget

from sems_tray.core.alert_settings import quiet_trouble, quiet_words
from sems_tray.core.language import tr, trc

from .settings_parts import Ink, Row, Switch, Words
from .settings_week import Week
from .theme import STEP

if TYPE_CHECKING:
    from PySide6.QtGui import QWheelEvent

    from sems_tray.core.preferences import QuietChoice

    from .settings_draft import Draft


class Clock(QTimeEdit):
    """A time of day in the system's way."""

    def __init__(self, name: str) -> None:
        super().__init__()
        self.setObjectName(name)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setKeyboardTracking(False)
        # A clock reads from left to right everywhere.
        self.setLayoutDirection(Qt.LayoutDirection.LeftToRight)
        short = QLocale().timeFormat(QLocale.FormatType.ShortFormat)
        self.setDisplayFormat(short)

    def wheelEvent(self, event: QWheelEvent) -> None:
        """Scroll the page, unless this field is at work."""
        if self.hasFocus():
            super().wheelEvent(event)
        else:
            event.ignore()


class QuietFields(QWidget):
    """On or off, from, to, and on which days."""

    def __init__(self, draft: Draft) -> None:
        super().__init__()
        self._draft = draft
        self._on = Switch(
            "quiet",
            tr("Use quiet hours"),
            tr("What is not urgent is kept in the history and not shown."),
        )
        self._on.switched.connect(self._on_changed)
        self._start, self._end = Clock("quiet_start"), Clock("quiet_end")
        self._week = Week()
        self._lasts = Words()
        self._trouble = Words(ink=Ink.TROUBLE)
        self._times = (
            Row(trc("settings field, a time", "From"), self._start),
            Row(trc("settings field, a time", "To"), self._end),
            # Translators: "it" is the quiet; the seven days of the week follow.
            Row(tr("It begins on"), self._week),
        )
        for clock in (self._start, self._end):
            clock.timeChanged.connect(self._on_changed)
        self._week.changed.connect(self._on_changed)
        box = QVBoxLayout(self)
        box.setContentsMargins(0, 0, 0, 0)
        box.setSpacing(STEP)
        box.addWidget(self._on)
        for it in (*self._times, self._lasts, self._trouble):
            box.addWidget(it)
        draft.loaded.connect(self.fill)
        self.fill()

    @Slot()
    def fill(self) -> None:
        """Show what is chosen."""
        quiet = self._draft.value.quiet
        self._on.fill(quiet.on)
        for clock, at in ((self._start, quiet.start), (self._end, quiet.end)):
            clock.blockSignals(True)
            clock.setTime(QTime(at.hour, at.minute))
            clock.blockSignals(False)
        self._week.fill(quiet.weekdays)
        self._comment(quiet)

    def _read(self) -> QuietChoice:
        """Return what the fields say; seconds are nobody's business."""
        start, end = self._start.time(), self._end.time()
        return replace(
            self._draft.value.quiet,
            on=self._on.button.isChecked(),
            start=time(start.hour(), start.minute()),
            end=time(end.hour(), end.minute()),
            weekdays=self._week.days(),
        )

    @Slot()
    def _on_changed(self) -> None:
        quiet = self._read()
        self._comment(quiet)
        if not quiet_trouble(quiet):
            self._draft.put(quiet=quiet)

    def _comment(self, quiet: QuietChoice) -> None:
        trouble = quiet_trouble(quiet)
        for row in self._times:
            row.setEnabled(quiet.on)
        self._lasts.say("" if trouble or not quiet.on else quiet_words(quiet))
        self._trouble.say(trouble)
