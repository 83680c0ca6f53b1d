"""Records the history: every reading, and what is fetched of the past.

Lives in the network thread, or in a terminal command; the one place that writes.
"""

from __future__ import annotations

import logging
import os
from dataclasses import dataclass, field
from datetime import UTC, date, timedelta
from functools import partial
from typing import TYPE_CHECKING, Protocol, TypeVar, assert_never

from sems_tray.daylight.sun import is_dull
from sems_tray.daylight.zone_locations import zone_of
from sems_tray.domain import logger_clock
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
    settled_until,
)
from sems_tray.domain.poll_result import PollFailed
from sems_tray.portal.request_queue import REQUESTS
from sems_tray.storage.history.database import DamagedError, StorageError
from sems_tray.storage.history.store import History

from .learned_habits import learned
from .maintenance import HistoryWriteError, Maintenance
from .plan import CATCH_UP, PAST, PHASES, Search, any_energy, began, steps

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping
    from datetime import datetime, tzinfo
    from pathlib import Path

    from sems_tray.daylight.habits import Habits
    from sems_tray.domain.energy import (
        DayTotals,
        MissingDay,
        NotificationRecord,
        PeriodTotals,
        Step,
    )
    from sems_tray.domain.model import CurvePoint, EnergySums, Reading, Station
    from sems_tray.portal.request_queue import RequestCount
    from sems_tray.storage.history.reader import HistoryReader


T = TypeVar("T")

log = logging.getLogger(__name__)

_ONE_DAY = timedelta(days=1)


@dataclass(slots=True, kw_only=True)
class _Missed:
    """What is still to be fetched today of the days when nobody listened."""

    today: date
    since: date
    steps: list[Step] = field(default_factory=list)
    phases: list[tuple[type[Step], ...]] = field(default_factory=lambda: [*PHASES])


class HistoryRecorder:
    """The writer of one profile's history.

    ``stop`` ends long upkeep early; ``shared`` says that another process may be
    writing, too.
    """

    def __init__(
        self,
        path: Path,
        *,
        now: Callable[[], datetime],
        stop: Callable[[], bool] = lambda: False,
        shared: bool = False,
    ) -> None:
        self._history = History(path, now=now, shared=shared)
        if os.path.lexists(path):
            self._history.open()  # what earlier runs kept is asked for before a write
        self._now = now
        self._maintenance = Maintenance(self._history, now=now, stop=stop)
        self._missed: dict[str, _Missed] = {}
        self._recorded: dict[str, object] = {}
        self._learned_on: dict[str, date] = {}
        self._clocks: dict[str, float] = {}

    @property
    def history(self) -> History:
        """The history itself."""
        return self._history

    @property
    def reader(self) -> HistoryReader:
        """Reads in the writer's thread."""
        return self._history.reader

    @property
    def message(self) -> str:
        """What the owner should know of the history, or nothing."""
        return self._history.message

    def close(self) -> None:
        """Write what waits and let go of the file."""
        self._history.close()

    @property
    def blocked(self) -> bool:
        """Whether what is fetched now would not be kept; ``message`` says why."""
        history = self._history
        return history.waiting > 0 or (not history.writable and bool(history.message))

    def record_reading(self, reading: Reading) -> None:
        """Record a reading; then do what is due of the daily maintenance."""
        self._history.add(reading)
        self._save_clock(reading)
        self._maintenance.run_due()

    def _save_clock(self, reading: Reading) -> None:
        """Save how wrong the logger's clock is, for later runs."""
        station, behind_s = reading.station.id, reading.clock_behind_s
        if self._clocks.get(station) != behind_s:
            self._clocks[station] = behind_s
            self._history.put_state(
                station, logger_clock.LOGGER_CLOCK, logger_clock.to_json(behind_s)
            )

    def record_alerts(
        self,
        states: Mapping[str, object],
        notices: Iterable[NotificationRecord],
        closed: Iterable[tuple[str, str, datetime]],
    ) -> None:
        """Save the program's own states, add notices, and mark some as over."""
        for notice in notices:
            self._history.add_notice(notice)
        for station, topic, at in closed:
            self._history.close_notices(station, topic, at)
        for name, value in states.items():
            if self._recorded.get(name) != value:
                self._recorded[name] = value
                self._history.put_state("", name, value)

    def learn_habits(self, station: Station) -> Habits | None:
        """Return what the station usually does; None more than once a day."""
        today = self._now().date()
        if self._learned_on.get(station.id) == today:
            return None
        self._learned_on[station.id] = today
        now = self._now()
        return self._read(lambda: learned(self.reader, station, now), None)

    # -- the past --------------------------------------------------------------

    def fetch_and_store(
        self, portal: Portal, station: Station, step: Step
    ) -> PeriodStatistics | PollFailed:
        """Fetch a part of the past and store it; return the totals that came.

        Raises HistoryWriteError, before the portal is asked if that is known by then.
        """
        return fetch_and_store(self, portal, station, step)

    def next_missing_step(self, station: Station) -> Step | None:
        """Return the next thing to fetch for the days when nobody listened, if any.

        They are looked for once a day; only dates since the first known one count.
        """
        today = self.today(station)
        missed = self._missed.get(station.id)
        if missed is None or missed.today != today:
            first = self.first_day(station) or today
            missed = _Missed(today=today, since=max(first, today - CATCH_UP))
            self._missed[station.id] = missed
        while missed.phases and not missed.steps:
            kinds = missed.phases.pop(0)
            found = steps(self.missing_days(station, missed.since))
            missed.steps = [it for it in found if isinstance(it, kinds)]
        return missed.steps.pop(0) if missed.steps else None

    def missing_days(
        self,
        station: Station,
        first: date,
        last: date | None = None,
        *,
        anew: bool = False,
    ) -> tuple[MissingDay, ...]:
        """Return the finished dates of which something could be fetched.

        ``anew`` is the owner's wish: what the portal did not know long ago counts, too.
        """
        where = self.zone(station)
        yesterday = settled_until(self._now(), where) - _ONE_DAY
        end = yesterday if last is None else min(last, yesterday)
        return self._read(
            lambda: self.reader.gaps(
                station.id,
                first,
                end,
                where,
                now=self._now(),
                anew=anew,
                is_dull=partial(is_dull, station, where=where),
            ),
            (),
        )

    def first_day(self, station: Station) -> date | None:
        """Return the first date of which anything is known."""
        where = self.zone(station)
        return self._read(lambda: self.reader.first_day(station.id, where), None)

    def zone(self, station: Station) -> tzinfo:
        """Return the station's time zone; UTC while it is unknown."""
        return zone_of(station, self._now()) or UTC

    def today(self, station: Station) -> date:
        """Return the station's date, as far as totals go."""
        return settled_until(self._now(), self.zone(station))

    def growing_days(self, station: Station) -> tuple[date, ...]:
        """Return the local dates of which more may come: today, and before it a while.

        Yesterday's counters are not settled just after midnight.
        """
        today = self._now().astimezone(self.zone(station)).date()
        return tuple(days_between(self.today(station), today))

    def days(self, station: Station, first: date, last: date) -> tuple[DayTotals, ...]:
        """Return the totals of dates, both inclusive, where known."""
        return self._read(lambda: self.reader.days(station.id, first, last), ())

    def months_before(self, station: Station, day: date) -> tuple[PeriodTotals, ...]:
        """Return the totals of the months before a date, where known."""
        last = Period.MONTH.key(day.replace(day=1) - _ONE_DAY)
        return self._read(
            lambda: self.reader.periods(station.id, Period.MONTH, "", last), ()
        )

    def first_with_energy(self, station: Station, since: date) -> date:
        """Return the first date since then that has a total, else that date."""
        days = self.days(station, since, self.today(station))
        return next((it.day for it in days if any_energy(it.sums)), since)

    def is_backfill_requested(self, station: Station) -> bool:
        """Say whether the owner asked for the whole past."""
        return self._backfill_state(station).get("wanted") is True

    def set_backfill_requested(self, station: Station, *, requested: bool) -> None:
        """Save whether the owner wants the whole past, also for the next run."""
        self._save_backfill_state(station, wanted=requested)

    def first_month_search(self, station: Station) -> Search:
        """Return how far the search for the first month is."""
        first = began(self._backfill_state(station))
        if first is not None:
            return Search(year=None, first=first)
        return Search(year=self.today(station).year)

    def save_first_month(self, station: Station, search: Search) -> None:
        """Save the first month once the search is over."""
        if search.year is None and search.first is not None:
            self._save_backfill_state(station, first=search.first.isoformat())

    def saved_state(self, name: str) -> object:
        """Return what was saved under a name; None for nothing."""
        return self._read(lambda: self.reader.state("", name), None)

    def save_state(self, name: str, value: object) -> None:
        """Save a JSON value under a name, beside the stations."""
        self._history.put_state("", name, value)

    def save_request_count(self, requests: RequestCount) -> None:
        """Add what was sent to the requests of the day that other runs kept."""
        today = self._now().astimezone().date()
        joined = requests.joined(self.saved_state(REQUESTS), today)
        if joined is not None:
            self.save_state(REQUESTS, joined)

    def _backfill_state(self, station: Station) -> dict[str, object]:
        kept = self._read(lambda: self.reader.state(station.id, PAST), None)
        return kept if isinstance(kept, dict) else {}

    def _read(self, question: Callable[[], T], otherwise: T) -> T:
        """Ask the reader; what a bad disk leaves unknown is told by ``message``."""
        try:
            return question()
        except DamagedError:
            self._history.check()
        except StorageError as exc:
            log.info("history: %s", exc)
        return otherwise

    def _save_backfill_state(self, station: Station, **changes: object) -> None:
        self._history.put_state(
            station.id, PAST, self._backfill_state(station) | changes
        )


# Fetches a part of the past from the portal and keeps it.

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


def fetch_and_store(
    recorder: HistoryRecorder, portal: Portal, station: Station, step: Step
) -> PeriodStatistics | PollFailed:
    """Fetch and store; return the totals that came. Raises HistoryWriteError."""
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
    asked = day if over else None
    _check(recorder, done=recorder.history.add_curve(station.id, points, day=asked))
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
    _check(
        recorder,
        done=(not known(earned) or history.put_day(station.id, day, earned))
        and history.note_asked(station.id, day, income=True),
    )
    return PeriodStatistics()


def _save_totals(
    recorder: HistoryRecorder, station: Station, found: PeriodStatistics
) -> None:
    history = recorder.history
    done = [
        history.put_day(station.id, it.day, it.sums, _source(it))
        for it in (*_believable_zeros(recorder, station, found.zeros), *found.days)
    ]
    zero_months = [
        month
        for month in found.zero_months
        if _was_there(recorder, station, date.fromisoformat(f"{month.key}-01"))
    ]
    months = (*zero_months, *found.months)
    for period, rows in ((Period.MONTH, months), (Period.YEAR, found.years)):
        done += [
            history.put_period(station.id, period, row.key, row.sums, _source(row))
            for row in rows
        ]
    _check(recorder, done=all(done))


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
    _check(recorder, done=recorder.history.note_asked(station.id, *days, totals=True))


def _check(recorder: HistoryRecorder, *, done: bool) -> None:
    if not done:
        raise HistoryWriteError(recorder.message)


def _source(total: DayTotals | PeriodTotals) -> ValueSource:
    return ValueSource.PORTAL if total.final else ValueSource.LIVE
