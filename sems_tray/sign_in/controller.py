"""The owner's account: asks for it, tries it, and tells of the one that was good."""

from __future__ import annotations

from dataclasses import asdict
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, QProcess, QProcessEnvironment, QTimer, Slot

from sems_tray.domain.credentials import PasswordStorage
from sems_tray.domain.poll_result import PollFailed, Trouble
from sems_tray.i18n.language import tr
from sems_tray.log.handlers import redact_from_now_on
from sems_tray.runtime import jobs
from sems_tray.runtime.portal_service import SignInAttempt
from sems_tray.runtime.services import AccountChange
from sems_tray.storage.settings import Settings

if TYPE_CHECKING:
    from sems_tray.domain.credentials import Credentials, PortalChoice
    from sems_tray.domain.model import Station
    from sems_tray.domain.poll_result import PollOutcome
    from sems_tray.polling.poller import Poller
    from sems_tray.runtime.network_thread import Ticket
    from sems_tray.runtime.services import Services

    from .dialog import SignIn


_LIST_WITHIN_MS = 20_000


class SignInController(QObject):
    """Owns the sign-in window, and signs out."""

    def __init__(self, services: Services, poller: Poller) -> None:
        super().__init__()
        self._services = services
        self._events = services.events
        self._network = services.network
        self._poller = poller
        self._was_asked = False
        # A station that is pinned by an option is not chosen here.
        self._picks = services.context.options.station is None
        self._attempt: SignInAttempt | None = None
        self._ticket: Ticket | None = None  # of the attempt
        self._shown = ""  # the new account's station at first
        self._is_new = False  # its owner may not know where the icon is
        self._told: PollFailed | None = None  # what went wrong after the sign-in
        self._waits = False  # for the list of stations
        self._storage = PasswordStorage.NOT_KEPT
        self._dialog: SignIn | None = None
        self._listing = QTimer(self)
        self._listing.setSingleShot(True)
        self._listing.setInterval(_LIST_WITHIN_MS)
        self._listing.timeout.connect(self._on_unlisted)
        events = services.events
        events.sign_in_requested.connect(self.ask)
        events.sign_out_requested.connect(self._on_sign_out)
        events.stations_listed.connect(self._on_listed)
        events.station_list_failed.connect(self._on_unlisted)
        poller.polled.connect(self._on_polled)

    @Slot()
    def ask(self) -> None:
        """Open the window, or bring it to the front."""
        self._was_asked = True
        if self._dialog is not None and self._dialog.is_over:
            self._dialog.accept()
        if self._dialog is None:
            from .dialog import SignIn

            dialog = SignIn(
                self._known,
                portal=self._services.settings.context.portal_choice,
                demo=self._services.is_demo,
            )
            dialog.submitted.connect(self._on_submitted)
            dialog.stopped.connect(self._on_stopped)
            dialog.demo_wanted.connect(self._on_demo)
            dialog.station_chosen.connect(self._on_chosen)
            dialog.finished.connect(self._on_finished)
            self._dialog = dialog
        self._dialog.show()
        self._dialog.raise_()
        self._dialog.activateWindow()

    @Slot(object, object)
    def _on_submitted(self, credentials: Credentials, portal: PortalChoice) -> None:
        self._attempt = attempt = SignInAttempt(credentials, portal)
        self._ticket = self._network.submit(jobs.sign_in(attempt), self._on_tried)

    @Slot()
    def _on_stopped(self) -> None:
        """Stop the attempt, unless it is too late: then its answer is on its way."""
        if self._attempt is None or not self._attempt.stop():
            return
        if self._ticket is not None:
            self._ticket.cancel()
        self._attempt = self._ticket = None
        if self._dialog is not None:
            self._dialog.show_stopped()

    def _on_tried(self, answer: tuple[PollOutcome, PasswordStorage | None]) -> None:
        """Show a refusal; success ends the asking."""
        attempt, self._attempt, self._ticket = self._attempt, None, None
        if attempt is None:
            return
        outcome, storage = answer
        if storage is None:
            if isinstance(outcome, PollFailed) and self._dialog is not None:
                from .advice import advice

                self._dialog.show_trouble(advice(outcome))
            return
        # Only now: a refused account would hide the good one at the next start.
        account = attempt.credentials.account
        self._storage = storage
        self._shown, self._told = "", None
        if isinstance(outcome, PollFailed):
            self._told = outcome
        else:
            self._shown = outcome.reading.station.id
        has_list = bool(self._shown) or self._is_lost
        seen = self._dialog is not None and self._dialog.isVisible()
        self._is_new = account != self._known
        self._waits = seen and has_list and self._picks and self._is_new
        if self._waits and self._dialog is not None:
            self._dialog.show_listing()
            self._listing.start()
        self._accept(attempt, outcome, storage)
        if not self._waits:
            self._end()

    def _accept(
        self, attempt: SignInAttempt, outcome: PollOutcome, storage: PasswordStorage
    ) -> None:
        """Save whose stations are shown from now on; another account has others."""
        account = attempt.credentials.account
        redact_from_now_on(account)
        changes: dict[str, object] = {"account": account, **asdict(attempt.portal)}
        is_other = account != self._known
        if is_other:
            changes["station"] = None
        self._services.settings.update(**changes)
        change = AccountChange(
            account=account,
            is_other=is_other,
            outcome=outcome,
            password_storage=storage,
        )
        self._events.password_storage_changed.emit(storage)
        self._events.account_changed.emit(change)

    @Slot(bool)
    def _on_sign_out(self, everything: bool) -> None:  # noqa: FBT001 (a slot)
        self._events.resetting.emit()

        def signed_out(_: None) -> None:
            self._on_signed_out(everything=everything)

        self._network.submit(jobs.sign_out(everything=everything), signed_out)

    def _on_signed_out(self, *, everything: bool) -> None:
        settings = self._services.settings
        if everything:
            settings.save(Settings())
        else:
            settings.update(account=None)
        self._events.password_storage_changed.emit(None)
        self._poller.refresh()
        self.ask()

    @Slot(object)
    def _on_polled(self, outcome: PollOutcome) -> None:
        """Ask by itself, once a run, where there is nothing to sign in by."""
        if (
            isinstance(outcome, PollFailed)
            and outcome.trouble is Trouble.SIGN_IN
            and outcome.nothing_sent
            and not self._was_asked
        ):
            self.ask()

    @property
    def _known(self) -> str | None:
        return self._services.settings.settings.account

    @Slot(object)
    def _on_listed(self, stations: tuple[Station, ...]) -> None:
        """Let the owner choose if the new account has several stations."""
        if not self._waits:
            return
        self._waits = False
        self._listing.stop()
        if stations and self._is_lost:
            self._told = None
        if len(stations) > 1 and self._dialog is not None:
            self._dialog.show_stations(stations, self._shown)
        else:
            self._end()

    @Slot()
    def _on_unlisted(self) -> None:
        """Go on without a list: there is none to be had now."""
        if self._waits:
            self._waits = False
            self._listing.stop()
            self._end()

    @Slot(str)
    def _on_chosen(self, station: str) -> None:
        if station and station != self._shown:
            self._events.station_chosen.emit(station)
        if self._dialog is not None:
            self._dialog.show_done(self._storage)

    def _end(self) -> None:
        """Say where the icon is, and what is wrong; close if that is known."""
        dialog = self._dialog
        if dialog is None:
            return
        trouble = self._trouble()
        if not dialog.isVisible():
            self._drop()
        elif self._is_new or trouble or not self._storage.lasts:
            dialog.show_done(self._storage, trouble)
        else:
            dialog.accept()

    @property
    def _is_lost(self) -> bool:
        """Whether the new account has no station."""
        return self._told is not None and self._told.trouble is Trouble.NO_STATION

    def _trouble(self) -> str:
        """Return what still stands in the way of a reading; "" is nothing."""
        if self._told is None:
            return ""
        if self._is_lost:
            from .advice import NO_STATION

            return tr(NO_STATION)
        from sems_tray.domain.failures import sentence

        return sentence(self._told)  # the tray tries again by itself

    @Slot()
    def _on_finished(self) -> None:
        self._waits = False
        self._listing.stop()
        if self._attempt is None:
            self._drop()

    def _drop(self) -> None:
        """Let go of a closed window: the next one begins anew."""
        if self._dialog is not None:
            self._dialog.deleteLater()
            self._dialog = None

    @Slot()
    def _on_demo(self) -> None:
        if self._dialog is not None:
            self._dialog.show_demo(started=start_demo())


# The demo is a program of its own, which outlives the one that started it.


def start_demo() -> bool:
    """Start the demo; say whether that worked."""
    from sems_tray.desktop.autostart import login_entry

    entry = login_entry(None)
    program, *arguments = entry.command
    demo = QProcess()
    demo.setProgram(program)
    demo.setArguments([*arguments, "--demo"])
    if entry.folder is not None:
        demo.setWorkingDirectory(str(entry.folder))
    environment = QProcessEnvironment.systemEnvironment()
    for name in environment.keys():  # noqa: SIM118 (no dictionary)
        if name.startswith("SEMS_TRAY_"):  # a password among them
            environment.remove(name)
    demo.setProcessEnvironment(environment)
    started: object = demo.startDetached()
    # A bool, whatever the stubs say: the pair is the static method's.
    return bool(started[0] if isinstance(started, tuple) else started)
