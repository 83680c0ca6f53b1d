"""Which dialect is spoken, and what a kept token is good for."""

import json
from datetime import timedelta

import pytest

from sems_tray.domain.model import Dialect
from sems_tray.domain.poll_result import PollFailed, PollSucceeded, Trouble
from sems_tray.portal.errors import PortalError
from sems_tray.portal.http.transport import Reply
from tests.portal.scripted import (
    CLASSIC_LOGIN,
    EXPIRED,
    NOON,
    PLUS_LOGIN,
    REFUSED,
    Desk,
    Vault,
    classic_portal,
    ok,
    plus_login,
    plus_portal,
)

UNREACHABLE = PortalError(Trouble.UNREACHABLE, "no connection")
GONE = Reply(status=404, body=b"")
HTML = b"<html>maintenance</html>"


KEPT = "kept"


def kept(token=KEPT, base="https://eu-gateway.semsportal.com/web/sems"):
    login = {"token": token, "uid": "u"}
    return json.dumps({"dialect": "semsplus", "base": base, "login": login})


def kept_classic():
    base = "https://eu.semsportal.com/api"
    return kept(base=base).replace("semsplus", "classic")


@pytest.mark.parametrize("cause", [UNREACHABLE, GONE, HTML, b"{", b"[]", {"x": 1}])
def test_auto_falls_back_to_classic_where_semsplus_does_not_answer(cause):
    desk = Desk(classic_portal(**{PLUS_LOGIN: cause}), dialect=None)
    fresh = desk.fetch()
    assert isinstance(fresh, PollSucceeded)
    assert fresh.reading.dialect is Dialect.CLASSIC
    assert desk.script.count(PLUS_LOGIN) == desk.script.count(CLASSIC_LOGIN) == 1


@pytest.mark.parametrize(
    ("cause", "trouble"),
    [
        (REFUSED, Trouble.REFUSED),
        ({"code": "X9999", "description": "?"}, Trouble.REFUSED),
        (EXPIRED, Trouble.SIGN_IN),
        ({"code": "GY0429"}, Trouble.THROTTLED),
        (ok({"agreement": 0}), Trouble.AGREEMENT),
        (ok({"mfaRequired": True}), Trouble.MFA),
        (PortalError(Trouble.OFFLINE), Trouble.OFFLINE),
    ],
)
def test_auto_does_not_try_the_password_elsewhere_for_other_reasons(cause, trouble):
    desk = Desk(classic_portal(**{PLUS_LOGIN: cause}), dialect=None)
    assert desk.trouble() is trouble
    assert len(desk.script.asked) == 1


def test_if_both_fail_the_trouble_of_semsplus_is_reported():
    refused = {"code": 100005, "msg": "Email or password error."}
    desk = Desk({PLUS_LOGIN: HTML, CLASSIC_LOGIN: refused}, dialect=None)
    assert desk.trouble() is Trouble.UNREACHABLE
    assert desk.script.sign_ins == 2


def test_a_classic_portal_without_data_is_left_and_semsplus_tried_again():
    empty = {"code": "0", "data": {}}
    script = plus_portal() | classic_portal()
    script |= {"*/GetMonitorDetailByPowerstationId": empty, PLUS_LOGIN: UNREACHABLE}
    desk = Desk(script, dialect=None)
    assert desk.trouble() is Trouble.UNREACHABLE
    assert desk.script.sign_ins == 2
    desk.script.answers[PLUS_LOGIN] = plus_login()
    assert desk.poll_until(20)[-1] is None
    assert desk.script.sign_ins == 3
    assert json.loads(desk.vault.dumped)["dialect"] == "semsplus"


def test_a_kept_classic_token_without_data_gives_way_to_semsplus_at_once():
    script = classic_portal() | plus_portal()
    script["*/GetMonitorDetailByPowerstationId"] = {"code": "0", "data": {}}
    desk = Desk(script, dialect=None, vault=Vault(token=kept_classic()))
    assert desk.trouble() is None
    assert desk.script.sign_ins == 1


@pytest.mark.parametrize("ask", [Desk.fetch, lambda desk: desk.client.stations()])
def test_an_expired_classic_token_that_ends_in_semsplus_still_gives_an_answer(ask):
    script = plus_portal() | {"*/QueryPowerStationMonitorForApp": {"code": 100002}}
    desk = Desk(script, dialect=None, vault=Vault(token=kept_classic()))
    assert not isinstance(ask(desk), PollFailed)
    assert desk.script.sign_ins == 1


def test_classic_walks_to_older_versions_only_where_a_path_is_gone():
    script = {"*/v3/Common/CrossLogin": GONE, "*/v2/Common/CrossLogin": GONE}
    desk = Desk(script | classic_portal(), dialect=Dialect.CLASSIC)
    assert desk.trouble() is None
    urls = [it.url for it in desk.script.asked if "CrossLogin" in it.url]
    assert [url.split("/")[4] for url in urls] == ["v3", "v2", "v1"]


def test_classic_finds_the_version_of_the_monitor_and_keeps_it():
    gone = {
        f"*/{v}/PowerStation/GetMonitorDetailByPowerstationId": GONE
        for v in ("v3", "v2")
    }
    desk = Desk(gone | classic_portal(), dialect=Dialect.CLASSIC)
    assert desk.trouble() is None
    assert desk.script.count("*/GetMonitorDetail*") == 3
    assert desk.trouble() is None
    assert desk.script.count("*/GetMonitorDetail*") == 4


def test_without_credentials_there_is_nothing_to_ask():
    desk = Desk(plus_portal())
    desk.vault.who = None
    assert desk.trouble() is Trouble.SIGN_IN
    assert desk.script.asked == []


def test_a_kept_token_is_used_without_a_password():
    desk = Desk(plus_portal(), vault=Vault(token=kept()))
    desk.vault.who = None
    assert desk.trouble() is None
    assert desk.script.sign_ins == 0


def test_an_expired_kept_token_costs_one_sign_in():
    desk = Desk(plus_portal(), vault=Vault(token=kept()))
    desk.script.answers["*/portal/stations/page"] = [
        EXPIRED,
        plus_portal()["*/portal/stations/page"],
    ]
    assert desk.trouble() is None
    assert desk.script.sign_ins == 1
    assert json.loads(desk.vault.dumped)["login"]["token"] == "t-1"


@pytest.mark.parametrize(
    "dumped",
    [
        "",
        "{",
        "null",
        "[]",
        '{"dialect": "semsplus"}',
        '{"dialect": "modbus", "base": "https://goodwe.com", "login": {"token": "x"}}',
        "[" * 100_000,
        kept(token=""),
        kept(token=None),
        kept(base="https://evilsemsportal.com/web/sems"),
        kept(base="http://eu-gateway.semsportal.com/web/sems"),
        kept(base="http://127.0.0.1:8000/web/sems"),
    ],
)
def test_a_kept_token_that_is_damaged_or_of_a_foreign_host_is_ignored(dumped):
    desk = Desk(plus_portal(), vault=Vault(token=dumped))
    assert desk.trouble() is None
    assert desk.script.sign_ins == 1
    hosts = {it.url.split("/")[2] for it in desk.script.asked}
    assert hosts == {"semsplus.goodwe.com", "eu-gateway.semsportal.com"}


def test_a_kept_token_of_the_other_dialect_is_ignored_where_one_was_chosen():
    desk = Desk(classic_portal(), dialect=Dialect.CLASSIC, vault=Vault(token=kept()))
    assert desk.trouble() is None
    assert desk.script.count(CLASSIC_LOGIN) == 1


@pytest.mark.parametrize(
    ("minutes", "words"),
    [
        (-1440, "1 day ahead"),
        (-6, "6 min ahead"),
        (6, "6 min behind"),
        (150, "2 h 30 min behind"),
    ],
)
def test_a_wrong_clock_is_named_where_the_portal_tells_the_time(minutes, words):
    answer = Reply(
        status=200,
        body=json.dumps(EXPIRED).encode(),
        date=NOON + timedelta(minutes=minutes),
    )
    desk = Desk({PLUS_LOGIN: answer})
    failed = desk.fetch()
    assert isinstance(failed, PollFailed)
    assert failed.trouble is Trouble.CLOCK
    assert failed.detail == f"it is {words}"


def test_a_wrong_password_is_not_blamed_on_the_clock():
    body = json.dumps(REFUSED).encode()
    answer = Reply(status=200, body=body, date=NOON + timedelta(days=1))
    assert Desk({PLUS_LOGIN: answer}).trouble() is Trouble.REFUSED


@pytest.mark.parametrize("retry_after", [timedelta(seconds=30), timedelta(minutes=50)])
def test_a_throttled_sign_in_waits_what_the_portal_asks(retry_after):
    error = PortalError(Trouble.THROTTLED, retry_after=retry_after)
    desk = Desk(plus_portal(**{PLUS_LOGIN: [error, plus_login()]}))
    desk.fetch()
    desk.clock.add(seconds=retry_after.total_seconds() - 1)
    assert desk.trouble() is Trouble.THROTTLED
    assert desk.script.sign_ins == 1
    desk.clock.add(seconds=1)
    assert desk.trouble() is None


def test_a_clock_that_is_set_back_does_not_block_signing_in():
    desk = Desk(plus_portal(**{PLUS_LOGIN: [UNREACHABLE, plus_login()]}))
    desk.fetch()
    desk.clock.add(days=-400)
    assert desk.trouble() is None
