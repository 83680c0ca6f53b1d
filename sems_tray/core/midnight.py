"""The portal's midnight: its counters do not roll over cleanly (facts, section 3)."""

from __future__ import annotations

from datetime import time
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from datetime import datetime, tzinfo

_FROM = time(23, 58)
_UNTIL = time(0, 20)


def counters_are_unsure(now: datetime, where: tzinfo | None) -> bool:
    """Say whether energy counters must be held: 23:58 to 00:20, station time."""
    if where is None:
        return False
    clock = now.astimezone(where).time()
    return clock >= _FROM or clock < _UNTIL
