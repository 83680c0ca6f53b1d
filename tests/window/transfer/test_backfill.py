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


@pytest.mark.parametrize("part", [WHOLE, PastPart(first=NOW.date(), last=NOW.date())])
def test_a_step_follows_the_one_before_until_the_end(walk, qtbot, part):
    walk.past.start(part)
    walk.past.start(part)
    assert walk.asked == [part], "never more than one at a time"
    walk.answers(STEP)
    qtbot.waitUntil(lambda: walk.asked == [part, part])
    walk.answers(DONE)
    assert not walk.past.wanted
    assert walk.past.progress.finished
    qtbot.wait(20)
    assert walk.asked == [part, part]


def test_a_start_after_a_stop_goes_on(walk):
    walk.past.start()
    walk.past.stop()
    assert not walk.past.wanted
    walk.past.leave()  # it was told that the whole is given up; once is enough
    assert walk.asked == [WHOLE, None]
    walk.past.start()
    assert walk.asked == [WHOLE, None, WHOLE]
    walk.answers(DONE)
    assert walk.past.wanted, "it was the step before the stop"
    walk.network.answer(None)
    walk.answers(STEP)
    assert walk.past.progress == STEP


@pytest.mark.parametrize(
    ("trouble", "next_at"),
    [(Trouble.UNREACHABLE, NOW + timedelta(minutes=5)), (Trouble.REFUSED, None)],
)
def test_a_trouble_that_passes_is_waited_out_and_another_ends_it(
    walk, trouble, next_at
):
    walk.past.start()
    walk.answers(Progress(failed=PollFailed(trouble=trouble)))
    assert walk.past.wanted is (next_at is not None)
    assert walk.past.next_at == next_at
    assert ("Goes on in 5 min." in walk.past.words) is (next_at is not None)


def test_a_pause_asked_of_the_polls_holds_here_too(walk):
    walk.past.start()
    walk.paused_until = NOW + timedelta(minutes=30)
    walk.answers(STEP)
    assert walk.past.next_at == walk.paused_until


def test_a_step_of_the_station_that_was_left_says_nothing_of_the_next(walk, qtbot):
    walk.past.start()
    walk.past.leave()
    qtbot.wait(20)
    assert walk.asked == [WHOLE], "the next run goes on: nothing is given up"
    walk.past.start()
    walk.answers(DONE)
    assert walk.past.wanted
    assert walk.past.progress == Progress()
    walk.answers(STEP)
    assert walk.past.progress == STEP
