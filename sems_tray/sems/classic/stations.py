"""The classic dialect's ways to find an account's stations."""

from __future__ import annotations

from typing import TYPE_CHECKING

import msgspec

from sems_tray.core.language import mark
from sems_tray.core.model import Station
from sems_tray.core.outcome import Trouble
from sems_tray.sems.envelope import read_or_none, read_rows
from sems_tray.sems.errors import PortalError, empty
from sems_tray.sems.numbers import Leaf, capacity_kwp, text

from . import calls
from .status import state_of

if TYPE_CHECKING:
    from collections.abc import Callable

    from sems_tray.sems.plan import Call

_NEXT = frozenset({Trouble.PORTAL_CHANGED, Trouble.UNREADABLE, Trouble.NO_STATION})


class _Row(msgspec.Struct):
    powerstation_id: Leaf = None
    id: Leaf = None
    stationname: Leaf = None
    status: Leaf = None
    capacity: Leaf = None
    is_stored: Leaf = None


def parse_list(raw: msgspec.Raw | bytes) -> tuple[Station, ...]:
    """Read a station list, bare (app) or in ``list`` (web).

    ``pac_kw`` and ``eday_income`` hold lifetime values and are not read (facts).
    """
    rows = read_rows(raw, _Row)
    if rows is None:
        raise empty(mark("no data in the station list"))
    return tuple(
        Station(
            id=text(row.powerstation_id) or text(row.id),
            name=text(row.stationname),
            capacity_kwp=capacity_kwp(row.capacity),
            stores=row.is_stored if isinstance(row.is_stored, bool) else None,
            state=state_of(row.status),
        )
        for row in rows
        if text(row.powerstation_id) or text(row.id)
    )


def parse_owner(raw: msgspec.Raw | bytes) -> tuple[Station, ...]:
    """Read the id of the account's first station, a bare text."""
    station = text(read_or_none(raw, str))
    return (Station(id=station),) if station else ()


def list_stations(ask: Callable[[Call], msgspec.Raw]) -> tuple[Station, ...]:
    """Return the account's stations by the first way that names any.

    Raises PortalError: no_station for an account without, or the first way's trouble.
    """
    ways = (
        (calls.stations_for_app(), parse_list),
        (calls.stations(), parse_list),
        (calls.station_of_owner(), parse_owner),
    )
    trouble: PortalError | None = None
    for call, parse in ways:
        try:
            stations = parse(ask(call))
        except PortalError as exc:
            if exc.trouble not in _NEXT:
                raise
            trouble = trouble or exc
            continue
        if stations:
            return stations
    raise trouble or PortalError(Trouble.NO_STATION)
