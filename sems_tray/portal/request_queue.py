"""The one line to the portal: a request at a time, counted, and never in a burst."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

from sems_tray.portal.wire.envelope import open_envelope

if TYPE_CHECKING:
    from collections.abc import Callable
    from datetime import date, datetime

    from sems_tray.portal.http.transport import HttpTransport, Request
    from sems_tray.portal.wire.envelope import Envelope


# An HTTP date has whole seconds, and a proxy may hold a reply for a moment.
_AHEAD_SLACK = timedelta(seconds=60)
_SPACING_S = 0.1


class RequestQueue:
    """Sends requests; knows how many there were today, and the portal's clock.

    ``has_sent`` says whether it sent any at all.
    """

    def __init__(
        self,
        *,
        transport: HttpTransport,
        now: Callable[[], datetime],
        sleep: Callable[[float], object],
        requests: RequestCount,
    ) -> None:
        self._transport = transport
        self._now = now
        self._sleep = sleep
        self._requests = requests
        self.has_sent = False
        self.ahead = timedelta()

    @property
    def requests_today(self) -> int:
        """How many requests went out on this computer's date, sign-ins included."""
        return self._requests.on(self._today())

    def send(self, request: Request) -> Envelope:
        """Send any request and open the reply; raises PortalError."""
        if self.has_sent:
            self._sleep(_SPACING_S)
        self.has_sent = True
        self._requests.add(self._today())
        reply = self._transport.send(request)
        if reply.date is not None:
            ahead = reply.date - self._now()
            self.ahead = ahead if abs(ahead) > _AHEAD_SLACK else timedelta()
        return open_envelope(reply)

    def _today(self) -> date:
        return self._now().astimezone().date()

    def rest(self) -> None:
        """Hang up until the next request."""
        self._transport.rest()


# How many requests went out today, by this computer's date.


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
