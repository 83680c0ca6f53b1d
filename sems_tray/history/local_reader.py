"""The history as the GUI thread reads it, and the exports that it orders."""

from __future__ import annotations

from datetime import UTC, timedelta
from typing import TYPE_CHECKING

from sems_tray.domain.time_zones import utc_now

if TYPE_CHECKING:
    from collections.abc import Callable
    from datetime import date, tzinfo
    from pathlib import Path

    from sems_tray.domain.energy import AlarmRecord, MissingDay, NotificationRecord
    from sems_tray.domain.model import CurvePoint, Station, Tariffs
    from sems_tray.storage.history.reader import HistoryReader

    from .export_model import ExportRange, ExportRequest
    from .query import ChartStation, HistoryData, HistoryQuery, HistorySummary


_ALARMS = timedelta(days=365)


class StationHistory:
    """One station's history as the history page reads it."""

    def __init__(self, reader: HistoryReader, station: str, where: tzinfo) -> None:
        self._reader = reader
        self.station = station
        self.where = where

    def read(self, wanted: HistoryQuery) -> HistoryData:
        """Return what is held."""
        from sems_tray.domain.energy import Period
        from sems_tray.domain.model import NO_SUMS
        from sems_tray.storage.history.database import StorageError

        from .plan import PAST, began
        from .query import HistoryData

        reader, name = self._reader, self.station
        try:
            total = reader.periods(name, Period.TOTAL)
            return HistoryData(
                points=reader.day(name, wanted.curve, self.where)
                if wanted.curve
                else (),
                days=tuple(
                    day
                    for first, last in wanted.spans
                    for day in reader.days(name, first, last)
                ),
                months=reader.periods(name, Period.MONTH),
                years=reader.periods(name, Period.YEAR),
                total=total[0].sums if total else NO_SUMS,
                first=reader.first_day(name, self.where),
                began=began(reader.state(name, PAST)),
            )
        except StorageError as exc:
            return HistoryData(trouble=exc.said)

    def gaps(self, first: date, last: date) -> tuple[MissingDay, ...]:
        """Return the dates that could be fetched; none where that is not known."""
        from sems_tray.storage.history.database import StorageError

        try:
            return self._reader.gaps(
                self.station, first, last, self.where, now=utc_now()
            )
        except StorageError:
            return ()


class LocalHistory:
    """Reads one profile's history, for the GUI thread.

    SQLite is imported by the first question: the tray icon does not wait for it.
    """

    def __init__(self, path: Path) -> None:
        self._path = path
        self._opened: HistoryReader | None = None
        self._source: StationHistory | None = None

    def close(self) -> None:
        """Let go of the file."""
        if self._opened is not None:
            self._opened.close()

    @property
    def reader(self) -> HistoryReader:
        """The reader of the GUI thread."""
        if self._opened is None:
            from sems_tray.storage.history.reader import HistoryReader

            self._opened = HistoryReader(self._path)
        return self._opened

    def kept(self, station: Station) -> HistorySummary:
        """Return what is kept of a station."""
        from sems_tray.i18n.language import reason_inside
        from sems_tray.storage.history.database import StorageError

        from .query import HistorySummary

        where = self._zone(station)
        try:
            return HistorySummary(
                first=self.reader.first_day(station.id, where),
                newest=self.reader.newest(station.id),
                size_bytes=self._path.stat().st_size if self._path.exists() else 0,
            )
        except StorageError as exc:
            return HistorySummary(trouble=exc.said)
        except OSError as exc:
            return HistorySummary(trouble=reason_inside(exc))

    def plant(self, station: Station, tariffs: Tariffs) -> ChartStation:
        """Return what the history page has to know of a station."""
        from .query import ChartStation

        return ChartStation(
            id=station.id,
            name=station.name,
            where=self._zone(station),
            capacity_kwp=station.capacity_kwp,
            tariffs=tariffs,
        )

    def source(self, station: Station) -> StationHistory:
        """Return where the history page reads; the same one for the same station."""
        source, where = self._source, self._zone(station)
        # A zone may become known after the station.
        if source is None or (source.station, source.where) != (station.id, where):
            self._source = source = StationHistory(self.reader, station.id, where)
        return source

    def today(self, station: Station) -> tuple[CurvePoint, ...]:
        """Return today's curve as far as it is kept and can be read."""
        from sems_tray.storage.history.database import StorageError

        where = self._zone(station)
        day = utc_now().astimezone(where).date()
        try:
            return self.reader.day(station.id, day, where)
        except StorageError:
            return ()

    def alarms(
        self, station: Station
    ) -> tuple[tuple[AlarmRecord, ...], tuple[NotificationRecord, ...]]:
        """Return the alarms seen and the notices given, of the last year."""
        from sems_tray.storage.history.database import StorageError

        since = utc_now() - _ALARMS
        try:
            return (
                self.reader.alarms(station.id, since),
                self.reader.notices(station.id, since),
            )
        except StorageError:
            return (), ()

    def states(self) -> dict[str, object] | None:
        """Return what the alerts kept of earlier runs, by name.

        None if the history is damaged: the writer saves what it can of it.
        """
        from sems_tray.alerts.codec import NAMES
        from sems_tray.storage.history.database import DamagedError, StorageError

        try:
            return {name: self.reader.state("", name) for name in NAMES}
        except DamagedError:
            return None
        except StorageError:
            return {}

    def _zone(self, station: Station) -> tzinfo:
        from sems_tray.daylight.zone_locations import zone_of

        return zone_of(station, utc_now()) or UTC

    def export(
        self, station: Station, chosen: ExportRequest, watch: Callable[[date], bool]
    ) -> str:
        """Write an export; called in a thread of its own, with a reader of its own.

        ``watch`` is told how far it is and says whether to go on.
        """
        from sems_tray.i18n.formatting import counted, one_line
        from sems_tray.i18n.language import reason, tr
        from sems_tray.storage.history.database import StorageError
        from sems_tray.storage.history.reader import HistoryReader

        from .export_model import Format
        from .exporter import export_file
        from .maintenance import StoppedError
        from .missing import missing_words

        name = one_line(chosen.path.name)
        try:
            with HistoryReader(self._path) as reader:
                selection = self._selection(reader, station, chosen)
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
        said = text.format(file=name, rows=counted(written.rows))
        missing = missing_words(written.missing)
        return f"{said} {missing}." if missing else said

    def not_fetched(self, station: Station, chosen: ExportRequest) -> tuple[date, ...]:
        """Return the dates of an export of which the portal may know more.

        Called in a thread of its own, as the export.  None where that is not known.
        """
        from sems_tray.storage.history.database import StorageError
        from sems_tray.storage.history.reader import HistoryReader

        try:
            with HistoryReader(self._path) as reader:
                return self._selection(reader, station, chosen).not_fetched
        except StorageError:
            return ()

    def _selection(
        self, reader: HistoryReader, station: Station, chosen: ExportRequest
    ) -> ExportRange:
        from .export_model import Every, ExportRange
        from .exporter import with_not_fetched

        selection = ExportRange(
            station=station,
            where=self._zone(station),
            every=Every(chosen.every),
            first=chosen.first,
            last=chosen.last,
            today=station_today(station),
            lived_since=chosen.first,
        )
        return with_not_fetched(reader, selection, utc_now())


def station_today(station: Station | None) -> date:
    """Return the station's date; this computer's while no station is known."""
    from sems_tray.daylight.zone_locations import zone_of

    where = zone_of(station, utc_now()) or UTC if station else None
    return utc_now().astimezone(where).date()
