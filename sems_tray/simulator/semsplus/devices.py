"""Devices: states, models and what belongs to what."""

from dataclasses import dataclass

from sems_tray.simulator.http import Json, Reply, Request, page_of
from sems_tray.simulator.station.electric import battery_values
from sems_tray.simulator.station.site import Site

from .envelope import iso_local, millis, success
from .measurements import text_factor

INVERTER, RACK, BAT_SYS = "INVERTER", "BATTERY_RACK", "BAT_SYS"
METER, DONGLE = "SMART_METER", "DONGLE"
CABINET = "ENERGY_STORAGE_INTEGRATED_CABINET"
# Facts, section 3, "Status numbers": 5 for a hybrid at work, 1 for a string inverter.
_STATUS = {"offline": 0, "fault": 2, "waiting": 3}
CHARGING, DISCHARGING, STANDBY = 6, 7, 1


@dataclass(frozen=True, slots=True, kw_only=True)
class Device:
    """One row of a station's devices."""

    kind: str
    sn: str
    name: str
    status: int
    model: str
    firmware: str = ""
    subtype: str | None = None


def devices(site: Site, request: Request) -> list[Device]:
    """Return all devices of a station."""
    spec, now = site.spec, request.now
    silent = site.station_state(now) == "offline" and not site.dormant(now)
    out = []
    for index, inverter in enumerate(spec.inverters):
        state = site.inverter_state(index, now)
        out.append(
            Device(
                kind=INVERTER,
                sn=inverter.sn,
                name=inverter.name,
                status=_STATUS.get(state, 5 if inverter.hybrid else 1),
                model=inverter.model,
                firmware=inverter.firmware,
                subtype="store" if inverter.hybrid else "grid",
            )
        )
    if spec.battery is not None:
        # A rack shows 0 while it works (recorded): no fault in that.
        rack = spec.battery.rack_sn
        out.append(
            Device(kind=RACK, sn=rack, name=rack, status=0, model=spec.battery.model)
        )
    if spec.meter_sn is not None:
        out.append(
            Device(
                kind=METER,
                sn=spec.meter_sn,
                name=spec.meter_sn,
                status=0 if silent else 1,
                model="GM3000",
                subtype="goodwe",
            )
        )
    out.append(
        Device(
            kind=DONGLE,
            sn=spec.dongle_sn,
            name="Dongle 1",
            status=0 if silent or site.dormant(now) else 1,
            model="WiFi/LAN Kit-20",
        )
    )
    return out


def all_status(site: Site, request: Request) -> Reply:
    """Group the devices by type and state."""
    rows = devices(site, request)
    groups: list[Json] = []
    for kind in dict.fromkeys(row.kind for row in rows):
        of_kind = [row for row in rows if row.kind == kind]
        groups.append(
            {
                "deviceType": kind,
                "total": len(of_kind),
                "statusDetailList": [
                    _of_status(site, of_kind, status)
                    for status in dict.fromkeys(row.status for row in of_kind)
                ],
            }
        )
    return success({"total": len(rows), "deviceDetailList": groups})


def page(site: Site, request: Request) -> Reply:
    """List the devices with their models, a page at a time."""
    rows = devices(site, request)
    number, length, part = page_of(rows, request.fields(), "current", "size", 15)
    data = [
        {
            "sn": row.sn,
            "name": row.name,
            "deviceType": row.kind,
            "model": row.model,
            "status": row.status,
            "addTime": iso_local(site.spec.created, site.spec.place.timezone),
            "zoneId": site.spec.place.zone,
            "brand": "GoodWe",
        }
        for row in part
    ]
    return success(
        {"dataList": data, "size": length, "current": number, "total": len(rows)}
    )


def information(site: Site, request: Request, sn: str) -> Reply:
    """Return the flat list that carries the model and the firmware."""
    row = next((d for d in devices(site, request) if d.sn == sn), None)
    if row is None:
        return success([])
    return success(
        [
            text_factor("sn", row.sn, "serial_number_1"),
            text_factor("modelType", row.model, "model"),
            text_factor("safetyVersion", row.firmware, "firmware_version"),
            text_factor("deviceName", row.name, "device_name"),
        ]
    )


def related(site: Site, request: Request, sn: str) -> Reply:
    """Return the batteries under an inverter (or an all-in-one)."""
    battery = battery_values(site, site.live(request.now))
    owner = next((i for i in site.spec.inverters if i.sn == sn), None)
    wanted = request.query.get("deviceType", BAT_SYS)
    if battery is None or site.spec.battery is None or owner is None:
        return success([])
    if not owner.hybrid or wanted not in {BAT_SYS, CABINET, INVERTER}:
        return success([])
    status = STANDBY
    if battery.watts:
        status = DISCHARGING if battery.watts > 0 else CHARGING
    return success(
        [
            {
                "sn": site.spec.battery.sn,
                "no": "1",
                "name": "BAT1",
                "translateCode": "mppt1_battery",
                "type": BAT_SYS,
                "status": status,
                "soc": battery.soc_percent,
                "isConnected": True,
                "pbat": battery.watts / 1000,
            }
        ]
    )


def _of_status(site: Site, rows: list[Device], status: int) -> Json:
    rows = [row for row in rows if row.status == status]
    details: Json = {}
    for row in rows:
        detail: Json = {
            "sn": row.sn,
            "name": row.name,
            "deviceType": row.kind,
            "status": row.status,
            "isHems": False,
        }
        if row.subtype is not None:
            detail["subtype"] = row.subtype
        details[row.sn] = detail | {"addTime": millis(site.spec.created)}
    return {
        "status": status,
        "total": len(rows),
        "snList": [row.sn for row in rows],
        "isHemsMap": {row.sn: False for row in rows},
        "detailMap": details,
    }
