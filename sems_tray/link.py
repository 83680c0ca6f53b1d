"""The network thread's side: portal, secrets, demo and history behind one object."""

from __future__ import annotations

from typing import TYPE_CHECKING

from .aside import Aside
from .bygone import PastLink
from .compose import Sky, simulator, speaking, utc_now
from .core.custody import Custody
from .core.language import mark
from .core.outcome import Failed, Fresh, Trouble
from .core.request_count import REQUESTS, RequestCount
from .store.secrets import KeyringVault, MemoryVault, Shelf
from .store.settings import forget_set_aside
from .trials import Trials

if TYPE_CHECKING:
    from .archive.keeper import Keeper
    from .compose import Run
    from .core.credentials import Credentials, PortalChoice
    from .core.habits import Habits
    from .core.model import Reading, Station
    from .core.outcome import PollOutcome
    from .core.releases import Release
    from .news import News
    from .sems.client import SemsClient
    from .sems.transport import HttpTransport
    from .simulator import Simulator
    from .ui.alert_values import Kept

_STOPPED = Failed(trouble=Trouble.UNREACHABLE, detail=mark("stopped"))


class PortalLink(PastLink):
    """The portal and the history for the network thread.

    Made in the GUI thread, used in the network thread; only ``abort`` and ``stop`` may
    be called from elsewhere.
    """

    def __init__(self, run: Run) -> None:
        super().__init__()
        self._run = run
        self._portal: str | None = run.options.portal
        self._simulator: Simulator | None = None
        self._station = run.station
        self._account = run.options.account or run.settings.account
        self._transports: list[HttpTransport] = []
        self._client: SemsClient | None = None
        self._vault: KeyringVault | MemoryVault | None = None
        self._trials = Trials()
        self._aside = Aside()
        self._keeper: Keeper | None = None
        self._requests = RequestCount()
        self._sky = Sky(run.settings)
        self._news: News | None = None
        self._is_bare = False  # all was forgotten, and nothing was read since

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
        self._keeping().keep(reading)

    def sign_in(
        self, credentials: Credentials, choice: PortalChoice | None = None
    ) -> tuple[PollOutcome, Custody | None]:
        """Try new credentials, once; keep them and the choice if they are good.

        Returns the outcome and where the password is, None if it was not accepted.
        """
        self._ready()
        from sems_tray.sems.client import Want

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
        outcome = client.fetch(Want(everything=True))
        good = isinstance(outcome, Fresh) or trial.token() is not None
        if not self._trials.settle(good=good):
            self._transports.remove(transport)
            return outcome if isinstance(outcome, Failed) else _STOPPED, None
        self._run, self._vault = run, trial
        self._client, self._station = client, station
        self._account = credentials.account
        self._kept = self._backfill = self._filling = None
        if self._run.options.demo is not None:
            return outcome, Custody.DEMO
        keeper = KeyringVault(self._run.paths.key, credentials.account)
        if not keeper.keep_password(credentials.password):
            return outcome, _CUSTODY[keeper.shelf]
        keeper.keep_token(trial.token() or "")
        client.keep_in(keeper)
        return outcome, Custody.KEYRING

    def stop(self, credentials: Credentials) -> bool:
        """Stop a trial, from any thread; False if it is kept already."""
        return self._trials.stop(credentials)

    def keep(self, outcome: PollOutcome) -> str:
        """Keep a reading in the history; return what the owner should know of it.

        Afterwards there is time for a request about days when nobody listened.
        """
        keeper = self._keeping()
        keeper.count(self._requests)
        if isinstance(outcome, Fresh):
            station = self._kept = outcome.reading.station
            self._is_bare = False
            keeper.keep(outcome.reading)
            if outcome.pause is None and not (self._aborted or keeper.blocked):
                missed = keeper.missed(station)
                if missed is not None:
                    self._bring(keeper, station, missed)
        return keeper.message

    def record(self, what: Kept) -> None:
        """Keep what the alerts need kept; nothing of what was to be forgotten."""
        if not self._is_bare:
            self._keeping().record(what.states, what.notices, what.closed)

    def habits(self, station: Station) -> Habits | None:
        """Return a station's habits, about once a day; None otherwise."""
        if self._aborted:
            return None
        habits = self._keeping().habits(self._sky.at_told_place(station))
        if habits is not None:
            self._sky.learn(station.id, habits)
        return habits

    def news(self) -> Release | None:
        """Return a newer version of this program that was not told yet."""
        feed = self._run.settings.release_feed
        if not feed or self._aborted or self._run.options.demo is not None:
            return None
        if self._news is None:
            from .news import News

            self._news = News(self._keeping(), self._fetch_feed)
        return self._news.look(feed, utc_now())

    def _fetch_feed(self, address: str) -> bytes | None:
        from .sems.feed import fetch_feed
        from .sems.transport import HttpTransport

        transport = HttpTransport()
        self._transports.append(transport)  # a quit ends it, too
        try:
            return fetch_feed(address, transport)
        finally:
            self._transports.remove(transport)

    def use(self, run: object) -> None:
        """Work by another run's settings: other servers need another client."""
        from .compose import Run

        if not isinstance(run, Run):
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
            keeper = self._keeping()
            forget_set_aside(self._run.paths.settings)
            keeper.history.forget()
            keeper.close()  # what it holds in memory goes, too
            self._keeper = self._news = None
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
        if self._keeper is not None:
            self._keeper.count(self._requests)
            self._keeper.close()
        if self._simulator is not None:
            self._simulator.stop()

    def _keeping(self) -> Keeper:
        """Return the history's writer, which mends the file whatever the portal says.

        It lives in this thread.
        """
        if self._keeper is None:
            from .archive.keeper import Keeper

            self._keeper = Keeper(
                self._run.paths.history, now=utc_now, stop=lambda: self._aborted
            )
        return self._keeper

    def _known_station(self) -> Station | Failed:
        """Return the station that is shown, with its time zone."""
        if self._kept is None:
            outcome = self.fetch(everything=False, telemetry=False)
            if isinstance(outcome, Failed):
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
        from .store.history import HistoryReader, KnownError

        with HistoryReader(self._run.paths.history) as reader:
            try:
                kept = reader.state("", REQUESTS)
            except KnownError:  # told when something is to be kept
                return
        self._requests.joined(kept, utc_now().astimezone().date())

    def _make(
        self,
        vault: KeyringVault | MemoryVault,
        station: str | None,
        run: Run | None = None,
    ) -> SemsClient:
        from sems_tray.sems.transport import HttpTransport

        transport = HttpTransport()
        self._transports.append(transport)
        if self._aborted:
            transport.abort()
        return (run or self._run).client(
            self._portal, vault, transport, station, self._requests, self._sky
        )


_CUSTODY = {
    Shelf.FOUND: Custody.KEYRING,
    Shelf.ABSENT: Custody.NOT_KEPT,
    Shelf.LOCKED: Custody.LOCKED,
    Shelf.DENIED: Custody.REFUSED,
    Shelf.NO_BACKEND: Custody.NO_KEYRING,
    Shelf.BROKEN: Custody.BROKEN,
}
