"""What an import reads, checked: nothing is believed that the program never writes.

The checks raise ValueError; whoever knows the line makes a BadExportError of it.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import UTC, date, datetime
from typing import TYPE_CHECKING, TypeAlias

from .history import HistoryRow, Period, SeenAlarm
from .words import name as brief
from .zones import YEARS

if TYPE_CHECKING:
    from collections.abc import Iterator

    from .export import Limits
    from .export_kinds import Every
    from .model import EnergySums, Station

# Longer words are nobody's name.
_MOST_TEXT = 10_000
_KEYS = {
    Period.DAY: (re.compile(r"\d{4}-\d\d-\d\d", re.ASCII), "", "2026-06-21"),
    Period.MONTH: (re.compile(r"\d{4}-\d\d", re.ASCII), "-01", "2026-06"),
    Period.YEAR: (re.compile(r"\d{4}", re.ASCII), "-01-01", "2026"),
}
_NAMES = {Period.DAY: "date", Period.MONTH: "month", Period.YEAR: "year"}
FOREIGN = "it is no export of SEMS Tray"
CUT_SHORT = "it is cut short"
NEWER = "it comes from a newer version of this program"


class BadExportError(Exception):
    """Why a file cannot be imported, with the line where that shows."""

    def __init__(self, reason: object, line: int | None = None) -> None:
        place = "" if line is None else f"line {line}: "
        super().__init__(f"{place}{reason}")


@dataclass(frozen=True, slots=True, kw_only=True)
class ReadTotals:
    """The totals of one period."""

    period: Period
    key: str
    sums: EnergySums
    final: bool


Item: TypeAlias = HistoryRow | ReadTotals | SeenAlarm


@dataclass(frozen=True, slots=True, kw_only=True)
class Export:
    """A file that is being read; CSV does not name its station."""

    every: Every
    station: Station | None
    items: Iterator[Item]


class Order:
    """Rows come in the order of time, each once: so they can be merged as read."""

    def __init__(self) -> None:
        self._before: dict[Period | None, str] = {}

    def check(self, item: Item) -> None:
        """Raise ValueError for a row that is not later than the one before."""
        if isinstance(item, SeenAlarm):
            return
        kind, key = (
            (None, item.at.isoformat())
            if isinstance(item, HistoryRow)
            else (item.period, item.key)
        )
        if kind in self._before and key <= self._before[kind]:
            raise ValueError("it is not later than the row before it")
        self._before[kind] = key


def quantity(value: object, what: str, limits: Limits) -> float | None:
    """Return a number that can be true, None for null."""
    if value is None:
        return None
    if isinstance(value, bool) or not isinstance(value, int | float):
        raise ValueError(f"{what}: {shown(value)} is no number")  # noqa: TRY004
    if not limits.hold(value):
        raise ValueError(f"{what}: {shown(value)} cannot be true")
    return float(value)


def text(value: object, what: str) -> str:
    """Return text that can be stored."""
    if not isinstance(value, str) or len(value) > _MOST_TEXT:
        raise ValueError(f"{what}: {shown(value)} is no text")
    try:
        value.encode()
    except UnicodeEncodeError as exc:
        raise ValueError(f"{what}: it is no text") from exc
    return value


def instant(value: object, what: str) -> datetime:
    """Return a time with an offset, as UTC."""
    try:
        at = datetime.fromisoformat(text(value, what))
    except ValueError as exc:
        raise ValueError(f"{what}: {shown(value)} is no time") from exc
    if at.tzinfo is None:
        raise ValueError(f"{what}: {shown(value)} has no offset from UTC")
    if not YEARS.start < at.year < YEARS.stop - 1:
        raise ValueError(f"{what}: {shown(value)} cannot be true")
    return at.astimezone(UTC)


def key_of(period: Period, value: object) -> str:
    """Return the name of a day, month or year."""
    pattern, rest, example = _KEYS[period]
    what = _NAMES[period]
    key = text(value, what)
    try:
        day = date.fromisoformat(key + rest) if pattern.fullmatch(key) else None
    except ValueError:
        day = None
    if day is None:
        raise ValueError(f"{shown(key)} is no {what} like {example}")
    if day.year not in YEARS:
        raise ValueError(f"the {what} {key} cannot be true")
    return key


def shown(value: object) -> str:
    """Return a value of the file for a message: short, and harmless in a terminal."""
    return brief(repr(value))
