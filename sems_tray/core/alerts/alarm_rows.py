"""The rows of the portal's alarm list, as the rules read them."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

from .fold import AT_ONCE, Needs

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence
    from datetime import datetime

    from sems_tray.core.model import Alarm

    from .state import Memory

# The alarm list is asked for every 5 min: two lists and more must lack the row,
# at night, when the program polls every 15 min, three.
VANISHED = Needs(3, timedelta(minutes=10))
# The portal may serve an older copy of the list once or twice.
_FROM_AN_OLD_LIST = Needs(3)


def happening(alarm: Alarm) -> str:
    """Return the mark of one occurrence of an alarm."""
    at = alarm.happened_at
    return f"{alarm.id}@{'' if at is None else int(at.timestamp())}"


def belief(rows: Sequence[Alarm], memory: Memory) -> Needs:
    """Return how often rows must be seen: those once recovered more often."""
    returned = all(happening(it) in memory.closed for it in rows)
    return _FROM_AN_OLD_LIST if rows and returned else AT_ONCE


def earliest(rows: Iterable[Alarm]) -> datetime | None:
    """Return when the first of some alarms happened."""
    return min((it.happened_at for it in rows if it.happened_at), default=None)
