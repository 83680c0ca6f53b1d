"""Energies by day, month and year, the money, and the day's curve."""

from collections.abc import Callable, Collection
from datetime import UTC, date, datetime, timedelta

from sems_tray.simulator.http import Json, Reply, Request, text_of, whole_of
from sems_tray.simulator.station.energy import Energy
from sems_tray.simulator.station.income import feed_in_income, income
from sems_tray.simulator.station.plant import DATE_LENGTH, day_start, period_of
from sems_tray.simulator.station.site import Site

from .envelope import kw, kwh, refused, success, text_local

_NEED_METER = frozenset(
    {"proConsumStats", "proGridStats", "proPurchaseStats", "pConsum", "pGrid"}
)
_NEED_BATTERY = frozenset({"proCharStats", "proDischarStats", "soc", "pBat"})
ITEMS: dict[str, Callable[[Energy], float]] = {
    "proSystemTotalStats": lambda energy: energy.pv_kwh,
    "proConsumStats": lambda energy: energy.load_kwh,
    "proCharStats": lambda energy: energy.charge_kwh,
    "proDischarStats": lambda energy: energy.discharge_kwh,
    "proGridStats": lambda energy: energy.export_kwh,
    "proPurchaseStats": lambda energy: energy.import_kwh,
    "proSelfConsumStats": lambda energy: energy.self_use_kwh,
}
CURVES = ("pSystem", "soc", "pBat", "pConsum", "pGrid")


def statistics(site: Site, request: Request) -> Reply:
    """Return one row per day, month or year of a range, and its sums."""
    fields = request.fields()
    dimension = text_of(fields, "dimension")
    if dimension not in DATE_LENGTH:
        return refused("S0327", "Statistical dimension parameters are incorrect")
    span = _range(fields)
    if span is None:
        return refused("100004", "parameter error.", "parameter_error")
    first, last = span
    several_years = dimension == "year" and first.year != last.year
    rows: dict[str, Energy] = {}
    for start, end in _buckets(site, dimension, first, last, request.now):
        rows[start.isoformat()[: DATE_LENGTH[dimension]]] = site.between(
            start, end, request.now
        )
    lists: list[Json] = []
    for item in _wanted(site, fields, ITEMS):
        values = [
            # Several years in one request come as zeros (facts, section 3: H).
            {"date": day, "val": 0 if several_years else kwh(ITEMS[item](energy))}
            for day, energy in rows.items()
        ]
        lists.append({"item": item, "unit": "kWh", "statisticsList": values})
    whole = site.between(first, last, request.now)
    data = _summary(site, whole, short=dimension == "year")
    return success(
        data | {"dataList": lists, "hasProfit": site.spec.tariff is not None}
    )


def production(site: Site, request: Request) -> Reply:
    """Return flat totals of a range, the money among them."""
    fields = request.fields()
    span = _range(fields)
    if span is None:
        return refused("100004", "parameter error.", "parameter_error")
    whole = site.between(*span, request.now)
    money = {
        "profitProStats": income(site, whole),
        "profitGridStats": feed_in_income(site, whole),
    }
    data: Json = {}
    for item in _wanted(site, fields, (*ITEMS, *money)):
        if item in money:
            data[item] = round(money[item], 2) if site.spec.tariff else 0
        else:
            data[item] = kwh(ITEMS[item](whole))
    tariff = site.spec.tariff
    return success(data | {"currency": tariff.currency if tariff else "EUR"})


def curve(site: Site, request: Request) -> Reply:
    """Return powers in kW for each minute of a range, station local."""
    fields = request.fields()
    zone = site.spec.place.timezone
    span = _range(fields)
    if span is None:
        return refused("100004", "parameter error.", "parameter_error")
    step = timedelta(minutes=max(1, whole_of(fields, "timeScale", 1)))
    known_until = site.measured_at(request.now)
    items = _wanted(site, fields, CURVES)
    series: dict[str, list[Json]] = {item: [] for item in items}
    at = day_start(site.spec.place, span[0])
    end = day_start(site.spec.place, span[1] + timedelta(days=1))
    # One row per real minute: on the days the clocks change there are 23 or 25
    # hours of them, and texts that are missing or come twice.
    while at < end:
        text = text_local(at, zone)
        known = site.spec.created <= at <= known_until
        values = _at(site, at, items) if known else {}
        for item in items:
            value = values.get(item)
            row: Json = {"tp": text, "power": value}
            series[item].append(row if value is not None else row | {"isCE": True})
        at += step
    return success(
        {"dataList": [{"item": i, "powerData": rows} for i, rows in series.items()]}
    )


def _at(site: Site, at: datetime, items: list[str]) -> dict[str, float | None]:
    powers = site.powers(at)
    before_dawn = (
        powers.pv_w == 0
        and at.astimezone(site.spec.place.timezone).hour < 12
        and "pSystem" in items
        and site.asleep(at)
    )
    return {
        "pSystem": None if before_dawn else kw(powers.pv_w),
        "soc": round(powers.soc_percent),
        "pBat": kw(powers.battery_w),
        "pConsum": kw(powers.load_w),
        "pGrid": kw(powers.grid_w),
    }


def _wanted(site: Site, fields: Json, known: Collection[str]) -> list[str]:
    """Return the known items that are asked for, all if none are, as far as fitted."""
    asked = fields.get("items")
    names = [str(name) for name in asked] if isinstance(asked, list) else known
    return [
        name for name in dict.fromkeys(names) if name in known and _fitted(site, name)
    ]


def _fitted(site: Site, item: str) -> bool:
    if item in _NEED_BATTERY:
        return site.spec.battery is not None
    return site.has_load or item not in _NEED_METER


def _summary(site: Site, span: Energy, *, short: bool) -> Json:
    production = kwh(span.ac_kwh)
    if not site.has_load:
        return {"production": production, "proAcTotal": production}
    self_use, load = kwh(span.self_use_kwh), kwh(span.load_kwh)
    export, bought = kwh(span.export_kwh), kwh(span.import_kwh)
    data: Json = {
        "proSelfConsum": self_use,
        "proSelfConsumRate": _percent(self_use, production),
        "production": production,
        "proGrid": export,
        "proConsum": load,
        "contributionRate": _percent(self_use, load),
        "proPurchase": bought,
    }
    if not short:
        data |= {
            "proGridRate": _percent(export, production),
            "proPurchaseRate": _percent(bought, load),
            "proPvStoreContribution": self_use,
            "proAcTotal": production,
        }
    return data


def _percent(part: float, whole: float) -> float:
    return round(100 * part / whole, 2) if whole else 0.0


def _range(fields: Json) -> tuple[date, date] | None:
    try:
        first, last = (
            date.fromisoformat(text_of(fields, name)[:10])
            for name in ("startTime", "endTime")
        )
    except ValueError:
        return None
    return (first, last) if first <= last else None


def _buckets(
    site: Site, dimension: str, first: date, last: date, now: datetime
) -> list[tuple[date, date]]:
    first = max(first, site.ledger.first_day)
    last = min(last, site.ledger.local_day(now.astimezone(UTC)))
    out = []
    while first <= last:
        end = min(period_of(first, dimension)[1], last)
        out.append((first, end))
        first = end + timedelta(days=1)
    return out
