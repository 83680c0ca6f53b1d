"""The portal as the network thread uses it: the account's clients, and signing in."""

from __future__ import annotations

import contextlib
import threading
from typing import TYPE_CHECKING

from sems_tray.domain.credentials import PasswordStorage
from sems_tray.domain.poll_result import PollFailed, PollSucceeded, Trouble
from sems_tray.domain.time_zones import utc_now
from sems_tray.i18n.language import mark
from sems_tray.portal.http.transport import HttpTransport, fetch_feed
from sems_tray.portal.poll_plan import PollRequest
from sems_tray.portal.request_queue import REQUESTS, RequestCount
from sems_tray.storage.credentials import KeyringOutcome, KeyringVault, MemoryVault

from .context import simulator, with_portal_choice

if TYPE_CHECKING:
    from collections.abc import Callable

    from sems_tray.domain.credentials import Credentials, PortalChoice
    from sems_tray.domain.model import Station
    from sems_tray.domain.poll_result import PollOutcome
    from sems_tray.portal.client import SemsClient
    from sems_tray.simulator.simulator import Simulator

    from .context import AppContext
    from .sky import Sky


_STOPPED = PollFailed(trouble=Trouble.UNREACHABLE, detail=mark("stopped"))


class SignInAttempt:
    """Credentials that are tried: they are accepted or stopped, never both.

    The network thread calls ``begin`` and ``accept``, the GUI thread ``stop``.
    """

    def __init__(self, credentials: Credentials, portal: PortalChoice) -> None:
        self.credentials = credentials
        self.portal = portal
        self._lock = threading.Lock()
        self._abort: Callable[[], None] | None = None
        self._is_stopped = self._is_accepted = False

    def begin(self, abort: Callable[[], None]) -> bool:
        """Begin, with ``abort`` to end its request; False if it was stopped before."""
        with self._lock:
            self._abort = abort
            return not self._is_stopped

    def accept(self) -> bool:
        """Let the credentials hold from now on; False if it was stopped before."""
        with self._lock:
            self._is_accepted = not self._is_stopped
            return self._is_accepted

    def stop(self) -> bool:
        """Stop it, and end its request; False if the credentials hold already."""
        with self._lock:
            if self._is_accepted:
                return False
            self._is_stopped = True
            abort = self._abort
        if abort is not None:
            abort()
        return True


class PortalService:
    """The account's clients by station, and signing in.

    Made in the GUI thread, used in the network thread; only ``abort`` may be called
    from elsewhere.
    """

    def __init__(self, context: AppContext, sky: Sky) -> None:
        self._context = context
        self._sky = sky
        self._portal: str | None = context.options.portal
        self._simulator: Simulator | None = None
        self._station_id = context.station
        self._account = context.options.account or context.settings.account
        self._transports: list[HttpTransport] = []
        self._client: SemsClient | None = None
        self._vault: KeyringVault | MemoryVault | None = None
        self._other_clients: dict[str, SemsClient] = {}  # by station, on one session
        self.requests = RequestCount()
        self.is_aborted = False
        self.station: Station | None = None  # the shown one, once it was read

    @property
    def client(self) -> SemsClient:
        """The client of the shown station; the first use starts a demo's portal."""
        if self._client is None:
            self._simulator = simulator(self._context)
            if self._simulator is not None:
                self._simulator.start()
                self._portal = self._simulator.url
            self._vault = self._context.vault()
            client = self._make(self._context, self._vault, self._station_id)
            self._use(client)
            self._count_on()
            return client
        return self._client

    def poll(self, *, everything: bool = False, telemetry: bool = False) -> PollOutcome:
        """Poll the shown station once."""
        outcome = self.client.fetch(
            PollRequest(everything=everything, telemetry=telemetry)
        )
        if isinstance(outcome, PollSucceeded):
            self.station = outcome.reading.station
        return outcome

    def poll_other(self, station_id: str) -> PollOutcome:
        """Poll a station that is not shown, once."""
        client = self.client
        if station_id not in self._other_clients:
            self._other_clients[station_id] = client.beside(station_id)
        return self._other_clients[station_id].fetch(PollRequest(is_other_station=True))

    def stations(self) -> tuple[Station, ...] | PollFailed:
        """Return the account's stations."""
        return self.client.stations()

    def known_station(self) -> Station | PollFailed:
        """Return the shown station with its time zone; polls if it is not known."""
        if self.station is None:
            outcome = self.poll()
            if isinstance(outcome, PollFailed):
                return outcome
            return outcome.reading.station
        return self.station

    def show_station(self, station_id: str) -> None:
        """Turn to another station; what is known of both stays."""
        shown_id = self.station.id if self.station else self._station_id
        self._station_id = station_id
        if shown_id == station_id:
            return
        self.station = None
        shown, others = self.client, self._other_clients
        if shown_id is None:
            shown.choose(station_id)
        else:
            self._client = others.pop(station_id, None) or shown.beside(station_id)
            others[shown_id] = shown

    def sign_in(
        self, attempt: SignInAttempt
    ) -> tuple[PollOutcome, PasswordStorage | None]:
        """Try new credentials, once; keep them and the chosen portal if they are good.

        Returns the outcome and where the password is, None if it was not accepted.
        """
        self.client  # noqa: B018 (a demo's portal must run)
        credentials = attempt.credentials
        vault = MemoryVault(credentials)
        context = with_portal_choice(self._context, attempt.portal)
        # Another account has other stations.
        same = credentials.account == self._account
        station_id = self._station_id if same else context.options.station
        client = self._make(context, vault, station_id)
        transport = self._transports[-1]
        if not attempt.begin(transport.abort):
            self._transports.remove(transport)
            return _STOPPED, None
        outcome = client.fetch(PollRequest(everything=True))
        is_good = isinstance(outcome, PollSucceeded) or vault.token() is not None
        if not (is_good and attempt.accept()):
            self._transports.remove(transport)
            return outcome if isinstance(outcome, PollFailed) else _STOPPED, None
        self._context, self._vault = context, vault
        self._use(client)
        self._station_id, self._account = station_id, credentials.account
        self.station = None
        if isinstance(outcome, PollSucceeded):
            self.station = outcome.reading.station
        return outcome, self._save_credentials(client, vault, attempt)

    def _save_credentials(
        self, client: SemsClient, vault: MemoryVault, attempt: SignInAttempt
    ) -> PasswordStorage:
        """Move password and token to the keyring if it takes them."""
        if self._context.options.demo is not None:
            return PasswordStorage.DEMO
        credentials = attempt.credentials
        keyring = KeyringVault(self._context.paths.key, credentials.account)
        if not keyring.save_password(credentials.password):
            return _STORAGE[keyring.outcome]
        keyring.save_token(vault.token() or "")
        client.set_vault(keyring)
        return PasswordStorage.KEYRING

    def sign_out(self) -> None:
        """Delete the account's password and session; the next poll has none."""
        vault = self._context.vault()
        if isinstance(vault, KeyringVault):
            vault.forget()
        self._use(None)
        self.station = self._station_id = self._account = None

    def apply_settings(self, context: AppContext) -> None:
        """Work by changed settings: other servers need another client."""
        before, self._context = self._context, context
        is_other = (context.dialect, context.portal_choice.region) != (
            before.dialect,
            before.portal_choice.region,
        )
        if is_other and self._client is not None:
            # The same secrets: a password may be kept for this run only.
            station_id = self.station.id if self.station else self._station_id
            self._vault = self._vault or context.vault()
            self._use(self._make(context, self._vault, station_id))

    def fetch_feed(self, address: str) -> bytes | None:
        """Return the feed of releases; None if it cannot be had."""
        transport = HttpTransport()
        self._transports.append(transport)  # a quit ends it, too
        try:
            return fetch_feed(address, transport)
        finally:
            self._transports.remove(transport)

    def abort(self) -> None:
        """End the request under way; may be called from any thread."""
        self.is_aborted = True
        for transport in tuple(self._transports):
            transport.abort()
        if isinstance(self._vault, KeyringVault):
            self._vault.end()

    def close(self) -> None:
        """Stop a demo's portal."""
        if self._simulator is not None:
            self._simulator.stop()

    def _use(self, client: SemsClient | None) -> None:
        """Use a client with a session of its own; those of the old one are dropped."""
        self._client = client
        self._other_clients.clear()

    def _make(
        self,
        context: AppContext,
        vault: KeyringVault | MemoryVault,
        station_id: str | None,
    ) -> SemsClient:
        transport = HttpTransport()
        self._transports.append(transport)
        if self.is_aborted:
            transport.abort()
        return context.client(
            self._portal, vault, transport, station_id, self.requests, self._sky
        )

    def _count_on(self) -> None:
        """Go on with the day's count of requests; the history is opened later."""
        from sems_tray.storage.history.database import StorageError

        with contextlib.suppress(StorageError):  # told when something is to be recorded
            saved = self._context.saved_state("", REQUESTS)
            self.requests.joined(saved, utc_now().astimezone().date())


_STORAGE = {
    KeyringOutcome.FOUND: PasswordStorage.KEYRING,
    KeyringOutcome.ABSENT: PasswordStorage.NOT_KEPT,
    KeyringOutcome.LOCKED: PasswordStorage.LOCKED,
    KeyringOutcome.DENIED: PasswordStorage.REFUSED,
    KeyringOutcome.NO_BACKEND: PasswordStorage.NO_KEYRING,
    KeyringOutcome.BROKEN: PasswordStorage.BROKEN,
}
