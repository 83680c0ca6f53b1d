"""Live power of a SEMS+ station (facts, section 3, "Live power")."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING

import msgspec

from sems_tray.core.language import mark
from sems_tray.core.model import Powers
from sems_tray.core.zones import by_clock
from sems_tray.sems.envelope import read_data
from sems_tray.sems.held import Live
from sems_tray.sems.numbers import Leaf, kilowatts, number, percent, text

from .status import state_of

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import tzinfo


_BESIDE = ("pEvChar", "pThird", "pHeatPump")
_POWERS = ("pSystem", "pBat", "pGrid", "pConsum", "pDiesel", *_BESIDE)
_BALANCED = frozenset({"pSystem", "pAc", "pBat", "pGrid", "pConsum", "pDiesel"})
_NOTHING = (None, "", "-", "--")


class _Flow(msgspec.Struct):
    status: Leaf = None
    flows: Leaf = None
    pSystem: Leaf = None
    pAc: Leaf = None
    pBat: Leaf = None
    pGrid: Leaf = None
    pConsum: Leaf = None
    pEvChar: Leaf = None
    pDiesel: Leaf = None
    pThird: Leaf = None
    pHeatPump: Leaf = None
    soc: Leaf = None
    refreshTime: Leaf = None
    time: Leaf = None  # the same in the live feed's messages


@dataclass(frozen=True, slots=True)
class _Ways:
    """Which of the drawn lines begin and end at a part of the picture."""

    sources: frozenset[str]
    targets: frozenset[str]

    @classmethod
    def of(cls, flows: Leaf) -> _Ways:
        """Read ``{"pBat": ["pConsum", "pGrid"]}``; anything else says nothing."""
        sources: set[str] = set()
        targets: set[str] = set()
        if isinstance(flows, dict):
            for source, ends in flows.items():
                if isinstance(ends, list) and ends:
                    sources.add(source)
                    targets.update(end for end in ends if isinstance(end, str))
        return cls(frozenset(sources), frozenset(targets))

    def direct(self, name: str, value: float | None, *, source: int) -> float | None:
        """Give a power its sign: ``source`` is the sign of a line that begins here.

        Where no line says otherwise the portal's own sign stands, which is ours.
        """
        if value is None or (name in self.sources) == (name in self.targets):
            return value
        return abs(value) * (source if name in self.sources else -source)


def parse_flow(raw: msgspec.Raw | bytes, zone: tzinfo | None, now: datetime) -> Live:
    """Read the flow's data. Powers are kW there and W here.

    Raises PortalError: portal_changed for no data.
    """
    flow = read_data(msgspec.Raw(raw), _Flow, mark("no data in the live power"))
    ways = _Ways.of(flow.flows)
    powers = {name: kilowatts(getattr(flow, name)) for name in _POWERS}
    battery_w = ways.direct("pBat", powers["pBat"], source=1)
    grid_w = ways.direct("pGrid", powers["pGrid"], source=-1)
    pv_w, load_w = powers["pSystem"], powers["pConsum"]
    soc = percent(flow.soc)
    seen: bool | None = None
    if battery_w or "pBat" in ways.sources | ways.targets:
        seen = True
    elif battery_w is None and soc is None:
        seen = False
    return Live(
        measured_at=measured_at(flow.refreshTime or flow.time, zone, now),
        power=Powers(
            pv_w=pv_w,
            load_w=None if load_w is None else abs(load_w),
            grid_w=grid_w,
            battery_w=battery_w,
            ev_w=powers["pEvChar"],
        ),
        ac_w=kilowatts(flow.pAc),
        soc_percent=soc,
        state=state_of(flow.status),
        battery_seen=seen,
        others_w=_others(flow, powers, ways),
    )


def _others(
    flow: _Flow, powers: Mapping[str, float | None], ways: _Ways
) -> float | None:
    """Return what a generator gives; None where the balance is not to be relied on.

    Whether the house's power holds what a charger, a heat pump or another maker's
    inverter takes or gives is not known.  A power that is told and cannot be read has
    no stand-in.
    """
    drawn = ways.sources | ways.targets
    unread = (
        power_w is None and getattr(flow, name) not in _NOTHING
        for name, power_w in powers.items()
    )
    if any(unread) or drawn - _BALANCED or any(powers[name] for name in _BESIDE):
        return None
    diesel_w = powers["pDiesel"]
    if diesel_w is None:
        return None if "pDiesel" in drawn else 0.0
    return abs(diesel_w)


def measured_at(leaf: Leaf, zone: tzinfo | None, now: datetime) -> datetime | None:
    """Read ``refreshTime``: ISO, station local time without a zone."""
    if number(leaf) is not None:
        return None
    try:
        local = datetime.fromisoformat(text(leaf))
    except ValueError:
        return None
    return by_clock(local, zone, now)
