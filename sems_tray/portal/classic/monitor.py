"""The classic monitor reply: all about a station at once (facts, section 5.1)."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import timedelta
from itertools import product
from typing import TYPE_CHECKING

import msgspec

from sems_tray.domain.model import (
    Accessory,
    DeviceState,
    Energy,
    Meter,
    Powers,
    Station,
)
from sems_tray.domain.time_zones import newest, offset_name, zone
from sems_tray.i18n.formatting import DEAD_BAND_W
from sems_tray.i18n.language import mark
from sems_tray.portal.errors import NoDataError
from sems_tray.portal.station_cache import Live
from sems_tray.portal.wire.envelope import read_data
from sems_tray.portal.wire.values import (
    Fields,
    Leaf,
    capacity_kwh,
    capacity_kwp,
    flag,
    integer,
    known_or,
    number,
    percent,
    text,
    watts,
)

from .inverters import parse_inverter
from .kpi import Times, energy_of, income_of, metering_inverter, sum_of_all
from .stations import state_of

if TYPE_CHECKING:
    from datetime import datetime

    from sems_tray.domain.model import Alarm
    from sems_tray.portal.station_cache import Income

    from .inverters import Parsed


# A charge is told in whole percents: its last step says for so long where it goes.
_CHARGE_HOLDS = timedelta(minutes=30)


class _Monitor(msgspec.Struct):
    info: Fields | None = None
    kpi: Fields | None = None
    inverter: list[Fields] | None = None
    powerflow: Fields | None = None
    soc: Fields | None = None
    homKit: Fields | None = None
    hasGenset: Leaf = None
    hasEnergeStatisticsCharts: Leaf = None
    energeStatisticsCharts: Fields | None = None
    energeStatisticsTotals: Fields | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Monitor:
    """What one monitor reply tells."""

    station: Station
    live: Live
    inverters: tuple[Parsed, ...]
    meters: tuple[Meter, ...]
    accessories: tuple[Accessory, ...]
    energy: Energy
    income: Income
    alarms: tuple[Alarm, ...]
    grid_connected: bool | None
    slept_meter: Energy | None  # the meter's, of an inverter that sleeps


def parse_monitor(
    raw: msgspec.Raw | bytes,
    station_id: str,
    now: datetime,
    before: Live | None = None,
    counted: Energy | None = None,
) -> Monitor:
    """Read the reply's data; ``before`` and ``counted`` are of the reply before.

    Raises PortalError: portal_changed for no data (the shutdown's ``data: {}``).
    """
    data = read_data(raw, _Monitor, mark("no data in the monitor reply"))
    if data.info is None:
        raise NoDataError(mark("no data in the monitor reply"))
    info = data.info
    station = _station(info, station_id)
    where = zone(station.timezone)
    parsed = tuple(
        parse_inverter(entry, text(info.get("date_format")), where, now)
        for entry in data.inverter or []
    )
    flow = data.powerflow or {}  # which says "bettery" and "betteryStatus"
    fitted = _battery_fitted(info, parsed, flow)
    measured_at = newest((it.measured_at for it in parsed), now)
    live = _charged(
        Live(
            measured_at=measured_at,
            soc_percent=_soc(flow, data.soc, parsed) if fitted else None,
            state=state_of(info.get("status")),
            battery_seen=fitted,
            others_w=_generator(data, flow, parsed),
        ),
        before,
    )
    kpi, charts = data.kpi or {}, data.energeStatisticsCharts
    if data.hasEnergeStatisticsCharts is not True:
        charts = None  # the zeros are placeholders then
    energy = energy_of(
        kpi,
        charts,
        data.energeStatisticsTotals,
        parsed,
        Times(now=now, measured=measured_at, where=where),
        counted or Energy(),
    )
    lost = [it.utility_lost for it in parsed if it.utility_lost is not None]
    home_kit = text((data.homKit or {}).get("sn"))
    return Monitor(
        station=station,
        live=replace(live, power=_powers(data, parsed, live)),
        inverters=parsed,
        meters=_meters(home_kit, parsed),
        accessories=(Accessory(sn=home_kit, kind="HOMEKIT", name="HomeKit"),)
        if home_kit
        else (),
        energy=energy,
        income=income_of(kpi, energy.today.pv_kwh),
        alarms=tuple(alarm for it in parsed for alarm in it.alarms),
        grid_connected=not any(lost) if lost else None,
        slept_meter=_slept_meter(parsed),
    )


def _slept_meter(parsed: tuple[Parsed, ...]) -> Energy | None:
    found = metering_inverter(parsed)
    if found is None or found.inverter.state is not DeviceState.OFFLINE:
        return None
    return found.metered


def _station(info: Fields, station_id: str) -> Station:
    hours = number(info.get("time_span"))
    latitude, longitude = (
        _degrees(info.get("latitude"), 90.0),
        _degrees(info.get("longitude"), 180.0),
    )
    if not latitude and not longitude:
        latitude = longitude = None  # 0 N 0 E is the sea: nobody filled it in
    return Station(
        id=station_id or text(info.get("powerstation_id")),
        name=text(info.get("stationname")),
        capacity_kwp=capacity_kwp(info.get("capacity")),
        # time_span is minus the offset (facts, section 5.1).
        timezone=None if hours is None else offset_name(-hours),
        latitude=latitude,
        longitude=longitude,
        battery_kwh=capacity_kwh(info.get("battery_capacity")),
        stores=flag(info.get("is_stored")),
        state=state_of(info.get("status")),
    )


def _degrees(leaf: Leaf, most: float) -> float | None:
    value = number(leaf)
    return None if value is None or abs(value) > most else value


def _battery_fitted(info: Fields, parsed: tuple[Parsed, ...], flow: Fields) -> bool:
    """Never trust a SoC here: battery-less stations report 45 or 536 %."""
    return (
        info.get("is_stored") is True
        or bool(capacity_kwh(info.get("battery_capacity")))
        or any(it.stores for it in parsed)
        or bool(watts(flow.get("bettery")))
    )


def _soc(flow: Fields, soc: Fields | None, parsed: tuple[Parsed, ...]) -> float | None:
    """Return the SoC, from the inverters that have a battery where these tell.

    The station's own figure averages in the 0 % of a battery-less inverter (facts,
    section 5.1, "soc").
    """
    found = [it.soc_percent for it in parsed if it.soc_percent is not None]
    if found:
        return round(sum(found) / len(found), 1)
    return known_or(percent(flow.get("soc")), percent((soc or {}).get("power")))


def _charged(live: Live, before: Live | None) -> Live:
    """Note which way the charge went last, as long as that may still hold."""
    at, soc = live.measured_at, live.soc_percent
    if before is None or before.measured_at is None or before.soc_percent is None:
        return live
    if at is None or soc is None or at - before.measured_at > _CHARGE_HOLDS:
        return live
    way, moved_at = before.charge_way, before.charge_moved_at
    if soc != before.soc_percent:
        way, moved_at = (1 if soc > before.soc_percent else -1), at
    if moved_at is None or at - moved_at > _CHARGE_HOLDS:
        return live
    return replace(live, charge_way=way, charge_moved_at=moved_at)


def _generator(
    data: _Monitor, flow: Fields, parsed: tuple[Parsed, ...]
) -> float | None:
    """Return what a generator gives; None if one runs that does not say how hard.

    ``gensetStatus`` is 1 on a recorded station without a generator, so it counts only
    where the reply does not deny one.  What flows to or from a micro-grid nobody knows.
    """
    if watts(flow.get("microGrid")):
        return None
    told_w = known_or(
        _size_of(flow.get("genset")), sum_of_all([it.generator_w for it in parsed])
    )
    runs = data.hasGenset is not False and bool(integer(flow.get("gensetStatus")))
    return 0.0 if told_w is None and not runs else told_w


def _powers(data: _Monitor, parsed: tuple[Parsed, ...], live: Live) -> Powers:
    info, flow = data.info or {}, data.powerflow or {}
    fitted = bool(live.battery_seen)
    pv_w, load_w = watts(flow.get("pv")), _size_of(flow.get("load"))
    grid_w, battery_w = _size_of(flow.get("grid")), _size_of(flow.get("bettery"))
    if pv_w is None and info.get("has_pv") is False:
        pv_w = 0.0
    if pv_w is None:
        pv_w = _pv_of_inverters(data, parsed, fitted=fitted)
    battery, grid = signed(
        Sizes(
            pv_w=pv_w,
            battery_w=battery_w if fitted else 0.0,
            grid_w=grid_w,
            load_w=load_w,
            generator_w=live.others_w,
            grid_flag=integer(flow.get("gridStatus")) or 0,
            battery_flag=integer(flow.get("betteryStatus")) or 0,
            charge_way=live.charge_way,
        )
    )
    return Powers(
        pv_w=pv_w,
        load_w=load_w,
        grid_w=grid,
        battery_w=battery if fitted else None,
    )


def _size_of(leaf: Leaf) -> float | None:
    value = watts(leaf)
    return None if value is None else abs(value)


def _pv_of_inverters(
    data: _Monitor, parsed: tuple[Parsed, ...], *, fitted: bool
) -> float | None:
    """Return PV without a powerflow: the inverters' own power.

    With a battery their AC output includes its discharge; then the strings tell.
    """
    if fitted:
        return sum_of_all([it.w for inv in parsed for it in inv.inverter.strings])
    powers_w = sum_of_all([it.inverter.power_w for it in parsed])
    return known_or(powers_w, watts((data.kpi or {}).get("pac")))


def _meters(sn: str, parsed: tuple[Parsed, ...]) -> tuple[Meter, ...]:
    """Return the meter; its serial may be missing although it exists."""
    powers = [it.meter_w for it in parsed if it.meter_w is not None]
    return tuple(
        Meter(sn=sn, name="Meter", state=DeviceState.RUNNING, power_w=power_w)
        for power_w in powers[:1]
    )


# Signs whose balances differ by less than this fit equally well: the four sizes are
# not measured at the same moment.
_TIE_W = 50.0
_TIE_SHARE = 0.02
# More than this is no loss and no moment between two measurements: the balance is open.
_OPEN_W = 200.0
_OPEN_SHARE = 0.15

_Signs = tuple[int, int]  # battery, grid


@dataclass(frozen=True, slots=True, kw_only=True)
class Sizes:
    """Sizes in W, None for unknown, and what else tells of directions (0: nothing).

    ``generator_w`` is None for a generator that runs and does not say how hard.
    """

    pv_w: float | None
    battery_w: float | None
    grid_w: float | None
    load_w: float | None
    generator_w: float | None = 0.0
    grid_flag: int = 0  # 1: export
    battery_flag: int = 0  # 1: charging
    charge_way: int = 0  # 1: the state of charge rises, -1: it falls


def signed(sizes: Sizes) -> tuple[float | None, float | None]:
    """Return (battery_w, grid_w), discharging and export positive; None for unknown."""
    possible = _possible(sizes)
    most = max(_votes(sizes, signs) for signs in possible)
    chosen = [signs for signs in possible if _votes(sizes, signs) == most]
    batteries, grids = zip(*chosen, strict=True)
    return _directed(sizes.battery_w, batteries), _directed(sizes.grid_w, grids)


def _directed(size_w: float | None, signs: tuple[int, ...]) -> float | None:
    """Give a size its sign; below the dead band it is noise and takes the likeliest."""
    if not size_w or len({*signs}) == 1 or size_w < DEAD_BAND_W:
        return size_w and size_w * signs[0]
    return None


def _possible(sizes: Sizes) -> list[_Signs]:
    """Return the signs that the balance allows, the likeliest first.

    Where it says nothing these are all.
    """
    every = [
        (battery, grid)
        for battery, grid in product((1, -1), repeat=2)
        if (battery == 1 or sizes.battery_w) and (grid == 1 or sizes.grid_w)
    ]
    pv_w, load_w = sizes.pv_w, sizes.load_w
    battery_w, grid_w = sizes.battery_w, sizes.grid_w
    if pv_w is None or load_w is None or battery_w is None or grid_w is None:
        return every
    needed_w = load_w - pv_w - (sizes.generator_w or 0.0)
    # What the house gets from nowhere; below zero, what goes nowhere.
    missing = {(b, g): needed_w - b * battery_w + g * grid_w for b, g in every}
    every.sort(key=lambda signs: abs(missing[signs]))
    slack = max(_TIE_W, _TIE_SHARE * load_w)
    if sizes.generator_w is None:  # it may give what is missing; it takes nothing
        return [it for it in every if missing[it] >= -slack] or every
    best = abs(missing[every[0]])
    if best > max(_OPEN_W, _OPEN_SHARE * max(pv_w, battery_w, grid_w, load_w)):
        return every
    return [it for it in every if abs(missing[it]) <= best + slack]


def _votes(sizes: Sizes, signs: _Signs) -> int:
    """Count the hints that signs follow."""
    battery, grid = signs
    hints = (
        -battery * sizes.battery_flag,
        -battery * sizes.charge_way,
        grid * sizes.grid_flag,
    )
    return sum(it > 0 for it in hints)
