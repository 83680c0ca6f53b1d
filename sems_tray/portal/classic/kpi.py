"""Energies and income of a classic monitor reply, and when not to believe them."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from sems_tray.domain.energy import Period
from sems_tray.domain.model import Energy, EnergySums
from sems_tray.portal.station_cache import Income
from sems_tray.portal.wire.values import currency, known_or, kwh, money

if TYPE_CHECKING:
    from datetime import datetime, tzinfo

    from sems_tray.portal.wire.values import Fields

    from .inverters import Parsed


# Counters have steps of 0.1 kWh.
_STEP_KWH = 0.15
_ROUNDING_KWH = 0.051
# What goes on while the inverters sleep.
_METERED = ("load_kwh", "import_kwh", "export_kwh")


@dataclass(frozen=True, slots=True, kw_only=True)
class Times:
    """When the reply was made, when its inverters measured, and where."""

    now: datetime
    measured: datetime | None
    where: tzinfo | None

    @property
    def is_earlier(self) -> bool:
        """Whether the inverters have not measured yet today."""
        return not self._same(Period.DAY, self.measured, self.now)

    @property
    def is_earlier_month(self) -> bool:
        """Whether the inverters measured last in an earlier month."""
        return not self._same(Period.MONTH, self.measured, self.now)

    def has_begun(
        self, told: EnergySums, before: Energy, metered: EnergySums | None
    ) -> bool:
        """Say whether sums are of today although the inverters measured earlier.

        That is for a last day with hardly any sun, which cannot tell.  A sum of a day
        only grows: one that has fallen belongs to a new day.  ``metered`` is of the
        meter's day of falling asleep, for want of a reply before this one.
        """
        if before.counted_at is None:
            return metered is not None and _has_fallen(told, metered)
        is_on = self._same(Period.DAY, before.counted_at, self.now)
        return is_on or _has_fallen(told, before.today)

    def counting(self, parsed: tuple[Parsed, ...]) -> list[Parsed]:
        """Return the inverters whose counters are of the newest date.

        One that still sleeps while another has woken tells its yesterday.
        """
        return [
            it for it in parsed if self._same(Period.DAY, it.measured_at, self.measured)
        ]

    def _same(
        self, period: Period, one: datetime | None, other: datetime | None
    ) -> bool:
        if one is None or other is None or self.where is None:
            return True
        dates = (it.astimezone(self.where).date() for it in (one, other))
        return len({period.key(day) for day in dates}) == 1


def energy_of(
    kpi: Fields,
    charts: Fields | None,
    totals: Fields | None,
    parsed: tuple[Parsed, ...],
    at: Times,
    before: Energy,
) -> Energy:
    """Return the energies; the year is not in this reply.

    ``before`` are those of the reply before; without one, no sums of any time.

    The station's figures stay at 0 while its status is offline, although an inverter
    produces (facts, section 5.1, "kpi"): the inverters' own counters come before them,
    but where both agree the station's are rounded less often.
    """
    counted = sum_of_all([it.inverter.today_kwh for it in at.counting(parsed)])
    # "power" is today's energy, whatever its name says.
    today = _finer(kwh(kpi.get("power")), counted, len(parsed))
    metering = metering_inverter(parsed)
    meter = metering.metered if metering is not None else None
    sums, counted_at = EnergySums(pv_kwh=today), at.measured
    if charts is not None and not _all_zero_beside(charts, today):
        sums = replace(_sums(charts), pv_kwh=today)
        metered = None if meter is None else meter.today
        had_sun = (counted or 0.0) > _STEP_KWH
        if at.is_earlier and (
            _has_less_sun(charts, counted)
            or (not had_sun and at.has_begun(sums, before, metered))
        ):
            # The inverters sleep; a meter goes on, and the new day has begun.
            sums, counted_at = replace(sums, pv_kwh=None), at.now
    total = EnergySums() if charts is None or totals is None else _sums(totals)
    if meter is not None:  # the station's totals jump once a day
        total = replace(
            total,
            import_kwh=known_or(meter.total.import_kwh, total.import_kwh),
            export_kwh=known_or(meter.total.export_kwh, total.export_kwh),
        )
    lifetime = sum_of_all([it.inverter.total_kwh for it in parsed])
    month = _month_kwh(kpi, () if at.is_earlier else parsed)
    if counted_at != at.measured and at.is_earlier_month:
        month = _begun(month, counted)
    return Energy(
        today=sums,
        month=EnergySums(pv_kwh=month),
        total=replace(
            total, pv_kwh=_finer(kwh(kpi.get("total_power")), lifetime, len(parsed))
        ),
        counted_at=counted_at,
    )


def metering_inverter(parsed: tuple[Parsed, ...]) -> Parsed | None:
    """Return the inverter with the meter; two would count everything twice."""
    found = [it for it in parsed if it.metered is not None]
    return found[0] if len(found) == 1 else None


def _has_fallen(now: EnergySums, before: EnergySums) -> bool:
    pairs = ((getattr(now, name), getattr(before, name)) for name in _METERED)
    return any(
        kwh is not None and then is not None and kwh < then - _STEP_KWH
        for kwh, then in pairs
    )


def _has_less_sun(charts: Fields, counted: float | None) -> bool:
    """Say whether the charts know less sun than was counted before the roof slept."""
    told, before = kwh(charts.get("sum")) or 0.0, counted or 0.0
    return told < before - _STEP_KWH or told == 0 < before


def _month_kwh(kpi: Fields, parsed: tuple[Parsed, ...]) -> float | None:
    """Return this month's PV energy; the inverters' own month is without today."""
    told = kwh(kpi.get("month_generation"))
    counted = sum_of_all([it.month_kwh for it in parsed])
    if told is None or counted is None:
        return known_or(told, counted)
    return told if told >= counted - 2 * _ROUNDING_KWH * len(parsed) else counted


def _begun(month_kwh: float | None, counted: float | None) -> float | None:
    """Return a month that is told before its first sun; the last one's is unknown.

    A month that holds less than the inverters' last day has begun.
    """
    begun = month_kwh is not None and month_kwh < (counted or 0.0) - _STEP_KWH
    return month_kwh if begun else None


def _finer(told: float | None, counted: float | None, counters: int) -> float | None:
    """Return what the station tells if it is the sum of the counters, else the sum."""
    if told is None or counted is None:
        return known_or(counted, told)
    return told if abs(told - counted) <= _ROUNDING_KWH * counters else counted


def sum_of_all(values: list[float | None]) -> float | None:
    """Return the sum; unknown if one of them is unknown, or there is none."""
    known = [value for value in values if value is not None]
    return round(sum(known), 3) if known and len(known) == len(values) else None


def _all_zero_beside(charts: Fields, today_kwh: float | None) -> bool:
    names = ("sum", "buy", "sell", "consumptionOfLoad")
    told = any(kwh(charts.get(name)) for name in names)
    return not told and (today_kwh or 0.0) > _STEP_KWH


def _sums(charts: Fields) -> EnergySums:
    charge, discharge = kwh(charts.get("charge")), kwh(charts.get("disCharge"))
    stores = charts.get("hasCharge") is True or bool(charge or discharge)
    return EnergySums(
        load_kwh=kwh(charts.get("consumptionOfLoad")),
        import_kwh=kwh(charts.get("buy")),
        export_kwh=kwh(charts.get("sell")),
        self_use_kwh=kwh(charts.get("selfUseOfPv")),
        charge_kwh=charge if stores else None,
        discharge_kwh=discharge if stores else None,
    )


def income_of(kpi: Fields, today_kwh: float | None) -> Income:
    """Return the income; no tariff means unknown.

    Today's is unknown too where the station's energy disagrees with the inverters', or
    is yesterday's: it was computed from the wrong one.
    """
    paid_in = currency(kpi.get("currency"))
    if not money(kpi.get("yield_rate")) and not money(kpi.get("day_income")):
        return Income(total=money(kpi.get("total_income")) or None, currency=paid_in)
    counted = kwh(kpi.get("power"))
    if counted is None:
        wrong = False
    elif today_kwh is None:
        wrong = counted > 0
    else:
        wrong = not counted and today_kwh > _STEP_KWH
    return Income(
        today=None if wrong else money(kpi.get("day_income")),
        total=money(kpi.get("total_income")),
        currency=paid_in,
    )
