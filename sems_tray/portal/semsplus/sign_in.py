"""SEMS+ sign-in, and the headers of every call (facts, section 2)."""

from __future__ import annotations

import base64
import hashlib
import json
from typing import TYPE_CHECKING, Any

from sems_tray.domain.model import Dialect
from sems_tray.portal.dialect import Call
from sems_tray.portal.session import Session, check_base, check_signed_in, read_login
from sems_tray.portal.wire.values import exact

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import datetime

    from sems_tray.domain.credentials import Credentials
    from sems_tray.portal.http.transport import Request
    from sems_tray.portal.http.trusted_hosts import Hosts
    from sems_tray.portal.wire.envelope import Envelope


CLIENT = "semsPlusWeb"
_PATH = "/sems-user/api/v1/auth/cross-login"
_NOBODY: dict[str, Any] = {
    "uid": "",
    "timestamp": 0,
    "token": "",
    "client": CLIENT,
    "version": "",
    "language": "en",
}


def encode_password(password: str) -> str:
    """Return base64 of the password's MD5 in hex, as the portal wants it over TLS.

    The digest is the portal's wire format, not our protection of the password; hence
    ``usedforsecurity=False``, which FIPS systems need.
    """
    # An environment variable that is no UTF-8 arrives with surrogates.
    raw = password.encode(errors="surrogatepass")
    digest = hashlib.md5(raw, usedforsecurity=False).hexdigest()
    return base64.b64encode(digest.encode()).decode()


def signature(uid: str, token: str, at_ms: int) -> str:
    """Return ``X-Signature`` for one request at ``at_ms``, epoch milliseconds."""
    digest = hashlib.sha256(f"{at_ms}@{uid}@{token}".encode()).hexdigest()
    return base64.b64encode(f"{digest}@{at_ms}".encode()).decode()


def headers(login: Mapping[str, Any], now: datetime) -> dict[str, str]:
    """Return the headers of one call; ``login`` is the whole login object."""
    at_ms = int(now.timestamp() * 1000)
    uid, token = exact(login.get("uid")), exact(login.get("token"))
    return {
        "Content-Type": "application/json",
        "Accept": "application/json, text/plain, */*",
        "token": json.dumps({"client": CLIENT, **login}, separators=(",", ":")),
        "X-Signature": signature(uid, token, at_ms),
        "neutral": "0",
        "currentLang": "en",
    }


def sign_in_request(base: str, credentials: Credentials, now: datetime) -> Request:
    """Return the sign-in; ``agreement`` 1 accepts the user agreement, like the app."""
    body = {
        "account": credentials.account,
        "pwd": encode_password(credentials.password),
        "agreement": 1,
        "isLocal": False,
        "isChinese": False,
    }
    call = Call(method="POST", path=_PATH, body=body)
    return call.request(base, headers(_NOBODY, now))


def read_session(envelope: Envelope, hosts: Hosts, now: datetime) -> Session:
    """Read a sign-in's reply; raises PortalError for anything but a usable session."""
    check_signed_in(envelope, now)
    login = read_login(envelope)
    api = exact(login.get("api")) or envelope.api
    base = check_base(api or hosts.gateway(exact(login.get("region"))), hosts)
    return Session(dialect=Dialect.SEMSPLUS, base=base, login=login)


def call_request(session: Session, call: Call, now: datetime) -> Request:
    """Return a call as a request that carries the session's token."""
    return call.request(session.base, headers(session.login, now))
