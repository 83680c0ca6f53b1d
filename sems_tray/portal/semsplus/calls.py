"""The SEMS+ calls: paths, queries and bodies (facts, section 3), all in one place."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, time, timedelta
from typing import TYPE_CHECKING
from urllib.parse import quote

from sems_tray.portal.dialect import Call

if TYPE_CHECKING:
    from datetime import date, tzinfo


_PLANT = "/sems-plant/api"
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


def _get(path: str, **params: str) -> Call:
    return Call(method="GET", path=f"{_PLANT}/{path}", params=params)


def _post(path: str, **body: object) -> Call:
    return Call(method="POST", path=f"{_PLANT}/{path}", body=body)


def stations(page: int) -> Call:
    """Ask for one page of the account's stations."""
    return _post("portal/stations/page", current=page, size=PAGE_SIZE)


def info(station: str) -> Call:
    """Ask for a station's information."""
    call = _post("portal/stations/basic/info")
    return replace(call, params={"stationId": station})


def flow(station: str) -> Call:
    """Ask for live power."""
    return _get("stations/flow", stationId=station)


def all_status(station: str) -> Call:
    """Ask for the state of all devices."""
    return _get("stations/device/all-status", stationId=station)


def device_page(station: str) -> Call:
    """Ask for the device page, which names the models."""
    return _post(
        "web/device/station/page", stationId=station, current=1, size=PAGE_SIZE
    )


def equipment(what: str, sn: str, kind: str, station: str) -> Call:
    """Ask for ``telemetry``, ``telecounting`` or ``information`` of one device."""
    path = f"equipments/{quote(sn, safe='')}/{what}"
    return _get(path, deviceType=kind, pwId=station)


def related(sn: str, kind: str, station: str) -> Call:
    """Ask for the battery systems behind an inverter."""
    path = f"equipments/{quote(sn, safe='')}/relatedDevices"
    return _get(path, sn=sn, deviceType=kind, pwId=station)


def last_charge(sn: str, station: str) -> Call:
    """Ask what a wallbox does."""
    return _get("v1/chargePile/getLastCharge", chargeSn=sn, pwId=station)


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
    return _post(
        f"stations/{what}",
        stationId=station,
        isReport=False,
        items=items,
        dimension=dimension,
        **_span(first, last),
    )


def day_curve(station: str, day: date, where: tzinfo) -> Call:
    """Ask for a day's minute curve; ``timeZone`` is the negated offset in hours."""
    noon = datetime.combine(day, time(12), where)
    offset = (noon.utcoffset() or timedelta()) / timedelta(hours=1)
    return _post(
        "v1/hems/power/statisticsAndPreV2",
        stationId=station,
        items=list(CURVES),
        timeScale=1,
        timeZone=int(-offset) if offset == int(offset) else -offset,
        **_span(day, day),
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
