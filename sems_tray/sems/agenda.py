"""When each piece of a poll is due, and which could not be renewed."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING

from sems_tray.core.outcome import Trouble

from .plan import RETRY, stops_all
from .signer import THROTTLED_WAIT

if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import datetime

    from .client import Want
    from .errors import PortalError
    from .plan import Piece

# In periods: so much later are a station's totals renewed while it is not shown.
_PATIENCE = 2
# After so many calls that used up their time, the rest of a poll is left for later.
_MOST_SLOW = 2


class Agenda:
    """Remembers, piece by piece, when it was last tried and whether it is old."""

    def __init__(self) -> None:
        self._next: dict[str, datetime] = {}
        self._old: set[str] = set()

    def due(self, pieces: Iterable[Piece], want: Want, now: datetime) -> list[Piece]:
        """Return the pieces of a poll, in their order."""
        return [
            it
            for it in pieces
            if (want.telemetry or not it.telemetry)
            and (want.everything or self._is_due(it, now, aside=want.aside))
        ]

    def _is_due(self, piece: Piece, now: datetime, *, aside: bool) -> bool:
        """Say whether the piece's time has come; a clock set back makes all due."""
        at = self._next.get(piece.name)
        # Nobody looks at the totals of a station that is not shown.
        more = piece.period * _PATIENCE if aside and piece.counters else timedelta()
        return at is None or now >= at + more or at - now > piece.period

    def done(self, piece: Piece, now: datetime) -> None:
        """Note that the piece was renewed."""
        self._next[piece.name] = now + piece.period
        self._old.discard(piece.name)

    def failed(self, piece: Piece, now: datetime) -> None:
        """Note that the piece could not be renewed; it is tried again soon."""
        self._next[piece.name] = now + min(piece.period, RETRY)
        self._old.add(piece.name)

    def postponed(self, piece: Piece) -> None:
        """Note that the piece was due and left for a later poll."""
        self._old.add(piece.name)

    def stale_parts(self, pieces: Iterable[Piece]) -> tuple[str, ...]:
        """Return the parts that hold something old, in the order of the pieces."""
        return tuple(dict.fromkeys(it.part for it in pieces if it.name in self._old))


@dataclass(slots=True)
class Round:
    """What happens during one poll."""

    pause: timedelta | None = None
    slow: int = 0
    stopped: bool = False
    live_is_new: bool = False
    telemetry_is_new: bool = False

    def note(self, exc: PortalError) -> None:
        """Note a failure, which may end the poll."""
        if exc.trouble is Trouble.THROTTLED:
            self.pause = exc.retry_after or THROTTLED_WAIT
        self.slow += exc.slow
        self.stopped = self.stopped or stops_all(exc) or self.slow >= _MOST_SLOW
