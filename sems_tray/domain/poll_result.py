"""What a poll comes to: a reading, or a trouble with something to do about it."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from datetime import timedelta

    from .model import Reading


class Trouble(StrEnum):
    """One member per thing that can be wrong; the values are JSON contract."""

    REFUSED = "refused"
    SIGN_IN = "sign_in"
    AGREEMENT = "agreement"
    MFA = "mfa"
    CLOCK = "clock"
    NO_STATION = "no_station"
    OFFLINE = "offline"
    UNREACHABLE = "unreachable"
    PORTAL_CHANGED = "portal_changed"
    UNREADABLE = "unreadable"
    THROTTLED = "throttled"


@dataclass(frozen=True, slots=True, kw_only=True)
class PollSucceeded:
    """A reading; ``pause`` is set when the portal asked for one while it was taken."""

    reading: Reading
    pause: timedelta | None = None
    requests_today: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class PollFailed:
    """No reading.

    ``detail`` may hold the portal's own words for the owner; it never holds a reply's
    body, a token, a password or an account.  ``retry_after`` is what the portal asked
    for, or how long the client itself refuses to try again.  ``nothing_sent`` says that
    the portal was not asked anything in this run.
    """

    trouble: Trouble
    detail: str = ""
    retry_after: timedelta | None = None
    requests_today: int = 0
    nothing_sent: bool = False


PollOutcome = PollSucceeded | PollFailed
