"""Stations that sleep by the light on the roof, and what their portal says then."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from sems_tray.simulator.http import Request
from sems_tray.simulator.semsplus.stations import flow
from sems_tray.simulator.station.behaviour import Behaviour, NightFlow
from sems_tray.simulator.station.events import (
    ALARM,
    DEAD,
    GRID_LOST,
    ONE_OFF,
    PAUSE,
    RESTARTED,
    SNOW,
    STUCK,
    Event,
)
from sems_tray.simulator.station.places import Place
from sems_tray.simulator.station.site import Site
from sems_tray.simulator.station.specs import house, roof

NOON = datetime(2026, 12, 21, 10, 40, tzinfo=UTC)
MIDSUMMER = datetime(2026, 6, 21, 11, tzinfo=UTC)
FAR_NORTH = Place("Europe/Oslo", 69.65, 18.96)
NORTH = Place("Europe/Helsinki", 65.01, 25.47)
HOUR = timedelta(hours=1)


def site(place=NORTH, *, battery=False, events=(), **behaviour):
    spec = (
        house(place, NOON)
        if battery
        else roof(place, NOON, no=2, name="Roof", age_days=400, three_phase=True)
    )
    made = Site(
        spec,
        1,
        midnight_glitch=True,
        behaviour=Behaviour(**({"wake_share": 0.01} | behaviour)),
    )
    made.set_events(tuple(events))
    return made


def said(of, now):
    asked = Request(method="GET", path="", query={}, headers={}, body=b"", now=now)
    body: Any = flow(of, asked).body
    return body["data"]


def test_on_a_dark_winter_day_an_inverter_wakes_late_and_sleeps_early():
    roof_ = site()
    day = [NOON.replace(hour=0) + timedelta(minutes=m) for m in range(0, 1440, 5)]
    awake = [at for at in day if not roof_.asleep(at)]
    assert awake[0] >= NOON.replace(hour=8)
    assert awake[-1] - awake[0] < 5 * HOUR


def test_in_the_polar_night_it_never_wakes_and_its_last_report_is_weeks_old():
    roof_ = site(FAR_NORTH)
    assert roof_.station_state(NOON) == "offline"
    assert NOON - roof_.measured_at(NOON) > timedelta(days=10)


def test_until_it_wakes_its_counters_are_yesterdays():
    stands, goes_on = site(counters_stand=True), site()
    early = NOON.replace(hour=0)
    assert goes_on.counters(early).today.pv_kwh == 0
    assert stands.counters(early).today.pv_kwh > 0
    assert stands.between(early.date(), early.date(), early).pv_kwh == 0


def test_what_is_not_fitted_to_sleep_goes_on():
    assert site(battery=True).station_state(NOON.replace(hour=0)) == "running"


@pytest.mark.parametrize(
    ("kind", "expected"),
    [(NightFlow.ABSENT, None), (NightFlow.EMPTY, {})],
)
def test_a_flow_at_night_may_say_nothing(kind, expected):
    assert said(site(night_flow=kind), NOON.replace(hour=0)) == expected
    assert "pSystem" in said(site(night_flow=kind), MIDSUMMER)


def test_a_flow_at_night_may_lack_its_powers_or_repeat_the_last_ones():
    night = NOON.replace(hour=0)
    lacking = said(site(night_flow=NightFlow.POWERLESS), night)
    assert "refreshTime" in lacking
    assert "pAc" not in lacking
    assert said(site(night_flow=NightFlow.FROZEN), night)["pSystem"] > 0
    assert said(site(), night)["pAc"] == 0


def test_under_snow_the_inverter_sleeps_all_day():
    snow = Event(kind=SNOW, since=MIDSUMMER - 12 * HOUR, until=MIDSUMMER + 60 * HOUR)
    roof_ = site(events=[snow])
    assert roof_.station_state(MIDSUMMER + 24 * HOUR) == "offline"
    assert roof_.ledger.day((MIDSUMMER + 24 * HOUR).date()).pv_kwh == 0


def test_a_dead_plant_runs_and_gives_nothing():
    roof_ = site(events=[Event(kind=DEAD, since=MIDSUMMER - HOUR)])
    assert roof_.live(MIDSUMMER).pv_w == 0
    assert roof_.station_state(MIDSUMMER) == "running"
    assert roof_.inverter_state(0, MIDSUMMER) == "running"


def test_a_battery_that_is_stuck_leaves_the_surplus_to_the_grid():
    house_ = site(battery=True, events=[Event(kind=STUCK, since=MIDSUMMER - HOUR)])
    at = MIDSUMMER
    assert house_.live(at).battery_w == 0
    assert house_.live(at).grid_w == house_.live(at).pv_w - house_.live(at).load_w
    charges = {house_.live(at + n * HOUR).soc_percent for n in range(4)}
    assert len(charges) == 1


def test_one_inverter_of_two_may_be_off():
    off = Event(kind=ONE_OFF, since=MIDSUMMER - HOUR, device=1)
    house_ = site(battery=True, events=[off])
    states = [house_.inverter_state(n, MIDSUMMER) for n in range(2)]
    assert states == ["running", "offline"]
    assert house_.live(MIDSUMMER).pv_w_each[1] == 0


def test_a_logger_that_pauses_leaves_the_state_alone():
    roof_ = site(events=[Event(kind=PAUSE, since=MIDSUMMER - HOUR / 4)])
    assert roof_.measured_at(MIDSUMMER) == MIDSUMMER - HOUR / 4
    assert roof_.station_state(MIDSUMMER) == "running"


def test_a_meter_without_a_grid_may_show_its_noise_and_below_its_start_nothing():
    lost = Event(kind=GRID_LOST, since=MIDSUMMER, meter_w=2)
    house_ = site(battery=True, events=[lost], meter_dead_w=15)
    assert house_.live(MIDSUMMER + HOUR).grid_w == 2
    evening = MIDSUMMER - 14 * HOUR
    quiet = {house_.live(evening + timedelta(minutes=m)).grid_w for m in range(60)}
    assert 0 in quiet
    assert not quiet & {*range(-14, 0), *range(1, 15)}


def test_row_and_state_of_a_lost_grid_may_come_apart():
    late = Event(
        kind=GRID_LOST,
        since=MIDSUMMER,
        until=MIDSUMMER + HOUR,
        alarm_after=timedelta(minutes=9),
        told_after=timedelta(minutes=4),
    )
    house_ = site(battery=True, events=[late])

    def told(minutes):
        at = MIDSUMMER + timedelta(minutes=minutes)
        rows = [it for it in house_.alarms(at) if it.name_en == "Utility Loss"]
        return house_.grid_told_lost(at), [it.active(at) for it in rows]

    assert told(3) == (False, [])
    assert told(5) == (True, [])
    assert told(10) == (True, [True])
    assert told(66) == (False, [True])
    assert told(70) == (False, [False])


def test_an_alarm_row_may_stand_alone():
    house_ = site(battery=True, events=[Event(kind=ALARM, since=MIDSUMMER, device=0)])
    (row,) = [it for it in house_.alarms(MIDSUMMER) if it.active(MIDSUMMER)]
    assert row.device == house_.spec.inverters[0]
    assert house_.inverter_state(0, MIDSUMMER) == "running"


def test_an_inverters_counters_may_begin_anew():
    plain = site()
    anew = site(events=[Event(kind=RESTARTED, since=MIDSUMMER)])
    later = MIDSUMMER + HOUR
    made = plain.counters(later).total.pv_kwh - plain.counters(MIDSUMMER).total.pv_kwh
    assert anew.counters(later).total.pv_kwh == pytest.approx(made)
    assert anew.counters(later).year.pv_kwh == plain.counters(later).year.pv_kwh


def test_an_order_holds_between_its_instants(at_noon, plus):
    sim = at_noon("pv-only")
    caller = plus(sim)
    sim.fail("/stations/flow", "503", until=sim.now())
    sim.fail("/stations/flow", "503", since=sim.now() + HOUR)
    station = sim.books.station_ids[0]
    assert caller.flow(station)["pSystem"] > 0


def test_a_meter_counts_on_while_the_inverter_sleeps():
    spec = roof(NORTH, NOON, no=4, name="Roof", age_days=400, meter=True)
    behaviour = Behaviour(wake_share=0.01, counters_stand=True)
    metered = Site(spec, 1, midnight_glitch=False, behaviour=behaviour)
    night = NOON.replace(hour=0)
    assert metered.meter_counters(night).today.pv_kwh == 0
    assert metered.counters(night).today.pv_kwh > 0
    later = metered.meter_counters(night + 3 * HOUR).total.import_kwh
    assert later > metered.meter_counters(night).total.import_kwh
