"""Which SEMS+ path is answered by what."""

import re
from collections.abc import Callable

from sems_tray.simulator.http import NOT_FOUND, Reply, Request, text_of
from sems_tray.simulator.sessions import Session
from sems_tray.simulator.station.site import Site
from sems_tray.simulator.world import World

from . import alarm_pages, devices, energy, measurements, signin, stations
from .envelope import abnormal, no_access, refused, success, throttled

PREFIX = signin.BASE + "/"
_LOGIN = ("POST", "sems-user/api/v1/auth/cross-login")
_DEFAULT_SERVICE = ("GET", "sems-user/api/v1/auth/default-service")
_SIGN_OUT = ("POST", "sems-user/api/v1/auth/remove-token")
_USER = ("GET", "sems-user/api/v1/user/get-user")
_EQUIPMENT = re.compile(
    r"sems-plant/api/equipments/(?P<sn>[^/]+)/"
    r"(?P<what>telemetry|telecounting|information|relatedDevices)"
)
_HEMS_POWER = re.compile(r"sems-plant/api/v1/hems/power/(?P<id>[^/]+)")

_BY_QUERY: dict[tuple[str, str], Callable[[Site, Request], Reply]] = {
    ("POST", "sems-plant/api/portal/stations/basic/info"): stations.basic_info,
    ("POST", "sems-plant/api/app/v2/stations/basic/info"): stations.basic_info,
    ("GET", "sems-plant/api/stations/flow"): stations.flow,
    ("GET", "sems-plant/api/stations/device/all-status"): devices.all_status,
}
_BY_BODY: dict[tuple[str, str], Callable[[Site, Request], Reply]] = {
    ("POST", "sems-plant/api/web/device/station/page"): devices.page,
    ("POST", "sems-plant/api/stations/statistics"): energy.statistics,
    ("POST", "sems-plant/api/stations/production"): energy.production,
    ("POST", "sems-plant/api/v1/hems/power/statisticsAndPreV2"): energy.curve,
}
_ACCOUNT: dict[tuple[str, str], Callable[[World, Request], Reply]] = {
    ("POST", "sems-plant/api/portal/stations/page"): (
        lambda world, request: stations.page(world, request, "current", "size")
    ),
    ("POST", "sems-plant/api/app/v2/stations/page"): (
        lambda world, request: stations.page(world, request, "current", "size")
    ),
    ("POST", "sems-plant/api/stations/simple-query"): (
        lambda world, request: stations.page(world, request, "pageIndex", "pageSize")
    ),
    ("GET", "sems-plant/api/portal/stations/count"): stations.count,
    ("POST", "sems-alarm/api/v2/alarm/page"): alarm_pages.page,
    ("POST", "sems-alarm/api/alarm/statistics"): alarm_pages.statistics,
    ("GET", "sems-alarm/api/alarm/count"): alarm_pages.count,
}
_EQUIPMENT_CALLS: dict[str, Callable[[Site, Request, str], Reply]] = {
    "telemetry": measurements.telemetry,
    "telecounting": measurements.telecounting,
    "information": devices.information,
    "relatedDevices": devices.related,
}


class SemsPlus:
    """Answers requests under ``/web/sems/``."""

    def __init__(self, world: World) -> None:
        self._world = world

    def answer(self, request: Request) -> Reply:  # noqa: PLR0911 (a return per kind)
        """Return the reply to one request."""
        world, path = self._world, request.path.removeprefix(PREFIX)
        key = request.method, path
        if key == _DEFAULT_SERVICE:
            return signin.default_service(world, request)
        call = self._data_call(request, path)
        if call is None and key not in {_LOGIN, _SIGN_OUT, _USER}:
            return NOT_FOUND
        if world.too_many():
            return throttled()
        if key == _LOGIN:
            return signin.cross_login(world, request)
        session = signin.session_of(world, request)
        if session is None:
            return abnormal()
        if call is not None:
            return throttled() if world.scenario == "throttled" else call()
        return self._of_session(session, signs_out=key == _SIGN_OUT)

    def _of_session(self, session: Session, *, signs_out: bool) -> Reply:
        """Answer the session's own calls, which are never throttled."""
        if not signs_out:
            return signin.user(session)
        self._world.sessions.close(session)
        return success(None)

    def _data_call(self, request: Request, path: str) -> Callable[[], Reply] | None:
        world, key = self._world, (request.method, path)
        if key in _ACCOUNT:
            return lambda: _ACCOUNT[key](world, request)
        call = {**_BY_QUERY, **_BY_BODY}.get(key)
        if call is not None:
            body = request.fields() if key in _BY_BODY else request.query
            return lambda: self._at(text_of(body, "stationId"), call, request)
        equipment = _EQUIPMENT.fullmatch(path) if request.method == "GET" else None
        if equipment is not None:
            return lambda: self._equipment(equipment["what"], equipment["sn"], request)
        power = _HEMS_POWER.fullmatch(path) if request.method == "POST" else None
        if power is not None:
            return lambda: self._at(power["id"], energy.curve, request)
        return None

    def _at(
        self,
        station_id: object,
        call: Callable[[Site, Request], Reply],
        request: Request,
    ) -> Reply:
        site = self._world.site(station_id)
        return no_access() if site is None else call(site, request)

    def _equipment(self, what: str, sn: str, request: Request) -> Reply:
        station_id = request.query.get("pwId", "")
        if station_id and self._world.site(station_id) is None:
            return no_access()
        site = self._world.site_of_device(sn, station_id)
        if site is None:
            return refused("P0214", "operation failed", "op_fail")
        return _EQUIPMENT_CALLS[what](site, request, sn)
