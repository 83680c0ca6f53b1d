"""SEMS+ energies by period, what they earned, and a day's powers (facts, section 3)."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import datetime
from functools import lru_cache
from typing import TYPE_CHECKING

import msgspec

from sems_tray.domain.model import CurvePoint, EnergySums, Powers
from sems_tray.domain.statistics import added
from sems_tray.domain.time_zones import POSSIBLE_YEARS, in_order
from sems_tray.i18n.language import mark
from sems_tray.portal.wire.envelope import read_data, read_if_any, read_or_none
from sems_tray.portal.wire.values import (
    Leaf,
    currency,
    kilowatts,
    kwh,
    money,
    one_each,
    percent,
    text,
)

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from datetime import date, tzinfo


_NAMES = {
    "proSystemTotalStats": "pv_kwh",  # "production" is AC: it holds the discharge, too
    "proConsumStats": "load_kwh",
    "proCharStats": "charge_kwh",
    "proDischarStats": "discharge_kwh",
    "proGridStats": "export_kwh",
    "proPurchaseStats": "import_kwh",
    "proSelfConsumStats": "self_use_kwh",
}
ITEMS = tuple(_NAMES)
_METERED = {"proConsumStats", "proGridStats", "proPurchaseStats"}

_DATE = re.compile(r"\d{4}(?:-\d\d){0,2}(?!\d)")


class _Value(msgspec.Struct):
    date: Leaf = None
    val: Leaf = None


class _Item(msgspec.Struct):
    item: Leaf = None
    unit: Leaf = None
    statisticsList: list[_Value] | None = None


class _Statistics(msgspec.Struct):
    dataList: list[_Item] | None = None


def parse_rows(raw: msgspec.Raw | bytes) -> dict[str, EnergySums]:
    """Read energies by the reply's dates ("2026-09-24", "2026-09", "2026").

    A requested item may be missing, which is not zero.
    """
    reply = read_data(msgspec.Raw(raw), _Statistics, mark("no data in the statistics"))
    table: dict[str, dict[str, float]] = {}
    for item, date, value in _cells(reply):
        table.setdefault(date, {})[item] = value
    return {date: _sums(values) for date, values in table.items()}


def parse_past(
    raw: msgspec.Raw | bytes, date_of: Callable[[str], date | None]
) -> dict[date, EnergySums]:
    """Read energies by the first dates of their periods; a strange date is left out.

    A station without a meter is told to use itself all that it makes, which nobody
    measured.
    """
    reply = read_if_any(raw, _Statistics)
    items: dict[str, list[tuple[date | None, float]]] = {}
    for item, words, value in _cells(reply or _Statistics()):
        items.setdefault(item, []).append((date_of(words), value))
    if not _METERED & items.keys():
        items.pop("proSelfConsumStats", None)
    table: dict[date, dict[str, float]] = {}
    for item, values in items.items():
        for day, value in one_each(values).items():
            table.setdefault(day, {})[item] = value
    return {day: _sums(values) for day, values in table.items()}


def _cells(reply: _Statistics) -> Iterator[tuple[str, str, float]]:
    for item in reply.dataList or []:
        for row in item.statisticsList or []:
            value = kwh(row.val, item.unit)
            if value is not None:
                yield text(item.item), text(row.date), value


def parse_period(raw: msgspec.Raw | bytes, first: date, last: date) -> EnergySums:
    """Read one period: the sum of the reply's rows that belong to it.

    A row of another month or year is no part of what was asked for.  Asked for one day,
    the portal's only row is that day, by the portal's calendar if not by ours.
    """
    table = parse_rows(raw)
    rows = [sums for day, sums in table.items() if _belongs(day, first, last)]
    if not rows and first == last and len(table) == 1:
        rows = list(table.values())

    return added(rows)


def _belongs(words: str, first: date, last: date) -> bool:
    """Compare "2026-09-24", "2026-09" or "2026" by as much as it says."""
    found = _DATE.match(words)
    if found is None:
        return True
    size = len(found[0])
    return first.isoformat()[:size] <= found[0] <= last.isoformat()[:size]


def _sums(values: dict[str, float]) -> EnergySums:
    known = {_NAMES[it]: values[it] for it in values.keys() & _NAMES}
    return EnergySums(**known, currency=None)


def parse_production(raw: msgspec.Raw | bytes) -> EnergySums:
    """Read what a whole period made and earned.

    A profit of 0 or null means that no tariff is set; the currency comes without one.
    """
    reply = read_data(
        msgspec.Raw(raw), dict[str, Leaf], mark("no data in the production")
    )
    told = {it: kwh(reply.get(it)) for it in ITEMS}
    return replace(
        _sums({it: value for it, value in told.items() if value is not None}),
        income=money(reply.get("profitProStats")) or None,
        currency=currency(reply.get("currency")),
    )


CURVE_ITEMS = ("pSystem", "soc", "pBat", "pConsum", "pGrid")


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
