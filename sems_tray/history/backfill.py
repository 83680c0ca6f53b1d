"""Fetches a station's past, or a part of it, a step at a time.

Lives in the network thread, or in a terminal command.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from sems_tray.domain.energy import CurveStep, IncomeStep, MonthStep, YearStep
from sems_tray.domain.poll_result import PollFailed

from .maintenance import HistoryWriteError
from .plan import CATCH_UP, MOST_ODD, ODD, PHASES, WHOLE, Progress, Search, steps

if TYPE_CHECKING:
    from datetime import date

    from sems_tray.domain.energy import Step
    from sems_tray.domain.model import Station

    from .plan import PastPart
    from .recorder import HistoryRecorder, Portal


_MONTHS, _DATES = PHASES
# From here on it is worth asking since when there is anything.
_MANY_MONTHS = 24


class Backfill:
    """The way back: years until there is nothing, then months, then dates.

    What is held already is left out, so a new one goes on where an old one ended.  Of a
    part what still grows is fetched, too; how far back there is anything is looked for
    only where it reaches far.  ``odd`` is the first reply that was passed over.
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
        self.odd: PollFailed | None = None
        self._plan: list[Step] | None = None
        self._dates_planned = False
        self._later = 0  # how many dates will be planned, about
        self._done = 0
        self._odd = 0

    def step(self, portal: Portal) -> Progress:
        """Fetch the next part; say how far it is."""
        if self._search.year is not None:
            return self._look_back(portal, self._search.year)
        following = self._following()
        if following is None:
            if self._part is WHOLE:
                self._recorder.set_backfill_requested(self._station, requested=False)
            return Progress(done=self._done, total=self._done, finished=True)
        try:
            found = self._recorder.fetch_and_store(portal, self._station, following)
        except HistoryWriteError as exc:
            return self._progress(following, trouble=str(exc))
        if isinstance(found, PollFailed):
            if not self._is_skipped(found):
                return self._progress(following, found)
        else:
            self._odd = 0
        self._plan = (self._plan or [])[1:]
        self._done += 1
        return self._progress(following)

    def _look_back(self, portal: Portal, year: int) -> Progress:
        """Ask for one more year."""
        step = YearStep(year)
        try:
            found = self._recorder.fetch_and_store(portal, self._station, step)
        except HistoryWriteError as exc:
            return Progress(done=self._done, at=step, trouble=str(exc))
        if isinstance(found, PollFailed):
            return Progress(done=self._done, at=step, failed=found)
        self._done += 1
        self._search = self._search.after(found)
        if self._search.given_up(self._recorder.today(self._station)):
            self._search = Search(year=None, first=self._search.first)
        self._recorder.save_first_month(self._station, self._search)
        return Progress(done=self._done, at=step)

    def _following(self) -> Step | None:
        """Return the next step; dates are planned when the months are there."""
        if self._plan is None:
            months = self._planned(_MONTHS, self._search.first)
            self._plan = list(dict.fromkeys((*self._growing(), *months)))
            self._later = len(self._planned(_DATES, self._search.first))
        if not self._plan and not self._dates_planned:
            self._dates_planned = True
            self._plan, self._later = self._planned(_DATES, self._built()), 0
        return self._plan[0] if self._plan else None

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
        if isinstance(step, IncomeStep) and part is not WHOLE:
            recent = self._recorder.today(self._station) - CATCH_UP
            return part.totals and step.day >= recent
        return part.totals

    def _growing(self) -> list[Step]:
        """Return what of a part is not final: it is fetched, however much is held."""
        found: list[Step] = []
        part = self._part
        for day in self._recorder.growing_days(self._station):
            if part is not WHOLE and part.first <= day <= part.last:
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

    def _is_skipped(self, failed: PollFailed) -> bool:
        if failed.trouble not in ODD:
            return False
        self.odd = self.odd or failed
        self._odd += 1
        return self._odd < MOST_ODD

    def _progress(
        self, at: Step, failed: PollFailed | None = None, trouble: str = ""
    ) -> Progress:
        waiting = len(self._plan or ()) + self._later
        return Progress(
            done=self._done,
            total=self._done + waiting,
            at=at,
            failed=failed,
            trouble=trouble,
        )
