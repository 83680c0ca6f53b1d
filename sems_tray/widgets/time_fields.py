"""Times to choose: of a day, days of the week, a date from a calendar.

The fields work as those of ``fields`` do.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QDate, QLocale, QRectF, QSize, Qt, QTime, Signal, Slot
from PySide6.QtGui import QFontMetrics, QPen, QTextCharFormat
from PySide6.QtWidgets import (
    QAbstractButton,
    QCalendarWidget,
    QHBoxLayout,
    QSizePolicy,
    QTimeEdit,
    QVBoxLayout,
    QWidget,
)

from sems_tray.i18n.formatting import weekday, weekday_short
from sems_tray.i18n.language import current_locale, tr

from .buttons import PaintedButton
from .fields import KeepsWheelOut
from .theme import RADIUS, STEP, Text, font_of, mix, smooth_painter, theme_for

if TYPE_CHECKING:
    from collections.abc import Collection
    from datetime import date

    from PySide6.QtGui import QPaintEvent


_CLOCK = "HH:mm"
_SHORT = 2


class ClockEdit(KeepsWheelOut, QTimeEdit):
    """A time of day in the system's way; its value is written as "22:00"."""

    edited = Signal()

    def __init__(self, name: str) -> None:
        super().__init__()
        self.setObjectName(name)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setKeyboardTracking(False)
        # A clock reads from left to right everywhere.
        self.setLayoutDirection(Qt.LayoutDirection.LeftToRight)
        short = QLocale().timeFormat(QLocale.FormatType.ShortFormat)
        self.setDisplayFormat(short)
        self.timeChanged.connect(self.edited)

    def fill(self, clock: str) -> None:
        """Show a time."""
        self.blockSignals(True)
        self.setTime(QTime.fromString(clock, _CLOCK))
        self.blockSignals(False)

    def read(self) -> tuple[str, str]:
        """Return the time; seconds are nobody's business."""
        return self.time().toString(_CLOCK), ""


class _Day(PaintedButton, QAbstractButton):
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

    def sizeHint(self) -> QSize:
        """Return a room that is the same for all days."""
        metrics = QFontMetrics(font_of(Text.STRONG, self.font()))
        wide = max(metrics.horizontalAdvance(it) for it in self._signs)
        return QSize(wide + STEP, metrics.height() + STEP)

    def paintEvent(self, _: QPaintEvent) -> None:
        """Paint the day."""
        theme, on = theme_for(self), self.isChecked()
        painter = smooth_painter(self)
        if not self.isEnabled():
            painter.setOpacity(0.45)
        focused = self.focus_shown
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


class WeekButtons(QWidget):
    """The days, from the one with which weeks begin here; Monday is 0."""

    edited = Signal()

    def __init__(self, name: str) -> None:
        super().__init__()
        self.setObjectName(name)
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
            day.clicked.connect(self.edited)
            box.addWidget(day)

    def fill(self, days: Collection[int]) -> None:
        """Show which days are chosen."""
        for number, day in self._days.items():
            day.setChecked(number in days)

    def read(self) -> tuple[tuple[int, ...], str]:
        """Return the chosen days, from Monday."""
        days = (it for it, day in self._days.items() if day.isChecked())
        return tuple(sorted(days)), ""


class DayPicker(QWidget):
    """A calendar that pops up below the title."""

    chosen = Signal(object)  # date

    def __init__(self, day: date, first: date, today: date, parent: QWidget) -> None:
        super().__init__(parent, Qt.WindowType.Popup)
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.calendar = QCalendarWidget(self)
        speak_in(self.calendar)
        no_weeks = QCalendarWidget.VerticalHeaderFormat.NoVerticalHeader
        self.calendar.setVerticalHeaderFormat(no_weeks)
        self.calendar.setDateRange(_qdate(first), _qdate(today))
        self.calendar.setSelectedDate(_qdate(day))
        plain = QTextCharFormat()  # a weekend is no warning
        plain.setForeground(self.palette().text())
        for weekend in (Qt.DayOfWeek.Saturday, Qt.DayOfWeek.Sunday):
            self.calendar.setWeekdayTextFormat(weekend, plain)
        self.calendar.setAccessibleName(tr("Choose a day"))
        self.calendar.clicked.connect(self._on_chosen)
        self.calendar.activated.connect(self._on_chosen)
        box = QVBoxLayout(self)
        box.setContentsMargins(1, 1, 1, 1)
        box.addWidget(self.calendar)
        self.setFocusProxy(self.calendar)

    @Slot(QDate)
    def _on_chosen(self, day: QDate) -> None:
        found: date = day.toPython()  # type: ignore[assignment]
        self.close()
        self.chosen.emit(found)


def speak_in(calendar: QCalendarWidget) -> None:
    """Name days and months as the window does; the week begins where it does here."""
    calendar.setLocale(QLocale(current_locale().language))
    calendar.setFirstDayOfWeek(QLocale.system().firstDayOfWeek())


def _qdate(day: date) -> QDate:
    return QDate(day.year, day.month, day.day)
