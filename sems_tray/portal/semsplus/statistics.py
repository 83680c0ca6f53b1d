"""The energy and income pieces of a SEMS+ poll: today, this month, this year."""

from __future__ import annotations

from calendar import monthrange
from dataclasses import dataclass, replace
from functools import partial
from typing import TYPE_CHECKING

from sems_tray.domain.energy import PeriodStatistics
from sems_tray.domain.model import NO_SUMS, EnergySums
from sems_tray.domain.time_zones import zone
from sems_tray.i18n.language import mark
from sems_tray.portal.dialect import (
    TOTALS,
    Piece,
    asleep,
    for_each,
    if_given,
    if_it_works,
    in_the_dark,
)
from sems_tray.portal.errors import unreadable
from sems_tray.portal.period_totals import (
    DateSpan,
    has_energy,
    less_rounded,
    month_past,
    year_past,
)
from sems_tray.portal.station_cache import Income
from sems_tray.portal.wire.values import day_of, month_of, year_of

from . import calls, energy

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence
    from datetime import date, datetime, tzinfo

    from sems_tray.portal.dialect import Poll
    from sems_tray.portal.errors import PortalError
    from sems_tray.portal.station_cache import StationCache

    Result = tuple[StationCache, PortalError | None]


_ROUNDING_KWH = 0.0051


@dataclass(frozen=True, slots=True)
class _Period:
    dimension: str
    first: date
    last: date


def _periods(poll: Poll, cache: StationCache) -> dict[str, _Period]:
    """Return the three periods by station time.

    A month is asked by days, as the best client does: what the rows of a "month"
    request look like is not known for sure (facts, section 3, "Energy").
    """
    where = zone(cache.station.timezone) if cache.station else None
    today = poll.now.astimezone(where).date()
    month_end = today.replace(day=monthrange(today.year, today.month)[1])
    return {
        "today": _Period("day", today, today),
        "month": _Period("day", today.replace(day=1), month_end),
        "year": _Period(
            "year", today.replace(month=1, day=1), today.replace(month=12, day=31)
        ),
    }


def _energy(names: Sequence[str], poll: Poll, cache: StationCache) -> Result:
    periods = _periods(poll, cache)

    def fetch(name: str) -> EnergySums:
        ask = periods[name]
        return energy.parse_period(
            poll.ask(
                calls.statistics(poll.station_id, ask.dimension, ask.first, ask.last)
            ),
            ask.first,
            ask.last,
        )

    found, error = for_each(names, fetch)
    old = cache.sums
    sums = replace(
        old,
        today=found.get("today", old.today),
        month=found.get("month", old.month),
        year=found.get("year", old.year),
    )
    if "today" in found:
        sums = replace(sums, counted_at=_counted_at(poll, cache))
    if "month" in found and "year" in found:
        sums = replace(sums, summed_at=poll.now)
    since = {**cache.since, **dict.fromkeys(found, sums.today)}
    return replace(cache, sums=sums, since=since), error


def _counted_at(poll: Poll, cache: StationCache) -> datetime:
    measured = cache.live.measured_at if cache.live else None
    return min(measured or poll.now, poll.now)


def _income(names: Sequence[str], poll: Poll, cache: StationCache) -> Result:
    periods = _periods(poll, cache)

    def fetch(name: str) -> EnergySums:
        ask = periods[name]
        return energy.parse_production(
            poll.ask(
                calls.production(poll.station_id, ask.dimension, ask.first, ask.last)
            )
        )

    found, error = for_each(names, fetch)
    old = cache.income
    told = {name: it.income for name, it in found.items()}
    today = told.get("today", old.today)
    currencies = (it.currency for it in found.values())
    income = Income(
        today=today,
        month=told.get("month", old.month),
        year=told.get("year", old.year),
        total=old.total,
        currency=next(filter(None, currencies), old.currency),
        counted_at=_counted_at(poll, cache) if "today" in found else old.counted_at,
        summed_at=poll.now if {*_LONGER} <= found.keys() else old.summed_at,
        since={**old.since, **dict.fromkeys(found, today)},
    )
    sums = cache.sums
    if "month" in found and sums.summed_at == poll.now:  # the days are as new
        days = periods["today"].first.day
        month = less_rounded(found["month"], sums.month, _ROUNDING_KWH * (days + 1))
        sums = replace(sums, month=month)
    return replace(cache, income=income, sums=sums), error


_TODAY, _LONGER = ("today",), ("month", "year")


def _pieces(part: str, longer: str, fetch: Callable[..., Result]) -> tuple[Piece, ...]:
    """Return today's piece, and that of the periods that grow with it."""
    today = Piece(
        name=part,
        part=part,
        period=TOTALS,
        fetch=partial(fetch, _TODAY),
        counters=True,
        rests=asleep,
    )
    return today, replace(
        today,
        name=longer,
        fetch=partial(fetch, _LONGER),
        rests=in_the_dark,
        grows_with=part,
    )


PERIODS = (
    *_pieces("energy", "energies", _energy),
    *_pieces("income", "incomes", _income),
)


# SEMS+ totals of months and years that are over, or under way.


def month(poll: Poll, first: date, where: tzinfo) -> PeriodStatistics:
    """Ask for a month by days, as the best client does, and for what it earned.

    The month's own energies are the sum of its days, where all are there.
    """
    span = DateSpan.of_month(poll, first, where)
    if not span.begun:
        return PeriodStatistics()
    rows = _rows(poll, span, "day", day_of)
    if not _any_energy(rows.values()):
        return month_past(rows, span)
    return month_past(rows, span, _earned(poll, span, "day", NO_SUMS))


def year(poll: Poll, year: int, where: tzinfo) -> PeriodStatistics:
    """Ask for one year: its months, the whole of it, and what it earned.

    How the rows of "month" are dated is not known for sure, and either dimension may
    be refused (facts, section 3, "Energy"): one of the two is enough.
    """
    span = DateSpan.of_year(poll, year, where)
    if span is None or not span.begun:
        return PeriodStatistics()
    months = if_given(lambda: _rows(poll, span, "month", month_of))
    whole = if_given(lambda: _rows(poll, span, "year", year_of))
    if months is None and whole is None:
        raise unreadable(mark("neither months nor years in the statistics"))
    months, told = months or {}, (whole or {}).get(span.first, NO_SUMS)
    if not _any_energy([told, *months.values()]):
        return year_past(months, span)
    return year_past(months, span, _earned(poll, span, "year", told))


def income(poll: Poll, day: date) -> EnergySums:
    """Ask what one date earned: the rows of its month are energies alone."""
    call = calls.production(poll.station_id, "day", day, day)
    profit = if_given(lambda: energy.parse_production(poll.ask(call)))
    if profit is None or profit.income is None:
        return NO_SUMS
    currency = profit.currency or poll.currency
    return EnergySums(income=profit.income, currency=currency)


def _rows(
    poll: Poll, span: DateSpan, dimension: str, date_of: Callable[[str], date | None]
) -> dict[date, EnergySums]:
    call = calls.statistics(poll.station_id, dimension, span.first, span.end)
    return energy.parse_past(poll.ask(call), date_of)


def _earned(poll: Poll, span: DateSpan, dimension: str, told: EnergySums) -> EnergySums:
    """Add what the whole period earned; without it the energies are still worth it."""
    call = calls.production(poll.station_id, dimension, span.first, span.end)
    profit = if_it_works(lambda: energy.parse_production(poll.ask(call)))
    if profit is None or profit.income is None:
        return told
    return replace(
        told, income=profit.income, currency=profit.currency or poll.currency
    )


def _any_energy(rows: Iterable[EnergySums]) -> bool:
    return any(has_energy(it) for it in rows)
