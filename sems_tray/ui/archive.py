"""The history window's controller: what is kept, the back-fill, export and import."""

from __future__ import annotations

import logging
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, QThread, Signal, Slot

from sems_tray.core.kept import kept_words, past_words

if TYPE_CHECKING:
    from collections.abc import Callable
    from datetime import date, datetime
    from pathlib import Path

    from sems_tray.core.kept import Kept
    from sems_tray.core.model import Station

    from .history_dialog import Chosen, HistoryDialog
    from .past import Past

log = logging.getLogger(__name__)


class _Job(QThread):
    """Writes one export, beside everything else."""

    told = Signal(str)

    def __init__(self, work: Callable[[], str]) -> None:
        super().__init__()
        self._work = work

    def run(self) -> None:
        """Work in this thread; whatever happens, something is told."""
        try:
            said = self._work()
        except Exception:
            log.exception("the export failed")
            said = "Not exported: an error in SEMS Tray itself."
        self.told.emit(said)


class Archive(QObject):
    """Owns the window; ``kept`` and ``export`` are the disk's, handed in.

    ``export`` runs in a thread of its own and returns what came of it, in words.
    """

    import_wanted = Signal(object, object)  # Path, station id

    def __init__(
        self,
        past: Past,
        *,
        now: Callable[[], datetime],
        today: Callable[[Station | None], date],
        kept: Callable[[Station], Kept],
        export: Callable[[Station, Chosen], str],
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
        past.changed.connect(self._on_past)

    def show_station(self, station: Station | None) -> None:
        """Turn to a station, None while none is known."""
        known = self._station.id if self._station else None
        self._station = station
        if known != (station.id if station else None):
            self._said = ""
            self._refill()

    @Slot()
    def open(self) -> None:
        """Open the window, or bring it to the front."""
        if self._dialog is None:
            from .history_dialog import HistoryDialog

            station = self._station
            kept = self._ask_kept(station) if station else None
            self._dialog = HistoryDialog(
                kept.first if kept else None,
                self._today(station),
                _file_name(station),
            )
            self._dialog.fetch_wanted.connect(self._past.start)
            self._dialog.stop_wanted.connect(self._past.stop)
            self._dialog.export_wanted.connect(self._on_export)
            self._dialog.import_wanted.connect(self._on_import)
            self._dialog.finished.connect(self._on_closed)
        self._refill()
        self._dialog.show()
        self._dialog.raise_()
        self._dialog.activateWindow()

    def end(self) -> None:
        """Wait for a file that is being written; nothing opens any more."""
        if self._dialog is not None:
            self._dialog.close()
        if self._job is not None:
            self._job.wait()

    def _refill(self) -> None:
        if self._dialog is None:
            return
        from .history_dialog import HistoryView

        past, station = self._past, self._station
        wait = past.next_at - self._now() if past.next_at else None
        kept = kept_words(self._ask_kept(station)) if station else ""
        self._dialog.show_view(
            HistoryView(
                kept=kept or "No station is known yet; sign in first.",
                past=past_words(past.progress, wanted=past.wanted, wait=wait),
                fetching=past.wanted,
                done=past.progress.done,
                total=past.progress.total,
                said=self._said,
                busy=self._job is not None or self._importing,
                possible=station is not None,
            )
        )

    @Slot()
    def _on_past(self) -> None:
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
        self._said = f"Writing {chosen.path.name} …"
        self._job = _Job(lambda: self._export(station, chosen))
        self._job.told.connect(self._on_exported)
        self._job.start()
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
        self._said = f"Reading {path.name} …"
        self.import_wanted.emit(path, self._station.id)
        self._refill()

    @Slot(str)
    def on_imported(self, said: str) -> None:
        """Take what came of an import."""
        self._importing = False
        self._said = said
        self._refill()


def _file_name(station: Station | None) -> str:
    """Return a name that every file system takes."""
    name = (station.name or station.id) if station else "SEMS Tray"
    kept = (it if it.isalnum() or it in " -_" else "" for it in name)
    return "".join(kept).strip()[:60] or "SEMS Tray"
