"""SEMS+ devices: which there are, what they do, and what they measure and count.

The replies about one device are groups of named factors, texts throughout.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, TypeVar

import msgspec

from sems_tray.domain.model import (
    Accessory,
    BatteryPack,
    DeviceState,
    Energy,
    EnergySums,
    Inverter,
    Meter,
    Phase,
    PvString,
)
from sems_tray.i18n.language import mark
from sems_tray.portal.station_cache import Counters, Telemetry
from sems_tray.portal.wire.envelope import read_data, read_if_any
from sems_tray.portal.wire.values import (
    Fields,
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

from .stations import battery_state_of, state_of

if TYPE_CHECKING:
    from collections.abc import Callable


INVERTER = "INVERTER"
CABINET = "ENERGY_STORAGE_INTEGRATED_CABINET"  # All-in-One: an inverter with batteries
RACK = "BATTERY_RACK"
BAT_SYS = "BAT_SYS"
METER = "SMART_METER"
CHARGER = "EV_CHARGER"
_INVERTERS = frozenset({INVERTER, CABINET})
# Under these the batteries behind an inverter are found (facts, section 3); the first
# is recorded for plain hybrids too.  The inverter's own type is none of them.
RELATED = (CABINET, BAT_SYS)


class _Detail(msgspec.Struct):
    name: Leaf = None
    subtype: Leaf = None
    status: Leaf = None


class _Status(msgspec.Struct):
    status: Leaf = None
    snList: list[Leaf] | None = None
    detailMap: dict[str, _Detail] | None = None


class _Kind(msgspec.Struct):
    deviceType: Leaf = None
    statusDetailList: list[_Status] | None = None


class _AllStatus(msgspec.Struct):
    deviceDetailList: list[_Kind] | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class DeviceList:
    """The devices of a station. ``kinds`` gives each serial's ``deviceType``."""

    inverters: tuple[Inverter, ...]
    meters: tuple[Meter, ...]
    racks: tuple[BatteryPack, ...]
    accessories: tuple[Accessory, ...]
    stores: frozenset[str]
    kinds: dict[str, str]


@dataclass(frozen=True, slots=True)
class _Device:
    kind: str
    sn: str
    name: str
    subtype: str
    status: Leaf

    @property
    def state(self) -> DeviceState:
        return state_of(self.status)


def parse_all_status(raw: msgspec.Raw | bytes) -> DeviceList:
    """Read the state of all devices; order is the portal's.

    A rack's status is no verdict: a rack can be "offline" while its battery works.
    """
    devices = _devices(read_data(raw, _AllStatus, mark("no data in the device states")))
    inverters = [it for it in devices if it.kind in _INVERTERS]
    meters = [it for it in devices if it.kind == METER]
    racks = [it for it in devices if it.kind == RACK]
    others = [it for it in devices if it.kind not in {*_INVERTERS, METER, RACK}]
    # An inverter that does not say what it is may be the one with the racks.
    hybrid = {"store", ""} if racks else {"store"}
    return DeviceList(
        inverters=tuple(
            Inverter(sn=it.sn, name=it.name, state=it.state, status=integer(it.status))
            for it in inverters
        ),
        meters=tuple(Meter(sn=it.sn, name=it.name, state=it.state) for it in meters),
        racks=tuple(BatteryPack(sn=it.sn, name=it.name) for it in racks),
        accessories=tuple(
            Accessory(sn=it.sn, kind=it.kind, name=it.name, state=it.state)
            for it in others
        ),
        stores=frozenset(
            it.sn for it in inverters if it.kind == CABINET or it.subtype in hybrid
        ),
        kinds={it.sn: it.kind for it in devices},
    )


def _devices(page: _AllStatus) -> list[_Device]:
    """Return each device once."""
    found: dict[str, _Device] = {}
    for kind in page.deviceDetailList or []:
        for group in kind.statusDetailList or []:
            details = {text(sn): it for sn, it in (group.detailMap or {}).items()}
            for sn in filter(None, (*map(text, group.snList or []), *details)):
                detail = details.get(sn, _Detail())
                device = _Device(
                    kind=text(kind.deviceType),
                    sn=sn,
                    name=text(detail.name) or sn,
                    subtype=text(detail.subtype),
                    status=detail.status if group.status is None else group.status,
                )
                found.setdefault(sn, device)
    return list(found.values())


class _Page(msgspec.Struct):
    dataList: list[Fields] | None = None


def parse_models(raw: msgspec.Raw | bytes) -> dict[str, str]:
    """Read serial -> model from the device page."""
    page = read_data(raw, _Page, mark("no data in the device page"))
    rows = [(text(it.get("sn")), text(it.get("model"))) for it in page.dataList or []]
    return {sn: model for sn, model in rows if sn and model}


def parse_related(raw: msgspec.Raw | bytes) -> tuple[BatteryPack, ...]:
    """Read the battery systems behind one inverter; none is an answer too."""
    rows = read_if_any(raw, list[Fields]) or []
    return tuple(
        BatteryPack(
            sn=text(row.get("sn")),
            name=text(row.get("name")) or text(row.get("sn")),
            state=battery_state_of(row.get("status")),
            soc_percent=percent(row.get("soc")),
            power_w=kilowatts(row.get("pbat")),
        )
        for row in rows
        if text(row.get("sn")) and text(row.get("type")) in {"", BAT_SYS}
    )


T = TypeVar("T")

_MPPT = re.compile(r"MPPT-(\d{1,3}):[PVI]pv")
_PHASES = {"PHASE-A:": "1", "PHASE-B:": "2", "PHASE-C:": "3"}


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
    groups = read_if_any(raw, list[_Group]) or []
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
        phases=_phases(data, "Vac", "Iac"),
    )


def _phases(data: _Factors, voltage: str, current: str) -> tuple[Phase, ...]:
    """Read the phases by the heads of their codes, or a single one that has none."""
    codes = {voltage, current, "Fac"}
    heads = [
        head
        for head in _PHASES
        if any(f"{head}{code}" in data for code in {*codes, "pAc"})
    ]
    if not heads and codes & data.keys():
        heads = [""]
    hz = data.of("Fac", hertz)
    return tuple(
        Phase(
            name=_PHASES.get(head, "1"),
            v=data.of(f"{head}{voltage}", volts),
            a=data.of(f"{head}{current}", amperes),
            hz=known_or(data.of(f"{head}Fac", hertz), hz),
            w=data.of(f"{head}pAc", kilowatts) if head else None,
        )
        for head in heads
    )


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
        phases=_phases(data, "voltage", "current"),
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


class _LastCharge(msgspec.Struct):
    chargeLog: Fields | None = None


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
    reply = read_if_any(raw, _LastCharge) or _LastCharge()
    log = reply.chargeLog or {}
    state = integer(log.get("workStu"))
    if state is None:
        return known
    power = kilowatts(log.get("pevChar")) if state == _CHARGING else 0.0
    return replace(known, state=_CHARGER_STATES.get(state, known.state), power_w=power)
