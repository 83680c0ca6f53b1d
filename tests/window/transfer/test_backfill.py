"""The back-fill's pace: one step after another, stopped and gone on with."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from sems_tray.domain.energy import YearStep
from sems_tray.domain.poll_result import PollFailed, Trouble
from sems_tray.history.plan import WHOLE, PastPart, Progress
from sems_tray.window.transfer.backfill import BackfillController
from tests.kit.network import AskedBackfills

NOW = datetime(2026, 6, 21, 10, tzinfo=UTC)
STEP = Progress(done=1, total=3, at=YearStep(2026))
DONE = Progress(done=3, total=3, finished=True)


class Walk:
    """A back-fill whose steps are noted."""

    def __init__(self) -> None:
        self.paused_until: datetime | None = None
        self.network = AskedBackfills()
        self.asked = self.network.asked
        self.past = BackfillController(
            self.network,
            pace=timedelta(milliseconds=1),
            now=lambda: NOW,
            paused_until=lambda: self.paused_until,
        )

    def answers(self, progress: Progress) -> None:
        self.network.answer(progress)


@pytest.fixture
def walk(qapp):
    return Walk()


def test_a_step_follows_the_one_before_until_the_end(walk, qtbot):
    walk.past.start()
    assert walk.asked == [WHOLE]
    walk.answers(STEP)
    qtbot.waitUntil(lambda: walk.asked == [WHOLE, WHOLE])
    walk.answers(DONE)
    assert not walk.past.wanted
    assert walk.past.progress.finished
    qtbot.wait(20)
    assert walk.asked == [WHOLE, WHOLE]


def test_there_is_never_more_than_one_step_under_way(walk):
    walk.past.start()
    walk.past.start()
    assert walk.asked == [WHOLE]


def test_a_stop_is_told_and_the_step_under_way_is_not_heard(walk):
    walk.past.start()
    (step, *_) = walk.network.waiting
    walk.past.stop()
    assert walk.asked == [WHOLE, None]
    assert step[2].is_cancelled
    assert not walk.past.wanted


def test_a_start_after_a_stop_goes_on(walk):
    walk.past.start()
    walk.past.stop()
    walk.past.start()
    assert walk.asked == [WHOLE, None, WHOLE]
    walk.answers(DONE)
    assert walk.past.wanted, "it was the step before the stop"
    walk.network.answer(None)
    walk.answers(STEP)
    assert walk.past.progress == STEP


def test_leaving_forgets_nothing_for_the_next_run(walk, qtbot):
    walk.past.start()
    walk.past.leave()
    walk.answers(STEP)
    qtbot.wait(20)
    assert walk.asked == [WHOLE]


def test_a_trouble_that_passes_is_waited_out(walk):
    walk.past.start()
    walk.answers(Progress(failed=PollFailed(trouble=Trouble.UNREACHABLE)))
    assert walk.past.wanted
    assert walk.past.next_at == NOW + timedelta(minutes=5)


def test_a_trouble_that_needs_the_owner_ends_it(walk):
    walk.past.start()
    walk.answers(Progress(failed=PollFailed(trouble=Trouble.REFUSED)))
    assert not walk.past.wanted


def test_a_pause_asked_of_the_polls_holds_here_too(walk):
    walk.past.start()
    walk.paused_until = NOW + timedelta(minutes=30)
    walk.answers(STEP)
    assert walk.past.next_at == walk.paused_until


def test_a_step_of_the_station_that_was_left_says_nothing_of_the_next(walk, qtbot):
    walk.past.start()
    walk.past.leave()
    walk.past.start()
    assert walk.asked == [WHOLE, WHOLE]
    walk.answers(DONE)
    assert walk.past.wanted
    assert walk.past.progress == Progress()
    walk.answers(STEP)
    assert walk.past.progress == STEP


def test_a_stop_is_told_before_the_station_is_left(walk):
    walk.past.start()
    walk.past.stop()
    walk.past.leave()
    assert walk.asked == [WHOLE, None]
    walk.past.start()
    assert walk.asked == [WHOLE, None, WHOLE]


def test_a_part_is_asked_for_until_it_is_there(walk, qtbot):
    part = PastPart(first=NOW.date(), last=NOW.date())
    walk.past.start(part)
    walk.answers(STEP)
    qtbot.waitUntil(lambda: walk.asked == [part, part])
