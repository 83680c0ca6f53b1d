"""What an export holds: the stored history as rows for CSV or JSON.

Powers have the program's signs: grid export > 0, so a negative one is import; battery
discharge > 0, so a negative one is charging.  Unknown is an empty cell, or null.  A
value beyond what an import believes leaves as unknown, so that the program never
refuses its own file.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from enum import StrEnum
from typing import TYPE_CHECKING, NamedTuple, cast

from sems_tray.domain.energy import AMOUNTS, POWERS, InverterSample, known
from sems_tray.domain.model import EnergySums, Powers
from sems_tray.domain.statistics import months_of

if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import date, tzinfo
    from pathlib import Path

    from sems_tray.domain.energy import DayTotals, HistoryRow, PeriodTotals
    from sems_tray.domain.model import Station
    from sems_tray.domain.statistics import Span


SCHEMA = 1
PROGRAM = "sems-tray"
SPAN_MIN = 5
DAY_MIN = 24 * 60


class StoppedError(Exception):
    """Somebody stopped it; nothing is left behind but what was written before."""


class ValueLimits(NamedTuple):
    """What can be true of a quantity."""

    least: float
    most: float

    def hold(self, value: float) -> bool:
        """Say whether a value can be true; NaN cannot."""
        return self.least <= value <= self.most


# The store keeps no more than these.
WATTS = ValueLimits(-999_999_999, 999_999_999)
PERCENT = ValueLimits(0, 100)
CELSIUS = ValueLimits(-3276.7, 3276.7)
KWH = ValueLimits(0, 1e9)
MONEY = ValueLimits(-1e9, 1e9)


@dataclass(frozen=True, slots=True, kw_only=True)
class ExportRange:
    """Which part of a history to export; both dates are inclusive.

    Whole months are exported, those that the dates touch.  ``today`` is the station's.
    ``not_fetched`` are the dates of which the portal may know more than the history.
    From ``lived_since`` on there is something to know of the station; None where the
    first row has to tell.
    """

    station: Station
    where: tzinfo
    every: Every
    first: date
    last: date
    today: date
    not_fetched: tuple[date, ...] = ()
    lived_since: date | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class TotalsRow:
    """The totals of the day, month or year that ``key`` names."""

    key: str
    sums: EnergySums
    final: bool = False
    known_days: int | None = None


def limits_of(name: str) -> ValueLimits:
    """Return what can be true of one of the AMOUNTS."""
    return MONEY if name == "income" else KWH


def day_rows(days: Iterable[DayTotals]) -> list[TotalsRow]:
    """Return the dates of which something is known."""
    rows = (
        TotalsRow(key=day.day.isoformat(), sums=believed(day.sums), final=day.final)
        for day in days
    )
    return [it for it in rows if known(it.sums)]


def month_rows(
    days: Iterable[DayTotals], months: Iterable[PeriodTotals], today: date
) -> list[TotalsRow]:
    """Return the months of which something is known: the portal's, else their days'."""
    months = tuple(months)
    final = {it.key for it in months if it.final}
    days = tuple(days)
    spans = months_of(days, months, today)
    rows = (
        TotalsRow(
            key=(key := span.first.isoformat()[:7]),
            sums=believed(span.sums),
            final=key in final,
            known_days=span.known_days if n else _lived_days(span, days),
        )
        for n, span in enumerate(spans)
    )
    return [it for it in rows if known(it.sums)]


def _lived_days(span: Span, days: Iterable[DayTotals]) -> int:
    """Return how many days of the first known month are known.

    A final total counts for the whole month, but a station that began in the middle of
    it has no days before: if the portal told all from one on to the end, they are it.
    """
    found = [it.day for it in days if it.final and span.first <= it.day <= span.last]
    if found and len(found) == (span.last - min(found)).days + 1:
        return len(found)
    return span.known_days


def period_rows(periods: Iterable[PeriodTotals]) -> list[TotalsRow]:
    """Return totals as they are stored."""
    rows = (
        TotalsRow(key=period.key, sums=believed(period.sums), final=period.final)
        for period in periods
    )
    return [it for it in rows if known(it.sums)]


def believed(sums: EnergySums) -> EnergySums:
    """Return totals without what cannot be true."""
    values = {name: _within(getattr(sums, name), limits_of(name)) for name in AMOUNTS}
    return EnergySums(**values, currency=sums.currency or None)


def believed_row(row: HistoryRow) -> HistoryRow:
    """Return a row without what cannot be true, its inverters by serial number."""
    watts = {name: _within(getattr(row.power, name), WATTS) for name in POWERS}
    inverters = (
        InverterSample(
            sn=inverter.sn,
            power_w=_within(inverter.power_w, WATTS),
            temperature_c=_within(inverter.temperature_c, CELSIUS),
        )
        for inverter in sorted(row.inverters, key=lambda inverter: inverter.sn)
    )
    return replace(
        row,
        span_min=row.span_min if aligned(row) else 1,
        power=Powers(**watts),
        soc_percent=_within(row.soc_percent, PERCENT),
        inverters=tuple(it for it in inverters if _tells(it)),
    )


def aligned(row: HistoryRow) -> bool:
    """Say whether the span divides a day, and the row begins where one ends."""
    if not 1 <= row.span_min <= DAY_MIN or DAY_MIN % row.span_min:
        return False
    return row.at.timestamp() % (row.span_min * 60) == 0


def tells(row: HistoryRow) -> bool:
    """Say whether anything is known."""
    return (
        row.soc_percent is not None
        or any(getattr(row.power, name) is not None for name in POWERS)
        or any(_tells(it) for it in row.inverters)
    )


def _tells(inverter: InverterSample) -> bool:
    return inverter.power_w is not None or inverter.temperature_c is not None


def _within(value: object, limits: ValueLimits) -> float | None:
    number = cast("float | None", value)
    return number if number is not None and limits.hold(number) else None


# What kinds of export there are: enough for a command line that loads nothing.


class Every(StrEnum):
    """What one row of an export spans."""

    MINUTES = "5min"
    DAY = "day"
    MONTH = "month"
    EVERYTHING = "everything"  # what is stored, as it is stored


class Format(StrEnum):
    """How an export is written."""

    CSV = "csv"
    JSON = "json"


@dataclass(frozen=True, slots=True, kw_only=True)
class ExportRequest:
    """What the owner wants exported, and where to."""

    first: date
    last: date
    every: str
    format: str
    path: Path
