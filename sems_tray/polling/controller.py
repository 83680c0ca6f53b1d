"""The account's stations of one run: which is shown, and how the others are."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Slot

from sems_tray.domain.poll_result import PollFailed, PollSucceeded, Trouble
from sems_tray.domain.time_zones import utc_now
from sems_tray.log.handlers import redact_from_now_on
from sems_tray.runtime import jobs
from sems_tray.runtime.services import HeaderNote

from .other_stations import AccountStations
from .station_watcher import StationWatcher

if TYPE_CHECKING:
    from sems_tray.daylight.waking import Habits
    from sems_tray.domain.model import Reading, Station
    from sems_tray.domain.poll_result import PollOutcome
    from sems_tray.runtime.services import AccountChange, Services
    from sems_tray.storage.settings import Settings

    from .poller import Poller


class StationsController(QObject):
    """Turns to another station, and has recorded what polls bring.

    Owns the watcher of the others.
    """

    def __init__(self, services: Services, poller: Poller) -> None:
        super().__init__()
        self._events, self._network = services.events, services.network
        self._settings = services.settings
        self._poller, self._sky = poller, services.sky
        self._history_message = ""
        self._is_list_requested = False
        self._pinned = services.context.options.station is not None
        self.others = StationWatcher(
            services.network,
            poller,
            now=utc_now,
            dark_at=services.sky.dark_at,
            pinned=self._pinned,
            demo=services.is_demo,
        )
        self.others.set_unwatched(services.settings.settings.unwatched)
        self._connect()

    def _connect(self) -> None:
        others, events = self.others, self._events
        others.listed.connect(self._on_listed)
        others.list_failed.connect(events.station_list_failed)
        others.read.connect(self._on_read)
        others.changed.connect(self._on_changed)
        self._poller.polled.connect(self._on_polled)
        events.station_chosen.connect(self._on_chosen)
        events.settings_changed.connect(self.apply_settings)
        events.account_changed.connect(self._on_account)
        events.resetting.connect(self._reset)

    @Slot(object, object)
    def apply_settings(self, before: Settings, after: Settings) -> None:
        """Follow changed settings."""
        if after.live_minutes != before.live_minutes:
            self._poller.set_live(timedelta(minutes=after.live_minutes))
        if after.unwatched != before.unwatched:
            self.others.set_unwatched(after.unwatched)

    @Slot(object)
    def _on_polled(self, outcome: PollOutcome) -> None:
        """Ask once for the list of stations; record what the poll brought."""
        match outcome:
            case PollSucceeded(reading=reading):
                station = reading.station
                redact_from_now_on(station.id, station.name)
                self._request_list()
                self._learn_habits(station)
            case PollFailed(trouble=Trouble.NO_STATION):
                self._request_list()
            case _:
                pass
        self._network.submit(jobs.record_poll(outcome), self._on_recorded)

    def _on_recorded(self, message: str | None) -> None:
        if message is None:  # recording failed, and the log says why
            return
        if message != self._history_message:
            self._history_message = message
            self._events.note_changed.emit(HeaderNote.HISTORY, message)
        self._events.poll_recorded.emit()

    def _learn_habits(self, station: Station) -> None:
        """Learn what the station usually does: it is judged by that."""

        def learned(habits: Habits | None) -> None:
            if habits is not None:
                self._sky.learn(station.id, habits)

        self._network.submit(jobs.learn_habits(station), learned)

    @Slot(object)
    def _on_listed(self, stations: tuple[Station, ...]) -> None:
        """Take the account's stations; show the only one if another was meant."""
        for station in stations:
            redact_from_now_on(station.id, station.name)
        self.others.set_stations(stations)
        self._events.stations_listed.emit(stations)
        failed = self._poller.failed
        lost = failed is not None and failed.trouble is Trouble.NO_STATION
        if lost and len(stations) == 1 and not self._pinned:
            self._events.station_chosen.emit(stations[0].id)

    def _request_list(self) -> None:
        if not self._is_list_requested:
            self._is_list_requested = True
            self.others.request_list()

    @Slot(object)
    def _on_account(self, change: AccountChange) -> None:
        self._reset()
        self._poller.apply(change.outcome)

    @Slot()
    def _reset(self) -> None:
        """Forget all that is known: another account follows."""
        self._is_list_requested = False
        self.others.reset()
        self._poller.reset()

    @Slot(str)
    def _on_chosen(self, station_id: str) -> None:
        """Show another station: at once what is known of it, and soon what is new."""
        is_other = station_id != self.others.shown
        self._settings.update(station=station_id)
        self._network.submit(jobs.show_station(station_id))
        if is_other:
            known = self.others.show_station(station_id)
            self._events.station_shown.emit(station_id, known)
            self._poller.start_over(known)

    @Slot(object)
    def _on_read(self, reading: Reading) -> None:
        redact_from_now_on(reading.station.id, reading.station.name)
        self._events.other_station_read.emit(reading)
        self._learn_habits(reading.station)
        self._network.submit(jobs.record_other(reading))

    @Slot()
    def _on_changed(self) -> None:
        others = self.others
        self._events.stations_changed.emit(
            AccountStations(
                stations=others.stations, shown_id=others.shown, others=others.known
            )
        )
