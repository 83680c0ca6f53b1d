"""Signing in on SEMS+, and the headers that every call is checked by."""

import base64
import binascii
import hashlib
import json
import re
from functools import lru_cache

from sems_tray.simulator.http import Json, Reply, Request, text_of
from sems_tray.simulator.sessions import PASSWORD, Session
from sems_tray.simulator.world import World

from .envelope import abnormal, refused, success

CLIENTS = frozenset(
    {"semsPlusWeb", "semsPlusAndroid", "semsplus_android", "semsplus_ios"}
)
TOKEN_KEYS = ("uid", "timestamp", "token", "client", "version", "language")
_PASSWORD_MD5 = hashlib.md5(PASSWORD.encode(), usedforsecurity=False).hexdigest()
_MD5_TEXT = re.compile(r"[0-9a-f]{32}")
BASE = "/web/sems"


def token_header(request: Request) -> Json | None:
    """Return the token header, which is plain JSON text (facts, section 2)."""
    return _read_token(request.headers.get("token", ""))


@lru_cache(maxsize=16)  # the same with every request of a session
def _read_token(text: str) -> Json | None:
    try:
        token = json.loads(text)
    except ValueError:
        return None
    return token if isinstance(token, dict) else None


def signed(world: World, request: Request, token: Json) -> bool:
    """Say whether X-Signature is that of this token, and not of another time."""
    try:
        proof = base64.b64decode(request.headers.get("x-signature", ""), validate=True)
        digest, _, ms = proof.decode("ascii").partition("@")
        sent_ms = int(ms)
    except (ValueError, binascii.Error):
        return False
    text = f"{ms}@{token.get('uid', '')}@{token.get('token', '')}"
    if digest != hashlib.sha256(text.encode()).hexdigest():
        return False
    tolerance_s = world.clock_tolerance_s
    return tolerance_s is None or abs(sent_ms - world.now_ms()) <= tolerance_s * 1000


def session_of(world: World, request: Request) -> Session | None:
    """Return the caller's session, or None when any header is not as it must be."""
    token = token_header(request)
    if token is None or not signed(world, request, token):
        return None
    if any(key not in token for key in TOKEN_KEYS) or token["client"] not in CLIENTS:
        return None
    session = world.sessions.find("semsplus", token["uid"], token["token"])
    same = session and str(token["timestamp"]) == str(session.timestamp_ms)
    return session if same else None


def cross_login(world: World, request: Request) -> Reply:
    """Sign in, or say why not."""
    token = token_header(request)
    if token is None or not signed(world, request, token):
        return abnormal()
    if token.get("client") not in CLIENTS:
        return abnormal()
    refusal = _refusal(world, request.fields())
    return refusal or _welcome(world, request.fields(), token)


def _refusal(world: World, body: Json) -> Reply | None:
    try:
        pwd = base64.b64decode(text_of(body, "pwd"), validate=True).decode("ascii")
    except (ValueError, binascii.Error):
        pwd = ""
    if not text_of(body, "account") or not _MD5_TEXT.fullmatch(pwd):
        return refused("100004", "parameter error.", "parameter_error")
    if pwd != _PASSWORD_MD5 or world.scenario == "refused":
        # No recording exists; C0501 is what clients' tests assume (facts, section 2).
        return refused("C0501", "The account or password is incorrect.", "pwd_error")
    return None


def _welcome(world: World, body: Json, token: Json) -> Reply:
    api = world.api(BASE)
    where: Json = {} if api is None else {"api": api}
    if world.login_reply == "mfa":
        return success({"mfaRequired": True, **where})
    if body.get("agreement") not in (1, "1", True) or world.login_reply == "no-token":
        return success({"agreement": 0, **where})
    client = str(token["client"])
    account = text_of(body, "account")
    session = world.sessions.open(account, "semsplus", client, world.now_ms())
    data: Json = {
        "uid": session.uid,
        "timestamp": str(session.timestamp_ms),
        "token": session.token,
        "client": client,
        "version": "",
        "language": text_of(token, "language") or "en",
        "region": "eu",
        "uuid": session.uid[::-1],
    }
    if world.login_reply == "api-on-top":
        return success(data, **where)
    return success(data | where)


def default_service(world: World, _request: Request) -> Reply:
    """Name the region; asked before signing in."""
    return success({"region": "eu", "api": world.api(BASE)})


def user(session: Session) -> Reply:
    """Describe who is signed in."""
    return success(
        {
            "uid": session.uid,
            "account": session.account,
            "email": session.account,
            "nickName": "Demo",
            "language": "en",
            "region": "eu",
        }
    )
