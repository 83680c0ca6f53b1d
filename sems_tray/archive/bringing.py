"""Fetches a part of the past from the portal and keeps it."""

from __future__ import annotations

from datetime import date, timedelta
from typing import TYPE_CHECKING, Protocol, assert_never

from sems_tray.core.backfill import any_energy
from sems_tray.core.history import Period, Source, days_between, known
from sems_tray.core.outcome import Failed
from sems_tray.core.past import (
    CurveStep,
    IncomeStep,
    MonthStep,
    Past,
    YearStep,
    month_end,
)

from .errors import NotKeptError

if TYPE_CHECKING:
    from sems_tray.core.history import DayTotals, PeriodTotals
    from sems_tray.core.model import CurvePoint, EnergySums, Station
    from sems_tray.core.past import Step

    from .keeper import Keeper

_ONE_DAY = timedelta(days=1)
# Energy so many days before shows that a station was there; snow may lie for long.
_LIVED_DAYS = 62


class Portal(Protocol):
    """The portal as far as the past goes; for the chosen station."""

    def day_curve(self, day: date) -> tuple[CurvePoint, ...] | Failed:
        """Return one date's powers."""

    def income(self, day: date) -> EnergySums | Failed:
        """Return what a date earned, where its month does not tell."""

    def month(self, first: date) -> Past | Failed:
        """Return the totals of a month and its dates."""

    def year(self, year: int) -> Past | Failed:
        """Return the totals of a year and its months."""


def bring(
    keeper: Keeper, portal: Portal, station: Station, step: Step
) -> Past | Failed:
    """Fetch and keep; return the totals that came. Raises NotKeptError."""
    if keeper.blocked:
        raise NotKeptError(keeper.message)
    match step:
        case CurveStep(day):
            return _bring_curve(keeper, portal, station, day)
        case IncomeStep(day):
            return _bring_income(keeper, portal, station, day)
        case MonthStep(first):
            found = portal.month(first)
        case YearStep(year):
            found = portal.year(year)
        case _:
            assert_never(step)
    if isinstance(found, Failed):
        return found
    _put(keeper, station, found)
    if isinstance(step, MonthStep):
        _note_month(keeper, station, step.first)
    return found


def _bring_curve(
    keeper: Keeper, portal: Portal, station: Station, day: date
) -> Past | Failed:
    points = portal.day_curve(day)
    if isinstance(points, Failed):
        return points
    over = day < keeper.today(station)
    asked = day if over else None
    _check(keeper, done=keeper.history.add_curve(station.id, points, day=asked))
    return Past()


def _bring_income(
    keeper: Keeper, portal: Portal, station: Station, day: date
) -> Past | Failed:
    """Fetch what a date earned, once its energies are final."""
    if not any(it.final for it in keeper.days(station, day, day)):
        return Past()
    earned = portal.income(day)
    if isinstance(earned, Failed):
        return earned
    history = keeper.history
    _check(
        keeper,
        done=(not known(earned) or history.put_day(station.id, day, earned))
        and history.note_asked(station.id, day, income=True),
    )
    return Past()


def _put(keeper: Keeper, station: Station, found: Past) -> None:
    history = keeper.history
    done = [
        history.put_day(station.id, it.day, it.sums, _source(it))
        for it in (*_believed(keeper, station, found.zeros), *found.days)
    ]
    zero_months = [
        it
        for it in found.zero_months
        if _was_there(keeper, station, date.fromisoformat(f"{it.key}-01"))
    ]
    months = (*zero_months, *found.months)
    for period, rows in ((Period.MONTH, months), (Period.YEAR, found.years)):
        done += [
            history.put_period(station.id, period, it.key, it.sums, _source(it))
            for it in rows
        ]
    _check(keeper, done=all(done))


def _believed(
    keeper: Keeper, station: Station, zeros: tuple[DayTotals, ...]
) -> tuple[DayTotals, ...]:
    """Return days of nothing but zeros, if the station was there by then."""
    return zeros if zeros and _was_there(keeper, station, zeros[0].day) else ()


def _was_there(keeper: Keeper, station: Station, day: date) -> bool:
    """Say whether the station is known to have made or used energy before a date."""
    built = keeper.search(station).first
    if built is not None and built < day.replace(day=1):
        return True
    days = keeper.days(station, day - _ONE_DAY * _LIVED_DAYS, day - _ONE_DAY)
    months = keeper.months_before(station, day)
    before = (*(it.sums for it in days), *(it.sums for it in months))
    return any(any_energy(it) for it in before)


def _note_month(keeper: Keeper, station: Station, first: date) -> None:
    """Note that the portal was asked, also for dates of which it said nothing."""
    yesterday = keeper.today(station) - _ONE_DAY
    days = days_between(first, min(month_end(first), yesterday))
    _check(keeper, done=keeper.history.note_asked(station.id, *days, totals=True))


def _check(keeper: Keeper, *, done: bool) -> None:
    if not done:
        raise NotKeptError(keeper.message)


def _source(total: DayTotals | PeriodTotals) -> Source:
    return Source.PORTAL if total.final else Source.LIVE
