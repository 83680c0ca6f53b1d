"""What can go wrong with a call, as the trouble that it means for the owner."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sems_tray.domain.poll_result import Trouble
from sems_tray.i18n.language import mark

if TYPE_CHECKING:
    from datetime import timedelta


class PortalError(Exception):
    """A call that did not give what was asked for.

    ``detail`` is English, for the log too, and marked for translation where it is ours
    (see ``domain.failures``); it never holds a reply's body, a token, a password or an
    account.  ``slow`` says that the call used up its time, so that a poll does not wait
    for many of them.
    """

    def __init__(
        self,
        trouble: Trouble,
        detail: str = "",
        *,
        retry_after: timedelta | None = None,
        slow: bool = False,
    ) -> None:
        super().__init__(f"{trouble}: {detail}")
        self.trouble = trouble
        self.detail = detail
        self.retry_after = retry_after
        self.slow = slow


class SessionExpiredError(PortalError):
    """The portal no longer (or does not yet) accept the token."""

    def __init__(self, detail: str = "") -> None:
        super().__init__(Trouble.SIGN_IN, detail)


class PathGoneError(PortalError):
    """The portal does not know the path: HTTP 404, or the gateway's own 404 text."""

    def __init__(self) -> None:
        super().__init__(Trouble.PORTAL_CHANGED, mark("the path is gone"))


class NoDataError(PortalError):
    """A success that carries no data (facts, section 0); ``detail`` is marked."""

    def __init__(self, detail: str) -> None:
        super().__init__(Trouble.PORTAL_CHANGED, detail)


class DialectChangedError(PortalError):
    """Signing in again gave the other dialect: what was asked must be asked anew."""

    def __init__(self) -> None:
        super().__init__(Trouble.UNREACHABLE, mark("the portal changed its dialect"))


def unreadable(detail: str) -> PortalError:
    """Return the error for a reply of an unexpected shape."""
    return PortalError(Trouble.UNREADABLE, detail)
