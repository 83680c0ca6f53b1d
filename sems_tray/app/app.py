"""The tray app: builds the parts, starts them, and ends them."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, QRect, Slot
from PySide6.QtWidgets import QApplication

from sems_tray.desktop.qt_application import GuiThreadGc
from sems_tray.domain.time_zones import utc_now
from sems_tray.history.local_reader import LocalHistory
from sems_tray.polling.poll_log import PollLog
from sems_tray.polling.poller import Poller
from sems_tray.runtime.network_thread import NetworkThread
from sems_tray.runtime.services import HeaderNote, Services, SessionEvents
from sems_tray.runtime.settings_repository import SettingsRepository
from sems_tray.runtime.sky import Sky
from sems_tray.tray.controller import TrayController

if TYPE_CHECKING:
    from sems_tray.desktop.single_instance import Instance
    from sems_tray.domain.poll_result import PollOutcome
    from sems_tray.runtime.context import AppContext
    from sems_tray.runtime.network_services import NetworkServices


_STOP_WITHIN_MS = 2_000


class App(QObject):
    """Everything that lives in the GUI thread.

    The controllers connect themselves, in the order in which they are built: what is
    judged of an account is forgotten before its polls are, for example.
    """

    def __init__(self, context: AppContext, instance: Instance | None) -> None:
        super().__init__()
        self._instance = instance
        self._done = False
        self.stuck = False
        self._gc = GuiThreadGc()
        self._poll_log = PollLog()
        self.services = services = Services(
            context=context,
            events=SessionEvents(),
            network=NetworkThread(),
            settings=SettingsRepository(context),
            sky=Sky(context.settings),
            history=LocalHistory(context.paths.history),
        )
        self.poller = poller = Poller(
            services.network,
            now=utc_now,
            dark=services.sky.dark,
            dark_at=services.sky.dark_at,
            live=timedelta(minutes=context.settings.live_minutes),
            demo=services.is_demo,
        )
        poller.polled.connect(self._on_polled)
        # The icon first: what nobody sees yet is imported after it.
        self.tray = TrayController(services, poller)
        from sems_tray.notifications.controller import NotificationController
        from sems_tray.polling.controller import StationsController
        from sems_tray.runtime.network_services import NetworkServices
        from sems_tray.settings.controller import SettingsController
        from sems_tray.sign_in.controller import SignInController
        from sems_tray.window.controller import WindowController
        from sems_tray.window.transfer.controller import TransferController

        self.window = WindowController(
            services, poller, icon_geometry=self.tray.tray.geometry
        )
        self.transfer = TransferController(services, poller)
        self.notifications = NotificationController(
            services, poller, tray_icon=self.tray.tray.current_icon
        )
        self.stations = StationsController(services, poller)
        self.sign_in = SignInController(services, poller)
        self.settings = SettingsController(
            services,
            poller,
            tray_inputs=lambda: self.tray.inputs,
            alerts=self.notifications.alerts,
        )
        services.events.quit_requested.connect(self.quit)
        for often in (
            poller.polled,
            self.stations.others.changed,
            self.transfer.backfill.changed,
        ):
            often.connect(self._gc.collect)
        self._start(NetworkServices(context))

    def _start(self, network_services: NetworkServices) -> None:
        services, context = self.services, self.services.context
        services.settings.check_writable()
        services.settings.notify_save_state()
        services.network.start(network_services)
        self.poller.start()
        if context.loaded.message:
            message = context.loaded.message
            services.events.note_changed.emit(HeaderNote.SETTINGS, message)
        if not context.settings.start_hidden:
            self.open()
        if self._instance is not None:
            self._instance.serve(
                self.open, self.poller.refresh, self.poller.pause, self.quit
            )

    @Slot()
    def open(self) -> None:
        """Open the window, for the owner or for a second start of the program."""
        self.services.events.details_requested.emit(QRect())

    @Slot(object)
    def _on_polled(self, outcome: PollOutcome) -> None:
        self._poll_log.record(outcome)
        self.services.settings.save_pending()

    @Slot()
    def quit(self) -> None:
        """End in order, within two seconds, even while a request hangs."""
        if self._done:
            return
        self._done = True
        services = self.services
        services.events.quitting.emit()
        self.poller.stop()
        jobs_ended = [self.transfer.end(), self.settings.end()]
        services.settings.save_pending()
        if self._instance is not None:
            self._instance.close()
        network_ended = services.network.stop(_STOP_WITHIN_MS)
        self.stuck = not network_ended or not all(jobs_ended)
        self._gc.end()
        QApplication.quit()
