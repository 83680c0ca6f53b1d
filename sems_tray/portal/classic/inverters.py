"""The inverters of a classic monitor reply: values, sentinels, faults."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

from sems_tray.domain.model import (
    NO_SUMS,
    BatteryPack,
    DeviceState,
    Energy,
    EnergySums,
    Inverter,
    Phase,
    PvString,
)
from sems_tray.domain.time_zones import is_past
from sems_tray.portal.wire.values import (
    amperes,
    celsius,
    epoch_ms,
    health,
    hertz,
    integer,
    known_or,
    kwh,
    number,
    percent,
    text,
    volts,
    watts,
)

from . import faults
from .stations import US_ORDER, logger_time, state_of

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping
    from datetime import datetime, tzinfo

    from sems_tray.domain.model import Alarm
    from sems_tray.portal.wire.values import Fields, Leaf


_STRINGS = range(1, 5)
_PHASES = range(1, 4)


@dataclass(frozen=True, slots=True, kw_only=True)
class Parsed:
    """One inverter, and what else its entry tells."""

    inverter: Inverter
    measured_at: datetime | None
    stores: bool
    soc_percent: float | None
    packs: tuple[BatteryPack, ...]
    alarms: tuple[Alarm, ...]
    meter_w: float | None
    utility_lost: bool | None
    generator_w: float | None = None
    month_kwh: float | None = None
    metered: Energy | None = None  # what its meter had counted at its report


def parse_inverter(
    entry: Fields, date_format: str, zone: tzinfo | None, now: datetime
) -> Parsed:
    """Read one entry; what the inner objects lack is taken from the outer."""
    full = _mapping(entry.get("invert_full"))
    short = _mapping(entry.get("d"))
    both = {**short, **full}
    sn = (
        text(entry.get("sn")) or text(full.get("sn")) or text(entry.get("releation_id"))
    )
    state = state_of(entry.get("status"))
    stores = entry.get("is_stored") is True or full.get("isbuettey") is True
    has_meter = full.get("hasmeter") is True
    measured_at = _measured_at(entry, both, date_format, zone, now)
    inverter = Inverter(
        sn=sn,
        name=text(entry.get("name")) or sn,
        model=text(entry.get("type"))
        or text(both.get("model"))
        or _model(entry.get("dict")),
        firmware=_version(both.get("firmware_version")),
        state=state,
        status=integer(entry.get("status")),
        power_w=known_or(watts(full.get("pac")), watts(entry.get("out_pac"))),
        today_kwh=kwh(entry.get("eday")),
        total_kwh=kwh(entry.get("etotal")),
        counted_at=measured_at,
        temperature_c=_temperature(entry, state),
        strings=_strings(both, entry, state),
        phases=_phases(both, state),
    )
    return Parsed(
        inverter=inverter,
        measured_at=measured_at,
        stores=stores,
        soc_percent=known_or(percent(both.get("soc")), percent(entry.get("soc")))
        if stores
        else None,
        packs=_packs(inverter, full) if stores else (),
        alarms=faults.alarms_of(inverter, both, text(entry.get("fault_message"))),
        meter_w=watts(full.get("pmeter")) if has_meter else None,
        utility_lost=faults.utility_lost(both),
        generator_w=watts(full.get("genset_power")),
        month_kwh=_month_kwh(entry, full),
        metered=_metered(full, measured_at) if has_meter else None,
    )


def _metered(full: Mapping[str, Leaf], at: datetime | None) -> Energy:
    """Return what the meter counted; a day of zeros is one that is not told."""
    bought, sold = kwh(full.get("buy")), kwh(full.get("seller"))
    told = bool(bought or sold)
    return Energy(
        today=EnergySums(import_kwh=bought, export_kwh=sold) if told else NO_SUMS,
        total=EnergySums(
            import_kwh=kwh(full.get("total_buy")) or None,
            export_kwh=kwh(full.get("total_sell")) or None,
        ),
        counted_at=at,
    )


def _month_kwh(entry: Fields, full: Mapping[str, Leaf]) -> float | None:
    """Return this month's energy: the portal counts it without today (facts, 5.1)."""
    before = known_or(kwh(full.get("thismonthetotle")), kwh(entry.get("emonth")))
    today = kwh(entry.get("eday"))
    return None if before is None or today is None else round(before + today, 3)


def _mapping(leaf: Leaf) -> Mapping[str, Leaf]:
    return leaf if isinstance(leaf, dict) else {}


def _mappings(leaf: Leaf) -> list[Mapping[str, Leaf]]:
    return [_mapping(it) for it in leaf] if isinstance(leaf, list) else []


def _version(leaf: Leaf) -> str | None:
    version = number(leaf)
    return f"{version:.0f}" if version else None


def _temperature(entry: Fields, state: DeviceState) -> float | None:
    """An inverter that is off reports 0 °C."""
    value = celsius(entry.get("tempperature"))
    return None if state is DeviceState.OFFLINE and not value else value


def _measured_at(
    entry: Fields,
    both: Mapping[str, Leaf],
    date_format: str,
    zone: tzinfo | None,
    now: datetime,
) -> datetime | None:
    """Epoch ``last_time`` is the best source: it stands still with the inverter."""
    stamps = (
        epoch_ms(both.get("last_time")),
        logger_time(entry.get("last_refresh_time"), US_ORDER, zone, now),
        logger_time(both.get("last_refresh_time"), date_format, zone, now),
    )
    found = [it for it in stamps if it is not None]
    return next((it for it in found if is_past(it, now)), found[0] if found else None)


def _strings(
    both: Mapping[str, Leaf], entry: Fields, state: DeviceState
) -> tuple[PvString, ...]:
    pairs = {n: (both.get(f"vpv{n}"), both.get(f"ipv{n}")) for n in _STRINGS}
    if not any(f"vpv{n}" in both for n in _STRINGS):
        pairs = _pairs_in_words(both, entry)
    values = {n: (volts(v), amperes(a)) for n, (v, a) in pairs.items()}
    found = tuple(
        PvString(name=str(n), v=v, a=a, w=None if a is None else round(v * a, 1))
        for n, (v, a) in values.items()
        if v is not None
    )
    return () if _is_off(found, state) else found


def _is_off(found: Iterable[PvString | Phase], state: DeviceState) -> bool:
    """An inverter that is off reports 0 V."""
    return state is DeviceState.OFFLINE and not any(it.v for it in found)


def _pairs_in_words(
    both: Mapping[str, Leaf], entry: Fields
) -> dict[int, tuple[Leaf, Leaf]]:
    """Read "720.4V/0.4A" of ``d``, or "172.7/0.9" of ``dict`` by its unit.

    The keys of ``dict`` were once translated, so they cannot be relied on.
    """
    words = [text(both.get(f"dc_input{n}")) for n in (1, 2)]
    if not any(words):
        words = [
            row_text for unit, row_text in _rows(entry.get("dict")) if unit == "V/A"
        ]
    pairs = {n: word.split("/") for n, word in enumerate(words, 1)}
    return {n: (pair[0], pair[1]) for n, pair in pairs.items() if len(pair) == 2}  # noqa: PLR2004


def _rows(leaf: Leaf) -> list[tuple[str, str]]:
    sides = _mapping(leaf)
    rows = [*_mappings(sides.get("left")), *_mappings(sides.get("right"))]
    return [(text(row.get("unit")), text(row.get("value"))) for row in rows]


def _model(leaf: Leaf) -> str | None:
    return next((it for _, it in _rows(leaf) if re.match(r"GW\d+", it)), None)


def _phases(both: Mapping[str, Leaf], state: DeviceState) -> tuple[Phase, ...]:
    found = tuple(
        Phase(
            name=str(n),
            v=v,
            a=amperes(both.get(f"iac{n}")),
            hz=hertz(both.get(f"fac{n}")),
        )
        for n in _PHASES
        if (v := volts(both.get(f"vac{n}"))) is not None
    )
    return () if _is_off(found, state) else found


def _packs(inverter: Inverter, full: Mapping[str, Leaf]) -> tuple[BatteryPack, ...]:
    """Read the batteries; the sign of their power is not known and is left out."""
    one = {"vbattery": full.get("vbattery1"), "ibattery": full.get("ibattery1")}
    rows = _mappings(full.get("more_batterys")) or [{**full, **one}]
    return tuple(
        BatteryPack(
            sn=f"{inverter.sn}/{n}",
            name=f"Battery {n}",
            soc_percent=percent(row.get("soc")),
            soh_percent=health(row.get("soh")),
            v=volts(row.get("vbattery")),
            a=amperes(row.get("ibattery")),
            temperature_c=celsius(row.get("bms_temperature")),
        )
        for n, row in enumerate(rows, 1)
    )
