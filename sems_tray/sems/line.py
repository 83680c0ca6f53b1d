"""The one line to the portal: a request at a time, counted, and never in a burst."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

from .envelope import open_envelope

if TYPE_CHECKING:
    from collections.abc import Callable
    from datetime import date, datetime

    from sems_tray.core.request_count import RequestCount

    from .envelope import Envelope
    from .transport import Request, Transport

# An HTTP date has whole seconds, and a proxy may hold a reply for a moment.
_AHEAD_SLACK = timedelta(seconds=60)
_SPACING_S = 0.1


class Line:
    """Sends requests; knows how many there were today, and the portal's clock.

    ``has_sent`` says whether it sent any at all.
    """

    def __init__(
        self,
        *,
        transport: Transport,
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
