"""When each piece of a poll is due, and which could not be renewed."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING

from sems_tray.domain.poll_result import Trouble

from .dialect import DAILY, RETRY, stops_all
from .sign_in_policy import THROTTLED_WAIT

if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import date, datetime

    from .dialect import Piece, PlanTime
    from .errors import PortalError


# In periods: so much later are a station's totals renewed while it is not shown.
_PATIENCE = 2
# After so many calls that used up their time, the rest of a poll is left for later.
_MOST_SLOW = 2


@dataclass(frozen=True, slots=True)
class _Tried:
    at: datetime
    today: date
    wait: timedelta


def _period(piece: Piece, time: PlanTime) -> timedelta:
    """Return how often a piece is renewed as things are."""
    return DAILY if piece.rests(time) else piece.period


class PollPlan:
    """Remembers, piece by piece, when it was last tried and whether it is old."""

    def __init__(self) -> None:
        self._tried: dict[str, _Tried] = {}
        self._old: set[str] = set()

    def due(
        self, pieces: Iterable[Piece], request: PollRequest, time: PlanTime
    ) -> list[Piece]:
        """Return the pieces of a poll, in their order."""
        wanted = [it for it in pieces if request.telemetry or not it.telemetry]
        due = [
            piece
            for piece in wanted
            if request.everything
            or self._is_due(piece, time, is_other_station=request.is_other_station)
        ]
        names = {it.name for it in due} | {it.grows_with for it in due}
        return [it for it in wanted if it.name in names]

    def _is_due(self, piece: Piece, time: PlanTime, *, is_other_station: bool) -> bool:
        """Say whether the piece's time has come; a clock set back makes all due.

        What rests now and was renewed before it did is renewed once more, and what
        rests no more at once.
        """
        last = self._tried.get(piece.name)
        if last is None or time.now < last.at:
            return True
        if piece.counters and last.today != time.today:
            return True
        wait = min(last.wait, _period(piece, time))
        # Nobody looks at the totals of a station that is not shown.
        more = (
            piece.period * _PATIENCE
            if is_other_station and piece.counters
            else timedelta()
        )
        return time.now >= last.at + wait + more

    def done(self, piece: Piece, time: PlanTime) -> None:
        """Note that the piece was renewed; soon again if what it grows with was not."""
        if piece.grows_with in self._old:
            self.failed(piece, time)
            return
        self._record(piece, time, _period(piece, time))
        self._old.discard(piece.name)

    def failed(self, piece: Piece, time: PlanTime) -> None:
        """Note that the piece could not be renewed; it is tried again soon."""
        self._record(piece, time, min(piece.period, RETRY))
        self._old.add(piece.name)

    def _record(self, piece: Piece, time: PlanTime, wait: timedelta) -> None:
        self._tried[piece.name] = _Tried(time.now, time.today, wait)

    def postponed(self, piece: Piece) -> None:
        """Note that the piece was due and left for a later poll."""
        self._old.add(piece.name)

    def stale_parts(
        self, pieces: Iterable[Piece], *, holding: bool = False
    ) -> tuple[str, ...]:
        """Return the parts that hold something old, in the order of the pieces.

        ``holding`` is around midnight, when no counters are renewed.
        """
        return tuple(
            dict.fromkeys(
                piece.part
                for piece in pieces
                if piece.name in self._old or (holding and piece.counters)
            )
        )


@dataclass(slots=True)
class PollRun:
    """What happens during one poll."""

    pause: timedelta | None = None
    slow: int = 0
    stopped: bool = False
    live_is_new: bool = False
    telemetry_is_new: bool = False

    def record(self, exc: PortalError) -> None:
        """Record a failure, which may end the poll."""
        if exc.trouble is Trouble.THROTTLED:
            self.pause = exc.retry_after or THROTTLED_WAIT
        self.slow += exc.slow
        self.stopped = self.stopped or stops_all(exc) or self.slow >= _MOST_SLOW


@dataclass(frozen=True, slots=True, kw_only=True)
class PollRequest:
    """What a poll is for: ``everything`` whatever the cadence, ``telemetry`` too.

    ``is_other_station``: the poll is of one that is not shown, and decides nothing for
    the account.
    """

    everything: bool = False
    telemetry: bool = False
    is_other_station: bool = False
