"""A station that says nothing by daylight, or makes nothing in good light.

Both are inferred, so both are slow to speak.  Night is never a fault.
"""

from __future__ import annotations

from datetime import timedelta
from functools import partial
from typing import TYPE_CHECKING

from sems_tray.core import words
from sems_tray.core.model import DeviceState

from .fold import INVERTER, STATION, Finding, Needs
from .rules_faults import GRID
from .values import Level, Rule

if TYPE_CHECKING:
    from collections.abc import Iterator

    from sems_tray.core.model import Inverter

    from .look import Look
    from .state import Memory

SILENT = "silent"
PRODUCTION = "production"
_ONE = "silent:"
# Any day of this length has some daylight in it, wherever the station stands.
_SILENT_ANYWHERE = timedelta(hours=24)
_OFFLINE_FOR = timedelta(minutes=20)
_ONE_OFFLINE_FOR = timedelta(minutes=30)

# What stands for "nothing": below it even a plant held back by its house's small load
# does not go, and thick fog gives more.
_NOTHING_W = 20.0
_SOMETHING_W = 50.0
_PRODUCING_AGAIN = Needs(2)
_GOOD_LIGHT_DEG = 10.0
_DULL_DAY_W = 200.0
# Without a history only exact darkness on the roof under a high sun counts.
_HIGH_SUN_DEG = 20.0
_WITHOUT_HISTORY = 2


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


def production(look: Look, memory: Memory) -> Iterator[Finding]:
    """Say whether the plant makes nothing although the sun stands high enough."""
    pv_w = look.reading.power.pv_w
    if pv_w is None or not look.new or not look.fresh:
        return
    said = partial(Finding, topic=PRODUCTION, rule=Rule.NO_PRODUCTION, inferred=True)
    if pv_w > _NOTHING_W:
        if pv_w >= _SOMETHING_W and memory.topic(PRODUCTION) is not None:
            yield said(holds=False, calm=_PRODUCING_AGAIN)
        return
    if _explained(look, memory):
        return
    needs = _expected(look, pv_w)
    if needs is not None:
        yield said(holds=True, needs=needs, level=Level.WARNING)


def _explained(look: Look, memory: Memory) -> bool:
    """Say whether the plant may stand still for a reason that has its own notice."""
    reading = look.reading
    fault = any(it.raised and it.id.startswith("fault:") for it in memory.topics)
    off_grid = memory.raised(GRID) or reading.grid_connected is False
    return fault or off_grid or look.all_offline or not look.broad_daylight


def _expected(look: Look, pv_w: float) -> Needs | None:
    """Return how long nothing must last to be odd; None where it is not."""
    height = look.context.height_at(look.at)
    if height is None or height < _GOOD_LIGHT_DEG:
        return None
    power = look.context.habits.power
    usual = None if power is None else power.at(height)
    after = look.rules.production_after
    if usual is not None:
        return Needs(5, after) if usual.low_w >= _DULL_DAY_W else None
    if power is None and height >= _HIGH_SUN_DEG and pv_w <= 0:
        return Needs(10, after * _WITHOUT_HISTORY)
    return None
