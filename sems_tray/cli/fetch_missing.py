"""Fetches what an export lacks, politely, and keeps it: the next export has it."""

from __future__ import annotations

import sys
import time
from typing import TYPE_CHECKING, NamedTuple

from sems_tray.domain.poll_result import PollFailed
from sems_tray.domain.time_zones import utc_now
from sems_tray.history.backfill import Backfill
from sems_tray.history.recorder import HistoryRecorder
from sems_tray.history.transfer.missing import part_of
from sems_tray.runtime.context import connected, pace
from sems_tray.storage.history.database import HistoryWriteError
from sems_tray.window.transfer.view_model import past_words

if TYPE_CHECKING:
    from datetime import date

    from sems_tray.domain.model import Station
    from sems_tray.portal.client import SemsClient
    from sems_tray.runtime.context import AppContext

    from .transfer_arguments import ExportArguments


# A poll makes about as many requests at once.
_AT_ONCE = 12


class Filled(NamedTuple):
    """Of which station it was, where that was told, and why it is not all there."""

    station: str | None = None
    failed: PollFailed | None = None


def fill(run: AppContext, wish: ExportArguments, *, is_known: bool) -> Filled:
    """Fetch what the range lacks, of the account's first station if none was chosen.

    Who never signed in exports what ``is_known``.  Raises HistoryWriteError as soon as
    the history cannot keep what comes: it would be fetched for nothing.
    """
    options = run.options
    signed_in = options.demo is not None or options.account or run.settings.account
    if is_known and not signed_in:
        return Filled()
    recorder = HistoryRecorder(run.paths.history, now=utc_now, shared=True)
    try:
        with connected(run) as client:
            filling = _Filling(run, client, recorder, wish)
            try:
                failed = filling.run()
            finally:
                recorder.save_request_count(client.requests)
            return Filled(filling.station, failed)
    finally:
        recorder.close()


class _Filling:
    """One export's fetching."""

    def __init__(
        self,
        run: AppContext,
        client: SemsClient,
        recorder: HistoryRecorder,
        wish: ExportArguments,
    ) -> None:
        self._client, self._recorder, self._wish = client, recorder, wish
        self._pace_s = pace(run.options).total_seconds()
        self.station: str | None = None

    def run(self) -> PollFailed | None:
        """Fetch; the station's zone comes first, with a reading."""
        from sems_tray.portal.poll_plan import PollRequest

        outcome = self._client.fetch(PollRequest())
        if isinstance(outcome, PollFailed):
            return outcome
        station = outcome.reading.station
        self.station = station.id
        self._recorder.record_reading(outcome.reading)
        if self._recorder.blocked:
            raise HistoryWriteError(self._recorder.message)
        first, last = self._range(station)
        part = part_of(self._wish.every, first, last)
        try:
            return self._fetch(Backfill(self._recorder, station, part))
        finally:
            _tell("")

    def _range(self, station: Station) -> tuple[date, date]:
        today = utc_now().astimezone(self._recorder.zone(station)).date()
        first, last = self._wish.first, min(self._wish.last or today, today)
        if first is None:
            known = self._recorder.first_day(station)
            first = min(known or last, last.replace(day=1))
        return first, last

    def _fetch(self, backfill: Backfill) -> PollFailed | None:
        """Fetch it all; one date that cannot be read must not cost the others."""
        asked = 0
        while True:
            progress = backfill.step(self._client)
            asked += 1
            if progress.trouble:
                raise HistoryWriteError(progress.trouble)
            if progress.finished or progress.failed is not None:
                return progress.failed
            _tell(past_words(progress, wanted=True, wait=None))
            if asked >= _AT_ONCE and progress.done != progress.total:
                time.sleep(self._pace_s)


def _tell(words: str) -> None:
    """Show how far it is to somebody who looks; a log needs no such lines."""
    if sys.stderr.isatty():
        _say(f"\r\x1b[K{words}")


def _say(words: str) -> None:
    sys.stderr.write(words)
    sys.stderr.flush()
