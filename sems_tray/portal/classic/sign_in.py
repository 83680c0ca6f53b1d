"""Classic sign-in: CrossLogin v3 to v1, and the ``Token`` header (facts, section 5)."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from sems_tray.domain.model import Dialect
from sems_tray.portal.dialect import Call
from sems_tray.portal.errors import PathGoneError
from sems_tray.portal.session import Session, check_base, check_signed_in, read_login

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from datetime import datetime

    from sems_tray.domain.credentials import Credentials
    from sems_tray.portal.http.transport import Request
    from sems_tray.portal.http.trusted_hosts import Hosts
    from sems_tray.portal.wire.envelope import Envelope


VERSIONS = ("v3", "v2", "v1")
# The client named at sign-in must be the one named afterwards; the reply repeats it.
_NOBODY = {"version": "v2.1.0", "client": "ios", "language": "en"}


def headers(login: Mapping[str, Any]) -> dict[str, str]:
    """Return the headers of one call; the token is plain JSON text."""
    return {
        "Content-Type": "application/json",
        "Accept": "application/json",
        "Token": json.dumps({**_NOBODY, **login}, separators=(",", ":")),
    }


def sign_in(
    send: Callable[[Request], Envelope],
    hosts: Hosts,
    credentials: Credentials,
    now: datetime,
) -> Session:
    """Try the password once; an older version is asked only where a path is gone.

    The password goes in plain, over TLS, as this portal wants it.  ``components.api``
    in the reply is an internal address and is never used.
    """
    body = {"account": credentials.account, "pwd": credentials.password}
    for version in VERSIONS:
        call = Call(method="POST", path=f"/{version}/Common/CrossLogin", body=body)
        try:
            envelope = send(call.request(hosts.classic, headers({})))
        except PathGoneError:
            continue
        check_signed_in(envelope, now)
        login = read_login(envelope)
        base = check_base(envelope.api or hosts.classic, hosts)
        return Session(dialect=Dialect.CLASSIC, base=base, login=login)
    raise PathGoneError


def call_request(session: Session, call: Call, now: datetime) -> Request:
    """Return a call as a request that carries the session's token."""
    del now  # this dialect signs nothing
    return call.request(session.base, headers(session.login))
