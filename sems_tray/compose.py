"""Put the parts together for one run: profile, secrets, client, and the demo's portal.

The portal client and its HTTP library are imported when the first client is made, in
the network thread: the tray icon does not wait for them.
"""

from __future__ import annotations

import contextlib
import logging
import tempfile
import time
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING

from sems_tray.core.credentials import Credentials
from sems_tray.core.model import Dialect
from sems_tray.core.outcome import Failed
from sems_tray.store.paths import default_paths, profile_paths
from sems_tray.store.secrets import KeyringVault, MemoryVault, Shelf
from sems_tray.store.settings import Loaded, Settings, load

from .options import UsageError
from .sun import is_dark

if TYPE_CHECKING:
    from collections.abc import Iterator

    from sems_tray.core.model import Reading, Station
    from sems_tray.core.outcome import PollOutcome
    from sems_tray.core.verdict import DarkAt
    from sems_tray.sems.client import SemsClient
    from sems_tray.sems.transport import HttpTransport
    from sems_tray.simulator import Simulator
    from sems_tray.store.paths import Paths

    from .options import Options

log = logging.getLogger(__name__)

_DEMO = Credentials(account="demo@example.com", password="demo")  # noqa: S106 (public)


def _no_wait(_: float) -> None:
    """Wait for nobody."""


def utc_now() -> datetime:
    """Return the time by this computer's clock."""
    return datetime.now(UTC)


def dark_at(reading: Reading) -> DarkAt:
    """Return the question whether it is dark at the reading's station."""
    return lambda at: is_dark(reading.station, at)


@dataclass(frozen=True, slots=True, kw_only=True)
class Run:
    """One run of the program: where its files are and what was asked of it."""

    options: Options
    paths: Paths
    loaded: Loaded

    @property
    def settings(self) -> Settings:
        """The settings in force."""
        return self.loaded.settings

    @property
    def dialect(self) -> Dialect | None:
        """The dialect to speak; None finds out."""
        wanted = self.options.dialect or self.settings.dialect
        # A newer version's settings may name one that this version does not know.
        return next((it for it in Dialect if it == wanted), None)

    @property
    def station(self) -> str | None:
        """The station to show; None takes the account's first."""
        return self.options.station or self.settings.station

    def vault(self) -> KeyringVault | MemoryVault:
        """Return where this run's secrets are: in memory if given, else the keyring."""
        if self.options.demo is not None:
            return MemoryVault(_DEMO)
        account = self.options.account or self.settings.account
        given = replace(self.options, account=account).credentials
        if given is not None:
            return MemoryVault(given)
        return KeyringVault(self.paths.key, account)

    def client(
        self,
        portal: str | None,
        vault: KeyringVault | MemoryVault,
        transport: HttpTransport | None = None,
        station: str | None = None,
    ) -> SemsClient:
        """Make a client; imports the HTTP library, so call it off the GUI thread."""
        from sems_tray.sems.client import SemsClient
        from sems_tray.sems.transport import HttpTransport
        from sems_tray.sems.trust import Hosts, is_loopback

        local = portal is not None and is_loopback(portal)
        return SemsClient(
            transport=transport or HttpTransport(),
            hosts=Hosts(portal),
            vault=vault,
            dialect=self.dialect,
            station_id=station,
            now=utc_now,
            dark=is_dark,
            # Requests to the real portal are spaced; a portal on this computer is not.
            sleep=_no_wait if local else time.sleep,
        )


class PortalLink:
    """The portal for the network thread: client, demo and secrets behind one object.

    Made in the GUI thread, used in the network thread; only ``abort`` may be called
    from elsewhere.
    """

    def __init__(self, run: Run) -> None:
        self._run = run
        self._portal: str | None = run.options.portal
        self._simulator: Simulator | None = None
        self._station = run.station
        self._account = run.options.account or run.settings.account
        self._transports: list[HttpTransport] = []
        self._client: SemsClient | None = None
        self._aborted = False

    def fetch(self, *, everything: bool, telemetry: bool) -> PollOutcome:
        """Poll once."""
        client = self._ready()
        from sems_tray.sems.client import Want

        return client.fetch(Want(everything=everything, telemetry=telemetry))

    def stations(self) -> tuple[Station, ...] | Failed:
        """Return the account's stations."""
        return self._ready().stations()

    def choose(self, station_id: str) -> None:
        """Turn to another station."""
        self._station = station_id
        self._ready().choose(station_id)

    def sign_in(self, credentials: Credentials) -> tuple[PollOutcome, str]:
        """Try new credentials, once; keep them if they are good.

        Returns the outcome and, in words, where the password is kept ("" if it was not
        accepted).
        """
        self._ready()
        from sems_tray.sems.client import Want

        trial = MemoryVault(credentials)
        # Another account has other stations.
        same = credentials.account == self._account
        station = self._station if same else self._run.options.station
        client = self._make(trial, station)
        outcome = client.fetch(Want(everything=True))
        if isinstance(outcome, Failed) and trial.token() is None:
            return outcome, ""
        self._client, self._station = client, station
        self._account = credentials.account
        if self._run.options.demo is not None:
            return outcome, "for this run only (a demo leaves no trace)"
        keeper = KeyringVault(self._run.paths.key, credentials.account)
        if not keeper.keep_password(credentials.password):
            return outcome, f"for this run only ({_WHY[keeper.shelf]})"
        keeper.keep_token(trial.token() or "")
        client.keep_in(keeper)
        return outcome, "in the system keyring"

    def abort(self) -> None:
        """End a call under way; may be called from any thread."""
        self._aborted = True
        for transport in self._transports:
            transport.abort()

    def close(self) -> None:
        """Stop the demo's portal."""
        if self._simulator is not None:
            self._simulator.stop()

    def _ready(self) -> SemsClient:
        if self._client is None:
            self._simulator = simulator(self._run.options)
            if self._simulator is not None:
                self._simulator.start()
                self._portal = self._simulator.url
            self._client = self._make(self._run.vault(), self._station)
        return self._client

    def _make(
        self, vault: KeyringVault | MemoryVault, station: str | None
    ) -> SemsClient:
        from sems_tray.sems.transport import HttpTransport

        transport = HttpTransport()
        self._transports.append(transport)
        if self._aborted:
            transport.abort()
        return self._run.client(self._portal, vault, transport, station)


_WHY = {
    Shelf.ABSENT: "the keyring did not keep it",
    Shelf.LOCKED: "the keyring is locked",
    Shelf.DENIED: "the keyring refused it",
    Shelf.NO_BACKEND: "this system has no keyring",
    Shelf.BROKEN: "the keyring does not work",
    Shelf.FOUND: "",
}


def simulator(options: Options) -> Simulator | None:
    """Return the demo's portal, not yet started; None without ``--demo``."""
    if options.demo is None:
        return None
    from sems_tray.simulator import Simulator

    return Simulator(options.demo)


@contextlib.contextmanager
def prepared(options: Options) -> Iterator[Run]:
    """Give a run its profile; the demo's is thrown away afterwards."""
    if options.demo is not None:
        with tempfile.TemporaryDirectory(
            prefix="sems-tray-demo-", ignore_cleanup_errors=True
        ) as folder:
            paths = profile_paths(Path(folder))
            yield Run(
                options=replace(options, profile=Path(folder)),
                paths=paths,
                loaded=Loaded(Settings()),
            )
        return
    try:
        paths = profile_paths(options.profile) if options.profile else default_paths()
    except RuntimeError as exc:  # Path.home() for an account without one
        raise UsageError("there is no home folder; name one with --profile") from exc
    loaded = load(paths.settings)
    if loaded.message:
        log.warning("%s", loaded.message)
    yield Run(options=options, paths=paths, loaded=loaded)


@contextlib.contextmanager
def connected(run: Run) -> Iterator[SemsClient]:
    """Give a terminal command its client, with the demo's portal behind it."""
    portal = simulator(run.options)
    if portal is None:
        yield run.client(run.options.portal, run.vault(), station=run.station)
        return
    portal.start()
    try:
        yield run.client(portal.url, run.vault(), station=run.station)
    finally:
        portal.stop()
