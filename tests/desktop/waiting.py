"""Wait for what another process is about to do."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING, TypeVar

from PySide6.QtCore import QCoreApplication

if TYPE_CHECKING:
    from collections.abc import Callable

T = TypeVar("T")


def wait_until(
    answer: Callable[[], T], timeout: float = 5.0, *, pause: float = 0.02
) -> T:
    """Return the first true answer; raise AssertionError when none comes.

    An exception from ``answer`` counts as "not yet" and is told at the end.  What Qt
    has to do in this process is done meanwhile.
    """
    end = time.monotonic() + timeout
    while True:
        QCoreApplication.processEvents()
        problem: Exception | None = None
        got: T | None = None
        try:
            got = answer()
        except Exception as error:  # noqa: BLE001  told below, if it stays
            problem = error
        if got:
            return got
        if time.monotonic() > end:
            said = f"last answer: {got!r}" if problem is None else repr(problem)
            raise AssertionError(f"not within {timeout:g} s; {said}") from problem
        time.sleep(pause)
