"""Watches the stations beside the shown one: seldom, one at a time, and after it.

It has no timer of its own: the poller says now and then that things may differ, and
that is often enough.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Signal, Slot

from sems_tray.domain.poll_result import PollFailed, PollSucceeded, Trouble
from sems_tray.runtime import jobs

from .other_stations import (
    ACCOUNT_WIDE,
    LIST_PERIOD,
    SPACING,
    WatchedStation,
    after_poll,
    next_station,
    with_reading,
    with_station_list,
)

if TYPE_CHECKING:
    from collections.abc import Callable
    from datetime import datetime

    from sems_tray.domain.model import Reading, Station
    from sems_tray.domain.poll_result import PollOutcome
    from sems_tray.domain.station_state import DarkAt
    from sems_tray.runtime.network_thread import NetworkThread, Ticket

    from .poller import Poller


# The network needs a moment after waking, and the shown station goes first.
_AFTER_WAKE = timedelta(seconds=30)
_LIST_AGAIN = timedelta(hours=1)
# The shown station goes first if it is due so soon.
_GOES_FIRST = timedelta(seconds=5)


class StationWatcher(QObject):
    """Knows the account's other stations. ``pinned`` leaves them alone."""

    listed = Signal(object)  # tuple[Station, ...]
    list_failed = Signal(object)  # PollFailed
    read = Signal(object)  # Reading
    changed = Signal()

    def __init__(
        self,
        network: NetworkThread,
        poller: Poller,
        *,
        now: Callable[[], datetime],
        dark_at: Callable[[Reading], DarkAt],
        pinned: bool = False,
        demo: bool = False,
    ) -> None:
        super().__init__()
        self._network = network
        self._poller = poller
        self._now = now
        self._dark_at = dark_at
        self._pinned = pinned
        self._demo = demo
        self._unwatched: frozenset[str] = frozenset()
        self._polled: str | None = None  # the one whose poll is under way
        self._poll_ticket: Ticket | None = None
        self._list_ticket: Ticket | None = None
        self._refreshing = False
        self._list_at: datetime | None = None  # when the list is asked for again
        self._list_asked_at: datetime | None = None
        self._not_before: datetime | None = None
        self.stations: tuple[Station, ...] = ()  # of the account, the shown one too
        self.shown: str | None = None  # its id, once it is known
        self.known: tuple[WatchedStation, ...] = ()
        poller.changed.connect(self._poll_next)
        poller.aged.connect(self._poll_next)
        poller.refreshed.connect(self._on_refreshed)
        poller.woke.connect(self._on_woke)

    def request_list(self) -> None:
        """Fetch the list of the account's stations."""
        job = jobs.list_stations()
        self._list_ticket = self._network.submit(job, self._on_list)

    def _on_list(self, found: tuple[Station, ...] | PollFailed) -> None:
        self._list_ticket = None
        if isinstance(found, PollFailed):
            self._list_asked_at = self._now()
            self._list_at = self._list_asked_at + _LIST_AGAIN
            self._poller.record_pause(found)
            self.list_failed.emit(found)
        else:
            self.listed.emit(found)

    def set_stations(self, stations: tuple[Station, ...]) -> None:
        """Follow a new list of the account's stations."""
        self.stations = stations
        self._list_asked_at = self._now()
        self._list_at = self._list_asked_at + LIST_PERIOD
        self._update_watched()
        self._poll_next()

    def set_unwatched(self, unwatched: tuple[str, ...]) -> None:
        """Leave some of them alone."""
        self._unwatched = frozenset(unwatched)
        self._update_watched()

    def show_station(self, station_id: str) -> Reading | None:
        """Turn to another station; return what is known of it."""
        left, found = self._poller.reading, self._find(station_id)
        self.shown = station_id
        known = found.reading if found else None
        if left is not None and left.station.id == station_id:
            known = left
        self._update_watched()
        if left is not None and self._find(left.station.id) is not None:
            other, at = WatchedStation(station=left.station), left.received_at
            self._replace(with_reading(other, left, at, self._dark_at(left)))
        return known

    def reset(self) -> None:
        """Forget them all, and what is under way: another account follows."""
        for ticket in (self._poll_ticket, self._list_ticket):
            if ticket is not None:
                ticket.cancel()
        self._poll_ticket = self._list_ticket = self._polled = None
        self.stations = self.known = ()
        self.shown = self._list_at = None
        self.changed.emit()

    def _on_polled(self, outcome: PollOutcome) -> None:
        """Follow an outcome; the station may be the shown one by now."""
        polled, self._polled, self._poll_ticket = self._polled, None, None
        found = self._find(polled)
        if found is not None:
            dark_at = None
            if isinstance(outcome, PollSucceeded):
                dark_at = self._dark_at(outcome.reading)
                self.read.emit(outcome.reading)
            self._replace(after_poll(found, outcome, self._now(), dark_at))
        self._poller.requests_today = outcome.requests_today
        self._record_pause(outcome)
        self.changed.emit()
        self._poll_next()

    def _record_pause(self, outcome: PollOutcome) -> None:
        """Let a pause that the portal asked for hold for all that is asked."""
        if isinstance(outcome, PollFailed):
            self._poller.record_pause(outcome)
        elif outcome.pause is not None:
            failed = PollFailed(trouble=Trouble.THROTTLED, retry_after=outcome.pause)
            self._poller.record_pause(failed)

    def _find(self, station_id: str | None) -> WatchedStation | None:
        return next((it for it in self.known if it.station.id == station_id), None)

    def _replace(self, other: WatchedStation) -> None:
        same = other.station.id
        self.known = tuple(other if it.station.id == same else it for it in self.known)

    def _update_watched(self) -> None:
        """Keep apart which stations are the others."""
        if self._pinned or self.shown is None:
            self.known = ()
        else:
            out = {self.shown, *self._unwatched}
            self.known = with_station_list(self.known, self.stations, out)
        self.changed.emit()

    @Slot()
    def _poll_next(self) -> None:
        """Ask the one whose turn it is, if nothing speaks against it."""
        reading, now = self._poller.reading, self._now()
        if reading is not None and reading.station.id != self.shown:
            self.shown = reading.station.id
            self._update_watched()
        if not self.known and not self._is_list_due(now):
            return
        if self._polled is not None or not self._may_ask(now):
            return
        if self._list_ticket is None and self._is_list_due(now):
            self.request_list()
        if self._list_ticket is not None:
            return  # it may meet a pause, or bring other stations
        found = next_station(
            self.known, now, refreshing=self._refreshing, demo=self._demo
        )
        if found is not None:
            self._polled, self._refreshing = found, False
            job = jobs.poll_other(found)
            self._poll_ticket = self._network.submit(job, self._on_polled)

    def _may_ask(self, now: datetime) -> bool:
        """Say whether another station may be asked at all."""
        poller, failed = self._poller, self._poller.failed
        if poller.in_flight or poller.is_paused() or poller.throttled_today:
            return False
        if failed is not None and failed.trouble in ACCOUNT_WIDE:
            return False
        if self._not_before is not None and now < self._not_before:
            return False
        return poller.next_at is None or poller.next_at - now >= _GOES_FIRST

    def _is_list_due(self, now: datetime) -> bool:
        at, before = self._list_at, self._list_asked_at
        if at is None:  # nobody asked for it yet
            return False
        failed = self._poller.failed
        if failed is not None and failed.trouble is Trouble.NO_STATION and before:
            at = min(at, before + _LIST_AGAIN)
        return now >= at or at - now > LIST_PERIOD

    @Slot()
    def _on_refreshed(self) -> None:
        """Take the others along, and look whether there are new ones."""
        self._refreshing = True
        self.known = tuple(replace(it, wanted=True) for it in self.known)
        now, before = self._now(), self._list_asked_at
        if before is not None and not timedelta() <= now - before < SPACING:
            self._list_at = now

    @Slot()
    def _on_woke(self) -> None:
        self._not_before = self._now() + _AFTER_WAKE
