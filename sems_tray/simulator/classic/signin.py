"""Signing in on the classic portal, and the Token header."""

import base64
import binascii
import json
from functools import lru_cache

from sems_tray.simulator.http import Json, Reply, Request, text_of
from sems_tray.simulator.sessions import PASSWORD, Session
from sems_tray.simulator.world import World

from .envelope import components, headerless, refused

BASE = "/api/"
DENIED = "No access, please login."
EXPIRED = "The authorization has expired, please log in again."


def token_header(request: Request) -> Json | None:
    """Return the Token header: JSON, or base64 of it (facts, section 5)."""
    return _read_token(request.headers.get("token", ""))


@lru_cache(maxsize=16)  # the same with every request of a session
def _read_token(text: str) -> Json | None:
    for read in (text.encode(), _decoded(text)):
        try:
            token = json.loads(read)
        except ValueError:
            continue
        if isinstance(token, dict):
            return token
    return None


def cross_login(world: World, request: Request) -> Reply:
    """Sign in with the plain password, or say why not."""
    token = token_header(request)
    if token is None:
        return headerless()
    body = request.fields()
    account = text_of(body, "account")
    path = request.path.removeprefix(BASE)
    wrong = text_of(body, "pwd") != PASSWORD or world.scenario == "refused"
    if not account or wrong:
        return refused(100005, "Email or password error.", path)
    api = world.api(BASE)
    where: Json = {} if api is None else {"api": api}
    reply: Json = {"hasError": False, "code": 0, "msg": "Success"}
    last: Json = {"components": components("Auth/GetTokenV2")} | where
    if world.login_reply == "no-token":
        return Reply(body=reply | {"data": {"agreement_agreement": 0}} | last)
    if world.login_reply == "mfa":
        return Reply(body=reply | {"data": {"mfaRequired": True}} | last)
    client = text_of(token, "client")
    session = world.sessions.open(account, "classic", client, world.now_ms())
    data: Json = {
        "uid": session.uid,
        "timestamp": session.timestamp_ms,
        "token": session.token,
        "client": client,
        "version": text_of(token, "version"),
        "language": text_of(token, "language") or "en",
    }
    return Reply(body=reply | {"data": data} | last)


def session_of(world: World, request: Request) -> Session | Reply:
    """Return the caller's session, or the refusal."""
    token = token_header(request)
    if token is None:
        return headerless()
    path = request.path.removeprefix(BASE)
    if not token.get("token") or not token.get("uid"):
        return refused(100001, DENIED, path)
    session = world.sessions.find("classic", token["uid"], token["token"])
    if session is None or text_of(token, "client") != session.client:
        return refused(100002, EXPIRED, path)
    return session


def _decoded(text: str) -> bytes:
    try:
        return base64.b64decode(text, validate=True)
    except (ValueError, binascii.Error):
        return b""
