"""A thread of its own for one piece of work that is too long for the network thread.

Writing an export and the diagnosis are such: they wait for the disk and for other
programs, some of them for seconds, and a poll that is due must not wait behind them.
"""

from __future__ import annotations

import logging
import time
from collections.abc import Callable
from typing import TypeAlias

from PySide6.QtCore import QThread, Signal

log = logging.getLogger(__name__)

# Given how far the work is; says whether to go on.
Report: TypeAlias = Callable[[object], bool]

_REPORT_EVERY_S = 0.3
# Quitting may take two seconds in all; a disk that hangs is not waited for.
_END_WITHIN_MS = 1_000


class BackgroundJob(QThread):
    """Emits ``done`` with what the work returned, or with ``failed`` if it raised."""

    done = Signal(object)
    progressed = Signal(object)  # what the work reported; seldom

    def __init__(self, work: Callable[[Report], object], *, failed: object) -> None:
        super().__init__()
        self._work = work
        self._failed = failed
        self._reported_at = 0.0

    def run(self) -> None:
        """Work in this thread."""
        try:
            result = self._work(self._report)
        except Exception:
            log.exception("a background job failed")
            result = self._failed
        self.done.emit(result)

    def end(self) -> bool:
        """Ask the work to stop; return whether the thread has ended soon after."""
        self.requestInterruption()
        return self.wait(_END_WITHIN_MS)

    def _report(self, progress: object) -> bool:
        now = time.monotonic()
        if now - self._reported_at >= _REPORT_EVERY_S:
            self._reported_at = now
            self.progressed.emit(progress)
        return not self.isInterruptionRequested()
