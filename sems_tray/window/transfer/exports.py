"""One export at a time: what it lacks is told first, and fetched if that is wanted."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, TypeAlias

from PySide6.QtCore import QObject, Signal, Slot

from sems_tray.domain.failures import sentence
from sems_tray.domain.time_zones import utc_now
from sems_tray.history.local_reader import station_today, station_zone
from sems_tray.history.transfer.export_model import Every
from sems_tray.history.transfer.missing import not_fetched_words, part_of
from sems_tray.i18n.formatting import month_title, one_line
from sems_tray.i18n.language import tr
from sems_tray.runtime.background_job import BackgroundJob

if TYPE_CHECKING:
    from datetime import date
    from pathlib import Path

    from sems_tray.domain.model import Station
    from sems_tray.history.transfer.export_model import ExportRange, ExportRequest
    from sems_tray.storage.history.reader import HistoryReader

    from .backfill import BackfillController


Watch = Callable[["date"], bool]
# What came of it in words, or the dates that are missing.
Result: TypeAlias = "str | tuple[date, ...]"


class Exports(QObject):
    """Follows the owner's order until it is written or cancelled.

    What the disk is asked runs in a thread of its own; ``download`` paces the steps
    that the network thread takes.
    """

    changed = Signal()

    def __init__(self, download: BackfillController, history: Path) -> None:
        super().__init__()
        self.download = download
        self._history = history
        self.lacking: tuple[date, ...] = ()  # the owner must say whether to fetch them
        self.fetching = False  # what is missing
        self._order: tuple[Station, ExportRequest] | None = None
        self._job: BackgroundJob | None = None
        self._cancelled = False
        self._failure = ""  # why not all could be fetched
        self._said = ""
        download.changed.connect(self._on_download)

    # -- what is to be seen ----------------------------------------------------

    @property
    def busy(self) -> bool:
        """Whether an order is being followed."""
        return self._order is not None

    @property
    def can_cancel(self) -> bool:
        """Whether there is something to cancel."""
        return self.busy and not self._cancelled

    @property
    def said(self) -> str:
        """How far it is, what is asked, or what came of the last one."""
        if self.lacking:
            return f"{not_fetched_words(self.lacking)}."
        if self.fetching:
            return self.download.words
        return self._said

    # -- what the owner wants --------------------------------------------------

    def begin(self, station: Station, chosen: ExportRequest) -> None:
        """Write an export, if nothing is missing."""
        if self.busy:
            return
        self._order, self._cancelled, self._failure = (station, chosen), False, ""
        self._run(anyway=False)

    def fetch(self) -> None:
        """Fetch what is missing, then write."""
        if self._order is not None and self.lacking:
            self.lacking, self.fetching = (), True
            _, chosen = self._order
            part = part_of(Every(chosen.every), chosen.first, chosen.last)
            self.download.start(part)

    def write_anyway(self) -> None:
        """Write what is there."""
        if self._order is None or self._job is not None:
            return
        self.lacking = ()
        self._end_fetching()
        self._run(anyway=True)

    def cancel(self) -> None:
        """Write nothing; what was fetched is kept."""
        if self._order is None:
            return
        self._cancelled = True
        self.lacking = ()
        self._end_fetching()
        if self._job is not None:
            self._say(tr("Cancelling {file} …"))
            self._job.requestInterruption()
        else:
            self._finish(self._text(tr("{file}: cancelled; nothing is written.")))

    def leave(self) -> None:
        """Fetch no more: another station is shown; what is being written goes on."""
        if self._job is None:
            self.lacking = ()
            self.fetching = False
            self.download.leave()
            self._finish("")

    def end(self) -> bool:
        """Stop; return whether the thread has ended: one may hang in the disk."""
        self.fetching = False
        self.download.leave()
        return self._job is None or self._job.end()

    # -- following the order ---------------------------------------------------

    def _run(self, *, anyway: bool) -> None:
        """Write, unless something is missing and not written ``anyway``."""
        if self._order is None:
            return
        station, chosen = self._order

        def work(watch: Watch) -> Result:
            path = self._history
            lacking = () if anyway else dates_not_fetched(path, station, chosen)
            return lacking or write_export(path, station, chosen, watch)

        failed = tr("Not exported: an error in SEMS Tray itself.")
        self._job = BackgroundJob(work, failed=failed)
        self._job.progressed.connect(self._on_progress)
        self._job.done.connect(self._on_done)
        self._say(tr("Writing {file} …"))
        self._job.start()

    def _end_fetching(self) -> None:
        if self.fetching:
            self.fetching = False
            self.download.stop()

    def _finish(self, said: str) -> None:
        self._order = None
        self._said = said
        self.changed.emit()

    def _say(self, text: str) -> None:
        self._said = self._text(text)
        self.changed.emit()

    def _text(self, text: str, **more: str) -> str:
        name = one_line(self._order[1].path.name) if self._order else ""
        return text.format(file=name, **more)

    @Slot(object)
    def _on_progress(self, day: date) -> None:
        if self._job is not None and not self._cancelled:
            # Translators: how far an export is: {month} is "June 2026".
            text = tr("Writing {file}: {month} …")
            self._said = self._text(text, month=month_title(day))
            self.changed.emit()

    @Slot(object)
    def _on_done(self, result: Result) -> None:
        if self._job is not None:
            self._job.wait()
            self._job = None
        if isinstance(result, str):
            self._finish(" ".join(it for it in (self._failure, result) if it))
        elif self._cancelled:
            self._finish(self._text(tr("{file}: cancelled; nothing is written.")))
        else:
            self.lacking = result
            self.changed.emit()

    @Slot()
    def _on_download(self) -> None:
        """Write when all is fetched that can be."""
        if self.fetching and not self.download.wanted:
            self.fetching = False
            failed = self.download.progress.failed
            self._failure = "" if failed is None else sentence(failed)
            self._run(anyway=True)
        else:
            self.changed.emit()


# What the disk is asked, in a thread of its own and by a reader of its own.


def write_export(
    path: Path, station: Station, chosen: ExportRequest, watch: Watch
) -> str:
    """Write an export of the history at ``path``; return in words what came of it.

    ``watch`` is told how far it is and says whether to go on.
    """
    from sems_tray.history.transfer.export_model import Format, StoppedError
    from sems_tray.history.transfer.exporter import export_file
    from sems_tray.history.transfer.missing import missing_words
    from sems_tray.i18n.formatting import counted
    from sems_tray.i18n.language import reason
    from sems_tray.storage.history.database import StorageError
    from sems_tray.storage.history.reader import HistoryReader

    name = one_line(chosen.path.name)
    try:
        with HistoryReader(path) as reader:
            selection = _selection(reader, station, chosen)
            written = export_file(
                reader, selection, Format(chosen.format), chosen.path, watch
            )
    except StoppedError:
        return tr("{file}: cancelled; nothing is written.").format(file=name)
    except StorageError as exc:
        return tr("The history cannot be read: {why}.").format(why=exc.said)
    except OSError as exc:
        text = tr("{file} cannot be written: {why}.")
        return text.format(file=name, why=reason(exc))
    if not written.rows:
        return tr("{file} has no rows.").format(file=name)
    # Translators: {rows} is "12 rows".
    text = tr("{file}: {rows} written.")
    result = text.format(file=name, rows=counted(written.rows))
    missing = missing_words(written.missing)
    return f"{result} {missing}." if missing else result


def dates_not_fetched(
    path: Path, station: Station, chosen: ExportRequest
) -> tuple[date, ...]:
    """Return the dates of an export of which the portal may know more.

    None where that is not known.
    """
    from sems_tray.storage.history.database import StorageError
    from sems_tray.storage.history.reader import HistoryReader

    try:
        with HistoryReader(path) as reader:
            return _selection(reader, station, chosen).not_fetched
    except StorageError:
        return ()


def _selection(
    reader: HistoryReader, station: Station, chosen: ExportRequest
) -> ExportRange:
    from sems_tray.history.transfer.export_model import ExportRange
    from sems_tray.history.transfer.exporter import with_not_fetched

    selection = ExportRange(
        station=station,
        where=station_zone(station),
        every=Every(chosen.every),
        first=chosen.first,
        last=chosen.last,
        today=station_today(station),
        lived_since=chosen.first,
    )
    return with_not_fetched(reader, selection, utc_now())
