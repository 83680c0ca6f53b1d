"""Which classic path is answered by what. All are POST."""

import re
from collections.abc import Callable, Sequence
from functools import partial

from sems_tray.simulator.http import NOT_FOUND, Json, Reply, Request, page_of, text_of
from sems_tray.simulator.sessions import Session
from sems_tray.simulator.station.income import income
from sems_tray.simulator.station.site import Site
from sems_tray.simulator.world import RETRY_AFTER_S, World

from . import charts, monitor, signin
from .envelope import inner_exception, refused, success, throttled
from .inverter import STATUS

_VERSION = re.compile(r"(?:v[1-4]/)?(.+)")
_LOGIN = "Common/CrossLogin"
_MONITOR = "PowerStation/GetMonitorDetailByPowerstationId"
_ID_FIELDS = (
    "powerStationId",
    "PowerStationId",
    "powerstation_id",
    "powerstationId",
    "pw_id",
    "id",
)

_OF_STATION: dict[str, Callable[[Site, Request], Reply]] = {
    "PowerStationMonitor/GetPowerStationPowerAndIncomeByDay": partial(
        charts.power_and_income, kind=2
    ),
    "PowerStationMonitor/GetPowerStationPowerAndIncomeByMonth": partial(
        charts.power_and_income, kind=3
    ),
    "PowerStationMonitor/GetPowerStationPowerAndIncomeByYear": partial(
        charts.power_and_income, kind=4
    ),
    _MONITOR: monitor.monitor,
    "PowerStation/GetPowerflow": lambda site, request: success(
        {
            "hasPowerflow": site.has_load,
            "powerflow": monitor.powerflow(site, request.now),
        }
    ),
    "Charts/GetPlantPowerChart": charts.plant_power_chart,
    "Charts/GetChartByPlant": charts.chart_by_plant,
    "PowerStationMonitor/GetPowerStationPacByDayForApp": charts.pac_by_day,
    "warning/PowerstationWarningsQuery": charts.warnings,
}


class Classic:
    """Answers requests under ``/api/``."""

    def _list(self, request: Request) -> Reply:
        rows = [_row(site, request) for site in self._page(request)]
        return success({"record": len(self._world.sites), "list": rows})

    def __init__(self, world: World) -> None:
        self._world = world
        self._of_account: dict[str, Callable[[Request], Reply]] = {
            "PowerStationMonitor/QueryPowerStationMonitor": self._list,
            "SmartOperateMaintenance/GetPowerStationWariningInfoByMultiCondition": (
                lambda request: charts.warning_table(world, request)
            ),
            "PowerStation/GetPowerStationIdByOwner": self._first_id,
            "PowerStationMonitor/QueryPowerStationMonitorForApp": self._list_for_app,
        }

    def answer(self, request: Request) -> Reply:
        """Return the reply to one request."""
        match = _VERSION.fullmatch(request.path.removeprefix(signin.BASE))
        if match is None or request.method != "POST":
            return NOT_FOUND
        name = match[1]
        if name not in {_LOGIN, *_OF_STATION, *self._of_account}:
            return NOT_FOUND
        return self._known(name, request)

    def _known(self, name: str, request: Request) -> Reply:
        world = self._world
        if world.too_many():
            return throttled(RETRY_AFTER_S)
        if name == _LOGIN:
            return signin.cross_login(world, request)
        session = signin.session_of(world, request)
        if not isinstance(session, Session):
            return session
        if world.scenario == "throttled":
            return throttled(RETRY_AFTER_S)
        if name in self._of_account:
            return self._of_account[name](request)
        return self._of_station(name, request)

    def _of_station(self, name: str, request: Request) -> Reply:
        world = self._world
        station_id = text_of(request.fields(), *_ID_FIELDS)
        site = world.site(station_id)
        if site is not None:
            return _OF_STATION[name](site, request)
        if name == _MONITOR:
            return inner_exception()
        return refused(100025, "No access or permission.", name)

    def _first_id(self, _request: Request) -> Reply:
        return success(self._world.sites[0].spec.station_id)

    def _list_for_app(self, request: Request) -> Reply:
        return success([_row(site, request) for site in self._page(request)])

    def _page(self, request: Request) -> Sequence[Site]:
        fields = request.fields()
        return page_of(self._world.sites, fields, "page_index", "page_size", 15)[2]


def _row(site: Site, request: Request) -> Json:
    spec, live = site.spec, site.live(request.now)
    counters = site.counters(request.now)
    total_kwh = round(counters.total.pv_kwh, 1)
    tariff = spec.tariff
    return {
        "powerstation_id": spec.station_id,
        "stationname": spec.name,
        "first_letter": "",
        "adcode": "",
        "location": spec.place.city,
        "status": STATUS[site.station_state(request.now)],
        "pac": float(live.ac_w),
        "capacity": spec.capacity_kwp,
        "eday": round(counters.today.pv_kwh, 1),
        "emonth": round(counters.month.pv_kwh, 1),
        # Recorded so: the lifetime's income and the lifetime's kWh (facts, 5.1).
        "eday_income": round(income(site, counters.total), 3),
        "etotal": total_kwh,
        "powerstation_type": "battery storage" if spec.battery else "residential",
        "pre_org_id": None,
        "org_id": None,
        "longitude": str(spec.place.longitude_deg),
        "latitude": str(spec.place.latitude_deg),
        "pac_kw": total_kwh,
        "to_hour": counters.today.pv_kwh / spec.capacity_kwp,
        "weather": {"HeWeather6": []},
        "currency": tariff.currency if tariff else "EUR",
        "yield_rate": tariff.feed_in if tariff else 0.0,
        "is_stored": spec.battery is not None,
    }
