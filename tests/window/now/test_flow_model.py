"""The flow picture: which rings there are, and what flows between them."""

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sems_tray.domain.model import (
    Battery,
    BatteryState,
    DeviceState,
    Energy,
    EnergySums,
    Powers,
)
from sems_tray.i18n.formatting import DASH, fine_power
from sems_tray.window.now.flow_model import (
    Part,
    empty_picture,
    fitted,
    flow_picture,
    shared_out,
)
from tests.kit.readings import HOME, any_readings, inverter, reading

SOLAR, BATTERY, HOUSE, GRID, CAR = (
    Part.SOLAR,
    Part.BATTERY,
    Part.HOUSE,
    Part.GRID,
    Part.CAR,
)
watts = st.none() | st.floats(-1e5, 1e5)
powers = st.builds(
    Powers, pv_w=watts, load_w=watts, grid_w=watts, battery_w=watts, ev_w=watts
)


def bare(**power):
    """Return a plant without battery and counters."""
    return reading(battery=None, power=Powers(**power), energy=Energy())


def flows(**power):
    return {
        (source.value, sink.value): round(watt)
        for (source, sink), watt in shared_out(Powers(**power)).items()
    }


def node(picture, part):
    return next(it for it in picture.nodes if it.part is part)


def test_the_sun_serves_the_house_then_the_battery_then_the_grid():
    assert flows(pv_w=3210, load_w=800, grid_w=1210, battery_w=-1200) == {
        ("solar", "house"): 800,
        ("solar", "battery"): 1200,
        ("solar", "grid"): 1210,
    }


def test_at_night_the_battery_goes_before_the_grid():
    assert flows(pv_w=0, load_w=900, grid_w=-200, battery_w=700) == {
        ("battery", "house"): 700,
        ("grid", "house"): 200,
    }


def test_a_battery_that_sells_is_seen_to_sell():
    assert flows(pv_w=100, load_w=400, grid_w=1700, battery_w=2000) == {
        ("solar", "house"): 100,
        ("battery", "house"): 300,
        ("battery", "grid"): 1700,
    }


def test_cheap_power_at_night_goes_into_the_battery():
    assert flows(pv_w=0, load_w=400, grid_w=-3400, battery_w=-3000) == {
        ("grid", "house"): 400,
        ("grid", "battery"): 3000,
    }


@pytest.mark.parametrize("load_w", [3100, 800])
def test_the_car_is_fed_by_the_house_whether_the_load_counts_it_or_not(load_w):
    assert flows(pv_w=4000, load_w=load_w, grid_w=900, ev_w=2300) == {
        ("solar", "house"): 3100,
        ("solar", "grid"): 900,
        ("house", "car"): 2300,
    }


@given(powers)
def test_no_end_gives_or_takes_more_than_it_has(power):
    links = shared_out(power)
    assert all(watt > 0 for watt in links.values())
    given = {part: _out(links, part) for part in Part}
    taken = {part: _in(links, part) for part in Part}
    grid_w, battery_w = power.grid_w or 0.0, power.battery_w or 0.0
    slack = 1e-6
    assert given[SOLAR] <= max(power.pv_w or 0.0, 0.0) + slack
    assert given[BATTERY] <= max(battery_w, 0.0) + slack
    assert taken[BATTERY] <= max(-battery_w, 0.0) + slack
    assert given[GRID] <= max(-grid_w, 0.0) + slack
    assert taken[GRID] <= max(grid_w, 0.0) + slack
    assert taken[CAR] == max(power.ev_w or 0.0, 0.0)


@given(
    pv=st.floats(0, 1e5),
    battery=st.floats(-1e5, 1e5),
    load=st.floats(0, 1e5),
)
def test_where_the_powers_add_up_the_links_do_too(pv, battery, load):
    grid = pv + battery - load
    links = shared_out(Powers(pv_w=pv, battery_w=battery, load_w=load, grid_w=grid))
    for part, watt in ((SOLAR, pv), (BATTERY, battery), (HOUSE, -load), (GRID, -grid)):
        net = _out(links, part) - _in(links, part)
        assert net == pytest.approx(watt, abs=1e-6)


def _out(links, part):
    return sum(watt for (source, _), watt in links.items() if source is part)


def _in(links, part):
    return sum(watt for (_, sink), watt in links.items() if sink is part)


def test_a_full_house_is_a_diamond():
    picture = flow_picture(reading())
    assert [it.part for it in picture.nodes] == [SOLAR, BATTERY, HOUSE, GRID]
    assert [(it.x, it.y) for it in picture.nodes] == [
        (0.5, 0),
        (0.5, 1),
        (1, 0.5),
        (0, 0.5),
    ]
    assert picture.in_words == (
        "Solar 3.21 kW; Battery charging 1.20 kW; House 0.80 kW; Grid exporting 1.21 kW"
    )


def test_only_what_is_fitted_is_drawn():
    assert fitted(bare(pv_w=900.0)) == (SOLAR,)
    assert fitted(bare(pv_w=900.0, load_w=300.0, grid_w=600.0)) == (SOLAR, HOUSE, GRID)
    assert fitted(bare(pv_w=900.0, load_w=3.0, ev_w=0.0)) == (SOLAR, HOUSE, CAR)
    sold = Energy(today=EnergySums(export_kwh=1.0))
    assert fitted(replace(bare(), energy=sold)) == (SOLAR, GRID)


def test_a_battery_that_is_silent_keeps_its_ring_with_a_dash_and_no_link():
    silent = reading(power=Powers(pv_w=3210.0, load_w=800.0, grid_w=1210.0))
    silent = replace(silent, battery=Battery(soc_percent=50.0))
    picture = flow_picture(silent)
    assert node(picture, BATTERY).value == DASH
    assert node(picture, BATTERY).sentence == "Battery unknown"
    assert BATTERY not in {
        part for it in picture.links for part in (it.source, it.sink)
    }


def test_its_state_is_told_even_so():
    told = reading(
        power=Powers(), battery=Battery(soc_percent=50.0, state=BatteryState.CHARGING)
    )
    assert node(flow_picture(told), BATTERY).word == "charging"


def test_noise_is_no_flow_but_stays_a_number():
    quiet = reading(power=Powers(pv_w=0.0, load_w=19.0, grid_w=-19.0, battery_w=12.0))
    picture = flow_picture(quiet)
    assert picture.links == ()
    assert (node(picture, GRID).word, node(picture, GRID).value) == ("balanced", "19 W")
    assert node(picture, BATTERY).word == "idle"


def test_widths_are_shares_of_what_the_roof_can_give():
    picture = flow_picture(reading(power=Powers(pv_w=5050.0, load_w=5050.0)))
    assert [(it.sink, it.width) for it in picture.links] == [(HOUSE, 0.5)]
    many = flow_picture(reading(power=Powers(grid_w=-25e3, load_w=25e3)))
    assert [it.width for it in many.links] == [1.0]


def test_rings_are_as_full_as_battery_and_roof():
    picture = flow_picture(reading())
    assert node(picture, BATTERY).level == 0.76
    assert node(picture, SOLAR).level == pytest.approx(0.318, abs=1e-3)
    assert node(picture, HOUSE).level is None


def test_a_roof_alone_says_how_much_it_could_give():
    picture = flow_picture(bare(pv_w=900.0))
    assert (node(picture, SOLAR).word, picture.in_words) == (
        "of 10.1 kWp",
        "Solar 0.90 kW",
    )
    unknown = replace(bare(pv_w=900.0), station=replace(HOME, capacity_kwp=None))
    assert node(flow_picture(unknown), SOLAR).word == "Solar"


def test_a_lost_grid_and_a_broken_inverter_are_marked():
    lost = flow_picture(reading(power=Powers(grid_w=0.0)), grid_lost=True)
    assert node(lost, GRID).alert
    assert node(lost, GRID).sentence == "Grid lost"
    broken = flow_picture(reading(inverters=(inverter(DeviceState.FAULT),)))
    assert [it.part for it in broken.nodes if it.alert] == [SOLAR]


@pytest.mark.parametrize(
    ("watt", "text"),
    [
        (None, DASH),
        (0.0, "0 W"),
        (94.0, "94 W"),
        (-800.0, "0.80 kW"),
        (3210.0, "3.21 kW"),
        (9996.0, "10.0 kW"),
        (99_960.0, "100 kW"),
    ],
)
def test_powers_have_three_figures_and_no_sign(watt, text):
    assert fine_power(watt) == text


def test_before_the_first_reading_there_are_dashes():
    picture = empty_picture()
    assert picture.old
    assert {it.value for it in picture.nodes} == {DASH}


@given(any_readings)
def test_any_reading_has_a_picture_within_its_frame(given):
    picture = flow_picture(given)
    assert all(0 <= it.x <= 1 and 0 <= it.y <= 1 for it in picture.nodes)
    assert len({(it.x, it.y) for it in picture.nodes}) == len(picture.nodes)
    parts = {it.part for it in picture.nodes}
    assert all({it.source, it.sink} <= parts for it in picture.links)
    assert all(0 <= it.width <= 1 for it in picture.links)
    assert picture.in_words.startswith("Solar")


@pytest.mark.parametrize("grid_w", [530.0, -530.0])
def test_nothing_flows_to_or_from_a_grid_that_is_lost(grid_w):
    power = Powers(pv_w=1000.0, load_w=1000.0 - grid_w, grid_w=grid_w, battery_w=0.0)
    assert any(GRID in {it.source, it.sink} for it in _links_of(power, lost=False))
    links = _links_of(power, lost=True)
    assert links
    assert not any(GRID in {it.source, it.sink} for it in links)


def _links_of(power, *, lost):
    return flow_picture(reading(power=power), grid_lost=lost).links
