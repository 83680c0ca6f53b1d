"""What a dialect offers the client: how to sign in, and the pieces of a poll."""

from __future__ import annotations

import json
from dataclasses import KW_ONLY, dataclass, field
from datetime import timedelta
from typing import TYPE_CHECKING, Any, Protocol, TypeAlias, TypeVar

from sems_tray.domain.poll_result import Trouble
from sems_tray.portal.http.transport import Request

from .assemble_reading import has_battery
from .errors import DialectChangedError, PortalError
from .plausibility import Bounds

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping
    from datetime import date, datetime, tzinfo

    import msgspec

    from sems_tray.domain.credentials import Credentials
    from sems_tray.domain.energy import PeriodStatistics
    from sems_tray.domain.model import CurvePoint, Dialect, EnergySums, Station
    from sems_tray.portal.wire.envelope import Envelope

    from .session import Session
    from .station_cache import StationCache


# When a piece rests: asked for once, then daily, because nothing of it can change.


# A hybrid may report some watts all night.
_NO_SUN_W = 20.0


@dataclass(frozen=True, slots=True, kw_only=True)
class PlanTime:
    """When it is, where the station is too, and what is known of it by then."""

    now: datetime
    today: date
    cache: StationCache
    dark: bool


def without_storage(time: PlanTime) -> bool:
    """Only a storage site is told whether it hangs on the grid (facts, section 3)."""
    station = time.cache.station
    stores = station is not None and station.stores
    return time.cache.grid_connected is None and not stores


def in_the_dark(time: PlanTime) -> bool:
    """It counts the sun, or moves with what is asked for anyway."""
    live = time.cache.live
    return time.dark and live is not None and (live.power.pv_w or 0.0) < _NO_SUN_W


def asleep(time: PlanTime) -> bool:
    """It counts the sun alone: there is neither a meter nor a battery."""
    cache, live = time.cache, time.cache.live
    if live is None or not in_the_dark(time):
        return False
    metered = live.power.load_w is not None or live.power.grid_w is not None
    return not (metered or cache.meters or has_battery(cache, live))


K = TypeVar("K")
V = TypeVar("V")

ALWAYS = timedelta(0)
DAILY = timedelta(days=1)
# Design, section 3, "Politeness".
TOTALS = timedelta(minutes=10)
DEVICES = timedelta(minutes=10)
ALARMS = timedelta(minutes=5)
RETRY = timedelta(minutes=5)


@dataclass(frozen=True, slots=True, kw_only=True)
class Call:
    """One call below a session's base."""

    method: str
    path: str
    params: Mapping[str, str] = field(default_factory=dict)
    body: Mapping[str, Any] | None = None

    def request(self, base: str, headers: Mapping[str, str]) -> Request:
        """Return the call as a request below this base."""
        return Request(
            method=self.method,
            url=f"{base}{self.path}",
            params=self.params,
            headers=headers,
            body=None if self.body is None else json.dumps(dict(self.body)).encode(),
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class Poll:
    """What a piece may know while it is fetched.

    ``ask`` sends a call and returns its data, signing in again where needed; ``now`` is
    the portal's time; ``dark`` says whether the sun is down at the station;
    ``currency`` and ``bounds`` are the station's, as far as these are known.
    """

    ask: Callable[[Call], msgspec.Raw]
    station_id: str
    now: datetime
    holding: bool = False  # midnight: energy counters are not to be believed
    dark: Callable[[Station], bool | None] = lambda _: None
    currency: str | None = None
    bounds: Bounds = field(default_factory=Bounds)


Result: TypeAlias = "tuple[StationCache, PortalError | None]"
Fetch: TypeAlias = "Callable[[Poll, StationCache], Result]"


@dataclass(frozen=True, slots=True)
class Piece:
    """One step of a poll, and how often it is due.

    ``fetch`` returns what is held afterwards, and the error of what it could not renew.
    ``part`` is the name that the owner sees in ``stale``; ``rests`` says whether asking
    once a day is enough as things are.  What is held of the piece
    ``grows_with`` adds to this one's figures from then on, and is renewed before them:
    between two replies it is only estimated.
    """

    name: str
    part: str
    period: timedelta
    fetch: Fetch
    _: KW_ONLY
    essential: bool = False
    telemetry: bool = False  # only while somebody looks
    counters: bool = False  # not around midnight, and anew on every date
    rests: Callable[[PlanTime], bool] = lambda _: False
    grows_with: str | None = None


class DialectClient(Protocol):
    """One of the two ways the portal speaks."""

    @property
    def name(self) -> Dialect:
        """Which of the two."""

    @property
    def pieces(self) -> tuple[Piece, ...]:
        """The steps of a poll, in order."""

    def sign_in(
        self,
        send: Callable[[Request], Envelope],
        credentials: Credentials,
        now: datetime,
    ) -> Session:
        """Try the password once; raise PortalError if that gives no session."""

    def request(self, session: Session, call: Call, now: datetime) -> Request:
        """Return the call as a request that carries the token."""

    def stations(self, ask: Callable[[Call], msgspec.Raw]) -> tuple[Station, ...]:
        """Return the account's stations."""

    def urgent(self, before: StationCache, after: StationCache) -> frozenset[str]:
        """Return the pieces that a change of the live part makes due at once."""

    def day_curve(self, poll: Poll, day: date, zone: tzinfo) -> tuple[CurvePoint, ...]:
        """Return one day's powers."""

    def income(self, poll: Poll, day: date) -> EnergySums:
        """Return what a date earned, where the month's rows do not tell."""

    def month(self, poll: Poll, first: date, zone: tzinfo) -> PeriodStatistics:
        """Return the totals of a month's days, and of the month."""

    def year(self, poll: Poll, year: int, zone: tzinfo) -> PeriodStatistics:
        """Return the totals of a year's months, and of the year."""


def for_each(
    keys: Iterable[K], fetch: Callable[[K], V]
) -> tuple[dict[K, V], PortalError | None]:
    """Fetch for every key; go on past a failure unless it would repeat itself."""
    found: dict[K, V] = {}
    first: PortalError | None = None
    for key in keys:
        try:
            found[key] = fetch(key)
        except PortalError as exc:
            first = first or exc
            if exc.slow or stops_all(exc):
                break
    return found, first


def if_given(fetch: Callable[[], V]) -> V | None:
    """Fetch what this portal may not offer: None where it says so, or says nonsense.

    Every other trouble may be gone the next time, and is raised.
    """
    try:
        return fetch()
    except PortalError as exc:
        if exc.trouble in {Trouble.UNREADABLE, Trouble.PORTAL_CHANGED}:
            return None
        raise


def if_it_works(fetch: Callable[[], V]) -> V | None:
    """Fetch what is good to have: None for any trouble that does not stop all."""
    try:
        return fetch()
    except PortalError as exc:
        if stops_all(exc):
            raise
        return None


def stops_all(exc: PortalError) -> bool:
    """Say whether asking on would be useless or impolite."""
    changed = isinstance(exc, DialectChangedError)
    return changed or exc.trouble in {Trouble.THROTTLED, Trouble.OFFLINE}
