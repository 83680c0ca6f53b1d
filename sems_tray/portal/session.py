"""Signing in: credentials, the session it gives, and what a refusal means."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, Any

import msgspec

from sems_tray.domain.model import Dialect
from sems_tray.domain.poll_result import Trouble
from sems_tray.i18n.formatting import duration
from sems_tray.i18n.language import mark
from sems_tray.portal.wire.envelope import EXPIRED, PARAMETERS, read_data
from sems_tray.portal.wire.values import exact

from .errors import PortalError

if TYPE_CHECKING:
    from datetime import datetime

    from sems_tray.portal.http.trusted_hosts import Hosts
    from sems_tray.portal.wire.envelope import Envelope


# Codes for a wrong account or password: the first is recorded, the others are what
# clients assume of the gateway (facts, section 2).
_REFUSED = frozenset({"100005", "C0501", "A0210", "C0601"})
_BROKEN = PARAMETERS | {"innerexception"}
CLOCK_SLACK = timedelta(minutes=5)


class Session(msgspec.Struct, frozen=True, kw_only=True):
    """A token, and the whole login object it came with, which is sent back as it is."""

    dialect: Dialect
    base: str  # where calls go, without a trailing slash
    login: dict[str, Any]

    def __repr__(self) -> str:
        """Tell no token."""
        return f"Session({self.dialect}, {self.base})"

    @property
    def token(self) -> str:
        """The token itself."""
        return exact(self.login.get("token"))

    @property
    def uid(self) -> str:
        """The account's id."""
        return exact(self.login.get("uid"))

    def dump(self) -> str:
        """Return the session as text, for the keyring and nothing else."""
        return msgspec.json.encode(self).decode()


def load_session(dumped: str, hosts: Hosts) -> Session | None:
    """Read a kept session; None if it is damaged or its host is no longer trusted."""
    try:
        session = msgspec.json.decode(dumped, type=Session)
    except (msgspec.MsgspecError, UnicodeError, RecursionError):
        return None
    return session if session.token and hosts.may_hear_token(session.base) else None


def read_login(envelope: Envelope) -> dict[str, Any]:
    """Return a successful sign-in's ``data``.

    Raises PortalError: portal_changed for no data at all, mfa, or agreement for any
    other success without a token.
    """
    login = read_data(envelope.data, dict[str, Any], mark("no data in the sign-in"))
    if exact(login.get("token")):
        return login
    if login.get("mfaRequired") in (True, "1", "true"):  # no set: it may be a list
        raise PortalError(Trouble.MFA)
    raise PortalError(Trouble.AGREEMENT)


def check_base(url: str, hosts: Hosts) -> str:
    """Return a login reply's ``api`` without slash, if it may hear the token."""
    base = url.rstrip("/")
    if not hosts.may_hear_token(base):
        raise PortalError(
            Trouble.PORTAL_CHANGED, mark("sign-in names a host that is not trusted")
        )
    return base


def check_signed_in(envelope: Envelope, now: datetime) -> None:
    """Raise the PortalError that an unsuccessful sign-in means; pass on success.

    A wrong clock spoils the signature, so where the portal's date differs much from
    ours and the reply does not name the password, the clock is the better guess.
    """
    if envelope.ok:
        return
    code, words = envelope.code, envelope.words
    if code in _REFUSED:
        raise PortalError(Trouble.REFUSED, words)
    if envelope.date is not None and abs(envelope.date - now) > CLOCK_SLACK:
        way = "behind" if envelope.date > now else "ahead"
        detail = f"it is {duration(abs(envelope.date - now))} {way}"
        raise PortalError(Trouble.CLOCK, detail)
    if code in EXPIRED:
        # "account_login_abnormal": identity or signature, not the password.
        raise PortalError(Trouble.SIGN_IN, words)
    if code in _BROKEN:
        raise PortalError(Trouble.PORTAL_CHANGED, words)
    raise PortalError(Trouble.REFUSED, words)
