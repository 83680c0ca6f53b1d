"""The two ways to sign in, byte by byte (facts, sections 2 and 5)."""

import base64
import hashlib
import json
from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sems_tray.domain.credentials import Credentials
from sems_tray.domain.model import Dialect
from sems_tray.domain.poll_result import Trouble
from sems_tray.portal.classic.dialect import Classic
from sems_tray.portal.errors import PortalError
from sems_tray.portal.http.trusted_hosts import Hosts
from sems_tray.portal.semsplus import dialect as plus
from sems_tray.portal.session import Session, check_signed_in, load_session, read_login
from tests.portal.replies import envelope
from tests.portal.scripted import (
    NOON,
    PLUS_LOGIN,
    Desk,
    Vault,
    ok,
    plus_login,
    plus_portal,
)

MS = 1700000000000
AT = datetime.fromtimestamp(MS / 1000, UTC)
OWNER = Credentials(account="owner@example.com", password="secret")
NOBODY_SIGNED = (
    "NjcyMjMxZWJhYWUwMjZiZDFhYWNlZjE4MTdkNzdhOGJmYzc2YWM4NzBhNDFiYTQ3"
    "MzA1MDYzNDYyODRmZDI0N0AxNzAwMDAwMDAwMDAw"
)

OWNER_SIGNED = (
    "Y2EyYjE2NWYyYzY4YTRmNzc1Zjc3YTUxY2YxNjhhYTVmYWU1NTdiNzA1MDBmNDFm"
    "MzIwMTExZTQ2NjI1OTU0MEAxNzAwMDAwMDAwMDAw"
)


def test_a_password_and_a_signature_of_the_facts():
    pwd = "ZTJmYTRkNDJhZTk4Y2NiMTFkYzg0NWJhYWY1YWUxYzc="
    assert plus.encode_password("sems_test_password") == pwd
    assert plus.signature("u-1", "t-1", MS) == OWNER_SIGNED


@given(st.text(st.characters()) | st.just("\udcff\ud800"))
def test_any_password_has_44_characters(password):
    assert len(plus.encode_password(password)) == 44


def sign_in_of(dialect):
    """Return the one request of a sign-in, and its session."""
    sent = []

    def send(request):
        sent.append(request)
        return envelope({"code": "0", "data": {"token": "x", "uid": "u"}})

    session = dialect(Hosts()).sign_in(send, OWNER, AT)
    (request,) = sent
    return request, session


def test_a_semsplus_sign_in_as_it_goes_out():
    request, _ = sign_in_of(plus.SemsPlus)
    assert request.method == "POST"
    assert request.url == (
        "https://semsplus.goodwe.com/web/sems/sems-user/api/v1/auth/cross-login"
    )
    assert json.loads(request.body or b"") == {
        "account": "owner@example.com",
        "pwd": "NWViZTIyOTRlY2QwZTBmMDhlYWI3NjkwZDJhNmVlNjk=",
        "agreement": 1,
        "isLocal": False,
        "isChinese": False,
    }
    assert request.headers["X-Signature"] == NOBODY_SIGNED
    nobody = {"uid": "", "timestamp": 0, "token": "", "client": "semsPlusWeb"}
    nobody |= {"version": "", "language": "en"}
    assert json.loads(request.headers["token"]) == nobody


def test_every_call_carries_the_whole_login_and_a_fresh_signature():
    desk = Desk(plus_portal(**{PLUS_LOGIN: plus_login(odd={"any": [1]})}))
    desk.fetch()
    desk.clock.add(minutes=1)
    desk.fetch()
    signatures = set()
    for request in desk.script.asked[1:]:
        token = json.loads(request.headers["token"])
        assert token["odd"] == {"any": [1]}
        proof = base64.b64decode(request.headers["X-Signature"]).decode()
        digest, ms = proof.split("@")
        text = f"{ms}@{token['uid']}@{token['token']}"
        assert digest == hashlib.sha256(text.encode()).hexdigest()
        signatures.add(ms)
    assert len(signatures) == 2


def test_a_classic_sign_in_as_it_goes_out():
    request, session = sign_in_of(Classic)
    assert request.url == "https://www.semsportal.com/api/v3/Common/CrossLogin"
    body = {"account": "owner@example.com", "pwd": "secret"}
    assert json.loads(request.body) == body
    token = {"version": "v2.1.0", "client": "ios", "language": "en"}
    assert json.loads(request.headers["Token"]) == token
    assert session.base == "https://www.semsportal.com/api"


@pytest.mark.parametrize(
    ("data", "trouble"),
    [
        (None, Trouble.PORTAL_CHANGED),
        ({}, Trouble.PORTAL_CHANGED),
        ({"agreement": 0, "api": "https://x"}, Trouble.AGREEMENT),
        *(({"token": it}, Trouble.AGREEMENT) for it in ("", None)),
        *(({"mfaRequired": it}, Trouble.MFA) for it in (True, "true", "1", 1)),
        ({"mfaRequired": False}, Trouble.AGREEMENT),
        ({"mfaRequired": []}, Trouble.AGREEMENT),
        ({"mfaRequired": {}}, Trouble.AGREEMENT),
    ],
)
def test_a_success_without_a_token_is_a_failed_sign_in(data, trouble):
    with pytest.raises(PortalError) as caught:
        read_login(envelope(ok(data)))
    assert caught.value.trouble is trouble


@pytest.mark.parametrize("code", [100005, "C0501", "A0210", "C0601", "anything"])
def test_what_is_not_known_to_mean_something_else_is_a_refusal(code):
    body = {"code": code, "msg": "", "description": "in the portal's words"}
    with pytest.raises(PortalError) as caught:
        check_signed_in(envelope(body), NOON)
    assert caught.value.trouble is Trouble.REFUSED
    assert caught.value.detail == "in the portal's words"


def test_a_session_survives_the_keyring():
    login = {"token": "t", "uid": "u", "odd": [1, {"x": None}]}
    base = "https://eu-gateway.semsportal.com/web/sems"
    session = Session(dialect=Dialect.SEMSPLUS, base=base, login=login)
    assert load_session(session.dump(), Hosts()) == session


@given(st.text())
def test_any_kept_text_is_a_session_or_nothing(text):
    load_session(text, Hosts())


def test_secrets_are_never_printed():
    vault = Vault()
    desk = Desk(plus_portal(), vault=vault)
    desk.fetch()
    session = load_session(vault.dumped, Hosts())
    shown = repr([desk.script.asked, session, vault.who])
    for secret in (vault.who.account, vault.who.password, "t-1", "NWViZ"):
        assert secret not in shown
