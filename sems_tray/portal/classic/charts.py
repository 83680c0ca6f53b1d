"""Classic charts: a day's powers every five minutes, energies as bars."""

from __future__ import annotations

import re
from datetime import datetime, time
from typing import TYPE_CHECKING

import msgspec

from sems_tray.domain.model import CurvePoint, EnergySums, Powers
from sems_tray.domain.time_zones import in_order
from sems_tray.i18n.language import mark
from sems_tray.portal.wire.envelope import (
    read_data,
    read_if_any,
    read_or_none,
)
from sems_tray.portal.wire.values import (
    Leaf,
    currency,
    kwh,
    money,
    one_each,
    percent,
    text,
    watts,
)

from .stations import local_time

if TYPE_CHECKING:
    from collections.abc import Callable
    from datetime import date, tzinfo


# Our name for each line of the day chart.  The meter's sign is contradictory among
# clients; negative is import, as the portal's own powers have it (facts, section 5).
_CURVES = {
    "PCurve_Power_PV": "pv_w",
    "PCurve_Power_Load": "load_w",
    "PCurve_Power_Meter": "grid_w",
    "PCurve_Power_Battery": "battery_w",
    "PCurve_Power_SOC": "soc",
}
# Bars are named differently over the years: "PVGeneration", "Generation(kWh)".
_BARS = {
    "pvgeneration": "pv_kwh",
    "generation": "pv_kwh",
    "sell": "export_kwh",
    "buy": "import_kwh",
    "consumption": "load_kwh",
    "selfuse": "self_use_kwh",
    "inhouse": "self_use_kwh",
    "charge": "charge_kwh",
    "discharge": "discharge_kwh",
    "income": "income",
}
_NAMED_UNIT = re.compile(r"[(\uff08]([^()\uff08\uff09]*(?:[Ww][Hh]?|%))[)\uff09]")


class _Point(msgspec.Struct):
    x: Leaf = None
    y: Leaf = None


class _Line(msgspec.Struct):
    key: Leaf = None
    name: Leaf = None
    label: Leaf = None
    unit: Leaf = None
    xy: list[_Point] | None = None


class _Chart(msgspec.Struct):
    lines: list[_Line] | None = None


class _Pac(msgspec.Struct):
    date: Leaf = None
    pac: Leaf = None


class _PacDay(msgspec.Struct):
    today_power: Leaf = None
    pacs: list[_Pac] | None = None


def parse_power_chart(
    raw: msgspec.Raw | bytes, day: date, where: tzinfo
) -> tuple[CurvePoint, ...]:
    """Read a day's powers; times are "HH:mm" station local."""
    chart = read_or_none(raw, _Chart)
    table: dict[datetime, dict[str, float | None]] = {}
    for line in (None if chart is None else chart.lines) or []:
        name = _CURVES.get(text(line.key)) or _CURVES.get(text(line.name))
        if name is None:
            continue
        value_of = percent if name == "soc" else watts
        unit = _unit(line)
        points = [(at, it) for it in line.xy or [] if (at := _clock(day, it.x))]
        stamps = in_order([at for at, _ in points], where)
        for at, (_, point) in zip(stamps, points, strict=True):
            table.setdefault(at, {})[name] = value_of(point.y, unit)
    return tuple(_curve_point(at, table[at]) for at in sorted(table))


def parse_pac_day(
    raw: msgspec.Raw | bytes, where: tzinfo
) -> tuple[tuple[CurvePoint, ...], float | None]:
    """Read the older day chart: AC power every five minutes, and the day's kWh."""
    day = read_if_any(raw, _PacDay) or _PacDay()
    rows = [(at, it) for it in day.pacs or [] if (at := local_time(text(it.date)))]
    stamps = in_order([at for at, _ in rows], where)
    points = tuple(
        CurvePoint(at=at, power=Powers(pv_w=watts(row.pac)))
        for at, (_, row) in zip(stamps, rows, strict=True)
    )
    return points, kwh(day.today_power)


def parse_bars(
    raw: msgspec.Raw | bytes, date_of: Callable[[str], date | None]
) -> dict[date, EnergySums]:
    """Read the bars up to today, by the first dates of their periods."""
    message = mark("no data in the energy chart")
    return _bar_rows(read_data(msgspec.Raw(raw), _Chart, message), date_of)


def parse_bar_rows(
    raw: msgspec.Raw | bytes, date_of: Callable[[str], date | None]
) -> dict[date, EnergySums]:
    """Read bars of the past, of which there may be none."""
    return _bar_rows(read_if_any(raw, _Chart) or _Chart(), date_of)


def _bar_rows(
    chart: _Chart, date_of: Callable[[str], date | None]
) -> dict[date, EnergySums]:
    """Read bars by the first dates of their periods; a strange date is left out."""
    table: dict[date, dict[str, float]] = {}
    paid_in = None
    for name, line in _named(chart).items():
        unit = _unit(line)
        if name == "income":
            paid_in = currency(unit)
        cells = [
            (
                date_of(text(cell.x)),
                money(cell.y) if name == "income" else kwh(cell.y, unit),
            )
            for cell in line.xy or []
        ]
        for day, value in one_each(cells).items():
            table.setdefault(day, {})[name] = value
    return {
        day: EnergySums(**values, currency=paid_in if "income" in values else None)
        for day, values in table.items()
    }


def _named(chart: _Chart) -> dict[str, _Line]:
    """Return the lines by our names; the first of a name that has bars counts."""
    found: dict[str, _Line] = {}
    for line in chart.lines or []:
        name = _bar_name(text(line.key)) or _bar_name(text(line.name or line.label))
        if name is not None and line.xy:
            found.setdefault(name, line)
    return found


def _unit(line: _Line) -> str:
    """Return a line's unit; some carry it in their name alone: "Generation(kWh)"."""
    names = " ".join(map(text, (line.key, line.name, line.label)))
    found = _NAMED_UNIT.search(names)
    return text(line.unit) or (found[1] if found else "")


def _bar_name(words: str) -> str | None:
    letters = re.sub(r"\(.*\)|kwh|[^a-z]", "", words.lower())
    return _BARS.get(letters)


def _clock(day: date, leaf: Leaf) -> datetime | None:
    try:
        return datetime.combine(day, time.fromisoformat(text(leaf).zfill(5)))
    except ValueError:
        return None


def _curve_point(at: datetime, values: dict[str, float | None]) -> CurvePoint:
    return CurvePoint(
        at=at,
        power=Powers(
            pv_w=values.get("pv_w"),
            load_w=values.get("load_w"),
            grid_w=values.get("grid_w"),
            battery_w=values.get("battery_w"),
        ),
        soc_percent=values.get("soc"),
    )
