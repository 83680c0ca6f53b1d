"""A roof's own light wakes its inverters: what a silence means, and what is learned."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from sems_tray.daylight.waking import Waking, learned_waking, may_sleep
from sems_tray.domain.model import (
    Battery,
    CurvePoint,
    DeviceState,
    Dialect,
    LastAwake,
    Powers,
    Reading,
    Station,
)
from sems_tray.domain.model import StationState as S
from sems_tray.domain.station_state import state_of
from sems_tray.simulator.station.sun import elevation_deg
from tests.kit.readings import inverter

HOUR, MINUTE = timedelta(hours=1), timedelta(minutes=1)
UTRECHT, OULU, TROMSO, TAIPEI = (52.1, 5.1), (65.0, 25.5), (69.6, 19.0), (25.0, 121.5)
ROOF = Station(id="roof", capacity_kwp=5.0)


def height(place, when):
    latitude, longitude = place
    return elevation_deg(latitude, longitude, when)


def sun_over(place):
    def below(when, degrees):
        return height(place, when) < degrees

    return below


def at(text):
    return datetime.fromisoformat(text).replace(tzinfo=UTC)


def roof(now, heard, *, state="offline", pv_w=0.0, last_w=None, **more):
    """Return what is known of a roof that was last heard then, at that power."""
    return Reading(
        dialect=Dialect.SEMSPLUS,
        station=replace(ROOF, state=DeviceState(state)),
        received_at=now,
        measured_at=more.pop("measured_at", heard),
        power=Powers(pv_w=pv_w),
        inverters=(inverter(state),),
        last_awake=None if last_w is None else LastAwake(at=heard, pv_w=last_w),
        **more,
    )


def judged(place, now, heard, waking=None, **about):
    reading = roof(now, heard, **about)
    dark_at = may_sleep(reading, sun_over(place), waking or Waking())
    return state_of(reading, now, dark_at)


# Sun at noon: 14 degrees in Utrecht, 1.6 in Oulu; dusk of the day before.
DUSK = at("2026-12-20T15:00")
NOON = at("2026-12-21T11:45")


@pytest.mark.parametrize("hours", [-3, -2, -1, 0, 1, 2, 3])
def test_a_roof_under_snow_is_asleep_all_day(hours):
    assert judged(UTRECHT, NOON + hours * HOUR, DUSK, last_w=12.0) is S.NIGHT


def test_snow_lies_for_a_week_and_then_the_roof_has_a_clear_day_to_wake():
    week, day_after = NOON + timedelta(days=6), NOON + timedelta(days=8)
    assert judged(UTRECHT, week, DUSK, last_w=12.0) is S.NIGHT
    assert judged(UTRECHT, day_after, DUSK, last_w=12.0) is S.SILENT


def test_a_logger_that_died_at_work_is_silent_after_half_an_hour_and_the_next_day():
    died = at("2026-12-21T11:00")
    for now in (died + 31 * MINUTE, died + HOUR, NOON + timedelta(days=1)):
        assert judged(UTRECHT, now, died, last_w=800.0) is S.SILENT
    assert judged(UTRECHT, died + 29 * MINUTE, died, state="running") is not S.SILENT


LATE = Waking(height_deg=15.0)
ELEVEN, NINE = at("2026-12-21T11:00"), at("2026-12-21T09:00")  # at nine 6 degrees
WORKED, DOZED = {"state": "running", "pv_w": 900.0}, {"state": "running", "pv_w": 30.0}


def test_a_silence_in_winter_is_judged_by_the_last_power_and_the_sun():
    assert judged(UTRECHT, ELEVEN + HOUR, ELEVEN, LATE, last_w=800.0) is S.SILENT
    assert judged(UTRECHT, ELEVEN + HOUR, ELEVEN, LATE, last_w=200.0) is S.NIGHT
    assert judged(UTRECHT, NOON + HOUR, NOON, last_w=30.0) is S.NIGHT
    assert judged(UTRECHT, NOON, DUSK, last_w=9.0, state="waiting") is S.WAITING


def test_a_fresh_program_judges_a_silence_by_what_the_portal_still_tells():
    assert judged(UTRECHT, NOON, DUSK, pv_w=12.0) is S.NIGHT
    assert judged(UTRECHT, NOON, DUSK - 2 * HOUR, pv_w=700.0) is S.SILENT
    assert judged(UTRECHT, NOON, NINE, **WORKED) is S.SILENT
    assert judged(UTRECHT, NOON, NINE, **DOZED) is S.NIGHT


def test_what_the_portal_says_of_an_offline_inverter_is_not_what_it_made_before():
    died = at("2026-12-21T11:30")  # the portal shows 0 W since
    history = Waking(last_awake=LastAwake(at=died - 4 * MINUTE, pv_w=900.0))
    now = died + HOUR
    assert judged(UTRECHT, now, died, pv_w=0.0, last_w=900.0) is S.SILENT
    assert judged(UTRECHT, now, died, history, pv_w=0.0) is S.SILENT


def test_in_summer_and_in_the_tropics_no_snow_keeps_a_roof_asleep():
    dusk = at("2026-06-20T19:40")
    morning = at("2026-06-21T05:10")  # 13 degrees
    assert judged(UTRECHT, at("2026-06-21T03:50"), dusk, last_w=9.0) is S.NIGHT
    assert judged(UTRECHT, morning + HOUR, dusk, last_w=9.0) is S.SILENT
    early = Waking(height_deg=3.0)
    dawn = at("2026-06-21T04:45")
    assert judged(UTRECHT, dawn, dusk, early, last_w=9.0) is S.NIGHT  # it may be dull
    assert (
        judged(UTRECHT, dawn + timedelta(days=1), dusk, early, last_w=9.0) is S.SILENT
    )
    dusk, noon = at("2026-02-20T09:30"), at("2026-02-21T04:00")
    assert judged(TAIPEI, noon, dusk, last_w=9.0) is S.SILENT


@pytest.mark.parametrize("place", [OULU, TROMSO])
def test_a_low_sun_and_a_polar_night_are_night_all_day(place):
    dusk = at("2026-12-18T11:30")
    for hours in range(24):
        now = at("2026-12-21T00:00") + hours * HOUR
        assert judged(place, now, dusk, last_w=9.0) is S.NIGHT
        by_meter = {"measured_at": now}
        assert judged(place, now, dusk, **by_meter) is S.NIGHT


def test_a_meter_that_goes_on_does_not_make_a_sleeping_inverter_a_silent_one():
    by_meter = {"measured_at": NOON}
    assert judged(UTRECHT, NOON, DUSK, last_w=12.0, **by_meter) is S.NIGHT
    assert judged(UTRECHT, NOON, DUSK, **by_meter) is S.NIGHT
    died = NOON - HOUR
    assert judged(UTRECHT, NOON, died, last_w=800.0, **by_meter) is S.SILENT


def test_a_station_with_a_battery_never_sleeps_by_day():
    battery = {"battery": Battery(soc_percent=40.0)}
    assert judged(UTRECHT, NOON, DUSK, last_w=12.0, **battery) is S.SILENT
    night = at("2026-12-21T17:00")
    assert judged(UTRECHT, night, NOON, last_w=12.0, **battery) is S.NIGHT


@pytest.mark.parametrize(
    ("heard", "about", "state"),
    [
        (DUSK, {"last_w": 12.0}, S.NIGHT),
        (DUSK, {"last_w": None}, S.NIGHT),
        (DUSK, {"last_w": 800.0}, S.UNKNOWN),
        # A zone that is wrong makes a fresh report old: "UTC+00:00" of Denver.
        (NOON - 7 * HOUR, {"state": "running", "pv_w": 3200.0}, S.UNKNOWN),
    ],
)
def test_where_nobody_knows_the_place_the_last_power_tells(heard, about, state):
    reading = roof(NOON, heard, **about)
    dark_at = may_sleep(reading, lambda _, __: None, Waking())
    assert state_of(reading, NOON, dark_at) is state
    assert dark_at(NOON + timedelta(days=9)) is None


# -- learning ---------------------------------------------------------------------

STEP = timedelta(minutes=15)


def past(days, wakes_deg, place=UTRECHT, until=NOON, *, on=lambda _: True):
    """Return means of a roof of 5 kW that is awake above a height of the sun."""
    first = until - timedelta(days=days)
    times = (first + n * STEP for n in range(round(timedelta(days=days) / STEP)))
    return [
        CurvePoint(at=when, power=Powers(pv_w=9 * deg**1.5))
        for when in times
        if on(when) and (deg := height(place, when)) > wakes_deg(when)
    ]


def learned(points, place=UTRECHT):
    return learned_waking(points, lambda when: height(place, when), STEP)


def test_too_little_is_learned_of_too_few_days():
    assert learned([]) is None
    found = learned(past(2, lambda _: 4.0))
    assert found.height_deg == Waking().height_deg


def test_a_roof_that_wakes_late_is_given_its_time():
    low = learned(past(30, lambda _: 0.0))
    high = learned(past(30, lambda _: 7.0))
    assert low is not None
    assert high is not None
    assert 3.0 <= low.height_deg < 5.5
    assert 9.0 < high.height_deg < 11.5


def test_the_last_fortnight_counts_most():
    def lately(when):
        return 1.0 if when > NOON - timedelta(days=16) else 9.0

    found = learned(past(60, lately))
    assert found is not None
    assert found.height_deg < 6.0


def test_a_roof_that_seldom_sleeps_under_a_midnight_sun_may_do_so_in_a_fog():
    fog = at("2026-06-17T21:00")  # 5 degrees
    found = learned(past(60, lambda _: 1.0, TROMSO, fog), TROMSO)
    assert found is not None
    assert judged(TROMSO, fog + HOUR, fog, found, last_w=160.0) is S.NIGHT
    assert judged(TROMSO, fog + 12 * HOUR, fog, found, last_w=160.0) is S.SILENT
    died = at("2026-06-17T16:00")  # 21 degrees
    assert judged(TROMSO, died + HOUR, died, found, last_w=160.0) is S.SILENT


def test_a_program_that_starts_at_noon_does_not_make_a_roof_a_late_riser():
    found = learned(past(20, lambda _: 1.0, on=lambda it: it.hour >= 11))
    assert found is not None
    assert found.height_deg < 6.0


def test_the_power_at_which_a_roof_falls_asleep_is_learned():
    found = learned(past(30, lambda _: 3.0))
    assert found is not None
    assert found.dozing_w is not None
    dusk = 9 * 3.0**1.5
    assert dusk < found.dozing_w < 2.5 * dusk
    dull_noon = {"now": NOON + HOUR, "heard": NOON, "last_w": 90.0}
    assert judged(UTRECHT, **dull_noon) is S.NIGHT
    assert judged(UTRECHT, **dull_noon, waking=Waking(dozing_w=40.0)) is S.SILENT


def test_the_history_knows_when_the_roof_was_last_awake():
    points = past(20, lambda _: 4.0, until=at("2026-12-20T21:00"))
    points.append(CurvePoint(at=NOON, power=Powers(pv_w=0.0)))
    found = learned(points)
    assert found is not None
    assert found.last_awake is not None
    assert at("2026-12-20T13:00") < found.last_awake.at < at("2026-12-20T16:00")
    assert found.last_awake.pv_w == pytest.approx(75.0, abs=15.0)
