"""The tray app: builds the parts, connects them, runs, and shuts them down."""

from __future__ import annotations

import contextlib
import os
import shutil
import signal
import socket
import sys
from dataclasses import replace
from datetime import timedelta
from typing import TYPE_CHECKING

from PySide6.QtCore import (
    QObject,
    QRect,
    QSocketNotifier,
    Qt,
    QThread,
    QUrl,
    Signal,
    Slot,
)
from PySide6.QtGui import QDesktopServices, QGuiApplication
from PySide6.QtWidgets import QApplication

from sems_tray.core.details import rows
from sems_tray.core.outcome import Failed
from sems_tray.core.present import IconMode, Scene, tray_view
from sems_tray.core.troubles import Action, sentence, words
from sems_tray.core.words import wait

from .compose import PortalLink, dark_at, prepared, utc_now
from .logs import log_to_stderr
from .ui.late_tray import LateTray
from .ui.poller import Poller
from .ui.qt_setup import exec_terminal, make_application
from .ui.tray import Tray
from .ui.worker import Worker

if TYPE_CHECKING:
    from datetime import datetime

    from sems_tray.core.credentials import Credentials
    from sems_tray.core.model import Station
    from sems_tray.core.outcome import PollOutcome

    from .compose import Run
    from .options import Options
    from .ui.instance import Instance
    from .ui.sign_in import SignIn
    from .ui.window import Window

PORTAL_PAGE = "https://semsplus.goodwe.com"
_STOP_WITHIN_MS = 2_000


class App(QObject):
    """Everything that lives in the GUI thread."""

    station_chosen = Signal(str)
    credentials_given = Signal(object)
    stations_wanted = Signal()
    closing = Signal()

    def __init__(self, run: Run, instance: Instance | None) -> None:
        super().__init__()
        self._run = run
        self._instance = instance
        self._window: Window | None = None
        self._dialog: SignIn | None = None
        self._stations: tuple[Station, ...] = ()
        self._stations_asked = False
        self.stuck = False
        self._done = False
        self._mode = _icon_mode(run.settings.icon)
        self._poller = Poller(
            now=utc_now,
            dark_at=dark_at,
            live=timedelta(minutes=run.settings.live_minutes),
        )
        self._tray = Tray()
        self._late = LateTray()
        self._show()  # the icon first: the portal's libraries come after it
        self._link = PortalLink(run)
        self._thread = QThread()
        self._worker = Worker(self._link)
        self._worker.moveToThread(self._thread)
        self._connect()
        self._thread.start()
        self._poller.start()
        if not self._late.has_tray:
            self._open_without_tray()

    def _connect(self) -> None:
        """Connect to bound methods only: nothing else crosses threads safely."""
        poller, worker, tray = self._poller, self._worker, self._tray
        poller.poll_wanted.connect(worker.poll)
        poller.changed.connect(self._show)
        worker.polled.connect(poller.on_polled)
        worker.polled.connect(self._on_polled)
        worker.listed.connect(self._on_listed)
        worker.signed_in.connect(self._on_signed_in)
        self.station_chosen.connect(worker.choose)
        self.credentials_given.connect(worker.sign_in)
        self.stations_wanted.connect(worker.list_stations)
        self.closing.connect(worker.close)
        # Direct: this thread waits for that one when it happens, and quit() may be
        # called from any thread.
        worker.closed.connect(self._thread.quit, Qt.ConnectionType.DirectConnection)
        tray.details_wanted.connect(self._toggle)
        tray.refresh_wanted.connect(poller.refresh)
        tray.sign_in_wanted.connect(self._ask_sign_in)
        tray.station_wanted.connect(self._choose)
        tray.portal_wanted.connect(self._open_portal)
        tray.about_wanted.connect(self._about)
        tray.quit_wanted.connect(self.quit)
        tray.menu_opens.connect(self._show)
        self._late.came.connect(self._on_tray_came)
        QGuiApplication.styleHints().colorSchemeChanged.connect(tray.repaint)
        if self._instance is not None:
            self._instance.raised.connect(self._raise)

    # -- showing ---------------------------------------------------------------

    @Slot()
    def _show(self) -> None:
        """Make the whole view anew from the whole situation."""
        now, poller = utc_now(), self._poller
        reading = poller.reading
        scene = Scene(
            now=now,
            dark_at=dark_at(reading) if reading else _unknown,
            reading=reading,
            failed=poller.failed,
            pause_until=poller.pause_until,
            mode=self._mode,
            demo=self._run.options.demo is not None,
        )
        self._tray.show(tray_view(scene))
        label, possible = _refresh_words(poller, now)
        self._tray.set_refresh(label, enabled=possible)
        if self._window is not None and self._window.isVisible():
            self._fill_window()

    def _fill_window(self) -> None:
        from .ui.window import WindowView

        if self._window is None:
            return
        now, poller = utc_now(), self._poller
        reading, failed = poller.reading, poller.failed
        name = (reading.station.name or reading.station.id) if reading else "SEMS Tray"
        if self._run.options.demo is not None:
            name = f"{name} · DEMO"
        message = sentence(failed) if failed else ""
        if not self._late.has_tray:
            message = f"{message} {_NO_TRAY}".strip()
        self._window.show_view(
            WindowView(
                title=name,
                message=message,
                action=words(failed.trouble).action if failed else None,
                rows=rows(reading, now, dark_at(reading)) if reading else (),
                footer=f"{poller.requests_today} requests today",
            )
        )

    @Slot(object)
    def _on_polled(self, outcome: PollOutcome) -> None:
        if isinstance(outcome, Failed):
            return
        if not self._stations_asked:
            self._stations_asked = True
            self.stations_wanted.emit()

    @Slot(object)
    def _on_listed(self, stations: tuple[Station, ...]) -> None:
        self._stations = stations
        reading = self._poller.reading
        self._tray.set_stations(stations, reading.station.id if reading else None)

    # -- wishes ----------------------------------------------------------------

    def _the_window(self) -> Window:
        if self._window is None:
            from .ui.window import Window

            self._window = Window()
            self._window.watched.connect(self._poller.watch)
            self._window.refresh_wanted.connect(self._poller.refresh)
            self._window.action_wanted.connect(self._act)
        return self._window

    @Slot()
    def _toggle(self) -> None:
        self._the_window()
        self._fill_window()
        self._the_window().toggle(self._tray.geometry())

    @Slot()
    def _raise(self) -> None:
        self._the_window()
        self._fill_window()
        self._the_window().open(self._tray.geometry())

    def _open_without_tray(self) -> None:
        self._the_window()
        self._fill_window()
        self._the_window().open(QRect())

    @Slot()
    def _on_tray_came(self) -> None:
        self._tray.renew()
        self._show()

    @Slot(str)
    def _choose(self, station_id: str) -> None:
        self.station_chosen.emit(station_id)
        self._poller.forget()
        self._tray.set_stations(self._stations, station_id)
        self._save(station=station_id)
        self._poller.refresh()

    @Slot(Action)
    def _act(self, action: Action) -> None:
        match action:
            case Action.SIGN_IN | Action.CHOOSE_STATION:
                self._ask_sign_in()
            case Action.OPEN_PORTAL:
                self._open_portal()
            case Action.RETRY:
                self._poller.refresh()

    @Slot()
    def _ask_sign_in(self) -> None:
        if self._dialog is None:
            from .ui.sign_in import SignIn

            self._dialog = SignIn(self._run.settings.account)
            self._dialog.submitted.connect(self._on_submitted)
        self._dialog.show()
        self._dialog.raise_()
        self._dialog.activateWindow()

    @Slot(object)
    def _on_submitted(self, credentials: Credentials) -> None:
        self._save(account=credentials.account)
        self.credentials_given.emit(credentials)

    @Slot(object, str)
    def _on_signed_in(self, outcome: PollOutcome, kept: str) -> None:
        if self._dialog is None:
            return
        if isinstance(outcome, Failed) and not kept:
            self._dialog.show_result(sentence(outcome))
            return
        self._dialog.close()
        self._dialog.deleteLater()
        self._dialog = None
        self._stations_asked = False
        self._poller.forget()
        self._poller.on_polled(outcome)
        self._on_polled(outcome)

    def _save(self, **changes: str) -> None:
        """Keep a choice for the next start; a demo leaves no trace."""
        from .store.settings import changed, save

        run = self._run
        loaded = replace(run.loaded, settings=changed(run.settings, **changes))
        self._run = replace(run, loaded=loaded)
        if run.options.demo is None and loaded.writable:
            with contextlib.suppress(OSError):
                save(run.paths.settings, loaded.settings)

    @Slot()
    def _open_portal(self) -> None:
        QDesktopServices.openUrl(QUrl(PORTAL_PAGE))

    @Slot()
    def _about(self) -> None:
        from .ui.about import about

        about(self._window)

    # -- the end ---------------------------------------------------------------

    @Slot()
    def quit(self) -> None:
        """End in order, within two seconds, even while a request hangs."""
        if self._done:
            return
        self._done = True
        self._tray.hide()
        self._poller.stop()
        if self._instance is not None:
            self._instance.close()
        self._link.abort()
        self.closing.emit()
        self.stuck = not self._thread.wait(_STOP_WITHIN_MS)
        QApplication.quit()


_NO_TRAY = (
    "This desktop shows no tray icons, so this window opened instead. On GNOME, the "
    "AppIndicator extension adds a tray."
)


def _unknown(_: datetime) -> None:
    return None


def _icon_mode(name: str) -> IconMode:
    try:
        return IconMode(name)
    except ValueError:
        return IconMode.AUTO


def _refresh_words(poller: Poller, now: datetime) -> tuple[str, bool]:
    if poller.in_flight:
        return "Refreshing …", False
    if poller.pause_until is not None and poller.pause_until > now:
        return f"Refresh possible in {wait(poller.pause_until - now)}", False
    return "Refresh now", True


class _Interrupts(QObject):
    """Turns SIGINT and SIGTERM into a call in the GUI thread, without a timer."""

    def __init__(self, app: App) -> None:
        super().__init__()
        self._app = app
        self._ours, theirs = socket.socketpair()
        self._ours.setblocking(False)
        theirs.setblocking(False)
        self._theirs = theirs
        signal.set_wakeup_fd(theirs.fileno(), warn_on_full_buffer=False)
        for number in (signal.SIGINT, signal.SIGTERM):
            signal.signal(number, _noted)
        self._notifier = QSocketNotifier(
            self._ours.fileno(), QSocketNotifier.Type.Read, self
        )
        self._notifier.activated.connect(self._on_signal)

    @Slot()
    def _on_signal(self) -> None:
        with contextlib.suppress(BlockingIOError):
            self._ours.recv(64)
        self._app.quit()


def _noted(_number: int, _frame: object) -> None:
    """Let the signal only wake the event loop."""


def run(options: Options) -> int:
    """Run the tray app and return its exit code."""
    log_to_stderr(verbose=options.verbose)
    application = make_application(_give_way)
    with prepared(options) as run_:
        instance = _instance(run_)
        if instance is not None and not instance.is_first():
            return 0
        app = App(run_, instance)
        interrupts = _Interrupts(app)
        application.commitDataRequest.connect(app.quit)
        code = application.exec()
        del interrupts
        if app.stuck:
            # A thread that cannot be ended would abort the process at exit.
            _leave_at_once(run_, code)
    return code


def _instance(run_: Run) -> Instance | None:
    """Return the guard against a second start; demos may run side by side."""
    if run_.options.demo is not None:
        return None
    from .ui.instance import Instance

    return Instance(run_.paths.key)


def _give_way() -> None:
    exec_terminal(sys.argv[1:])


def _leave_at_once(run_: Run, code: int) -> None:
    if run_.options.demo is not None:
        shutil.rmtree(run_.paths.data, ignore_errors=True)
    sys.stdout.flush()
    sys.stderr.flush()
    os._exit(code)
