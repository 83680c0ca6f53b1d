"""SEMS+ energy by period, and what it earned (facts, section 3, "Energy")."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

import msgspec

from sems_tray.domain.model import EnergySums
from sems_tray.i18n.language import mark
from sems_tray.portal.wire.envelope import read_data, read_if_any
from sems_tray.portal.wire.values import Leaf, currency, kwh, money, one_each, text

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from datetime import date


ITEMS = (
    "proSystemTotalStats",
    "proConsumStats",
    "proCharStats",
    "proDischarStats",
    "proGridStats",
    "proPurchaseStats",
    "proSelfConsumStats",
)
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


class _Production(msgspec.Struct):
    profitProStats: Leaf = None
    currency: Leaf = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Profit:
    """What a period earned; None without a tariff."""

    income: float | None
    currency: str | None


def parse_rows(raw: msgspec.Raw | bytes) -> dict[str, EnergySums]:
    """Read energies by the reply's dates ("2026-09-24", "2026-09", "2026").

    A requested item may be missing, which is not zero.  PV is ``proSystemTotalStats``:
    ``production`` is AC output and includes battery discharge.
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

    def total(name: str) -> float | None:
        found = [value for row in rows if (value := getattr(row, name)) is not None]
        return round(sum(found), 3) if found else None

    return EnergySums(
        pv_kwh=total("pv_kwh"),
        load_kwh=total("load_kwh"),
        charge_kwh=total("charge_kwh"),
        discharge_kwh=total("discharge_kwh"),
        export_kwh=total("export_kwh"),
        import_kwh=total("import_kwh"),
        self_use_kwh=total("self_use_kwh"),
    )


def _belongs(words: str, first: date, last: date) -> bool:
    """Compare "2026-09-24", "2026-09" or "2026" by as much as it says."""
    found = _DATE.match(words)
    if found is None:
        return True
    size = len(found[0])
    return first.isoformat()[:size] <= found[0] <= last.isoformat()[:size]


def _sums(values: dict[str, float]) -> EnergySums:
    return EnergySums(
        pv_kwh=values.get("proSystemTotalStats"),
        load_kwh=values.get("proConsumStats"),
        charge_kwh=values.get("proCharStats"),
        discharge_kwh=values.get("proDischarStats"),
        export_kwh=values.get("proGridStats"),
        import_kwh=values.get("proPurchaseStats"),
        self_use_kwh=values.get("proSelfConsumStats"),
    )


def parse_production(raw: msgspec.Raw | bytes) -> Profit:
    """Read what a period earned: a profit of 0 or null means that no tariff is set."""
    reply = read_data(msgspec.Raw(raw), _Production, mark("no data in the production"))
    return Profit(
        income=money(reply.profitProStats) or None,
        currency=currency(reply.currency),
    )
