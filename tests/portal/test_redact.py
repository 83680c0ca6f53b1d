"""Secrets and persons do not show."""

from urllib.parse import quote

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sems_tray.log.redaction import redact
from sems_tray.portal.semsplus.dialect import encode_password


@pytest.mark.parametrize(
    "text",
    [
        "owner@example.com is unknown",
        "OWNER@Example.co.uk",
        'token: "abc def"',
        "pwd=hunter2",
        '{"password": "hunter2"}',
        "X-Signature: abc=",
        "00000000-0000-4000-8000-000000000001",
        "device 5010KETU22100001 offline",
        encode_password("hunter2"),
        "5ebe2294ecd0e0f08eab7690d2a6ee69",
    ],
)
def test_patterns(text):
    shown = redact(text)
    assert "•••" in shown
    for part in ("hunter2", "abc", "5010KETU", "0000-4000", "@", "5ebe", "ZTJm"):
        assert part not in shown


@pytest.mark.parametrize(
    "words",
    [
        "Email or password error.",
        "账号登录异常",
        "HTTP 503",
        "Expected `object`, got `array` - at `$.data`",
        "it is 12 minutes behind",
        "The authorization has expired, please log in again.",
        "https://eu-gateway.semsportal.com/web/sems/sems-plant/api/stations/flow",
    ],
)
def test_plain_words_stay(words):
    assert redact(words) == words


def test_secrets_are_masked_in_every_spelling():
    secret = 'a "b"  <c>&d'
    plain = " ".join(secret.split())
    for spelt in (secret, plain, quote(plain), "a &quot;b&quot; &lt;c&gt;&amp;d"):
        assert redact(f"is {spelt} right?", frozenset({secret})) == "is ••• right?"


@given(st.text(min_size=3), st.text(), st.text())
def test_a_secret_is_gone_whatever_surrounds_it(secret, before, after):
    shown = redact(before + secret + after, frozenset({secret}))
    assert secret not in shown.replace("•••", "") or secret in "•••"


def test_too_short_a_secret_does_not_eat_the_text():
    assert redact("no such thing", frozenset({"", "n"})) == "no such thing"
