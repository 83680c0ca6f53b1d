"""What the "Now" page shows, made anew from the whole situation each time."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING

from . import words
from .date_words import weekday_short
from .directions import battery_word, direction
from .flow import empty_picture, flow_picture
from .language import mark, tr, trc
from .model import BatteryState, StationState
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
_FINE = timedelta(hours=1)
# Within so many hours "02:30" can only be the next one.
_UNMISTAKABLE = timedelta(hours=20)
_SOON = timedelta(minutes=5)


@dataclass(frozen=True, slots=True)
class _Promise:
    """The sentences of an estimate, by how far away it is."""

    soon: str
    clock: str
    tomorrow: str
    later: str


_FILLS = _Promise(
    soon=mark("Full in a few minutes"),
    clock=mark("Full about {clock}"),
    tomorrow=mark("Full about tomorrow {clock}"),
    later=mark("Full about {weekday} {clock}"),
)
_DRAINS = _Promise(
    soon=mark("Down to {percent} in a few minutes"),
    clock=mark("Down to {percent} about {clock}"),
    tomorrow=mark("Down to {percent} about tomorrow {clock}"),
    later=mark("Down to {percent} about {weekday} {clock}"),
)


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
    """Return the page; after a ``failed`` first poll there is nothing to wait for."""
    if reading is None:
        message = "" if failed else tr("Waiting for the first reading …")
        return NowView(flow=empty_picture(), message=message, old=True)
    shown = sleeping(reading, now, dark_at)
    state = state_of(shown, now, dark_at)
    old = is_old(shown, now)
    lost = state is StationState.GRID_LOST
    return NowView(
        flow=flow_picture(shown, old=old, grid_lost=lost),
        battery=_battery(
            shown,
            reserve_percent,
            "" if old else estimate_words(estimate, now, shown),
        ),
        tiles=tiles(shown, tariffs, old=old and state not in _CALM),
        old=old,
    )


def estimate_words(estimate: Estimate | None, now: datetime, reading: Reading) -> str:
    """Return "Full about 14:10" or "20 % about 02:30"; "" if there is nothing to say.

    The time is rounded to what an estimate is worth: five minutes, later on ten.
    """
    at_now = portal_time(reading, now)
    if estimate is None or estimate.at <= at_now:
        return ""
    fills = estimate.charging and estimate.target_percent >= _FULL
    promise = _FILLS if fills else _DRAINS
    at = _rounded(estimate.at, at_now, zone_of(reading))
    return tr(_sentence(promise, estimate.at - at_now, at, at_now)).format(
        percent=words.percent(estimate.target_percent),
        clock=words.at_station(f"{at:%H:%M}", at, at.tzinfo),
        weekday=weekday_short(at.weekday()),
    )


def _sentence(promise: _Promise, ahead: timedelta, at: datetime, now: datetime) -> str:
    if ahead < _SOON:
        return promise.soon
    if ahead < _UNMISTAKABLE:
        return promise.clock
    days = (at.date() - now.astimezone(at.tzinfo).date()).days
    return promise.tomorrow if days == 1 else promise.later


def _rounded(at: datetime, now: datetime, where: tzinfo | None) -> datetime:
    """Return the local time, as exact as an estimate is so far ahead."""
    ahead = at - now
    step_s = 300 if ahead < _FINE else 600
    local = at.astimezone(where)
    midnight = local.replace(hour=0, minute=0, second=0, microsecond=0)
    into_day = (local - midnight).total_seconds()
    return local + timedelta(seconds=(into_day / step_s + 0.5) // 1 * step_s - into_day)


def _battery(
    reading: Reading, reserve_percent: float | None, estimate: str
) -> BatteryCard | None:
    battery, power_w = reading.battery, reading.power.battery_w
    if battery is None:
        return None
    soc = battery.soc_percent
    return BatteryCard(
        title=tr("Battery {percent}").format(percent=words.percent(soc)),
        doing=_doing(soc, power_w, battery.state),
        soc_percent=soc,
        reserve_percent=reserve_percent,
        estimate=estimate,
        reserve=""
        if reserve_percent is None
        # Translators: the charge that the battery keeps back.
        else tr("reserve {percent}").format(percent=words.percent(reserve_percent)),
        low=soc is not None and soc <= _LOW_SOC,
    )


def _doing(soc: float | None, power_w: float | None, state: BatteryState | None) -> str:
    """Return "charging at 1.20 kW", "full" or "idle"; "" where nobody knows."""
    known = direction(power_w, state)
    if known is None:
        return ""
    if power_w is not None and known is not BatteryState.IDLE:
        text = (
            trc("battery state", "charging at {power}")
            if known is BatteryState.CHARGING
            else trc("battery state", "discharging at {power}")
        )
        return text.format(power=words.fine_power(power_w))
    full = soc is not None and soc >= _FULL
    return trc("battery state", "full") if full else battery_word(known)
