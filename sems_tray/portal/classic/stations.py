"""The stations of a classic account, their states, and the portal's local times."""

from __future__ import annotations

import re
from datetime import datetime
from typing import TYPE_CHECKING

from sems_tray.domain.model import DeviceState, Station
from sems_tray.domain.poll_result import Trouble
from sems_tray.domain.time_zones import POSSIBLE_YEARS, by_clock
from sems_tray.i18n.language import mark
from sems_tray.portal.errors import NoDataError, PortalError
from sems_tray.portal.wire.envelope import read_rows
from sems_tray.portal.wire.values import Fields, capacity_kwp, flag, integer, text

from . import calls

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from datetime import tzinfo

    import msgspec

    from sems_tray.portal.dialect import Call
    from sems_tray.portal.wire.values import Leaf


def parse_list(raw: msgspec.Raw | bytes) -> tuple[Station, ...]:
    """Read a station list, bare or in ``list``.

    ``pac_kw`` and ``eday_income`` hold lifetime values and are not read (facts).
    """
    rows = read_rows(raw, Fields)
    if rows is None:
        raise NoDataError(mark("no data in the station list"))
    return tuple(
        Station(
            id=station_id,
            name=text(row.get("stationname")),
            capacity_kwp=capacity_kwp(row.get("capacity")),
            stores=flag(row.get("is_stored")),
            state=state_of(row.get("status")),
        )
        for row in rows
        if (station_id := text(row.get("powerstation_id")) or text(row.get("id")))
    )


def list_stations(ask: Callable[[Call], msgspec.Raw]) -> tuple[Station, ...]:
    """Return the account's stations; raises PortalError (no_station) for none."""
    stations = parse_list(ask(calls.stations()))
    if not stations:
        raise PortalError(Trouble.NO_STATION)
    return stations


# Classic status numbers (facts, section 3, "Status numbers").


_STATES: Mapping[int | None, DeviceState] = {
    -1: DeviceState.OFFLINE,
    0: DeviceState.WAITING,
    1: DeviceState.RUNNING,
    2: DeviceState.FAULT,
}


def state_of(leaf: Leaf) -> DeviceState:
    """Return the state of a station or inverter; an unknown number is never a fault."""
    return _STATES.get(integer(leaf), DeviceState.UNKNOWN)


# The classic portal's local times (facts, section 5.1): they lie in three ways.
#
# ``info.time`` and the inverter's ``last_refresh_time`` are always in US order,
# ``d``'s follows the account's ``date_format``, ``creationDate`` is in China's time
# (not read).


US_ORDER = "MM/dd/yyyy"
# Some replies hold blanks: "06/22/2025 17: 06: 27".
_STAMP = re.compile(
    r"(\d{1,4})[./-](\d{1,2})[./-](\d{1,4})[ T]+(\d{1,2}): *(\d{2})(?:: *(\d{2}))?"
)
_FIELDS = re.compile(r"[Yy]+|M+|[Dd]+")


def local_time(words: str, date_format: str = US_ORDER) -> datetime | None:
    """Read a time without zone in the given order of day, month and year."""
    found = _STAMP.match(words.strip())
    if not found:
        return None
    order = [field[0].lower() for field in _FIELDS.findall(date_format)]
    if sorted(order) != ["d", "m", "y"]:
        order = ["m", "d", "y"]
    parts = dict(zip(order, (int(it) for it in found.groups()[:3]), strict=True))
    hour, minute, second = (int(it or 0) for it in found.groups()[3:])
    if parts["y"] not in POSSIBLE_YEARS:
        return None
    try:
        return datetime(parts["y"], parts["m"], parts["d"], hour, minute, second)  # noqa: DTZ001 (the zone is the caller's)
    except ValueError:
        return None


def logger_time(
    leaf: Leaf, date_format: str, zone: tzinfo | None, now: datetime
) -> datetime | None:
    """Read a local time as UTC by the logger's clock, which may run ahead."""
    local = local_time(text(leaf), date_format)
    return None if local is None else by_clock(local, zone, now)
