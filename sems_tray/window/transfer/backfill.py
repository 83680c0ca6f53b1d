"""The back-fill's GUI half: paces the steps that the network thread takes."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, QTimer, Signal, Slot

from sems_tray.history.plan import WHOLE, Progress, pause_after
from sems_tray.runtime.jobs import BackfillJobs, give_up_backfill

from .view_model import past_words

if TYPE_CHECKING:
    from collections.abc import Callable
    from datetime import datetime

    from sems_tray.history.plan import PastPart
    from sems_tray.runtime.network_thread import NetworkThread, Ticket


class BackfillController(QObject):
    """Asks for one step after another while a part of the past, or all, is wanted.

    Polls go on in between: the network thread takes one thing at a time.
    """

    changed = Signal()

    def __init__(
        self,
        network: NetworkThread,
        *,
        pace: timedelta,
        now: Callable[[], datetime],
        paused_until: Callable[[], datetime | None],
    ) -> None:
        super().__init__()
        self._network = network
        self._pace = pace
        self._now = now
        self._paused_until = paused_until
        self._jobs = BackfillJobs()
        self._ticket: Ticket | None = None  # of the step under way
        self.wanted = False
        self.progress = Progress()
        self.next_at: datetime | None = None
        self._timer = QTimer(self)
        self._timer.setSingleShot(True)
        self._timer.timeout.connect(self._ask)

    @property
    def words(self) -> str:
        """Where it is, in one or two sentences."""
        wait = self.next_at - self._now() if self.next_at else None
        return past_words(self.progress, wanted=self.wanted, wait=wait)

    @Slot()
    def start(self, part: PastPart = WHOLE) -> None:
        """Begin, or go on where an earlier run ended."""
        if self.wanted:
            return
        self.wanted = True
        self._jobs = BackfillJobs(part)
        self.progress = Progress()
        self._ask()
        self.changed.emit()

    @Slot()
    def stop(self) -> None:
        """Stop, also for later runs; what was fetched stays."""
        if not self.wanted:
            return
        self._end()
        if self._jobs.part is WHOLE:
            self._network.submit(give_up_backfill())
        self.changed.emit()

    def leave(self) -> None:
        """Stop for this run: another station is shown, or the program ends."""
        self._end()
        self.progress = Progress()
        self.changed.emit()

    def _end(self) -> None:
        if self._ticket is not None:
            self._ticket.cancel()
            self._ticket = None
        self.wanted = False
        self.next_at = None
        self._timer.stop()

    def _on_step(self, progress: Progress) -> None:
        """Show what a step came to and arm the next one."""
        self._ticket = None
        self.progress = progress
        wait = pause_after(progress, self._pace)
        if wait is None:
            self.wanted = False
            self.next_at = None
        else:
            paused = self._paused_until()
            if paused is not None:
                wait = max(wait, paused - self._now())
            self.next_at = self._now() + wait
            self._timer.start(max(round(wait / timedelta(milliseconds=1)), 0))
        self.changed.emit()

    @Slot()
    def _ask(self) -> None:
        self.next_at = None
        self._ticket = self._network.submit(self._jobs.step(), self._on_step)
