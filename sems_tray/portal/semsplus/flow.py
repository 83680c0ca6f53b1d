"""Live power of a SEMS+ station (facts, section 3, "Live power")."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING

from sems_tray.domain.model import DeviceState, Powers
from sems_tray.domain.time_zones import by_clock
from sems_tray.i18n.language import mark
from sems_tray.portal.station_cache import Live
from sems_tray.portal.wire.envelope import read_data
from sems_tray.portal.wire.values import Fields, iso_time, kilowatts, percent

from .stations import state_of

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import datetime, tzinfo

    import msgspec

    from sems_tray.portal.station_cache import StationCache
    from sems_tray.portal.wire.values import Leaf


_BESIDE = ("pEvChar", "pThird", "pHeatPump")
_POWERS = ("pSystem", "pBat", "pGrid", "pConsum", "pDiesel", *_BESIDE)
_BALANCED = frozenset({"pSystem", "pAc", "pBat", "pGrid", "pConsum", "pDiesel"})
_NOTHING = (None, "", "-", "--")


@dataclass(frozen=True, slots=True)
class _Ways:
    """Which of the drawn lines begin and end at a part of the picture."""

    sources: frozenset[str]
    targets: frozenset[str]

    @classmethod
    def of(cls, flows: Leaf) -> _Ways:
        """Read ``{"pBat": ["pConsum", "pGrid"]}``; anything else says nothing."""
        told = flows if isinstance(flows, dict) else {}
        lines = {it: ends for it, ends in told.items() if isinstance(ends, list)}
        ends = {end for ends in lines.values() for end in ends if isinstance(end, str)}
        return cls(frozenset(it for it in lines if lines[it]), frozenset(ends))

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
    flow = read_data(raw, Fields, mark("no data in the live power"))
    ways = _Ways.of(flow.get("flows"))
    powers = {name: kilowatts(flow.get(name)) for name in _POWERS}
    battery_w = ways.direct("pBat", powers["pBat"], source=1)
    grid_w = ways.direct("pGrid", powers["pGrid"], source=-1)
    pv_w, load_w = powers["pSystem"], powers["pConsum"]
    soc = percent(flow.get("soc"))
    seen: bool | None = None
    if battery_w or "pBat" in ways.sources | ways.targets:
        seen = True
    elif battery_w is None and soc is None:
        seen = False
    return Live(
        # The live feed's messages call it "time".
        measured_at=measured_at(flow.get("refreshTime") or flow.get("time"), zone, now),
        power=Powers(
            pv_w=pv_w,
            load_w=None if load_w is None else abs(load_w),
            grid_w=grid_w,
            battery_w=battery_w,
            ev_w=powers["pEvChar"],
        ),
        ac_w=kilowatts(flow.get("pAc")),
        soc_percent=soc,
        state=state_of(flow.get("status")),
        battery_seen=seen,
        others_w=_others(flow, powers, ways),
    )


def _others(
    flow: Fields, powers: Mapping[str, float | None], ways: _Ways
) -> float | None:
    """Return what a generator gives; None where the balance is not to be relied on.

    Whether the house's power holds what a charger, a heat pump or another maker's
    inverter takes or gives is not known.  A power that is told and cannot be read has
    no stand-in.
    """
    drawn = ways.sources | ways.targets
    unread = (
        power_w is None and flow.get(name) not in _NOTHING
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
    local = iso_time(leaf)
    if local is None:
        return None
    return by_clock(local, zone, now)


# What a change of live power makes due at once, whatever the cadence.


# Live power is renewed every minute or two, by old loggers every eight.
_SILENCE = timedelta(minutes=20)
# A meter without mains shows some watts of noise.
_QUIET_W = 25.0
# A battery that follows the house crosses the first often, and rarely goes past this.
_FLOWING_W = 100.0
# The portal may tell of a lost grid some minutes after the meter fell quiet, and after
# an alarm of the voltage that went with it.
_DOUBTFUL_POLLS = 3
_DOUBTFUL_FOR = timedelta(minutes=15)


def urgent(before: StationCache, after: StationCache) -> frozenset[str]:
    """Return what a change of live power makes due at once.

    A status that turns to fault asks for devices and alarms, and so does a station that
    reports again: its devices are no more what they were.  Where live power falls
    silent or begins only the devices tell who sleeps.  On a storage site a meter that
    falls quiet may be a grid that is lost, the more so when an alarm comes with it;
    only the station's information tells.  While the grid is lost, every poll asks
    whether it is back.
    """
    live = after.live
    if live is None:
        return frozenset()
    was = before.live
    due: set[str] = set()
    if live.state is DeviceState.FAULT and (was is None or was.state is not live.state):
        due |= {"devices", "alarms", "info"}
    if live.state is not DeviceState.FAULT and was and was.state is DeviceState.FAULT:
        due |= {"devices", "alarms"}
    if was is not None and _reports_again(was, live):
        due |= {"devices", "alarms"}
    if not live.is_told and (was is None or was.is_told):
        due.add("devices")
    if was is not None and (_falls_asleep(was, live) or _wakes(was, live)):
        due.add("devices")
    if before.grid_connected is False and after.grid_connected:
        due |= {"devices", "alarms"}  # the alarm of the lost grid is over, too
    if after.grid_connected is False or (after.grid_connected and _is_doubtful(after)):
        due.add("info")
    return frozenset(due)


def is_quiet(grid_w: float | None, *, before: bool) -> bool:
    """Say whether hardly any power flows over the meter; ``before``: it was so."""
    return grid_w is None or abs(grid_w) < (_FLOWING_W if before else _QUIET_W)


def _is_doubtful(cache: StationCache) -> bool:
    """Say whether the grid may have gone a moment ago."""
    if cache.quiet_polls <= _DOUBTFUL_POLLS:
        return cache.quiet_polls > 0
    now = cache.live.measured_at if cache.live else None
    began = (it.happened_at for it in cache.alarms if it.active and it.happened_at)
    return now is not None and any(abs(now - at) <= _DOUBTFUL_FOR for at in began)


def _falls_asleep(was: Live, live: Live) -> bool:
    return live.state is DeviceState.OFFLINE is not was.state


def _wakes(was: Live, live: Live) -> bool:
    return not (was.power.pv_w or 0.0) > 0 and (live.power.pv_w or 0.0) > 0


def _reports_again(was: Live, live: Live) -> bool:
    """Say whether a silence is over."""
    woke = was.state is DeviceState.OFFLINE and live.state is not DeviceState.OFFLINE
    if woke or was.measured_at is None or live.measured_at is None:
        return woke
    return live.measured_at - was.measured_at > _SILENCE
