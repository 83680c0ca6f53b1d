"""The classic calls (facts, section 5): all are POST with a JSON body."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sems_tray.portal.dialect import Call

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import date


def _post(path: str, body: Mapping[str, object]) -> Call:
    return Call(method="POST", path=path, body=body)


def monitor(version: str, station: str) -> Call:
    """Ask for everything at once, the way of the seed articles."""
    return _post(
        f"/{version}/PowerStation/GetMonitorDetailByPowerstationId",
        {"powerStationId": station},
    )


def stations() -> Call:
    """Ask for the account's stations as the app does."""
    return _post(
        "/PowerStationMonitor/QueryPowerStationMonitorForApp",
        {
            "page_index": "1",
            "page_size": "100",
            "key": "",
            "orderby": "",
            "powerstation_id": "",
            "powerstation_status": "",
            "powerstation_type": "",
        },
    )


def warnings(station: str) -> Call:
    """Ask for the current warnings of a station's inverters."""
    return _post("/warning/PowerstationWarningsQuery", {"pw_id": station})


def power_chart(station: str, day: date) -> Call:
    """Ask for a day's powers, every five minutes."""
    return _post(
        "/v2/Charts/GetPlantPowerChart",
        {"id": station, "date": day.isoformat(), "full_script": False},
    )


def pac_day(station: str, day: date) -> Call:
    """Ask for a day's AC power, every five minutes, the older way."""
    return _post(
        "/PowerStationMonitor/GetPowerStationPacByDayForApp",
        {"id": station, "date": day.isoformat()},
    )


DAYS = 2  # a bar per day of the date's month
MONTHS = 3  # a bar per month of the twelve up to the date
YEARS = 4  # a bar per year up to the date's


def energy_chart(station: str, day: date, bars: int) -> Call:
    """Ask for energies as bars, ``DAYS``, ``MONTHS`` or ``YEARS``."""
    return _post(
        "/v2/Charts/GetChartByPlant",
        {
            "id": station,
            "date": day.isoformat(),
            "range": bars,
            "chartIndexId": "8",
            "isDetailFull": "",
        },
    )
