"""What follows from the powers that the portal tells, where nothing is missing.

``pv + battery + others = load + grid``, grid above zero being export: all recorded
samples agree (facts, section 3, "Live power").  One unknown follows from the rest; two
stay unknown.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from sems_tray.core.model import Powers

    from .held import Live

# The parts are not measured at the same moment: so far below zero is still zero.
_SLACK_W = 50.0
_SLACK_SHARE = 0.05


def completed(live: Live, *, stores: bool | None) -> Powers:
    """Return the powers with what follows from the others.

    ``stores`` says whether there is a battery, None where that is not sure: only a
    battery that is surely none has a power of zero where none is told.
    """
    told = live.power
    if stores is False:
        told = replace(told, battery_w=None)
    if live.others_w is None:
        return told
    battery_w = 0.0 if stores is False else told.battery_w
    given_w = None
    if told.grid_w is not None and battery_w is not None:
        given_w = battery_w + live.others_w - told.grid_w
    pv_w, load_w = told.pv_w, told.load_w
    if pv_w is None and load_w is not None and given_w is not None:
        pv_w = _positive(load_w - given_w, load_w)
    elif pv_w is None and stores is False and live.ac_w is not None:
        # With a battery it holds the discharge, too.
        pv_w = _positive(live.ac_w, 0.0)
    if load_w is None and pv_w is not None and given_w is not None:
        load_w = _positive(pv_w + given_w, pv_w)
    return replace(told, pv_w=pv_w, load_w=load_w)


def _positive(value_w: float, beside_w: float) -> float | None:
    """Return a power that cannot be negative; None where the parts contradict it."""
    slack = max(_SLACK_W, _SLACK_SHARE * beside_w)
    return max(round(value_w, 3), 0.0) if value_w >= -slack else None
