"""Troubles at random moments, over restarts: told once, cleared once, as long as true.

The portal lists alarms minutes late and in any order; the program is off now and then.
"""

import random
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from sems_tray.alerts.engine import step
from sems_tray.alerts.model import AlertState, Context, Kind
from sems_tray.daylight.waking import Habits
from sems_tray.domain.model import DeviceState
from sems_tray.domain.statistics import Usual, UsualPower
from tests.alerts.house import House

from .told import saved_and_read

DAY = datetime(2026, 6, 21, tzinfo=UTC)
MINUTE, HOUR, POLL = timedelta(minutes=1), timedelta(hours=1), timedelta(minutes=2)
USUAL = Usual(low_w=300, middle_w=2000, high_w=4000)
HABITS = Habits(
    power=UsualPower(dict.fromkeys(range(40), USUAL)),
    charge=dict.fromkeys(range(24), 60.0),
)


def height(at):
    """Return the sun's height of a day from five to nineteen."""
    hour = (at - at.replace(hour=0, minute=0)) / HOUR
    return 55 - abs(hour - 12) * 55 / 7


class Broken:
    """What each trouble does to a house; the alarm list is a few minutes late."""

    def __init__(self, house, since, until, rng):
        self.house, self.since, self.until, self.rng = house, since, until, rng
        self.late = timedelta(minutes=rng.randrange(0, 6))
        self.name = rng.choice(["Utility Loss", "Vac Failure", "Fac Failure", ""])
        self.state_late = timedelta(minutes=rng.randrange(0, 10))

    def holds(self, at, late=timedelta()):
        return self.since + late <= at < self.until + late

    def row(self, name, level, at):
        """List the alarm, and its end, a few minutes late."""
        house = self.house
        if at >= self.since + self.late and not house.alarms:
            house.happen(name, "A", level, self.since)
        if at >= self.until + self.late and house.alarms:
            house.change(name, active=False, recovered_at=self.until)

    def fault(self, at):
        states = self.house.states
        states["A"] = DeviceState.FAULT if self.holds(at) else DeviceState.RUNNING
        self.row("Relay Check Failure", "fault", at)

    def alarm(self, at):
        self.row("Over Temperature", "alarm", at)

    def grid(self, at):
        lost = self.holds(at)
        self.house.grid_w = 0.0 if lost else 100.0
        self.house.grid_connected = not self.holds(at, self.state_late)
        self.row(self.name, "alarm", at)

    def production(self, at):
        dead = self.holds(at)
        self.house.pv_w = 0.0 if dead or height(at) < 3 else 70 * height(at)

    def stuck(self, at):
        house = self.house
        house.battery_w = 0.0 if self.holds(at) else -900.0
        house.grid_w = 900.0
        if house.battery_w:
            house.soc = 60 + 0.01 * (at - DAY) / MINUTE % 20

    def low(self, at):
        self.house.soc = 12.0 if self.holds(at) else 70.0


@pytest.mark.parametrize(
    ("kind", "topic", "hours"),
    [
        ("fault", "fault:A", 3.0),
        ("alarm", "fault:A", 3.0),
        ("grid", "grid", 2.0),
        ("production", "production", 4.5),
        ("production", "production", 52.0),
        ("stuck", "battery-stuck", 7.0),
        ("low", "battery", 3.0),
    ],
)
@pytest.mark.parametrize("seed", range(20))
def test_a_trouble_is_told_once_and_cleared_once(kind, topic, hours, seed):
    rng = random.Random(f"{kind} {hours} {seed}")
    since = DAY + timedelta(hours=8, minutes=rng.randrange(120))
    until = since + hours * HOUR
    house = House()
    happen = getattr(Broken(house, since, until, rng), kind)
    off = [since + (until - since) * rng.uniform(0.05, 0.9) for _ in range(2)]
    context = Context(
        dark_at=lambda at: height(at) < 3, height_at=height, habits=HABITS
    )
    state, now, said, lasted = AlertState(), DAY + 6 * HOUR, [], None
    while now < until + 6 * HOUR:
        happen(now)
        if off and now >= min(off):
            off.remove(min(off))
            now += timedelta(minutes=rng.randrange(1, 20))
            state = saved_and_read(state)
            context = replace(context, woke_at=now)
            happen(now)
        state, notices, gone = step(state, house.answer(now, timedelta()), now, context)
        said += [(it.topic, it.kind) for it in notices if it.kind is not Kind.NAMED]
        assert gone == ()
        if notices and notices[-1].kind is Kind.CLEARED:
            ended = state.memory("home").topic(topic)
            assert ended is not None
            assert ended.calm_since is not None
            lasted = ended.calm_since - ended.since
        now += POLL
    assert said == [(topic, Kind.RAISED), (topic, Kind.CLEARED)]
    assert lasted is not None
    assert abs(lasted - hours * HOUR) <= 15 * MINUTE
