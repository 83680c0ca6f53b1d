"""Curves, totals by day, month and year, and warnings."""

from collections.abc import Callable, Sequence
from datetime import UTC, date, datetime, timedelta

from sems_tray.simulator.http import Json, Reply, Request, page_of, text_of, whole_of
from sems_tray.simulator.station.energy import Energy
from sems_tray.simulator.station.income import income
from sems_tray.simulator.station.ledger import Powers
from sems_tray.simulator.station.plant import DATE_LENGTH, day_start, period_of
from sems_tray.simulator.station.site import Site
from sems_tray.simulator.world import World

from .envelope import success, us_time

_CURVES: dict[str, Callable[[Powers], float]] = {
    "PV": lambda powers: powers.pv_w,
    "Battery": lambda powers: powers.battery_w,
    "Meter": lambda powers: powers.grid_w,
    "Load": lambda powers: powers.load_w,
    "SOC": lambda powers: round(powers.soc_percent),
}
FIVE_MIN = timedelta(minutes=5)


def plant_power_chart(site: Site, request: Request) -> Reply:
    """Return the day's curves at five minutes, in W.

    Meter above zero is export (facts, section 5: contradictory between clients, this
    is the reading of the Australian one); battery above zero is discharging.
    """
    day = _day(site, request)
    nodes = [(text, site.powers(at)) for at, text in _nodes(site, day, request.now)]
    lines = []
    for name in _names(site):
        key, unit = f"PCurve_Power_{name}", "%" if name == "SOC" else "W"
        read = _CURVES[name]
        points = [{"x": x, "y": float(read(it)), "z": None} for x, it in nodes]
        lines.append(_line(f"{name}({unit})", key, unit, points))
    span = site.between(day, day, request.now)
    generation = [{"key": "Generation", "value": round(span.pv_kwh, 2), "unit": "kWh"}]
    return success({"lines": lines, "generateData": generation, "modelData": None})


def chart_by_plant(site: Site, request: Request) -> Reply:
    """Return lines per day (range 2), month (3) or year (4) up to a date, in kWh."""
    day = _day(site, request)
    kind = whole_of(request.fields(), "range", 2)
    buckets = _buckets(day, {2: 31, 3: 12}.get(kind, 5), kind)
    lines: dict[str, list[Json]] = {}
    for text, first, last in buckets:
        span = site.between(first, last, request.now)
        for key, value in _chart_values(site, span).items():
            point: Json = {"x": text, "y": round(value, 2), "z": None}
            lines.setdefault(key, []).append(point)
    return success(
        {
            "lines": [
                _line(f"Generation {key}", key, _unit(key), points)
                for key, points in lines.items()
            ],
            "modelData": None,
        }
    )


def pac_by_day(site: Site, request: Request) -> Reply:
    """Return the power of all inverters every five minutes of a day."""
    day = _day(site, request)
    zone = site.spec.place.timezone
    pacs = [
        {"sn": None, "date": us_time(at, zone), "pac": site.powers(at).pv_w}
        for at, _ in _nodes(site, day, request.now)
    ]
    today = round(site.between(day, day, request.now).pv_kwh, 1)
    return success({"today_power": today, "pacs": pacs})


def warnings(site: Site, request: Request) -> Reply:
    """Return the active warnings of each inverter."""
    now, zone = request.now, site.spec.place.timezone
    rows = [
        {
            "sn": inverter.sn,
            "name": inverter.name,
            "warning": [
                {
                    "warning_code": alarm.code,
                    "error_code": str(alarm.error_code),
                    "warning_name": alarm.name_en,
                    "happen_time": us_time(alarm.since, zone),
                }
                for alarm in site.alarms(now)
                if alarm.device == inverter and alarm.active(now)
            ],
        }
        for inverter in site.spec.inverters
    ]
    return success({"list": [row for row in rows if row["warning"]]})


def power_and_income(site: Site, request: Request, kind: int) -> Reply:
    """Return energies of the last ``count`` days (2), months (3) or years (4)."""
    day = _day(site, request)
    count = min(max(1, whole_of(request.fields(), "count", 1)), 400)
    rows = []
    for _, first, last in _buckets(day, count, kind):
        span = site.between(first, last, request.now)
        rows.append(
            {
                "d": first.strftime("%m/%d/%Y"),
                "p": round(span.pv_kwh, 1),
                "i": round(income(site, span), 2),
            }
        )
    return success(rows)


def warning_table(world: World, request: Request) -> Reply:
    """Return alarms of one station, or of all, active and past."""
    fields = request.fields()
    asked = text_of(fields, "powerstation_id", "pw_id", "stationId", "id")
    sites = [s for s in world.sites if asked in ("", s.spec.station_id)]
    now = request.now
    rows: list[Json] = []
    for site in sites:
        zone = site.spec.place.timezone
        for alarm in site.alarms(now):
            active = alarm.active(now)
            ended = None if active or alarm.until is None else alarm.until
            rows.append(
                {
                    "warningid": alarm.alarm_id,
                    "stationId": site.spec.station_id,
                    "stationname": site.spec.name,
                    "devicesn": alarm.device.sn,
                    "deviceName": alarm.device.name,
                    "warning_code": alarm.code,
                    "error_code": str(alarm.error_code),
                    "warningname": alarm.name_en,
                    "warninglevel": alarm.level,
                    "status": 0 if active else 1,
                    "happentime": us_time(alarm.since, zone),
                    "recoverytime": "" if ended is None else us_time(ended, zone),
                }
            )
    index, _, part = page_of(rows, fields, "page_index", "page_size", 20)
    return success({"list": part, "record": len(rows), "pageIndex": index})


def _chart_values(site: Site, span: Energy) -> dict[str, float]:
    values = {"PVGeneration": span.pv_kwh, "Income": income(site, span)}
    if site.has_load:
        values |= {
            "Sell": span.export_kwh,
            "Buy": span.import_kwh,
            "Consumption": span.load_kwh,
            "SelfUse": span.self_use_kwh,
        }
    if site.spec.battery is not None:
        values |= {"Charge": span.charge_kwh, "Discharge": span.discharge_kwh}
    return values


def _unit(key: str) -> str:
    return "EUR" if key == "Income" else "kWh"


def _line(label: str, key: str, unit: str, points: Sequence[object]) -> Json:
    return {
        "label": label,
        "key": key,
        "name": key,
        "unit": unit,
        "isActive": True,
        "xy": points,
    }


def _names(site: Site) -> list[str]:
    stored = {"Battery", "SOC"} if site.spec.battery is not None else set()
    metered = {"Meter", "Load"} if site.has_load else set()
    return [name for name in _CURVES if name in {"PV", *stored, *metered}]


def _nodes(site: Site, day: date, now: datetime) -> list[tuple[datetime, str]]:
    at = day_start(site.spec.place, day)
    end = day_start(site.spec.place, day + timedelta(days=1))
    end = min(end, site.measured_at(now) + timedelta(seconds=1))
    out = []
    while at < end:
        out.append((at, at.astimezone(site.spec.place.timezone).strftime("%H:%M")))
        at += FIVE_MIN
    return out


def _day(site: Site, request: Request) -> date:
    text = text_of(request.fields(), "date")
    for layout in ("%Y-%m-%d", "%m/%d/%Y", "%Y-%m-%d %H:%M:%S"):
        try:
            return datetime.strptime(text, layout).replace(tzinfo=UTC).date()
        except ValueError:
            continue
    return site.today(request.now)


def _buckets(day: date, count: int, kind: int) -> list[tuple[str, date, date]]:
    """Return the name, the first and the last date of each period up to a date."""
    name = {2: "day", 3: "month"}.get(kind, "year")
    out = []
    for _ in range(count):
        first, last = period_of(day, name)
        out.append((first.isoformat()[: DATE_LENGTH[name]], first, last))
        day = first - timedelta(days=1)
    return out[::-1]
