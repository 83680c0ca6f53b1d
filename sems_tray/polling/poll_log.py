"""The polls' troubles in the log, once each."""

from __future__ import annotations

import logging
import time
from datetime import timedelta
from typing import TYPE_CHECKING

from sems_tray.domain.poll_result import PollFailed

if TYPE_CHECKING:
    from sems_tray.domain.poll_result import PollOutcome, Trouble


log = logging.getLogger(__name__)

_EVERY_S = timedelta(minutes=15).total_seconds()


class PollLog:
    """Notes what polls come to: a new trouble, its end, and the requests of a day."""

    def __init__(self) -> None:
        self._trouble: Trouble | None = None
        self._told = 0
        self._at = -_EVERY_S

    def record(self, outcome: PollOutcome) -> None:
        """Log what is news in an outcome."""
        trouble = outcome.trouble if isinstance(outcome, PollFailed) else None
        if trouble is not self._trouble:
            self._trouble = trouble
            if trouble is None:
                log.info("readings come again")
            else:
                log.info("no reading: %s", trouble)
        self._record_requests(outcome.requests_today)

    def _record_requests(self, count: int) -> None:
        """Log the count, at most four times an hour."""
        now = time.monotonic()
        new_day = count < self._told
        if count != self._told and (new_day or now - self._at >= _EVERY_S):
            self._told, self._at = count, now
            log.info("requests today: %d", count)
