"""The history window's controller: what is kept, the back-fill, export and import."""

from __future__ import annotations

import logging
import time
from collections.abc import Callable
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, QThread, Signal, Slot

from sems_tray.core.date_words import month_title
from sems_tray.core.kept import kept_words, past_words
from sems_tray.core.language import tr
from sems_tray.core.words import one_line

if TYPE_CHECKING:
    from datetime import date, datetime
    from pathlib import Path

    from sems_tray.core.kept import Kept
    from sems_tray.core.model import Station

    from .history_dialog import Chosen, HistoryDialog
    from .past import Past

log = logging.getLogger(__name__)


Watch = Callable[["date"], bool]

# SQLite is asked in the thread of the window: not with every step of a back-fill.
_REREAD_S = 3.0
_TELL_S = 0.3
# Quitting may take two seconds in all; a disk that hangs is not waited for.
_END_WITHIN_MS = 1_000


class _Job(QThread):
    """Writes one export, beside everything else."""

    told = Signal(str)
    reached = Signal(object)  # date

    def __init__(self, work: Callable[[Watch], str]) -> None:
        super().__init__()
        self._work = work
        self._told_at = 0.0

    def run(self) -> None:
        """Work in this thread; whatever happens, something is told."""
        try:
            said = self._work(self._watch)
        except Exception:
            log.exception("the export failed")
            said = tr("Not exported: an error in SEMS Tray itself.")
        self.told.emit(said)

    def _watch(self, day: date) -> bool:
        """Tell how far it is, seldom; say whether to go on."""
        now = time.monotonic()
        if now - self._told_at >= _TELL_S:
            self._told_at = now
            self.reached.emit(day)
        return not self.isInterruptionRequested()


class Archive(QObject):
    """Owns the window; ``kept`` and ``export`` are the disk's, handed in.

    ``export`` runs in a thread of its own and returns what came of it, in words; it
    asks as it goes whether to go on.
    """

    import_wanted = Signal(object, object)  # Path, station id

    def __init__(
        self,
        past: Past,
        *,
        now: Callable[[], datetime],
        today: Callable[[Station | None], date],
        kept: Callable[[Station], Kept],
        export: Callable[[Station, Chosen, Watch], str],
    ) -> None:
        super().__init__()
        self._past = past
        self._now = now
        self._today = today
        self._ask_kept = kept
        self._export = export
        self._station: Station | None = None
        self._dialog: HistoryDialog | None = None
        self._job: _Job | None = None
        self._importing = False
        self._said = ""
        self._file = ""
        self._cancelled = False
        self._read: Kept | None = None
        self._read_at = 0.0
        past.changed.connect(self._on_past)

    def show_station(self, station: Station | None) -> None:
        """Turn to a station, None while none is known."""
        known = self._station.id if self._station else None
        self._station = station
        if known != (station.id if station else None):
            self._said = ""
            self._forget()
            self._refill()

    @Slot()
    def open(self) -> None:
        """Open the window, or bring it to the front."""
        self._forget()
        if self._dialog is None:
            from .history_dialog import HistoryDialog

            station = self._station
            kept = self._kept(station) if station else None
            self._dialog = HistoryDialog(
                kept.first if kept else None,
                self._today(station),
                _file_name(station),
            )
            self._dialog.fetch_wanted.connect(self._past.start)
            self._dialog.stop_wanted.connect(self._past.stop)
            self._dialog.export_wanted.connect(self._on_export)
            self._dialog.cancel_wanted.connect(self._on_cancel)
            self._dialog.import_wanted.connect(self._on_import)
            self._dialog.finished.connect(self._on_closed)
        self._refill()
        self._dialog.show()
        self._dialog.raise_()
        self._dialog.activateWindow()

    def end(self) -> bool:
        """Stop a file that is being written; nothing opens any more.

        Returns whether its thread has ended: one that hangs in the disk may not have.
        """
        if self._dialog is not None:
            self._dialog.close()
        if self._job is None:
            return True
        self._job.requestInterruption()
        return self._job.wait(_END_WITHIN_MS)

    def _refill(self) -> None:
        if self._dialog is None:
            return
        from .history_dialog import HistoryView

        past, station = self._past, self._station
        wait = past.next_at - self._now() if past.next_at else None
        kept = kept_words(self._kept(station)) if station else ""
        self._dialog.show_view(
            HistoryView(
                kept=kept or tr("No station is known yet; sign in first."),
                past=past_words(past.progress, wanted=past.wanted, wait=wait),
                fetching=past.wanted,
                done=past.progress.done,
                total=past.progress.total,
                said=self._said,
                busy=self._job is not None or self._importing,
                writing=self._job is not None and not self._cancelled,
                possible=station is not None,
            )
        )

    def _kept(self, station: Station) -> Kept:
        now = time.monotonic()
        if self._read is None or now - self._read_at >= _REREAD_S:
            self._read, self._read_at = self._ask_kept(station), now
        return self._read

    def _forget(self) -> None:
        """Let the next look at what is kept be a fresh one."""
        self._read = None

    @Slot()
    def _on_past(self) -> None:
        if not self._past.wanted:
            self._forget()
        self._refill()

    @Slot()
    def _on_closed(self) -> None:
        if self._dialog is not None:
            self._dialog.deleteLater()
            self._dialog = None

    @Slot(object)
    def _on_export(self, chosen: Chosen) -> None:
        station = self._station
        if station is None or self._job is not None:
            return
        self._file, self._cancelled = one_line(chosen.path.name), False
        self._said = tr("Writing {file} …").format(file=self._file)
        self._job = _Job(lambda watch: self._export(station, chosen, watch))
        self._job.reached.connect(self._on_reached)
        self._job.told.connect(self._on_exported)
        self._job.start()
        self._refill()

    @Slot(object)
    def _on_reached(self, day: date) -> None:
        if self._job is not None and not self._cancelled:
            # Translators: how far an export is: {month} is "June 2026".
            self._said = tr("Writing {file}: {month} …").format(
                file=self._file, month=month_title(day)
            )
            self._refill()

    @Slot()
    def _on_cancel(self) -> None:
        if self._job is not None:
            self._cancelled = True
            self._said = tr("Cancelling {file} …").format(file=self._file)
            self._job.requestInterruption()
            self._refill()

    @Slot(str)
    def _on_exported(self, said: str) -> None:
        if self._job is not None:
            self._job.wait()
            self._job = None
        self._said = said
        self._refill()

    @Slot(object)
    def _on_import(self, path: Path) -> None:
        if self._station is None or self._importing:
            return
        self._importing = True
        self._said = tr("Reading {file} …").format(file=one_line(path.name))
        self.import_wanted.emit(path, self._station.id)
        self._refill()

    @Slot(str)
    def on_imported(self, said: str) -> None:
        """Take what came of an import."""
        self._importing = False
        self._said = said
        self._forget()
        self._refill()


def _file_name(station: Station | None) -> str:
    """Return a name that every file system takes."""
    name = (station.name or station.id) if station else "SEMS Tray"
    kept = (it if it.isalnum() or it in " -_" else "" for it in name)
    return "".join(kept).strip()[:60] or "SEMS Tray"
