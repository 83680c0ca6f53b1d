"""SEMS+ device telemetry and counters: groups of named factors, texts throughout."""

from __future__ import annotations

import re
from dataclasses import replace
from typing import TYPE_CHECKING

import msgspec

from sems_tray.core.model import (
    DeviceState,
    Energy,
    EnergySums,
    Phase,
    PvString,
)
from sems_tray.sems.envelope import read, read_or_none
from sems_tray.sems.held import Counters, Telemetry
from sems_tray.sems.numbers import (
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
    from collections.abc import Mapping

    from sems_tray.core.model import (
        Accessory,
        BatteryPack,
        Meter,
    )

_MPPT = re.compile(r"MPPT-(\d{1,3}):[PVI]pv")
_PHASES = {"A": "1", "B": "2", "C": "3"}


class _Factor(msgspec.Struct):
    code: Leaf = None
    data: Leaf = None


class _Group(_Factor):  # `information` is a flat list of factors
    factors: list[_Factor] | None = None


def factors(raw: msgspec.Raw | bytes) -> dict[str, Leaf]:
    """Read any of the three replies to code -> data; an absent device has none."""
    groups = read_or_none(raw, list[_Group]) or []
    flat = [
        (text(it.code), it.data)
        for group in groups
        for it in (group.factors if group.factors is not None else [group])
    ]
    return {code: data for code, data in flat if code}


def parse_inverter(raw: msgspec.Raw | bytes) -> Telemetry:
    """Read an inverter's telemetry."""
    data = factors(raw)
    numbers = sorted(
        {int(found[1]) for code in data if (found := _MPPT.fullmatch(code))}
    )
    return Telemetry(
        power_w=kilowatts(data.get("pAc")),
        temperature_c=celsius(data.get("Temperature")),
        strings=tuple(
            PvString(
                name=str(n),
                v=volts(data.get(f"MPPT-{n}:Vpv")),
                a=amperes(data.get(f"MPPT-{n}:Ipv")),
                w=kilowatts(data.get(f"MPPT-{n}:Ppv")),
            )
            for n in numbers
        ),
        phases=_phases(data),
    )


def _phases(data: Mapping[str, Leaf]) -> tuple[Phase, ...]:
    hz = hertz(data.get("Fac"))
    three = tuple(
        Phase(
            name=name,
            v=volts(data.get(f"PHASE-{letter}:Vac")),
            a=amperes(data.get(f"PHASE-{letter}:Iac")),
            hz=known_or(hertz(data.get(f"PHASE-{letter}:Fac")), hz),
        )
        for letter, name in _PHASES.items()
        if any(f"PHASE-{letter}:{code}" in data for code in ("Vac", "Iac", "Fac"))
    )
    if three or not {"Vac", "Iac", "Fac"} & data.keys():
        return three
    one = Phase(name="1", v=volts(data.get("Vac")), a=amperes(data.get("Iac")), hz=hz)
    return (one,)


def parse_pack(raw: msgspec.Raw | bytes, known: BatteryPack) -> BatteryPack:
    """Read the telemetry of a battery system or rack into what is known of it."""
    data = factors(raw)
    return replace(
        known,
        soc_percent=known_or(percent(data.get("soc")), known.soc_percent),
        soh_percent=health(data.get("soh")),
        power_w=known_or(kilowatts(data.get("pBat")), known.power_w),
        v=volts(data.get("voltage")),
        a=amperes(data.get("a")),
        temperature_c=celsius(data.get("batSysTemp")),
        cell_min_mv=millivolts(data.get("vMinCell")),
        cell_max_mv=millivolts(data.get("vMaxCell")),
        cell_min_c=celsius(data.get("tempMinCell")),
        cell_max_c=celsius(data.get("tempMaxCell")),
    )


def parse_meter(raw: msgspec.Raw | bytes, known: Meter) -> Meter:
    """Read a meter's telemetry; negative is import there and here."""
    data = factors(raw)
    return replace(
        known,
        power_w=kilowatts(data.get("totalPac")),
        phases=tuple(
            Phase(
                name=name,
                v=volts(data.get(f"PHASE-{letter}:voltage")),
                a=amperes(data.get(f"PHASE-{letter}:current")),
                w=kilowatts(data.get(f"PHASE-{letter}:pAc")),
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
            pv_kwh=kwh(data.get(f"proPvStats{name}")),
            charge_kwh=kwh(data.get(f"proCharStats{name}")),
            discharge_kwh=kwh(data.get(f"proDischarStats{name}")),
            export_kwh=kwh(data.get(f"proGridStats{name}")),
            import_kwh=kwh(data.get(f"proPurchaseStats{name}")),
        )

    return Counters(
        power_w=kilowatts(data.get("pAc")),
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
    versions = (text(data[code]) for code in data if code.lower().endswith("version"))
    return text(data.get("modelType")), " / ".join(filter(None, versions))


class _Charger(msgspec.Struct):
    status: Leaf = None
    workState: Leaf = None
    startStatus: Leaf = None


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


def parse_charger(raw: msgspec.Raw | bytes, known: Accessory) -> Accessory:
    """Read a charger's detail: a free one draws 0 W, otherwise it does not say."""
    detail = read(raw, _Charger)
    if text(detail.status) != "available":
        return known
    return replace(known, state=DeviceState.WAITING, power_w=0.0)
