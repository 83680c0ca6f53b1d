"""Fields for the hours of silence."""

from __future__ import annotations

from dataclasses import replace
from datetime import time
from typing import TYPE_CHECKING

from PySide6.QtCore import QLocale, QRectF, QSize, Qt, QTime, Signal, Slot
from PySide6.QtGui import QFontMetrics, QPainter, QPen
from PySide6.QtWidgets import (
    QAbstractButton,
    QHBoxLayout,
    QSizePolicy,
    QTimeEdit,
    QVBoxLayout,
    QWidget,
)

from sems_tray.alerts.settings import quiet_trouble, quiet_words
from sems_tray.i18n.formatting import weekday, weekday_short
from sems_tray.i18n.language import tr, trc
from sems_tray.widgets.forms import Ink, Row, Switch, WrappedLabel
from sems_tray.widgets.theme import KEYED, RADIUS, STEP, Text, font_of, mix, theme_for

if TYPE_CHECKING:
    from PySide6.QtGui import QFocusEvent, QPaintEvent, QWheelEvent

    from sems_tray.alerts.settings import QuietChoice

    from .model import Draft


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
        self._lasts = WrappedLabel()
        self._trouble = WrappedLabel(ink=Ink.TROUBLE)
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
        for widget in (*self._times, self._lasts, self._trouble):
            box.addWidget(widget)
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


# Seven buttons for the days of the week.


_SHORT = 2


class _Day(QAbstractButton):
    """One day: filled while it is chosen."""

    def __init__(self, number: int, signs: tuple[str, ...]) -> None:
        super().__init__()
        self._signs = signs
        self.setObjectName(f"day_{number}")
        self.setText(signs[number])
        self.setAccessibleName(weekday(number))
        self.setToolTip(weekday(number))
        self.setCheckable(True)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setAttribute(Qt.WidgetAttribute.WA_Hover)
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)
        self._keyed = False

    def sizeHint(self) -> QSize:
        """Return a room that is the same for all days."""
        metrics = QFontMetrics(font_of(Text.STRONG, self.font()))
        wide = max(metrics.horizontalAdvance(it) for it in self._signs)
        return QSize(wide + STEP, metrics.height() + STEP)

    def minimumSizeHint(self) -> QSize:
        """Nothing is cut off."""
        return self.sizeHint()

    def focusInEvent(self, event: QFocusEvent) -> None:
        """Show the focus to those who came by key."""
        self._keyed = event.reason() in KEYED
        super().focusInEvent(event)

    def paintEvent(self, _: QPaintEvent) -> None:
        """Paint the day."""
        theme, on = theme_for(self), self.isChecked()
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        if not self.isEnabled():
            painter.setOpacity(0.45)
        focused = self._keyed and self.hasFocus()
        inset = 1.0 if focused else 0.5
        stark = theme.high_contrast
        share = 0.16 if on else 0.06 if self.underMouse() else 0.0
        ground = theme.text if on and stark else mix(theme.card, theme.text, share)
        edge = theme.accent if focused else theme.border
        painter.setPen(QPen(edge, 2.0 if focused else 1.0))
        painter.setBrush(ground)
        box = QRectF(self.rect()).adjusted(inset, inset, -inset, -inset)
        painter.drawRoundedRect(box, RADIUS - 3, RADIUS - 3)
        painter.setFont(font_of(Text.STRONG if on else Text.BODY, self.font()))
        ink = theme.text if on or stark else theme.muted
        painter.setPen(theme.card if on and stark else ink)
        painter.drawText(self.rect(), int(Qt.AlignmentFlag.AlignCenter), self.text())
        painter.end()


def day_signs() -> tuple[str, ...]:
    """Return the days in two letters, in more where two would tell no days apart.

    The Portuguese Wednesday is "qua", Thursday "qui".
    """
    names = tuple(weekday_short(it) for it in range(7))
    cut = tuple(it[:_SHORT] for it in names)
    return cut if len(set(cut)) == len(cut) else names


class Week(QWidget):
    """The days, from the one with which weeks begin here; Monday is 0."""

    changed = Signal()

    def __init__(self) -> None:
        super().__init__()
        self.setObjectName("weekdays")
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)
        first = QLocale().firstDayOfWeek().value - 1
        box = QHBoxLayout(self)
        box.setContentsMargins(0, 0, 0, 0)
        box.setSpacing(STEP // 4)
        self._days: dict[int, _Day] = {}
        signs = day_signs()
        for step in range(7):
            number = (first + step) % 7
            day = self._days[number] = _Day(number, signs)
            day.clicked.connect(self.changed)
            box.addWidget(day)

    def fill(self, days: frozenset[int]) -> None:
        """Show which days are chosen."""
        for number, day in self._days.items():
            day.setChecked(number in days)

    def days(self) -> frozenset[int]:
        """Return the chosen days."""
        return frozenset(it for it, day in self._days.items() if day.isChecked())
