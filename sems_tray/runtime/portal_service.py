"""The network thread's side: portal, secrets, demo and history behind one object."""

from __future__ import annotations

import threading
from typing import TYPE_CHECKING

from sems_tray.domain.credentials import PasswordStorage
from sems_tray.domain.poll_result import PollFailed, PollSucceeded, Trouble
from sems_tray.domain.time_zones import utc_now
from sems_tray.i18n.language import mark
from sems_tray.portal.request_queue import REQUESTS, RequestCount
from sems_tray.storage.credentials import KeyringOutcome, KeyringVault, MemoryVault
from sems_tray.storage.settings import forget_set_aside

from .context import simulator, speaking
from .past_requests import PastLink
from .sky import Sky

if TYPE_CHECKING:
    from collections.abc import Callable

    from sems_tray.alerts.model import AlertHistoryUpdate
    from sems_tray.daylight.habits import Habits
    from sems_tray.domain.credentials import Credentials, PortalChoice
    from sems_tray.domain.model import Reading, Station
    from sems_tray.domain.poll_result import PollOutcome
    from sems_tray.history.backfill import CatchUp
    from sems_tray.history.recorder import HistoryRecorder
    from sems_tray.portal.client import SemsClient
    from sems_tray.portal.http.transport import HttpTransport
    from sems_tray.simulator.simulator import Simulator

    from .context import AppContext
    from .release_check import Release, ReleaseCheck


_STOPPED = PollFailed(trouble=Trouble.UNREACHABLE, detail=mark("stopped"))


class PortalService(PastLink):
    """The portal and the history for the network thread.

    Made in the GUI thread, used in the network thread; only ``abort`` and ``stop`` may
    be called from elsewhere.
    """

    def __init__(self, run: AppContext) -> None:
        super().__init__()
        self._run = run
        self._portal: str | None = run.options.portal
        self._simulator: Simulator | None = None
        self._station = run.station
        self._account = run.options.account or run.settings.account
        self._transports: list[HttpTransport] = []
        self._client: SemsClient | None = None
        self._vault: KeyringVault | MemoryVault | None = None
        self._trials = SignInAttempts()
        self._aside = StationClients()
        self._recorder: HistoryRecorder | None = None
        self._catch_up: CatchUp | None = None
        self._requests = RequestCount()
        self._sky = Sky(run.settings)
        self._news: ReleaseCheck | None = None
        self._is_bare = False  # all was forgotten, and nothing was read since

    def fetch(self, *, everything: bool, telemetry: bool) -> PollOutcome:
        """Poll once."""
        client = self._ready()
        from sems_tray.portal.poll_plan import PollRequest

        return client.fetch(PollRequest(everything=everything, telemetry=telemetry))

    def stations(self) -> tuple[Station, ...] | PollFailed:
        """Return the account's stations."""
        return self._ready().stations()

    def choose(self, station_id: str) -> None:
        """Turn to another station."""
        shown = self._kept.id if self._kept else self._station
        self._station = station_id
        if shown != station_id:
            self._client = self._aside.turn(self._ready(), shown, station_id)
            self._kept = self._backfill = self._filling = None

    def fetch_aside(self, station_id: str) -> PollOutcome:
        """Poll a station beside the shown one, once."""
        return self._aside.fetch(self._ready(), station_id)

    def keep_aside(self, reading: Reading) -> None:
        """Keep a reading of such a station."""
        self._history_recorder().record_reading(reading)

    def sign_in(
        self, credentials: Credentials, choice: PortalChoice | None = None
    ) -> tuple[PollOutcome, PasswordStorage | None]:
        """Try new credentials, once; keep them and the choice if they are good.

        Returns the outcome and where the password is, None if it was not accepted.
        """
        self._ready()
        from sems_tray.portal.poll_plan import PollRequest

        trial = MemoryVault(credentials)
        # Another account has other stations.
        same = credentials.account == self._account
        station = self._station if same else self._run.options.station
        run = speaking(self._run, choice) if choice else self._run
        client = self._make(trial, station, run)
        transport = self._transports[-1]
        if not self._trials.begin(credentials, transport.abort):
            self._transports.remove(transport)
            return _STOPPED, None
        outcome = client.fetch(PollRequest(everything=True))
        good = isinstance(outcome, PollSucceeded) or trial.token() is not None
        if not self._trials.settle(good=good):
            self._transports.remove(transport)
            return outcome if isinstance(outcome, PollFailed) else _STOPPED, None
        self._run, self._vault = run, trial
        self._client, self._station = client, station
        self._account = credentials.account
        self._kept = self._backfill = self._filling = None
        if self._run.options.demo is not None:
            return outcome, PasswordStorage.DEMO
        keyring = KeyringVault(self._run.paths.key, credentials.account)
        if not keyring.keep_password(credentials.password):
            return outcome, _CUSTODY[keyring.shelf]
        keyring.keep_token(trial.token() or "")
        client.keep_in(keyring)
        return outcome, PasswordStorage.KEYRING

    def stop(self, credentials: Credentials) -> bool:
        """Stop a trial, from any thread; False if it is kept already."""
        return self._trials.stop(credentials)

    def keep(self, outcome: PollOutcome) -> str:
        """Keep a reading in the history; return what the owner should know of it.

        Afterwards there is time for a request about days when nobody listened.
        """
        recorder = self._history_recorder()
        recorder.save_request_count(self._requests)
        if isinstance(outcome, PollSucceeded):
            station = self._kept = outcome.reading.station
            self._is_bare = False
            recorder.record_reading(outcome.reading)
            if outcome.pause is None and not (self._aborted or recorder.blocked):
                self._catch_up_of(recorder).step(self._ready(), station)
        return recorder.message

    def record(self, what: AlertHistoryUpdate) -> None:
        """Keep what the alerts need kept; nothing of what was to be forgotten."""
        if not self._is_bare:
            self._history_recorder().record_alerts(
                what.states, what.notices, what.closed
            )

    def habits(self, station: Station) -> Habits | None:
        """Return a station's habits, about once a day; None otherwise."""
        if self._aborted:
            return None
        habits = self._history_recorder().learn_habits(self._sky.at_told_place(station))
        if habits is not None:
            self._sky.learn(station.id, habits)
        return habits

    def news(self) -> Release | None:
        """Return a newer version of this program that was not told yet."""
        feed = self._run.settings.release_feed
        if not feed or self._aborted or self._run.options.demo is not None:
            return None
        if self._news is None:
            from .release_check import ReleaseCheck

            self._news = ReleaseCheck(self._history_recorder(), self._fetch_feed)
        return self._news.look(feed, utc_now())

    def _fetch_feed(self, address: str) -> bytes | None:
        from sems_tray.portal.http.transport import HttpTransport
        from sems_tray.portal.release_feed import fetch_feed

        transport = HttpTransport()
        self._transports.append(transport)  # a quit ends it, too
        try:
            return fetch_feed(address, transport)
        finally:
            self._transports.remove(transport)

    def use(self, run: object) -> None:
        """Work by another run's settings: other servers need another client."""
        from .context import AppContext

        if not isinstance(run, AppContext):
            raise TypeError("this is no run")
        other = (run.dialect, run.portal_choice.region) != (
            self._run.dialect,
            self._run.portal_choice.region,
        )
        self._run = run
        self._sky.follow(run.settings)
        if other and self._client is not None:
            # The same secrets: a password may be kept for this run only.
            station = self._kept.id if self._kept else self._station
            self._vault = self._vault or run.vault()
            self._client = self._make(self._vault, station)

    def forget(self, *, everything: bool) -> None:
        """Forget the account's secrets, and the history if everything."""
        vault = self._run.vault()
        if isinstance(vault, KeyringVault):
            vault.forget()
        self._client = self._kept = self._backfill = self._filling = None
        self._station = self._account = None
        if everything:
            recorder = self._history_recorder()
            forget_set_aside(self._run.paths.settings)
            recorder.history.forget()
            recorder.close()  # what it holds in memory goes, too
            self._recorder = self._catch_up = self._news = None
            self._is_bare = True

    def abort(self) -> None:
        """End a call under way; may be called from any thread."""
        self._aborted = True
        for transport in self._transports:
            transport.abort()
        if isinstance(self._vault, KeyringVault):
            self._vault.end()

    def close(self) -> None:
        """Let go of the history, and stop the demo's portal."""
        if self._recorder is not None:
            self._recorder.save_request_count(self._requests)
            self._recorder.close()
        if self._simulator is not None:
            self._simulator.stop()

    def _history_recorder(self) -> HistoryRecorder:
        """Return the history's writer, which mends the file whatever the portal says.

        It lives in this thread.
        """
        if self._recorder is None:
            from sems_tray.history.recorder import HistoryRecorder

            self._recorder = HistoryRecorder(
                self._run.paths.history, now=utc_now, stop=lambda: self._aborted
            )
        return self._recorder

    def _catch_up_of(self, recorder: HistoryRecorder) -> CatchUp:
        if self._catch_up is None:
            from sems_tray.history.backfill import CatchUp

            self._catch_up = CatchUp(recorder)
        return self._catch_up

    def _known_station(self) -> Station | PollFailed:
        """Return the station that is shown, with its time zone."""
        if self._kept is None:
            outcome = self.fetch(everything=False, telemetry=False)
            if isinstance(outcome, PollFailed):
                return outcome
            self.keep(outcome)
            self._kept = outcome.reading.station
        return self._kept

    def _ready(self) -> SemsClient:
        if self._client is None:
            self._simulator = simulator(self._run)
            if self._simulator is not None:
                self._simulator.start()
                self._portal = self._simulator.url
            self._vault = self._run.vault()
            self._client = self._make(self._vault, self._station)
            self._count_on()
        return self._client

    def _count_on(self) -> None:
        """Go on with the day's count of requests; the history is opened later."""
        from sems_tray.storage.history.database import StorageError
        from sems_tray.storage.history.reader import HistoryReader

        with HistoryReader(self._run.paths.history) as reader:
            try:
                kept = reader.state("", REQUESTS)
            except StorageError:  # told when something is to be kept
                return
        self._requests.joined(kept, utc_now().astimezone().date())

    def _make(
        self,
        vault: KeyringVault | MemoryVault,
        station: str | None,
        run: AppContext | None = None,
    ) -> SemsClient:
        from sems_tray.portal.http.transport import HttpTransport

        transport = HttpTransport()
        self._transports.append(transport)
        if self._aborted:
            transport.abort()
        return (run or self._run).client(
            self._portal, vault, transport, station, self._requests, self._sky
        )


_CUSTODY = {
    KeyringOutcome.FOUND: PasswordStorage.KEYRING,
    KeyringOutcome.ABSENT: PasswordStorage.NOT_KEPT,
    KeyringOutcome.LOCKED: PasswordStorage.LOCKED,
    KeyringOutcome.DENIED: PasswordStorage.REFUSED,
    KeyringOutcome.NO_BACKEND: PasswordStorage.NO_KEYRING,
    KeyringOutcome.BROKEN: PasswordStorage.BROKEN,
}


# The clients of the stations beside the shown one, for the network thread.


class StationClients:
    """One client a station on one line and session, made when it is first asked for.

    Each holds what it knows of its station: totals, device states and what is due when.
    """

    def __init__(self) -> None:
        self._shown: SemsClient | None = None
        self._clients: dict[str, SemsClient] = {}

    def fetch(self, shown: SemsClient, station_id: str) -> PollOutcome:
        """Poll a station beside the shown one, once."""
        from sems_tray.portal.poll_plan import PollRequest

        self._follow(shown)
        if station_id not in self._clients:
            self._clients[station_id] = shown.beside(station_id)
        return self._clients[station_id].fetch(PollRequest(aside=True))

    def turn(
        self, shown: SemsClient, station_id: str | None, other_id: str
    ) -> SemsClient:
        """Return the client that shows another station from now on.

        ``station_id`` is the station that was shown, where it is known.
        """
        self._follow(shown)
        if station_id is None:
            shown.choose(other_id)
            return shown
        if station_id == other_id:
            return shown
        found = self._clients.pop(other_id, None) or shown.beside(other_id)
        self._clients[station_id] = shown
        self._shown = found
        return found

    def _follow(self, shown: SemsClient) -> None:
        """Forget the clients of another session: another account or dialect."""
        if shown is not self._shown:
            self._shown = shown
            self._clients.clear()


# Trials of credentials that the owner may stop from another thread.


class SignInAttempts:
    """Decides, once for each trial, whether it was stopped or is kept.

    Credentials are told apart by identity: the same may be tried again.  One trial is
    under way at a time; those that wait are tried in the order they were given.
    """

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._stopped: list[Credentials] = []
        self._now: Credentials | None = None
        self._kept: Credentials | None = None
        self._abort: Callable[[], None] | None = None

    def begin(self, credentials: Credentials, abort: Callable[[], None]) -> bool:
        """Begin a trial that ``abort`` ends; False if it was stopped before."""
        with self._lock:
            was_stopped = any(it is credentials for it in self._stopped)
            while was_stopped and self._stopped.pop(0) is not credentials:
                pass
            if not was_stopped:
                self._stopped.clear()  # of trials that were over when they were stopped
                self._now, self._abort, self._kept = credentials, abort, None
            return not was_stopped

    def settle(self, *, good: bool) -> bool:
        """End the trial; return whether it is to be kept, and cannot be stopped."""
        with self._lock:
            stopped = any(it is self._now for it in self._stopped)
            self._kept = self._now if good and not stopped else None
            self._stopped.clear()
            self._now = self._abort = None
            return self._kept is not None

    def stop(self, credentials: Credentials) -> bool:
        """Stop a trial, from any thread; False if it is kept already."""
        with self._lock:
            if self._kept is credentials:
                return False
            self._stopped.append(credentials)
            abort = self._abort if self._now is credentials else None
        if abort is not None:
            abort()
        return True
