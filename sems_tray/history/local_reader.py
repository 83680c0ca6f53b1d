"""The history as the GUI thread reads it: quick, and without an error."""

from __future__ import annotations

from datetime import UTC, timedelta
from typing import TYPE_CHECKING, TypeVar

from sems_tray.domain.time_zones import utc_now

if TYPE_CHECKING:
    from collections.abc import Callable
    from datetime import date, tzinfo
    from pathlib import Path

    from sems_tray.domain.energy import AlarmRecord, MissingDay, NotificationRecord
    from sems_tray.domain.model import CurvePoint, Station
    from sems_tray.storage.history.reader import HistoryReader

    from .query import HistoryData, HistoryQuery, HistorySummary


T = TypeVar("T")

_ALARMS = timedelta(days=365)


class LocalHistory:
    """Reads one profile's history, for the GUI thread.

    A history that cannot be read has nothing; where there is room for words, why.
    SQLite is imported by the first question: the tray icon does not wait for it.
    """

    def __init__(self, path: Path) -> None:
        self._path = path
        self._opened: HistoryReader | None = None

    @property
    def path(self) -> Path:
        """The file; other threads read it by readers of their own."""
        return self._path

    def close(self) -> None:
        """Let go of the file; the next question opens it again."""
        if self._opened is not None:
            self._opened.close()

    @property
    def reader(self) -> HistoryReader:
        """The reader of the GUI thread."""
        if self._opened is None:
            from sems_tray.storage.history.reader import HistoryReader

            self._opened = HistoryReader(self._path)
        return self._opened

    def read(self, station: str, where: tzinfo, query: HistoryQuery) -> HistoryData:
        """Return what is held of a part of the past."""
        from sems_tray.domain.energy import Period
        from sems_tray.domain.model import NO_SUMS
        from sems_tray.storage.history.database import StorageError

        from .plan import PAST, first_month_of
        from .query import HistoryData

        reader = self.reader
        try:
            total = reader.periods(station, Period.TOTAL)
            return HistoryData(
                points=reader.day(station, query.curve, where) if query.curve else (),
                days=tuple(
                    day
                    for first, last in query.spans
                    for day in reader.days(station, first, last)
                ),
                months=reader.periods(station, Period.MONTH),
                years=reader.periods(station, Period.YEAR),
                total=total[0].sums if total else NO_SUMS,
                first=reader.first_day(station, where),
                first_month=first_month_of(reader.state(station, PAST)),
            )
        except StorageError as exc:
            return HistoryData(trouble=exc.said)

    def gaps(
        self, station: str, where: tzinfo, first: date, last: date
    ) -> tuple[MissingDay, ...]:
        """Return the dates that could be fetched; none where that is not known."""
        return self._ask(
            lambda reader: reader.gaps(station, first, last, where, now=utc_now()), ()
        )

    def summary(self, station: Station) -> HistorySummary:
        """Return what is kept of a station."""
        from sems_tray.i18n.language import reason_inside
        from sems_tray.storage.history.database import StorageError

        from .query import HistorySummary

        try:
            return HistorySummary(
                first=self.reader.first_day(station.id, station_zone(station)),
                newest=self.reader.newest(station.id),
                size_bytes=self._path.stat().st_size if self._path.exists() else 0,
            )
        except StorageError as exc:
            return HistorySummary(trouble=exc.said)
        except OSError as exc:
            return HistorySummary(trouble=reason_inside(exc))

    def todays_curve(self, station: Station) -> tuple[CurvePoint, ...]:
        """Return today's curve as far as it is kept."""
        today, where = station_today(station), station_zone(station)
        return self._ask(lambda reader: reader.day(station.id, today, where), ())

    def alarms(
        self, station: Station
    ) -> tuple[tuple[AlarmRecord, ...], tuple[NotificationRecord, ...]]:
        """Return the alarms seen and the notices given, of the last year."""
        id_, since = station.id, utc_now() - _ALARMS
        return (
            self._ask(lambda reader: reader.alarms(id_, since), ()),
            self._ask(lambda reader: reader.notices(id_, since), ()),
        )

    def alert_states(self) -> dict[str, object] | None:
        """Return what the alerts kept of earlier runs, by name.

        None if the history is damaged: the writer saves what it can of it.
        """
        from sems_tray.alerts.alert_center import NAMES
        from sems_tray.storage.history.database import DamagedError, StorageError

        try:
            return {name: self.reader.state("", name) for name in NAMES}
        except DamagedError:
            return None
        except StorageError:
            return {}

    def _ask(self, question: Callable[[HistoryReader], T], otherwise: T) -> T:
        from sems_tray.storage.history.database import StorageError

        try:
            return question(self.reader)
        except StorageError:
            return otherwise


def station_zone(station: Station) -> tzinfo:
    """Return a station's time zone; UTC while it is unknown."""
    from sems_tray.daylight.zone_locations import zone_of

    return zone_of(station, utc_now()) or UTC


def station_today(station: Station | None) -> date:
    """Return the station's date; this computer's while no station is known."""
    return utc_now().astimezone(station_zone(station) if station else None).date()
