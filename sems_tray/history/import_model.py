"""What an import reads, checked: nothing is believed that the program never writes.

The checks raise ValueError; whoever knows the line makes a BadExportError of it.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import UTC, date, datetime
from typing import TYPE_CHECKING, TypeAlias

from sems_tray.domain.energy import AlarmRecord, HistoryRow, Period
from sems_tray.domain.time_zones import POSSIBLE_YEARS
from sems_tray.i18n.formatting import name as brief
from sems_tray.i18n.language import mark, tr

if TYPE_CHECKING:
    from collections.abc import Iterator

    from sems_tray.domain.model import EnergySums, Station

    from .export_model import Every, ValueLimits


# Longer words are nobody's name.
_MOST_TEXT = 10_000
_KEYS = {
    Period.DAY: (re.compile(r"\d{4}-\d\d-\d\d", re.ASCII), "", "2026-06-21"),
    Period.MONTH: (re.compile(r"\d{4}-\d\d", re.ASCII), "-01", "2026-06"),
    Period.YEAR: (re.compile(r"\d{4}", re.ASCII), "-01-01", "2026"),
}
_COLUMNS = {Period.DAY: "date", Period.MONTH: "month", Period.YEAR: "year"}
_NO_KEY = {
    Period.DAY: mark("{value} is no date like {example}"),
    Period.MONTH: mark("{value} is no month like {example}"),
    Period.YEAR: mark("{value} is no year like {example}"),
}
_UNTRUE_KEY = {
    Period.DAY: mark("the date {value} cannot be true"),
    Period.MONTH: mark("the month {value} cannot be true"),
    Period.YEAR: mark("the year {value} cannot be true"),
}
# Reasons that are told in more than one place; a BadExportError translates them.
# Translators: why a file cannot be imported: "history.csv: it is cut short"
FOREIGN = mark("it is no export of SEMS Tray")
# Translators: why a file cannot be imported
CUT_SHORT = mark("it is cut short")
# Translators: why a file cannot be imported
NEWER = mark("it comes from a newer version of this program")
_CONSTANTS = frozenset({FOREIGN, CUT_SHORT, NEWER})


class BadExportError(Exception):
    """Why a file cannot be imported, with the line where that shows."""

    def __init__(self, reason: object, line: int | None = None) -> None:
        said = str(reason)
        said = tr(said) if said in _CONSTANTS else said
        if line is not None:
            # Translators: a line of a file, and what is wrong with it
            text = tr("line {number}: {reason}")
            said = text.format(number=line, reason=said)
        super().__init__(said)


@dataclass(frozen=True, slots=True, kw_only=True)
class ReadTotals:
    """The totals of one period."""

    period: Period
    key: str
    sums: EnergySums
    final: bool


Item: TypeAlias = HistoryRow | ReadTotals | AlarmRecord


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
        if isinstance(item, AlarmRecord):
            return
        kind, key = (
            (None, item.at.isoformat())
            if isinstance(item, HistoryRow)
            else (item.period, item.key)
        )
        if kind in self._before and key <= self._before[kind]:
            raise ValueError(tr("it is not later than the row before it"))
        self._before[kind] = key


def quantity(value: object, what: str, limits: ValueLimits) -> float | None:
    """Return a number that can be true, None for null."""
    if value is None:
        return None
    if isinstance(value, bool) or not isinstance(value, int | float):
        raise ValueError(no_number(what, value))  # noqa: TRY004
    if not limits.hold(value):
        raise ValueError(_untrue(what, value))
    return float(value)


def text(value: object, what: str) -> str:
    """Return text that can be stored."""
    if not isinstance(value, str) or len(value) > _MOST_TEXT:
        # Translators: {column} names what in a file is wrong
        said = tr("{column}: {value} is no text")
        raise ValueError(said.format(column=what, value=shown(value)))
    try:
        value.encode()
    except UnicodeEncodeError as exc:
        said = tr("{column}: it is no text").format(column=what)
        raise ValueError(said) from exc
    return value


def instant(value: object, what: str) -> datetime:
    """Return a time with an offset, as UTC."""
    try:
        at = datetime.fromisoformat(text(value, what))
    except ValueError as exc:
        said = tr("{column}: {value} is no time")
        raise ValueError(said.format(column=what, value=shown(value))) from exc
    if at.tzinfo is None:
        said = tr("{column}: {value} has no offset from UTC")
        raise ValueError(said.format(column=what, value=shown(value)))
    if not POSSIBLE_YEARS.start < at.year < POSSIBLE_YEARS.stop - 1:
        raise ValueError(_untrue(what, value))
    return at.astimezone(UTC)


def key_of(period: Period, value: object) -> str:
    """Return the name of a day, month or year."""
    pattern, rest, example = _KEYS[period]
    key = text(value, _COLUMNS[period])
    try:
        day = date.fromisoformat(key + rest) if pattern.fullmatch(key) else None
    except ValueError:
        day = None
    if day is None:
        said = tr(_NO_KEY[period])
        raise ValueError(said.format(value=shown(key), example=example))
    if day.year not in POSSIBLE_YEARS:
        raise ValueError(tr(_UNTRUE_KEY[period]).format(value=key))
    return key


def no_number(what: str, value: object) -> str:
    """Return the sentence for what should be a number."""
    return tr("{column}: {value} is no number").format(column=what, value=shown(value))


def _untrue(what: str, value: object) -> str:
    text = tr("{column}: {value} cannot be true")
    return text.format(column=what, value=shown(value))


def shown(value: object) -> str:
    """Return a value of the file for a message: short, and harmless in a terminal."""
    return brief(repr(value))
