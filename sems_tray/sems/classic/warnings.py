"""The classic portal's list of current warnings (facts, section 5)."""

from __future__ import annotations

from typing import TYPE_CHECKING

import msgspec

from sems_tray.core.language import mark
from sems_tray.core.model import Inverter
from sems_tray.sems.envelope import read_rows
from sems_tray.sems.errors import empty
from sems_tray.sems.numbers import Leaf, text

from .faults import alarm
from .times import US_ORDER, epoch_ms, station_time

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import datetime, tzinfo

    from sems_tray.core.model import Alarm


class _Warning(msgspec.Struct):
    warning_code: Leaf = None
    error_code: Leaf = None
    warningNameEn: Leaf = None
    warning_name: Leaf = None
    happen_time: Leaf = None


class _Device(msgspec.Struct):
    sn: Leaf = None
    warning: list[_Warning] | None = None


def parse_warnings(
    raw: msgspec.Raw | bytes,
    inverters: Mapping[str, Inverter],
    zone: tzinfo | None,
    now: datetime,
) -> tuple[Alarm, ...]:
    """Read the warnings that hold now, bare or in ``list``."""
    devices = read_rows(raw, _Device)
    if devices is None:
        raise empty(mark("no data in the warning list"))
    alarms: dict[str, Alarm] = {}
    for device in devices:
        sn = text(device.sn)
        inverter = inverters.get(sn, Inverter(sn=sn, name=sn))
        for row in device.warning or []:
            code = text(row.warning_code) or text(row.error_code)
            at = epoch_ms(row.happen_time) or station_time(
                row.happen_time, US_ORDER, zone, now
            )
            if code:
                names = row.warningNameEn, row.warning_name
                one = alarm(inverter, code, at, *names, word=row.error_code)
                alarms[one.id] = one
    return tuple(alarms.values())
