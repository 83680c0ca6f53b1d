"""What the page "History" says of its fetching: in its line, and in an empty chart."""

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
    from collections.abc import Callable, Iterable, Sequence
    from datetime import datetime

    from PySide6.QtCore import QObject

    from sems_tray.domain.energy import Period, Step
    from sems_tray.domain.poll_result import PollFailed


@dataclass(frozen=True, slots=True, kw_only=True)
class Said:
    """What is under way, or a remark; and what is wrong."""

    text: str = ""
    running: bool = False
    trouble: str = ""


def said(steps: Sequence[Step], visit: FetchQueue, patience: RetryGate) -> Said:
    """Return what to say of the steps that a page lacks."""
    failed, following = visit.failure(steps), visit.following(steps)
    if visit.under_way is not None:
        return _fetching(visit.under_way)
    if patience.paused and (following is not None or failed is not None):
        return Said(text=patience.paused)
    failed = failed or (patience.failed if following is not None else None)
    if failed is not None:
        return Said(trouble=sentence(failed))
    # It is asked for in a moment: who leafs sees no "Nothing is kept" flash by.
    return Said() if following is None else _fetching(following)


def in_empty_chart(
    kind: Period, steps: Sequence[Step], visit: FetchQueue, patience: RetryGate
) -> str:
    """Return what stands in an empty chart; "" once the portal had nothing."""
    failed = visit.failure(steps) is not None
    if not failed and not visit.lacks(steps):
        return ""
    return nothing_yet(kind) if failed or patience.wait_ms else tr("Fetching …")


def _fetching(step: Step) -> Said:
    # Translators: {date} is "21 June 2026", "June 2026" or "2026".
    text = tr("Fetching {date} …").format(date=step_title(step))
    return Said(text=text, running=True)


# What was asked of the portal during one look at the page, and when it may be.


class FetchQueue:
    """Keeps one step under way at most, and what came of the others."""

    def __init__(self) -> None:
        self._done: set[Step] = set()
        self._failed: dict[Step, PollFailed] = {}
        self.under_way: Step | None = None

    def following(self, steps: Iterable[Step]) -> Step | None:
        """Return what to ask for next; nothing after a failure, or beside another."""
        waiting = [it for it in steps if it not in self._done]
        if not waiting or self.under_way is not None or self.failure(steps):
            return None
        return waiting[0]

    def lacks(self, steps: Iterable[Step]) -> bool:
        """Say whether a step was not answered yet."""
        return any(it not in self._done for it in steps)

    def failure(self, steps: Iterable[Step]) -> PollFailed | None:
        """Return why one of the steps failed."""
        return next((self._failed[it] for it in steps if it in self._failed), None)

    def begin(self, step: Step) -> None:
        """Note that a step is asked for."""
        self.under_way = step

    def end(self, step: Step, failed: PollFailed | None) -> None:
        """Note what came of a step, whoever asked for it."""
        if self.under_way == step:
            self.under_way = None
        self._done.add(step)
        if failed is None:
            self._failed.pop(step, None)
        else:
            self._failed[step] = failed

    def forget(self, steps: Iterable[Step]) -> None:
        """Let the steps be asked for once more."""
        for step in steps:
            self._done.discard(step)
            self._failed.pop(step, None)


# Who leafs on after a failure would else send a failing request for every page.
_REST = timedelta(seconds=30)


class RetryGate:
    """When the portal may be asked: not in a pause, nor right after a failure."""

    def __init__(
        self,
        now: Callable[[], datetime],
        paused_until: Callable[[], datetime | None],
    ) -> None:
        self._now = now
        self._paused_until = paused_until
        self._rests_until: datetime | None = None
        self._failed: PollFailed | None = None

    def note(self, failed: PollFailed | None) -> None:
        """Note what came of a request."""
        self._failed = failed
        self._rests_until = None if failed is None else self._now() + _REST

    def forgive(self) -> None:
        """Ask at once, because the owner wants it; a pause holds nevertheless."""
        self.note(None)

    @property
    def failed(self) -> PollFailed | None:
        """The failure after which nothing is asked yet; None once that is over."""
        over = self._rests_until is None or self._rests_until <= self._now()
        return None if over else self._failed

    @property
    def paused(self) -> str:
        """Say when the pause is over that the portal asked for; "" if there is none."""
        until, now = self._paused_until(), self._now()
        if until is None or until <= now:
            return ""
        text = tr("Fetching is possible again in {length}")
        return text.format(length=wait(until - now))

    @property
    def wait_ms(self) -> int:
        """For how long nothing may be asked."""
        ends = [it for it in (self._paused_until(), self._rests_until) if it]
        ahead = max(ends, default=self._now()) - self._now()
        return max(-(-ahead // timedelta(milliseconds=1)), 0)


def single_shot(parent: QObject, slot: Callable[[], None]) -> QTimer:
    """Return a timer that calls once for every start."""
    timer = QTimer(parent)
    timer.setSingleShot(True)
    timer.timeout.connect(slot)
    return timer
