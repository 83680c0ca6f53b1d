"""Thinning and checking the history, once a day and a little at a time."""

from __future__ import annotations

import logging
import time
from datetime import timedelta
from typing import TYPE_CHECKING

from sems_tray.storage.history.database import StorageError

if TYPE_CHECKING:
    from collections.abc import Callable
    from datetime import datetime

    from sems_tray.storage.history.store import History


log = logging.getLogger(__name__)

# Under this name the history keeps the last date on which it was looked after.
_TENDED = "tended"
# A program that starts has better things to do.
_SETTLE = timedelta(minutes=5)
# Ten years take more than a minute the first time, and polls must go on meanwhile.
_SLICE_S = 1.0


class Maintenance:
    """Looks after a history; ``stop`` ends a slice early."""

    def __init__(
        self,
        history: History,
        *,
        now: Callable[[], datetime],
        stop: Callable[[], bool],
        tick: Callable[[], float] = time.monotonic,
    ) -> None:
        self._history, self._now, self._stop, self._tick = history, now, stop, tick
        self._started = now()
        self._tended: object = None
        self._known = False
        self._gone = 0

    def run_due(self) -> None:
        """Do a slice of what is due today; to be called after each reading."""
        now = self._now()
        today = now.date().isoformat()
        if self._stop() or abs(now - self._started) < _SETTLE:
            return
        if self._last() == today or not self._history.writable:
            return
        if not self._thin():
            return
        log.info("history: %d old rows were thinned", self._gone)
        self._gone = 0
        self._history.check()
        self._tended = today
        self._history.put_state("", _TENDED, today)

    def _thin(self) -> bool:
        """Thin for a moment; say whether nothing is left to thin."""
        until, cut = self._tick() + _SLICE_S, False

        def stop() -> bool:
            nonlocal cut
            cut = self._stop() or self._tick() >= until
            return cut

        self._gone += self._history.thin(stop)
        return not cut

    def _last(self) -> object:
        if not self._known:
            try:
                self._tended = self._history.reader.state("", _TENDED)
            except StorageError as exc:
                log.info("history: %s", exc)
            self._known = True
        return self._tended
