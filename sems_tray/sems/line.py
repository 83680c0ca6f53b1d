"""The one line to the portal: a request at a time, counted, and never in a burst."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

from .envelope import open_envelope

if TYPE_CHECKING:
    from collections.abc import Callable
    from datetime import date, datetime

    from .envelope import Envelope
    from .transport import Request, Transport

# An HTTP date has whole seconds, and a proxy may hold a reply for a moment.
_AHEAD_SLACK = timedelta(seconds=60)
_SPACING_S = 0.1


class Line:
    """Sends requests; knows how many there were today, and the portal's clock."""

    def __init__(
        self,
        *,
        transport: Transport,
        now: Callable[[], datetime],
        sleep: Callable[[float], object],
    ) -> None:
        self._transport = transport
        self._now = now
        self._sleep = sleep
        self._counted_on: date | None = None
        self.requests_today = 0
        self.ahead = timedelta()

    def send(self, request: Request) -> Envelope:
        """Send any request and open the reply; raises PortalError."""
        today = self._now().astimezone().date()
        if today != self._counted_on:
            self._counted_on, self.requests_today = today, 0
        if self.requests_today:
            self._sleep(_SPACING_S)
        self.requests_today += 1
        reply = self._transport.send(request)
        if reply.date is not None:
            ahead = reply.date - self._now()
            self.ahead = ahead if abs(ahead) > _AHEAD_SLACK else timedelta()
        return open_envelope(reply)

    def rest(self) -> None:
        """Hang up until the next request."""
        self._transport.rest()
