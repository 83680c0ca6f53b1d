"""Classic totals of months and years that are over, or under way, and old curves."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date
from typing import TYPE_CHECKING, TypeAlias

from sems_tray.core.model import NO_SUMS, EnergySums
from sems_tray.core.past import Past, month_end
from sems_tray.sems.dates import day_of, month_of, year_of
from sems_tray.sems.errors import PathGoneError
from sems_tray.sems.plan import if_given
from sems_tray.sems.totals import Span, month_past, year_past

from . import calls, charts

if TYPE_CHECKING:
    from collections.abc import Callable
    from datetime import tzinfo

    import msgspec

    from sems_tray.core.model import CurvePoint
    from sems_tray.sems.plan import Call, Poll

Rows: TypeAlias = Mapping[date, EnergySums]

_PREFIXES = ("/v2", "")


@dataclass(frozen=True, slots=True, kw_only=True)
class _Bars:
    """A kind of bar, how its date is read, and how many older rows to ask for."""

    kind: int
    date_of: Callable[[str], date | None]
    count: int


def month(poll: Poll, first: date, where: tzinfo) -> Past:
    """Ask for a month by days; its own total is their sum, where all are there."""
    first = first.replace(day=1)
    span = Span(
        first=first, end=month_end(first), now=poll.now, where=where, bounds=poll.bounds
    )
    if not span.begun:
        return Past()
    bars = _Bars(kind=calls.DAYS, date_of=day_of, count=span.last.day)
    return month_past(_rows(poll, span, bars), span)


def year(poll: Poll, year: int, where: tzinfo) -> Past:
    """Ask for a year by months, and for the whole where months are missing."""
    if not date.min.year <= year <= date.max.year:
        return Past()
    first, end = date(year, 1, 1), date(year, 12, 31)
    span = Span(first=first, end=end, now=poll.now, where=where, bounds=poll.bounds)
    if not span.begun:
        return Past()
    months = _Bars(kind=calls.MONTHS, date_of=month_of, count=span.last.month)
    rows = _rows(poll, span, months)
    if not rows or len(rows) == len(span.months):
        return year_past(rows, span)
    years = _Bars(kind=calls.YEARS, date_of=year_of, count=1)
    whole = if_given(lambda: _rows(poll, span, years)) or {}
    return year_past(rows, span, whole.get(first, NO_SUMS))


def day_curve(poll: Poll, day: date, where: tzinfo) -> tuple[CurvePoint, ...]:
    """Ask for a day's powers; by the older path where the chart is gone or empty."""
    gone = None
    try:
        raw = poll.ask(calls.power_chart(poll.station_id, day))
        if points := charts.parse_power_chart(raw, day, where):
            return points
    except PathGoneError as exc:
        gone = exc
    try:
        raw = poll.ask(calls.pac_day(poll.station_id, day))
    except PathGoneError:
        if gone is not None:
            raise
        return ()
    points, _ = charts.parse_pac_day(raw, where)
    return tuple(it for it in points if it.at.astimezone(where).date() == day)


def _rows(poll: Poll, span: Span, bars: _Bars) -> Rows:
    """Ask the chart, and where it is gone or holds no bar of the span the older lists.

    An answer without rows is an answer: there is nothing before a station was built.
    """
    station, last = poll.station_id, span.last
    ask = calls.energy_chart(station, last, bars.kind)
    rows = _asked(poll, span, ask, lambda raw: charts.parse_bar_rows(raw, bars.date_of))
    if rows:
        return rows
    for prefix in _PREFIXES:
        ask = calls.power_and_income(prefix, station, last, bars.kind, bars.count)
        found = _asked(
            poll, span, ask, lambda raw: charts.parse_list_rows(raw, bars.date_of)
        )
        if found is not None:
            return found
    if rows is None:
        raise PathGoneError
    return rows


def _asked(
    poll: Poll, span: Span, call: Call, parse: Callable[[msgspec.Raw], Rows]
) -> Rows | None:
    """Return the rows of the span, none if there is none; None if the path is gone."""
    try:
        raw = poll.ask(call)
    except PathGoneError:
        return None
    rows = _fitted(parse(raw), poll.currency)
    return {day: it for day, it in rows.items() if span.first <= day <= span.last}


def _fitted(rows: Rows, currency: str | None) -> Rows:
    """Leave out what the station lacks, of which the portal draws bars of 0.

    All rows of the reply must agree: a battery that never moved, a meter that counted
    nothing, a tariff under which nothing was earned.
    """

    def all_zero(*names: str) -> bool:
        return not any(getattr(it, name) for it in rows.values() for name in names)

    lacking: set[str] = set()
    if all_zero("charge_kwh", "discharge_kwh"):
        lacking |= {"charge_kwh", "discharge_kwh"}
        if all_zero("import_kwh", "export_kwh"):
            lacking |= {"import_kwh", "export_kwh", "load_kwh", "self_use_kwh"}
    if all_zero("income"):
        lacking |= {"income", "currency"}
    empty = dict.fromkeys(lacking)
    return {day: _with(it, empty, currency) for day, it in rows.items()}


def _with(
    sums: EnergySums, lacking: Mapping[str, None], currency: str | None
) -> EnergySums:
    sums = replace(sums, **lacking)
    if sums.income is None:
        return sums
    return replace(sums, currency=sums.currency or currency)
