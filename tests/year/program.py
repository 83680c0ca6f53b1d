"""The tray without its widgets: its own parts, joined as ``App`` joins them.

One thread, a virtual clock, and a portal that is asked without sockets unless a real
loopback is wanted.
"""

from __future__ import annotations

import os
import time
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import timedelta
from random import Random
from typing import TYPE_CHECKING
from unittest.mock import patch
from urllib.parse import urlencode, urlsplit

import msgspec
from PySide6.QtCore import QObject, Signal

from sems_tray.domain.credentials import Credentials, PortalChoice
from sems_tray.domain.poll_result import PollSucceeded, Trouble
from sems_tray.history.local_reader import LocalHistory
from sems_tray.notifications.alert_settings import alert_choice
from sems_tray.notifications.alert_store import AlertStore
from sems_tray.polling.poller import Poller
from sems_tray.portal.errors import PortalError
from sems_tray.portal.http.transport import HttpTransport, Reply
from sems_tray.runtime import jobs
from sems_tray.runtime.context import AppContext
from sems_tray.runtime.network_services import NetworkServices
from sems_tray.runtime.options import Options
from sems_tray.runtime.portal_service import SignInAttempt
from sems_tray.runtime.sky import Sky
from sems_tray.simulator.injection import Injection, wrong_reply
from sems_tray.simulator.portal import dialect_of
from sems_tray.storage.credentials import KeyringOutcome, MemoryVault
from sems_tray.storage.paths import profile_paths
from sems_tray.storage.settings import Loaded, Settings
from tests.kit.network import QueuedNetwork

from .timers import Timers

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from datetime import datetime
    from pathlib import Path

    from sems_tray.alerts.model import AlertHistoryUpdate, Notice
    from sems_tray.daylight.waking import Habits
    from sems_tray.domain.credentials import PasswordStorage as WhereKept
    from sems_tray.domain.poll_result import PollOutcome
    from sems_tray.portal.http.transport import Request
    from sems_tray.simulator.simulator import Simulator
    from tests.kit.clock import Clock

OWNER = Credentials(account="owner@example.com", password="demo")
_NOWHERE = "http://127.0.0.1:1"  # nobody listens: nothing is sent there
_MOST_RECORDED = 5_000
_REFUSES = frozenset({"hang", "drip"})


class Direct:
    """A transport that asks the simulator without a socket."""

    def __init__(self, desk: Desk) -> None:
        self._desk = desk

    def send(self, request: Request) -> Reply:
        """Send one request; see ``HttpTransport.send``."""
        desk = self._desk
        desk.count(request)
        path, now = urlsplit(request.url).path, desk.clock()
        found = desk.simulator.portal.answer(
            request.method,
            path,
            urlencode(request.params),
            {name.lower(): value for name, value in request.headers.items()},
            request.body or b"",
            now,
        )
        if isinstance(found, Injection):
            if found.how in _REFUSES:
                raise PortalError(Trouble.UNREACHABLE)
            found = wrong_reply(found, classic=dialect_of(path) == "classic")
        body = found.body
        return Reply(
            status=found.status,
            body=body if isinstance(body, bytes) else msgspec.json.encode(body),
            retry_after=found.headers.get("Retry-After", ""),
            date=now.replace(microsecond=0),
        )

    def rest(self) -> None:
        """Close nothing."""

    def abort(self) -> None:
        """End nothing: nothing is ever under way."""


class Loopback(HttpTransport):
    """The real transport to a simulator that listens; counted like the other."""

    def __init__(self, desk: Desk) -> None:
        super().__init__()
        self._desk = desk

    def send(self, request: Request) -> Reply:
        """Send one request; see ``HttpTransport.send``."""
        self._desk.count(request)
        return super().send(request)


class _NoKeyring:
    """No keyring: a new password is for this run only."""

    outcome = KeyringOutcome.NO_BACKEND

    def __init__(self, *_: object) -> None:
        pass

    def save_password(self, _: str) -> bool:
        return False


@dataclass(frozen=True, slots=True, kw_only=True)
class _OwnRun(AppContext):
    """A run whose secrets outlive it, as they do in a keyring."""

    secrets: MemoryVault

    def vault(self) -> MemoryVault:
        """Return the secrets."""
        return self.secrets


class Notifier(QObject):
    """A desktop on which nobody presses anything."""

    pressed = Signal(str, str)
    closed = Signal(str)

    def show(self, bubble: object) -> None:
        """Show nothing."""

    def close(self, key: str) -> None:
        """Close nothing."""

    def close_all(self) -> None:
        """Close nothing."""


@dataclass(kw_only=True)
class Desk:
    """The owner's computer: clock, timers, files, network, and what was shown."""

    simulator: Simulator
    clock: Clock
    folder: Path
    dialect: str
    real_http: bool = False
    seed: int = 1
    settings: Settings = field(default_factory=Settings)
    requests: int = 0
    sign_ins: int = 0
    is_offline: bool = False

    def __post_init__(self) -> None:
        self.timers = Timers(self.clock)
        self.rng = Random(f"{self.seed}|desk")
        self.happenings: list[tuple[datetime, int, Callable[[], None]]] = []
        self.program: Program | None = None
        self.told: list[Callable[[Notice, Program], None]] = []
        self.looks: list[Callable[[Program], None]] = []
        self.secrets = MemoryVault(OWNER)
        if not self.simulator.url:
            self.simulator.world.url = _NOWHERE
        self.run = _OwnRun(
            options=Options(
                portal=self.simulator.url,
                dialect=self.dialect,
                account=OWNER.account,
                password=OWNER.password,
            ),
            paths=profile_paths(self.folder),
            loaded=Loaded(self.settings),
            secrets=self.secrets,
        )

    @contextmanager
    def prepared(self) -> Iterator[None]:
        """Put the virtual clock and timers where the program looks for real ones."""
        zone = self.simulator.books.site().spec.place.zone
        transport = Loopback if self.real_http else Direct
        with (
            patch.dict(os.environ, {"TZ": zone}),
            patch("sems_tray.runtime.context.utc_now", self.clock),
            patch("sems_tray.runtime.portal_service.utc_now", self.clock),
            patch("sems_tray.runtime.network_services.utc_now", self.clock),
            patch("sems_tray.runtime.portal_service.KeyringVault", _NoKeyring),
            patch(
                "sems_tray.runtime.portal_service.HttpTransport",
                lambda: transport(self),
            ),
            patch("sems_tray.polling.poller.QTimer", self.timers.make),
            patch("sems_tray.notifications.alert_store.QTimer", self.timers.make),
        ):
            time.tzset()
            try:
                yield
            finally:
                self.end(orderly=True)
        time.tzset()

    def count(self, request: Request) -> None:
        """Count a request that leaves the computer; raises PortalError offline."""
        if self.is_offline:
            raise PortalError(Trouble.OFFLINE)
        self.requests += 1
        self.sign_ins += request.holds_password
        recorded = self.simulator.portal.recorded
        if len(recorded) > _MOST_RECORDED:  # a year of them is too much to keep
            recorded.clear()

    # -- what the owner does ---------------------------------------------------

    def start(self) -> None:
        """Start the program."""
        self.program = Program(self)
        self.program.poller.start()
        self.program.network.run_all()

    def end(self, *, orderly: bool) -> None:
        """End the program, by quitting or by a power cut."""
        program, self.program = self.program, None
        self.timers.clear()
        if program is not None:
            program.end(orderly=orderly)

    def restart(self, *, orderly: bool) -> None:
        """End it and start it again."""
        self.end(orderly=orderly)
        self.start()

    def sleep(self, until: datetime) -> None:
        """Let the computer sleep; its timers stand still meanwhile."""
        span = until - self.clock.at
        if span > timedelta():
            self.timers.sleep(span)
            self.clock.at = until

    def sign_in(self) -> None:
        """Let the owner sign in, as the dialog would."""
        if self.program is not None:
            self.program.sign_in(SignInAttempt(OWNER, PortalChoice()))

    def at(self, when: datetime, happens: Callable[[], None]) -> None:
        """Let something happen at an instant."""
        self.happenings.append((when, len(self.happenings), happens))

    def live_until(self, end: datetime) -> None:
        """Let time pass."""
        self.happenings.sort(key=lambda it: it[:2], reverse=True)
        clock, timers, happenings = self.clock, self.timers, self.happenings
        while True:
            due = timers.next_at()
            happens = happenings[-1][0] if happenings else None
            if happens is not None and happens <= end and (not due or happens <= due):
                clock.at = max(clock.at, happens)
                happenings.pop()[2]()
                self._run_jobs()
            elif due is not None and due <= end:
                clock.at = max(clock.at, due)
                timers.fire()
                self._run_jobs()
            else:
                clock.at = max(clock.at, end)
                return

    def _run_jobs(self) -> None:
        if self.program is not None:
            self.program.network.run_all()


class Program:
    """One run of the program, from its start to its end."""

    def __init__(self, desk: Desk) -> None:
        run, clock = desk.run, desk.clock
        self.desk = desk
        self.started_at = clock()
        self.sky = Sky(run.settings)
        self.services = NetworkServices(run)
        self.network = QueuedNetwork(self.services)
        self.poller = Poller(
            self.network,
            now=clock,
            dark=self.sky.dark,
            live=timedelta(minutes=run.settings.live_minutes),
            jitter=desk.rng.random,
        )
        self.history = LocalHistory(run.paths.history)
        self.alerts = AlertStore(
            Notifier(),  # type: ignore[arg-type] # as much of one as is asked
            self.sky,
            now=clock,
            saved_states=self.history.alert_states,
            started=clock(),
        )
        choice = alert_choice(run.settings.alerts)
        self.alerts.set_rules(choice.rules, choice.quiet)
        self.alerts._notifications.show = self._told  # type: ignore[method-assign]
        self._connect()

    def _connect(self) -> None:
        """Join the parts in the order of ``App`` and its controllers."""
        poller, alerts = self.poller, self.alerts
        poller.polled.connect(self._on_polled)
        poller.polled.connect(alerts.on_polled)
        alerts.to_record.connect(self._record)
        poller.woke.connect(alerts.on_woke)
        poller.changed.connect(self._looked)
        poller.aged.connect(self._looked)

    def end(self, *, orderly: bool) -> None:
        """Quit, or be cut off."""
        self.poller.stop()
        if orderly:
            self.services.close()
        self.history.close()

    def sign_in(self, attempt: SignInAttempt) -> None:
        """Try credentials."""
        self.network.submit(jobs.sign_in(attempt), self._on_signed_in)

    def _on_signed_in(self, answer: tuple[PollOutcome, WhereKept | None]) -> None:
        outcome, storage = answer
        if storage is not None:
            self.poller.reset()
            self.poller.apply(outcome)

    def _on_polled(self, outcome: PollOutcome) -> None:
        if isinstance(outcome, PollSucceeded):
            station = outcome.reading.station

            def learned(habits: Habits | None) -> None:
                if habits is not None:
                    self.sky.learn(station.id, habits)

            self.network.submit(jobs.learn_habits(station), learned)
        self.network.submit(jobs.record_poll(outcome), self._on_recorded)

    def _on_recorded(self, _: str | None) -> None:
        self.alerts.on_recorded()

    def _record(self, update: AlertHistoryUpdate) -> None:
        self.network.submit(jobs.record_alerts(update))

    def _told(self, notice: Notice) -> None:
        for hear in self.desk.told:
            hear(notice, self)

    def _looked(self) -> None:
        for look in self.desk.looks:
            look(self)
