"""How wrong a logger's clock is, by the ages at which its reports come."""

import random
from datetime import UTC, datetime, timedelta
from math import ceil

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from sems_tray.domain.logger_clock import LoggerClock, after, from_json, to_json, words
from sems_tray.domain.model import Dialect, Reading, Station
from sems_tray.domain.station_state import is_old

START = datetime(2026, 5, 4, 9, 0, 20, tzinfo=UTC)
MINUTE = timedelta(minutes=1)


class Logger:
    """Reports every so many minutes by its own clock, and is asked now and then."""

    def __init__(self, behind=0, every=1, polled=2, late_s=20, clock=None):
        self.behind, self.every, self.polled = behind, every, polled
        self.late = timedelta(seconds=late_s)
        self.at = START
        self.clock = clock or LoggerClock()
        self.silent_since = None
        self.stamps = None  # of reports that were stored

    def stamp(self):
        arrived = (self.silent_since or self.at) - self.late
        minutes = int(arrived.timestamp() // 60)
        minute = datetime.fromtimestamp((minutes - minutes % self.every) * 60, UTC)
        return minute - self.behind * MINUTE

    def poll(self, times=1):
        for _ in range(times):
            self.at += self.polled * MINUTE
            self.clock = after(self.clock, self.stamp(), self.at)
        return self.clock

    @property
    def behind_min(self):
        return self.clock.behind / MINUTE

    def reading(self):
        return Reading(
            dialect=Dialect.SEMSPLUS,
            station=Station(id="s"),
            received_at=self.at,
            measured_at=self.clock.corrected(self.stamp()),
            renewed_at=self.clock.renewed_at,
        )


@pytest.mark.parametrize(
    ("behind", "every", "polled"),
    [
        (60, 1, 2),
        (60, 5, 2),
        (60, 8, 1),
        (35, 1, 1),
        (35, 5, 1),
        (120, 5, 5),
        (60, 30, 2),
        (-60, 1, 2),
        (-60, 5, 5),
        (-540, 1, 2),  # Tokyo's local time, told as UTC
        (420, 1, 2),  # Denver's
        (330, 5, 2),
    ],
)
def test_a_wrong_clock_is_known_after_a_few_reports(behind, every, polled):
    logger = Logger(behind, every, polled)
    logger.poll(2 + 5 * ceil(every / polled))
    assert logger.behind_min == pytest.approx(behind, abs=1)
    logger.poll(200)
    assert logger.behind_min == pytest.approx(behind, abs=1)


@pytest.mark.parametrize("every", [1, 5, 8, 15, 30])
@pytest.mark.parametrize("polled", [1, 2, 5, 10, 15, 30])
@pytest.mark.parametrize("late_s", [0, 30, 300, 480])
def test_slow_loggers_and_seldom_polls_are_no_wrong_clock(every, polled, late_s):
    logger = Logger(0, every, polled, late_s)
    for _ in range(150):
        assert logger.poll().behind == timedelta()


def test_a_stalled_logger_is_no_wrong_clock():
    logger = Logger()
    logger.poll(10)
    logger.silent_since = logger.at
    logger.poll(300)
    assert logger.behind_min == 0
    assert is_old(logger.reading(), logger.at)
    logger.silent_since = None  # a first report after a long pause
    logger.poll(1)
    assert logger.behind_min == 0
    assert not is_old(logger.reading(), logger.at)


@pytest.mark.parametrize("speed", [1.5, 2, 3, 10, 60])
def test_stored_reports_that_are_sent_later_are_no_wrong_clock(speed):
    clock, at, stamp = LoggerClock(), START, START - 180 * MINUTE
    while stamp < at:
        clock = after(clock, stamp, at)
        assert clock.behind == timedelta()
        at += MINUTE
        stamp += speed * MINUTE


@pytest.mark.parametrize("behind", [60, 35, 420, -60])
def test_a_clock_that_is_set_right_and_wrong_again_is_followed(behind):
    logger = Logger(behind)
    logger.poll(12)
    assert logger.behind_min == behind
    logger.behind = 0
    logger.poll(1 if behind > 0 else 6)  # a future measurement shows it at once
    assert logger.behind_min == 0
    logger.behind = behind
    logger.poll(12)
    assert logger.behind_min == behind


def test_a_wrong_clock_is_not_silent_from_the_second_report_on():
    logger = Logger(60, every=1, polled=2)
    logger.poll()
    assert is_old(logger.reading(), logger.at)  # nobody can know better yet
    for _ in range(30):
        logger.poll()
        assert not is_old(logger.reading(), logger.at)


def test_a_logger_that_dies_with_a_wrong_clock_is_silent_half_an_hour_later():
    logger = Logger(60)
    logger.poll(20)
    logger.silent_since = logger.at
    logger.poll(14)
    assert not is_old(logger.reading(), logger.at)
    logger.poll(3)
    assert is_old(logger.reading(), logger.at)


def test_after_a_sleep_of_the_computer_nobody_saw_the_report_come():
    logger = Logger()
    logger.poll(3)
    logger.at += 120 * MINUTE
    logger.silent_since = logger.at - 50 * MINUTE
    logger.poll()
    assert is_old(logger.reading(), logger.at)


def test_what_was_learned_serves_the_next_run():
    logger = Logger(60)
    logger.poll(12)
    saved = to_json(logger.clock.behind.total_seconds())
    again = Logger(60, clock=LoggerClock(behind=from_json(saved)))
    again.poll()
    assert not is_old(again.reading(), again.at)
    assert to_json(0.0) is None


@pytest.mark.parametrize(
    "value", [None, 3, "x", {}, {"behind_s": "60"}, {"behind_s": float("nan")}, []]
)
def test_what_is_oddly_kept_is_a_clock_that_is_right(value):
    assert from_json(value) == timedelta()


def test_a_clock_is_told_in_words():
    assert words(60 * MINUTE) == "60 min behind"
    assert words(-35 * MINUTE) == "35 min ahead"
    assert words(timedelta()) == "right"


@given(
    st.integers(-1560, 1560),
    st.sampled_from([1, 2, 5, 8]),
    st.sampled_from([1, 2, 5]),
    st.integers(0, 1000),
)
def test_times_are_corrected_to_minutes(behind, every, polled, seed):
    # Between two polls nobody sees when a report comes.
    assume(behind > 21 + polled or behind < -6 - every)
    dice = random.Random(seed)
    logger = Logger(behind, every, polled)
    for _ in range(60):
        logger.late = timedelta(seconds=dice.randint(0, 40))
        logger.poll()
    assert abs(logger.behind_min - behind) <= polled + every + 1


@given(st.lists(st.tuples(st.integers(-4000, 4000), st.integers(0, 60))))
def test_any_stamps_are_taken(polls):
    clock, at = LoggerClock(), START
    for off, wait in polls:
        at += wait * MINUTE
        clock = after(clock, at + off * MINUTE, at)
        assert abs(clock.behind) <= timedelta(hours=26)
