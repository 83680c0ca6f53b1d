"""Dates in words: names of days and months, in the order that the language wants."""

from __future__ import annotations

from typing import TYPE_CHECKING

from .language import markc, tr, trc

if TYPE_CHECKING:
    from datetime import date

# Many languages decline a month that stands beside a day: "czerwiec", "21 czerwca".
_ALONE, _OF_DATE, _SHORT = "month alone", "month of a date", "short month of a date"
_DAY, _SHORT_DAY = "weekday", "short weekday"
_WEEKDAYS = (
    markc("weekday", "Monday"),
    markc("weekday", "Tuesday"),
    markc("weekday", "Wednesday"),
    markc("weekday", "Thursday"),
    markc("weekday", "Friday"),
    markc("weekday", "Saturday"),
    markc("weekday", "Sunday"),
)
_SHORT_WEEKDAYS = (
    markc("short weekday", "Mon"),
    markc("short weekday", "Tue"),
    markc("short weekday", "Wed"),
    markc("short weekday", "Thu"),
    markc("short weekday", "Fri"),
    markc("short weekday", "Sat"),
    markc("short weekday", "Sun"),
)
_MONTHS = (
    markc("month alone", "January"),
    markc("month alone", "February"),
    markc("month alone", "March"),
    markc("month alone", "April"),
    markc("month alone", "May"),
    markc("month alone", "June"),
    markc("month alone", "July"),
    markc("month alone", "August"),
    markc("month alone", "September"),
    markc("month alone", "October"),
    markc("month alone", "November"),
    markc("month alone", "December"),
)
_MONTHS_OF_DATES = (
    markc("month of a date", "January"),
    markc("month of a date", "February"),
    markc("month of a date", "March"),
    markc("month of a date", "April"),
    markc("month of a date", "May"),
    markc("month of a date", "June"),
    markc("month of a date", "July"),
    markc("month of a date", "August"),
    markc("month of a date", "September"),
    markc("month of a date", "October"),
    markc("month of a date", "November"),
    markc("month of a date", "December"),
)
_SHORT_MONTHS = (
    markc("short month of a date", "Jan"),
    markc("short month of a date", "Feb"),
    markc("short month of a date", "Mar"),
    markc("short month of a date", "Apr"),
    markc("short month of a date", "May"),
    markc("short month of a date", "Jun"),
    markc("short month of a date", "Jul"),
    markc("short month of a date", "Aug"),
    markc("short month of a date", "Sep"),
    markc("short month of a date", "Oct"),
    markc("short month of a date", "Nov"),
    markc("short month of a date", "Dec"),
)


def weekday(number: int) -> str:
    """Return "Monday" for 0."""
    return trc(_DAY, _WEEKDAYS[number])


def weekday_short(number: int) -> str:
    """Return "Mon" for 0."""
    return trc(_SHORT_DAY, _SHORT_WEEKDAYS[number])


def month_name(number: int) -> str:
    """Return "June" for 6, as it stands alone."""
    return trc(_ALONE, _MONTHS[number - 1])


def month_short(number: int) -> str:
    """Return "Jun" for 6."""
    return trc(_SHORT, _SHORT_MONTHS[number - 1])


def day_title(day: date) -> str:
    """Return "Sunday, 21 June 2026"."""
    return tr("{weekday}, {date} {year}").format(
        weekday=weekday(day.weekday()), date=date_text(day), year=day.year
    )


def date_text(day: date) -> str:
    """Return "21 June"."""
    month = trc(_OF_DATE, _MONTHS_OF_DATES[day.month - 1])
    text = trc("date", "{day} {month}")
    return text.format(day=_number(day), month=month)


def date_with_year(day: date) -> str:
    """Return "21 June 2026"."""
    return tr("{date} {year}").format(date=date_text(day), year=day.year)


def date_short(day: date) -> str:
    """Return "21 Jun"."""
    text = trc("short date", "{day} {month}")
    return text.format(day=_number(day), month=month_short(day.month))


def _number(day: date) -> str:
    # Translators: the first day of a month, as it stands in "1 June" ("1er juin")
    return trc("first day of a month", "1") if day.day == 1 else str(day.day)


def month_title(day: date) -> str:
    """Return "June 2026"."""
    text = trc("month and year", "{month} {year}")
    return text.format(month=month_name(day.month), year=day.year)
