"""Energies and income of a classic monitor reply, and when not to believe them."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import msgspec

from sems_tray.core.model import Energy, EnergySums
from sems_tray.sems.held import Income
from sems_tray.sems.numbers import Leaf, currency, known_or, kwh, money

if TYPE_CHECKING:
    from .inverters import Parsed

# Counters have steps of 0.1 kWh.
_STEP_KWH = 0.15


class Kpi(msgspec.Struct):
    """The station's figures; ``power`` is today's energy, whatever its name says."""

    month_generation: Leaf = None
    pac: Leaf = None
    power: Leaf = None
    total_power: Leaf = None
    day_income: Leaf = None
    total_income: Leaf = None
    yield_rate: Leaf = None
    currency: Leaf = None


class Charts(msgspec.Struct):
    """Energies of the day, or of the station's life."""

    sum: Leaf = None
    buy: Leaf = None
    sell: Leaf = None
    selfUseOfPv: Leaf = None
    consumptionOfLoad: Leaf = None
    hasCharge: Leaf = None
    charge: Leaf = None
    disCharge: Leaf = None


def energy_of(
    kpi: Kpi,
    charts: Charts | None,
    totals: Charts | None,
    parsed: tuple[Parsed, ...],
    *,
    today_kwh: float | None,
) -> Energy:
    """Return the energies; the inverters' own counters come before the station's.

    The station's figures stay at 0 while its status is offline, although an inverter
    produces (facts, section 5.1, "kpi").  The year is not in this reply.
    """
    today = kwh(kpi.power) if today_kwh is None else today_kwh
    sums = EnergySums(pv_kwh=today)
    if charts is not None and not _all_zero_beside(charts, today):
        sums = replace(_sums(charts), pv_kwh=today)
    lifetimes = [it.inverter.total_kwh for it in parsed]
    known = [value for value in lifetimes if value is not None]
    counted = round(sum(known), 3) if known and len(known) == len(lifetimes) else None
    total = EnergySums() if charts is None or totals is None else _sums(totals)
    # The station's totals jump once a day; two meters would count everything twice.
    metered = [it.metered for it in parsed if it.metered is not None]
    if len(metered) == 1:
        total = replace(
            total,
            import_kwh=known_or(metered[0].import_kwh, total.import_kwh),
            export_kwh=known_or(metered[0].export_kwh, total.export_kwh),
        )
    return Energy(
        today=sums,
        month=EnergySums(pv_kwh=kwh(kpi.month_generation)),
        total=replace(
            total, pv_kwh=kwh(kpi.total_power) if counted is None else counted
        ),
    )


def _all_zero_beside(charts: Charts, today_kwh: float | None) -> bool:
    values = (charts.sum, charts.buy, charts.sell, charts.consumptionOfLoad)
    return not any(kwh(value) for value in values) and bool(
        today_kwh and today_kwh > _STEP_KWH
    )


def _sums(charts: Charts) -> EnergySums:
    charge, discharge = kwh(charts.charge), kwh(charts.disCharge)
    stores = charts.hasCharge is True or bool(charge or discharge)
    return EnergySums(
        load_kwh=kwh(charts.consumptionOfLoad),
        import_kwh=kwh(charts.buy),
        export_kwh=kwh(charts.sell),
        self_use_kwh=kwh(charts.selfUseOfPv),
        charge_kwh=charge if stores else None,
        discharge_kwh=discharge if stores else None,
    )


def income_of(kpi: Kpi, today_kwh: float | None) -> Income:
    """Return the income; no tariff means unknown.

    Today's is unknown too where the station's energy disagrees with the inverters':
    it was computed from the wrong one.
    """
    paid_in = currency(kpi.currency)
    if not money(kpi.yield_rate) and not money(kpi.day_income):
        return Income(total=money(kpi.total_income) or None, currency=paid_in)
    counted = kwh(kpi.power)
    wrong = (
        today_kwh is not None
        and counted is not None
        and not counted
        and today_kwh > _STEP_KWH
    )
    return Income(
        today=None if wrong else money(kpi.day_income),
        total=money(kpi.total_income),
        currency=paid_in,
    )
