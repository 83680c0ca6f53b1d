"""A house as a story tells of it, and what its portal answers."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from datetime import timedelta
from typing import TYPE_CHECKING, Any

from sems_tray.domain.model import (
    Alarm,
    AlarmLevel,
    Battery,
    DeviceState,
    Dialect,
    Inverter,
    LastAwake,
    Powers,
    Reading,
    Station,
)
from sems_tray.domain.poll_result import PollFailed

if TYPE_CHECKING:
    from datetime import datetime

    from sems_tray.domain.poll_result import Trouble

LEVELS = {
    "hint": AlarmLevel.INFO,
    "alarm": AlarmLevel.ALARM,
    "fault": AlarmLevel.FAULT,
}

_OFF = DeviceState.OFFLINE


@dataclass
class House:
    """What is true now; ``answer`` says what the portal makes of it."""

    zone: str = "Europe/Amsterdam"
    names: tuple[str, ...] = ("A",)
    battery: bool = True
    pv_w: float | None = 3000.0
    soc: float = 60.0
    battery_w: float = 0.0
    grid_w: float = 100.0
    grid_connected: bool | None = True
    station: DeviceState = DeviceState.RUNNING
    states: dict[str, DeviceState] = field(default_factory=dict)
    missing: set[str] = field(default_factory=set)
    alarms: list[Alarm] = field(default_factory=list)
    alarm_list: str = "complete"
    served: tuple[Alarm, ...] = ()
    stale: set[str] = field(default_factory=set)
    silent_since: datetime | None = None
    trouble: Trouble | None = None
    every_min: int = 1
    turns: int = 0
    last_awake: LastAwake | None = None

    def answer(self, at: datetime, clock_ahead: timedelta) -> Reading | PollFailed:
        """Return the outcome of a poll at a true time."""
        if self.trouble is not None:
            return PollFailed(trouble=self.trouble)
        measured = self.silent_since or at - timedelta(
            minutes=at.minute % self.every_min
        )
        states = {self.states.get(it, DeviceState.RUNNING) for it in self.names}
        if self.pv_w and measured != self.silent_since and states != {_OFF}:
            self.last_awake = LastAwake(at=measured, pv_w=self.pv_w)
        return Reading(
            dialect=Dialect.SEMSPLUS,
            station=Station(
                id="home",
                name="Home",
                timezone=self.zone,
                state=self.station,
                capacity_kwp=8.0,
            ),
            received_at=at + clock_ahead,
            portal_ahead_s=-clock_ahead.total_seconds(),
            measured_at=measured,
            power=self._powers(),
            battery=Battery(soc_percent=self.soc) if self.battery else None,
            inverters=tuple(
                Inverter(
                    sn=name,
                    name=name,
                    state=self.states.get(name, DeviceState.RUNNING),
                    power_w=((self.pv_w or 0) + max(self.battery_w or 0, 0))
                    / len(self.names),
                )
                for name in self.names
                if name not in self.missing
            ),
            alarms=self._alarms(),
            grid_connected=self.grid_connected,
            last_awake=self.last_awake,
            stale=tuple(sorted(self.stale)),
        )

    def happen(self, name: str, device: str | None, level: str, at: datetime) -> None:
        """Begin an alarm."""
        self.alarms.append(
            Alarm(
                id=f"id-{len(self.alarms)}",
                name=name,
                level=LEVELS[level],
                device_sn=device,
                code="E-G3-0-12",
                happened_at=at,
            )
        )

    def change(self, name: str, **changes: Any) -> None:
        """Change the last alarm of a name; a KeyError if there is none."""
        places = [n for n, it in enumerate(self.alarms) if it.name == name]
        if not places:
            raise KeyError(name)
        self.alarms[places[-1]] = replace(self.alarms[places[-1]], **changes)

    def _powers(self) -> Powers:
        if not self.battery:
            return Powers(pv_w=self.pv_w)
        load = (self.pv_w or 0) + self.battery_w - self.grid_w
        return Powers(
            pv_w=self.pv_w, load_w=load, grid_w=self.grid_w, battery_w=self.battery_w
        )

    def _alarms(self) -> tuple[Alarm, ...]:
        match self.alarm_list:
            case "late" | "old":
                return self.served
            case "lost" | "unknown":
                return ()
        rows = self.alarms[:]
        if self.alarm_list == "shuffled":
            self.turns += 1
            rows = rows[:: -1 if self.turns % 2 else 1]
        if self.alarm_list == "doubled":
            rows += [replace(it, id=f"{it.id}-again") for it in rows]
        self.served = tuple(rows)
        return self.served
