"""The demo's clock is this computer's, and its sun the scenario's."""

import time
from datetime import UTC, datetime, timedelta

import pytest

from sems_tray.daylight.zone_locations import computer_zone
from sems_tray.domain.model import StationState
from sems_tray.domain.poll_result import PollSucceeded
from sems_tray.domain.station_state import state_of
from sems_tray.domain.time_zones import utc_now
from sems_tray.portal.poll_plan import PollRequest
from sems_tray.runtime import context
from sems_tray.runtime.context import connected, prepared, simulator
from sems_tray.runtime.options import Options
from sems_tray.runtime.sky import Sky


@pytest.fixture
def set_zone(monkeypatch):
    """Set this computer's zone."""

    def set_to(name):
        monkeypatch.setenv("TZ", name)
        time.tzset()

    yield set_to
    monkeypatch.undo()
    time.tzset()


@pytest.mark.parametrize("zone", ["Asia/Tokyo", "America/Denver"])
def test_the_demo_runs_in_the_computers_zone(zone, set_zone):
    set_zone(zone)
    with prepared(Options(demo="multi")) as run:
        demo = simulator(run)
        assert demo is not None
        assert {it.spec.place.zone for it in demo.world.sites} == {zone}


@pytest.mark.parametrize(
    ("told", "found"),
    [
        (":Europe/Madrid", "Europe/Madrid"),
        ("XST-5:30", "UTC+05:30"),
        ("XST+3", "UTC-03:00"),
    ],
)
def test_a_zone_without_a_name_is_an_offset(told, found, set_zone):
    set_zone(told)
    assert computer_zone() == found


@pytest.mark.parametrize("hour", range(0, 24, 3))
@pytest.mark.parametrize(("scenario", "dark"), [("day", False), ("night", True)])
def test_day_is_day_and_night_is_night_whenever_it_starts(
    scenario, dark, hour, monkeypatch
):
    now = datetime(2026, 11, 3, tzinfo=UTC) + hour * timedelta(hours=1)
    monkeypatch.setattr(context, "utc_now", lambda: now)
    with prepared(Options(demo=scenario)) as run:
        demo = simulator(run)
        assert demo is not None
        for site in demo.world.sites:
            assert site.asleep(now) is dark


@pytest.mark.parametrize(
    ("scenario", "zone", "expected"),
    [
        ("day", "Asia/Tokyo", StationState.OK),
        ("night", "America/Denver", StationState.NIGHT),
        ("night", "XST-5:30", StationState.NIGHT),
    ],
)
def test_a_demo_is_judged_by_its_own_sun(scenario, zone, expected, set_zone):
    set_zone(zone)
    with prepared(Options(demo=scenario)) as run, connected(run) as client:
        outcome = client.fetch(PollRequest())
        assert isinstance(outcome, PollSucceeded)
        reading = outcome.reading
        state = state_of(reading, utc_now(), Sky(run.settings).dark_at(reading))
        assert state is expected
        assert reading.measured_at is not None
        assert abs(reading.measured_at - reading.received_at) < timedelta(minutes=2)
