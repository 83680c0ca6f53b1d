"""What the network thread is asked to do: a function for each job.

The functions are called in the GUI thread without their ``services`` and return the
``Job`` at once; their body runs in the network thread.
"""

from __future__ import annotations

from functools import wraps
from typing import TYPE_CHECKING, Concatenate, ParamSpec, TypeVar

from sems_tray.domain.poll_result import PollFailed, PollSucceeded, Trouble
from sems_tray.history.plan import WHOLE, Progress
from sems_tray.i18n.language import mark, tr

from .network_thread import Job

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from sems_tray.alerts.model import AlertHistoryUpdate
    from sems_tray.daylight.waking import Habits
    from sems_tray.domain.credentials import PasswordStorage
    from sems_tray.domain.energy import Step
    from sems_tray.domain.model import Reading, Station
    from sems_tray.domain.poll_result import PollOutcome
    from sems_tray.history.backfill import Backfill
    from sems_tray.history.plan import PastPart

    from .context import AppContext
    from .network_services import NetworkServices
    from .portal_service import SignInAttempt
    from .release_check import Release

P = ParamSpec("P")
T = TypeVar("T")
F = TypeVar("F")


def own_error() -> PollFailed:
    """Return the outcome of a job that failed by a bug."""
    detail = mark("an error in SEMS Tray itself")
    return PollFailed(trouble=Trouble.UNREADABLE, detail=detail)


def _no_answer() -> None:
    """Return the answer of a job that failed where nobody needs one."""


def _job(
    name: str, failed: Callable[[], F]
) -> Callable[[Callable[Concatenate[NetworkServices, P], T]], Callable[P, Job[T | F]]]:
    """Turn a function of the services into one that returns the job; see ``Job``."""

    def decorate(
        function: Callable[Concatenate[NetworkServices, P], T],
    ) -> Callable[P, Job[T | F]]:
        @wraps(function)
        def make(*args: P.args, **kwargs: P.kwargs) -> Job[T | F]:
            return Job(
                name, lambda services: function(services, *args, **kwargs), failed
            )

        return make

    return decorate


# -- the portal --------------------------------------------------------------------


@_job("the poll", own_error)
def poll(
    services: NetworkServices, *, everything: bool, telemetry: bool
) -> PollOutcome:
    """Poll the shown station."""
    return services.portal.poll(everything=everything, telemetry=telemetry)


@_job("the poll of another station", own_error)
def poll_other(services: NetworkServices, station_id: str) -> PollOutcome:
    """Poll a station that is not shown."""
    return services.portal.poll_other(station_id)


@_job("the station list", own_error)
def list_stations(services: NetworkServices) -> tuple[Station, ...] | PollFailed:
    """Fetch the list of the account's stations."""
    return services.portal.stations()


@_job("turning to another station", _no_answer)
def show_station(services: NetworkServices, station_id: str) -> None:
    """Let another station be the one that is polled."""
    services.portal.show_station(station_id)


@_job("asking for a new version", _no_answer)
def newer_release(services: NetworkServices) -> Release | None:
    """Ask for a newer version of this program, if that is due."""
    return services.newer_release()


# -- the account -------------------------------------------------------------------


@_job("signing in", lambda: (own_error(), None))
def sign_in(
    services: NetworkServices, attempt: SignInAttempt
) -> tuple[PollOutcome, PasswordStorage | None]:
    """Try new credentials; the storage is None if they were not accepted."""
    return services.portal.sign_in(attempt)


@_job("forgetting", _no_answer)
def sign_out(services: NetworkServices, *, everything: bool) -> None:
    """Delete the account's password and session; the history, too, if everything."""
    services.portal.sign_out()
    if everything:
        services.delete_history()


@_job("following the settings", _no_answer)
def apply_settings(services: NetworkServices, context: AppContext) -> None:
    """Work by changed settings from now on."""
    services.apply_settings(context)


# -- what is recorded --------------------------------------------------------------


@_job("learning from the history", _no_answer)
def learn_habits(services: NetworkServices, station: Station) -> Habits | None:
    """Learn a station's habits from the history, about once a day; else None."""
    if services.portal.is_aborted:
        return None
    habits = services.recorder.learn_habits(services.sky.at_told_place(station))
    if habits is not None:
        services.sky.learn(station.id, habits)
    return habits


@_job("keeping a reading", _no_answer)
def record_poll(services: NetworkServices, outcome: PollOutcome) -> str:
    """Record what a poll of the shown station brought.

    The answer is what the owner should know of the history, "" for nothing; None if
    recording failed by a bug.  Afterwards there is time for a request about the days
    when the program did not run.
    """
    recorder = services.recorder
    recorder.save_request_count(services.portal.requests)
    if isinstance(outcome, PollSucceeded):
        services.has_deleted_history = False
        recorder.record_reading(outcome.reading)
        if outcome.pause is None:
            services.catch_up(outcome.reading.station)
    return recorder.message


@_job("keeping another station's reading", _no_answer)
def record_other(services: NetworkServices, reading: Reading) -> None:
    """Record a reading of a station that is not shown."""
    services.recorder.record_reading(reading)


@_job("keeping a notice", _no_answer)
def record_alerts(services: NetworkServices, update: AlertHistoryUpdate) -> None:
    """Record what the alerts need recorded; nothing of what was to be deleted."""
    if not services.has_deleted_history:
        services.recorder.record_alerts(update.states, update.notices, update.closed)


# -- the past: fetch it, take in a file --------------------------------------------


@_job("fetching the past", own_error)
def fetch_step(services: NetworkServices, step: Step) -> PollFailed | None:
    """Fetch a step of the shown station's past; None if that went well."""
    from sems_tray.history.backfill import fetch_and_store
    from sems_tray.storage.history.database import HistoryWriteError

    portal = services.portal
    station = portal.known_station()
    if isinstance(station, PollFailed):
        return station
    try:
        found = fetch_and_store(services.recorder, portal.client, station, step)
    except HistoryWriteError:
        return None  # no fault of the portal's; the recorder's message says it
    return found if isinstance(found, PollFailed) else None


class BackfillJobs:
    """The jobs of one way through a part of the shown station's past, or the whole.

    Made in the GUI thread; what it remembers between two steps is the network thread's.
    """

    def __init__(self, part: PastPart = WHOLE) -> None:
        self.part = part
        self._backfill: Backfill | None = None

    def step(self) -> Job[Progress]:
        """Fetch the next step."""
        failed = Progress(failed=own_error())
        return Job("fetching the past", self._step, lambda: failed)

    def _step(self, services: NetworkServices) -> Progress:
        from sems_tray.history.backfill import Backfill

        station = services.portal.known_station()
        if isinstance(station, PollFailed):
            return Progress(failed=station)
        if self._backfill is None:
            if self.part == WHOLE:  # later runs go on with it
                services.recorder.set_backfill_requested(station, requested=True)
            self._backfill = Backfill(services.recorder, station, self.part)
        return self._backfill.step(services.portal.client)


@_job("looking for an unfinished fetch", lambda: False)
def is_backfill_requested(services: NetworkServices) -> bool:
    """Look whether an earlier run was asked for the whole past of the shown station."""
    station = services.portal.station
    return station is not None and services.recorder.is_backfill_requested(station)


@_job("giving up fetching the past", _no_answer)
def give_up_backfill(services: NetworkServices) -> None:
    """Let no later run go on with the whole past of the shown station."""
    station = services.portal.known_station()
    if not isinstance(station, PollFailed):
        services.recorder.set_backfill_requested(station, requested=False)


@_job(
    "importing",
    lambda: tr("The file could not be read: an error in SEMS Tray itself."),
)
def import_file(  # noqa: PLR0911 (a sentence per outcome)
    services: NetworkServices, path: Path
) -> str:
    """Take in an exported history; the answer says in words what came of it."""
    from sems_tray.history.transfer.export_model import StoppedError
    from sems_tray.history.transfer.import_format import BadExportError
    from sems_tray.history.transfer.importer import import_file as import_rows
    from sems_tray.i18n.formatting import counted, one_line
    from sems_tray.i18n.language import reason
    from sems_tray.storage.history.database import HistoryWriteError, StorageError

    name = one_line(path.name)
    history, portal = services.recorder.history, services.portal
    try:
        new = import_rows(history, path, stop=lambda: portal.is_aborted)
    except StoppedError:
        text = tr("{file}: stopped; importing it again goes on.")
        return text.format(file=name)
    except HistoryWriteError as exc:
        return str(exc)
    except BadExportError as exc:
        text = tr("{file}: {why}; nothing is imported.")
        return text.format(file=name, why=exc)
    except OSError as exc:
        text = tr("{file} cannot be read: {why}.")
        return text.format(file=name, why=reason(exc))
    except StorageError as exc:
        return tr("The history cannot be kept: {why}.").format(why=exc.said)
    if not new:
        return tr("{file}: nothing new.").format(file=name)
    # Translators: {rows} is "12 rows".
    return tr("{file}: {rows} new.").format(file=name, rows=counted(new))
