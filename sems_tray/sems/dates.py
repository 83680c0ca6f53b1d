"""The dates of a portal's totals; what is not clearly one is none.

Both dialects' periods are named by their first date here.  Known ways of writing are
"2026-09-24", "2026-09", "2026" and the US order of the classic lists, "09/24/2026"
(facts, sections 3 and 5).
"""

from __future__ import annotations

import re
from datetime import date
from typing import TYPE_CHECKING

from sems_tray.core.past import month_end
from sems_tray.core.zones import YEARS

if TYPE_CHECKING:
    from collections.abc import Iterable

# A time other than midnight may be of another zone, and so of another date.
_MIDNIGHT = r"(?:[T ]00:00(?::00)?)?"
_ISO = re.compile(r"([0-9]{4})-([0-9]{1,2})-([0-9]{1,2})" + _MIDNIGHT)
_US = re.compile(r"([0-9]{1,2})/([0-9]{1,2})/([0-9]{4})" + _MIDNIGHT)
_MONTH = re.compile(r"([0-9]{4})-([0-9]{1,2})")
_YEAR = re.compile(r"[0-9]{4}")


def day_of(words: str) -> date | None:
    """Read one date."""
    if found := _ISO.fullmatch(words):
        return _date(found[1], found[2], found[3])
    if found := _US.fullmatch(words):
        return _date(found[3], found[1], found[2])
    return None


def month_of(words: str) -> date | None:
    """Read a month, named alone or by its first or last date."""
    if found := _MONTH.fullmatch(words):
        return _date(found[1], found[2], "1")
    day = day_of(words)
    if day is None or day.day not in {1, month_end(day).day}:
        return None
    return day.replace(day=1)


def year_of(words: str) -> date | None:
    """Read a year, named alone or by its first or last date."""
    if _YEAR.fullmatch(words):
        return _date(words, "1", "1")
    day = day_of(words)
    if day is None or (day.month, day.day) not in {(1, 1), (12, 31)}:
        return None
    return day.replace(month=1, day=1)


def one_each(values: Iterable[tuple[date | None, float | None]]) -> dict[date, float]:
    """Return what is known of each date; two different values are none."""
    found: dict[date, float] = {}
    unsure: set[date] = set()
    for day, value in values:
        if day is None or value is None:
            continue
        if found.setdefault(day, value) != value:
            unsure.add(day)
    return {day: value for day, value in found.items() if day not in unsure}


def _date(year: str, month: str, day: str) -> date | None:
    try:
        found = date(int(year), int(month), int(day))
    except ValueError:
        return None
    return found if found.year in YEARS else None
