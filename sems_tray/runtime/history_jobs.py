"""What the network thread is asked to do about the past: fetch it, take in a file."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from sems_tray.domain.poll_result import PollFailed
from sems_tray.history.plan import WHOLE, Progress
from sems_tray.i18n.language import tr

from .jobs import no_answer, own_error
from .network_thread import Job

if TYPE_CHECKING:
    from pathlib import Path

    from sems_tray.domain.energy import Step
    from sems_tray.history.plan import PastPart

    from .network_services import NetworkServices


def fetch_step(step: Step) -> Job[PollFailed | None]:
    """Fetch a step of the shown station's past; None if that went well."""

    def run(services: NetworkServices) -> PollFailed | None:
        station = services.portal.known_station()
        if isinstance(station, PollFailed):
            return station
        return services.fetch_step(station, step)

    return Job("fetching the past", run, own_error)


def is_backfill_requested() -> Job[bool]:
    """Look whether an earlier run was asked for the whole past of the shown station."""

    def run(services: NetworkServices) -> bool:
        station = services.portal.station
        return station is not None and services.recorder.is_backfill_requested(station)

    return Job("looking for an unfinished fetch", run, lambda: False)


def backfill_step(part: PastPart) -> Job[Progress]:
    """Fetch the next step of a part of the past, or of the whole."""

    def run(services: NetworkServices) -> Progress:
        station = services.portal.known_station()
        if isinstance(station, PollFailed):
            return Progress(failed=station)
        backfill = services.backfill(station, part)
        progress = backfill.step(services.portal.client)
        if progress.finished:
            services.end_backfill(station, part)
            if part != WHOLE:
                progress = replace(progress, failed=backfill.first_skipped)
        return progress

    return Job("fetching the past", run, lambda: Progress(failed=own_error()))


def stop_backfill(part: PastPart) -> Job[None]:
    """Give up a part of the past; the whole is not asked for by later runs, either."""

    def run(services: NetworkServices) -> None:
        station = services.portal.known_station()
        if not isinstance(station, PollFailed):
            services.end_backfill(station, part)
            if part == WHOLE:
                services.recorder.set_backfill_requested(station, requested=False)

    return Job("giving up fetching the past", run, no_answer)


def import_file(path: Path) -> Job[str]:
    """Take in an exported history; the answer says in words what came of it."""

    def run(services: NetworkServices) -> str:
        return _imported(services, path)

    def failed() -> str:
        return tr("The file could not be read: an error in SEMS Tray itself.")

    return Job("importing", run, failed)


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
