"""SEMS+ station list and station information."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import msgspec

from sems_tray.domain.model import BatteryState, DeviceState, Station
from sems_tray.domain.poll_result import Trouble
from sems_tray.domain.time_zones import offset_name, zone
from sems_tray.i18n.language import mark
from sems_tray.portal.errors import PortalError
from sems_tray.portal.wire.envelope import read_data
from sems_tray.portal.wire.values import (
    Fields,
    Leaf,
    capacity_kwh,
    capacity_kwp,
    integer,
    known_or,
    number,
    text,
)

from . import calls

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from sems_tray.portal.dialect import Call


_STORAGE = 2  # powerStationType: 1 PV, 2 storage
_MOST_PAGES = 20


class _Page(msgspec.Struct):
    dataList: list[Fields] | None = None
    total: Leaf = None


def parse_stations(raw: msgspec.Raw | bytes) -> tuple[tuple[Station, ...], int]:
    """Read one page of stations, and how many there are in all.

    Raises PortalError: portal_changed for no data.
    """
    page = read_data(raw, _Page, mark("no data in the station list"))
    rows = page.dataList or []
    stations = tuple(_station(row) for row in rows if text(row.get("id")))
    total = integer(page.total)
    return stations, total if total is not None else len(stations)


def parse_info(
    raw: msgspec.Raw | bytes, station_id: str
) -> tuple[Station, bool | None]:
    """Read the station's information, and whether it hangs on the grid.

    ``gridStatus`` is "1" on the grid and "0" off it, on storage sites only.
    """
    row = read_data(raw, Fields, mark("no data in the station information"))
    status = integer(row.get("gridStatus"))
    grid = None if status not in {0, 1} else status == 1
    return replace(_station(row), id=station_id), grid


def merge(known: Station | None, new: Station) -> Station:
    """Return the new information, with what it leaves out from the known."""
    if known is None or known.id != new.id:
        return new
    return Station(
        id=new.id,
        name=new.name or known.name,
        capacity_kwp=known_or(new.capacity_kwp, known.capacity_kwp),
        timezone=new.timezone or known.timezone,
        latitude=known_or(new.latitude, known.latitude),
        longitude=known_or(new.longitude, known.longitude),
        battery_kwh=known_or(new.battery_kwh, known.battery_kwh),
        stores=known.stores if new.stores is None else new.stores,
        state=known.state if new.state is DeviceState.UNKNOWN else new.state,
    )


def _station(row: Fields) -> Station:
    kind = integer(row.get("powerStationType"))
    if kind is None:
        kind = integer(row.get("powerStationTypeWeb"))
    sizes = (row.get("pvInstallP"), row.get("pvCapacity"), row.get("installedPower"))
    return Station(
        id=text(row.get("id")),
        name=text(row.get("name")),
        capacity_kwp=next(filter(None, map(capacity_kwp, sizes)), None),
        timezone=_zone_name(
            (row.get("zoneId"), row.get("timeZone")), row.get("timespan")
        ),
        battery_kwh=capacity_kwh(row.get("batteryCapacity")),
        stores=None if kind is None else kind == _STORAGE,
        state=state_of(row.get("status")),
    )


def _zone_name(names: Sequence[Leaf], span: Leaf) -> str | None:
    found = [text(name) for name in names if zone(text(name)) is not None]
    # A name follows daylight saving, a bare offset does not.
    found.sort(key=lambda name: "/" not in name)
    if found:
        return found[0]
    # timespan is minus the offset, as everywhere in this portal (facts, section 5.1).
    hours = number(span)
    return None if hours is None else offset_name(-hours)


def list_stations(ask: Callable[[Call], msgspec.Raw]) -> tuple[Station, ...]:
    """Return the account's stations; raises PortalError (no_station) for none."""
    found: dict[str, Station] = {}
    for page in range(1, _MOST_PAGES + 1):
        rows, total = parse_stations(ask(calls.stations(page)))
        fresh = {row.id: row for row in rows if row.id not in found}
        found |= fresh
        if not fresh or len(found) >= total:
            break
    if not found:
        raise PortalError(Trouble.NO_STATION)
    return tuple(found.values())


# SEMS+ status numbers (facts, section 3, "Status numbers").


_STATES: Mapping[int | None, DeviceState] = {
    0: DeviceState.OFFLINE,
    1: DeviceState.RUNNING,
    2: DeviceState.FAULT,
    3: DeviceState.WAITING,
    5: DeviceState.RUNNING,
}
_BATTERY: Mapping[int | None, BatteryState] = {
    6: BatteryState.CHARGING,
    7: BatteryState.DISCHARGING,
}


def state_of(leaf: Leaf) -> DeviceState:
    """Return the state of a station or device; an unknown number is never a fault."""
    return _STATES.get(integer(leaf), DeviceState.UNKNOWN)


def battery_state_of(leaf: Leaf) -> BatteryState | None:
    """Return what a battery system does; racks' other numbers say nothing of it."""
    return _BATTERY.get(integer(leaf))
