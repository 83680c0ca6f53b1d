"""Qt's timers, as far as the program uses them, on a clock that is set by hand."""

from __future__ import annotations

import heapq
import itertools
from datetime import timedelta
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable
    from datetime import datetime

    from tests.kit.clock import Clock


class Timers:
    """All timers of one computer. While it sleeps they stand still, as on Linux."""

    def __init__(self, clock: Clock) -> None:
        self.clock = clock
        self._due: list[tuple[datetime, int, Timer, int]] = []
        self._order = itertools.count()

    def make(self, _parent: object = None) -> Timer:
        """Return a new timer, in the place of ``QTimer(parent)``."""
        return Timer(self)

    def next_at(self) -> datetime | None:
        """Return when the next timer is due."""
        while self._due and self._due[0][2].round != self._due[0][3]:
            heapq.heappop(self._due)
        return self._due[0][0] if self._due else None

    def fire(self) -> None:
        """Let the next timer go off; the clock stands at its time by then."""
        heapq.heappop(self._due)[2].fire()

    def push(self, timer: Timer, at: datetime) -> None:
        """Note when a timer is due."""
        heapq.heappush(self._due, (at, next(self._order), timer, timer.round))

    def sleep(self, span: timedelta) -> None:
        """Shift all by the length of a sleep."""
        self._due = [(at + span, order, it, n) for at, order, it, n in self._due]
        for *_, timer, number in self._due:
            if timer.round == number and timer.at is not None:
                timer.at += span

    def clear(self) -> None:
        """Forget all: the program has ended."""
        self._due.clear()


class Timer:
    """One timer."""

    def __init__(self, timers: Timers) -> None:
        self._timers = timers
        self._slots: list[Callable[[], object]] = []
        self._interval = timedelta()
        self._single = False
        self.timeout = self
        self.round = 0
        self.at: datetime | None = None

    def connect(self, slot: Callable[[], object]) -> None:
        self._slots.append(slot)

    def setSingleShot(self, single: bool) -> None:  # noqa: N802, FBT001 (Qt's)
        self._single = single

    def setTimerType(self, _kind: object) -> None:  # noqa: N802 (Qt's)
        pass

    def setInterval(self, ms: int) -> None:  # noqa: N802 (Qt's)
        self._interval = timedelta(milliseconds=ms)

    def start(self, ms: int | None = None) -> None:
        if ms is not None:
            self._interval = timedelta(milliseconds=ms)
        self.round += 1
        self.at = self._timers.clock.at + self._interval
        self._timers.push(self, self.at)

    def stop(self) -> None:
        self.round += 1
        self.at = None

    def isActive(self) -> bool:  # noqa: N802 (Qt's)
        return self.at is not None

    def remainingTime(self) -> int:  # noqa: N802 (Qt's)
        if self.at is None:
            return -1
        return round((self.at - self._timers.clock.at) / timedelta(milliseconds=1))

    def fire(self) -> None:
        if self._single:
            self.stop()
        else:
            self.start()
        for slot in self._slots:
            slot()
