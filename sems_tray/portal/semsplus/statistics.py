"""SEMS+ energies by period, what they earned, and a day's powers (facts, section 3)."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import timedelta
from functools import partial
from typing import TYPE_CHECKING

import msgspec

from sems_tray.domain.energy import PeriodStatistics, month_end
from sems_tray.domain.model import NO_SUMS, EnergySums
from sems_tray.domain.statistics import added
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
from sems_tray.portal.wire.envelope import read_data, read_if_any
from sems_tray.portal.wire.values import (
    Fields,
    Leaf,
    currency,
    curve_points,
    day_of,
    iso_time,
    kilowatts,
    kwh,
    money,
    month_of,
    rows_by_date,
    text,
    year_of,
)

from . import calls

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Sequence
    from datetime import date, datetime, tzinfo

    from sems_tray.domain.model import CurvePoint
    from sems_tray.portal.dialect import Poll, Result
    from sems_tray.portal.station_cache import StationCache


_ROUNDING_KWH = 0.0051
# Between the energies of a poll and their income lie a few requests.
_SAME_POLL = timedelta(minutes=1)


# The energy and income pieces of a poll: today, this month, this year.


def _periods(poll: Poll, cache: StationCache) -> dict[str, tuple[str, date, date]]:
    """Return dimension, first and last date of the three periods by station time.

    A month is asked by days, as the best client does: what the rows of a "month"
    request look like is not known for sure (facts, section 3, "Energy").
    """
    today = poll.now.astimezone(cache.zone).date()
    year = today.replace(month=1, day=1), today.replace(month=12, day=31)
    return {
        "today": ("day", today, today),
        "month": ("day", today.replace(day=1), month_end(today)),
        "year": ("year", *year),
    }


def _energy(names: Sequence[str], poll: Poll, cache: StationCache) -> Result:
    periods = _periods(poll, cache)

    def fetch(name: str) -> EnergySums:
        dimension, first, last = periods[name]
        call = calls.statistics(poll.station_id, dimension, first, last)
        return parse_period(poll.ask(call), first, last)

    found, error = for_each(names, fetch)
    old = cache.sums
    sums = replace(
        old,
        **found,
        counted_at=_counted_at(poll, cache) if "today" in found else old.counted_at,
        summed_at=poll.now if {*_LONGER} <= found.keys() else old.summed_at,
    )
    since = {**cache.since, **dict.fromkeys(found, sums.today)}
    return replace(cache, sums=sums, since=since), error


def _counted_at(poll: Poll, cache: StationCache) -> datetime:
    measured = cache.live.measured_at if cache.live else None
    return min(measured or poll.now, poll.now)


def _income(names: Sequence[str], poll: Poll, cache: StationCache) -> Result:
    periods = _periods(poll, cache)

    def fetch(name: str) -> EnergySums:
        return parse_production(
            poll.ask(calls.production(poll.station_id, *periods[name]))
        )

    found, error = for_each(names, fetch)
    old = cache.income
    told = {name: it.income for name, it in found.items()}
    currencies = (it.currency for it in found.values())
    income = replace(
        old,
        **told,
        currency=next(filter(None, currencies), old.currency),
        counted_at=_counted_at(poll, cache) if "today" in found else old.counted_at,
        summed_at=poll.now if {*_LONGER} <= found.keys() else old.summed_at,
        since={**old.since, **dict.fromkeys(found, told.get("today", old.today))},
    )
    sums, days_at = cache.sums, cache.sums.summed_at
    is_as_new = days_at is not None and abs(poll.now - days_at) < _SAME_POLL
    if "month" in found and is_as_new:
        _, today, _ = periods["today"]
        month = less_rounded(
            found["month"], sums.month, _ROUNDING_KWH * (today.day + 1)
        )
        sums = replace(sums, month=month)
    return replace(cache, income=income, sums=sums), error


_TODAY, _LONGER = ("today",), ("month", "year")


def _pieces(part: str, longer: str, fetch: Callable[..., Result]) -> tuple[Piece, ...]:
    """Return today's piece, and that of the periods that grow with it."""
    renew = partial(fetch, _TODAY)
    today = Piece(part, part, TOTALS, renew, counters=True, rests=asleep)
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
    earned = if_given(lambda: parse_production(poll.ask(call)))
    return _with_income(NO_SUMS, earned, poll.currency)


def _rows(
    poll: Poll, span: DateSpan, dimension: str, date_of: Callable[[str], date | None]
) -> dict[date, EnergySums]:
    call = calls.statistics(poll.station_id, dimension, span.first, span.end)
    return parse_past(poll.ask(call), date_of)


def _earned(poll: Poll, span: DateSpan, dimension: str, told: EnergySums) -> EnergySums:
    """Add what the whole period earned; without it the energies are still worth it."""
    call = calls.production(poll.station_id, dimension, span.first, span.end)
    earned = if_it_works(lambda: parse_production(poll.ask(call)))
    return _with_income(told, earned, poll.currency)


def _with_income(
    sums: EnergySums, earned: EnergySums | None, currency: str | None
) -> EnergySums:
    if earned is None or earned.income is None:
        return sums
    return replace(sums, income=earned.income, currency=earned.currency or currency)


def day_curve(poll: Poll, day: date, where: tzinfo) -> tuple[CurvePoint, ...]:
    """Ask for a day's powers, minute by minute."""
    return parse_curve(poll.ask(calls.day_curve(poll.station_id, day, where)), where)


def _any_energy(rows: Iterable[EnergySums]) -> bool:
    return any(has_energy(it) for it in rows)


# The replies as they come.


# Without one of these nobody measured what the station uses of its own.
_METERED = {"load_kwh", "export_kwh", "import_kwh"}

_DATE = re.compile(r"\d{4}(?:-\d\d){0,2}(?!\d)")


class _Value(msgspec.Struct):
    date: Leaf = None
    val: Leaf = None


class _Item(msgspec.Struct):
    item: Leaf = None
    unit: Leaf = None
    statisticsList: list[_Value] | None = None


class _Statistics(msgspec.Struct):
    dataList: list[_Item] | None = None


class _Point(msgspec.Struct):
    tp: Leaf = None
    power: Leaf = None


class _Series(msgspec.Struct):
    item: Leaf = None
    unit: Leaf = None
    powerData: list[_Point] | None = None


class _Curve(msgspec.Struct):
    dataList: list[_Series] | None = None


def parse_past(
    raw: msgspec.Raw | bytes, date_of: Callable[[str], date | None]
) -> dict[date, EnergySums]:
    """Read energies by the first dates of their periods; a strange date is left out.

    A station without a meter is told to use itself all that it makes, which nobody
    measured.
    """
    columns: dict[str, list[tuple[date | None, float]]] = {}
    for name, words, value in _cells(read_if_any(raw, _Statistics) or _Statistics()):
        columns.setdefault(name, []).append((date_of(words), value))
    if not _METERED & columns.keys():
        columns.pop("self_use_kwh", None)
    rows = rows_by_date(columns)
    return {day: EnergySums(**row, currency=None) for day, row in rows.items()}


def _cells(reply: _Statistics) -> Iterator[tuple[str, str, float]]:
    """Return our names, the reply's dates and the values; what is missing is not 0."""
    for item in reply.dataList or []:
        name = calls.ENERGIES.get(text(item.item))
        for row in item.statisticsList or []:
            value = kwh(row.val, item.unit)
            if name is not None and value is not None:
                yield name, text(row.date), value


def parse_period(raw: msgspec.Raw | bytes, first: date, last: date) -> EnergySums:
    """Read one period: the sum of the reply's rows that belong to it.

    Their dates are "2026-09-24", "2026-09" or "2026".  A row of another month or year
    is no part of what was asked for.  Asked for one day, the portal's only row is that
    day, by the portal's calendar if not by ours.
    """
    reply = read_data(raw, _Statistics, mark("no data in the statistics"))
    table: dict[str, dict[str, float]] = {}
    for name, day, value in _cells(reply):
        table.setdefault(day, {})[name] = value
    rows = [row for day, row in table.items() if _belongs(day, first, last)]
    if not rows and first == last and len(table) == 1:
        rows = [*table.values()]
    return added(EnergySums(**row, currency=None) for row in rows)


def _belongs(words: str, first: date, last: date) -> bool:
    """Compare "2026-09-24", "2026-09" or "2026" by as much as it says."""
    found = _DATE.match(words)
    if found is None:
        return True
    size = len(found[0])
    return first.isoformat()[:size] <= found[0] <= last.isoformat()[:size]


def parse_production(raw: msgspec.Raw | bytes) -> EnergySums:
    """Read what a whole period made and earned.

    A profit of 0 or null means that no tariff is set; the currency comes without one.
    """
    reply = read_data(raw, Fields, mark("no data in the production"))
    energies = {ours: kwh(reply.get(item)) for item, ours in calls.ENERGIES.items()}
    return EnergySums(
        **energies,
        income=money(reply.get("profitProStats")) or None,
        currency=currency(reply.get("currency")),
    )


def parse_curve(raw: msgspec.Raw | bytes, where: tzinfo) -> tuple[CurvePoint, ...]:
    """Read a day's curve. Times are station local; null is a gap, not 0."""
    reply = read_if_any(raw, _Curve) or _Curve()
    return curve_points(
        (
            (name, it.unit, [(iso_time(at.tp), at.power) for at in it.powerData or []])
            for it in reply.dataList or []
            if (name := calls.CURVES.get(text(it.item)))
        ),
        kilowatts,
        where,
    )
