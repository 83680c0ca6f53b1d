"""Fetches a station's past from the portal into the history, a step at a time.

Lives in the network thread, or in a terminal command.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta
from typing import TYPE_CHECKING, Protocol, assert_never

from sems_tray.domain.energy import (
    CurveStep,
    IncomeStep,
    MonthStep,
    Period,
    PeriodStatistics,
    ValueSource,
    YearStep,
    days_between,
    known,
    month_end,
)
from sems_tray.domain.poll_result import PollFailed, Trouble
from sems_tray.storage.history.database import HistoryWriteError

from .plan import WHOLE, PastPart, Progress, Search, any_energy, steps

if TYPE_CHECKING:
    from sems_tray.domain.energy import DayTotals, PeriodTotals, Step
    from sems_tray.domain.model import CurvePoint, EnergySums, Station

    from .recorder import HistoryRecorder


_ONE_DAY = timedelta(days=1)
# So far back a computer that was off is made up for without being asked, and what
# the portal did not know is asked for again: a data logger uploads late.
_CATCH_UP = timedelta(days=14)
# Dates are planned when the months are there: those may tell all.
_MONTHS: tuple[type[Step], ...] = (MonthStep,)
_DATES: tuple[type[Step], ...] = (IncomeStep, CurveStep)
# One reply that cannot be read must not end the fetching; so many are no accident.
_MOST_SKIPPED = 3
_SKIPPABLE = frozenset({Trouble.UNREADABLE, Trouble.PORTAL_CHANGED})
# From here on it is worth asking since when there is anything.
_MANY_MONTHS = 24
# Energy so many days before shows that a station was there; snow may lie for long.
_LIVED_DAYS = 62


class Portal(Protocol):
    """The portal as far as the past goes; for the chosen station."""

    def day_curve(self, day: date) -> tuple[CurvePoint, ...] | PollFailed:
        """Return one date's powers."""

    def income(self, day: date) -> EnergySums | PollFailed:
        """Return what a date earned, where its month does not tell."""

    def month(self, first: date) -> PeriodStatistics | PollFailed:
        """Return the totals of a month and its dates."""

    def year(self, year: int) -> PeriodStatistics | PollFailed:
        """Return the totals of a year and its months."""


class Backfill:
    """The way back: years until there is nothing, then months, then dates.

    What is held already is left out, so a new one goes on where an old one ended.  Of a
    part what still grows is fetched, too; how far back there is anything is looked for
    only where it reaches far.
    """

    def __init__(
        self, recorder: HistoryRecorder, station: Station, part: PastPart = WHOLE
    ) -> None:
        self._recorder = recorder
        self._station = station
        self._part = part
        self._search: Search = recorder.first_month_search(station)
        if self._search.year is not None and part.months <= _MANY_MONTHS:
            self._search = Search(year=None, first=part.first)
        self._first_skipped: PollFailed | None = None
        self._plan: list[Step] | None = None
        self._dates_planned = False
        self._later = 0  # how many dates will be planned, about
        self._done = 0
        self._skipped = 0

    def step(self, portal: Portal) -> Progress:
        """Fetch the next step; say how far it is.

        At the end of a part ``failed`` is the first reply that was passed over.
        """
        step = self._next_step()
        if step is None:
            done = Progress(done=self._done, total=self._done, finished=True)
            if self._part != WHOLE:
                return replace(done, failed=self._first_skipped)
            self._recorder.set_backfill_requested(self._station, requested=False)
            return done
        try:
            answer = fetch_and_store(self._recorder, portal, self._station, step)
        except HistoryWriteError as exc:
            return self._progress(step, trouble=str(exc))
        if isinstance(answer, PollFailed):
            if not self._is_skipped(step, answer):
                return self._progress(step, answer)
            self.skip()
        elif isinstance(step, YearStep):
            self._search_back(answer)
        else:
            self._skipped = 0
            self.skip()
        self._done += 1
        return self._progress(step)

    def skip(self) -> None:
        """Let the step alone that is the next one."""
        self._plan = (self._plan or [])[1:]

    def _next_step(self) -> Step | None:
        """Return the next step; dates are planned when the months are there."""
        if self._search.year is not None:
            return YearStep(self._search.year)
        if self._plan is None:
            months = self._planned(_MONTHS, self._search.first)
            self._plan = list(dict.fromkeys((*self._growing(), *months)))
            self._later = len(self._planned(_DATES, self._search.first))
        if not self._plan and not self._dates_planned:
            self._dates_planned = True
            self._plan, self._later = self._planned(_DATES, self._built()), 0
        return self._plan[0] if self._plan else None

    def _search_back(self, answer: PeriodStatistics) -> None:
        """Go a year further back, unless the first month is found."""
        self._search = self._search.after(answer)
        if self._search.given_up(self._recorder.today(self._station)):
            self._search = Search(year=None, first=self._search.first)
        self._recorder.save_first_month(self._station, self._search)

    def _planned(self, kinds: tuple[type[Step], ...], first: date | None) -> list[Step]:
        if first is None:
            return []
        part = self._part
        since = max(first, part.first)
        gaps = self._recorder.missing_days(self._station, since, part.last, anew=True)
        return [
            step
            for step in steps(gaps)
            if isinstance(step, kinds) and self._is_wanted(step)
        ]

    def _is_wanted(self, step: Step) -> bool:
        """Say whether a step is of the part.

        Income is a request a date: of long ago it is for who wants the whole past.
        """
        part = self._part
        if isinstance(step, CurveStep):
            return part.curves
        if isinstance(step, IncomeStep) and part != WHOLE:
            recent = self._recorder.today(self._station) - _CATCH_UP
            return part.totals and step.day >= recent
        return part.totals

    def _growing(self) -> list[Step]:
        """Return what of a part is not final: it is fetched, however much is held."""
        found: list[Step] = []
        part = self._part
        for day in self._recorder.growing_days(self._station):
            if part != WHOLE and part.first <= day <= part.last:
                found += [CurveStep(day)] if part.curves else []
                found += [MonthStep(day.replace(day=1))] if part.totals else []
        return found

    def _built(self) -> date | None:
        """Return the first date worth a curve; known when the months are there."""
        first = self._search.first
        if first is None or not self._part.totals:
            return first
        since = max(first, self._part.first)
        return self._recorder.first_with_energy(self._station, since)

    def _is_skipped(self, step: Step, failed: PollFailed) -> bool:
        """Say whether a reply is passed over; a year of the search never is."""
        if failed.trouble not in _SKIPPABLE or isinstance(step, YearStep):
            return False
        self._first_skipped = self._first_skipped or failed
        self._skipped += 1
        return self._skipped < _MOST_SKIPPED

    def _progress(
        self, at: Step, failed: PollFailed | None = None, trouble: str = ""
    ) -> Progress:
        """Say how far it is; how much there is shows when the first month is known."""
        waiting = len(self._plan or ()) + self._later
        return Progress(
            done=self._done,
            total=None if isinstance(at, YearStep) else self._done + waiting,
            at=at,
            failed=failed,
            trouble=trouble,
        )


class CatchUp:
    """Makes up for the days when the program did not run: a step after each poll.

    They are looked for once a day; only dates since the first known one count.
    """

    def __init__(self, recorder: HistoryRecorder) -> None:
        self._recorder = recorder
        self._backfills: dict[str, tuple[date, Backfill]] = {}

    def step(self, portal: Portal, station: Station) -> None:
        """Fetch the next step, if any is left; what fails has its turn tomorrow."""
        today = self._recorder.today(station)
        day, backfill = self._backfills.get(station.id, (None, None))
        if backfill is None or day != today:
            first = self._recorder.first_day(station) or today
            part = PastPart(first=max(first, today - _CATCH_UP), last=today - _ONE_DAY)
            backfill = Backfill(self._recorder, station, part)
            self._backfills[station.id] = today, backfill
        if backfill.step(portal).failed is not None:
            backfill.skip()


def fetch_and_store(
    recorder: HistoryRecorder, portal: Portal, station: Station, step: Step
) -> PeriodStatistics | PollFailed:
    """Fetch a step of the past and store it; return the totals that came.

    Raises HistoryWriteError, before the portal is asked if that is known by then.
    """
    if recorder.blocked:
        raise HistoryWriteError(recorder.message)
    match step:
        case CurveStep(day):
            return _fetch_curve(recorder, portal, station, day)
        case IncomeStep(day):
            return _fetch_income(recorder, portal, station, day)
        case MonthStep(first):
            found = portal.month(first)
        case YearStep(year):
            found = portal.year(year)
        case _:
            assert_never(step)
    if isinstance(found, PollFailed):
        return found
    _save_totals(recorder, station, found)
    if isinstance(step, MonthStep):
        _mark_month_asked(recorder, station, step.first)
    return found


def _fetch_curve(
    recorder: HistoryRecorder, portal: Portal, station: Station, day: date
) -> PeriodStatistics | PollFailed:
    points = portal.day_curve(day)
    if isinstance(points, PollFailed):
        return points
    over = day < recorder.today(station)
    recorder.history.add_curve(station.id, points, day=day if over else None)
    recorder.history.check_written()
    return PeriodStatistics()


def _fetch_income(
    recorder: HistoryRecorder, portal: Portal, station: Station, day: date
) -> PeriodStatistics | PollFailed:
    """Fetch what a date earned, once its energies are final."""
    if not any(it.final for it in recorder.days(station, day, day)):
        return PeriodStatistics()
    earned = portal.income(day)
    if isinstance(earned, PollFailed):
        return earned
    history = recorder.history
    if known(earned):
        history.put_day(station.id, day, earned)
    history.record_asked(station.id, "income", day)
    history.check_written()
    return PeriodStatistics()


def _save_totals(
    recorder: HistoryRecorder, station: Station, found: PeriodStatistics
) -> None:
    history = recorder.history
    for it in (*_believable_zeros(recorder, station, found.zeros), *found.days):
        history.put_day(station.id, it.day, it.sums, _source(it))
    zero_months = [
        month
        for month in found.zero_months
        if _was_there(recorder, station, date.fromisoformat(f"{month.key}-01"))
    ]
    for month in (*zero_months, *found.months):
        key, source = month.key, _source(month)
        history.put_period(station.id, Period.MONTH, key, month.sums, source)
    for year in found.years:
        history.put_period(station.id, Period.YEAR, year.key, year.sums, _source(year))
    history.check_written()


def _believable_zeros(
    recorder: HistoryRecorder, station: Station, zeros: tuple[DayTotals, ...]
) -> tuple[DayTotals, ...]:
    """Return days of nothing but zeros, if the station was there by then."""
    return zeros if zeros and _was_there(recorder, station, zeros[0].day) else ()


def _was_there(recorder: HistoryRecorder, station: Station, day: date) -> bool:
    """Say whether the station is known to have made or used energy before a date."""
    built = recorder.first_month_search(station).first
    if built is not None and built < day.replace(day=1):
        return True
    days = recorder.days(station, day - _ONE_DAY * _LIVED_DAYS, day - _ONE_DAY)
    months = recorder.months_before(station, day)
    before = (*(it.sums for it in days), *(it.sums for it in months))
    return any(any_energy(it) for it in before)


def _mark_month_asked(recorder: HistoryRecorder, station: Station, first: date) -> None:
    """Mark a month as asked for, also dates of which the portal said nothing."""
    yesterday = recorder.today(station) - _ONE_DAY
    days = days_between(first, min(month_end(first), yesterday))
    recorder.history.record_asked(station.id, "totals", *days)
    recorder.history.check_written()


def _source(total: DayTotals | PeriodTotals) -> ValueSource:
    return ValueSource.PORTAL if total.final else ValueSource.LIVE
