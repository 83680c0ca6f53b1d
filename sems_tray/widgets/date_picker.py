"""A calendar to choose a day from."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QDate, QLocale, Qt, Signal, Slot
from PySide6.QtGui import QTextCharFormat
from PySide6.QtWidgets import QCalendarWidget, QVBoxLayout, QWidget

from sems_tray.i18n.language import current_locale, tr

if TYPE_CHECKING:
    from datetime import date


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
