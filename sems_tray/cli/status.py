"""The commands that need no Qt: ``status``, ``status --watch`` and ``stations``."""

from __future__ import annotations

import logging
import random
import sys
import time
from contextlib import closing
from typing import TYPE_CHECKING

from sems_tray.domain.failures import sentence, words
from sems_tray.domain.poll_result import PollFailed, PollSucceeded, Trouble
from sems_tray.domain.station_state import may_rest
from sems_tray.domain.time_zones import utc_now
from sems_tray.history.learned_habits import learned
from sems_tray.history.recorder import HistoryRecorder
from sems_tray.i18n.formatting import one_line
from sems_tray.i18n.language import mark, tr
from sems_tray.log.handlers import log_to_file
from sems_tray.polling.poll_log import PollLog
from sems_tray.polling.schedule import CadenceInputs, next_delay, throttlings
from sems_tray.runtime.context import connected, prepared
from sems_tray.runtime.sky import Sky
from sems_tray.storage.history.database import StorageError
from sems_tray.storage.history.reader import HistoryReader

from .output import json_line
from .status_text import to_json, to_text

if TYPE_CHECKING:
    from datetime import datetime

    from sems_tray.domain.model import Station
    from sems_tray.domain.poll_result import PollOutcome
    from sems_tray.portal.client import SemsClient
    from sems_tray.portal.request_queue import RequestCount
    from sems_tray.runtime.context import AppContext
    from sems_tray.runtime.options import Options


log = logging.getLogger(__name__)

_HOW = mark("Start sems-tray, or set SEMS_TRAY_ACCOUNT and SEMS_TRAY_PASSWORD.")
_CLEAR = "\x1b[H\x1b[2J"


def status(options: Options, *, as_json: bool) -> int:
    """Print one reading, everything fetched once; never wait out a pause."""
    with (
        prepared(options) as run,
        connected(run, sky := Sky(run.settings)) as client,
    ):
        outcome = _fetch(client, everything=True)
        if isinstance(outcome, PollSucceeded):
            _learn(sky, run, outcome.reading.station)
        return _print(outcome, sky, as_json=as_json)


def watch(options: Options, *, as_json: bool) -> int:
    """Print reading after reading, at the cadence of an open window.

    The first fetches everything, later ones what is due: the portal bans the impatient.
    Ends with an exit code only when no poll can help: refused, or interrupted.
    """
    failures = 0
    throttled: tuple[datetime, ...] = ()
    polls = PollLog()
    with (
        prepared(options) as run,
        connected(run, sky := Sky(run.settings)) as client,
        closing(
            HistoryRecorder(run.paths.history, now=utc_now, shared=True)
        ) as recorder,
    ):
        if options.demo is None:  # which leaves no trace
            log_to_file(
                run.paths.log, options.account, options.password, run.settings.account
            )
        _tell(recorder)
        while True:
            outcome = _fetch(client, everything=False)
            polls.record(outcome)
            if isinstance(outcome, PollSucceeded):
                station = outcome.reading.station
                if habits := recorder.learn_habits(sky.at_told_place(station)):
                    sky.learn(station.id, habits)
            code = _print(outcome, sky, as_json=as_json, clear=not as_json)
            _keep(recorder, outcome, client.requests)
            failures = failures + 1 if isinstance(outcome, PollFailed) else 0
            throttled = throttlings(throttled, outcome, utc_now())
            delay = next_delay(
                outcome,
                _situation(outcome, sky, len(throttled)),
                failures=failures,
                jitter=random.random(),
            )
            if delay is None or _needs_owner(outcome):
                return code
            time.sleep(delay.total_seconds())


def _learn(sky: Sky, run: AppContext, station: Station) -> None:
    """Take the station's habits from the history, where the tray or a watch left one.

    A file that cannot be read is theirs to mend.
    """
    try:
        with HistoryReader(run.paths.history) as reader:
            habits = learned(reader, sky.at_told_place(station), utc_now())
            sky.learn(station.id, habits)
    except StorageError as exc:
        log.info("nothing is learned: %s", exc)


def _keep(
    recorder: HistoryRecorder, outcome: PollOutcome, requests: RequestCount
) -> None:
    """Keep what was shown, as the tray does; trouble with the disk is told once."""
    before = recorder.message
    try:
        recorder.save_request_count(requests)
        if isinstance(outcome, PollSucceeded):
            recorder.record_reading(outcome.reading)
    except Exception:
        log.exception("keeping a reading failed")
    _tell(recorder, before)


def _tell(recorder: HistoryRecorder, before: str = "") -> None:
    """Say what the owner should know of the history, if that is news."""
    if recorder.message and recorder.message != before:
        print(f"sems-tray: {recorder.message}", file=sys.stderr, flush=True)


def _situation(outcome: PollOutcome, sky: Sky, throttled_today: int) -> CadenceInputs:
    """Return the cadence of an open window; in the dark nobody looks at a pipe."""
    reading = outcome.reading if isinstance(outcome, PollSucceeded) else None
    dark = None if reading is None else may_rest(reading, utc_now(), sky.dark)
    return CadenceInputs(
        dark=dark,
        has_battery=reading is not None and reading.battery is not None,
        watched=sys.stdout.isatty() or not dark,
        throttled_today=throttled_today,
    )


def _needs_owner(outcome: PollOutcome) -> bool:
    """Say whether nobody can help but the owner, who is not asked in a terminal."""
    return (
        isinstance(outcome, PollFailed)
        and outcome.trouble is Trouble.SIGN_IN
        and outcome.nothing_sent
    )


def stations(options: Options, *, as_json: bool) -> int:
    """Print the account's stations: id, name and state, a line each."""
    with prepared(options) as run, connected(run) as client:
        found = client.stations()
    if isinstance(found, PollFailed):
        return _print(found, Sky(run.settings), as_json=as_json)
    if as_json:
        rows = [{"id": it.id, "name": it.name, "state": it.state.value} for it in found]
        print(json_line(rows))
        return 0
    for line in found:
        print("\t".join(one_line(part) for part in (line.id, line.name, line.state)))
    return 0


def _fetch(client: SemsClient, *, everything: bool) -> PollOutcome:
    from sems_tray.portal.poll_plan import PollRequest

    try:
        return client.fetch(PollRequest(everything=everything, telemetry=True))
    except Exception:
        # A bug of ours must not look like the owner's mistake, nor end a watch.
        log.exception("the poll failed")
        detail = mark("an error in SEMS Tray itself")
        return PollFailed(trouble=Trouble.UNREADABLE, detail=detail)


def _print(
    outcome: PollOutcome, sky: Sky, *, as_json: bool, clear: bool = False
) -> int:
    now = utc_now()
    dark_at = (
        sky.dark_at(outcome.reading) if isinstance(outcome, PollSucceeded) else _unknown
    )
    if as_json:
        print(json_line(to_json(outcome, now, dark_at)), flush=True)
    if isinstance(outcome, PollFailed):
        hint = f" {tr(_HOW)}" if _needs_owner(outcome) else ""
        print(f"sems-tray: {sentence(outcome)}{hint}", file=sys.stderr, flush=True)
        return words(outcome.trouble).exit_code
    if not as_json:
        start = _CLEAR if clear and sys.stdout.isatty() else ""
        text = to_text(outcome, now, dark_at)
        print(start + text, flush=True)
        if clear and not start:
            print(flush=True)
    return 0


def _unknown(_: datetime) -> None:
    return None
