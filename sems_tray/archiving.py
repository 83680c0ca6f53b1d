"""The history of one run: kept by the network thread, read and ordered by this one."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Slot

from .archive.shelf import station_today
from .compose import pace, utc_now
from .ui.archive import Archive
from .ui.exports import Exports
from .ui.past import Past

if TYPE_CHECKING:
    from datetime import datetime

    from .archive.shelf import Shelf
    from .options import Options
    from .ui.poller import Poller
    from .ui.presenter import Presenter
    from .ui.worker import Worker


class Archiving(QObject):
    """Owns the back-fill and the history window; the details window reads its shelf."""

    def __init__(self, options: Options, shelf: Shelf, poller: Poller) -> None:
        super().__init__()
        self._poller = poller
        self._shelf = shelf
        self._past = Past(
            pace=pace(options), now=utc_now, paused_until=self._paused_until
        )
        self._exports = Exports(
            Past(pace=pace(options), now=utc_now, paused_until=self._paused_until),
            now=utc_now,
            not_fetched=shelf.not_fetched,
            write=shelf.export,
        )
        self._archive = Archive(
            self._past,
            self._exports,
            now=utc_now,
            today=station_today,
            kept=shelf.kept,
        )

    def connect_to(self, presenter: Presenter, worker: Worker) -> None:
        """Join the parts; only bound methods cross threads safely."""
        past, archive = self._past, self._archive
        past.step_wanted.connect(worker.fetch_past)
        worker.went_back.connect(past.on_went_back)
        worker.past_wanted.connect(past.start)
        worker.noted.connect(presenter.note_history)
        self._exports.part_wanted.connect(worker.fetch_part)
        worker.part_fetched.connect(self._exports.on_fetched)
        archive.import_wanted.connect(worker.import_file)
        worker.imported.connect(archive.on_imported)
        presenter.tray.history_wanted.connect(archive.open)
        details = presenter.details
        details.part_wanted.connect(worker.bring)
        details.export_wanted.connect(archive.open)
        worker.brought.connect(details.on_brought)
        worker.kept.connect(details.on_kept)
        self._poller.changed.connect(self._on_changed)

    def leave(self) -> None:
        """Fetch no more of the past in this run: another station is shown."""
        self._past.leave()
        self._exports.leave()

    def release(self) -> None:
        """Let go of the file: it is to be deleted."""
        self.leave()
        self._shelf.close()

    def end(self) -> bool:
        """End; False if a file is still being written."""
        self._past.leave()
        ended = self._archive.end()
        self._shelf.close()
        return ended

    def _paused_until(self) -> datetime | None:
        return self._poller.pause_until

    @Slot()
    def _on_changed(self) -> None:
        reading = self._poller.reading
        self._archive.show_station(reading.station if reading else None)
