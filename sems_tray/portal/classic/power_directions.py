"""Which way grid and battery flow: the balance decides, then flags and the charge.

Classic gives sizes without signs, and clients contradict each other about the flags
(facts, section 5.1, "powerflow").  So take the signs that make
``pv + generator + battery - grid = load`` come out.  Where several do, or where the
balance leaves a remainder because something takes part that nobody tells of, the flags
and the course of the charge decide; where these are silent or disagree, nobody knows.
"""

from __future__ import annotations

from dataclasses import dataclass
from itertools import product

from sems_tray.i18n.formatting import DEAD_BAND_W

# Signs whose balances differ by less than this fit equally well: the four sizes are
# not measured at the same moment.
_TIE_W = 50.0
_TIE_SHARE = 0.02
# More than this is no loss and no moment between two measurements: the balance is open.
_OPEN_W = 200.0
_OPEN_SHARE = 0.15

_Signs = tuple[int, int]  # battery, grid


@dataclass(frozen=True, slots=True, kw_only=True)
class Sizes:
    """Sizes in W, None for unknown, and what else tells of directions (0: nothing).

    ``generator_w`` is None for a generator that runs and does not say how hard.
    """

    pv_w: float | None
    battery_w: float | None
    grid_w: float | None
    load_w: float | None
    generator_w: float | None = 0.0
    grid_flag: int = 0  # 1: export
    battery_flag: int = 0  # 1: charging
    charge_way: int = 0  # 1: the state of charge rises, -1: it falls


def signed(sizes: Sizes) -> tuple[float | None, float | None]:
    """Return (battery_w, grid_w), discharging and export positive; None for unknown."""
    possible = _possible(sizes)
    most = max(_votes(sizes, signs) for signs in possible)
    chosen = [signs for signs in possible if _votes(sizes, signs) == most]
    batteries, grids = zip(*chosen, strict=True)
    return _directed(sizes.battery_w, batteries), _directed(sizes.grid_w, grids)


def _directed(size_w: float | None, signs: tuple[int, ...]) -> float | None:
    """Give a size its sign; below the dead band it is noise and takes the likeliest."""
    if not size_w or len({*signs}) == 1 or size_w < DEAD_BAND_W:
        return size_w and size_w * signs[0]
    return None


def _possible(sizes: Sizes) -> list[_Signs]:
    """Return the signs that the balance allows, the likeliest first.

    Where it says nothing these are all.
    """
    every = [
        (battery, grid)
        for battery, grid in product((1, -1), repeat=2)
        if (battery == 1 or sizes.battery_w) and (grid == 1 or sizes.grid_w)
    ]
    pv_w, load_w = sizes.pv_w, sizes.load_w
    battery_w, grid_w = sizes.battery_w, sizes.grid_w
    if pv_w is None or load_w is None or battery_w is None or grid_w is None:
        return every
    needed_w = load_w - pv_w - (sizes.generator_w or 0.0)
    # What the house gets from nowhere; below zero, what goes nowhere.
    missing = {(b, g): needed_w - b * battery_w + g * grid_w for b, g in every}
    every.sort(key=lambda signs: abs(missing[signs]))
    slack = max(_TIE_W, _TIE_SHARE * load_w)
    if sizes.generator_w is None:  # it may give what is missing; it takes nothing
        return [it for it in every if missing[it] >= -slack] or every
    best = abs(missing[every[0]])
    if best > max(_OPEN_W, _OPEN_SHARE * max(pv_w, battery_w, grid_w, load_w)):
        return every
    return [it for it in every if abs(missing[it]) <= best + slack]


def _votes(sizes: Sizes, signs: _Signs) -> int:
    """Count the hints that signs follow."""
    battery, grid = signs
    hints = (
        -battery * sizes.battery_flag,
        -battery * sizes.charge_way,
        grid * sizes.grid_flag,
    )
    return sum(it > 0 for it in hints)
