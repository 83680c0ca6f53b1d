"""Questions that an owner asks the history, answered from its rows.

A sum over dates says how many of them are known.  Where the portal's own total of a
month or year is known, it counts; a sum of days that lacks some is partial.
"""

from __future__ import annotations

import calendar
from dataclasses import dataclass, replace
from datetime import date
from typing import TYPE_CHECKING

from .energy import AMOUNTS
from .model import NO_SUMS, EnergySums

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping
    from datetime import datetime, tzinfo

    from .energy import DayTotals, PeriodTotals
    from .model import CurvePoint, Tariffs


# A bin with fewer samples says nothing of what is usual.
_FEWEST_SAMPLES = 20
_BIN_DEG = 2.5
_ROUNDING_KWH = 0.05
_FEWEST_DAYS = 14
_LOW_CHARGE_SHARE = 0.02
_DEAD_DAY_SHARE = 0.01


@dataclass(frozen=True, slots=True, kw_only=True)
class Span:
    """Energies over dates, of which ``known_days`` of ``all_days`` are known."""

    first: date
    last: date
    sums: EnergySums = NO_SUMS
    known_days: int = 0
    all_days: int = 0

    @property
    def partial(self) -> bool:
        """Whether days are missing from the sums."""
        return self.known_days < self.all_days


@dataclass(frozen=True, slots=True, kw_only=True)
class Savings:
    """What was not bought, and what was sold; ``total`` needs both."""

    saved: float | None = None
    earned: float | None = None
    total: float | None = None
    currency: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Usual:
    """The plant's power at one height of the sun: a low, the middle, and a high day."""

    low_w: float
    middle_w: float
    high_w: float


@dataclass(frozen=True, slots=True)
class UsualPower:
    """The plant's usual power by the height of the sun."""

    bins: Mapping[int, Usual]

    def at_or_below(self, elevation_deg: float) -> Usual | None:
        """Return what is usual at a height, or at the next lower one that is known.

        In spring the sun climbs higher than in the weeks before.
        """
        place = int(elevation_deg // _BIN_DEG)
        known = max((it for it in self.bins if it <= place), default=None)
        return None if known is None else self.bins[known]


def sum_of_days(
    days: Iterable[DayTotals], first: date, last: date, until: date | None = None
) -> Span:
    """Return the sums of dates, both inclusive; none is expected after ``until``.

    Nothing marks a sum of money that lacks some of the days whose energies are there:
    it is unknown.
    """
    found = {it.day: it for it in days if first <= it.day <= last}
    expected = last if until is None else min(last, until)
    all_days = max((expected - first).days + 1, len(found))
    sums = added(it.sums for it in found.values())
    if any(map(_lacks_income, found.values())):
        sums = replace(sums, income=None, currency=None)
    return Span(
        first=first,
        last=last,
        sums=sums,
        known_days=len(found),
        all_days=all_days,
    )


def _lacks_income(total: DayTotals) -> bool:
    """Say whether a finished day made energy and does not tell what it earned."""
    made_kwh = total.sums.pv_kwh or 0.0
    return total.final and total.sums.income is None and made_kwh > _ROUNDING_KWH


def added(sums: Iterable[EnergySums]) -> EnergySums:
    """Return the sums of what is known; money only in one currency."""
    rows = list(sums)
    values: dict[str, float | None] = {}
    for name in AMOUNTS:
        known = [v for it in rows if (v := getattr(it, name)) is not None]
        values[name] = round(sum(known), 6) if known else None
    currencies = {it.currency for it in rows if it.income is not None}
    if len(currencies) > 1:
        values["income"] = None
    return EnergySums(
        **values, currency=currencies.pop() if len(currencies) == 1 else None
    )


def month_of(
    days: Iterable[DayTotals],
    months: Iterable[PeriodTotals],
    day: date,
    until: date | None = None,
) -> Span:
    """Return the month that holds a date: the portal's, else the sum of its days."""
    last = calendar.monthrange(day.year, day.month)[1]
    span = sum_of_days(days, day.replace(day=1), day.replace(day=last), until)
    return _with_total(span, _total(months, day.isoformat()[:7]))


def year_of(
    days: Iterable[DayTotals],
    months: Iterable[PeriodTotals],
    years: Iterable[PeriodTotals],
    year: int,
    until: date | None = None,
) -> Span:
    """Return a year: the portal's, else the sum of its months."""
    days, months = tuple(days), tuple(months)
    spans = [
        month_of(_in_month(days, year, month), months, date(year, month, 1), until)
        for month in range(1, 13)
    ]
    span = Span(
        first=spans[0].first,
        last=spans[-1].last,
        sums=added(it.sums for it in spans),
        known_days=sum(it.known_days for it in spans),
        all_days=sum(it.all_days for it in spans),
    )
    return _with_total(span, _total(years, f"{year:04d}"))


def months_of(
    days: Iterable[DayTotals],
    months: Iterable[PeriodTotals],
    until: date | None = None,
) -> tuple[Span, ...]:
    """Return every month of which something is known, oldest first."""
    by_month: dict[str, list[DayTotals]] = {}
    for day in days:
        by_month.setdefault(day.day.isoformat()[:7], []).append(day)
    totals = {it.key: it for it in months}
    return tuple(
        month_of(
            by_month.get(key, ()),
            (totals[key],) if key in totals else (),
            date.fromisoformat(f"{key}-01"),
            until,
        )
        for key in sorted({*by_month, *totals})
    )


def so_far_last_year(days: Iterable[DayTotals], day: date) -> Span:
    """Return the same month a year before up to the same date: a fair comparison."""
    last = _year_before(day)
    return sum_of_days(days, last.replace(day=1), last)


def best_day(days: Iterable[DayTotals]) -> DayTotals | None:
    """Return the date with the most PV energy, the first of equals."""
    known = [it for it in days if it.sums.pv_kwh is not None]
    return max(known, key=lambda period: period.sums.pv_kwh or 0.0, default=None)


def best_month(spans: Iterable[Span]) -> Span | None:
    """Return the month with the most PV energy, the first of equals."""
    known = [it for it in spans if it.sums.pv_kwh is not None]
    return max(known, key=lambda period: period.sums.pv_kwh or 0.0, default=None)


def self_sufficiency(sums: EnergySums) -> float | None:
    """Return the share of the load that was not bought, 0 to 1; None if unknown."""
    if sums.load_kwh is None or sums.import_kwh is None or sums.load_kwh <= 0:
        return None
    return min(max(1 - sums.import_kwh / sums.load_kwh, 0.0), 1.0)


def savings(sums: EnergySums, tariffs: Tariffs) -> Savings:
    """Return what a period was worth: the portal's figure, else by the tariffs."""
    if sums.income is not None:
        return Savings(total=sums.income, currency=sums.currency)
    saved = _money(_own_use(sums), tariffs.import_price)
    earned = _money(sums.export_kwh, tariffs.export_price)
    return Savings(
        saved=saved,
        earned=earned,
        total=None if saved is None or earned is None else saved + earned,
        currency=tariffs.currency,
    )


def usual_power(
    points: Iterable[CurvePoint],
    elevation_deg: Callable[[datetime], float],
    *,
    fewest: int = _FEWEST_SAMPLES,
) -> UsualPower:
    """Return the tenth, middle and ninetieth percentile of PV by the sun's height.

    The sun's height is handed in: where the plant stands is not known here.
    """
    groups: dict[int, list[float]] = {}
    for point in points:
        pv_w = point.power.pv_w
        if pv_w is not None and (height := elevation_deg(point.at)) >= 0:
            groups.setdefault(int(height // _BIN_DEG), []).append(pv_w)
    return UsualPower(
        {
            place: _usual(sorted(powers))
            for place, powers in groups.items()
            if len(powers) >= fewest
        }
    )


def usual_charge(points: Iterable[CurvePoint], where: tzinfo) -> dict[int, float]:
    """Return the charge that is undercut in one of fifty samples, by local hour.

    An hour of which too little is known is left out.
    """
    groups: dict[int, list[float]] = {}
    days: dict[int, set[date]] = {}
    for point in points:
        if point.soc_percent is not None:
            local = point.at.astimezone(where)
            groups.setdefault(local.hour, []).append(point.soc_percent)
            days.setdefault(local.hour, set()).add(local.date())
    return {
        hour: _quantile(sorted(percents), _LOW_CHARGE_SHARE)
        for hour, percents in groups.items()
        if len(days[hour]) >= _FEWEST_DAYS
    }


def working_days(
    points: Iterable[CurvePoint],
    elevation_deg: Callable[[datetime], float],
    where: tzinfo | None,
) -> list[CurvePoint]:
    """Return the points without the days on which the plant gave next to nothing.

    An outage, snow on the panels or a limit is not what is usual.  The darkest day
    gives some hundredths of what clear days give at the same heights of the sun.
    """
    days: dict[date, list[CurvePoint]] = {}
    for point in points:
        days.setdefault(point.at.astimezone(where).date(), []).append(point)
    most = max(map(_made, days.values()), default=0.0)
    lit = [rows for rows in days.values() if _made(rows) >= most * _DEAD_DAY_SHARE]
    clear = usual_power((it for rows in lit for it in rows), elevation_deg, fewest=1)

    def clear_w(at: datetime) -> float:
        usual = clear.at_or_below(elevation_deg(at))
        return 0.0 if usual is None else usual.high_w

    found: list[CurvePoint] = []
    for rows in days.values():
        could = sum(clear_w(it.at) for it in rows if it.power.pv_w is not None)
        if not could or _made(rows) >= could * _DEAD_DAY_SHARE:
            found += rows
    return found


def _with_total(span: Span, total: PeriodTotals | None) -> Span:
    if total is None:
        return span
    values: dict[str, float | None] = {}
    for name in AMOUNTS:
        summed, said = getattr(span.sums, name), getattr(total.sums, name)
        # A live total also counts dates that the program did not see; the sum of the
        # days is off by the rounding of each.
        slack = _ROUNDING_KWH * span.known_days
        better = (
            total.final
            or summed is None
            or (said is not None and said >= summed - slack)
        )
        values[name] = said if better and said is not None else summed
    currency = total.sums.currency or span.sums.currency
    return replace(
        span,
        sums=EnergySums(**values, currency=currency),
        known_days=span.all_days if total.final else span.known_days,
    )


def _total(totals: Iterable[PeriodTotals], key: str) -> PeriodTotals | None:
    return next((it for it in totals if it.key == key), None)


def _in_month(days: Iterable[DayTotals], year: int, month: int) -> list[DayTotals]:
    return [it for it in days if (it.day.year, it.day.month) == (year, month)]


def _year_before(day: date) -> date:
    leap = day.month == 2 and day.day == 29  # noqa: PLR2004
    return day.replace(year=day.year - 1, day=28 if leap else day.day)


def _own_use(sums: EnergySums) -> float | None:
    """Return what the house used of its own, from whatever says it."""
    if sums.load_kwh is not None and sums.import_kwh is not None:
        return max(sums.load_kwh - sums.import_kwh, 0.0)
    return sums.self_use_kwh


def _money(kwh: float | None, price: float | None) -> float | None:
    return None if kwh is None or price is None else kwh * price


def _made(points: Iterable[CurvePoint]) -> float:
    return sum(max(it.power.pv_w or 0.0, 0.0) for it in points)


def _usual(powers: list[float]) -> Usual:
    low, middle, high = (_quantile(powers, share) for share in (0.1, 0.5, 0.9))
    return Usual(low_w=low, middle_w=middle, high_w=high)


def _quantile(ordered: list[float], share: float) -> float:
    place = share * (len(ordered) - 1)
    low = int(place)
    high = min(low + 1, len(ordered) - 1)
    return ordered[low] + (ordered[high] - ordered[low]) * (place - low)
