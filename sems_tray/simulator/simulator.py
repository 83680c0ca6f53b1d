"""The simulator: a portal that starts, serves from a thread, and stops."""

import threading
from collections.abc import Callable, Sequence
from datetime import UTC, datetime
from typing import Self

from sems_tray.simulator.classic.portal import Classic
from sems_tray.simulator.semsplus.portal import SemsPlus
from sems_tray.simulator.station.events import Event, ended, events_of
from sems_tray.simulator.station.places import (
    Place,
    dark_place,
    place_named,
    sunny_place,
)
from sems_tray.simulator.station.site import Override, Site
from sems_tray.simulator.station.specs import fleet

from .books import Books
from .injection import Injection, Injections
from .portal import Portal, Recorded
from .scenarios import SCENARIOS
from .server import Server
from .sessions import Sessions
from .world import World

_OWN_FLEET = {"pv-only": "pv-only", "multi": "multi"}
_SIGN_IN = ("/auth/cross-login", "/Common/CrossLogin")


def _real_time() -> datetime:
    return datetime.now(UTC)


class Simulator:
    """A SEMS portal on loopback with a plant behind it.

    ``speed`` is how much faster than the clock ``now`` simulated time runs, from the
    moment of construction. ``recover_after_s`` (simulated seconds) ends the troubles
    of ``fault``, ``grid-lost`` and ``silent``; None leaves them. ``sites`` are stations
    of one's own, in place of the scenario's. ``place`` is where the first station
    stands, by name, or all of them.
    """

    def __init__(  # noqa: PLR0913
        self,
        scenario: str = "day",
        *,
        seed: int = 1,
        speed: float = 1.0,
        host: str = "127.0.0.1",
        port: int = 0,
        now: Callable[[], datetime] = _real_time,
        place: str | Place | None = None,
        recover_after_s: float | None = None,
        midnight_glitch: bool = True,
        limit_per_minute: int | None = 240,
        clock_tolerance_s: float | None = None,
        sites: Sequence[Site] = (),
    ) -> None:
        self._clock, self._speed, self._seed = now, speed, seed
        self._began = now().astimezone(UTC)
        self._address = (host, port)
        self._pinned_place = place_named(place) if isinstance(place, str) else place
        self._alone = isinstance(place, Place)
        self._recover_after_s = recover_after_s
        self._midnight_glitch = midnight_glitch
        self._own_sites = tuple(sites)
        self._server: Server | None = None
        self._thread: threading.Thread | None = None
        self._lock = threading.Lock()
        self.world = World(
            now=self.now,
            limit_per_minute=limit_per_minute,
            clock_tolerance_s=clock_tolerance_s,
            sessions=Sessions(lambda: self.now().timestamp()),
        )
        self.books = Books(self.world)
        self._injections = Injections()
        self.portal = Portal(
            dialects={
                "semsplus": SemsPlus(self.world).answer,
                "classic": Classic(self.world).answer,
            },
            injections=self._injections,
        )
        self._recorded = self.portal.recorded
        self._settle(scenario)

    # -- running ---------------------------------------------------------------

    def start(self) -> None:
        """Listen, and serve from a daemon thread. OSError if the port is taken."""
        if self._server is not None:
            return
        server = Server(self._address, now=self.now, portal=self.portal)
        host, port = server.server_name, server.server_port
        self.world.url = f"http://{f'[{host}]' if ':' in host else host}:{port}"
        self._server = server
        self._thread = threading.Thread(
            target=server.serve_forever,
            kwargs={"poll_interval": 0.05},
            name="sems-simulator",
            daemon=True,
        )
        self._thread.start()

    def stop(self) -> None:
        """Stop serving and hang up; a second call does nothing."""
        with self._lock:
            server, thread = self._server, self._thread
            self._server = self._thread = None
        if server is None or thread is None:
            return
        server.stopping.set()
        server.shutdown()
        thread.join(1)
        server.hang_up()
        server.server_close()

    def __enter__(self) -> Self:
        """Start."""
        self.start()
        return self

    def __exit__(self, *_: object) -> None:
        """Stop."""
        self.stop()

    @property
    def url(self) -> str:
        """Where it listens, ``http://host:port``; empty before the start."""
        return self.world.url

    def now(self) -> datetime:
        """Return the simulated instant, aware UTC."""
        return self._began + (self._clock().astimezone(UTC) - self._began) * self._speed

    # -- what was asked --------------------------------------------------------

    @property
    def requests(self) -> list[Recorded]:
        """All requests made so far."""
        return list(self._recorded)

    def count(self, path_suffix: str) -> int:
        """Return how many requests went to paths that end so."""
        return sum(request.path.endswith(path_suffix) for request in self.requests)

    @property
    def sign_ins(self) -> int:
        """How many sign-ins were tried, in both dialects."""
        return sum(self.count(suffix) for suffix in _SIGN_IN)

    # -- what happens ----------------------------------------------------------

    @property
    def scenario(self) -> str:
        """The scenario in force."""
        return self.world.scenario

    def set_scenario(self, scenario: str) -> None:
        """Change the scenario while running.

        The house and its books stay, except that ``night``, ``pv-only`` and ``multi``
        have stations or a place of their own.
        """
        _check(scenario)
        moved = "night" in {scenario, self.scenario} and self._pinned_place is None
        fleets = _OWN_FLEET.get(scenario), _OWN_FLEET.get(self.scenario)
        if (moved and scenario != self.scenario) or fleets[0] != fleets[1]:
            self._settle(scenario, at_start=False)
            return
        now = self.now()
        self.world.scenario = scenario
        self._begin(self.world.sites[0], self._events(scenario, now, at_start=False))

    def trouble(self, kind: str | None, station_id: str | None = None) -> None:
        """Begin ``fault``, ``grid-lost`` or ``silent`` at one station, or end it."""
        events = events_of(
            kind or "day", self.now(), at_start=False, recover_after_s=None
        )
        self._begin(self.books.site(station_id), events)

    def own(self, station_ids: Sequence[str] | None = None) -> None:
        """Let the account have these of its stations, in this order; None: all."""
        found = {site.spec.station_id: site for site in self._all_sites}
        self.world.sites = tuple(found[it] for it in station_ids or found)

    def override(
        self,
        *,
        pv_w: int | None = None,
        soc_percent: int | None = None,
        battery_w: int | None = None,
        load_w: int | None = None,
    ) -> None:
        """Pin live values of the first station; the grid closes the balance.

        Calls replace each other; one without arguments lets the plant go on.
        """
        self.world.sites[0].pinned = Override(
            pv_w=pv_w, soc_percent=soc_percent, battery_w=battery_w, load_w=load_w
        )

    def expire_tokens(self) -> None:
        """Accept no token issued so far."""
        self.world.sessions.expire_all()

    def fail(
        self,
        path_suffix: str,
        how: str,
        times: int | None = None,
        *,
        retry_after: int | None = None,
        about: str = "",
        since: datetime | None = None,
        until: datetime | None = None,
    ) -> None:
        """Answer paths that end so wrong, ``times`` times or until ``heal``.

        ``how`` is hang, drip, big, html, empty, 500, 503, redirect, 404, throttle,
        429, expired, broken-json, not-an-object, no-code, empty-data, null-data, or
        an error code for the body. "" is every path; ``about`` is one station's id;
        it holds from ``since`` up to ``until``, where given.
        """
        self._injections.add(
            Injection(
                path_suffix=path_suffix,
                how=how,
                times=times,
                retry_after_s=retry_after,
                about=about,
                since=since,
                until=until,
            )
        )

    def heal(self) -> None:
        """End all that ``fail`` ordered."""
        self._injections.clear()

    @property
    def foreign_api(self) -> str | None:
        """The address that sign-in replies name as ``api`` instead of ours."""
        return self.world.foreign_api

    @foreign_api.setter
    def foreign_api(self, address: str | None) -> None:
        self.world.foreign_api = address

    @property
    def login_reply(self) -> str:
        """How sign-in answers.

        ok, no-token, mfa, no-api, trailing-slash or api-on-top.
        """
        return self.world.login_reply

    @login_reply.setter
    def login_reply(self, kind: str) -> None:
        self.world.login_reply = kind

    # -- inside ----------------------------------------------------------------

    def _settle(self, scenario: str, *, at_start: bool = True) -> None:
        _check(scenario)
        now = self.now()
        sites = self._own_sites or tuple(
            Site(spec, self._seed, midnight_glitch=self._midnight_glitch)
            for spec in fleet(
                scenario, self._place(scenario, now), now, alone=self._alone
            )
        )
        if not self._own_sites:
            sites[0].set_events(self._events(scenario, now, at_start=at_start))
        self.world.scenario, self.world.sites = scenario, sites
        self._all_sites = sites

    def _begin(self, site: Site, events: tuple[Event, ...]) -> None:
        now = self.now()
        site.set_events((*(ended(it, now) for it in site.events), *events))

    def _place(self, scenario: str, now: datetime) -> Place:
        if self._pinned_place is not None:
            return self._pinned_place
        return dark_place(now) if scenario == "night" else sunny_place(now)

    def _events(
        self, scenario: str, now: datetime, *, at_start: bool
    ) -> tuple[Event, ...]:
        return events_of(
            scenario, now, at_start=at_start, recover_after_s=self._recover_after_s
        )


def _check(scenario: str) -> None:
    if scenario not in SCENARIOS:
        msg = f"unknown scenario {scenario!r}, choose from: {', '.join(SCENARIOS)}"
        raise ValueError(msg)
