from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sems_tray.domain.poll_result import PollFailed, PollSucceeded, Trouble
from sems_tray.polling.schedule import CadenceInputs, backoff, next_delay, period, slept
from tests.kit.readings import any_failures, reading


def minutes(count):
    return timedelta(minutes=count)


FRESH = PollSucceeded(reading=reading())
SECOND = timedelta(seconds=1)
situations = st.builds(
    CadenceInputs,
    live=st.timedeltas(timedelta(0), timedelta(days=1)),
    dark=st.sampled_from([None, True, False]),
    has_battery=st.booleans(),
    watched=st.booleans(),
    throttled_today=st.integers(0, 1000),
)
jitters = st.floats(0, 1, exclude_max=True)


@pytest.mark.parametrize(
    ("situation", "expected_min"),
    [
        ({}, 2),
        ({"dark": False}, 2),
        ({"dark": True}, 15),
        ({"dark": True, "has_battery": True}, 5),
        ({"has_battery": True}, 2),
        ({"watched": True}, 1),
        ({"watched": True, "dark": True}, 1),
        ({"live": minutes(10)}, 10),
        ({"live": SECOND}, 1),
        ({"live": minutes(600)}, 30),
        ({"throttled_today": 1}, 2),
        ({"throttled_today": 2}, 4),
        ({"throttled_today": 3}, 8),
        ({"throttled_today": 4}, 16),
        ({"throttled_today": 99}, 16),
        ({"throttled_today": 2, "watched": True}, 2),
        ({"throttled_today": 99, "dark": True}, 30),
        ({"throttled_today": 99, "live": minutes(30)}, 30),
    ],
)
def test_the_cadence_depends_on_light_battery_window_and_throttling(
    situation, expected_min
):
    assert period(CadenceInputs(**situation)) == minutes(expected_min)


@given(situations)
def test_the_cadence_stays_between_one_and_thirty_minutes(situation):
    assert minutes(1) <= period(situation) <= minutes(30)


def delay(outcome, *, failures=1, jitter=0.0, **situation):
    return next_delay(
        outcome, CadenceInputs(**situation), failures=failures, jitter=jitter
    )


@pytest.mark.parametrize(
    ("failures", "expected_min"),
    [(0, 1), (1, 1), (2, 2), (3, 4), (4, 8), (5, 15), (6, 15), (10_000, 15)],
)
def test_failures_back_off_from_a_minute_to_a_quarter_of_an_hour(
    failures, expected_min
):
    lost = PollFailed(trouble=Trouble.UNREACHABLE)
    assert delay(lost, failures=failures) == minutes(expected_min)


@given(st.integers(1, 30), jitters)
def test_the_back_off_never_shrinks_while_failures_go_on(failures, jitter):
    assert backoff(failures, jitter) <= backoff(failures + 1, jitter)


def test_jitter_spreads_those_who_failed_together():
    waits = {backoff(2, tenth / 10) for tenth in range(10)}
    assert len(waits) == 10
    assert max(waits) <= 1.25 * min(waits)


@given(any_failures, situations, st.integers(1, 500), jitters)
def test_every_failure_waits_a_minute_at_least_or_for_the_owner(
    failed, situation, failures, jitter
):
    got = next_delay(failed, situation, failures=failures, jitter=jitter)
    if failed.trouble is Trouble.REFUSED:
        assert got is None
    else:
        assert got is not None
        assert got >= minutes(1)
        if failed.trouble is Trouble.OFFLINE:
            assert got <= minutes(1)
        else:
            assert got >= (failed.retry_after or timedelta())


@pytest.mark.parametrize(
    ("asked_s", "situation", "expected_s"),
    [
        (30, {}, 120),
        (600, {}, 600),
        (600, {"watched": True}, 600),
        (7200, {}, 7200),
        (300, {"throttled_today": 4}, 960),
    ],
)
def test_a_throttled_poll_waits_for_what_was_asked(asked_s, situation, expected_s):
    paused = PollFailed(trouble=Trouble.THROTTLED, retry_after=asked_s * SECOND)
    assert delay(paused, **situation) == expected_s * SECOND


def test_a_reading_is_followed_by_the_next_after_one_period():
    assert delay(FRESH, failures=0) == minutes(2)
    assert delay(FRESH, failures=0, jitter=0.99) == minutes(2)


@pytest.mark.parametrize(("pause_s", "expected_s"), [(30, 120), (600, 600), (0, 120)])
def test_a_pause_asked_for_along_with_a_reading_is_kept(pause_s, expected_s):
    paused = PollSucceeded(reading=reading(), pause=pause_s * SECOND)
    assert delay(paused, failures=0) == expected_s * SECOND


@pytest.mark.parametrize(
    ("gap_s", "verdict"),
    [
        (0, False),
        (30, False),
        (89, False),
        (91, True),
        (8 * 3600, True),
        (-30, False),
        (-61, True),
    ],
)
def test_sleep_shows_as_a_jump_of_the_clock(gap_s, verdict):
    assert slept(1_000_000.0, 1_000_000.0 + gap_s) is verdict


def test_a_demo_is_polled_as_fast_as_somebody_can_watch():
    assert period(CadenceInputs(demo=True, dark=True)) == timedelta(seconds=15)
    assert period(CadenceInputs(demo=True, watched=True)) == timedelta(seconds=15)
