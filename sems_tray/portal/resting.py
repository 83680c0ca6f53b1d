"""What rests, because nothing of it can change: it is asked for once, then daily."""

from __future__ import annotations

from typing import TYPE_CHECKING

from .assemble_reading import has_battery

if TYPE_CHECKING:
    from .station_cache import StationCache


# A hybrid may report some watts all night.
_NO_SUN_W = 20.0


def never(held: StationCache, *, dark: bool) -> bool:
    """It may change at any time."""
    del held, dark
    return False


def without_storage(held: StationCache, *, dark: bool) -> bool:
    """Only a storage site is told whether it hangs on the grid (facts, section 3)."""
    del dark
    station = held.station
    stores = station is not None and station.stores
    return held.grid_connected is None and not stores


def in_the_dark(held: StationCache, *, dark: bool) -> bool:
    """It counts the sun, or moves with what is asked for anyway."""
    live = held.live
    return dark and live is not None and (live.power.pv_w or 0.0) < _NO_SUN_W


def asleep(held: StationCache, *, dark: bool) -> bool:
    """It counts the sun alone: there is neither a meter nor a battery."""
    live = held.live
    if live is None or not in_the_dark(held, dark=dark):
        return False
    metered = live.power.load_w is not None or live.power.grid_w is not None
    return not (metered or held.meters or has_battery(held, live))
