"""When to sign in, and when not to.

Sign in rarely: a new sign-in ends the account's other sessions, and too many may lock
it (facts, sections 2 and 9).  Design, section 3, gives the rules that this keeps.
"""

from __future__ import annotations

import logging
from datetime import timedelta
from typing import TYPE_CHECKING, Protocol

from sems_tray.domain.model import Dialect
from sems_tray.domain.poll_result import Trouble
from sems_tray.i18n.language import mark

from .errors import PortalError
from .session import load_session

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from datetime import datetime

    from sems_tray.domain.credentials import Credentials
    from sems_tray.portal.http.transport import Request
    from sems_tray.portal.http.trusted_hosts import Hosts
    from sems_tray.portal.wire.envelope import Envelope

    from .dialect import DialectClient
    from .errors import SessionExpiredError
    from .session import Session


log = logging.getLogger(__name__)

FIRST_WAIT = timedelta(seconds=60)
MOST_WAIT = timedelta(minutes=15)
THROTTLED_WAIT = timedelta(seconds=300)
# More sign-ins than this within an hour mean that another program and we keep ending
# each other's sessions.
_MOST_PER_HOUR = 6
_HOUR = timedelta(hours=1)
_FALL_BACK = frozenset(
    {Trouble.PORTAL_CHANGED, Trouble.UNREADABLE, Trouble.UNREACHABLE}
)


class CredentialStore(Protocol):
    """Where the secrets are kept; implemented by the keyring or by memory."""

    def credentials(self) -> Credentials | None:
        """Return the account and password, or None if nobody has signed in."""

    def token(self) -> str | None:
        """Return the kept session as text."""

    def save_token(self, dumped: str) -> None:
        """Keep the session for the next start."""


class SignInPolicy:
    """Owns the session. Used by the network thread alone."""

    def __init__(
        self,
        *,
        dialects: Mapping[Dialect, DialectClient],
        dialect: Dialect | None,
        hosts: Hosts,
        vault: CredentialStore,
        send: Callable[[Request], Envelope],
        now: Callable[[], datetime],
    ) -> None:
        self._dialects = dialects
        self._only = dialect
        self._hosts = hosts
        self._vault = vault
        self._send = send
        self._now = now
        self._session: Session | None = None
        self._loaded = False
        self._accepted = False
        self._renewed = False
        self._refusals: dict[tuple[Dialect, Credentials], PortalError] = {}
        self._failures = 0
        self._last_failure: PortalError | None = None
        self._not_before: datetime | None = None
        self._sign_ins: list[datetime] = []
        self._fell_back: PortalError | None = None
        self.secrets: frozenset[str] = frozenset()

    def begin(self) -> None:
        """Note that a new poll begins: it may renew the session once."""
        self._renewed = False

    def set_vault(self, vault: CredentialStore) -> None:
        """Keep secrets in another vault from now on."""
        self._vault = vault

    def session(self) -> Session:
        """Return a session to try, signing in if there is none.

        Raises PortalError if that fails, or must not be tried now.
        """
        if self._session is None and not self._loaded:
            self._loaded = True
            self._session = self._load()
            self._accepted = self._session is not None  # it was, in an earlier run
        if self._session is None:
            self._session = self._sign_in()
            self._accepted = False
        return self._session

    @property
    def is_accepted(self) -> bool:
        """Whether the portal has taken the present token before."""
        return self._accepted

    def accepted(self) -> None:
        """Note that the portal took the token, which ends a row of failures."""
        self._accepted = True
        self._failures = 0
        self._not_before = None

    def renew(self, expired: SessionExpiredError) -> Session:
        """Return a new session after the portal refused the token.

        Raises PortalError (sign_in) for a token fresh from a sign-in, and when this
        poll has renewed the session before.
        """
        fresh = not self._accepted
        if fresh or self._renewed:
            failure = PortalError(Trouble.SIGN_IN, expired.detail)
            if fresh:
                self._session = None
                self._record_failure(failure)
            raise failure
        log.info("the session expired, signing in again")
        self._renewed = True
        self._session = None
        return self.session()

    def leave(self, failure: PortalError) -> bool:
        """Leave a dialect that signs in and then has no data, unless it was chosen.

        Returns whether the other dialect is worth a try at once.  Raises PortalError,
        the other's own trouble, if it has just been tried.
        """
        session, cause = self._session, self._fell_back
        if self._only or session is None or session.dialect is not Dialect.CLASSIC:
            return False
        useless = {Trouble.PORTAL_CHANGED}
        if cause is not None:
            useless.add(Trouble.UNREADABLE)
        if failure.trouble not in useless:
            return False
        self._session = None
        self._vault.save_token("")
        if cause is None:
            return True
        self._last_failure, self._not_before = cause, self._now() + MOST_WAIT
        raise cause from failure

    def _load(self) -> Session | None:
        dumped = self._vault.token()
        session = load_session(dumped, self._hosts) if dumped else None
        if session is None or self._only not in {None, session.dialect}:
            return None
        self.secrets |= {session.token, session.uid}
        return session

    def _sign_in(self) -> Session:
        credentials = self._vault.credentials()
        if credentials is None:
            raise PortalError(Trouble.SIGN_IN)
        self.secrets |= {credentials.account, credentials.password}
        self._check_wait()
        order = [self._only] if self._only else [Dialect.SEMSPLUS, Dialect.CLASSIC]
        first: PortalError | None = None
        for dialect in order:
            try:
                session = self._try(dialect, credentials)
            except PortalError as exc:
                first = first or exc
                if exc.trouble not in _FALL_BACK:
                    break
            else:
                self._fell_back = first
                return session
        assert first is not None  # noqa: S101 (the order is never empty)
        self._record_failure(first)
        raise first

    def _check_wait(self) -> None:
        now = self._now()
        recent = (at for at in self._sign_ins if timedelta() <= now - at < _HOUR)
        self._sign_ins = list(recent)
        if len(self._sign_ins) >= _MOST_PER_HOUR:
            detail = mark("another program seems to sign in with the same account")
            wait = self._sign_ins[0] + _HOUR - now
            raise PortalError(Trouble.SIGN_IN, detail, retry_after=wait)
        until, last = self._not_before, self._last_failure
        if until is None or last is None or now >= until:
            return
        if until - now > _HOUR + MOST_WAIT:  # the clock was set back
            return
        raise PortalError(last.trouble, last.detail, retry_after=until - now)

    def _try(self, dialect: Dialect, credentials: Credentials) -> Session:
        key = dialect, credentials
        if key in self._refusals:
            raise self._refusals[key]
        now = self._now()
        try:
            session = self._dialects[dialect].sign_in(self._send, credentials, now)
        except PortalError as exc:
            if exc.trouble is Trouble.REFUSED:
                self._refusals[key] = exc
            raise
        self._sign_ins.append(now)
        self.secrets |= {session.token, session.uid}
        self._vault.save_token(session.dump())
        log.info("signed in (%s)", dialect)
        return session

    def _record_failure(self, failure: PortalError) -> None:
        """Set the time before which no password is tried again."""
        if failure.trouble is Trouble.OFFLINE:
            return  # nothing left this computer
        self._failures += 1
        wait = min(FIRST_WAIT * 2 ** min(self._failures - 1, 10), MOST_WAIT)
        if failure.trouble is Trouble.THROTTLED:
            wait = failure.retry_after or max(wait, THROTTLED_WAIT)
        self._last_failure = failure
        self._not_before = self._now() + wait
