"""A power that nobody told is unknown, unless the others leave no choice."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sems_tray.domain.model import BatteryState, Powers
from sems_tray.portal.assemble_reading import completed
from sems_tray.portal.station_cache import Live
from tests.portal.scripted import EVERYTHING, Desk, device, ok, plus_portal, reading

INFO = {"name": "Roof", "zoneId": "Europe/Amsterdam"}
BASE = {"status": "1", "refreshTime": "2026-06-21T11:59:00"}


def station(kind=None, subtype="grid", **values):
    """Return the reading of a SEMS+ station with one inverter and this flow."""
    devices = [device("INVERTER", "INV", subtype=subtype)]
    script = plus_portal(
        **{
            "*/stations/flow": ok(BASE | values),
            "*/stations/basic/info": ok(INFO | {"powerStationType": kind}),
            "*/device/all-status": ok({"deviceDetailList": devices}),
        }
    )
    return reading(Desk(script).fetch(EVERYTHING))


def hybrid(**values):
    return station(kind="2", subtype="store", **values)


def pv_only(**values):
    return station(kind="1", **values)


NIGHT = {"pAc": 1.783, "pGrid": -0.012, "pConsum": 1.795}


def test_a_hybrid_at_night_without_pv_and_battery_makes_no_sun():
    power = hybrid(soc=54, **NIGHT).power
    assert power == Powers(load_w=1795.0, grid_w=-12.0)
    assert hybrid(soc=54, pAc=1.783).power == Powers()


@pytest.mark.parametrize(
    "sign", [{"kind": "2"}, {"subtype": "store"}, {"flows": {"pBat": ["pConsum"]}}]
)
def test_any_word_of_a_battery_makes_its_silence_unknown(sign):
    assert station(**NIGHT, **sign).power.pv_w is None


def test_a_hybrid_whose_battery_tells_its_power_has_the_rest_as_pv():
    power = hybrid(soc=54, pBat=1.783, **NIGHT).power
    assert (power.pv_w, power.battery_w) == (0.0, 1783.0)


def test_a_battery_whose_power_is_unknown_has_no_direction():
    found = hybrid(soc=54, pSystem=0, **NIGHT)
    assert found.power.battery_w is None
    assert found.battery is not None
    assert found.battery.state is None


def test_without_a_battery_what_the_house_and_the_grid_get_is_pv():
    assert pv_only(pGrid=-1.351, pConsum=1.351, pAc=0).power.pv_w == 0.0
    assert pv_only(pGrid=1.0, pConsum=0.5).power.pv_w == 1500.0
    assert pv_only(pAc=2.28).power.pv_w == 2280.0
    power = pv_only(pAc=2.28, pGrid=1.28).power
    assert (power.pv_w, power.load_w) == (2280.0, 1000.0)
    assert pv_only(pSystem=-0.012, pAc=-0.012).power.pv_w == 0.0


def test_where_nothing_says_whether_there_is_a_battery_nothing_follows():
    broken = {"code": "X0001"}
    script = plus_portal(
        **{
            "*/stations/flow": ok(BASE | NIGHT),
            "*/stations/basic/info": broken,
            "*/device/all-status": broken,
        }
    )
    assert reading(Desk(script).fetch()).power.pv_w is None


@pytest.mark.parametrize(
    ("parts", "pv_w"),
    [
        ({"pDiesel": 3.0}, 0.0),
        ({"pDiesel": "3000W"}, 0.0),
        ({"pDiesel": 2.0}, 1000.0),
        ({"pDiesel": 5.0}, None),  # more than all that is used
        ({"pDiesel": "?"}, None),
        ({"flows": {"pDiesel": ["pConsum"]}}, None),
        ({"pDiesel": 0}, 3000.0),
        ({"flows": {"pGenset": ["pConsum"]}}, None),  # a part that nobody knows
        ({"flows": {"pSystem": ["pConsum", "pEvChar"]}}, None),
        ({"flows": {"pSystem": ["pConsum"]}}, 3000.0),
        ({"pThird": 1.0}, None),
        ({"pHeatPump": 1.0}, None),
        ({"pEvChar": 1.0}, None),
        ({"pThird": 0, "pHeatPump": "-", "pEvChar": ""}, 3000.0),
    ],
)
def test_a_generator_is_no_sun(parts, pv_w):
    flow = {"pGrid": 0, "pConsum": 3.0}
    assert pv_only(**flow, **parts).power.pv_w == pv_w


def test_a_house_follows_only_from_a_whole_balance():
    told = {"pSystem": 3.0, "pGrid": 1.0}
    assert pv_only(**told).power.load_w == 2000.0
    assert pv_only(pDiesel=1.0, **told).power.load_w == 3000.0
    assert pv_only(pThird=1.0, **told).power.load_w is None
    assert hybrid(**told).power.load_w is None
    assert hybrid(pBat=-0.5, **told).power.load_w == 1500.0


def test_parts_that_contradict_each_other_leave_the_last_unknown():
    assert pv_only(pSystem=1.0, pGrid=2.0).power.load_w is None
    assert pv_only(pGrid=-5.0, pConsum=1.0).power.pv_w is None


def test_a_battery_that_tells_its_power_is_shown_as_ever():
    found = hybrid(soc=54, pSystem=3.0, pBat=-1.0, pGrid=0.5, pConsum=1.5)
    assert found.power == Powers(
        pv_w=3000.0, load_w=1500.0, grid_w=500.0, battery_w=-1000.0
    )
    assert found.battery.state is BatteryState.CHARGING


watts = st.none() | st.integers(-20_000, 20_000).map(float)
positive = st.none() | st.integers(0, 20_000).map(float)


@given(
    power=st.builds(
        Powers, pv_w=positive, load_w=positive, grid_w=watts, battery_w=watts
    ),
    ac_w=watts,
    others_w=positive,
    stores=st.sampled_from([True, False, None]),
)
def test_what_is_told_stays_and_what_is_added_balances(power, ac_w, others_w, stores):
    live = Live(power=power, ac_w=ac_w, others_w=others_w)
    found = completed(live, stores=stores)
    assert found.grid_w == power.grid_w
    for name in ("pv_w", "load_w"):
        told, whole = getattr(power, name), getattr(found, name)
        assert whole == told if told is not None else whole is None or whole >= 0
    if stores is not False:
        assert found.battery_w == power.battery_w
        if power.battery_w is None:
            assert (found.pv_w, found.load_w) == (power.pv_w, power.load_w)
    if others_w is None and ac_w is None:
        assert (found.pv_w, found.load_w) == (power.pv_w, power.load_w)
