"""The account's stations of one run: which is shown, and how the others are."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Signal, Slot

from sems_tray.domain.poll_result import Trouble
from sems_tray.domain.shown_reading import shown_reading
from sems_tray.domain.station_state import state_of
from sems_tray.domain.time_zones import utc_now
from sems_tray.i18n import formatting
from sems_tray.log.handlers import redact_from_now_on

from .other_stations import StationSummary, elsewhere, marked, menu_words, names
from .station_watcher import StationWatcher

if TYPE_CHECKING:
    from collections.abc import Mapping

    from sems_tray.app.presenter import Presenter
    from sems_tray.domain.model import Reading, Station
    from sems_tray.notifications.alert_store import AlertStore
    from sems_tray.runtime.context import AppContext
    from sems_tray.runtime.network_thread import Worker
    from sems_tray.runtime.sky import Sky
    from sems_tray.storage.settings import Settings

    from .poller import Poller


class StationsController(QObject):
    """Owns the others; the tray, the window and the alerts follow them."""

    station_wanted = Signal(str)

    def __init__(
        self,
        run: AppContext,
        poller: Poller,
        *,
        presenter: Presenter,
        sky: Sky,
        alerts: AlertStore,
    ) -> None:
        super().__init__()
        self._poller, self._sky = poller, sky
        self._pinned = run.options.station is not None
        self._presenter, self._alerts = presenter, alerts
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
        others, presenter = self.others, self._presenter
        others.poll_wanted.connect(worker.poll_aside)
        others.list_wanted.connect(worker.list_stations)
        worker.polled_aside.connect(others.on_polled)
        worker.listed.connect(self.on_listed)
        worker.unlisted.connect(others.on_unlisted)
        others.read.connect(self._on_read)
        others.changed.connect(self._on_changed)
        presenter.tray.menu_opens.connect(self._label)
        self._poller.changed.connect(self._label)
        self._alerts.station_wanted.connect(self._on_wanted)

    @Slot(object)
    def on_listed(self, stations: tuple[Station, ...]) -> None:
        """Take the account's stations; show the only one if another was meant."""
        for station in stations:
            redact_from_now_on(station.id, station.name)
        self._alerts.set_several(several=len(stations) > 1)
        self.others.set_stations(stations)
        failed = self._poller.failed
        lost = failed is not None and failed.trouble is Trouble.NO_STATION
        if lost and len(stations) == 1 and not self._pinned:
            self.station_wanted.emit(stations[0].id)

    def show_station(self, station_id: str) -> None:
        """Show another station: at once what is known of it, and soon what is new."""
        known = self.others.show_station(station_id)
        if known is not None:
            self._alerts.show_station(known)
        self._poller.start_over(known)

    def forget(self) -> None:
        """Forget all stations: another account follows."""
        self.others.forget()

    @Slot(object)
    def _on_read(self, reading: Reading) -> None:
        redact_from_now_on(reading.station.id, reading.station.name)
        self._alerts.on_aside(reading)

    @Slot()
    def _on_changed(self) -> None:
        aside = [replace(it.station, name=it.name) for it in self.others.known]
        self._alerts.watch(aside, self.others.shown)
        self._presenter.show_elsewhere(elsewhere(self.others.known))
        self._label()

    @Slot(str)
    def _on_wanted(self, station_id: str) -> None:
        """Turn to a station that the owner was told of."""
        if station_id != self.others.shown:
            self.station_wanted.emit(station_id)

    @Slot()
    def _label(self) -> None:
        """Say in the menu how each station is."""
        stations = self.others.stations
        if len(stations) < 2:  # noqa: PLR2004 (there is no such menu)
            self._presenter.tray.set_stations(stations, self.others.shown)
            return
        now = utc_now()
        called = names(stations)
        states = {it.station.id: menu_words(it, now) for it in self.others.known}
        self._presenter.tray.set_stations(
            stations, self.others.shown, {**called, **states, **self._here(called)}
        )

    def _here(self, called: Mapping[str, str]) -> dict[str, str]:
        """Say how the shown station is, by its id."""
        reading = self._poller.reading
        if reading is None or self._poller.shown_failure is not None:
            return {}
        now, dark_at = utc_now(), self._sky.dark_at(reading)
        state = state_of(shown_reading(reading, now, dark_at), now, dark_at)
        station = reading.station
        name = called.get(station.id) or formatting.name(station.name) or station.id
        here = StationSummary(name=name, state=state, at=now)
        return {station.id: marked(here, now)}
