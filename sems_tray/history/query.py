"""Which part of the past is looked at, and what the store is asked for it."""

from __future__ import annotations

import calendar
from dataclasses import dataclass, replace
from datetime import date, timedelta
from typing import TYPE_CHECKING, assert_never

from sems_tray.domain.energy import (
    QUARTER_S,
    CurveStep,
    IncomeStep,
    MonthStep,
    Period,
    Quarter,
    YearStep,
    day_span,
    is_followed,
    month_end,
)
from sems_tray.domain.model import NO_SUMS, Energy, Tariffs
from sems_tray.i18n.formatting import date_with_year, day_title, month_title
from sems_tray.i18n.language import trc

from .plan import any_energy

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable
    from datetime import datetime, tzinfo

    from sems_tray.domain.energy import DayTotals, MissingDay, PeriodTotals, Step
    from sems_tray.domain.model import CurvePoint, EnergySums

    Gaps = Callable[[date, date], tuple[MissingDay, ...]]


_NO_TARIFFS = Tariffs()
_NOTHING_TOLD = Energy()

_ONE_DAY = timedelta(days=1)
_OLDEST_YEARS = 25  # as in the search for a station's first month


@dataclass(frozen=True, slots=True, kw_only=True)
class Selection:
    """The day, month, year or lifetime that holds a date.

    The date stays as it is, so that a look at its month leads back to it.
    """

    kind: Period = Period.DAY
    day: date

    @property
    def key(self) -> str:
        """The period's name: "2026-06-21", "2026-06", "2026" or ""."""
        return self.kind.key(self.day)

    def holds(self, day: date) -> bool:
        """Say whether a date is part of it."""
        return self.kind.key(day) == self.key

    def same(self, other: Selection) -> bool:
        """Say whether both are about the same period."""
        return self.kind is other.kind and self.key == other.key

    def previous(self) -> Selection:
        """Return the period before; a lifetime has none."""
        return self._moved(-1)

    def next(self) -> Selection:
        """Return the period after; a lifetime has none."""
        return self._moved(1)

    def has_previous(self, first: date) -> bool:
        """Say whether something of the period before is on or after a date."""
        return self._is_bounded() and self.previous().key >= self.kind.key(first)

    def has_next(self, today: date) -> bool:
        """Say whether the period after has begun."""
        return self._is_bounded() and self.next().key <= self.kind.key(today)

    def clamped(self, first: date, today: date) -> Selection:
        """Return it with a date from the first to today."""
        return replace(self, day=min(max(self.day, first), today))

    def title(self) -> str:
        """Return "Sunday, 21 June 2026", "June 2026", "2026" or "Lifetime"."""
        match self.kind:
            case Period.DAY:
                return day_title(self.day)
            case Period.MONTH:
                return month_title(self.day)
            case Period.YEAR:
                return self.key
            case Period.TOTAL:
                return trc("period", "Lifetime")
            case _:
                assert_never(self.kind)

    def _is_bounded(self) -> bool:
        return self.kind is not Period.TOTAL

    def _moved(self, by: int) -> Selection:
        match self.kind:
            case Period.DAY:
                return replace(self, day=self.day + by * _ONE_DAY)
            case Period.MONTH:
                return replace(self, day=months_later(self.day, by))
            case Period.YEAR:
                return replace(self, day=months_later(self.day, 12 * by))
            case Period.TOTAL:
                return self
            case _:
                assert_never(self.kind)


@dataclass(frozen=True, slots=True, kw_only=True)
class HistoryQuery:
    """What to read: the curve of a date, and the totals of spans of dates."""

    curve: date | None = None
    spans: tuple[tuple[date, date], ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class HistoryData:
    """What the store holds of it.

    ``months`` and ``years`` are all that are known; ``first`` the first date of which
    anything is known, ``first_month`` the station's once the search for it is over.
    ``trouble`` says why nothing could be read.
    """

    points: tuple[CurvePoint, ...] = ()
    days: tuple[DayTotals, ...] = ()
    months: tuple[PeriodTotals, ...] = ()
    years: tuple[PeriodTotals, ...] = ()
    total: EnergySums = NO_SUMS
    first: date | None = None
    first_month: date | None = None
    trouble: str = ""

    def earliest(self, today: date) -> date:
        """Return the date before which there is nothing to look for."""
        if self.first_month is None:
            return date(today.year - _OLDEST_YEARS, 1, 1)
        return min(self.first_month, self.first or self.first_month)


@dataclass(frozen=True, slots=True, kw_only=True)
class StationClock:
    """What time it is at the station."""

    now: datetime
    where: tzinfo
    settled: date  # the first date whose totals may still change

    @property
    def today(self) -> date:
        """The station's date."""
        return self.now.astimezone(self.where).date()


def query_for(selection: Selection, today: date) -> HistoryQuery:
    """Return what is to be read for a selection and what it is compared with."""
    day = selection.day
    match selection.kind:
        case Period.DAY:
            first = min(day - _ONE_DAY, day.replace(day=1))
            return HistoryQuery(curve=day, spans=((first, month_end(day)),))
        case Period.MONTH:
            before, year_ago = months_later(day, -1), months_later(day, -12)
            return HistoryQuery(
                spans=(
                    (year_ago.replace(day=1), month_end(year_ago)),
                    (before.replace(day=1), month_end(day)),
                )
            )
        case Period.YEAR:
            return HistoryQuery(
                spans=((date(day.year - 1, 1, 1), date(day.year, 12, 31)),)
            )
        case Period.TOTAL:
            return HistoryQuery(
                spans=((date(today.year - _OLDEST_YEARS, 1, 1), today),)
            )
        case _:
            assert_never(selection.kind)


def months_later(day: date, count: int) -> date:
    """Return the date so many months later, or the last one of a shorter month."""
    number = day.year * 12 + day.month - 1 + count
    year, month = divmod(number, 12)
    last = calendar.monthrange(year, month + 1)[1]
    return date(year, month + 1, min(day.day, last))


# What a look at the past lacks, as steps that would fetch it.


def steps_to_fetch(
    selection: Selection, data: HistoryData, clock: StationClock, gaps: Gaps
) -> tuple[Step, ...]:
    """Return what the store lacks of it, what matters most first."""
    day = selection.day
    match selection.kind:
        case Period.DAY:
            months = dict.fromkeys(it.replace(day=1) for it in (day, day - _ONE_DAY))
            return (
                *_curve(day, data, clock, gaps),
                *_months(months, data, clock, gaps),
                *(IncomeStep(it.day) for it in gaps(day, day) if it.income),
            )
        case Period.MONTH:
            first = day.replace(day=1)
            others = (months_later(first, -1), months_later(first, -12))
            return _months((first, *others), data, clock, gaps)
        case Period.YEAR:
            return _years((day.year, day.year - 1), data, clock)
        case Period.TOTAL:
            # Nobody knows yet where it ends: always one year further back.
            known = [int(it.key) for it in data.years if any_energy(it.sums)]
            oldest = min(known, default=clock.today.year) - 1
            return _years(range(clock.today.year, oldest - 1, -1), data, clock)
        case _:
            assert_never(selection.kind)


def step_title(step: Step) -> str:
    """Return what a step brings: "21 June 2026", "June 2026" or "2026"."""
    match step:
        case CurveStep(day) | IncomeStep(day):
            return date_with_year(day)
        case MonthStep(first):
            return month_title(first)
        case YearStep(year):
            return str(year)
        case _:
            assert_never(step)


def _curve(
    day: date, data: HistoryData, clock: StationClock, gaps: Gaps
) -> tuple[CurveStep, ...]:
    if _before(day, data):
        return ()
    if day < clock.settled:
        lacking = any(it.curve for it in gaps(day, day))
    else:
        lacking = not _followed(day, data.points, clock)
    return (CurveStep(day),) if lacking else ()


def _followed(day: date, points: Iterable[CurvePoint], clock: StationClock) -> bool:
    """Say whether a day that is under way is held from its beginning."""
    start, end = day_span(day, clock.where)
    passed = (min(clock.now, end) - start).total_seconds() // QUARTER_S
    quarters: dict[int, Quarter] = {}
    for point in points:
        number = int((point.at - start).total_seconds() // QUARTER_S)
        power = point.power
        known = quarters.get(number, Quarter(pv_w=0.0, beside_pv=False))
        metered = (power.load_w, power.grid_w, power.battery_w) != (None, None, None)
        quarters[number] = Quarter(
            pv_w=max(known.pv_w, power.pv_w or 0.0),
            beside_pv=known.beside_pv or metered,
        )
    return is_followed(quarters, int(passed))


def _months(
    firsts: Iterable[date], data: HistoryData, clock: StationClock, gaps: Gaps
) -> tuple[MonthStep, ...]:
    return tuple(
        MonthStep(first) for first in firsts if _month_lacks(first, data, clock, gaps)
    )


def _month_lacks(
    first: date, data: HistoryData, clock: StationClock, gaps: Gaps
) -> bool:
    if _before(month_end(first), data):
        return False
    final = {it.day for it in data.days if it.final}
    over = (min(month_end(first), clock.settled - _ONE_DAY) - first).days + 1
    days = [first + n * _ONE_DAY for n in range(over)]
    lacking = [it for it in days if it not in final]
    return bool(lacking) and any(it.totals for it in gaps(lacking[0], lacking[-1]))


def _years(
    years: Iterable[int], data: HistoryData, clock: StationClock
) -> tuple[YearStep, ...]:
    return tuple(YearStep(it) for it in years if _year_lacks(it, data, clock))


def _year_lacks(year: int, data: HistoryData, clock: StationClock) -> bool:
    if year > clock.today.year or year < data.earliest(clock.today).year:
        return False
    if year < clock.settled.year:
        return not any(it.final for it in data.years if it.key == f"{year:04d}")
    last = months_later(clock.settled, -1)
    if last.year < year:  # January: the readings tell all there is
        return not any(it.key == f"{year:04d}" for it in data.years)
    # Every month: a look at one month brings its total, but not the others'.
    final = {it.key for it in data.months if it.final}
    firsts = (date(year, number, 1) for number in range(1, last.month))
    lived = (it for it in firsts if not _before(month_end(it), data))
    return any(Period.MONTH.key(it) not in final for it in (*lived, last))


def _before(day: date, data: HistoryData) -> bool:
    return data.first_month is not None and day < data.first_month


@dataclass(frozen=True, slots=True, kw_only=True)
class HistorySummary:
    """What the history holds of a station; ``trouble`` says why it is not known."""

    first: date | None = None
    newest: datetime | None = None
    size_bytes: int = 0
    trouble: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class ChartStation:
    """What the page has to know of the station.

    ``energy`` is what its newest reading tells of the periods under way.
    """

    id: str
    where: tzinfo
    name: str = ""
    capacity_kwp: float | None = None
    tariffs: Tariffs = _NO_TARIFFS
    energy: Energy = _NOTHING_TOLD
