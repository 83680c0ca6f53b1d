"""SEMS+ device telemetry and counters: groups of named factors, texts throughout."""

from __future__ import annotations

import re
from dataclasses import replace
from typing import TYPE_CHECKING, TypeVar

import msgspec

from sems_tray.domain.model import DeviceState, Energy, EnergySums, Phase, PvString
from sems_tray.portal.station_cache import Counters, Telemetry
from sems_tray.portal.wire.envelope import read_or_none
from sems_tray.portal.wire.values import (
    Leaf,
    amperes,
    celsius,
    health,
    hertz,
    integer,
    kilowatts,
    known_or,
    kwh,
    millivolts,
    percent,
    text,
    volts,
)

if TYPE_CHECKING:
    from collections.abc import Callable

    from sems_tray.domain.model import Accessory, BatteryPack, Meter


T = TypeVar("T")

_MPPT = re.compile(r"MPPT-(\d{1,3}):[PVI]pv")
_PHASES = {"A": "1", "B": "2", "C": "3"}


class _Factor(msgspec.Struct):
    code: Leaf = None
    data: Leaf = None
    unit: Leaf = None


class _Group(_Factor):  # `information` is a flat list of factors
    factors: list[_Factor] | None = None


_ABSENT = _Factor()


class _Factors(dict[str, _Factor]):
    """Factors by their codes."""

    def of(self, code: str, quantity: Callable[[Leaf, Leaf], T]) -> T:
        """Read one in its own unit; what is not there is read as null."""
        factor = self.get(code, _ABSENT)
        return quantity(factor.data, factor.unit)


def factors(raw: msgspec.Raw | bytes) -> _Factors:
    """Read any of the three replies; an absent device has no factors."""
    groups = read_or_none(raw, list[_Group]) or []
    flat = (
        factor
        for group in groups
        for factor in (group.factors if group.factors is not None else [group])
    )
    return _Factors({code: it for it in flat if (code := text(it.code))})


def parse_inverter(raw: msgspec.Raw | bytes) -> Telemetry:
    """Read an inverter's telemetry."""
    data = factors(raw)
    numbers = sorted(
        {int(found[1]) for code in data if (found := _MPPT.fullmatch(code))}
    )
    return Telemetry(
        power_w=data.of("pAc", kilowatts),
        temperature_c=data.of("Temperature", celsius),
        strings=tuple(
            PvString(
                name=str(n),
                v=data.of(f"MPPT-{n}:Vpv", volts),
                a=data.of(f"MPPT-{n}:Ipv", amperes),
                w=data.of(f"MPPT-{n}:Ppv", kilowatts),
            )
            for n in numbers
        ),
        phases=_phases(data),
    )


def _phases(data: _Factors) -> tuple[Phase, ...]:
    hz = data.of("Fac", hertz)
    three = tuple(
        Phase(
            name=name,
            v=data.of(f"PHASE-{letter}:Vac", volts),
            a=data.of(f"PHASE-{letter}:Iac", amperes),
            hz=known_or(data.of(f"PHASE-{letter}:Fac", hertz), hz),
        )
        for letter, name in _PHASES.items()
        if any(f"PHASE-{letter}:{code}" in data for code in ("Vac", "Iac", "Fac"))
    )
    if three or not {"Vac", "Iac", "Fac"} & data.keys():
        return three
    one = Phase(name="1", v=data.of("Vac", volts), a=data.of("Iac", amperes), hz=hz)
    return (one,)


def parse_pack(raw: msgspec.Raw | bytes, known: BatteryPack) -> BatteryPack:
    """Read the telemetry of a battery system or rack into what is known of it."""
    data = factors(raw)
    return replace(
        known,
        soc_percent=known_or(data.of("soc", percent), known.soc_percent),
        soh_percent=data.of("soh", health),
        power_w=known_or(data.of("pBat", kilowatts), known.power_w),
        v=data.of("voltage", volts),
        a=data.of("a", amperes),
        temperature_c=data.of("batSysTemp", celsius),
        cell_min_mv=data.of("vMinCell", millivolts),
        cell_max_mv=data.of("vMaxCell", millivolts),
        cell_min_c=data.of("tempMinCell", celsius),
        cell_max_c=data.of("tempMaxCell", celsius),
    )


def parse_meter(raw: msgspec.Raw | bytes, known: Meter) -> Meter:
    """Read a meter's telemetry; negative is import there and here."""
    data = factors(raw)
    return replace(
        known,
        power_w=data.of("totalPac", kilowatts),
        phases=tuple(
            Phase(
                name=name,
                v=data.of(f"PHASE-{letter}:voltage", volts),
                a=data.of(f"PHASE-{letter}:current", amperes),
                w=data.of(f"PHASE-{letter}:pAc", kilowatts),
            )
            for letter, name in _PHASES.items()
            if f"PHASE-{letter}:pAc" in data or f"PHASE-{letter}:voltage" in data
        ),
    )


def parse_counters(raw: msgspec.Raw | bytes) -> Counters:
    """Read a device's counters (``telecounting``), today to lifetime."""
    data = factors(raw)

    def period(name: str) -> EnergySums:
        return EnergySums(
            pv_kwh=data.of(f"proPvStats{name}", kwh),
            charge_kwh=data.of(f"proCharStats{name}", kwh),
            discharge_kwh=data.of(f"proDischarStats{name}", kwh),
            export_kwh=data.of(f"proGridStats{name}", kwh),
            import_kwh=data.of(f"proPurchaseStats{name}", kwh),
        )

    return Counters(
        power_w=data.of("pAc", kilowatts),
        energy=Energy(
            today=period("Today"),
            month=period("Month"),
            year=period("Year"),
            total=period("Total"),
        ),
    )


def parse_information(raw: msgspec.Raw | bytes) -> tuple[str, str]:
    """Read a device's model and firmware; empty where it names none."""
    data = factors(raw)
    versions = (text(data[it].data) for it in data if it.lower().endswith("version"))
    model = text(data.get("modelType", _ABSENT).data)
    return model, " / ".join(filter(None, versions))


class _Log(msgspec.Struct):
    workStu: Leaf = None
    pevChar: Leaf = None


class _LastCharge(msgspec.Struct):
    chargeLog: _Log | None = None


# workStu: 6 charging, 8 and 10 free, 0 offline, 2 fault, 9 maintenance (facts).
_CHARGER_STATES = {
    0: DeviceState.OFFLINE,
    2: DeviceState.FAULT,
    6: DeviceState.RUNNING,
    8: DeviceState.WAITING,
    9: DeviceState.WAITING,
    10: DeviceState.WAITING,
}
_CHARGING = 6


def parse_last_charge(raw: msgspec.Raw | bytes, known: Accessory) -> Accessory:
    """Read what a charger does now; a charger that is not charging draws 0 W."""
    reply = read_or_none(raw, _LastCharge)
    log = None if reply is None else reply.chargeLog
    if log is None:
        return known
    state = integer(log.workStu)
    if state is None:
        return known
    power = kilowatts(log.pevChar) if state == _CHARGING else 0.0
    return replace(known, state=_CHARGER_STATES.get(state, known.state), power_w=power)
