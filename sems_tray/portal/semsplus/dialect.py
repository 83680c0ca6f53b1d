"""SEMS+ as the client sees it: how to sign in, and the pieces of a poll."""

from __future__ import annotations

import base64
import hashlib
import json
from dataclasses import replace
from datetime import timedelta
from functools import partial
from typing import TYPE_CHECKING, Any

from sems_tray.domain.energy import energy_between, plus
from sems_tray.domain.model import DeviceState, Dialect, Powers
from sems_tray.domain.time_zones import zone
from sems_tray.portal.dialect import (
    ALARMS,
    ALWAYS,
    DAILY,
    DEVICES,
    TOTALS,
    Call,
    Piece,
    for_each,
    in_the_dark,
    stops_all,
    without_storage,
)
from sems_tray.portal.errors import NoDataError, PortalError
from sems_tray.portal.session import Session, check_base, check_signed_in, read_login
from sems_tray.portal.station_cache import Live, with_last_powers
from sems_tray.portal.wire.values import exact

from . import calls, devices, statistics
from .alarms import fetch_alarms
from .flow import is_quiet, parse_flow, urgent
from .stations import list_stations, merge, parse_info
from .statistics import PERIODS

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from datetime import datetime

    import msgspec

    from sems_tray.domain.credentials import Credentials
    from sems_tray.domain.model import (
        BatteryPack,
    )
    from sems_tray.portal.dialect import Poll, Result
    from sems_tray.portal.http.transport import Request
    from sems_tray.portal.http.trusted_hosts import Hosts
    from sems_tray.portal.plausibility import Bounds
    from sems_tray.portal.station_cache import Counters, StationCache
    from sems_tray.portal.wire.envelope import Envelope


def _info(poll: Poll, cache: StationCache) -> Result:
    """Fetch the station's information; the list stands in for what it leaves out."""
    error: PortalError | None = None
    station, grid = cache.station, cache.grid_connected
    try:
        found, grid = parse_info(poll.ask(calls.info(poll.station_id)), poll.station_id)
        station = merge(station, found)
    except PortalError as exc:
        if stops_all(exc):
            raise
        error = exc
    if station is None or zone(station.timezone) is None:
        listed = {it.id: it for it in list_stations(poll.ask)}
        row = listed.get(poll.station_id)
        station = merge(row, station) if station else row
    return replace(cache, station=station, grid_connected=grid), error


def _flow(poll: Poll, cache: StationCache) -> Result:
    """Fetch live power. A site that sleeps may have none to tell (facts, section 3)."""
    where = cache.zone
    raw = poll.ask(calls.flow(poll.station_id))
    try:
        live = parse_flow(raw, where, poll.now)
    except NoDataError:
        live = Live()
    if live.power == Powers() and live.soc_percent is None:
        live = with_last_powers(live, cache.live)
    quiet = is_quiet(live.power.grid_w, before=cache.quiet_polls > 0)
    quiet_polls = cache.quiet_polls + 1 if quiet else 0
    cache = _brought_up(cache, live, poll.bounds)
    return replace(cache, quiet_polls=quiet_polls), None


def _brought_up(cache: StationCache, live: Live, bounds: Bounds) -> StationCache:
    """Return new powers, and today's totals as they are at the time of these.

    A power that cannot be has no energy.
    """
    was, sums = cache.live, cache.sums
    if was is not None:
        more = energy_between(
            (was.measured_at, bounds.powers(was.power)),
            (live.measured_at, bounds.powers(live.power)),
        )
        sums = replace(sums, today=plus(sums.today, more))
    return replace(cache, live=live, sums=sums)


def _all_status(poll: Poll, cache: StationCache) -> Result:
    found = devices.parse_all_status(poll.ask(calls.all_status(poll.station_id)))
    racks = {it.sn: it for it in found.racks}
    known = {it.sn: it for it in cache.packs}
    systems = [it for it in cache.packs if it.sn in cache.systems]
    power = {it.sn: it.power_w for it in cache.accessories}
    meters = {it.sn: it for it in cache.meters}
    return replace(
        cache,
        devices_at=poll.now,
        inverters=found.inverters,
        stores=found.stores,
        kinds=found.kinds,
        meters=tuple(
            replace(meters.get(meter.sn, meter), state=meter.state, name=meter.name)
            for meter in found.meters
        ),
        packs=(*systems, *(known.get(sn, rack) for sn, rack in racks.items())),
        accessories=tuple(
            replace(accessory, power_w=power.get(accessory.sn))
            for accessory in found.accessories
        ),
    ), None


def _related(poll: Poll, cache: StationCache) -> Result:
    """Fetch the battery systems behind hybrid inverters, and what chargers do."""
    found, error = for_each(
        [it.sn for it in cache.inverters or () if it.sn in cache.stores],
        partial(_systems, poll),
    )
    known = {it.sn: it for it in cache.packs}
    renewed = {  # with the telemetry that is held of them
        it.sn: replace(
            known.get(it.sn, it),
            state=it.state,
            soc_percent=it.soc_percent,
            power_w=it.power_w,
        )
        for packs in found.values()
        for it in packs
    }
    cache = replace(
        cache,
        packs=tuple({**known, **renewed}.values()),
        systems=cache.systems | renewed.keys(),
    )
    if error is not None:
        return cache, error
    drawn = cache.live is not None and cache.live.power.ev_w is not None
    chargers = {it.sn: it for it in cache.accessories if it.kind == devices.CHARGER}
    charging, error = for_each(
        [] if drawn else chargers,
        lambda sn: devices.parse_last_charge(
            poll.ask(calls.last_charge(sn, poll.station_id)), chargers[sn]
        ),
    )
    accessories = tuple(charging.get(it.sn, it) for it in cache.accessories)
    return replace(cache, accessories=accessories), error


def _systems(poll: Poll, sn: str) -> tuple[BatteryPack, ...]:
    """Ask under one type, and under the next where the portal knows none there."""
    replies = (
        poll.ask(calls.related(sn, kind, poll.station_id)) for kind in devices.RELATED
    )
    return next(filter(None, map(devices.parse_related, replies)), ())


def _models(poll: Poll, cache: StationCache) -> Result:
    """Fetch the models from the device page; ask a device itself where it is silent."""
    error: PortalError | None = None
    models = dict(cache.models)
    try:
        models |= devices.parse_models(poll.ask(calls.device_page(poll.station_id)))
    except PortalError as exc:
        error = exc
        if exc.slow:
            return cache, error
    cache = replace(cache, models=models)
    missing = [it.sn for it in cache.inverters or () if it.sn not in models]
    if not missing:
        return cache, error
    cache, second = _information(poll, cache, missing)
    return cache, second or (None if {*missing} <= cache.models.keys() else error)


def _equipment(poll: Poll, cache: StationCache, what: str, sn: str) -> msgspec.Raw:
    """Ask for one kind of values of a device; the listed ones have told their type."""
    kind = cache.kinds.get(sn, devices.BAT_SYS)
    return poll.ask(calls.equipment(what, sn, kind, poll.station_id))


def _information(poll: Poll, cache: StationCache, serials: list[str]) -> Result:
    found, error = for_each(
        serials,
        lambda sn: devices.parse_information(
            _equipment(poll, cache, "information", sn)
        ),
    )
    models = {sn: model for sn, (model, _) in found.items() if model}
    firmware = {sn: version for sn, (_, version) in found.items() if version}
    return replace(
        cache,
        models={**cache.models, **models},
        firmware={**cache.firmware, **firmware},
    ), error


def _firmware(poll: Poll, cache: StationCache) -> Result:
    serials = [it.sn for it in cache.inverters or () if it.sn not in cache.firmware]
    return _information(poll, cache, serials)


def _telemetry(poll: Poll, cache: StationCache) -> Result:
    """Fetch what every inverter, battery and meter measures."""
    ask = partial(_equipment, poll, cache, "telemetry")
    inverters, first = for_each(
        [it.sn for it in cache.inverters or ()],
        lambda sn: devices.parse_inverter(ask(sn)),
    )
    known = {it.sn: it for it in cache.packs}
    packs, second = for_each(known, lambda sn: devices.parse_pack(ask(sn), known[sn]))
    counted = {it.sn: it for it in cache.meters}
    meters, third = for_each(
        counted, lambda sn: devices.parse_meter(ask(sn), counted[sn])
    )
    cache = replace(
        cache,
        telemetry={**cache.telemetry, **inverters},
        packs=tuple({**known, **packs}.values()),
        meters=tuple({**counted, **meters}.values()),
    )
    return cache, first or second or third


def _counters(poll: Poll, cache: StationCache) -> Result:
    """Fetch what every inverter and meter has counted."""
    found, error = for_each(
        [*(it.sn for it in cache.inverters or ()), *(it.sn for it in cache.meters)],
        lambda sn: devices.parse_counters(_equipment(poll, cache, "telecounting", sn)),
    )
    since = cache.since if error else {**cache.since, "total": cache.sums.today}
    counters = {sn: _dated(it, cache, sn) for sn, it in found.items()}
    return replace(cache, counters={**cache.counters, **counters}, since=since), error


def _dated(new: Counters, cache: StationCache, sn: str) -> Counters:
    """Return counters with the time of their measurement, as far as that is known.

    What is offline goes on telling what it counted last.
    """
    off = {it.sn for it in cache.inverters or () if it.state is DeviceState.OFFLINE}
    if sn not in off:
        measured = cache.live.measured_at if cache.live else None
        return replace(new, counted_at=measured)
    before = cache.counters.get(sn)
    return replace(new, counted_at=before.counted_at if before else None)


_EACH_MINUTE = timedelta(minutes=1)
PIECES = (
    Piece("info", "station", DEVICES, _info, rests=without_storage),
    Piece("flow", "live", ALWAYS, _flow, essential=True),
    Piece("devices", "devices", DEVICES, _all_status),
    Piece("related", "devices", DEVICES, _related),
    Piece("models", "devices", DAILY, _models),
    Piece("alarms", "alarms", ALARMS, fetch_alarms),
    *PERIODS,
    Piece(
        "counters",
        "energy",
        TOTALS,
        _counters,
        counters=True,
        rests=in_the_dark,
        grows_with="energy",
    ),
    Piece("telemetry", "telemetry", _EACH_MINUTE, _telemetry, telemetry=True),
    Piece("firmware", "devices", DAILY, _firmware, telemetry=True),
)


# Signing in, and the headers of every call (facts, section 2).


CLIENT = "semsPlusWeb"
_SIGN_IN = "/sems-user/api/v1/auth/cross-login"
_NOBODY: dict[str, Any] = {
    "uid": "",
    "timestamp": 0,
    "token": "",
    "client": CLIENT,
    "version": "",
    "language": "en",
}


def encode_password(password: str) -> str:
    """Return base64 of the password's MD5 in hex, as the portal wants it over TLS.

    The digest is the portal's wire format, not our protection of the password; hence
    ``usedforsecurity=False``, which FIPS systems need.
    """
    # An environment variable that is no UTF-8 arrives with surrogates.
    raw = password.encode(errors="surrogatepass")
    digest = hashlib.md5(raw, usedforsecurity=False).hexdigest()
    return base64.b64encode(digest.encode()).decode()


def signature(uid: str, token: str, at_ms: int) -> str:
    """Return ``X-Signature`` for one request at ``at_ms``, epoch milliseconds."""
    digest = hashlib.sha256(f"{at_ms}@{uid}@{token}".encode()).hexdigest()
    return base64.b64encode(f"{digest}@{at_ms}".encode()).decode()


def headers(login: Mapping[str, Any], now: datetime) -> dict[str, str]:
    """Return the headers of one call; ``login`` is the whole login object."""
    at_ms = int(now.timestamp() * 1000)
    uid, token = exact(login.get("uid")), exact(login.get("token"))
    return {
        "Content-Type": "application/json",
        "Accept": "application/json, text/plain, */*",
        "token": json.dumps({"client": CLIENT, **login}, separators=(",", ":")),
        "X-Signature": signature(uid, token, at_ms),
        "neutral": "0",
        "currentLang": "en",
    }


def read_session(envelope: Envelope, hosts: Hosts, now: datetime) -> Session:
    """Read a sign-in's reply; raises PortalError for anything but a usable session."""
    check_signed_in(envelope, now)
    login = read_login(envelope)
    api = exact(login.get("api")) or envelope.api
    base = check_base(api or hosts.gateway(exact(login.get("region"))), hosts)
    return Session(dialect=Dialect.SEMSPLUS, base=base, login=login)


def call_request(session: Session, call: Call, now: datetime) -> Request:
    """Return a call as a request that carries the session's token."""
    return call.request(session.base, headers(session.login, now))


class SemsPlus:
    """The gateway that serves data today."""

    name = Dialect.SEMSPLUS
    pieces = PIECES
    request = staticmethod(call_request)
    stations = staticmethod(list_stations)
    urgent = staticmethod(urgent)
    income = staticmethod(statistics.income)
    month = staticmethod(statistics.month)
    year = staticmethod(statistics.year)

    day_curve = staticmethod(statistics.day_curve)

    def __init__(self, hosts: Hosts) -> None:
        self._hosts = hosts

    def sign_in(
        self,
        send: Callable[[Request], Envelope],
        credentials: Credentials,
        now: datetime,
    ) -> Session:
        """Try the password once, on one host.

        ``agreement`` 1 accepts the user agreement, like the app.
        """
        body = {
            "account": credentials.account,
            "pwd": encode_password(credentials.password),
            "agreement": 1,
            "isLocal": False,
            "isChinese": False,
        }
        call = Call(method="POST", path=_SIGN_IN, body=body)
        envelope = send(call.request(self._hosts.semsplus, headers(_NOBODY, now)))
        return read_session(envelope, self._hosts, now)
