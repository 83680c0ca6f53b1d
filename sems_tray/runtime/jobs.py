"""What the network thread is asked to do: a function for each job.

The functions are called in the GUI thread and return at once; the work is in the job's
``run``.  The jobs about the past are in ``history_jobs``.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from sems_tray.domain.poll_result import PollFailed, PollSucceeded, Trouble
from sems_tray.i18n.language import mark

from .network_thread import Job

if TYPE_CHECKING:
    from sems_tray.alerts.model import AlertHistoryUpdate
    from sems_tray.daylight.habits import Habits
    from sems_tray.domain.credentials import PasswordStorage
    from sems_tray.domain.model import Reading, Station
    from sems_tray.domain.poll_result import PollOutcome

    from .context import AppContext
    from .network_services import NetworkServices
    from .portal_service import SignInAttempt
    from .release_check import Release


def own_error() -> PollFailed:
    """Return the outcome of a job that failed by a bug."""
    detail = mark("an error in SEMS Tray itself")
    return PollFailed(trouble=Trouble.UNREADABLE, detail=detail)


def no_answer() -> None:
    """Return the answer of a job that failed where nobody needs one."""


# -- the portal --------------------------------------------------------------------


def poll(*, everything: bool, telemetry: bool) -> Job[PollOutcome]:
    """Poll the shown station."""
    return Job(
        "the poll",
        lambda services: services.portal.poll(
            everything=everything, telemetry=telemetry
        ),
        own_error,
    )


def poll_other(station_id: str) -> Job[PollOutcome]:
    """Poll a station that is not shown."""
    return Job(
        "the poll of another station",
        lambda services: services.portal.poll_other(station_id),
        own_error,
    )


def list_stations() -> Job[tuple[Station, ...] | PollFailed]:
    """Fetch the list of the account's stations."""
    return Job(
        "the station list", lambda services: services.portal.stations(), own_error
    )


def show_station(station_id: str) -> Job[None]:
    """Let another station be the one that is polled."""
    return Job(
        "turning to another station",
        lambda services: services.portal.show_station(station_id),
        no_answer,
    )


def newer_release() -> Job[Release | None]:
    """Ask for a newer version of this program, if that is due."""
    return Job(
        "asking for a new version",
        lambda services: services.newer_release(),
        no_answer,
    )


# -- the account -------------------------------------------------------------------


def sign_in(
    attempt: SignInAttempt,
) -> Job[tuple[PollOutcome, PasswordStorage | None]]:
    """Try new credentials; the storage is None if they were not accepted."""
    return Job(
        "signing in",
        lambda services: services.portal.sign_in(attempt),
        lambda: (own_error(), None),
    )


def sign_out(*, everything: bool) -> Job[None]:
    """Delete the account's password and session; the history, too, if everything."""

    def run(services: NetworkServices) -> None:
        services.portal.sign_out()
        if everything:
            services.delete_history()

    return Job("forgetting", run, no_answer)


def apply_settings(context: AppContext) -> Job[None]:
    """Work by changed settings from now on."""
    return Job(
        "following the settings",
        lambda services: services.apply_settings(context),
        no_answer,
    )


# -- what is recorded --------------------------------------------------------------


def learn_habits(station: Station) -> Job[Habits | None]:
    """Learn a station's habits from the history, about once a day; else None."""

    def run(services: NetworkServices) -> Habits | None:
        if services.portal.is_aborted:
            return None
        placed = services.sky.at_told_place(station)
        habits = services.recorder.learn_habits(placed)
        if habits is not None:
            services.sky.learn(station.id, habits)
        return habits

    return Job("learning from the history", run, no_answer)


def record_poll(outcome: PollOutcome) -> Job[str | None]:
    """Record what a poll of the shown station brought.

    The answer is what the owner should know of the history, "" for nothing; None if
    recording failed by a bug.  Afterwards there is time for a request about the days
    when the program did not run.
    """

    def run(services: NetworkServices) -> str:
        recorder = services.recorder
        recorder.save_request_count(services.portal.requests)
        if isinstance(outcome, PollSucceeded):
            services.has_deleted_history = False
            recorder.record_reading(outcome.reading)
            if outcome.pause is None:
                services.catch_up(outcome.reading.station)
        return recorder.message

    return Job("keeping a reading", run, no_answer)


def record_other(reading: Reading) -> Job[None]:
    """Record a reading of a station that is not shown."""
    return Job(
        "keeping another station's reading",
        lambda services: services.recorder.record_reading(reading),
        no_answer,
    )


def record_alerts(update: AlertHistoryUpdate) -> Job[None]:
    """Record what the alerts need recorded; nothing of what was to be deleted."""

    def run(services: NetworkServices) -> None:
        if not services.has_deleted_history:
            services.recorder.record_alerts(
                update.states, update.notices, update.closed
            )

    return Job("keeping a notice", run, no_answer)
