"""What a classic inverter reports as wrong: error rows, fault bits, a message."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import msgspec

from sems_tray.domain.model import Alarm, DeviceState, Inverter
from sems_tray.domain.time_zones import to_utc
from sems_tray.i18n.language import mark
from sems_tray.portal.alarm_names import UTILITY_LOSS, alarm_name, bit_of, bits_of
from sems_tray.portal.errors import NoDataError
from sems_tray.portal.wire.envelope import read_rows
from sems_tray.portal.wire.values import Fields, Leaf, epoch_ms, integer, text

from .stations import local_time

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import datetime, tzinfo


# "e-G3-12-0_warning"; anything else in its place is the portal's own text.
_CODE = re.compile(r"[A-Z]-\w+(?:-\d+)+")


_WORD = "fault_messge"  # [sic]


def utility_lost(both: Mapping[str, Leaf]) -> bool | None:
    """Say whether the grid is gone for the inverter; None if it has no fault word.

    That the portal's fault word has the local protocol's bits is likely; of this one
    nothing says otherwise, and nothing else in this dialect tells of a lost grid.
    """
    word = both.get(_WORD)
    return None if integer(word) is None else UTILITY_LOSS in bits_of(word)


def alarms_of(
    inverter: Inverter, both: Mapping[str, Leaf], message: str
) -> tuple[Alarm, ...]:
    """Return what the entry reports as wrong now: fault bits, a message, error rows.

    ``errors`` keeps rows of what is over, without a word on its end.  A row holds if
    the fault word or the message says the same; while the inverter is in a fault and
    that is true of none, any may hold.  The list of current warnings tells of the rest.
    BMS warnings are not read: battery-less inverters list every one there is.
    """
    bits, rows = bits_of(both.get(_WORD)), _rows(both)
    said = message.removesuffix("_warning").upper()
    holding = {
        code: at for code, at in rows.items() if bit_of(code) in bits or code == said
    }
    if not holding and inverter.state is DeviceState.FAULT:
        holding = rows
    found = {code: alarm(inverter, code, at) for code, at in holding.items()}
    for bit in sorted(bits - {bit_of(code) for code in found}):
        found[f"bit {bit}"] = alarm(inverter, f"bit {bit}", None)
    if said and not found:
        told = "" if _CODE.fullmatch(said) else message
        found[said] = alarm(inverter, said, None, told)
    return tuple(found.values())


def _rows(both: Mapping[str, Leaf]) -> dict[str, datetime | None]:
    """Return the codes of the error rows, and when each began last."""
    try:
        errors = msgspec.convert(both.get("errors") or [], list[Fields], strict=False)
    except msgspec.ValidationError:
        return {}
    found: dict[str, datetime | None] = {}
    for row in errors:
        code, at = text(row.get("error_code")), epoch_ms(row.get("time"))
        known = found.get(code)
        if code:
            found[code] = max(filter(None, (known, at)), default=None)
    return found


def alarm(
    inverter: Inverter,
    code: str,
    at: datetime | None,
    *told: Leaf,
    word: Leaf = None,
) -> Alarm:
    """Return an active alarm of one inverter; its code is its identity."""
    return Alarm(
        id=f"{inverter.sn}:{code}",
        name=alarm_name(code, *told, word=word),
        device_sn=inverter.sn or None,
        device_name=inverter.name,
        code=code,
        happened_at=at,
    )


# The classic portal's list of current warnings (facts, section 5).


class _Device(msgspec.Struct):
    sn: Leaf = None
    warning: list[Fields] | None = None


def parse_warnings(
    raw: msgspec.Raw | bytes,
    inverters: Mapping[str, Inverter],
    zone: tzinfo | None,
    now: datetime,
) -> tuple[Alarm, ...]:
    """Read the warnings that hold now, bare or in ``list``."""
    devices = read_rows(raw, _Device)
    if devices is None:
        raise NoDataError(mark("no data in the warning list"))
    alarms: dict[str, Alarm] = {}
    for device in devices:
        sn = text(device.sn)
        inverter = inverters.get(sn, Inverter(sn=sn, name=sn))
        for row in device.warning or []:
            code = text(row.get("warning_code")) or text(row.get("error_code"))
            local = local_time(text(row.get("happen_time")))
            at = to_utc(local, zone, now) if local else epoch_ms(row.get("happen_time"))
            if code:
                names = row.get("warningNameEn"), row.get("warning_name")
                one = alarm(inverter, code, at, *names, word=row.get("error_code"))
                alarms[one.id] = one
    return tuple(alarms.values())
