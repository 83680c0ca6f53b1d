"""Records the history: every reading, and what the alerts and the back-fill remember.

Lives in the network thread, or in a terminal command; the one place that writes.
"""

from __future__ import annotations

import logging
import os
import time
from datetime import UTC, timedelta
from functools import partial
from typing import TYPE_CHECKING, TypeVar

from sems_tray.daylight.sun import is_dull
from sems_tray.daylight.zone_locations import zone_of
from sems_tray.domain import logger_clock
from sems_tray.domain.energy import (
    Period,
    days_between,
    settled_until,
)
from sems_tray.portal.request_queue import REQUESTS
from sems_tray.storage.history.database import DamagedError, StorageError
from sems_tray.storage.history.store import History

from .learned_habits import learned
from .plan import PAST, Search, any_energy, first_month_of

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping
    from datetime import date, datetime, tzinfo
    from pathlib import Path

    from sems_tray.daylight.waking import Habits
    from sems_tray.domain.energy import (
        DayTotals,
        MissingDay,
        NotificationRecord,
        PeriodTotals,
    )
    from sems_tray.domain.model import Reading, Station
    from sems_tray.portal.request_queue import RequestCount


T = TypeVar("T")

log = logging.getLogger(__name__)

_ONE_DAY = timedelta(days=1)
# Under this name the history keeps the last date on which it was looked after.
_TENDED = "tended"
# A program that starts has better things to do than maintenance.
_SETTLE = timedelta(minutes=5)
# Ten years take more than a minute the first time, and polls must go on meanwhile.
_SLICE_S = 1.0


class HistoryRecorder:
    """The writer of one profile's history.

    ``history`` is what it writes to, ``reader`` reads in the same thread.  ``stop``
    ends long upkeep early; ``shared`` says that another process may be writing, too.
    """

    def __init__(
        self,
        path: Path,
        *,
        now: Callable[[], datetime],
        stop: Callable[[], bool] = lambda: False,
        shared: bool = False,
    ) -> None:
        self.history = History(path, now=now, shared=shared)
        self.reader = self.history.reader
        if os.path.lexists(path):
            self.history.open()  # what earlier runs kept is asked for before a write
        self._now = now
        self._maintenance = Maintenance(self.history, now=now, stop=stop)
        self._recorded: dict[str, object] = {}
        self._learned_on: dict[str, date] = {}
        self._clocks: dict[str, float] = {}

    @property
    def message(self) -> str:
        """What the owner should know of the history, or nothing."""
        return self.history.message

    def close(self) -> None:
        """Write what waits and let go of the file."""
        self.history.close()

    @property
    def blocked(self) -> bool:
        """Whether what is fetched now would not be kept; ``message`` says why."""
        history = self.history
        return history.waiting > 0 or (not history.writable and bool(history.message))

    def record_reading(self, reading: Reading) -> None:
        """Record a reading; then do what is due of the daily maintenance."""
        self.history.add(reading)
        self._save_clock(reading)
        self._maintenance.run_due()

    def _save_clock(self, reading: Reading) -> None:
        """Save how wrong the logger's clock is, for later runs."""
        station, behind_s = reading.station.id, reading.clock_behind_s
        if self._clocks.get(station) != behind_s:
            self._clocks[station] = behind_s
            self.history.put_state(
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
            self.history.add_notice(notice)
        for station, topic, at in closed:
            self.history.close_notices(station, topic, at)
        for name, value in states.items():
            if self._recorded.get(name) != value:
                self._recorded[name] = value
                self.save_state(name, value)

    def learn_habits(self, station: Station) -> Habits | None:
        """Return what the station usually does; None more than once a day."""
        today = self._now().date()
        if self._learned_on.get(station.id) == today:
            return None
        self._learned_on[station.id] = today
        now = self._now()
        return self._read(lambda: learned(self.reader, station, now), None)

    # -- the past --------------------------------------------------------------

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
            lambda: self.reader.periods(station.id, Period.MONTH, last=last), ()
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
        first = first_month_of(self._backfill_state(station))
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
        self.history.put_state("", name, value)

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
            self.history.check()
        except StorageError as exc:
            log.info("history: %s", exc)
        return otherwise

    def _save_backfill_state(self, station: Station, **changes: object) -> None:
        self.history.put_state(
            station.id, PAST, self._backfill_state(station) | changes
        )


class Maintenance:
    """Thins and checks a history, once a day and a little at a time.

    ``stop`` ends a slice early.
    """

    def __init__(
        self,
        history: History,
        *,
        now: Callable[[], datetime],
        stop: Callable[[], bool],
        tick: Callable[[], float] = time.monotonic,
    ) -> None:
        self._history, self._now, self._stop, self._tick = history, now, stop, tick
        self._started = now()
        self._tended: object = None
        self._gone = 0

    def run_due(self) -> None:
        """Do a slice of what is due today; to be called after each reading."""
        now = self._now()
        today = now.date().isoformat()
        if self._stop() or abs(now - self._started) < _SETTLE:
            return
        if self._last() == today or not self._history.writable:
            return
        if not self._thin():
            return
        log.info("history: %d old rows were thinned", self._gone)
        self._gone = 0
        self._history.check()
        self._tended = today
        self._history.put_state("", _TENDED, today)

    def _thin(self) -> bool:
        """Thin for a moment; say whether nothing is left to thin."""
        until, cut = self._tick() + _SLICE_S, False

        def stop() -> bool:
            nonlocal cut
            cut = self._stop() or self._tick() >= until
            return cut

        self._gone += self._history.thin(stop)
        return not cut

    def _last(self) -> object:
        """Return the last date on which all was done; None for none."""
        if self._tended is None:
            try:
                self._tended = self._history.reader.state("", _TENDED)
            except StorageError as exc:
                log.info("history: %s", exc)
        return self._tended
