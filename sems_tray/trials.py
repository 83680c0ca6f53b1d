"""Trials of credentials that the owner may stop from another thread."""

from __future__ import annotations

import threading
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable

    from sems_tray.core.credentials import Credentials


class Trials:
    """Decides, once for each trial, whether it was stopped or is kept.

    Credentials are told apart by identity: the same may be tried again.  One trial is
    under way at a time; those that wait are tried in the order they were given.
    """

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._stopped: list[Credentials] = []
        self._now: Credentials | None = None
        self._kept: Credentials | None = None
        self._abort: Callable[[], None] | None = None

    def begin(self, credentials: Credentials, abort: Callable[[], None]) -> bool:
        """Begin a trial that ``abort`` ends; False if it was stopped before."""
        with self._lock:
            was_stopped = any(it is credentials for it in self._stopped)
            while was_stopped and self._stopped.pop(0) is not credentials:
                pass
            if not was_stopped:
                self._stopped.clear()  # of trials that were over when they were stopped
                self._now, self._abort, self._kept = credentials, abort, None
            return not was_stopped

    def settle(self, *, good: bool) -> bool:
        """End the trial; return whether it is to be kept, and cannot be stopped."""
        with self._lock:
            stopped = any(it is self._now for it in self._stopped)
            self._kept = self._now if good and not stopped else None
            self._stopped.clear()
            self._now = self._abort = None
            return self._kept is not None

    def stop(self, credentials: Credentials) -> bool:
        """Stop a trial, from any thread; False if it is kept already."""
        with self._lock:
            if self._kept is credentials:
                return False
            self._stopped.append(credentials)
            abort = self._abort if self._now is credentials else None
        if abort is not None:
            abort()
        return True
