"""The network thread's side: portal, secrets, demo and history behind one object."""

from __future__ import annotations

from typing import TYPE_CHECKING

from .compose import simulator, speaking, utc_now
from .core.outcome import Failed, Fresh, Trouble
from .store.secrets import KeyringVault, MemoryVault, Shelf
from .trials import Trials

if TYPE_CHECKING:
    from pathlib import Path

    from .archive.backfill import Backfill
    from .archive.keeper import Keeper
    from .compose import Run
    from .core.backfill import Progress
    from .core.credentials import Credentials
    from .core.model import Station
    from .core.outcome import PollOutcome
    from .core.past import Step
    from .core.records import UsualPower
    from .sems.client import SemsClient
    from .sems.transport import HttpTransport
    from .simulator import Simulator
    from .ui.alert_values import Kept

_STOPPED = Failed(trouble=Trouble.UNREACHABLE, detail="stopped")


class PortalLink:
    """The portal and the history for the network thread.

    Made in the GUI thread, used in the network thread; only ``abort`` and ``stop`` may
    be called from elsewhere.
    """

    def __init__(self, run: Run) -> None:
        self._run = run
        self._portal: str | None = run.options.portal
        self._simulator: Simulator | None = None
        self._station = run.station
        self._account = run.options.account or run.settings.account
        self._transports: list[HttpTransport] = []
        self._client: SemsClient | None = None
        self._vault: KeyringVault | MemoryVault | None = None
        self._aborted = False
        self._trials = Trials()
        self._keeper: Keeper | None = None
        self._kept: Station | None = None  # of which the last reading was
        self._backfill: Backfill | None = None

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
        self._kept = self._backfill = None
        self._ready().choose(station_id)

    def sign_in(
        self, credentials: Credentials, dialect: str = ""
    ) -> tuple[PollOutcome, str]:
        """Try new credentials, once; keep them and the dialect if they are good.

        Returns the outcome and, in words, where the password is kept ("" if it was not
        accepted).
        """
        self._ready()
        from sems_tray.sems.client import Want

        trial = MemoryVault(credentials)
        # Another account has other stations.
        same = credentials.account == self._account
        station = self._station if same else self._run.options.station
        run = speaking(self._run, dialect) if dialect else self._run
        client = self._make(trial, station, run)
        transport = self._transports[-1]
        if not self._trials.begin(credentials, transport.abort):
            self._transports.remove(transport)
            return _STOPPED, ""
        outcome = client.fetch(Want(everything=True))
        good = isinstance(outcome, Fresh) or trial.token() is not None
        if not self._trials.settle(good=good):
            self._transports.remove(transport)
            return outcome if isinstance(outcome, Failed) else _STOPPED, ""
        self._run = run
        self._client, self._station = client, station
        self._account = credentials.account
        self._kept = self._backfill = None
        if self._run.options.demo is not None:
            return outcome, "for this run only (a demo leaves no trace)"
        keeper = KeyringVault(self._run.paths.key, credentials.account)
        if not keeper.keep_password(credentials.password):
            return outcome, f"for this run only ({_WHY[keeper.shelf]})"
        keeper.keep_token(trial.token() or "")
        client.keep_in(keeper)
        return outcome, "in the system keyring"

    def stop(self, credentials: Credentials) -> bool:
        """Stop a trial, from any thread; False if it is kept already."""
        return self._trials.stop(credentials)

    def keep(self, outcome: PollOutcome) -> str:
        """Keep a reading in the history; return what the owner should know of it.

        Afterwards there is time for a request about days when nobody listened.
        """
        keeper = self._keeping()
        if isinstance(outcome, Fresh):
            station = self._kept = outcome.reading.station
            keeper.keep(outcome.reading)
            if outcome.pause is None and not (self._aborted or keeper.blocked):
                missed = keeper.missed(station)
                if missed is not None:
                    self._bring(keeper, station, missed)
        return keeper.message

    def record(self, what: Kept) -> None:
        """Keep what the alerts need kept."""
        self._keeping().record(what.states, what.notices, what.closed)

    def usual(self) -> tuple[str, UsualPower] | None:
        """Return the station's usual power, about once a day; None otherwise."""
        if self._kept is None or self._aborted:
            return None
        usual = self._keeping().usual(self._kept)
        return None if usual is None else (self._kept.id, usual)

    def bring(self, step: Step) -> Failed | None:
        """Fetch a part of the station's past into the history."""
        station = self._known_station()
        if isinstance(station, Failed):
            return station
        return self._bring(self._keeping(), station, step)

    def _bring(self, keeper: Keeper, station: Station, step: Step) -> Failed | None:
        from .archive.errors import NotKeptError

        try:
            found = keeper.bring(self._ready(), station, step)
        except NotKeptError:
            return None  # no fault of the portal's; the keeper's message says it
        return found if isinstance(found, Failed) else None

    def wants_past(self) -> bool:
        """Say whether an earlier run was told to fetch the whole past."""
        return self._kept is not None and self._keeping().is_wanted(self._kept)

    def fetch_past(self, *, wanted: bool) -> Progress | None:
        """Fetch the next part of the whole past; None if it is not wanted any more."""
        from .archive.backfill import Backfill
        from .core.backfill import Progress

        station = self._known_station()
        if isinstance(station, Failed):
            return Progress(failed=station)
        keeper = self._keeping()
        if not wanted or self._backfill is None:
            keeper.want(station, wanted=wanted)
        if not wanted:
            self._backfill = None
            return None
        if self._backfill is None:
            self._backfill = Backfill(keeper, station)
        progress = self._backfill.step(self._ready())
        if progress.finished:
            self._backfill = None
        return progress

    def import_file(self, path: Path, station: str | None) -> str:
        """Take in an exported history; return in words what came of it."""
        from .archive.errors import NotKeptError, StoppedError
        from .archive.merging import import_file
        from .core.importing import BadExportError
        from .core.words import counted, one_line
        from .store.history import KnownError

        name = one_line(path.name)
        try:
            new = import_file(
                self._keeping().history, path, station, stop=lambda: self._aborted
            )
        except StoppedError:
            return f"{name}: stopped; importing it again goes on."
        except NotKeptError as exc:
            return str(exc)
        except BadExportError as exc:
            return f"{name}: {exc}; nothing is imported."
        except OSError as exc:
            return f"{name} cannot be read: {exc.strerror or exc}."
        except KnownError as exc:
            return f"The history cannot be kept: {exc}."
        return f"{name}: {counted(new)} new." if new else f"{name}: nothing new."

    def use(self, run: object) -> None:
        """Work by another run's settings: another dialect needs another client."""
        from .compose import Run

        if not isinstance(run, Run):
            raise TypeError("this is no run")
        other = run.dialect is not self._run.dialect
        self._run = run
        if other and self._client is not None:
            # The same secrets: a password may be kept for this run only.
            self._client = self._make(self._vault or run.vault(), self._station)

    def forget(self, *, everything: bool) -> None:
        """Forget the account's secrets, and the history if everything."""
        vault = self._run.vault()
        if isinstance(vault, KeyringVault):
            vault.forget()
        self._client = self._kept = self._backfill = None
        self._station = self._account = None
        if everything:
            self._keeping().history.forget()

    def abort(self) -> None:
        """End a call under way; may be called from any thread."""
        self._aborted = True
        for transport in self._transports:
            transport.abort()

    def close(self) -> None:
        """Let go of the history, and stop the demo's portal."""
        if self._keeper is not None:
            self._keeper.close()
        if self._simulator is not None:
            self._simulator.stop()

    def _keeping(self) -> Keeper:
        """Return the history's writer; opened by its first write, in this thread."""
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
            self._simulator = simulator(self._run.options)
            if self._simulator is not None:
                self._simulator.start()
                self._portal = self._simulator.url
            self._client = self._make(self._run.vault(), self._station)
        return self._client

    def _make(
        self,
        vault: KeyringVault | MemoryVault,
        station: str | None,
        run: Run | None = None,
    ) -> SemsClient:
        from sems_tray.sems.transport import HttpTransport

        self._vault = vault
        transport = HttpTransport()
        self._transports.append(transport)
        if self._aborted:
            transport.abort()
        return (run or self._run).client(self._portal, vault, transport, station)


_WHY = {
    Shelf.ABSENT: "the keyring did not keep it",
    Shelf.LOCKED: "the keyring is locked",
    Shelf.DENIED: "the keyring refused it",
    Shelf.NO_BACKEND: "this system has no keyring",
    Shelf.BROKEN: "the keyring does not work",
    Shelf.FOUND: "",
}
