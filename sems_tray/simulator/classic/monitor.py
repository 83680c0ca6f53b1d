"""GetMonitorDetailByPowerstationId: the one reply that holds everything."""

from datetime import datetime

from sems_tray.simulator.http import Json, Reply, Request
from sems_tray.simulator.station.energy import Energy
from sems_tray.simulator.station.income import income
from sems_tray.simulator.station.site import Counters, Live, Site

from .envelope import number, success, us_time
from .inverter import STATUS, inverter
from .template import part

ENERGY_TYPES = 4
COLON = "\N{FULLWIDTH COLON}"


def monitor(site: Site, request: Request) -> Reply:
    """Return everything about one station."""
    now, spec = request.now, site.spec
    live, counters = site.live(now), site.counters(now)
    metered = site.meter_counters(now) if site.has_load else counters
    flow = powerflow(site, now)
    inverters = [inverter(site, i, now, counters) for i in range(len(spec.inverters))]
    total_kwh = counters.total.pv_kwh
    data = part("station") | {
        "info": _info(site, now),
        "kpi": _kpi(site, live, counters),
        "inverter": inverters,
        "hjgx": {
            "co2": total_kwh * 0.000997,
            "tree": total_kwh * 0.045,
            "coal": total_kwh * 0.000404,
        },
        "hasPowerflow": flow is not None,
        "powerflow": flow,
        "isShowBattery": spec.battery is not None,
        "hasEnergeStatisticsCharts": site.has_load,
        "energeStatisticsCharts": _charts(site, metered.today),
        "energeStatisticsTotals": _charts(site, metered.total),
        "soc": {"power": live.soc_percent or 0, "status": 1 if spec.battery else 0},
        "equipment": [_equipment(entry) for entry in inverters],
        "currency": spec.tariff.currency if spec.tariff else "EUR",
    }
    para = f'{{"model":{{"Version":null,"PowerStationId":"{spec.station_id}"}}}}'
    return success(data, para=para)


def powerflow(site: Site, now: datetime) -> Json | None:
    """Return sizes as text and directions as flags; None without a meter."""
    live = site.live(now)
    if live.load_w is None or live.grid_w is None:
        return None
    battery_w, grid_w = live.battery_w or 0, live.grid_w
    grid_status = 0 if site.grid_told_lost(now) else _sign(grid_w)
    return part("powerflow") | {
        "pv": f"{live.pv_w}(W)",
        "pvStatus": -1 if live.pv_w else 0,
        "bettery": f"{abs(battery_w)}(W)",
        "betteryStatus": -_sign(battery_w),  # 1 is charging
        "load": f"{live.load_w}(W)",
        # Recorded while importing: loadStatus 1 beside gridStatus -1.
        "loadStatus": -1 if grid_status > 0 else 1,
        "grid": f"{abs(grid_w)}(W)",
        "soc": live.soc_percent or 0,
        "socText": f"{live.soc_percent or 0}%",
        "gridStatus": grid_status,  # 1 is exporting
    }


def _info(site: Site, now: datetime) -> Json:
    spec, zone = site.spec, site.spec.place.timezone
    created = us_time(spec.created, zone)
    place: Json = {"longitude": None, "latitude": None}
    if site.behaviour.tells_place:
        place = {
            "longitude": spec.place.longitude_deg,
            "latitude": spec.place.latitude_deg,
        }
    return (
        part("info")
        | place
        | {
            "powerstation_id": spec.station_id,
            "time": us_time(now, zone),
            "stationname": spec.name,
            "address": spec.place.city,
            "battery_capacity": spec.battery.capacity_wh / 1000
            if spec.battery
            else 0.0,
            "turnon_time": created,
            "create_time": created,
            "capacity": spec.capacity_kwp,
            "powerstation_type": "Battery Storage" if spec.battery else "Residential",
            "status": STATUS[site.station_state(now)],
            "is_stored": spec.battery is not None,
            "is_powerflow": site.has_load,
            "charts_type": 1 if site.has_load else ENERGY_TYPES,
            "has_statistics_charts": site.has_load,
            "time_span": -site.offset_h(now),
        }
    )


def _kpi(site: Site, live: Live, counters: Counters) -> Json:
    tariff = site.spec.tariff
    return {
        "month_generation": round(counters.month.pv_kwh, 2),
        "pac": float(live.ac_w),
        # Today's energy in kWh, whatever the name says.
        "power": round(counters.today.pv_kwh, 2),
        "total_power": round(counters.total.pv_kwh, 2),
        "day_income": round(income(site, counters.today), 2),
        "total_income": round(income(site, counters.total), 2),
        "yield_rate": tariff.feed_in if tariff else 0.0,
        "currency": tariff.currency if tariff else "EUR",
    }


def _charts(site: Site, span: Energy) -> Json:
    made = round(span.ac_kwh, 2)
    sell = round(span.export_kwh, 2) if site.has_load else 0.0
    buy = round(span.import_kwh, 2) if site.has_load else 0.0
    self_use = round(made - sell, 2)
    load = round(self_use + buy, 2)
    stored = site.spec.battery is not None
    return part("energy") | {
        "contributingRate": round(self_use / load, 4) if load else 0.0,
        "selfUseRate": round(self_use / made, 4) if made else 0.0,
        "sum": round(span.pv_kwh, 2),
        "buy": buy,
        "buyPercent": round(100 * buy / load, 1) if load else 0.0,
        "sell": sell,
        "sellPercent": round(100 * sell / made, 1) if made else 0.0,
        "selfUseOfPv": self_use,
        "consumptionOfLoad": load,
        "chartsType": 1 if site.has_load else ENERGY_TYPES,
        "hasCharge": stored,
        "charge": round(span.charge_kwh, 2),
        "disCharge": round(span.discharge_kwh, 2),
        "isStored": stored,
    }


def _equipment(entry: Json) -> Json:
    power = entry["out_pac"]
    kilowatts = power / 1000 if isinstance(power, float) else 0.0
    return part("equipment") | {
        "title": entry["name"],
        "status": entry["status"],
        # The colon is a full-width one (recorded).
        "powerGeneration": f"Power{COLON}{number(kilowatts)}(kW)",
        "eday": f"Today Generation{COLON} {entry['eday']}(kWh)",
        "isStored": entry["is_stored"],
        "soc": f"SOC{COLON}{entry['soc']}",
        "relationId": entry["releation_id"],
        "sn": entry["sn"],
    }


def _sign(watts: int) -> int:
    return (watts > 0) - (watts < 0)
