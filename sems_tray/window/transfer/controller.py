"""The history of one run: kept by the network thread, read and ordered by this one."""

from __future__ import annotations

import time
from functools import partial
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Slot

from sems_tray.domain.poll_result import PollSucceeded
from sems_tray.domain.time_zones import utc_now
from sems_tray.history.local_reader import station_today
from sems_tray.i18n.formatting import one_line
from sems_tray.i18n.language import tr
from sems_tray.runtime import jobs
from sems_tray.runtime.context import pace

from .backfill import BackfillController
from .exports import Exports
from .view_model import summary_words

if TYPE_CHECKING:
    from pathlib import Path

    from sems_tray.domain.model import Station
    from sems_tray.domain.poll_result import PollOutcome
    from sems_tray.history.query import HistorySummary
    from sems_tray.history.transfer.export_model import ExportRequest
    from sems_tray.polling.poller import Poller
    from sems_tray.runtime.services import Services

    from .dialog import HistoryDialog


# SQLite is asked in the thread of the window: not with every step of a back-fill.
_REREAD_S = 3.0


class TransferController(QObject):
    """Owns the back-fill, the exports, and the window for what is kept."""

    def __init__(self, services: Services, poller: Poller) -> None:
        super().__init__()
        self._network = services.network
        self._poller = poller
        self._history = services.history
        make_backfill = partial(
            BackfillController,
            services.network,
            pace=pace(services.context.options),
            now=utc_now,
            paused_until=lambda: poller.pause_until,
        )
        self.backfill = make_backfill()
        self._exports = Exports(make_backfill(), services.history.path)
        self._has_looked_for_backfill = False
        self._station: Station | None = None
        self._dialog: HistoryDialog | None = None
        self._importing = False
        self._said = ""
        self._read: HistorySummary | None = None
        self._read_at = 0.0
        self.backfill.changed.connect(self._on_backfill)
        self._exports.changed.connect(self._on_exports)
        events = services.events
        events.transfer_requested.connect(self.open)
        events.station_shown.connect(self._leave)
        events.account_changed.connect(self._leave)
        events.resetting.connect(self._release)
        poller.changed.connect(self._on_changed)
        poller.polled.connect(self._on_polled)

    @Slot()
    def _leave(self) -> None:
        """Fetch no more of the past in this run: another station is shown."""
        self.backfill.leave()
        self._exports.leave()

    @Slot()
    def _release(self) -> None:
        """Let go of the file: it is to be deleted."""
        self._leave()
        self._history.close()

    def end(self) -> bool:
        """Stop a file that is being written; nothing opens any more.

        Returns whether its thread has ended: one that hangs in the disk may not have.
        """
        self.backfill.leave()
        if self._dialog is not None:
            self._dialog.close()
        ended = self._exports.end()
        self._history.close()
        return ended

    @Slot()
    def _on_changed(self) -> None:
        reading = self._poller.reading
        self.show_station(reading.station if reading else None)

    @Slot(object)
    def _on_polled(self, outcome: PollOutcome) -> None:
        """Look once whether an earlier run was asked for the whole past."""
        if isinstance(outcome, PollSucceeded) and not self._has_looked_for_backfill:
            self._has_looked_for_backfill = True
            job = jobs.is_backfill_requested()
            self._network.submit(job, self._on_looked)

    def _on_looked(self, is_requested: bool) -> None:  # noqa: FBT001 (an answer)
        if is_requested:
            self.backfill.start()

    def show_station(self, station: Station | None) -> None:
        """Turn to a station, None while none is known."""
        known = self._station.id if self._station else None
        self._station = station
        if known != (station.id if station else None):
            self._said = ""
            self._exports.leave()
            self._forget()
            self._refill()

    @Slot()
    def open(self) -> None:
        """Open the window, or bring it to the front."""
        self._forget()
        if self._dialog is None:
            from .dialog import HistoryDialog

            station = self._station
            kept = self._kept(station) if station else None
            self._dialog = HistoryDialog(
                kept.first if kept else None,
                station_today(station),
                _file_name(station),
            )
            self._dialog.fetch_wanted.connect(self.backfill.start)
            self._dialog.stop_wanted.connect(self.backfill.stop)
            self._dialog.export_wanted.connect(self._on_export)
            self._dialog.download_wanted.connect(self._exports.fetch)
            self._dialog.anyway_wanted.connect(self._exports.write_anyway)
            self._dialog.cancel_wanted.connect(self._exports.cancel)
            self._dialog.import_wanted.connect(self._on_import)
            self._dialog.finished.connect(self._on_closed)
        self._refill()
        self._dialog.show()
        self._dialog.raise_()
        self._dialog.activateWindow()

    def _refill(self) -> None:
        if self._dialog is None:
            return
        from .dialog import TransferView

        past, exports, station = self.backfill, self._exports, self._station
        downloaded = exports.download.progress
        kept = summary_words(self._kept(station)) if station else ""
        self._dialog.show_view(
            TransferView(
                kept=kept or tr("No station is known yet; sign in first."),
                past=past.words,
                fetching=past.wanted,
                done=past.progress.done,
                total=past.progress.total,
                said=self._said,
                busy=exports.busy or self._importing,
                can_cancel=exports.can_cancel,
                lacking=bool(exports.lacking),
                downloading=exports.fetching,
                steps=(downloaded.done, downloaded.total),
                possible=station is not None,
            )
        )

    def _kept(self, station: Station) -> HistorySummary:
        now = time.monotonic()
        if self._read is None or now - self._read_at >= _REREAD_S:
            self._read, self._read_at = self._history.summary(station), now
        return self._read

    def _forget(self) -> None:
        """Let the next look at what is kept be a fresh one."""
        self._read = None

    @Slot()
    def _on_backfill(self) -> None:
        if not self.backfill.wanted:
            self._forget()
        self._refill()

    @Slot()
    def _on_closed(self) -> None:
        if self._dialog is not None:
            self._dialog.deleteLater()
            self._dialog = None

    @Slot(object)
    def _on_export(self, chosen: ExportRequest) -> None:
        if self._station is not None:
            self._exports.begin(self._station, chosen)

    @Slot()
    def _on_exports(self) -> None:
        self._said = self._exports.said
        self._refill()

    @Slot(object)
    def _on_import(self, path: Path) -> None:
        if self._station is None or self._importing:
            return
        self._importing = True
        self._said = tr("Reading {file} …").format(file=one_line(path.name))
        self._network.submit(jobs.import_file(path), self._on_imported)
        self._refill()

    def _on_imported(self, said: str) -> None:
        self._importing = False
        self._said = said
        self._forget()
        self._refill()


def _file_name(station: Station | None) -> str:
    """Return a name that every file system takes."""
    name = (station.name or station.id) if station else "SEMS Tray"
    kept = (it if it.isalnum() or it in " -_" else "" for it in name)
    return "".join(kept).strip()[:60] or "SEMS Tray"
