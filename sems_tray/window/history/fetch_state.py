"""What the page "History" fetches: what was asked for, when, and how that is said."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING

from PySide6.QtCore import QTimer

from sems_tray.domain.failures import sentence
from sems_tray.history.query import step_title
from sems_tray.i18n.formatting import wait
from sems_tray.i18n.language import tr

from .view_model import nothing_yet

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from datetime import datetime

    from PySide6.QtCore import QObject

    from sems_tray.domain.energy import Period, Step
    from sems_tray.domain.poll_result import PollFailed


# Who leafs on after a failure would else send a failing request for every page.
_REST = timedelta(seconds=30)


@dataclass(frozen=True, slots=True, kw_only=True)
class FetchStatus:
    """What is under way, or a remark; and what is wrong."""

    text: str = ""
    running: bool = False
    trouble: str = ""


class FetchState:
    """The steps that were asked for during one look at the page, and their answers.

    One is under way at most.  None is asked for in a pause of the polls, nor right
    after a failure.  ``steps`` are those that the period in view lacks.
    """

    def __init__(
        self,
        now: Callable[[], datetime],
        paused_until: Callable[[], datetime | None],
    ) -> None:
        self._now = now
        self._paused_until = paused_until
        self._answers: dict[Step, PollFailed | None] = {}
        self._under_way: Step | None = None
        self._newest_failure: PollFailed | None = None
        self._rests_until: datetime | None = None

    def begin_visit(self) -> None:
        """Let everything be asked for once more, failed or not."""
        self._answers.clear()
        self._under_way = None

    def next_step(self, steps: Sequence[Step]) -> Step | None:
        """Return what to ask for next; nothing after a failure, or beside another."""
        if self._under_way is not None or self._failure(steps) is not None:
            return None
        return next((it for it in steps if it not in self._answers), None)

    def begin(self, step: Step) -> None:
        """Note that a step is asked for."""
        self._under_way = step

    def record_answer(self, step: Step, failed: PollFailed | None) -> None:
        """Note what came of a step, whoever asked for it."""
        if self._under_way == step:
            self._under_way = None
        self._answers[step] = failed
        self._rest(failed)

    def retry(self, steps: Sequence[Step]) -> None:
        """Let the owner ask at once for the steps again; a pause holds nevertheless."""
        for step in steps:
            self._answers.pop(step, None)
        self._rest(None)

    @property
    def wait_ms(self) -> int:
        """For how long nothing may be asked."""
        ends = [it for it in (self._paused_until(), self._rests_until) if it]
        ahead = max(ends, default=self._now()) - self._now()
        return max(-(-ahead // timedelta(milliseconds=1)), 0)

    @property
    def is_paused(self) -> bool:
        """Whether the portal asked for a pause that is not over."""
        until = self._paused_until()
        return until is not None and until > self._now()

    def status(self, steps: Sequence[Step]) -> FetchStatus:
        """Return what to say of the steps."""
        if self._under_way is not None:
            return _fetching(self._under_way)
        failed, following = self._failure(steps), self.next_step(steps)
        until = self._paused_until()
        if until and self.is_paused and (following is not None or failed is not None):
            text = tr("Fetching is possible again in {length}")
            return FetchStatus(text=text.format(length=wait(until - self._now())))
        if failed is None and following is not None and self._rests():
            failed = self._newest_failure
        if failed is not None:
            return FetchStatus(trouble=sentence(failed))
        # It is asked for in a moment: who leafs sees no "Nothing is kept" flash by.
        return FetchStatus() if following is None else _fetching(following)

    def empty_chart_text(self, kind: Period, steps: Sequence[Step]) -> str:
        """Return what stands in an empty chart; "" once the portal had nothing."""
        if self._failure(steps) is not None:
            return nothing_yet(kind)
        if all(it in self._answers for it in steps):
            return ""
        return nothing_yet(kind) if self.wait_ms else tr("Fetching …")

    def _failure(self, steps: Sequence[Step]) -> PollFailed | None:
        """Return why one of the steps failed."""
        answers = (self._answers.get(step) for step in steps)
        return next((failed for failed in answers if failed is not None), None)

    def _rest(self, failed: PollFailed | None) -> None:
        self._newest_failure = failed
        self._rests_until = None if failed is None else self._now() + _REST

    def _rests(self) -> bool:
        return self._rests_until is not None and self._rests_until > self._now()


def single_shot(parent: QObject, slot: Callable[[], None]) -> QTimer:
    """Return a timer that calls once for every start."""
    timer = QTimer(parent)
    timer.setSingleShot(True)
    timer.timeout.connect(slot)
    return timer


def _fetching(step: Step) -> FetchStatus:
    # Translators: {date} is "21 June 2026", "June 2026" or "2026".
    text = tr("Fetching {date} …").format(date=step_title(step))
    return FetchStatus(text=text, running=True)
