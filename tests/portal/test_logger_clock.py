"""A logger's wrong clock, seen over real HTTP and kept in a real history."""

import logging
from datetime import UTC, datetime, timedelta

import pytest

from sems_tray.diagnostics.report import logger_clocks
from sems_tray.domain.logger_clock import LOGGER_CLOCK, from_json
from sems_tray.domain.model import Dialect, StationState
from sems_tray.domain.station_state import age, state_of
from sems_tray.history.recorder import HistoryRecorder
from sems_tray.portal.poll_plan import PollRequest
from sems_tray.runtime.options import Options
from tests.kit.readings import by_day
from tests.kit.services import context_in
from tests.portal.scripted import EVERYTHING, reading

MINUTE = timedelta(minutes=1)


def polled(client, clock, times=1):
    """Poll every two minutes; return the last reading."""
    for _ in range(times - 1):
        clock.at += 2 * MINUTE
        client.fetch(PollRequest())
    clock.at += 2 * MINUTE
    return reading(client.fetch(PollRequest()))


def age_min(found, clock):
    since = age(found, clock.at)
    assert since is not None
    return since / MINUTE


@pytest.mark.parametrize("dialect", Dialect)
@pytest.mark.parametrize("behind", [60, -60])
def test_measured_times_are_corrected_after_a_few_reports(
    start, dialect, behind, caplog
):
    sim, client, clock = start("day", dialect)
    sim.world.sites[0].clock_behind = behind * MINUTE
    caplog.set_level(logging.INFO, "sems_tray.portal.client")
    found = polled(client, clock)
    for _ in range(12):
        found = polled(client, clock)
        # At the first reading nobody could know better.
        assert state_of(found, clock.at, by_day) is StationState.OK
    assert age_min(found, clock) < 2
    assert found.clock_behind_s == behind * 60
    side = "behind" if behind > 0 else "ahead"
    told = [it for it in caplog.messages if "clock" in it]
    assert told == [f"the logger's clock is {abs(behind)} min {side}"]


def test_a_zone_that_is_told_wrong_does_not_move_the_measurement(start):
    # 12:52 in Madrid, told as 12:52 UTC: two hours in the future.
    sim, client, clock = start("day", Dialect.SEMSPLUS)
    sim.world.sites[0].told_zone = "UTC+00:00"
    assert reading(client.fetch(EVERYTHING)).measured_at is None
    found = polled(client, clock, 8)
    assert found.station.timezone == "UTC+00:00"
    assert age_min(found, clock) < 2
    # The curve is stamped by the same clock.
    curve = client.day_curve(clock.at.date())
    last = max(it.at for it in curve if it.power.pv_w is not None)
    assert abs(last - clock.at) < 5 * MINUTE


@pytest.fixture
def run(tmp_path):
    options = Options(account="a@example.com", password="demo", dialect="semsplus")
    return context_in(tmp_path, options=options)


def test_a_fresh_process_knows_the_clock_at_its_first_reading(start, run, monkeypatch):
    sim, client, clock = start("day", Dialect.SEMSPLUS)
    monkeypatch.setattr("sems_tray.runtime.context.utc_now", clock)
    sim.world.sites[0].clock_behind = 60 * MINUTE
    found = polled(client, clock, 10)
    recorder = HistoryRecorder(run.paths.history, now=clock)
    recorder.record_reading(found)
    station = found.station.id
    assert from_json(recorder.reader.state(station, LOGGER_CLOCK)) == 60 * MINUTE
    fresh = run.client(sim.url, run.vault())
    first = reading(fresh.fetch(PollRequest()))
    assert age_min(first, clock) < 2
    assert state_of(first, clock.at, by_day) is StationState.OK
    assert logger_clocks(run.paths.history) == "the logger's clock is 60 min behind"
    sim.world.sites[0].clock_behind = timedelta()
    recorder.record_reading(polled(client, clock))
    assert recorder.reader.state(station, LOGGER_CLOCK) is None
    recorder.close()
    assert logger_clocks(run.paths.history) == "as the loggers say"


def test_no_history_is_a_clock_that_is_right(run):
    assert run._behind("s") == timedelta()
    run.paths.history.parent.mkdir(parents=True, exist_ok=True)
    run.paths.history.write_bytes(b"no history" * 100)
    assert run._behind("s") == timedelta()


AUTUMN = datetime(2026, 10, 24, 23, 30, tzinfo=UTC)


def test_the_hour_that_comes_twice_changes_no_clock(start):
    _, client, clock = start("day", Dialect.SEMSPLUS)
    clock.at = AUTUMN
    for _ in range(70):
        assert polled(client, clock).clock_behind_s == 0
