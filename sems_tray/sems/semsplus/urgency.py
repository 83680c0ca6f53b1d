"""What a change of live power makes due at once, whatever the cadence."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

from sems_tray.core.model import DeviceState

if TYPE_CHECKING:
    from sems_tray.sems.held import Held, Live

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


def urgent(before: Held, after: Held) -> frozenset[str]:
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


def _is_doubtful(held: Held) -> bool:
    """Say whether the grid may have gone a moment ago."""
    if held.quiet_polls <= _DOUBTFUL_POLLS:
        return held.quiet_polls > 0
    now = held.live.measured_at if held.live else None
    began = (it.happened_at for it in held.alarms if it.active and it.happened_at)
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
