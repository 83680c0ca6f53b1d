"""Fetches what an export lacks, politely, and keeps it: the next export has it."""

from __future__ import annotations

import logging
import sys
import time
from dataclasses import replace
from datetime import date
from typing import TYPE_CHECKING, NamedTuple

from sems_tray.compose import connected, pace, utc_now
from sems_tray.core.backfill import MOST_ODD, ODD, steps
from sems_tray.core.export_kinds import Every
from sems_tray.core.history_needs import step_title
from sems_tray.core.language import tr
from sems_tray.core.outcome import Failed
from sems_tray.core.past import CurveStep, MonthStep, YearStep, month_end

from .errors import NotKeptError
from .keeper import Keeper

if TYPE_CHECKING:
    from sems_tray.compose import Run
    from sems_tray.core.model import Station
    from sems_tray.core.past import Past, Step
    from sems_tray.sems.client import SemsClient

    from .wishes import ExportWish

log = logging.getLogger(__name__)

# A poll makes about as many requests at once.
_AT_ONCE = 12
# From here on it is worth asking since when there is anything.
_MANY_MONTHS = 24


class Filled(NamedTuple):
    """Of which station it was, where that was told, and why it is not all there."""

    station: str | None = None
    failed: Failed | None = None


def fill(run: Run, wish: ExportWish, *, is_known: bool) -> Filled:
    """Fetch what the range lacks, of the account's first station if none was chosen.

    Who never signed in exports what ``is_known``.  Raises NotKeptError as soon as the
    history cannot keep what comes: it would be fetched for nothing.
    """
    options = run.options
    signed_in = options.demo is not None or options.account or run.settings.account
    if is_known and not signed_in:
        return Filled()
    keeper = Keeper(run.paths.history, now=utc_now, shared=True)
    try:
        with connected(run) as client:
            filling = _Filling(run, client, keeper, wish)
            try:
                failed = filling.run()
            finally:
                keeper.count(client.requests)
            return Filled(filling.station, failed)
    finally:
        keeper.close()


class _Filling:
    """One export's fetching."""

    def __init__(
        self, run: Run, client: SemsClient, keeper: Keeper, wish: ExportWish
    ) -> None:
        self._client, self._keeper, self._wish = client, keeper, wish
        self._pace_s = pace(run.options).total_seconds()
        self.station: str | None = None
        self._asked = 0
        self._odd: list[Failed] = []

    def run(self) -> Failed | None:
        """Fetch; the station's zone comes first, with a reading."""
        from sems_tray.sems.client import Want

        outcome = self._client.fetch(Want())
        if isinstance(outcome, Failed):
            return outcome
        station = outcome.reading.station
        self.station = station.id
        self._keeper.keep(outcome.reading)
        if self._keeper.blocked:
            raise NotKeptError(self._keeper.message)
        first, last = self._range(station)
        wanted = self._wanted(station, first, last)
        if sum(isinstance(it, MonthStep) for it in wanted) > _MANY_MONTHS:
            built = self._built(station)
            if isinstance(built, Failed):
                return built
            wanted = self._wanted(station, max(first, built), last)
        try:
            return self._fetch_all(station, wanted)
        finally:
            _tell("")

    def _range(self, station: Station) -> tuple[date, date]:
        today = utc_now().astimezone(self._keeper.zone(station)).date()
        first = self._wish.first
        if first is None:
            known = self._keeper.first_day(station)
            first = min(known or today, today.replace(day=1))
        return first, min(self._wish.last or today, today)

    def _wanted(self, station: Station, first: date, last: date) -> tuple[Step, ...]:
        """Return the steps for what is missing of the range, and for what still grows.

        A month's total counts whole months, so its range does, too.
        """
        curves = self._wish.every in {Every.MINUTES, Every.EVERYTHING}
        totals = self._wish.every is not Every.MINUTES
        if self._wish.every is Every.MONTH:
            first, last = first.replace(day=1), month_end(last)
        gaps = [
            replace(it, curve=it.curve and curves, totals=it.totals and totals)
            for it in self._keeper.gaps(station, first, last, anew=True)
        ]
        growing: list[Step] = []
        settled = self._keeper.today(station)
        today = utc_now().astimezone(self._keeper.zone(station)).date()
        for day in {settled, today}:
            if first <= day <= last:
                growing += [CurveStep(day)] if curves else []
                growing += [MonthStep(day.replace(day=1))] if totals else []
        return tuple(dict.fromkeys((*growing, *steps(gaps))))

    def _built(self, station: Station) -> date | Failed:
        """Return the month in which the station began; date.max if it never did."""
        search = self._keeper.search(station)
        while search.year is not None:
            found = self._bring(station, YearStep(search.year))
            if isinstance(found, Failed):
                return found
            search = search.after(found)
            if search.given_up(self._keeper.today(station)):
                search = replace(search, year=None)
        self._keeper.found(station, search)
        return search.first or date.max

    def _fetch_all(self, station: Station, wanted: tuple[Step, ...]) -> Failed | None:
        for number, step in enumerate(wanted):
            # Translators: {period} is a day, a month or a year.
            text = tr("Fetching {period}: {number} of {count}")
            _tell(
                text.format(
                    period=step_title(step), number=number + 1, count=len(wanted)
                )
            )
            found = self._bring(station, step)
            if isinstance(found, Failed):
                if found.trouble not in ODD:
                    return found
                self._odd.append(found)  # one odd date must not cost the others
                if len(self._odd) >= MOST_ODD:
                    return found
        return self._odd[0] if self._odd else None

    def _bring(self, station: Station, step: Step) -> Past | Failed:
        if self._asked >= _AT_ONCE:
            time.sleep(self._pace_s)
        self._asked += 1
        return self._keeper.bring(self._client, station, step)


def _tell(words: str) -> None:
    """Show how far it is to somebody who looks; a log needs no such lines."""
    if sys.stderr.isatty():
        _say(f"\r\x1b[K{words}")


def _say(words: str) -> None:
    sys.stderr.write(words)
    sys.stderr.flush()
