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


def node(picture, part):
    return next(it for it in picture.nodes if it.part is part)


@pytest.mark.parametrize(
    ("power", "links"),
    [
        (
            {"pv_w": 3210, "load_w": 800, "grid_w": 1210, "battery_w": -1200},
            {"solar>house": 800, "solar>battery": 1200, "solar>grid": 1210},
        ),
        (
            {"pv_w": 0, "load_w": 900, "grid_w": -200, "battery_w": 700},
            {"battery>house": 700, "grid>house": 200},
        ),
        (
            {"pv_w": 100, "load_w": 400, "grid_w": 1700, "battery_w": 2000},
            {"solar>house": 100, "battery>house": 300, "battery>grid": 1700},
        ),
        (
            {"pv_w": 0, "load_w": 400, "grid_w": -3400, "battery_w": -3000},
            {"grid>house": 400, "grid>battery": 3000},
        ),
        *(
            (
                {"pv_w": 4000, "load_w": load_w, "grid_w": 900, "ev_w": 2300},
                {"solar>house": 3100, "solar>grid": 900, "house>car": 2300},
            )
            for load_w in (3100, 800)
        ),
    ],
    ids=[
        "the sun serves the house, the battery, the grid",
        "at night the battery goes before the grid",
        "a battery that sells",
        "cheap power at night",
        "the load counts the car",
        "the load does not count it",
    ],
)
def test_what_flows_from_where_to_where(power, links):
    shared = shared_out(Powers(**power)).items()
    assert {f"{a.value}>{b.value}": round(watt) for (a, b), watt in shared} == links


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
    assert {it.part: (it.x, it.y) for it in picture.nodes} == {
        SOLAR: (0.5, 0),
        BATTERY: (0.5, 1),
        HOUSE: (1, 0.5),
        GRID: (0, 0.5),
    }
    assert picture.in_words == (
        "Solar 3.21 kW; Battery charging 1.20 kW; House 0.80 kW; Grid exporting 1.21 kW"
    )


def test_only_what_is_fitted_is_drawn():
    assert fitted(bare(pv_w=900.0)) == (SOLAR,)
    assert fitted(bare(pv_w=900.0, load_w=300.0, grid_w=600.0)) == (SOLAR, HOUSE, GRID)
    assert fitted(bare(pv_w=900.0, ev_w=0.0)) == (SOLAR, HOUSE, CAR)
    sold = Energy(today=EnergySums(export_kwh=1.0))
    assert fitted(replace(bare(), energy=sold)) == (SOLAR, GRID)


def test_a_battery_that_is_silent_keeps_its_ring_with_a_dash_and_no_link():
    silent = reading(
        power=Powers(pv_w=3210.0, load_w=800.0, grid_w=1210.0),
        battery=Battery(soc_percent=50.0, state=BatteryState.CHARGING),
    )
    picture = flow_picture(silent)
    found = node(picture, BATTERY)
    assert (found.value, found.word) == (DASH, "charging")
    assert found.sentence == "Battery charging unknown"
    assert not any(BATTERY in {it.source, it.sink} for it in picture.links)
    nothing = flow_picture(replace(silent, battery=Battery(soc_percent=50.0)))
    assert node(nothing, BATTERY).sentence == "Battery unknown"


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


def test_powers_have_three_figures_and_no_sign():
    watts = (None, 0.0, 94.0, -800.0, 3210.0, 9996.0, 99_960.0)
    texts = [DASH, "0 W", "94 W", "0.80 kW", "3.21 kW", "10.0 kW", "100 kW"]
    assert [fine_power(it) for it in watts] == texts


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
    for lost in (False, True):
        links = flow_picture(reading(power=power), grid_lost=lost).links
        assert links
        assert any(GRID in {it.source, it.sink} for it in links) is not lost
