"""Which way grid and battery flow: the balance decides, the flags break ties.

Classic gives sizes without signs, and clients contradict each other about the flags
(facts, section 5.1, "powerflow").  So take the signs that make
``pv + battery - grid = load`` come out.
"""

from __future__ import annotations

from dataclasses import dataclass
from itertools import product

# Signs whose balances differ by less than this fit equally well: the four sizes are
# not measured at the same moment.
_TIE_W = 50.0
_TIE_SHARE = 0.02


@dataclass(frozen=True, slots=True, kw_only=True)
class Sizes:
    """Four sizes in W, and what the flags say (0: nothing)."""

    pv_w: float
    battery_w: float
    grid_w: float
    load_w: float | None
    grid_flag: int = 0  # 1: export
    battery_flag: int = 0  # 1: charging


def signed(sizes: Sizes) -> tuple[float, float]:
    """Return (battery_w, grid_w); discharging and export are positive."""
    by_flag = (-1 if sizes.battery_flag > 0 else 1, -1 if sizes.grid_flag < 0 else 1)
    signs = by_flag if sizes.load_w is None else _balanced(sizes, sizes.load_w)
    battery, grid = signs
    return (
        battery * sizes.battery_w if sizes.battery_w else 0.0,
        grid * sizes.grid_w if sizes.grid_w else 0.0,
    )


def _balanced(sizes: Sizes, load_w: float) -> tuple[int, int]:
    residues = {
        (battery, grid): abs(
            sizes.pv_w + battery * sizes.battery_w - grid * sizes.grid_w - load_w
        )
        for battery, grid in product((1, -1), repeat=2)
    }
    slack = max(_TIE_W, _TIE_SHARE * load_w)
    best = min(residues.values())
    fitting = [signs for signs, residue in residues.items() if residue <= best + slack]
    return max(fitting, key=lambda signs: (_agreement(signs, sizes), -residues[signs]))


def _agreement(signs: tuple[int, int], sizes: Sizes) -> int:
    """Count the flags that the signs follow."""
    battery, grid = signs
    return (battery * -sizes.battery_flag > 0) + (grid * sizes.grid_flag > 0)
