"""The classic API as the client sees it: how to sign in, and the pieces of a poll."""

from __future__ import annotations

import json
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from sems_tray.domain.alarm_advice import is_bare
from sems_tray.domain.model import NO_SUMS, DeviceState, Dialect, Inverter, Powers
from sems_tray.domain.time_zones import counters_are_held, zone
from sems_tray.i18n.language import mark
from sems_tray.portal.alarm_names import bit_of
from sems_tray.portal.dialect import ALARMS, ALWAYS, Call, Piece
from sems_tray.portal.errors import NoDataError, PathGoneError
from sems_tray.portal.session import Session, check_base, check_signed_in, read_login
from sems_tray.portal.station_cache import Live, with_last_powers

from . import calls, statistics
from .faults import parse_warnings
from .monitor import parse_monitor
from .stations import list_stations
from .statistics import CHARTS, metered_on, renewed, since_midnight

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from datetime import date, datetime

    from sems_tray.domain.credentials import Credentials
    from sems_tray.domain.model import Alarm, EnergySums, Station
    from sems_tray.portal.dialect import Poll, Result
    from sems_tray.portal.http.transport import Request
    from sems_tray.portal.http.trusted_hosts import Hosts
    from sems_tray.portal.station_cache import StationCache
    from sems_tray.portal.wire.envelope import Envelope

    from .monitor import Monitor


_RESTING = frozenset({DeviceState.OFFLINE, DeviceState.WAITING})


# Signing in: CrossLogin v3 to v1, and the ``Token`` header (facts, section 5).


VERSIONS = ("v3", "v2", "v1")
# The client named at sign-in must be the one named afterwards; the reply repeats it.
_NOBODY = {"version": "v2.1.0", "client": "ios", "language": "en"}


def headers(login: Mapping[str, Any]) -> dict[str, str]:
    """Return the headers of one call; the token is plain JSON text."""
    return {
        "Content-Type": "application/json",
        "Accept": "application/json",
        "Token": json.dumps({**_NOBODY, **login}, separators=(",", ":")),
    }


def call_request(session: Session, call: Call, now: datetime) -> Request:
    """Return a call as a request that carries the session's token."""
    del now  # this dialect signs nothing
    return call.request(session.base, headers(session.login))


class Classic:
    """The API of the seed articles."""

    name = Dialect.CLASSIC
    request = staticmethod(call_request)
    stations = staticmethod(list_stations)
    day_curve = staticmethod(statistics.day_curve)
    month = staticmethod(statistics.month)
    year = staticmethod(statistics.year)

    def __init__(self, hosts: Hosts) -> None:
        self._hosts = hosts
        self._version = VERSIONS[0]
        self.pieces = (
            Piece("monitor", "live", ALWAYS, self._monitor, essential=True),
            Piece("alarms", "alarms", ALARMS, _warnings),
            CHARTS,
        )

    def sign_in(
        self,
        send: Callable[[Request], Envelope],
        credentials: Credentials,
        now: datetime,
    ) -> Session:
        """Try the password once; an older version is asked only where a path is gone.

        The password goes in plain, over TLS, as this portal wants it.
        ``components.api`` in the reply is an internal address and is never used.
        """
        body = {"account": credentials.account, "pwd": credentials.password}
        for version in VERSIONS:
            call = Call(method="POST", path=f"/{version}/Common/CrossLogin", body=body)
            try:
                envelope = send(call.request(self._hosts.classic, headers({})))
            except PathGoneError:
                continue
            check_signed_in(envelope, now)
            login = read_login(envelope)
            base = check_base(envelope.api or self._hosts.classic, self._hosts)
            return Session(dialect=Dialect.CLASSIC, base=base, login=login)
        raise PathGoneError

    def urgent(self, before: StationCache, after: StationCache) -> frozenset[str]:
        """Return the pieces that a change of the live part makes due at once."""
        states = {it.live.state if it.live else None for it in (before, after)}
        own = {frozenset(it.id for it in cache.own_alarms) for cache in (before, after)}
        turned = len(states) > 1 and DeviceState.FAULT in states
        return frozenset({"alarms"} if turned or len(own) > 1 else ())

    def income(self, poll: Poll, day: date) -> EnergySums:
        """Return nothing: a month's rows tell what their days earned."""
        del poll, day
        return NO_SUMS

    def _monitor(self, poll: Poll, cache: StationCache) -> Result:
        """Fetch everything about the station, by an older path where one is gone."""
        order = dict.fromkeys((self._version, *VERSIONS))
        for version in order:
            try:
                raw = poll.ask(calls.monitor(version, poll.station_id))
            except PathGoneError:
                continue
            self._version = version
            try:
                found = parse_monitor(
                    raw, poll.station_id, poll.now, cache.live, cache.sums
                )
            except NoDataError:
                if not cache.live:
                    raise  # so the service ended (facts, section 1)
                return replace(_asleep(poll, cache), devices_at=poll.now), None
            return replace(_renewed(poll, cache, found), devices_at=poll.now), None
        raise PathGoneError


def _asleep(poll: Poll, cache: StationCache) -> StationCache:
    """Return what is held of a station that has nothing to tell.

    The station list says whether it sleeps or is silent; otherwise the portal changed.
    """
    listed = {it.id: it for it in list_stations(poll.ask)}
    row = listed.get(poll.station_id)
    if row is None or row.state not in _RESTING:
        raise NoDataError(mark("no data in the monitor reply"))
    return _resting(cache, Live(state=row.state))


def _resting(cache: StationCache, live: Live) -> StationCache:
    """Return the last values, with what the portal says of the station's state now."""
    return replace(
        cache,
        live=with_last_powers(live, cache.live),
        inverters=tuple(replace(it, state=live.state) for it in cache.inverters or ()),
    )


def _renewed(poll: Poll, cache: StationCache, found: Monitor) -> StationCache:
    """Return what is held after a monitor reply; around midnight without counters."""
    live = found.live
    if live.power == Powers():
        if not found.inverters:
            station = _named(found.station, cache.station)
            return _resting(replace(cache, station=station), live)
        live = with_last_powers(live, cache.live)
    where = zone(found.station.timezone)
    cache = _without_counters(cache, found, live)
    if counters_are_held(poll.now, live.measured_at, where):
        return _with_old_counters(cache, found)
    return _with_counters(cache, found, poll.now.astimezone(where))


def _without_counters(cache: StationCache, found: Monitor, live: Live) -> StationCache:
    """Return what is held after a monitor reply, but for its counters."""
    return replace(
        cache,
        station=_named(found.station, cache.station),
        grid_connected=found.grid_connected,
        live=live,
        stores=frozenset(it.inverter.sn for it in found.inverters if it.stores),
        packs=tuple(pack for it in found.inverters for pack in it.packs),
        meters=found.meters,
        accessories=found.accessories,
        own_alarms=found.alarms,
        alarms=_joined(cache.listed_alarms, found.alarms),
    )


def _with_old_counters(cache: StationCache, found: Monitor) -> StationCache:
    """Return what is held with the inverters as they are now, and their old counters.

    Around midnight the portal's are not to be believed.
    """
    old = {it.sn: it for it in cache.inverters or ()}

    def with_old(new: Inverter) -> Inverter:
        before = old.get(new.sn, Inverter(sn=new.sn))
        return replace(
            new,
            today_kwh=before.today_kwh,
            total_kwh=before.total_kwh,
            counted_at=before.counted_at,
        )

    return replace(
        cache, inverters=tuple(with_old(it.inverter) for it in found.inverters)
    )


def _with_counters(cache: StationCache, found: Monitor, here: datetime) -> StationCache:
    cache = replace(
        cache,
        inverters=tuple(it.inverter for it in found.inverters),
        sums=renewed(cache.sums, found.energy, here),
        since=since_midnight(cache, found.energy, here),
        slept_meter=found.slept_meter,
        income=found.income,
    )
    return metered_on(cache, here)


def _named(new: Station, known: Station | None) -> Station:
    return new if new.name or known is None else replace(new, name=known.name)


def _warnings(poll: Poll, cache: StationCache) -> Result:
    where = cache.zone
    raw = poll.ask(calls.warnings(poll.station_id))
    known = {it.sn: it for it in cache.inverters or ()}
    listed = parse_warnings(raw, known, where, poll.now)
    return replace(
        cache, listed_alarms=listed, alarms=_joined(listed, cache.own_alarms)
    ), None


def _joined(listed: tuple[Alarm, ...], own: tuple[Alarm, ...]) -> tuple[Alarm, ...]:
    """Join the warning list and the inverters' own; the same alarm counts once.

    The list may have the portal's own name, and a time where a bare bit has none.
    """
    found = {it.id: it for it in listed}
    bits = {(it.device_sn, bit_of(it.code)): it.id for it in listed}
    for alarm in own:
        bit = bit_of(alarm.code)
        same = alarm.id if bit is None else bits.get((alarm.device_sn, bit), alarm.id)
        known = found.get(same)
        if known is None:
            found[alarm.id] = alarm
            continue
        name = alarm.name if is_bare(known.name, known.code) else known.name
        at = alarm.happened_at or known.happened_at
        found[same] = replace(known, name=name, happened_at=at)
    return tuple(found.values())
