"""The account's stations of one run: which is shown, and how the others are."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Signal, Slot

from sems_tray.domain.poll_result import Trouble
from sems_tray.domain.time_zones import utc_now
from sems_tray.log.handlers import redact_from_now_on

from .other_stations import AccountStations
from .station_watcher import StationWatcher

if TYPE_CHECKING:
    from sems_tray.domain.model import Reading, Station
    from sems_tray.runtime.context import AppContext
    from sems_tray.runtime.network_thread import Worker
    from sems_tray.runtime.session_events import SessionEvents
    from sems_tray.runtime.sky import Sky
    from sems_tray.storage.settings import Settings

    from .poller import Poller


class StationsController(QObject):
    """Owns the watcher of the others, and turns to another station."""

    choosing = Signal(str)  # station id, for the client

    def __init__(
        self,
        run: AppContext,
        events: SessionEvents,
        poller: Poller,
        *,
        sky: Sky,
    ) -> None:
        super().__init__()
        self._events, self._poller = events, poller
        self._pinned = run.options.station is not None
        self.others = StationWatcher(
            poller,
            now=utc_now,
            dark_at=sky.dark_at,
            pinned=self._pinned,
            demo=run.options.demo is not None,
        )
        self.others.set_unwatched(run.settings.unwatched)

    @Slot(object, object)
    def apply_settings(self, before: Settings, after: Settings) -> None:
        """Follow changed settings."""
        if after.live_minutes != before.live_minutes:
            self._poller.set_live(timedelta(minutes=after.live_minutes))
        if after.unwatched != before.unwatched:
            self.others.set_unwatched(after.unwatched)

    def connect_to(self, worker: Worker) -> None:
        """Join the parts; only bound methods cross threads safely."""
        others, events = self.others, self._events
        others.poll_wanted.connect(worker.poll_aside)
        others.list_wanted.connect(worker.list_stations)
        worker.polled_aside.connect(others.on_polled)
        worker.listed.connect(self.on_listed)
        worker.unlisted.connect(others.on_unlisted)
        self.choosing.connect(worker.choose)
        others.read.connect(self._on_read)
        others.changed.connect(self._on_changed)
        events.station_chosen.connect(self._on_chosen)
        events.settings_changed.connect(self.apply_settings)

    @Slot(object)
    def on_listed(self, stations: tuple[Station, ...]) -> None:
        """Take the account's stations; show the only one if another was meant."""
        for station in stations:
            redact_from_now_on(station.id, station.name)
        self.others.set_stations(stations)
        failed = self._poller.failed
        lost = failed is not None and failed.trouble is Trouble.NO_STATION
        if lost and len(stations) == 1 and not self._pinned:
            self._events.station_chosen.emit(stations[0].id)

    def forget(self) -> None:
        """Forget all stations: another account follows."""
        self.others.forget()

    @Slot(str)
    def _on_chosen(self, station_id: str) -> None:
        """Show another station: at once what is known of it, and soon what is new."""
        is_other = station_id != self.others.shown
        self.choosing.emit(station_id)
        if is_other:
            known = self.others.show_station(station_id)
            self._events.station_shown.emit(station_id, known)
            self._poller.start_over(known)

    @Slot(object)
    def _on_read(self, reading: Reading) -> None:
        redact_from_now_on(reading.station.id, reading.station.name)
        self._events.other_station_read.emit(reading)

    @Slot()
    def _on_changed(self) -> None:
        others = self.others
        self._events.stations_changed.emit(
            AccountStations(
                stations=others.stations, shown_id=others.shown, others=others.known
            )
        )
