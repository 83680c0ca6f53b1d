"""The back-fill's pace: one step after another, stopped and gone on with."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from sems_tray.domain.energy import YearStep
from sems_tray.domain.poll_result import PollFailed, Trouble
from sems_tray.history.plan import Progress
from sems_tray.window.transfer.backfill import BackfillController

NOW = datetime(2026, 6, 21, 10, tzinfo=UTC)
STEP = Progress(done=1, total=3, at=YearStep(2026))
DONE = Progress(done=3, total=3, finished=True)


class Walk:
    """A back-fill whose steps are noted."""

    def __init__(self) -> None:
        self.paused_until: datetime | None = None
        self.asked: list[bool] = []
        self.past = BackfillController(
            pace=timedelta(milliseconds=1),
            now=lambda: NOW,
            paused_until=lambda: self.paused_until,
        )
        self.past.step_wanted.connect(self.asked.append)


@pytest.fixture
def walk(qapp):
    return Walk()


def test_a_step_follows_the_one_before_until_the_end(walk, qtbot):
    walk.past.start()
    assert walk.asked == [True]
    walk.past.on_went_back(STEP)
    qtbot.waitUntil(lambda: walk.asked == [True, True])
    walk.past.on_went_back(DONE)
    assert not walk.past.wanted
    assert walk.past.progress.finished
    qtbot.wait(20)
    assert walk.asked == [True, True]


def test_there_is_never_more_than_one_step_under_way(walk):
    walk.past.start()
    walk.past.start()
    assert walk.asked == [True]


def test_a_stop_is_told_once_the_step_under_way_is_over(walk):
    walk.past.start()
    walk.past.stop()
    assert walk.asked == [True]
    walk.past.on_went_back(STEP)
    assert walk.asked == [True, False]
    walk.past.on_went_back(None)
    assert walk.asked == [True, False]


def test_a_start_during_the_stop_goes_on(walk):
    walk.past.start()
    walk.past.stop()
    walk.past.on_went_back(STEP)
    walk.past.start()
    walk.past.on_went_back(None)
    assert walk.asked == [True, False, True]


def test_leaving_forgets_nothing_for_the_next_run(walk, qtbot):
    walk.past.start()
    walk.past.leave()
    walk.past.on_went_back(STEP)
    qtbot.wait(20)
    assert walk.asked == [True]


def test_a_trouble_that_passes_is_waited_out(walk):
    walk.past.start()
    walk.past.on_went_back(Progress(failed=PollFailed(trouble=Trouble.UNREACHABLE)))
    assert walk.past.wanted
    assert walk.past.next_at == NOW + timedelta(minutes=5)


def test_a_trouble_that_needs_the_owner_ends_it(walk):
    walk.past.start()
    walk.past.on_went_back(Progress(failed=PollFailed(trouble=Trouble.REFUSED)))
    assert not walk.past.wanted


def test_a_pause_asked_of_the_polls_holds_here_too(walk):
    walk.past.start()
    walk.paused_until = NOW + timedelta(minutes=30)
    walk.past.on_went_back(STEP)
    assert walk.past.next_at == walk.paused_until


def test_a_step_of_the_station_that_was_left_says_nothing_of_the_next(walk, qtbot):
    walk.past.start()
    walk.past.leave()
    walk.past.start()
    assert walk.asked == [True, True]
    walk.past.on_went_back(DONE)
    assert walk.past.wanted
    assert walk.past.progress == Progress()
    walk.past.on_went_back(STEP)
    assert walk.past.progress == STEP


def test_a_stop_is_told_before_the_station_is_left(walk):
    walk.past.start()
    walk.past.stop()
    walk.past.leave()
    assert walk.asked == [True, False]
    walk.past.on_went_back(STEP)
    walk.past.on_went_back(None)
    walk.past.start()
    assert walk.asked == [True, False, True]
