"""Fills the details window: makes the views of the page in front, and no others."""

from __future__ import annotations

import logging
from typing import TYPE_CHECKING, assert_never, cast

from PySide6.QtCore import QObject, QRect, QTimer, Slot

from sems_tray.domain.battery_forecast import begin, estimate, seeded, step
from sems_tray.domain.failures import Action
from sems_tray.domain.time_zones import utc_now
from sems_tray.runtime import jobs
from sems_tray.runtime.services import HeaderNote

from .header import Page, header_view

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping
    from datetime import datetime

    from PySide6.QtWidgets import QWidget

    from sems_tray.alerts.model import ProblemSummary
    from sems_tray.domain.battery_forecast import Estimate, Estimator
    from sems_tray.domain.credentials import PasswordStorage
    from sems_tray.domain.energy import Step
    from sems_tray.domain.model import CurvePoint, Reading
    from sems_tray.domain.poll_result import PollFailed
    from sems_tray.domain.station_state import DarkAt
    from sems_tray.polling.poller import Poller
    from sems_tray.polling.snapshot import MonitorSnapshot
    from sems_tray.runtime.services import Services
    from sems_tray.storage.settings import Settings
    from sems_tray.window.alarms.page import AlarmsPage
    from sems_tray.window.devices.page import DevicesPage
    from sems_tray.window.history.page import HistoryPage
    from sems_tray.window.now.page import NowPage

    from .main_window import DetailsWindow


log = logging.getLogger(__name__)

_WARM_AFTER_MS = 3_000


class WindowController(QObject):
    """Owns the details window."""

    def __init__(
        self,
        services: Services,
        poller: Poller,
        *,
        icon_geometry: Callable[[], QRect],
        now: Callable[[], datetime] = utc_now,
    ) -> None:
        super().__init__()
        self._services = services
        self._events = services.events
        self._network = services.network
        self._poller = poller
        self._icon_geometry = icon_geometry
        self._notes: dict[HeaderNote, str] = {}
        self._password_storage: PasswordStorage | None = None
        self._history = services.history
        self._settings = services.settings.settings
        self._geometry = self._settings.window
        self._now = now
        self._window: DetailsWindow | None = None
        self._battery = BatteryWatch()
        self._muted_by_alarm: Mapping[str, bool] = {}
        self._warming = QTimer(self)
        self._warming.setSingleShot(True)
        self._connect()

    def _connect(self) -> None:
        events, poller = self._events, self._poller
        poller.changed.connect(self._on_snapshot)
        poller.aged.connect(self.refill)
        events.details_requested.connect(self.open)
        events.details_toggled.connect(self._toggle)
        events.alarm_chosen.connect(self._open_alarm)
        events.note_changed.connect(self._on_note)
        events.poll_recorded.connect(self._on_poll_recorded)
        events.problems_changed.connect(self._on_problems)
        events.settings_changed.connect(self.apply_settings)
        events.locale_changed.connect(self._retranslate)
        events.password_storage_changed.connect(self._on_password_storage)
        events.quitting.connect(self._warming.stop)
        self._warming.timeout.connect(self._warm_up)
        self._warming.start(_WARM_AFTER_MS)

    # -- opening ---------------------------------------------------------------

    @Slot(QRect)
    def open(self, near: QRect) -> None:
        """Open the window near a click, or near the icon; or bring it to the front."""
        self._made().open(self._icon_geometry() if near.isEmpty() else near)

    @Slot(QRect)
    def _toggle(self, near: QRect) -> None:
        self._made().toggle(near)

    @Slot(str)
    def _open_alarm(self, alarm_id: str) -> None:
        """Open the window at an alarm, or just open it."""
        if not alarm_id:
            self.open(QRect())
            return
        window = self._made()
        window.open(self._icon_geometry(), Page.ALARMS)
        cast("AlarmsPage", window.made(Page.ALARMS)).select(alarm_id)

    @Slot()
    def _retranslate(self) -> None:
        """Make the window anew in the language that is spoken now."""
        old = self._window
        if old is None:
            return
        page, seen = old.page(), old.isVisible()
        self._geometry = old.remembered()
        old.blockSignals(True)  # its owner did not close it
        old.hide()
        old.deleteLater()
        self._window = None
        if seen:
            self._made().open(QRect(), page)

    @Slot(object, object)
    def apply_settings(self, _: Settings, after: Settings) -> None:
        """Follow changed settings."""
        self._settings = after
        page = cast("NowPage | None", self._made_already(Page.NOW))
        if page is not None:
            page.allow_motion(after.motion)
        self.refill()  # a page paints only what differs

    @Slot(object)
    def _on_problems(self, summary: ProblemSummary) -> None:
        if summary.muted_by_alarm != self._muted_by_alarm:
            self._muted_by_alarm = summary.muted_by_alarm
            self.refill()

    @Slot()
    def _warm_up(self) -> None:
        """Import what the window needs before it is wanted: that is most of its time.

        The widgets themselves wait for the click: many owners look at the tray alone.
        """
        from sems_tray.window.now import page as now_page
        from sems_tray.window.now import view_model

        from . import main_window

        log.debug(
            "ready: %s", [it.__name__ for it in (view_model, main_window, now_page)]
        )

    def _made(self) -> DetailsWindow:
        if self._window is None:
            from .main_window import DetailsWindow

            self._window = window = DetailsWindow(
                {
                    Page.NOW: self._make_now_page,
                    Page.HISTORY: self._make_history_page,
                    Page.DEVICES: _make_devices_page,
                    Page.ALARMS: self._make_alarms_page,
                }
            )
            window.remember(self._geometry)
            window.watched.connect(self._on_watched)
            window.page_shown.connect(self._on_page)
            window.refresh_wanted.connect(self._on_refresh)
            window.action_wanted.connect(self._on_action)
            window.closed.connect(self._on_closed)
        return self._window

    def _made_already(self, page: Page) -> QWidget | None:
        return None if self._window is None else self._window.made_already(page)

    def _history_page(self) -> HistoryPage | None:
        """Return the page "History", if it was made."""
        return cast("HistoryPage | None", self._made_already(Page.HISTORY))

    def _make_now_page(self) -> QWidget:
        from sems_tray.window.now.page import NowPage

        page = NowPage()
        page.allow_motion(self._settings.motion)
        return page

    def _make_alarms_page(self) -> QWidget:
        from sems_tray.window.alarms.page import AlarmsPage

        page = AlarmsPage()
        page.known_wanted.connect(self._events.alarm_muted)
        return page

    def _make_history_page(self) -> QWidget:
        from sems_tray.window.history.page import HistoryPage

        page = HistoryPage(self._history, self._now, lambda: self._poller.pause_until)
        page.part_wanted.connect(self._fetch_step)
        page.export_wanted.connect(self._events.transfer_requested)
        return page

    # -- filling ---------------------------------------------------------------

    def notes(self) -> tuple[str, ...]:
        """Return the header's sentences about this computer."""
        return tuple(self._notes[note] for note in HeaderNote if note in self._notes)

    @Slot()
    def refill(self) -> None:
        """Follow the situation, if somebody looks."""
        if self._window is not None and self._window.isVisible():
            self._fill(self._window)

    def _fill(self, window: DetailsWindow) -> None:
        snapshot = self._poller.snapshot()
        window.show_header(
            header_view(
                snapshot, notes=self.notes(), password_storage=self._password_storage
            )
        )
        page = window.page()
        made = window.made(page)
        match page:
            case Page.NOW:
                self._fill_now(cast("NowPage", made), snapshot)
            case Page.HISTORY:
                self._fill_history(cast("HistoryPage", made), snapshot)
            case Page.DEVICES:
                self._fill_devices(cast("DevicesPage", made), snapshot)
            case Page.ALARMS:
                self._fill_alarms(cast("AlarmsPage", made), snapshot)

    def _fill_now(self, page: NowPage, snapshot: MonitorSnapshot) -> None:
        from sems_tray.window.now.view_model import now_view

        reserve = self._settings.reserve_percent
        page.show_view(
            now_view(
                snapshot.reading,
                snapshot.now,
                snapshot.dark_at,
                estimate=self._battery.estimate(snapshot.dark_at, reserve),
                tariffs=self._settings.tariffs,
                reserve_percent=reserve,
                failed=snapshot.failed is not None,
            )
        )

    def _fill_history(self, page: HistoryPage, snapshot: MonitorSnapshot) -> None:
        shown = snapshot.shown
        if shown is None:
            page.show_station(None)
            return
        from sems_tray.history.local_reader import station_zone
        from sems_tray.history.query import ChartStation

        station = shown.station
        page.show_station(
            ChartStation(
                id=station.id,
                name=station.name,
                where=station_zone(station),
                capacity_kwp=station.capacity_kwp,
                tariffs=self._settings.tariffs,
                energy=shown.energy,
            )
        )

    def _fill_devices(self, page: DevicesPage, snapshot: MonitorSnapshot) -> None:
        from sems_tray.window.devices.view_model import devices_view

        page.show_view(
            devices_view(
                snapshot.reading,
                snapshot.now,
                snapshot.dark_at,
                fetching=snapshot.in_flight,
            )
        )

    def _fill_alarms(self, page: AlarmsPage, snapshot: MonitorSnapshot) -> None:
        from sems_tray.domain.wording import zone_of
        from sems_tray.window.alarms.view_model import alarms_view

        reading = snapshot.reading
        seen, notices = self._history.alarms(reading.station) if reading else ((), ())
        where = zone_of(reading) if reading else None
        page.show_view(
            alarms_view(
                reading, seen, notices, snapshot.now, where, self._muted_by_alarm
            )
        )

    def seed_battery(self) -> None:
        """Learn from what is kept of today: the estimate need not wait for hours."""
        reading = self._poller.reading
        if reading is not None and reading.battery is not None:
            self._battery.seed(reading, self._history.todays_curve(reading.station))

    # -- slots -----------------------------------------------------------------

    @Slot(object)
    def _on_snapshot(self, snapshot: MonitorSnapshot) -> None:
        self._battery.follow(snapshot.reading)
        self.refill()

    @Slot()
    def _on_closed(self) -> None:
        if self._window is not None:
            self._services.settings.update(window=self._window.remembered())
        self._events.window_closed.emit()

    @Slot(object)
    def _on_password_storage(self, storage: PasswordStorage | None) -> None:
        self._password_storage = storage

    @Slot(HeaderNote, object)
    def _on_note(self, note: HeaderNote, text: str) -> None:
        before = self._notes.pop(note, "")
        if text:
            self._notes[note] = text
        if text != before:
            self.refill()

    @Slot(Action)
    def _on_action(self, action: Action) -> None:
        match action:
            case Action.SIGN_IN | Action.CHOOSE_STATION:
                self._events.sign_in_requested.emit()
            case Action.OPEN_PORTAL:
                self._events.portal_page_requested.emit()
            case Action.RETRY:
                self._poller.refresh()
            case Action.SHOW_ALARMS:  # the window has shown them already
                pass
            case _:
                assert_never(action)

    @Slot(object)
    def _fetch_step(self, step: Step) -> None:
        """Fetch what the page "History" lacks."""

        def fetched(failed: PollFailed | None) -> None:
            self.on_step_fetched(step, failed)

        self._network.submit(jobs.fetch_step(step), fetched)

    def on_step_fetched(self, step: Step, failed: PollFailed | None) -> None:
        """Show a step of the past that was fetched, or why it was not."""
        if failed is not None:
            self._poller.record_pause(failed)
        page = self._history_page()
        if page is not None:
            page.on_brought(step, failed)
        if failed is None:
            self.seed_battery()
            self.refill()

    @Slot()
    def _on_poll_recorded(self) -> None:
        """Show a new reading that is in the history now."""
        page = self._history_page()
        if page is not None:
            page.on_reading()

    @Slot(bool)
    def _on_watched(self, watched: bool) -> None:  # noqa: FBT001 (Qt's signal)
        window = self._window
        at_devices = window is not None and window.page() is Page.DEVICES
        self._poller.watch(watched, closely=watched and at_devices)
        if watched:
            self.seed_battery()
            self._events.details_seen.emit()

    @Slot(Page)
    def _on_page(self, page: Page) -> None:
        window = self._window
        if window is None:
            return
        self._fill(window)
        if window.isVisible():
            self._poller.watch(True, closely=page is Page.DEVICES)

    @Slot()
    def _on_refresh(self) -> None:
        self._poller.refresh()
        page = self._history_page()
        if page is not None and page.isVisible():
            page.refresh()


def _make_devices_page() -> QWidget:
    from sems_tray.window.devices.page import DevicesPage

    return DevicesPage()


class BatteryWatch:
    """What was seen of the battery of the station that is shown."""

    def __init__(self) -> None:
        self._state: Estimator | None = None
        self._station = ""
        self._seen: Reading | None = None

    def follow(self, reading: Reading | None) -> None:
        """Fold a reading in; the same one twice says nothing new."""
        if reading is None or reading is self._seen:
            return
        self._seen = reading
        if reading.battery is None or reading.measured_at is None:
            self._state = None
            return
        station = reading.station
        if self._state is None or station.id != self._station:
            self._station = station.id
            self._state = begin(station.battery_kwh)
        self._state = step(
            self._state,
            reading.measured_at,
            reading.battery.soc_percent,
            reading.power.battery_w,
        )

    def seed(self, reading: Reading, today: Iterable[CurvePoint]) -> None:
        """Begin anew from a day's curve, then the reading."""
        self._station = reading.station.id
        self._state = seeded(begin(reading.station.battery_kwh), today)
        self._seen = None
        self.follow(reading)

    def estimate(
        self, dark_at: DarkAt, reserve_percent: float | None
    ) -> Estimate | None:
        """Return when the battery is full or at its reserve, if that can be told."""
        if self._state is None:
            return None
        return estimate(self._state, dark_at, reserve_percent)
