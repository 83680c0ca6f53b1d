"""The back-fill's GUI half: paces the steps that the network thread takes."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, QTimer, Signal, Slot

from sems_tray.history.plan import Progress, pause_after

if TYPE_CHECKING:
    from collections.abc import Callable
    from datetime import datetime


class BackfillController(QObject):
    """Asks for one step after another while the whole past is wanted.

    Polls go on in between: the network thread takes one thing at a time.
    """

    step_wanted = Signal(bool)  # wanted
    changed = Signal()

    def __init__(
        self,
        *,
        pace: timedelta,
        now: Callable[[], datetime],
        paused_until: Callable[[], datetime | None],
    ) -> None:
        super().__init__()
        self._pace = pace
        self._now = now
        self._paused_until = paused_until
        self._in_flight = False
        self._stopping = False
        self._unheard = 0  # answers still to come about a station that was left
        self.wanted = False
        self.progress = Progress()
        self.next_at: datetime | None = None
        self._timer = QTimer(self)
        self._timer.setSingleShot(True)
        self._timer.timeout.connect(self._ask)

    @Slot()
    def start(self) -> None:
        """Begin, or go on where an earlier run ended."""
        if self.wanted:
            return
        self.wanted = True
        self._stopping = False
        self.progress = Progress()
        self._ask()
        self.changed.emit()

    @Slot()
    def stop(self) -> None:
        """Stop; what was fetched is kept."""
        if not self.wanted:
            return
        self.wanted = False
        self._timer.stop()
        self.next_at = None
        self._stopping = True
        self._tell_stop()
        self.changed.emit()

    def _tell_stop(self) -> None:
        """Let the next run know, too, that it is not wanted any more."""
        if self._stopping and not self._in_flight:
            self._stopping = False
            self._in_flight = True
            self.step_wanted.emit(False)

    @Slot()
    def leave(self) -> None:
        """Stop for this run: another station is shown, or the program ends."""
        if self._stopping:
            self._stopping = False
            self._unheard += 1
            self.step_wanted.emit(False)
        self._unheard += self._in_flight
        self.wanted = self._in_flight = False
        self.next_at = None
        self.progress = Progress()
        self._timer.stop()
        self.changed.emit()

    @Slot(object)
    def on_went_back(self, progress: Progress | None) -> None:
        """Take what a step came to and arm the next one."""
        if self._unheard:
            self._unheard -= 1
            return
        self._in_flight = False
        if not self.wanted:
            self._tell_stop()
            return
        if progress is None:  # started again while the stop was on its way
            self._ask()
            return
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
        if self._in_flight:
            return
        self._in_flight = True
        self.next_at = None
        self.step_wanted.emit(True)
