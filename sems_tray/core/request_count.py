"""How many requests went out today, by this computer's date."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from datetime import date

# Under this name the profile keeps the count, for the next run and beside other runs.
REQUESTS = "requests"


class RequestCount:
    """Counts for all clients of one run, on top of what other runs kept."""

    def __init__(self) -> None:
        self._day: date | None = None
        self._count = 0
        self._unkept = 0

    def add(self, today: date) -> None:
        """Count one request."""
        self._begin(today)
        self._count += 1
        self._unkept += 1

    def on(self, today: date) -> int:
        """Return the count of a date."""
        return self._count if today == self._day else 0

    def joined(self, kept: object, today: date) -> dict[str, object] | None:
        """Take in what is kept; return what to keep, None if that is no news."""
        self._begin(today)
        is_news = self._unkept > 0
        # What could not be written yet is counted all the same.
        self._count = max(self._count, _counted(kept, today) + self._unkept)
        self._unkept = 0
        return {"day": today.isoformat(), "count": self._count} if is_news else None

    def _begin(self, today: date) -> None:
        if today != self._day:
            self._day, self._count, self._unkept = today, 0, 0


def _counted(kept: object, today: date) -> int:
    if not isinstance(kept, dict) or kept.get("day") != today.isoformat():
        return 0
    count = kept.get("count")
    return count if isinstance(count, int) and count > 0 else 0
