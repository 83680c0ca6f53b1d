"""A station that says nothing by daylight.

It is inferred, so the rule is slow to speak.  Night is never a fault.
"""

from __future__ import annotations

from datetime import timedelta
from functools import partial
from typing import TYPE_CHECKING

from sems_tray.core import words
from sems_tray.core.model import DeviceState

from .fold import INVERTER, STATION, Finding, Needs
from .rules_grid import GRID
from .values import Rule

if TYPE_CHECKING:
    from collections.abc import Iterator

    from sems_tray.core.model import Inverter

    from .look import Look
    from .state import Memory

SILENT = "silent"
_ONE = "silent:"
# Any day of this length has some daylight in it, wherever the station stands.
_SILENT_ANYWHERE = timedelta(hours=24)
_OFFLINE_FOR = timedelta(minutes=20)
_ONE_OFFLINE_FOR = timedelta(minutes=30)

_SOMETHING_W = 50.0


def silent(look: Look, memory: Memory) -> Iterator[Finding]:
    """Say whether the station, or one of its inverters, has gone silent."""
    yield from _station(look, memory)
    if not look.all_offline and "devices" not in look.reading.stale:
        for place, inverter in enumerate(look.reading.inverters, start=1):
            off = inverter.state is DeviceState.OFFLINE
            if off or memory.topic(_ONE + inverter.sn) is not None:
                yield _inverter(inverter, place, look, memory)


def _station(look: Look, memory: Memory) -> Iterator[Finding]:
    measured_at = look.reading.measured_at
    said = partial(Finding, topic=SILENT, rule=Rule.SILENT, inferred=True)
    if not look.old and not look.all_offline:
        if measured_at is not None and memory.topic(SILENT) is not None:
            yield said(holds=False)
        return
    if memory.raised(GRID):
        return  # without mains there is often no router either
    last_sign = measured_at if look.old else memory.awake_at
    known_awake = last_sign is not None and look.same_daylight(last_sign)
    due = look.broad_daylight and (known_awake or look.late_morning())
    if look.dark is None:
        due = measured_at is not None and look.at - measured_at >= _SILENT_ANYWHERE
    if due or memory.raised(SILENT):
        lasting = timedelta() if look.old else _OFFLINE_FOR
        yield said(
            holds=True,
            needs=Needs(look.rules.silent_samples, lasting),
            began=last_sign,
            device=INVERTER if len(look.reading.inverters) < 2 else STATION,  # noqa: PLR2004
        )


def _inverter(inverter: Inverter, place: int, look: Look, memory: Memory) -> Finding:
    holds: bool | None = None
    if inverter.state is DeviceState.OFFLINE:
        others = [it for it in look.reading.inverters if it.sn != inverter.sn]
        producing = any((it.power_w or 0) > _SOMETHING_W for it in others)
        light = look.fresh and look.broad_daylight and look.late_morning()
        holds = True if producing and light and not memory.raised(GRID) else None
    elif inverter.state is not DeviceState.UNKNOWN:
        holds = False
    return Finding(
        topic=_ONE + inverter.sn,
        rule=Rule.SILENT,
        holds=holds,
        inferred=True,
        needs=Needs(look.rules.silent_samples, _ONE_OFFLINE_FOR),
        subject=words.name(inverter.name) or str(place),
        device=INVERTER,
    )
