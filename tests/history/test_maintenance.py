"""Thinning and checking the history, once a day and a little at a time."""

from __future__ import annotations

from datetime import timedelta

import pytest

from sems_tray.history.recorder import HistoryRecorder, Maintenance
from sems_tray.storage.history.store import History
from sems_tray.storage.paths import HISTORY
from tests.kit.clock import Clock
from tests.kit.history_data import (
    HOME,
    NOON,
    filled,
    reading,
)

OLD = NOON - timedelta(days=500)


@pytest.fixture
def clock():
    return Clock(NOON)


def old_rows(recorder):
    rows = recorder.reader.iter_rows(HOME, OLD, NOON - timedelta(days=401))
    return sum(it.span_min == 1 for it in rows)


def test_a_program_that_never_runs_over_midnight_thins_too(tmp_path, clock):
    for day in range(2):
        clock.at = NOON + timedelta(days=day)
        recorder = HistoryRecorder(tmp_path / HISTORY, now=clock)
        recorder.record_reading(reading(clock.at))
        filled(recorder.history, 60, OLD + timedelta(days=day))
        assert old_rows(recorder) == 60
        clock.at += timedelta(minutes=6)
        recorder.record_reading(reading(clock.at))
        assert old_rows(recorder) == 0
        recorder.close()


def test_a_second_start_on_the_same_day_does_it_no_more(tmp_path, clock):
    for left in (0, 60):
        recorder = HistoryRecorder(tmp_path / HISTORY, now=clock)
        filled(recorder.history, 60, OLD + timedelta(days=left))
        clock.at += timedelta(minutes=6)
        recorder.record_reading(reading(clock.at))
        assert old_rows(recorder) == left
        recorder.close()


def test_long_thinning_is_done_a_slice_a_poll(tmp_path, clock):
    ticks = [0.0]

    def tick():
        ticks[0] += 0.4
        return ticks[0]

    with History(tmp_path / HISTORY, now=clock) as history:
        filled(history, 60 * 24 * 9, OLD)
        history.add(reading(NOON))
        upkeep = Maintenance(history, now=clock, stop=lambda: False, tick=tick)
        clock.at += timedelta(minutes=6)
        left = []
        for _ in range(8):
            upkeep.run_due()
            rows = history.reader.iter_rows(HOME, OLD, NOON)
            left.append(sum(it.span_min == 1 and it.at < NOON for it in rows))
    assert left[0] > left[1] > left[2] > 0
    assert left[-1] == 0
