"""Who is signed in: one session per account, whatever the dialect."""

import secrets
import threading
import uuid
from collections.abc import Callable
from dataclasses import dataclass

PASSWORD = "demo"  # noqa: S105  the simulator's only one, and public
LIFETIME_S = 6 * 3600.0  # facts, section 2, "Lifetime"


@dataclass(frozen=True, slots=True, kw_only=True)
class Session:
    """One sign-in. ``timestamp_ms`` is part of the token that clients send back."""

    account: str
    dialect: str
    uid: str
    token: str
    client: str
    timestamp_ms: int
    born_s: float


class Sessions:
    """Issues tokens, and forgets them when the same account signs in again."""

    def __init__(self, clock_s: Callable[[], float]) -> None:
        self._clock_s = clock_s
        self._lock = threading.Lock()
        self._by_account: dict[str, Session] = {}

    def open(self, account: str, dialect: str, client: str, now_ms: int) -> Session:
        """Sign an account in; its earlier session, in any dialect, is over."""
        account = account.strip().lower().encode(errors="replace").decode()
        session = Session(
            account=account,
            dialect=dialect,
            uid=str(uuid.uuid5(uuid.NAMESPACE_URL, account)),
            token=secrets.token_hex(16),
            client=client,
            timestamp_ms=now_ms,
            born_s=self._clock_s(),
        )
        with self._lock:
            self._by_account[account] = session
        return session

    def find(self, dialect: str, uid: object, token: object) -> Session | None:
        """Return the session that a token belongs to, if it is still good."""
        with self._lock:
            for session in self._by_account.values():
                if (session.dialect, session.uid, session.token) == (
                    dialect,
                    uid,
                    token,
                ):
                    young = self._clock_s() - session.born_s < LIFETIME_S
                    return session if young else None
        return None

    def close(self, session: Session) -> None:
        """Sign a session out."""
        with self._lock:
            if self._by_account.get(session.account) is session:
                del self._by_account[session.account]

    def expire_all(self) -> None:
        """Forget every token."""
        with self._lock:
            self._by_account.clear()
