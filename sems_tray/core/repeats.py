"""Which of many equal events are worth telling: a log is not to be filled by one."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Hashable

_KINDS_AT_MOST = 500


class Repeats:
    """Counts what happens again and again: the 1st, 10th, 100th … time is told."""

    def __init__(self) -> None:
        self._counts: dict[Hashable, int] = {}

    def count(self, kind: Hashable) -> int | None:
        """Note one more; return how many there were if that is to be told now."""
        if kind not in self._counts and len(self._counts) >= _KINDS_AT_MOST:
            # Ever other ones: forget the oldest, which may be told again.
            del self._counts[next(iter(self._counts))]
        number = self._counts[kind] = self._counts.get(kind, 0) + 1
        return number if str(number).rstrip("0") == "1" else None
