"""What the network thread is asked to do about the past: fetch it, take in a file."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sems_tray.domain.poll_result import PollFailed
from sems_tray.history.plan import WHOLE, Progress
from sems_tray.i18n.language import tr

from .jobs import no_answer, own_error
from .network_thread import Job

if TYPE_CHECKING:
    from pathlib import Path

    from sems_tray.domain.energy import Step
    from sems_tray.history.backfill import Backfill
    from sems_tray.history.plan import PastPart

    from .network_services import NetworkServices


def fetch_step(step: Step) -> Job[PollFailed | None]:
    """Fetch a step of the shown station's past; None if that went well."""

    def run(services: NetworkServices) -> PollFailed | None:
        from sems_tray.history.backfill import fetch_and_store
        from sems_tray.history.errors import HistoryWriteError

        portal = services.portal
        station = portal.known_station()
        if isinstance(station, PollFailed):
            return station
        try:
            found = fetch_and_store(services.recorder, portal.client, station, step)
        except HistoryWriteError:
            return None  # no fault of the portal's; the recorder's message says it
        return found if isinstance(found, PollFailed) else None

    return Job("fetching the past", run, own_error)


class BackfillJobs:
    """The jobs of one way through a part of the shown station's past, or the whole.

    Made in the GUI thread; what it remembers between two steps is the network thread's.
    """

    def __init__(self, part: PastPart = WHOLE) -> None:
        self.part = part
        self._backfill: Backfill | None = None

    def step(self) -> Job[Progress]:
        """Fetch the next step."""
        return Job(
            "fetching the past", self._step, lambda: Progress(failed=own_error())
        )

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


def is_backfill_requested() -> Job[bool]:
    """Look whether an earlier run was asked for the whole past of the shown station."""

    def run(services: NetworkServices) -> bool:
        station = services.portal.station
        return station is not None and services.recorder.is_backfill_requested(station)

    return Job("looking for an unfinished fetch", run, lambda: False)


def give_up_backfill() -> Job[None]:
    """Let no later run go on with the whole past of the shown station."""

    def run(services: NetworkServices) -> None:
        station = services.portal.known_station()
        if not isinstance(station, PollFailed):
            services.recorder.set_backfill_requested(station, requested=False)

    return Job("giving up fetching the past", run, no_answer)


def import_file(path: Path) -> Job[str]:
    """Take in an exported history; the answer says in words what came of it."""
    return Job(
        "importing",
        lambda services: _imported(services, path),
        lambda: tr("The file could not be read: an error in SEMS Tray itself."),
    )


def _imported(  # noqa: PLR0911 (a sentence per outcome)
    services: NetworkServices, path: Path
) -> str:
    from sems_tray.history.errors import HistoryWriteError, StoppedError
    from sems_tray.history.transfer.import_format import BadExportError
    from sems_tray.history.transfer.importer import import_file
    from sems_tray.i18n.formatting import counted, one_line
    from sems_tray.i18n.language import reason
    from sems_tray.storage.history.database import StorageError

    name = one_line(path.name)
    history, portal = services.recorder.history, services.portal
    try:
        new = import_file(history, path, stop=lambda: portal.is_aborted)
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
