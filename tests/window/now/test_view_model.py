"""The page "Now": battery, words of the estimate, and what is grey when."""

from dataclasses import replace
from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sems_tray.domain.battery_forecast import Estimate
from sems_tray.domain.model import (
    Battery,
    BatteryState,
    DeviceState,
    Energy,
    EnergySums,
    Powers,
)
from sems_tray.i18n.formatting import DASH
from sems_tray.window.now.view_model import estimate_words, now_view
from tests.kit.readings import (
    MEASURED,
    NOW,
    any_darkness,
    any_readings,
    by_day,
    by_night,
    inverter,
    reading,
)

HOUR = timedelta(hours=1)
DISCHARGING = "discharging at 2.00 kW"


def full(after):
    return Estimate(at=NOW + after, target_percent=100.0, charging=True)


def down(after, target=20.0):
    return Estimate(at=NOW + after, target_percent=target, charging=False)


def said(estimate):
    return estimate_words(estimate, NOW, reading())


def test_the_battery_says_how_full_what_it_does_and_until_when():
    view = now_view(
        reading(), NOW, by_day, estimate=full(2.4 * HOUR), reserve_percent=20.0
    )
    card = view.battery
    assert card is not None
    assert (card.title, card.doing) == ("Battery 76 %", "charging at 1.20 kW")
    assert (card.estimate, card.reserve) == ("Full about 14:10", "reserve 20 %")
    assert not card.low
    assert not view.old


@pytest.mark.parametrize(
    ("battery", "power_w", "title", "doing", "low"),
    [
        (Battery(soc_percent=50.0), 3.0, "Battery 50 %", "idle", False),
        (Battery(soc_percent=100.0), 3.0, "Battery 100 %", "full", False),
        (Battery(soc_percent=20.0), 2000.0, "Battery 20 %", DISCHARGING, True),
        (Battery(soc_percent=21.0), 2000.0, "Battery 21 %", DISCHARGING, False),
        (
            Battery(state=BatteryState.DISCHARGING),
            *(None, f"Battery {DASH}", "discharging", False),
        ),
        (Battery(), None, f"Battery {DASH}", "", False),
    ],
)
def test_a_battery_says_how_full_it_is_and_what_it_does(
    battery, power_w, title, doing, low
):
    given = reading(battery=battery, power=Powers(battery_w=power_w))
    card = now_view(given, NOW, by_day).battery
    assert card is not None
    assert (card.title, card.doing, card.low) == (title, doing, low)
    assert now_view(replace(given, battery=None), NOW, by_day).battery is None


@pytest.mark.parametrize(
    ("estimate", "text"),
    [
        (full(timedelta(minutes=3)), "Full in a few minutes"),
        (full(timedelta(minutes=33)), "Full about 12:20"),
        (full(2 * HOUR), "Full about 13:50"),
        (down(14 * HOUR), "Down to 20 % about 01:50"),
        (down(24 * HOUR), "Down to 20 % about tomorrow 11:50"),
        (down(47 * HOUR, 10.0), "Down to 10 % about Tue 10:50"),
        (full(timedelta()), ""),
        (full(-HOUR), ""),
        (None, ""),
    ],
)
def test_an_estimate_is_told_as_roughly_as_it_is_known(estimate, text):
    assert said(estimate) == text


def test_a_wrong_clock_here_does_not_move_the_estimate():
    ahead = reading(portal_ahead_s=7200.0)
    assert estimate_words(full(HOUR), NOW, ahead) == ""
    assert estimate_words(full(3 * HOUR), NOW, ahead) == "Full about 14:50"


def test_old_values_are_grey_and_promise_nothing():
    view = now_view(reading(), MEASURED + HOUR, by_day, estimate=full(2 * HOUR))
    assert view.old
    assert view.flow.old
    assert view.battery is not None
    assert view.battery.estimate == ""
    assert view.battery.title == "Battery 76 %"
    assert all(it.old for it in view.tiles)
    assert view.tiles[0].text == "18.4 kWh"


def test_a_failed_poll_greys_nothing_that_is_new():
    view = now_view(reading(), NOW, by_day, failed=True)
    assert not view.old
    assert not any(it.old for it in view.tiles)
    assert now_view(reading(), MEASURED + HOUR, by_day, failed=True).old


def test_at_night_the_totals_of_the_day_stay_as_they_are():
    asleep = reading(
        battery=None,
        power=Powers(pv_w=12.0),
        inverters=(inverter(DeviceState.OFFLINE),),
        energy=Energy(today=EnergySums(pv_kwh=18.4)),
    )
    view = now_view(asleep, MEASURED + 5 * HOUR, by_night)
    assert view.flow.old
    assert not any(it.old for it in view.tiles)
    assert view.flow.nodes[0].value == "0 W"


def test_a_lost_grid_is_seen_in_the_flow():
    view = now_view(reading(grid_connected=False), NOW, by_day)
    assert "Grid lost" in view.flow.in_words


def test_before_the_first_reading_there_is_a_word_and_after_a_failure_none():
    assert now_view(None, NOW, by_day).message == "Waiting for the first reading …"
    assert now_view(None, NOW, by_day, failed=True).message == ""


@given(
    any_readings,
    any_darkness,
    st.none() | st.timedeltas(timedelta(days=-3), timedelta(days=2)).map(full),
    st.none() | st.floats(0, 100),
)
def test_any_reading_has_a_page(given, dark_at, estimate, reserve):
    assert now_view(
        given, NOW, dark_at, estimate=estimate, reserve_percent=reserve
    ).tiles
