"""The words that a story may use for what happens; any other word is an error."""

from __future__ import annotations

import shlex
from datetime import time, timedelta
from typing import TYPE_CHECKING

from sems_tray.alerts.delivery import QuietHours
from sems_tray.alerts.model import Rule
from sems_tray.domain.model import DeviceState
from sems_tray.domain.poll_result import Trouble

if TYPE_CHECKING:
    from tests.alerts.story import Teller

ALARM_LISTS = {"complete", "late", "lost", "shuffled", "doubled", "old", "unknown"}
DAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")


def do(teller: Teller, text: str) -> None:  # noqa: C901, PLR0912, PLR0915 (a table)
    """Do what a clause says."""
    house = teller.house
    match shlex.split(text):
        case ["ok"] | ["all", "is", "as", "before"]:
            pass
        case ["pv", watts]:
            house.pv_w = None if watts == "unknown" else float(watts)
        case ["soc", percent]:
            house.soc = float(percent)
        case ["charging" | "discharging" as way, watts]:
            house.battery_w = float(watts) * (1 if way == "discharging" else -1)
        case ["battery", "idle"]:
            house.battery_w = 0.0
        case ["exporting" | "importing" as way, watts]:
            house.grid_w = float(watts) * (1 if way == "exporting" else -1)
        case ["inverter", name, "fault", alarm]:
            teller.set_inverter(name, DeviceState.FAULT)
            house.happen(alarm, name, "fault", teller.at)
        case ["inverter", name, "ok"]:
            teller.set_inverter(name, DeviceState.RUNNING)
            for row in [it for it in house.alarms if it.device_sn == name]:
                if row.active:
                    house.change(row.name, active=False, recovered_at=teller.at)
        case ["inverter", name, "missing"]:
            teller.check_name(name)
            house.missing.add(name)
        case ["inverter", name, "listed"]:
            teller.check_name(name)
            house.missing.discard(name)
        case ["inverter", name, state]:
            teller.set_inverter(name, DeviceState(state))
        case ["inverters", state]:
            for name in house.names:
                teller.set_inverter(name, DeviceState(state))
        case ["station", "silent"]:
            house.silent_since = teller.at
        case ["station", "reports"]:
            house.silent_since = None
        case ["station", state]:
            house.station = DeviceState(state)
        case ["alarm" | "fault" | "hint" as level, name, "on", device]:
            sn = None if device == "station" else device
            house.happen(name, sn, level, teller.at)
        case ["alarm", name, "over"]:
            house.change(name, active=False, recovered_at=teller.at)
        case ["alarm", name, "listed", "again"]:
            house.change(name, active=True, recovered_at=None)
        case ["alarm", "list", how] if how in ALARM_LISTS:
            house.alarm_list = how
            teller.set_stale("alarms", stale=how in {"old", "unknown"})
        case ["devices", "old" | "renewed" as how]:
            teller.set_stale("devices", stale=how == "old")
        case ["grid", "lost" | "back" | "unknown" as how]:
            house.grid_connected = {"lost": False, "back": True}.get(how)
        case ["measures", "every", minutes, "min"]:
            house.every_min = int(minutes)
        case ["computer", "sleeps"]:
            teller.rest(off=False)
        case ["computer", "wakes"]:
            teller.wake()
        case ["computer", "clock", minutes, "min", "ahead" | "behind" as way]:
            sign = 1 if way == "ahead" else -1
            teller.ahead = timedelta(minutes=int(minutes)) * sign
        case ["portal", "answers"] | ["computer", "answers"]:
            house.trouble = None
        case ["portal" | "computer", trouble]:
            house.trouble = Trouble(trouble)
        case ["program", "quits"]:
            teller.rest(off=True)
        case ["program", "starts"]:
            teller.start()
        case ["memory", "damaged"]:
            teller.saved["alerts"] = {"version": 1, "memories": 3}
        case ["memory", "newer"]:
            teller.saved["alerts"] = {"version": 99}
        case ["quiet", "hours", span, *days]:
            start, _, end = span.partition("-")
            quiet = QuietHours(
                start=time.fromisoformat(start),
                end=time.fromisoformat(end),
                weekdays=frozenset(map(DAYS.index, days[1:] or DAYS)),
            )
            teller.mute_with(quiet=quiet)
        case ["snooze", "off"]:
            teller.mute_with(snoozed_until=None)
        case ["snooze", minutes, "min"]:
            teller.mute_with(snoozed_until=teller.now + timedelta(minutes=int(minutes)))
        case ["acknowledge", topic]:
            teller.acknowledge(topic)
        case ["sun", "height", "known" | "unknown" as how]:
            teller.set_sun_known(known=how == "known")
        case ["switch", rule, "on"]:
            teller.rules_with(off=teller.rules.off - {Rule(rule)})
        case ["switch", rule, "off"]:
            teller.rules_with(off=teller.rules.off | {Rule(rule)})
        case ["low", "is", "told", "each", "time"]:
            teller.rules_with(low_each_time=True)
        case ["low_percent" | "critical_percent" as limit, percent]:
            teller.rules_with(**{limit: float(percent)})
        case _:
            raise ValueError(f"unknown words: {text!r}")
