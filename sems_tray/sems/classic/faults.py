"""What a classic inverter reports as wrong: error rows, fault bits, a message."""

from __future__ import annotations

from typing import TYPE_CHECKING

import msgspec

from sems_tray.core.model import Alarm, DeviceState
from sems_tray.sems.numbers import Leaf, integer, text

from .times import epoch_ms

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import datetime

    from sems_tray.core.model import Inverter

_UTILITY_LOSS = 9
# The 32-bit error word of the local protocol (facts, section 8); that the classic
# portal's `fault_messge` has the same bits is likely.
_FAULT_BITS = {
    0: "GFCI device check failure",
    1: "AC HCT check failure",
    3: "DCI consistency failure",
    4: "GFCI consistency failure",
    6: "GFCI device failure",
    7: "Relay device failure",
    8: "AC HCT failure",
    9: "Utility loss",
    10: "Ground current failure",
    11: "DC bus voltage high",
    12: "Internal fan failure",
    13: "Over temperature",
    14: "Utility phase failure",
    15: "PV over voltage",
    16: "External fan failure",
    17: "Grid voltage failure",
    18: "Isolation failure",
    19: "DC injection high",
    20: "Back-up overload",
    22: "Grid frequency consistency failure",
    23: "Grid voltage consistency failure",
    25: "Relay check failure",
    27: "Phase angle failure",
    28: "DSP communication failure",
    29: "Grid frequency failure",
    30: "EEPROM failure",
    31: "Internal communication failure",
}


class _Error(msgspec.Struct):
    error_code: Leaf = None
    time: Leaf = None


def _bits(both: Mapping[str, Leaf]) -> frozenset[int]:
    return _bits_of(both.get("fault_messge"))  # [sic]


def _bits_of(leaf: Leaf) -> frozenset[int]:
    word = integer(leaf)
    return frozenset(
        bit for bit in _FAULT_BITS if word and word > 0 and word >> bit & 1
    )


def name_of(error_code: Leaf) -> str:
    """Return the name of a fault word that has one bit set; empty for any other."""
    bits = _bits_of(error_code)
    return _FAULT_BITS[min(bits)] if len(bits) == 1 else ""


def utility_lost(both: Mapping[str, Leaf]) -> bool | None:
    """Say whether the grid is gone for the inverter; None if it has no fault word."""
    if integer(both.get("fault_messge")) is None:
        return None
    return _UTILITY_LOSS in _bits(both)


def alarms_of(
    inverter: Inverter, both: Mapping[str, Leaf], message: str
) -> tuple[Alarm, ...]:
    """Return what the entry reports as wrong now: fault bits, a message, error rows.

    ``errors`` keeps rows of what is over, without a word on its end.  A row holds if
    the fault word or the message says the same; while the inverter is in a fault and
    that is true of none, any may hold.  The list of current warnings tells of the rest.
    BMS warnings are not read: battery-less inverters list every one there is.
    """
    bits, rows = _bits(both), _rows(both)
    said = message.removesuffix("_warning").upper()
    holding = {
        code: at for code, at in rows.items() if _bit(code) in bits or code == said
    }
    if not holding and inverter.state is DeviceState.FAULT:
        holding = rows
    found = {
        code: alarm(inverter, code, _name(code, bits), at)
        for code, at in holding.items()
    }
    for bit in sorted(bits - {_bit(code) for code in found}):
        found[f"bit {bit}"] = alarm(inverter, f"bit {bit}", _FAULT_BITS[bit], None)
    if said and not found:
        found[said] = alarm(inverter, said, "", None)
    return tuple(found.values())


def _rows(both: Mapping[str, Leaf]) -> dict[str, datetime | None]:
    """Return the codes of the error rows, and when each began last."""
    try:
        errors = msgspec.convert(both.get("errors") or [], list[_Error], strict=False)
    except msgspec.ValidationError:
        return {}
    found: dict[str, datetime | None] = {}
    for row in errors:
        code, at = text(row.error_code), epoch_ms(row.time)
        known = found.get(code)
        if code:
            found[code] = max(filter(None, (known, at)), default=None)
    return found


def _bit(code: str) -> int | None:
    return integer(code.rpartition("-")[2])


def _name(code: str, bits: frozenset[int]) -> str:
    bit = _bit(code)
    return _FAULT_BITS.get(bit, "") if bit is not None and bit in bits else ""


def alarm(inverter: Inverter, code: str, name: str, at: datetime | None) -> Alarm:
    """Return an active alarm of one inverter; its code is its identity."""
    return Alarm(
        id=f"{inverter.sn}:{code}",
        name=name or f"Alarm {code}",
        device_sn=inverter.sn or None,
        device_name=inverter.name,
        code=code,
        happened_at=at,
    )
