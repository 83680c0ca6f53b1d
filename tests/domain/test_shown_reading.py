"""Yesterday's counters are none of today's."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from sems_tray.cli.status_text import to_json
from sems_tray.domain.model import Energy, EnergySums, Powers
from sems_tray.domain.poll_result import PollSucceeded
from sems_tray.domain.shown_reading import shown_reading, so_far
from sems_tray.window.devices.view_model import devices_view
from sems_tray.window.now.view_model import now_view
from tests.kit.readings import (
    HOME,
    by_day,
    by_night,
    inverter,
    nobody_knows,
    reading,
    view,
)

DUSK = datetime(2026, 1, 10, 15, 52, tzinfo=UTC)  # 16:52 in Amsterdam
BEFORE_DAWN = datetime(2026, 1, 11, 6, 0, tzinfo=UTC)
MORNING = datetime(2026, 1, 11, 9, 0, tzinfo=UTC)
NOTHING = EnergySums()


def sun_is_down(at):
    """Return whether it is dark in Amsterdam in January, roughly."""
    return not 8 <= at.hour < 16


def sleeper(**changes):
    """Return what a sleeping inverter goes on telling: its 3.5 kWh of yesterday."""
    made = EnergySums(pv_kwh=3.5, export_kwh=2.0, load_kwh=4.0, income=0.7)
    month, year = EnergySums(pv_kwh=40.0), EnergySums(pv_kwh=40.0)
    roof = inverter("offline", today_kwh=3.5, total_kwh=900.0, counted_at=DUSK)
    values = {
        "measured_at": DUSK,
        "received_at": DUSK,
        "battery": None,
        "energy": Energy(
            today=made, month=month, year=year, total=EnergySums(pv_kwh=900.0)
        ),
        "inverters": (roof,),
    }
    return reading(**(values | changes))


def test_in_the_dark_before_dawn_nothing_is_made_yet():
    found = so_far(sleeper(), BEFORE_DAWN, sun_is_down)
    assert found.energy.today == EnergySums(pv_kwh=0.0, export_kwh=0.0, income=0.0)
    assert found.inverters[0].today_kwh == 0.0
    assert found.energy.month.pv_kwh == 40.0
    assert (found.energy.total.pv_kwh, found.inverters[0].total_kwh) == (900.0, 900.0)
    # A battery may have fed the grid, and saved money.
    stored = so_far(sleeper(battery=reading().battery), BEFORE_DAWN, by_night)
    assert stored.energy.today == EnergySums(pv_kwh=0.0)


@pytest.mark.parametrize(
    ("hour", "dark_at"),
    [(9, sun_is_down), (9, by_day), (9, nobody_knows), (20, sun_is_down)],
)
def test_once_it_is_light_nobody_knows_until_the_inverter_wakes(hour, dark_at):
    found = so_far(sleeper(), MORNING.replace(hour=hour), dark_at)
    assert found.energy.today == NOTHING
    assert found.inverters[0].today_kwh is None


def test_midnight_is_the_stations():
    """22:30 UTC is the next date in Amsterdam's summer, and not yet in London's."""
    night = datetime(2026, 7, 10, 22, 30, tzinfo=UTC)
    dusk = night.replace(hour=19)
    for zone, kwh in (("Europe/Amsterdam", 0.0), ("Europe/London", 3.5)):
        there = sleeper(
            station=replace(HOME, timezone=zone), measured_at=dusk, inverters=()
        )
        assert so_far(there, night, by_night).energy.today.pv_kwh == kwh


def test_a_month_and_a_year_that_have_just_begun_are_no_more_than_their_first_day():
    last = datetime(2025, 12, 31, 15, 0, tzinfo=UTC)
    old = sleeper(measured_at=last, inverters=())
    dark = so_far(old, last + timedelta(hours=14), sun_is_down).energy
    assert (dark.month.pv_kwh, dark.year.pv_kwh) == (0.0, 0.0)
    light = so_far(old, last + timedelta(hours=18), sun_is_down).energy
    assert (light.month, light.year) == (NOTHING, NOTHING)
    assert light.total.pv_kwh == 900.0


def test_a_month_that_was_added_up_today_is_todays_whatever_the_inverter_says():
    old = sleeper()
    month = replace(old.energy, summed_at=BEFORE_DAWN)
    later = replace(old, measured_at=DUSK - timedelta(days=20), energy=month)
    assert so_far(later, BEFORE_DAWN, by_night).energy.month.pv_kwh == 40.0


def test_an_inverter_that_does_not_say_when_it_counted_is_asleep_in_the_dark():
    """SEMS+ tells counters without a time; a meter goes on measuring."""
    roof = inverter("offline", today_kwh=3.5)
    now = reading(measured_at=BEFORE_DAWN, inverters=(roof,), power=Powers(pv_w=0.0))
    found = so_far(now, BEFORE_DAWN, sun_is_down)
    assert (found.inverters[0].today_kwh, found.energy.today.pv_kwh) == (0.0, 0.0)


def test_what_the_station_did_not_make_today_no_inverter_did():
    evening = MORNING.replace(hour=20)
    roof = inverter("offline", today_kwh=3.5)
    for made, kwh in ((0.0, None), (3.5, 3.5)):
        now = reading(
            measured_at=evening,
            inverters=(roof,),
            energy=Energy(today=EnergySums(pv_kwh=made)),
            power=Powers(pv_w=0.0),
        )
        assert so_far(now, evening, sun_is_down).inverters[0].today_kwh == kwh


def test_a_day_that_tells_of_the_sun_before_any_inverter_woke_is_yesterday():
    roof = inverter("offline", today_kwh=3.5)
    made = EnergySums(pv_kwh=3.5, load_kwh=9.0)
    values = {
        "inverters": (roof,),
        "energy": Energy(today=made),
        "power": Powers(pv_w=0.0, load_w=300.0),
        "battery": None,
    }
    for at, kwh in ((BEFORE_DAWN, 0.0), (MORNING, None)):
        found = so_far(reading(measured_at=at, **values), at, sun_is_down)
        assert found.energy.today == EnergySums(pv_kwh=kwh)
        assert found.inverters[0].today_kwh == kwh
    # A station that went silent at work has made what it told last.
    silent = reading(measured_at=MORNING, **values)
    assert so_far(silent, MORNING + timedelta(hours=2), sun_is_down) == silent


def test_one_inverter_may_sleep_longer_than_another():
    awake = inverter(sn="S2", today_kwh=1.0, counted_at=MORNING)
    asleep = inverter("offline", today_kwh=3.5, counted_at=DUSK)
    both = sleeper(measured_at=MORNING, inverters=(awake, asleep))
    found = so_far(both, MORNING, sun_is_down)
    assert [it.today_kwh for it in found.inverters] == [1.0, None]
    assert found.energy.today.pv_kwh == 3.5


def test_every_page_says_the_same_before_dawn():
    old = sleeper()
    shown = view(old, now=BEFORE_DAWN, dark_at=sun_is_down)
    assert "Today 0.0 kWh" in shown.lines
    assert now_view(old, BEFORE_DAWN, sun_is_down).tiles[0].text == "0.0 kWh"
    told: Any = to_json(PollSucceeded(reading=old), BEFORE_DAWN, sun_is_down)
    assert told["energy"]["today"]["pv_kwh"] == 0
    assert told["inverters"][0]["today_kwh"] == 0
    cards = devices_view(old, BEFORE_DAWN, sun_is_down)
    assert "3.5 kWh" not in repr(cards)


def test_in_the_evening_and_without_a_zone_nothing_is_changed():
    assert so_far(sleeper(), DUSK.replace(hour=22), sun_is_down) == sleeper()
    old = sleeper(station=replace(HOME, timezone=None))
    assert so_far(old, MORNING, by_day) is old


def test_sleeping_is_so_far_at_the_portals_time():
    ahead = sleeper(portal_ahead_s=-12 * 3600.0)
    assert shown_reading(ahead, BEFORE_DAWN, sun_is_down).energy.today.pv_kwh == 3.5


def test_that_a_roof_may_sleep_all_day_is_no_proof_that_it_made_nothing():
    """In winter a fresh program reckons with snow; a meter goes on measuring."""
    evening = DUSK.replace(hour=20)
    now = reading(
        received_at=evening,
        measured_at=evening,
        inverters=(inverter("offline", today_kwh=3.5),),
        energy=Energy(today=EnergySums(pv_kwh=3.5)),
        power=Powers(pv_w=0.0),
    )
    shown = shown_reading(now, evening, by_night)
    assert (shown.energy.today.pv_kwh, shown.inverters[0].today_kwh) == (3.5, 3.5)
