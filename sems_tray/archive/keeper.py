"""Keeps the history: every reading, and what is fetched of the past.

Lives in the network thread, or in a terminal command; the one place that writes.
"""

from __future__ import annotations

import logging
import os
from dataclasses import dataclass, field
from datetime import UTC, timedelta
from functools import partial
from typing import TYPE_CHECKING, TypeVar

from sems_tray.core import logger_clock
from sems_tray.core.backfill import (
    CATCH_UP,
    PAST,
    PHASES,
    Search,
    any_energy,
    began,
    steps,
)
from sems_tray.core.history import Period, days_between
from sems_tray.core.past import settled_until
from sems_tray.core.request_count import REQUESTS
from sems_tray.places import zone_of
from sems_tray.store.history import DamagedError, History, KnownError
from sems_tray.sun import is_dull

from .bringing import bring
from .learning import learned
from .upkeep import Upkeep

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping
    from datetime import date, datetime, tzinfo
    from pathlib import Path

    from sems_tray.core.habits import Habits
    from sems_tray.core.history import DayTotals, Gap, GivenNotice, PeriodTotals
    from sems_tray.core.model import Reading, Station
    from sems_tray.core.outcome import Failed
    from sems_tray.core.past import Past, Step
    from sems_tray.core.request_count import RequestCount
    from sems_tray.store.history import HistoryReader

    from .bringing import Portal

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


class Keeper:
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
        self._upkeep = Upkeep(self._history, now=now, stop=stop)
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

    def keep(self, reading: Reading) -> None:
        """Keep a reading; some minutes later look after what is there, once a day."""
        self._history.add(reading)
        self._keep_clock(reading)
        self._upkeep.tend()

    def _keep_clock(self, reading: Reading) -> None:
        """Keep how wrong the logger's clock is, for later runs."""
        station, behind_s = reading.station.id, reading.clock_behind_s
        if self._clocks.get(station) != behind_s:
            self._clocks[station] = behind_s
            self._history.put_state(
                station, logger_clock.LOGGER_CLOCK, logger_clock.to_json(behind_s)
            )

    def record(
        self,
        states: Mapping[str, object],
        notices: Iterable[GivenNotice],
        closed: Iterable[tuple[str, str, datetime]],
    ) -> None:
        """Keep states of the program's own, notices, and that some are over."""
        for it in notices:
            self._history.add_notice(it)
        for station, topic, at in closed:
            self._history.close_notices(station, topic, at)
        for name, value in states.items():
            if self._recorded.get(name) != value:
                self._recorded[name] = value
                self._history.put_state("", name, value)

    def habits(self, station: Station) -> Habits | None:
        """Return what the station usually does; None more than once a day."""
        today = self._now().date()
        if self._learned_on.get(station.id) == today:
            return None
        self._learned_on[station.id] = today
        now = self._now()
        return self._asked(lambda: learned(self.reader, station, now), None)

    # -- the past --------------------------------------------------------------

    def bring(self, portal: Portal, station: Station, step: Step) -> Past | Failed:
        """Fetch a part of the past and keep it; return the totals that came.

        Raises NotKeptError, before the portal is asked if that is known by then.
        """
        return bring(self, portal, station, step)

    def missed(self, station: Station) -> Step | None:
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
            found = steps(self.gaps(station, missed.since))
            missed.steps = [it for it in found if isinstance(it, kinds)]
        return missed.steps.pop(0) if missed.steps else None

    def gaps(
        self,
        station: Station,
        first: date,
        last: date | None = None,
        *,
        anew: bool = False,
    ) -> tuple[Gap, ...]:
        """Return the finished dates of which something could be fetched.

        ``anew`` is the owner's wish: what the portal did not know long ago counts, too.
        """
        where = self.zone(station)
        yesterday = settled_until(self._now(), where) - _ONE_DAY
        end = yesterday if last is None else min(last, yesterday)
        return self._asked(
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
        return self._asked(lambda: self.reader.first_day(station.id, where), None)

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
        return self._asked(lambda: self.reader.days(station.id, first, last), ())

    def months_before(self, station: Station, day: date) -> tuple[PeriodTotals, ...]:
        """Return the totals of the months before a date, where known."""
        last = Period.MONTH.key(day.replace(day=1) - _ONE_DAY)
        return self._asked(
            lambda: self.reader.periods(station.id, Period.MONTH, "", last), ()
        )

    def first_with_energy(self, station: Station, since: date) -> date:
        """Return the first date since then that has a total, else that date."""
        days = self.days(station, since, self.today(station))
        return next((it.day for it in days if any_energy(it.sums)), since)

    def is_wanted(self, station: Station) -> bool:
        """Say whether the owner asked for the whole past."""
        return self._state(station).get("wanted") is True

    def want(self, station: Station, *, wanted: bool) -> None:
        """Note whether the owner wants the whole past; survives a restart."""
        self._put_state(station, wanted=wanted)

    def search(self, station: Station) -> Search:
        """Return how far the search for the first month is."""
        first = began(self._state(station))
        if first is not None:
            return Search(year=None, first=first)
        return Search(year=self.today(station).year)

    def found(self, station: Station, search: Search) -> None:
        """Keep the end of the search."""
        if search.year is None and search.first is not None:
            self._put_state(station, first=search.first.isoformat())

    def note(self, name: str) -> object:
        """Return what was kept by a name beside the stations; None for nothing."""
        return self._asked(lambda: self.reader.state("", name), None)

    def put_note(self, name: str, value: object) -> None:
        """Keep a value that JSON can say."""
        self._history.put_state("", name, value)

    def count(self, requests: RequestCount) -> None:
        """Add what was sent to the requests of the day that other runs kept."""
        today = self._now().astimezone().date()
        joined = requests.joined(self.note(REQUESTS), today)
        if joined is not None:
            self.put_note(REQUESTS, joined)

    def _state(self, station: Station) -> dict[str, object]:
        kept = self._asked(lambda: self.reader.state(station.id, PAST), None)
        return kept if isinstance(kept, dict) else {}

    def _asked(self, question: Callable[[], T], otherwise: T) -> T:
        """Ask the reader; what a bad disk leaves unknown is told by ``message``."""
        try:
            return question()
        except DamagedError:
            self._history.check()
        except KnownError as exc:
            log.info("history: %s", exc)
        return otherwise

    def _put_state(self, station: Station, **changes: object) -> None:
        self._history.put_state(station.id, PAST, self._state(station) | changes)
