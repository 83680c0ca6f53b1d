"""SEMS+ devices: which there are, what they do, which model they are."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import msgspec

from sems_tray.domain.model import Accessory, BatteryPack, Inverter, Meter
from sems_tray.i18n.language import mark
from sems_tray.portal.wire.envelope import read_data, read_or_none
from sems_tray.portal.wire.values import Leaf, integer, kilowatts, percent, text

from .stations import battery_state_of, state_of

if TYPE_CHECKING:
    from collections.abc import Iterator


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


def parse_all_status(raw: msgspec.Raw | bytes) -> DeviceList:
    """Read the state of all devices; order is the portal's.

    A rack's status is no verdict: a rack can be "offline" while its battery works.
    """
    page = read_data(msgspec.Raw(raw), _AllStatus, mark("no data in the device states"))
    devices = tuple(_devices(page))
    # An inverter that does not say what it is may be the one with the racks.
    hybrid = {"store", ""} if any(it.kind == RACK for it in devices) else {"store"}
    return DeviceList(
        inverters=tuple(
            Inverter(
                sn=device.sn,
                name=device.name,
                state=state_of(device.status),
                status=integer(device.status),
            )
            for device in devices
            if device.kind in _INVERTERS
        ),
        meters=tuple(
            Meter(sn=device.sn, name=device.name, state=state_of(device.status))
            for device in devices
            if device.kind == METER
        ),
        racks=tuple(
            BatteryPack(sn=device.sn, name=device.name)
            for device in devices
            if device.kind == RACK
        ),
        accessories=tuple(
            Accessory(
                sn=device.sn,
                kind=device.kind,
                name=device.name,
                state=state_of(device.status),
            )
            for device in devices
            if device.kind not in _INVERTERS and device.kind not in {METER, RACK}
        ),
        stores=frozenset(
            device.sn
            for device in devices
            if device.kind == CABINET
            or (device.kind == INVERTER and device.subtype in hybrid)
        ),
        kinds={it.sn: it.kind for it in devices},
    )


def _devices(page: _AllStatus) -> Iterator[_Device]:
    seen: set[str] = set()
    for kind in page.deviceDetailList or []:
        for group in kind.statusDetailList or []:
            details = {text(sn): it for sn, it in (group.detailMap or {}).items()}
            listed = [text(sn) for sn in group.snList or []]
            for sn in dict.fromkeys([*listed, *details]):
                if not sn or sn in seen:
                    continue
                seen.add(sn)
                detail = details.get(sn, _Detail())
                status = group.status if group.status is not None else detail.status
                yield _Device(
                    kind=text(kind.deviceType),
                    sn=sn,
                    name=text(detail.name) or sn,
                    subtype=text(detail.subtype),
                    status=status,
                )


class _PageRow(msgspec.Struct):
    sn: Leaf = None
    model: Leaf = None


class _Page(msgspec.Struct):
    dataList: list[_PageRow] | None = None


def parse_models(raw: msgspec.Raw | bytes) -> dict[str, str]:
    """Read serial -> model from the device page."""
    page = read_data(msgspec.Raw(raw), _Page, mark("no data in the device page"))
    return {
        text(row.sn): text(row.model)
        for row in page.dataList or []
        if text(row.sn) and text(row.model)
    }


class _Related(msgspec.Struct):
    sn: Leaf = None
    name: Leaf = None
    type: Leaf = None
    status: Leaf = None
    soc: Leaf = None
    pbat: Leaf = None


def parse_related(raw: msgspec.Raw | bytes) -> tuple[BatteryPack, ...]:
    """Read the battery systems behind one inverter; none is an answer too."""
    rows = read_or_none(raw, list[_Related]) or []
    return tuple(
        BatteryPack(
            sn=text(row.sn),
            name=text(row.name) or text(row.sn),
            state=battery_state_of(row.status),
            soc_percent=percent(row.soc),
            power_w=kilowatts(row.pbat),
        )
        for row in rows
        if text(row.sn) and text(row.type) in {"", BAT_SYS}
    )


def renewed(known: BatteryPack | None, pack: BatteryPack) -> BatteryPack:
    """Return the battery system anew, with the telemetry that is held of it."""
    if known is None:
        return pack
    return replace(
        known, state=pack.state, soc_percent=pack.soc_percent, power_w=pack.power_w
    )
