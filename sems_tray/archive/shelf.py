"""The history as the GUI thread reads it, and the exports that it orders."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING

from sems_tray.core.kept import Kept
from sems_tray.core.words import counted, one_line
from sems_tray.places import zone_of

if TYPE_CHECKING:
    from datetime import date
    from pathlib import Path

    from sems_tray.core.model import Station
    from sems_tray.store.history import HistoryReader
    from sems_tray.ui.history_dialog import Chosen


class Shelf:
    """Reads one profile's history, for the GUI thread.

    SQLite is imported by the first question: the tray icon does not wait for it.
    """

    def __init__(self, path: Path) -> None:
        self._path = path
        self._opened: HistoryReader | None = None

    def close(self) -> None:
        """Let go of the file."""
        if self._opened is not None:
            self._opened.close()

    @property
    def reader(self) -> HistoryReader:
        """The reader of the GUI thread."""
        if self._opened is None:
            from sems_tray.store.history import HistoryReader

            self._opened = HistoryReader(self._path)
        return self._opened

    def kept(self, station: Station) -> Kept:
        """Return what is kept of a station."""
        from sems_tray.store.history import KnownError

        where = zone_of(station, datetime.now(UTC)) or UTC
        try:
            return Kept(
                first=self.reader.first_day(station.id, where),
                newest=self.reader.newest(station.id),
                size_bytes=self._path.stat().st_size if self._path.exists() else 0,
            )
        except (KnownError, OSError) as exc:
            return Kept(trouble=str(exc))

    def export(self, station: Station, chosen: Chosen) -> str:
        """Write an export; called in a thread of its own, with a reader of its own."""
        from sems_tray.core.export import Every, Format, Selection
        from sems_tray.store.history import HistoryReader, KnownError

        from .writing import export_file

        selection = Selection(
            station=station,
            where=zone_of(station, datetime.now(UTC)) or UTC,
            every=Every(chosen.every),
            first=chosen.first,
            last=chosen.last,
            today=station_today(station),
        )
        name = one_line(chosen.path.name)
        try:
            with HistoryReader(self._path) as reader:
                rows = export_file(
                    reader, selection, Format(chosen.format), chosen.path
                )
        except KnownError as exc:
            return f"The history cannot be read: {exc}."
        except OSError as exc:
            return f"{name} cannot be written: {exc.strerror or exc}."
        return f"{name}: {counted(rows)} written." if rows else f"{name} has no rows."


def station_today(station: Station | None) -> date:
    """Return the station's date; this computer's while no station is known."""
    where = zone_of(station, datetime.now(UTC)) if station else None
    return datetime.now(UTC).astimezone(where).date()
