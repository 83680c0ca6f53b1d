"""Classic charts: energies as bars, for months and years, and a day's powers.

The monitor reply tells little of this month and this year.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import replace
from datetime import date, datetime, time, timedelta
from typing import TYPE_CHECKING, TypeAlias

import msgspec

from sems_tray.domain.energy import AMOUNTS, PeriodStatistics, days_between, month_end
from sems_tray.domain.model import NO_SUMS, EnergySums
from sems_tray.domain.statistics import added
from sems_tray.i18n.language import mark
from sems_tray.portal.dialect import TOTALS, Piece, if_given, in_the_dark
from sems_tray.portal.errors import NoDataError, PathGoneError
from sems_tray.portal.period_totals import (
    DateSpan,
    less_rounded,
    month_past,
    year_past,
)
from sems_tray.portal.wire.envelope import read_data, read_if_any
from sems_tray.portal.wire.values import (
    Leaf,
    currency,
    curve_points,
    day_of,
    known_or,
    kwh,
    money,
    month_of,
    rows_by_date,
    text,
    watts,
    year_of,
)

from . import calls
from .stations import local_time

if TYPE_CHECKING:
    from collections.abc import Callable
    from datetime import tzinfo

    from sems_tray.domain.model import CurvePoint, Energy
    from sems_tray.portal.dialect import Poll, Result
    from sems_tray.portal.station_cache import StationCache


Rows: TypeAlias = Mapping[date, EnergySums]

_ROUNDING_KWH = 0.051
# No roof sleeps longer than a polar night.
_MOST_MONTHS = 4


def renewed(old: Energy, new: Energy, here: datetime) -> Energy:
    """Return a monitor reply's energies with the month and the year that are held.

    ``here`` is the time where the station is.
    """
    month = old.month
    if _in_month(new, here):
        before = month.pv_kwh if _in_month(old, here) else None
        month = replace(month, pv_kwh=known_or(new.month.pv_kwh, before))
    return replace(new, month=month, year=old.year, summed_at=old.summed_at)


def since_midnight(
    cache: StationCache, new: Energy, here: datetime
) -> dict[str, EnergySums]:
    """Return from where today's counters grow: from zero on a day that has begun."""
    if _day(cache.sums.counted_at, here) >= _day(new.counted_at, here):
        return dict(cache.since)
    return {name: _zero_of(sums) for name, sums in cache.since.items()}


def _zero_of(sums: EnergySums) -> EnergySums:
    known = {it: 0.0 for it in AMOUNTS if getattr(sums, it) is not None}
    return EnergySums(**known, currency=sums.currency)


def _charts(poll: Poll, cache: StationCache) -> Result:
    """Fetch the bar of the month and that of the year.

    Each is rounded once: the sum of its days or months is off by every one's rounding.
    """
    here, old = poll.now.astimezone(cache.zone), cache.sums
    today = here.date()

    def bars(kind: int, date_of: Callable[[str], date | None]) -> Rows:
        ask = calls.energy_chart(poll.station_id, today, kind)
        return parse_bars(poll.ask(ask), date_of)

    months = bars(calls.MONTHS, month_of)
    years = if_given(lambda: bars(calls.YEARS, year_of)) or {}
    month = months.get(today.replace(day=1), NO_SUMS)
    if _in_month(old, here):  # the monitor's PV is newer
        month = replace(month, pv_kwh=known_or(old.month.pv_kwh, month.pv_kwh))
    parts = [it for first, it in months.items() if first.year == today.year]
    year = less_rounded(
        years.get(today.replace(month=1, day=1), NO_SUMS),
        added(parts),
        _ROUNDING_KWH * (len(parts) + 1),
    )
    sums = replace(old, month=month, year=year, summed_at=poll.now)
    # The month's PV comes with every monitor reply.
    since = {"month": replace(old.today, pv_kwh=None), "year": old.today}
    cache = replace(cache, sums=sums, since={**cache.since, **since})
    cache = replace(cache, days=_days(poll, cache, here), months=months)
    return metered_on(cache, here), None


def metered_on(cache: StationCache, here: datetime) -> StationCache:
    """Return the meter's lifetimes as of now, although its inverter sleeps.

    The charts go on: what the meter had counted before the day on which the inverter
    slept, the days since then, and today.  What is not known of these is unknown.
    """
    slept, sums = cache.slept_meter, cache.sums
    if slept is None:
        return cache
    begun = _day(sums.counted_at, here) == here.date()
    spans = _spans_slept(cache, slept, here)
    spans.append(sums.today if begun else NO_SUMS)
    total = sums.total
    for name in ("import_kwh", "export_kwh"):
        counted, last_day = getattr(slept.total, name), getattr(slept.today, name)
        parts = [getattr(it, name) for it in spans]
        if counted is not None:
            known = last_day is not None and None not in parts
            kwh = round(counted - last_day + sum(parts), 3) if known else None
            total = replace(total, **{name: kwh})
    return replace(cache, sums=replace(sums, total=total))


def _spans_slept(
    cache: StationCache, meter: Energy, here: datetime
) -> list[EnergySums]:
    """Return the energies from the day of the last report to yesterday.

    A month stands for its days where it lies in between: every bar is rounded, and the
    days of a polar night would add up to 0.1 kWh that nobody has measured.
    """
    slept = set(_days_slept(meter, here))
    whole = {first for first in cache.months if {first, month_end(first)} <= slept}
    days = [it for it in sorted(slept) if it.replace(day=1) not in whole]
    return [
        *(cache.months[it] for it in whole),
        *(cache.days.get(it, NO_SUMS) for it in days),
    ]


def _days_slept(meter: Energy, here: datetime) -> list[date]:
    """Return the dates from that of the last report to yesterday."""
    yesterday = here.date() - timedelta(days=1)
    return list(days_between(_day(meter.counted_at, here), yesterday))


def _days(poll: Poll, cache: StationCache, here: datetime) -> Rows:
    """Return the days since the inverter with the meter slept; asked for once each."""
    asked = _days_slept(cache.slept_meter, here) if cache.slept_meter else []
    months = {it.replace(day=1) for it in asked if it not in cache.days}
    if len(months) > _MOST_MONTHS:
        return {}

    def rows(first: date) -> Rows:
        last = min(month_end(first), here.date())
        ask = calls.energy_chart(poll.station_id, last, calls.DAYS)
        return if_given(lambda: parse_bars(poll.ask(ask), day_of)) or {}

    found = dict(cache.days)
    for first in sorted(months):
        found |= rows(first)
    return {day: found[day] for day in asked if day in found}


def _in_month(energy: Energy, here: datetime) -> bool:
    """Say whether the monitor's month is the one under way."""
    counted = _day(energy.counted_at, here)
    return (counted.year, counted.month) == (here.year, here.month)


def _day(at: datetime | None, here: datetime) -> date:
    return (here if at is None else at.astimezone(here.tzinfo)).date()


CHARTS = Piece("charts", "energy", TOTALS, _charts, counters=True, rests=in_the_dark)


# Totals of months and years that are over, or under way, and old curves.


def month(poll: Poll, first: date, where: tzinfo) -> PeriodStatistics:
    """Ask for a month by days; its own total is their sum, where all are there."""
    span = DateSpan.of_month(poll, first, where)
    if not span.begun:
        return PeriodStatistics()
    return month_past(_rows(poll, span, calls.DAYS, day_of), span)


def year(poll: Poll, year: int, where: tzinfo) -> PeriodStatistics:
    """Ask for a year by months, and for the whole where months are missing."""
    span = DateSpan.of_year(poll, year, where)
    if span is None or not span.begun:
        return PeriodStatistics()
    rows = _rows(poll, span, calls.MONTHS, month_of)
    if not rows or len(rows) == len(span.months):
        return year_past(rows, span)
    whole = if_given(lambda: _rows(poll, span, calls.YEARS, year_of)) or {}
    return year_past(rows, span, whole.get(span.first, NO_SUMS))


def day_curve(poll: Poll, day: date, where: tzinfo) -> tuple[CurvePoint, ...]:
    """Ask for a day's powers; by the older path where the chart is gone or empty."""
    gone = None
    try:
        raw = poll.ask(calls.power_chart(poll.station_id, day))
        if points := parse_power_chart(raw, day, where):
            return points
    except PathGoneError as exc:
        gone = exc
    try:
        raw = poll.ask(calls.pac_day(poll.station_id, day))
    except PathGoneError:
        if gone is not None:
            raise
        return ()
    points = parse_pac_day(raw, where)
    return tuple(it for it in points if it.at.astimezone(where).date() == day)


def _rows(
    poll: Poll, span: DateSpan, kind: int, date_of: Callable[[str], date | None]
) -> Rows:
    """Return the bars of the span; none is an answer: the station was not built yet."""
    raw = poll.ask(calls.energy_chart(poll.station_id, span.last, kind))
    try:
        rows = _fitted(parse_bars(raw, date_of), poll.currency)
    except NoDataError:
        return {}
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
    fitted = {day: replace(it, **empty) for day, it in rows.items()}
    return {
        day: it if it.income is None else replace(it, currency=it.currency or currency)
        for day, it in fitted.items()
    }


# The charts as they come.


# Our name for each line of the day chart.  The meter's sign is contradictory among
# clients; negative is import, as the portal's own powers have it (facts, section 5).
_CURVES = {
    "PCurve_Power_PV": "pv_w",
    "PCurve_Power_Load": "load_w",
    "PCurve_Power_Meter": "grid_w",
    "PCurve_Power_Battery": "battery_w",
    "PCurve_Power_SOC": "soc_percent",
}
# Bars are named differently over the years: "PVGeneration", "Generation(kWh)".
_BARS = {
    "pvgeneration": "pv_kwh",
    "generation": "pv_kwh",
    "sell": "export_kwh",
    "buy": "import_kwh",
    "consumption": "load_kwh",
    "selfuse": "self_use_kwh",
    "inhouse": "self_use_kwh",
    "charge": "charge_kwh",
    "discharge": "discharge_kwh",
    "income": "income",
}
_NAMED_UNIT = re.compile(r"[(\uff08]([^()\uff08\uff09]*(?:[Ww][Hh]?|%))[)\uff09]")


class _Point(msgspec.Struct):
    x: Leaf = None
    y: Leaf = None


class _Line(msgspec.Struct):
    key: Leaf = None
    name: Leaf = None
    label: Leaf = None
    unit: Leaf = None
    xy: list[_Point] | None = None


class _Chart(msgspec.Struct):
    lines: list[_Line] | None = None


class _Pac(msgspec.Struct):
    date: Leaf = None
    pac: Leaf = None


class _PacDay(msgspec.Struct):
    pacs: list[_Pac] | None = None


def parse_power_chart(
    raw: msgspec.Raw | bytes, day: date, where: tzinfo
) -> tuple[CurvePoint, ...]:
    """Read a day's powers; times are "HH:mm" station local."""
    chart = read_if_any(raw, _Chart) or _Chart()
    return curve_points(
        (
            (name, _unit(it), [(_clock(day, at.x), at.y) for at in it.xy or []])
            for it in chart.lines or []
            if (name := _CURVES.get(text(it.key)) or _CURVES.get(text(it.name)))
        ),
        watts,
        where,
    )


def _clock(day: date, leaf: Leaf) -> datetime | None:
    try:
        return datetime.combine(day, time.fromisoformat(text(leaf).zfill(5)))
    except ValueError:
        return None


def parse_pac_day(raw: msgspec.Raw | bytes, where: tzinfo) -> tuple[CurvePoint, ...]:
    """Read the older day chart: AC power every five minutes."""
    day = read_if_any(raw, _PacDay) or _PacDay()
    cells = [(local_time(text(it.date)), it.pac) for it in day.pacs or []]
    return curve_points([("pv_w", None, cells)], watts, where)


def parse_bars(raw: msgspec.Raw | bytes, date_of: Callable[[str], date | None]) -> Rows:
    """Read bars by the first dates of their periods; a strange date is left out.

    Raises NoDataError where the station was not built yet.
    """
    lines = _named(read_data(raw, _Chart, mark("no data in the energy chart")))
    cells = {
        name: [
            (
                date_of(text(it.x)),
                money(it.y) if name == "income" else kwh(it.y, _unit(line)),
            )
            for it in line.xy or []
        ]
        for name, line in lines.items()
    }
    paid_in = currency(_unit(lines["income"])) if "income" in lines else None
    return {
        day: EnergySums(**row, currency=paid_in if "income" in row else None)
        for day, row in rows_by_date(cells).items()
    }


def _named(chart: _Chart) -> dict[str, _Line]:
    """Return the lines by our names; the first of a name that has bars counts."""
    found: dict[str, _Line] = {}
    for line in chart.lines or []:
        name = _bar_name(text(line.key)) or _bar_name(text(line.name or line.label))
        if name is not None and line.xy:
            found.setdefault(name, line)
    return found


def _unit(line: _Line) -> str:
    """Return a line's unit; some carry it in their name alone: "Generation(kWh)"."""
    names = " ".join(map(text, (line.key, line.name, line.label)))
    found = _NAMED_UNIT.search(names)
    return text(line.unit) or (found[1] if found else "")


def _bar_name(words: str) -> str | None:
    letters = re.sub(r"\(.*\)|kwh|[^a-z]", "", words.lower())
    return _BARS.get(letters)
