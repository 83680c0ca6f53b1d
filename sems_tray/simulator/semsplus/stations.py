"""Stations: the lists, the description and the live flow."""

from datetime import datetime

from sems_tray.simulator.http import Json, Reply, Request, page_of
from sems_tray.simulator.station.behaviour import NightFlow
from sems_tray.simulator.station.site import Live, Site
from sems_tray.simulator.world import World

from .envelope import iso_local, kw, kwh, success

# What the flow's data are where there is nothing to tell (facts, sections 3 and 4).
_NOTHING: dict[NightFlow, object] = {NightFlow.ABSENT: None, NightFlow.EMPTY: {}}
STATUS = {"offline": 0, "running": 1, "fault": 2, "waiting": 3}


def page(world: World, request: Request, current: str, size: str) -> Reply:
    """List the account's stations, a page at a time."""
    number, length, sites = page_of(world.sites, request.fields(), current, size, 15)
    return success(
        {
            "dataList": [_row(site, request.now) for site in sites],
            "size": length,
            "current": number,
            "total": len(world.sites),
            "extras": {},
        }
    )


def count(world: World, request: Request) -> Reply:
    """Count the stations by state."""
    states = [site.station_state(request.now) for site in world.sites]
    named: Json = {name: states.count(name) for name in STATUS}
    return success({"total": len(states), **named})


def basic_info(site: Site, request: Request) -> Reply:
    """Describe one station."""
    spec, now = site.spec, request.now
    stored = spec.battery is not None
    data: Json = {
        "id": spec.station_id,
        "name": spec.name,
        "status": str(STATUS[site.station_state(now)]),
        "powerStationType": "2" if stored else "1",
        "batteryCapacity": spec.battery.capacity_wh / 1000 if spec.battery else 0,
        "pvCapacity": spec.capacity_kwp,
        "installedPower": spec.rated_kw,
        "timeZone": zone_text(site, now),
        "zoneId": site.told_zone or spec.place.zone,
        "timespan": site.offset_h(now),
        "createTime": iso_local(spec.created, spec.place.timezone),
        "address": spec.place.city,
        "latitude": str(spec.place.latitude_deg),
        "longitude": str(spec.place.longitude_deg),
        "permissions": ["STATION_VIEW"],
        "chartMap": {"energy_flow": site.has_load},
        "isAllInOne": False,
        "isStationOwner": True,
        "dataAuthorization": True,
        "authTimeLimit": None,
    }
    if stored:
        data["gridStatus"] = "0" if site.grid_told_lost(now) else "1"
    return success(data)


def flow(site: Site, request: Request) -> Reply:
    """Return the live powers, in kW; what is not fitted is not there."""
    spec, now = site.spec, request.now
    live = site.live(now)
    asleep = site.dormant(now) and not site.has_load
    night = site.behaviour.night_flow if asleep else NightFlow.TOLD
    if night in _NOTHING:
        return success(_NOTHING[night])
    data: Json = {
        "id": spec.station_id,
        "name": spec.name,
        "status": str(STATUS[site.station_state(now)]),
        "isGoodweInverter": True,
    }
    if live.load_w is not None:
        data["flows"] = _flows(live.pv_w, live.battery_w or 0, live.grid_w or 0)
    told = night is not NightFlow.POWERLESS
    if told and not (live.dark and live.pv_w == 0):
        data["pSystem"] = kw(live.pv_w)
    if told:
        data["pAc"] = kw(live.ac_w)
    if live.battery_w is not None:
        data["pBat"] = kw(live.battery_w)
    data |= _metered(live)
    data["consumFlag"] = False
    data["refreshTime"] = iso_local(site.stamp(live.at), spec.place.timezone)
    return success(data)


def _metered(live: Live) -> Json:
    data: Json = {}
    if live.grid_w is not None:
        data["pGrid"] = kw(live.grid_w)
    if live.soc_percent is not None:
        data["soc"] = live.soc_percent
    if live.load_w is not None:
        data["pConsum"] = kw(live.load_w)
    return data


def zone_text(site: Site, now: datetime) -> str:
    """Return the zone's name, or for some stations its offset (facts, section 3)."""
    if site.told_zone is not None:
        return site.told_zone
    if not site.spec.offset_style_zone:
        return site.spec.place.zone
    minutes = round(site.offset_h(now) * 60)
    sign = "-" if minutes < 0 else "+"
    return f"UTC{sign}{abs(minutes) // 60:02d}:{abs(minutes) % 60:02d}"


def _flows(pv_w: int, battery_w: int, grid_w: int) -> dict[str, list[str]]:
    targets: list[str] = ["pConsum"]
    if battery_w < 0:
        targets.append("pBat")
    if grid_w > 0:
        targets.append("pGrid")
    flows: dict[str, list[str]] = {}
    if pv_w > 0:
        flows["pSystem"] = targets
    if battery_w > 0:
        flows["pBat"] = ["pConsum"] + ["pGrid"] * (grid_w > 0 and pv_w == 0)
    if grid_w < 0:
        flows["pGrid"] = ["pConsum"] + ["pBat"] * (battery_w < 0 and pv_w == 0)
    return flows


def _row(site: Site, now: datetime) -> Json:
    spec, live = site.spec, site.live(now)
    counters = site.counters(now)
    today, total = counters.today, counters.total
    row: Json = {
        "id": spec.station_id,
        "name": spec.name,
        "status": str(STATUS[site.station_state(now)]),
        "googleAddress": spec.place.city,
        "installedPower": spec.rated_kw,
        "isCollected": False,
        "isShared": False,
        "powerStationTypeWeb": 1 if spec.battery is None else 2,
        "pvInstallP": spec.capacity_kwp,
        "createTime": iso_local(spec.created, spec.place.timezone),
        "remark": "",
        "productionToday": kwh(today.pv_kwh),
        # In MWh, as the recording suggests: a trap for who takes it for kWh.
        "productionTotal": round(total.pv_kwh / 1000, 3),
        "pSystem": kw(live.pv_w),
        "fullHourToday": round(today.pv_kwh / spec.capacity_kwp, 2),
        "specificYield": round(today.pv_kwh / spec.capacity_kwp, 2),
        "timeZone": zone_text(site, now),
    }
    if spec.battery is not None:
        row |= {
            "proCharStatsToday": kwh(today.charge_kwh),
            "proDischarStatsToday": kwh(today.discharge_kwh),
            "proCharStatsTotal": kwh(total.charge_kwh),
            "proDischarStatsTotal": kwh(total.discharge_kwh),
        }
    return row
