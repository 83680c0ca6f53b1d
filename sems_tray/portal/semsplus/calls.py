"""The SEMS+ calls: paths, queries and bodies (facts, section 3), all in one place."""

from __future__ import annotations

from datetime import datetime, time, timedelta
from typing import TYPE_CHECKING
from urllib.parse import quote

from sems_tray.portal.dialect import Call

if TYPE_CHECKING:
    from datetime import date, tzinfo


PAGE_SIZE = 100
ALARM_PAGE_SIZE = 20
# Our names for what the statistics hold.
ENERGIES = {
    "proSystemTotalStats": "pv_kwh",  # "production" is AC: it holds the discharge, too
    "proConsumStats": "load_kwh",
    "proCharStats": "charge_kwh",
    "proDischarStats": "discharge_kwh",
    "proGridStats": "export_kwh",
    "proPurchaseStats": "import_kwh",
    "proSelfConsumStats": "self_use_kwh",
}
# Our names for the lines of a day's curve.
CURVES = {
    "pSystem": "pv_w",
    "soc": "soc_percent",
    "pBat": "battery_w",
    "pConsum": "load_w",
    "pGrid": "grid_w",
}


def stations(page: int) -> Call:
    """Ask for one page of the account's stations."""
    return Call(
        method="POST",
        path="/sems-plant/api/portal/stations/page",
        body={"current": page, "size": PAGE_SIZE},
    )


def info(station: str) -> Call:
    """Ask for a station's information."""
    return Call(
        method="POST",
        path="/sems-plant/api/portal/stations/basic/info",
        params={"stationId": station},
        body={},
    )


def flow(station: str) -> Call:
    """Ask for live power."""
    return Call(
        method="GET",
        path="/sems-plant/api/stations/flow",
        params={"stationId": station},
    )


def all_status(station: str) -> Call:
    """Ask for the state of all devices."""
    return Call(
        method="GET",
        path="/sems-plant/api/stations/device/all-status",
        params={"stationId": station},
    )


def device_page(station: str) -> Call:
    """Ask for the device page, which names the models."""
    return Call(
        method="POST",
        path="/sems-plant/api/web/device/station/page",
        body={"stationId": station, "current": 1, "size": PAGE_SIZE},
    )


def equipment(what: str, sn: str, kind: str, station: str) -> Call:
    """Ask for ``telemetry``, ``telecounting`` or ``information`` of one device."""
    return Call(
        method="GET",
        path=f"/sems-plant/api/equipments/{quote(sn, safe='')}/{what}",
        params={"deviceType": kind, "pwId": station},
    )


def related(sn: str, kind: str, station: str) -> Call:
    """Ask for the battery systems behind an inverter."""
    return Call(
        method="GET",
        path=f"/sems-plant/api/equipments/{quote(sn, safe='')}/relatedDevices",
        params={"sn": sn, "deviceType": kind, "pwId": station},
    )


def last_charge(sn: str, station: str) -> Call:
    """Ask what a wallbox does."""
    return Call(
        method="GET",
        path="/sems-plant/api/v1/chargePile/getLastCharge",
        params={"chargeSn": sn, "pwId": station},
    )


def _span(first: date, last: date) -> dict[str, str]:
    """Return station-local times; the end is inclusive, 23:59:59."""
    return {
        "startTime": f"{first.isoformat()} 00:00:00",
        "endTime": f"{last.isoformat()} 23:59:59",
    }


def statistics(station: str, dimension: str, first: date, last: date) -> Call:
    """Ask for energies; "day" over a range gives one row per day.

    Only one year at a time: several give zeros (facts, section 3, "Energy").
    """
    return _period("statistics", [*ENERGIES], station, dimension, first, last)


def production(station: str, dimension: str, first: date, last: date) -> Call:
    """Ask what a whole period made and earned."""
    items = [*ENERGIES, "profitProStats"]
    return _period("production", items, station, dimension, first, last)


def _period(
    what: str, items: list[str], station: str, dimension: str, first: date, last: date
) -> Call:
    return Call(
        method="POST",
        path=f"/sems-plant/api/stations/{what}",
        body={
            "stationId": station,
            "isReport": False,
            "items": items,
            "dimension": dimension,
            **_span(first, last),
        },
    )


def day_curve(station: str, day: date, where: tzinfo) -> Call:
    """Ask for a day's minute curve; ``timeZone`` is the negated offset in hours."""
    noon = datetime.combine(day, time(12), where)
    offset = (noon.utcoffset() or timedelta()) / timedelta(hours=1)
    return Call(
        method="POST",
        path="/sems-plant/api/v1/hems/power/statisticsAndPreV2",
        body={
            "stationId": station,
            "items": list(CURVES),
            "timeScale": 1,
            "timeZone": int(-offset) if offset == int(offset) else -offset,
            **_span(day, day),
        },
    )


def alarms(station: str, page: int) -> Call:
    """Ask for one page of alarms, newest first."""
    return Call(
        method="POST",
        path="/sems-alarm/api/v2/alarm/page",
        body={
            "pageIndex": page,
            "pageSize": ALARM_PAGE_SIZE,
            "stationIds": [station],
        },
    )
