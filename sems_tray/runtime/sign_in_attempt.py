"""Credentials that are tried, and may be stopped from another thread."""

from __future__ import annotations

import threading
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable

    from sems_tray.domain.credentials import Credentials, PortalChoice


class SignInAttempt:
    """One attempt to sign in: it is accepted or stopped, never both.

    The network thread calls ``begin`` and ``accept``, the GUI thread ``stop``.
    """

    def __init__(self, credentials: Credentials, portal: PortalChoice) -> None:
        self.credentials = credentials
        self.portal = portal
        self._lock = threading.Lock()
        self._abort: Callable[[], None] | None = None
        self._is_stopped = self._is_accepted = False

    def begin(self, abort: Callable[[], None]) -> bool:
        """Begin, with ``abort`` to end its request; False if it was stopped before."""
        with self._lock:
            self._abort = abort
            return not self._is_stopped

    def accept(self) -> bool:
        """Let the credentials hold from now on; False if it was stopped before."""
        with self._lock:
            self._is_accepted = not self._is_stopped
            return self._is_accepted

    def stop(self) -> bool:
        """Stop it, and end its request; False if the credentials hold already."""
        with self._lock:
            if self._is_accepted:
                return False
            self._is_stopped = True
            abort = self._abort
        if abort is not None:
            abort()
        return True
