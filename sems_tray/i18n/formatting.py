"""Numbers and times as people read them."""

from __future__ import annotations

import re
from datetime import UTC, timedelta
from typing import TYPE_CHECKING

from .language import current_locale, markc, tr, trc, trn

if TYPE_CHECKING:
    from collections.abc import Callable
    from datetime import date, datetime, tzinfo


DASH = "\N{EN DASH}"
# Below this a flow is noise: it gets no arrow and no direction.
DEAD_BAND_W = 20.0
_KW_FROM_W = 95.0
_PLAIN_KW = 99.95
_MINUTE_S = 60
_HOUR_MIN = 60
_DAY_MIN = 24 * 60
_MOST_KWH = 9_999.95  # what would round to five digits before the point
_LEAST_MWH_KWH = 1_000.0  # what is less than 1 MWh
# Controls (C1 too: a terminal may obey them), surrogates, what turns or breaks the
# direction of a line, and what takes no room and so makes two names look alike.
UNSAFE = re.compile(
    "[\x00-\x1f\x7f-\x9f\xad\u061c\u180e\u200b-\u200f\u2028-\u202e\u2060-\u206f"
    "\ufeff\ufff9-\ufffb\ud800-\udfff\U000e0000-\U000e007f]+"
)
_LONGEST_NAME = 60


def one_line(text: str) -> str:
    """Return the portal's or an owner's words as one line that commands no terminal."""
    if not text.isprintable():  # what is unsafe is not printable, and rare
        text = UNSAFE.sub(" ", text)
    return " ".join(text.split())


def name(text: str) -> str:
    """Return a name as one line, cut where it is too long to be one."""
    line = one_line(text)
    return line if len(line) <= _LONGEST_NAME else f"{line[: _LONGEST_NAME - 1]}…"


def fixed(value: float, digits: int = 0) -> str:
    """Return a number with so many digits after the decimal mark; never "-0"."""
    return _marked(f"{round(value, digits) + 0.0:,.{digits}f}")


def plain(value: float) -> str:
    """Return "10.1" or "10": no more digits than the number has."""
    return _marked(f"{value:,g}")


def _marked(number: str) -> str:
    """Return Python's "-1,234.5" with the marks of the language."""
    forms = current_locale().forms
    whole, point, rest = number.partition(".")
    digits = whole.lstrip("-").replace(",", "")
    group = forms.group if len(digits) >= forms.group_from else ""
    return whole.replace(",", group) + point.replace(".", forms.decimal) + rest


def power(value_w: float | None) -> str:
    """Return "40 W", "0.8 kW" or "3.2 kW"; words, not signs, tell directions."""
    if value_w is not None and abs(value_w) < _KW_FROM_W:
        return f"{fixed(abs(value_w))} W"
    return kilowatts(value_w)


def kilowatts(value_w: float | None) -> str:
    """Return "0.04 kW", "0.8 kW", "3.2 kW" or "120 kW", without a sign."""
    if value_w is None:
        return DASH
    kilo = abs(value_w) / 1000
    return f"{_kilo(kilo, 1 if kilo < _PLAIN_KW else 0)} kW"


def powers(*values_w: float | None) -> Callable[[float | None], str]:
    """Return how powers that stand together are told: all in W, or all in kW."""
    known = [abs(it) for it in values_w if it is not None]
    return power if max(known, default=0.0) < _KW_FROM_W else kilowatts


def fine_power(value_w: float | None) -> str:
    """Return "40 W", "0.80 kW", "3.21 kW" or "12.4 kW": three figures, no sign."""
    kilo = abs(value_w or 0.0) / 1000
    for least, most, digits in ((0.095, 9.995, 2), (9.995, 99.95, 1)):
        if least <= kilo < most:
            return f"{fixed(kilo, digits)} kW"
    return power(value_w)


def energy(value_kwh: float | None) -> str:
    """Return "18.4 kWh" or "16.9 MWh"."""
    if value_kwh is not None and value_kwh >= _MOST_KWH:
        return megawatt_hours(value_kwh)
    return kilowatt_hours(value_kwh)


def kilowatt_hours(value_kwh: float | None) -> str:
    """Return "18.4 kWh" or "16,851 kWh"."""
    if value_kwh is None:
        return DASH
    return f"{fixed(value_kwh, 1 if value_kwh < _MOST_KWH else 0)} kWh"


def megawatt_hours(value_kwh: float | None) -> str:
    """Return "0.04 MWh", "0.9 MWh" or "16.9 MWh"."""
    return DASH if value_kwh is None else f"{_kilo(value_kwh / 1000, 1)} MWh"


def energies(*values_kwh: float | None) -> Callable[[float | None], str]:
    """Return how energies that stand together are told: all in kWh, or all in MWh.

    Megawatt hours are for large ones among which no small one would lose its figures.
    """
    known = [it for it in values_kwh if it]
    large = bool(known) and max(known) >= _MOST_KWH and min(known) >= _LEAST_MWH_KWH
    return megawatt_hours if large else kilowatt_hours


def _kilo(value: float, digits: int) -> str:
    """Return a number of a thousand's unit; what is small has two digits, or is 0."""
    if value >= _KW_FROM_W / 1000:
        return fixed(value, digits)
    return fixed(value, 2) if round(value, 2) else "0"


def counted(rows: int) -> str:
    """Return "1 row" or "12 rows"."""
    return trn("{count} row", "{count} rows", rows).format(count=fixed(rows))


def percent(value: float | None) -> str:
    """Return "76 %"."""
    return DASH if value is None else f"{fixed(value)} %"


def share(part: float | None) -> str:
    """Return "76 %" for 0.76; all and nothing are said only of what is exactly so."""
    if part is None or part in {0.0, 1.0}:
        return percent(None if part is None else part * 100)
    return percent(min(max(part * 100, 1.0), 99.0))


def temperature(value_c: float | None, digits: int = 1) -> str:
    """Return "41.2 °C", or the same in degrees Fahrenheit where those are used."""
    if value_c is None:
        return DASH
    if current_locale().forms.fahrenheit:
        return f"{fixed(value_c * 9 / 5 + 32, digits)} °F"
    return f"{fixed(value_c, digits)} °C"


def labelled(label: str, value: str) -> str:
    """Return "Temperature: 41.2 °C"."""
    # Translators: what something is and its value, like "Temperature: 41.2 °C"; your
    # language may put a space before the colon
    return tr("{label}: {value}").format(label=label, value=value)


def ago(since: timedelta) -> str:
    """Return "just now", "3 min ago", "2 h 10 min ago" or "3 days ago"."""
    minutes = int(since.total_seconds() // _MINUTE_S)
    if minutes < 1:
        return tr("just now")
    if minutes >= _DAY_MIN:  # a whole phrase: "3 Tage", but "vor 3 Tagen"
        days = _days(minutes)
        return trn("{count} day ago", "{count} days ago", days).format(
            count=fixed(days)
        )
    # Translators: {length} is "3 min" or "2 h 10 min".
    return tr("{length} ago").format(length=duration(since))


def duration(length: timedelta) -> str:
    """Return "3 min", "2 h 10 min", "1 day" or "3 days"."""
    minutes = max(int(length.total_seconds() // _MINUTE_S), 0)
    if minutes < _HOUR_MIN:
        return tr("{minutes} min").format(minutes=minutes)
    if minutes < _DAY_MIN:
        hours, rest = divmod(minutes, _HOUR_MIN)
        text = tr("{hours} h {minutes} min") if rest else tr("{hours} h")
        return text.format(hours=hours, minutes=rest)
    days = _days(minutes)
    return trn("{count} day", "{count} days", days).format(count=fixed(days))


def _days(minutes: int) -> int:
    """Return the nearest number of days: 47 hours are two."""
    return (minutes + _DAY_MIN // 2) // _DAY_MIN


def wait(length: timedelta) -> str:
    """Return "40 s" or "5 min", rounded up: what is promised must have come true."""
    seconds = max(int(-(-length.total_seconds() // 1)), 0)
    if seconds < _MINUTE_S:
        return tr("{seconds} s").format(seconds=seconds)
    return duration(timedelta(minutes=-(-seconds // _MINUTE_S)))


def clock(at: datetime, now: datetime, where: tzinfo | None) -> str:
    """Return "11:42", with the day where it is not today's, in the station's time."""
    local, today = at.astimezone(where), now.astimezone(where)
    text = f"{local:%H:%M}"
    days = (today.date() - local.date()).days
    if days == 0:
        return text
    if days == 1:
        return tr("yesterday {clock}").format(clock=text)
    return trc("date and time", "{date} {clock}").format(
        date=date_short(local), clock=text
    )


def station_clock(at: datetime, now: datetime, where: tzinfo | None) -> str:
    """Return the same; with the words "station time" if this computer's differs."""
    return at_station(clock(at, now, where), at, where)


def at_station(text: str, at: datetime, where: tzinfo | None) -> str:
    """Return a time in words, marked where it is not this computer's."""
    if not is_elsewhere(where, at):
        return text
    # Translators: the time by the clocks where the station stands, not by this
    # computer's; {clock} is "11:42" or "yesterday 11:42".
    return tr("{clock} station time").format(clock=text)


def utc_text(at: datetime) -> str:
    """Return "2026-06-21T10:42:00Z"."""
    return at.astimezone(UTC).replace(microsecond=0).strftime("%Y-%m-%dT%H:%M:%SZ")


# Dates in words: names of days and months, in the order that the language wants.


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


def is_elsewhere(where: tzinfo | None, at: datetime) -> bool:
    """Say whether clocks there show another time than this computer's."""
    return at.astimezone(where).utcoffset() != at.astimezone().utcoffset()
