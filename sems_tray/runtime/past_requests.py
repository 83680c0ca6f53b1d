"""The past as the network thread sees it: what is fetched late, and imported files."""

from __future__ import annotations

from abc import ABC, abstractmethod
from dataclasses import replace
from typing import TYPE_CHECKING

from sems_tray.domain.poll_result import PollFailed
from sems_tray.i18n.language import tr

if TYPE_CHECKING:
    from pathlib import Path

    from sems_tray.domain.energy import Step
    from sems_tray.domain.model import Station
    from sems_tray.history.backfill import Backfill
    from sems_tray.history.plan import PastPart, Progress
    from sems_tray.history.recorder import HistoryRecorder
    from sems_tray.portal.client import SemsClient


class PastLink(ABC):
    """The half of the portal's link that fills the history of days gone by."""

    def __init__(self) -> None:
        self._aborted = False
        self._kept: Station | None = None  # of which the last reading was
        self._backfill: Backfill | None = None
        self._filling: Backfill | None = None  # of a part that an export lacks

    @abstractmethod
    def _ready(self) -> SemsClient:
        """Return the client of the station that is shown."""

    @abstractmethod
    def _history_recorder(self) -> HistoryRecorder:
        """Return the history's writer."""

    @abstractmethod
    def _known_station(self) -> Station | PollFailed:
        """Return the station that is shown, with its time zone."""

    def bring(self, step: Step) -> PollFailed | None:
        """Fetch a part of the station's past into the history."""
        station = self._known_station()
        if isinstance(station, PollFailed):
            return station
        from sems_tray.history.backfill import fetch_and_store
        from sems_tray.history.maintenance import HistoryWriteError

        recorder, client = self._history_recorder(), self._ready()
        try:
            found = fetch_and_store(recorder, client, station, step)
        except HistoryWriteError:
            return None  # no fault of the portal's; the recorder's message says it
        return found if isinstance(found, PollFailed) else None

    def wants_past(self) -> bool:
        """Say whether an earlier run was told to fetch the whole past."""
        return (
            self._kept is not None
            and self._history_recorder().is_backfill_requested(self._kept)
        )

    def fetch_past(self, *, wanted: bool) -> Progress | None:
        """Fetch the next part of the whole past; None if it is not wanted any more."""
        from sems_tray.history.backfill import Backfill
        from sems_tray.history.plan import Progress

        station = self._known_station()
        if isinstance(station, PollFailed):
            return Progress(failed=station)
        recorder = self._history_recorder()
        if not wanted or self._backfill is None:
            recorder.set_backfill_requested(station, requested=wanted)
        if not wanted:
            self._backfill = None
            return None
        if self._backfill is None:
            self._backfill = Backfill(recorder, station)
        progress = self._backfill.step(self._ready())
        if progress.finished:
            self._backfill = None
        return progress

    def fetch_part(self, part: PastPart | None) -> Progress | None:
        """Fetch the next step of a part of the past; None if it is not wanted."""
        from sems_tray.history.backfill import Backfill
        from sems_tray.history.plan import Progress

        if part is None:
            self._filling = None
            return None
        station = self._known_station()
        if isinstance(station, PollFailed):
            return Progress(failed=station)
        if self._filling is None:
            self._filling = Backfill(self._history_recorder(), station, part)
        progress = self._filling.step(self._ready())
        if progress.finished:
            progress = replace(progress, failed=self._filling.odd)
            self._filling = None
        return progress

    def import_file(  # noqa: PLR0911 (a sentence per outcome)
        self, path: Path
    ) -> str:
        """Take in an exported history; return in words what came of it."""
        from sems_tray.history.maintenance import HistoryWriteError, StoppedError
        from sems_tray.history.transfer.import_format import BadExportError
        from sems_tray.history.transfer.importer import import_file
        from sems_tray.i18n.formatting import counted, one_line
        from sems_tray.i18n.language import reason
        from sems_tray.storage.history.database import StorageError

        name = one_line(path.name)
        try:
            new = import_file(
                self._history_recorder().history, path, stop=lambda: self._aborted
            )
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
