"""SEMS+ power curve of one day, a row per minute."""

from __future__ import annotations

from datetime import datetime
from functools import lru_cache
from typing import TYPE_CHECKING

import msgspec

from sems_tray.domain.model import CurvePoint, Powers
from sems_tray.domain.time_zones import POSSIBLE_YEARS, in_order
from sems_tray.portal.wire.envelope import read_or_none
from sems_tray.portal.wire.values import Leaf, kilowatts, percent, text

if TYPE_CHECKING:
    from datetime import tzinfo


ITEMS = ("pSystem", "soc", "pBat", "pConsum", "pGrid")


class _Point(msgspec.Struct):
    tp: Leaf = None
    power: Leaf = None
    isCE: Leaf = None


class _Series(msgspec.Struct):
    item: Leaf = None
    unit: Leaf = None
    powerData: list[_Point] | None = None


class _Curve(msgspec.Struct):
    dataList: list[_Series] | None = None


def parse_curve(raw: msgspec.Raw | bytes, where: tzinfo) -> tuple[CurvePoint, ...]:
    """Read a day's curve. Times are station local; null (``isCE``) is a gap, not 0."""
    reply = read_or_none(raw, _Curve)
    table: dict[datetime, dict[str, float | None]] = {}
    in_utc: dict[tuple[datetime, ...], list[datetime]] = {}  # the series share them
    for series in (None if reply is None else reply.dataList) or []:
        item = text(series.item)
        value_of = percent if item == "soc" else kilowatts
        points = [(at, it) for it in series.powerData or [] if (at := _time(it.tp))]
        locals_ = tuple(at for at, _ in points)
        if locals_ not in in_utc:
            in_utc[locals_] = in_order(locals_, where)
        for at, (_, point) in zip(in_utc[locals_], points, strict=True):
            table.setdefault(at, {})[item] = value_of(point.power, series.unit)
    return tuple(_point(at, table[at]) for at in sorted(table))


def _time(leaf: Leaf) -> datetime | None:
    return _local(text(leaf))


@lru_cache(maxsize=2048)  # the minutes of a day, in each of its series
def _local(words: str) -> datetime | None:
    try:
        local = datetime.fromisoformat(words).replace(tzinfo=None)
    except ValueError:
        return None
    return local if local.year in POSSIBLE_YEARS else None


def _point(at: datetime, values: dict[str, float | None]) -> CurvePoint:
    return CurvePoint(
        at=at,
        power=Powers(
            pv_w=values.get("pSystem"),
            load_w=values.get("pConsum"),
            grid_w=values.get("pGrid"),
            battery_w=values.get("pBat"),
        ),
        soc_percent=values.get("soc"),
    )
