"""The words that a story may use for what happens; any other word is an error."""

from __future__ import annotations

import re
from datetime import time, timedelta
from typing import TYPE_CHECKING

from sems_tray.alerts.model import Rule
from sems_tray.alerts.muting import QuietHours
from sems_tray.domain.model import DeviceState
from sems_tray.domain.poll_result import Trouble

if TYPE_CHECKING:
    from collections.abc import Callable

    from tests.alerts.story import Teller

    Deed = Callable[..., None]

_CLAUSES: list[tuple[re.Pattern[str], Deed]] = []
DAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")


def clause(pattern: str) -> Callable[[Deed], Deed]:
    def keep(deed: Deed) -> Deed:
        _CLAUSES.append((re.compile(pattern), deed))
        return deed

    return keep


def do(teller: Teller, text: str) -> None:
    """Do what a clause says."""
    for pattern, deed in _CLAUSES:
        found = pattern.fullmatch(text)
        if found:
            deed(teller, *found.groups())
            return
    raise ValueError(f"unknown words: {text!r}")


@clause(r"ok|all is as before")
def _ok(teller: Teller) -> None:
    pass


@clause(r"pv (\d+|unknown)")
def _pv(teller: Teller, watts: str) -> None:
    teller.house.pv_w = None if watts == "unknown" else float(watts)


@clause(r"soc (\d+)")
def _soc(teller: Teller, percent: str) -> None:
    teller.house.soc = float(percent)


@clause(r"(charging|discharging) (\d+)")
def _battery(teller: Teller, way: str, watts: str) -> None:
    teller.house.battery_w = float(watts) * (1 if way == "discharging" else -1)


@clause(r"battery idle")
def _idle(teller: Teller) -> None:
    teller.house.battery_w = 0.0


@clause(r"(exporting|importing) (\d+)")
def _grid(teller: Teller, way: str, watts: str) -> None:
    teller.house.grid_w = float(watts) * (1 if way == "exporting" else -1)


@clause(r'inverter (\w+) fault(?: "([^"]+)")?')
def _fault(teller: Teller, name: str, alarm: str | None) -> None:
    teller.inverter(name, DeviceState.FAULT)
    if alarm:
        teller.house.happen(alarm, name, "fault", teller.at)


@clause(r"inverter (\w+) ok")
def _well(teller: Teller, name: str) -> None:
    teller.inverter(name, DeviceState.RUNNING)
    for alarm in teller.house.alarms:
        if alarm.device_sn == name and alarm.active:
            teller.house.change(alarm.name, active=False, recovered_at=teller.at)


@clause(r"inverter (\w+) (running|waiting|offline|unknown|fault)")
def _state(teller: Teller, name: str, state: str) -> None:
    teller.inverter(name, DeviceState(state))


@clause(r"inverter (\w+) (missing|listed)")
def _listed(teller: Teller, name: str, how: str) -> None:
    teller.known(name)
    (teller.house.missing.add if how == "missing" else teller.house.missing.discard)(
        name
    )


@clause(r"inverters (running|waiting|offline)")
def _states(teller: Teller, state: str) -> None:
    for name in teller.house.names:
        teller.inverter(name, DeviceState(state))


@clause(r"station (running|fault|waiting)")
def _station(teller: Teller, state: str) -> None:
    teller.house.station = DeviceState(state)


@clause(r'(alarm|fault|hint) "([^"]+)" on (\w+)')
def _alarm(teller: Teller, level: str, name: str, device: str) -> None:
    sn = None if device == "station" else device
    teller.house.happen(name, sn, level, teller.at)


@clause(r'alarm "([^"]+)" over')
def _alarm_over(teller: Teller, name: str) -> None:
    teller.house.change(name, active=False, recovered_at=teller.at)


@clause(r'alarm "([^"]+)" listed again')
def _alarm_back(teller: Teller, name: str) -> None:
    teller.house.change(name, active=True, recovered_at=None)


@clause(r"alarm list (late|lost|shuffled|doubled|old|unknown|complete)")
def _alarm_list(teller: Teller, how: str) -> None:
    teller.house.alarm_list = how
    teller.part("alarms", stale=how in {"old", "unknown"})


@clause(r"devices (old|renewed)")
def _devices(teller: Teller, how: str) -> None:
    teller.part("devices", stale=how == "old")


@clause(r"grid (lost|back|unknown)")
def _grid_lost(teller: Teller, how: str) -> None:
    teller.house.grid_connected = {"lost": False, "back": True}.get(how)


@clause(r"station silent")
def _silent(teller: Teller) -> None:
    teller.house.silent_since = teller.at


@clause(r"station reports")
def _reports(teller: Teller) -> None:
    teller.house.silent_since = None


@clause(r"measures every (\d+) min")
def _measures(teller: Teller, minutes: str) -> None:
    teller.house.every_min = int(minutes)


@clause(
    r"(?:portal|computer) (answers|offline|unreachable|throttled|refused|sign_in"
    r"|agreement|mfa|clock|no_station|portal_changed|unreadable)"
)
def _portal(teller: Teller, trouble: str) -> None:
    teller.house.trouble = None if trouble == "answers" else Trouble(trouble)


@clause(r"computer (sleeps|wakes)")
def _sleep(teller: Teller, how: str) -> None:
    teller.rest(off=False) if how == "sleeps" else teller.wake()


@clause(r"program (quits|starts)")
def _program(teller: Teller, how: str) -> None:
    teller.rest(off=True) if how == "quits" else teller.start()


@clause(r"memory (damaged|newer)")
def _damaged(teller: Teller, how: str) -> None:
    teller.kept = {"version": 99} if how == "newer" else {"version": 1, "memories": 3}


@clause(r"computer clock (\d+) min (ahead|behind)")
def _clock(teller: Teller, minutes: str, way: str) -> None:
    teller.ahead = timedelta(minutes=int(minutes)) * (1 if way == "ahead" else -1)


@clause(r"quiet hours (\d\d:\d\d)-(\d\d:\d\d)(?: on ([a-z ]+))?")
def _quiet(teller: Teller, start: str, end: str, days: str | None) -> None:
    chosen = DAYS if days is None else days.split()
    quiet = QuietHours(
        start=time.fromisoformat(start),
        end=time.fromisoformat(end),
        weekdays=frozenset(DAYS.index(it) for it in chosen),
    )
    teller.silence_with(quiet=quiet)


@clause(r"snooze (\d+) min")
def _snooze(teller: Teller, minutes: str) -> None:
    teller.silence_with(snoozed_until=teller.now + timedelta(minutes=int(minutes)))


@clause(r"snooze off")
def _unsnooze(teller: Teller) -> None:
    teller.silence_with(snoozed_until=None)


@clause(r"acknowledge (\S+)")
def _acknowledge(teller: Teller, topic: str) -> None:
    teller.acknowledge(topic)


@clause(r"the sun's height is (known|unknown)")
def _sun(teller: Teller, how: str) -> None:
    teller.know_sun(known=how == "known")


@clause(r"switch (\w+) (on|off)")
def _switch(teller: Teller, rule: str, how: str) -> None:
    teller.rules_with(**{Rule(rule).value: how == "on"})


@clause(r"low is told (each time|where it matters)")
def _each_time(teller: Teller, when: str) -> None:
    teller.rules_with(low_each_time=when == "each time")


@clause(r"(low_percent|critical_percent) (\d+)")
def _limit(teller: Teller, limit: str, percent: str) -> None:
    teller.rules_with(**{limit: float(percent)})
