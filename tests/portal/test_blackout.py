"""A lost grid is noticed, whatever the meter said before and says now."""

from datetime import timedelta

import pytest

from sems_tray.domain.model import Dialect
from sems_tray.portal.poll_plan import PollRequest
from sems_tray.simulator.station.events import GRID_LOST, Event
from tests.portal.scripted import reading

BOTH = pytest.mark.parametrize("dialect", Dialect)
BALANCED = {"pv_w": 0, "battery_w": 700, "load_w": 700}
IMPORTING = {"pv_w": 0, "battery_w": 0, "load_w": 700}


def poll(client, clock, minutes=2):
    clock.add(minutes=minutes)
    return reading(client.fetch(PollRequest()))


def minutes_until(client, clock, *, connected, most=30):
    """Return how long it takes until the grid is said to be there, or lost."""
    for waited in range(2, most + 1, 2):
        if poll(client, clock).grid_connected is connected:
            return waited
    return None


@BOTH
def test_a_grid_lost_while_the_battery_feeds_the_house_is_told_in_ten_minutes(
    start, dialect
):
    sim, client, clock = start("day", dialect)
    sim.override(**BALANCED)
    assert poll(client, clock).power.grid_w == 0
    poll(client, clock)
    sim.trouble("grid-lost")
    assert minutes_until(client, clock, connected=False) <= 10


@BOTH
def test_a_grid_lost_under_some_watts_of_noise_is_told_at_once(start, dialect):
    sim, client, clock = start("day", dialect)
    sim.override(**IMPORTING)
    poll(client, clock)
    assert poll(client, clock).power.grid_w == -700
    sim.world.sites[0].set_events((Event(kind=GRID_LOST, since=clock.at, meter_w=2),))
    found = poll(client, clock)
    assert abs(found.power.grid_w) == 2
    assert found.grid_connected is False


@BOTH
def test_a_portal_that_tells_of_it_late_is_asked_again_soon(start, dialect):
    sim, client, clock = start("day", dialect)
    sim.override(**IMPORTING)
    poll(client, clock)
    poll(client, clock)
    late = timedelta(minutes=3)
    sim.world.sites[0].set_events(
        (Event(kind=GRID_LOST, since=clock.at, told_after=late),)
    )
    assert minutes_until(client, clock, connected=False) <= 4


@BOTH
def test_a_grid_that_is_back_is_told_at_the_next_poll(start, dialect):
    sim, client, clock = start("grid-lost", dialect)
    sim.override(**BALANCED)
    assert poll(client, clock).grid_connected is False
    poll(client, clock)
    sim.trouble(None)
    assert poll(client, clock).grid_connected is True


def test_a_station_without_storage_is_not_asked_for_its_grid(start):
    sim, client, clock = start("pv-only", Dialect.SEMSPLUS)
    for _ in range(30):
        poll(client, clock)
    assert sim.count("/basic/info") == 1


def test_a_house_that_floats_near_zero_does_not_ask_at_each_poll(start):
    sim, client, clock = start("day", Dialect.SEMSPLUS)
    for number in range(30):
        sim.override(pv_w=0, battery_w=700, load_w=(700, 760, 695)[number % 3])
        poll(client, clock)
    assert sim.count("/basic/info") <= 9
