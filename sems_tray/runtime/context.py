"""Put the parts together for one run: profile, secrets, client, and the demo's portal.

What the tray icon need not wait for is imported when it is first needed: the portal
client and its HTTP library in the network thread, sun and places with a reading.
"""

from __future__ import annotations

import contextlib
import logging
import os
import tempfile
import time
from dataclasses import asdict, dataclass, replace
from datetime import timedelta
from pathlib import Path
from typing import TYPE_CHECKING

from sems_tray.domain import logger_clock
from sems_tray.domain.credentials import Credentials, PortalChoice, known_region
from sems_tray.domain.model import Dialect
from sems_tray.domain.time_zones import utc_now
from sems_tray.i18n.language import set_locale
from sems_tray.i18n.locale import locale_for, system_locales
from sems_tray.storage.paths import default_paths, profile_paths
from sems_tray.storage.settings import Loaded, Settings, changed, load

from .options import UsageError
from .sky import Sky

if TYPE_CHECKING:
    from collections.abc import Iterator

    from sems_tray.domain.model import Lifetimes
    from sems_tray.portal.client import SemsClient
    from sems_tray.portal.http.transport import HttpTransport
    from sems_tray.portal.request_queue import RequestCount
    from sems_tray.simulator.simulator import Simulator
    from sems_tray.storage.credentials import KeyringVault, MemoryVault
    from sems_tray.storage.paths import Paths

    from .options import Options


log = logging.getLogger(__name__)

# A demo's troubles pass by themselves.
_DEMO_RECOVERY_S = 100.0
_DEMO = Credentials(account="demo@example.com", password="demo")  # noqa: S106 (public)


def _no_wait(_: float) -> None:
    """Wait for nobody."""


@dataclass(frozen=True, slots=True, kw_only=True)
class AppContext:
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
    def portal_choice(self) -> PortalChoice:
        """The dialect and region of the settings, which the owner may choose."""
        region = known_region(self.settings.region)
        return PortalChoice(dialect=self.settings.dialect, region=region)

    @property
    def station(self) -> str | None:
        """The station to show; None takes the account's first."""
        return self.options.station or self.settings.station

    def vault(self) -> KeyringVault | MemoryVault:
        """Return where this run's secrets are: in memory if given, else the keyring."""
        from sems_tray.storage.credentials import KeyringVault, MemoryVault

        if self.options.demo is not None:
            return MemoryVault(_DEMO)
        account = self.options.account or self.settings.account
        given = replace(self.options, account=account).credentials
        if given is not None:
            return MemoryVault(given)
        return KeyringVault(self.paths.key, account)

    def saved_state(self, station_id: str, name: str) -> object:
        """Return what the history keeps under a name; None for nothing.

        It is read beside the writer, and the file is let go of.  Raises StorageError.
        """
        from sems_tray.storage.history.reader import HistoryReader

        with HistoryReader(self.paths.history) as reader:
            return reader.state(station_id, name)

    def _behind(self, station_id: str) -> timedelta:
        """Return how far a logger's clock was found to be behind, by the history."""
        from sems_tray.storage.history.database import StorageError

        try:
            saved = self.saved_state(station_id, logger_clock.LOGGER_CLOCK)
        except StorageError:
            return timedelta()
        return logger_clock.from_json(saved)

    def client(
        self,
        portal: str | None,
        vault: KeyringVault | MemoryVault,
        transport: HttpTransport | None = None,
        station: str | None = None,
        requests: RequestCount | None = None,
        sky: Sky | None = None,
    ) -> SemsClient:
        """Make a client; imports the HTTP library, so call it off the GUI thread."""
        from sems_tray.daylight.zone_locations import zone_of
        from sems_tray.portal.client import SemsClient
        from sems_tray.portal.http.transport import HttpTransport
        from sems_tray.portal.http.trusted_hosts import Hosts, is_loopback

        local = portal is not None and is_loopback(portal)
        return SemsClient(
            transport=transport or HttpTransport(),
            hosts=Hosts(portal, self.settings.region),
            vault=vault,
            dialect=self.dialect,
            station_id=station,
            now=utc_now,
            dark=(sky or Sky(self.settings)).dark,
            where=zone_of,
            behind=self._behind,
            recall=self._lifetimes,
            # Requests to the real portal are spaced; a portal on this computer is not.
            sleep=_no_wait if local else time.sleep,
            requests=requests,
        )

    def _lifetimes(self, station_id: str) -> Lifetimes | None:
        """Return a station's counters as kept; None if they cannot be read now."""
        from sems_tray.domain.lifetime_counters import LIFETIMES, from_json
        from sems_tray.storage.history.database import StorageError

        try:
            return from_json(self.saved_state(station_id, LIFETIMES))
        except StorageError:
            return None


def pace(options: Options) -> timedelta:
    """Return how fast the past is fetched from this run's portal."""
    from sems_tray.history.plan import LOCAL_PACE, PACE
    from sems_tray.portal.http.trusted_hosts import is_loopback

    local = options.portal is not None and is_loopback(options.portal)
    return LOCAL_PACE if local or options.demo is not None else PACE


def with_portal_choice(run: AppContext, choice: PortalChoice) -> AppContext:
    """Return the run with another choice in its settings; an option still wins."""
    settings = changed(run.settings, **asdict(choice))
    return replace(run, loaded=replace(run.loaded, settings=settings))


def simulator(run: AppContext) -> Simulator | None:
    """Return the demo's portal, not yet started; None without ``--demo``.

    Its clock is this computer's, whatever its sun says.
    """
    scenario, settings = run.options.demo, run.settings
    if scenario is None:
        return None
    from sems_tray.daylight.zone_locations import computer_zone
    from sems_tray.simulator.simulator import Simulator
    from sems_tray.simulator.station.places import Place

    place = None
    if settings.latitude is not None and settings.longitude is not None:
        place = Place(computer_zone(), settings.latitude, settings.longitude)
    return Simulator(scenario, place=place, recover_after_s=_DEMO_RECOVERY_S)


def _demo_settings(scenario: str) -> Settings:
    """Return settings whose place has the sun that a scenario wants."""
    from sems_tray.simulator.station.places import dark_place, sunny_place

    find = dark_place if scenario == "night" else sunny_place
    place = find(utc_now())
    return Settings(latitude=place.latitude_deg, longitude=place.longitude_deg)


def paths_of(options: Options) -> Paths:
    """Return where a run's files are, a demo's apart; raises UsageError."""
    try:
        return profile_paths(options.profile) if options.profile else default_paths()
    except RuntimeError as exc:  # Path.home() for an account without one
        raise UsageError("there is no home folder; name one with --profile") from exc


@contextlib.contextmanager
def prepared(options: Options) -> Iterator[AppContext]:
    """Give a run its profile; the demo's is thrown away afterwards."""
    if options.demo is not None:
        apply_locale(Settings())
        with tempfile.TemporaryDirectory(
            prefix="sems-tray-demo-", ignore_cleanup_errors=True
        ) as folder:
            paths = profile_paths(Path(folder))
            yield AppContext(
                options=replace(options, profile=Path(folder)),
                paths=paths,
                loaded=Loaded(_demo_settings(options.demo)),
            )
        return
    paths = paths_of(options)
    loaded = load(paths.settings)
    apply_locale(loaded.settings)
    if loaded.message:
        log.warning("%s", loaded.message)
    yield AppContext(options=options, paths=paths, loaded=loaded)


@contextlib.contextmanager
def connected(run: AppContext, sky: Sky | None = None) -> Iterator[SemsClient]:
    """Give a terminal command its client, with the demo's portal behind it."""
    portal = simulator(run)
    if portal is None:
        yield run.client(run.options.portal, run.vault(), station=run.station, sky=sky)
        return
    portal.start()
    try:
        yield run.client(portal.url, run.vault(), station=run.station, sky=sky)
    finally:
        portal.stop()


def apply_locale(settings: Settings) -> None:
    """Speak as the settings and this computer say, from now on."""
    words, numbers = system_locales(os.environ)
    set_locale(locale_for(settings.language, words, numbers, settings.temperature))


def locale_settings(settings: Settings) -> tuple[str, str]:
    """Return what of the settings makes the speech."""
    return settings.language, settings.temperature


def portal_settings(settings: Settings) -> tuple[object, ...]:
    """Return what of the settings the network thread goes by."""
    place = settings.latitude, settings.longitude
    return settings.dialect, settings.region, *place
