"""What the "Now" page shows, made anew from the whole situation each time."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING

from . import words
from .flow import doing, empty_picture, fine_power, flow_picture
from .model import StationState
from .present import sleeping, zone_of
from .tariffs import Tariffs
from .tiles import tiles
from .verdict import is_old, portal_time, state_of

if TYPE_CHECKING:
    from datetime import datetime, tzinfo

    from .estimate import Estimate
    from .flow import FlowPicture
    from .model import Reading
    from .tiles import Tile
    from .verdict import DarkAt

_NO_TARIFFS = Tariffs()
_LOW_SOC = 20.0
_FULL = 100.0
# In these the totals of the day stand still by right.
_CALM = frozenset({StationState.NIGHT, StationState.WAITING})
_WEEKDAYS = ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun")
_FINE = timedelta(hours=1)
# Within so many hours "02:30" can only be the next one.
_UNMISTAKABLE = timedelta(hours=20)


@dataclass(frozen=True, slots=True, kw_only=True)
class BatteryCard:
    """The battery in one look. Percents run from 0 to 100."""

    title: str
    doing: str
    soc_percent: float | None = None
    reserve_percent: float | None = None
    estimate: str = ""
    reserve: str = ""
    low: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class NowView:
    """The page as a value; ``message`` stands there while nothing is known."""

    flow: FlowPicture
    battery: BatteryCard | None = None
    tiles: tuple[Tile, ...] = ()
    message: str = ""
    old: bool = False


def now_view(
    reading: Reading | None,
    now: datetime,
    dark_at: DarkAt,
    *,
    estimate: Estimate | None = None,
    tariffs: Tariffs = _NO_TARIFFS,
    reserve_percent: float | None = None,
    failed: bool = False,
) -> NowView:
    """Return the page; ``failed`` greys the numbers and keeps them."""
    if reading is None:
        message = "" if failed else "Waiting for the first reading …"
        return NowView(flow=empty_picture(), message=message, old=True)
    shown = sleeping(reading, now, dark_at)
    state = state_of(shown, now, dark_at)
    old = failed or is_old(shown, now)
    lost = state is StationState.GRID_LOST
    return NowView(
        flow=flow_picture(shown, old=old, grid_lost=lost),
        battery=_battery(
            shown,
            reserve_percent,
            "" if old else estimate_words(estimate, now, shown),
        ),
        tiles=tiles(shown, tariffs, old=failed or (old and state not in _CALM)),
        old=old,
    )


def estimate_words(estimate: Estimate | None, now: datetime, reading: Reading) -> str:
    """Return "Full about 14:10" or "20 % about 02:30"; "" if there is nothing to say.

    The time is rounded to what an estimate is worth: five minutes, later on ten.
    """
    at_now = portal_time(reading, now)
    if estimate is None or estimate.at <= at_now:
        return ""
    target = (
        "Full"
        if estimate.charging and estimate.target_percent >= _FULL
        else f"Down to {words.percent(estimate.target_percent)}"
    )
    if estimate.at - at_now < timedelta(minutes=5):
        return f"{target} in a few minutes"
    return f"{target} about {_clock(estimate.at, at_now, zone_of(reading))}"


def _clock(at: datetime, now: datetime, where: tzinfo | None) -> str:
    ahead = at - now
    step_s = 300 if ahead < _FINE else 600
    local = at.astimezone(where)
    midnight = local.replace(hour=0, minute=0, second=0, microsecond=0)
    into_day = (local - midnight).total_seconds()
    local += timedelta(seconds=(into_day / step_s + 0.5) // 1 * step_s - into_day)
    if ahead < _UNMISTAKABLE:
        return f"{local:%H:%M}"
    days = (local.date() - now.astimezone(where).date()).days
    day = "tomorrow" if days == 1 else _WEEKDAYS[local.weekday()]
    return f"{day} {local:%H:%M}"


def _battery(
    reading: Reading, reserve_percent: float | None, estimate: str
) -> BatteryCard | None:
    battery, power_w = reading.battery, reading.power.battery_w
    if battery is None:
        return None
    soc = battery.soc_percent
    way = doing(power_w, battery.state)
    moving = power_w is not None and abs(power_w) >= words.DEAD_BAND_W
    if soc is not None and soc >= _FULL and not moving:
        way = "full"
    known_way = power_w is not None or battery.state is not None
    return BatteryCard(
        title=f"Battery {words.percent(soc)}",
        doing=(f"{way} at {fine_power(power_w)}" if moving else way)
        if known_way
        else "",
        soc_percent=soc,
        reserve_percent=reserve_percent,
        estimate=estimate,
        reserve=""
        if reserve_percent is None
        else f"reserve {words.percent(reserve_percent)}",
        low=soc is not None and soc <= _LOW_SOC,
    )
