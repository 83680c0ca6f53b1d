"""Totals of the past, whatever the dialect: which are believed, which are final.

What a portal says of the time before a station was built is a row of zeros, or no row.
A day on which nothing at all was made, used or moved may also be true: a roof without
a meter, under snow.  So rows of nothing but zeros are dropped only before the first
row with any energy in it: there the truth cannot be told, and "unknown" claims least.
They are set aside, for whoever knows more of the station's past: in a polar night whole
months are 0.
"""

from __future__ import annotations

from dataclasses import dataclass, fields, replace
from datetime import date
from typing import TYPE_CHECKING, TypeAlias

from sems_tray.domain.energy import (
    AMOUNTS,
    DayTotals,
    Period,
    PeriodStatistics,
    PeriodTotals,
    days_between,
    known,
    month_end,
    settled_until,
)
from sems_tray.domain.model import NO_SUMS, EnergySums
from sems_tray.domain.time_zones import POSSIBLE_YEARS, counters_are_unsure

from .plausibility import DAY, MONTH, YEAR

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping
    from datetime import datetime, tzinfo

    from .dialect import Poll
    from .plausibility import Bounds


# The portal rounds; classic counters have steps of 0.1 kWh.
_STEP_KWH = 0.1
Rows: TypeAlias = "list[tuple[date, EnergySums]]"


@dataclass(frozen=True, slots=True)
class DateSpan:
    """A month or year up to today, where the station is."""

    first: date
    end: date
    now: datetime
    where: tzinfo
    bounds: Bounds

    @classmethod
    def of_month(cls, poll: Poll, first: date, where: tzinfo) -> DateSpan:
        """Return the month of a date."""
        first = first.replace(day=1)
        return cls(first, month_end(first), poll.now, where, poll.bounds)

    @classmethod
    def of_year(cls, poll: Poll, year: int, where: tzinfo) -> DateSpan | None:
        """Return a year; None where the calendar has none."""
        if not date.min.year <= year <= date.max.year:
            return None
        first, end = date(year, 1, 1), date(year, 12, 31)
        return cls(first, end, poll.now, where, poll.bounds)

    @property
    def today(self) -> date:
        """The station's date."""
        return self.now.astimezone(self.where).date()

    @property
    def last(self) -> date:
        """The last date of which there may be something to know."""
        return min(self.end, self.today)

    @property
    def begun(self) -> bool:
        """Whether there is anything to ask for."""
        return self.first <= self.today and self.first.year in POSSIBLE_YEARS

    @property
    def days(self) -> list[date]:
        """All dates so far."""
        return list(days_between(self.first, self.last))

    @property
    def months(self) -> list[date]:
        """The first dates of all months so far."""
        return [day for day in self.days if day.day == 1]

    def is_final(self, last: date) -> bool:
        """Say whether a period with this last date will not change any more."""
        return last < settled_until(self.now, self.where)


def month_past(
    rows: Mapping[date, EnergySums], span: DateSpan, told: EnergySums = NO_SUMS
) -> PeriodStatistics:
    """Return a month from its days' rows; ``told`` is what is said of the whole."""
    before, lived, whole = _divided(rows, span, told, Period.MONTH)
    has_lived = bool(lived) or any(has_energy(it.sums) for it in whole)
    return _believed(
        PeriodStatistics(
            days=_days(lived, span),
            zeros=_days(before, span),
            months=whole if has_lived else (),
            zero_months=() if has_lived else whole,
        ),
        span,
    )


def year_past(
    rows: Mapping[date, EnergySums], span: DateSpan, told: EnergySums = NO_SUMS
) -> PeriodStatistics:
    """Return a year from its months' rows; ``told`` is what is said of the whole."""
    before, lived, whole = _divided(rows, span, told, Period.YEAR)
    has_lived = bool(lived) or any(has_energy(it.sums) for it in whole)
    return _believed(
        PeriodStatistics(
            months=_months(lived, span),
            zero_months=_months(before, span),
            years=whole if has_lived else (),
        ),
        span,
    )


def _divided(
    rows: Mapping[date, EnergySums], span: DateSpan, told: EnergySums, period: Period
) -> tuple[Rows, Rows, tuple[PeriodTotals, ...]]:
    """Return the rows before the first energy, those after it, and the whole."""
    is_month = period is Period.MONTH
    part, most, asked = (
        (DAY, MONTH, span.days) if is_month else (MONTH, YEAR, span.months)
    )
    rows = {day: span.bounds.sums(it, part) for day, it in rows.items()}
    sums = _whole(span.bounds.sums(told, most), rows, asked)
    whole = PeriodTotals(
        key=period.key(span.first), sums=sums, final=span.is_final(span.end)
    )
    before, lived = _lived(rows, asked)
    return before, lived, (whole,) if known(sums) else ()


def has_energy(sums: EnergySums) -> bool:
    """Say whether anything was made, used or moved."""
    return any(_values(sums).values())


def _values(sums: EnergySums) -> dict[str, float | None]:
    return {name: getattr(sums, name) for name in AMOUNTS if name != "income"}


def _lived(rows: Mapping[date, EnergySums], asked: Iterable[date]) -> tuple[Rows, Rows]:
    """Return the rows that were asked for: before, and from the first energy on."""
    mine = [(day, rows[day]) for day in asked if day in rows and known(rows[day])]
    began = next((n for n, (_, it) in enumerate(mine) if has_energy(it)), len(mine))
    return mine[:began], mine[began:]


def _days(rows: Rows, span: DateSpan) -> tuple[DayTotals, ...]:
    return tuple(
        DayTotals(day=day, sums=sums, final=span.is_final(day)) for day, sums in rows
    )


def _months(rows: Rows, span: DateSpan) -> tuple[PeriodTotals, ...]:
    return tuple(
        PeriodTotals(
            key=Period.MONTH.key(first),
            sums=sums,
            final=span.is_final(month_end(first)),
        )
        for first, sums in rows
    )


def _whole(
    told: EnergySums, rows: Mapping[date, EnergySums], asked: list[date]
) -> EnergySums:
    """Return what a period is told to hold, else its parts' sum if all are known.

    A total that is less than its parts is wrong: the portal is known to say 0 of a
    year that it did not add up (facts, section 3, "Energy").
    """
    mine = [rows[day] for day in asked if day in rows]
    values: dict[str, float | None] = {}
    for name in AMOUNTS:
        parts = [it for row in mine if (it := getattr(row, name)) is not None]
        added = round(sum(parts), 3)
        value: float | None = getattr(told, name)
        slack = _STEP_KWH * len(parts)
        if value is None or (name != "income" and value < added - slack):
            value = added if len(parts) == len(asked) else None
        values[name] = value
    currencies = (told.currency, *(it.currency for it in mine))
    return EnergySums(
        **values,
        currency=next(filter(None, currencies), None)
        if values["income"] is not None
        else None,
    )


def less_rounded(told: EnergySums, summed: EnergySums, slack_kwh: float) -> EnergySums:
    """Return what is told of a whole where its parts bear it out, else their sum.

    Every part was rounded, the whole but once.
    """
    values = {
        name: value
        for name, added in _values(summed).items()
        if (value := getattr(told, name)) is not None
        and added is not None
        and abs(value - added) <= slack_kwh
    }
    return replace(summed, **values)


def _believed(past: PeriodStatistics, span: DateSpan) -> PeriodStatistics:
    """Around midnight only what is final is true (facts, section 3, "Midnight")."""
    if not counters_are_unsure(span.now, span.where):
        return past
    rows = {it.name: getattr(past, it.name) for it in fields(past)}
    return PeriodStatistics(
        **{name: tuple(it for it in found if it.final) for name, found in rows.items()}
    )
