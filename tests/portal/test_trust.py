"""Only GoodWe hears the token."""

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from sems_tray.domain.credentials import REGIONS
from sems_tray.domain.poll_result import Trouble
from sems_tray.portal.http.trusted_hosts import Hosts, check_portal, is_loopback, origin
from tests.portal.scripted import CLASSIC_LOGIN, PLUS_LOGIN, Desk, ok, plus_login
from tests.portal.scripted import plus_portal as portal

TRUSTED = [
    "https://eu-gateway.semsportal.com/web/sems",
    "https://semsportal.com",
    "https://EU.SemsPortal.COM/api/",
    "https://www.goodwe.com/x",
    "https://hz-gateway.sems.com.cn/web/sems",
    "https://eu.semsportal.com:443/api",
]
FOREIGN = [
    "",
    "semsportal.com",
    "http://eu.semsportal.com/api",
    "ftp://eu.semsportal.com",
    "https://",
    "https://semportal.com/api",
    "https://evilsemsportal.com/web/sems",
    "https://semsportal.com.evil.com/web/sems",
    "https://semsportal.com:443@evil.com/",
    "https://semsportal.com@evil.com/",
    "https://evil.com\\@semsportal.com/",
    "https://evil.com/\\semsportal.com",
    "https://evil.com#.semsportal.com",
    "https://evil.com?.semsportal.com",
    "https://evil.com%2f.semsportal.com",
    "https://semsportal.com.",
    "https://.semsportal.com",
    "https://sems\tportal.com",
    "https://semsportal.com\n.evil.com",
    " https://semsportal.com",
    "https://semsportal.com:99999",
    "https://semsportal.com/api?next=https://evil.com",
    "https://semsportal.com/api#x",
    "https://xn--semsprtal-e7a.com",
    "https://semsp\u043ertal.com",
    "https://semsportal\uff0ecom",
    "https://[::1]/",
    "https://[semsportal.com]",
    "https://localhost",
    "https:///semsportal.com",
]


@pytest.mark.parametrize("url", TRUSTED)
def test_goodwes_own_hosts_may_hear_the_token(url):
    assert Hosts().may_hear_token(url)


@pytest.mark.parametrize("url", FOREIGN)
def test_others_may_not(url):
    assert not Hosts().may_hear_token(url)
    assert not Hosts("http://127.0.0.1:8000").may_hear_token(url)


@given(st.text(max_size=30))
def test_no_text_is_too_odd_to_be_judged(text):
    for url in (text, f"https://{text}", f"https://semsportal.com{text}"):
        Hosts().may_hear_token(url)
        is_loopback(url)
        origin(url)


@pytest.mark.parametrize(
    "url",
    [
        "http://127.0.0.1:8001/web/sems",
        "https://127.0.0.1:8000/web/sems",
        "http://localhost:8000/",
        "http://127.0.0.1/",
        "https://eu.semsportal.com/api",
    ],
)
def test_another_portal_hears_its_own_token_only(url):
    assert Hosts("http://127.0.0.1:8000").may_hear_token("http://127.0.0.1:8000/api")
    assert not Hosts("http://127.0.0.1:8000").may_hear_token(url)


def test_the_usual_port_may_be_named():
    assert Hosts("https://a.example").may_hear_token("https://a.example:443/api")


def test_a_portal_of_goodwes_may_name_another_of_goodwes():
    hosts = Hosts("https://eu-semsplus.goodwe.com")
    assert hosts.may_hear_token("https://eu-gateway.semsportal.com/web/sems")
    assert not hosts.may_hear_token("https://evil.com")


@pytest.mark.parametrize("region", REGIONS)
def test_a_region_signs_in_on_its_own_semsplus_and_on_the_same_classic(region):
    hosts = Hosts(region=region)
    assert hosts.semsplus == f"https://{region}-semsplus.goodwe.com/web/sems"
    assert hosts.classic == Hosts().classic
    assert hosts.may_hear_token(hosts.semsplus)


@given(st.text(max_size=8).filter(lambda it: it not in REGIONS))
@example("EU")
@example("evil.com/")
def test_an_unknown_region_is_goodwes_address_for_everybody(region):
    assert Hosts(region=region).semsplus == Hosts().semsplus
    assert Hosts(region=region).gateway("") == Hosts().gateway("")


def test_another_portal_goes_before_the_region():
    hosts = Hosts("http://127.0.0.1:8000", "au")
    assert hosts.semsplus == hosts.gateway("eu") == "http://127.0.0.1:8000/web/sems"


@pytest.mark.parametrize(
    ("told", "gateway"),
    [("", "au"), ("evil.com/", "au"), ("us", "us")],
)
def test_a_login_without_a_region_leads_to_the_chosen_ones_gateway(told, gateway):
    base = f"https://{gateway}-gateway.semsportal.com/web/sems"
    assert Hosts(region="au").gateway(told) == base


FOREIGN_API = "https://evilsemsportal.com/web/sems"


@pytest.mark.parametrize(
    "login", [plus_login(api=FOREIGN_API), plus_login() | {"api": FOREIGN_API}]
)
def test_nothing_is_sent_to_an_untrusted_api(login):
    desk = Desk(portal(**{PLUS_LOGIN: login}))
    assert desk.trouble() is Trouble.PORTAL_CHANGED
    assert [it.url for it in desk.script.asked] == [
        "https://semsplus.goodwe.com/web/sems/sems-user/api/v1/auth/cross-login"
    ]
    assert desk.vault.kept == []


@pytest.mark.parametrize(
    ("login", "base"),
    [
        (plus_login(), "https://eu-gateway.semsportal.com/web/sems"),
        (plus_login(region="au"), "https://au-gateway.semsportal.com/web/sems"),
        (plus_login(region="evil.com/"), "https://eu-gateway.semsportal.com/web/sems"),
        (plus_login(region=None), "https://eu-gateway.semsportal.com/web/sems"),
        (
            plus_login(api="https://hk-gateway.semsportal.com/web/sems/"),
            "https://hk-gateway.semsportal.com/web/sems",
        ),
        (
            plus_login() | {"api": "https://us-gateway.semsportal.com/web/sems"},
            "https://us-gateway.semsportal.com/web/sems",
        ),
    ],
)
def test_the_api_may_be_missing_end_in_a_slash_or_stand_on_top(login, base):
    desk = Desk(portal(**{PLUS_LOGIN: login}))
    assert desk.trouble() is None
    rest = [it.url for it in desk.script.asked[1:]]
    assert all(url.startswith(f"{base}/sems-") for url in rest)


def test_classic_never_uses_the_internal_address():
    login = {"code": 0, "data": {"token": "x"}}
    login["components"] = {"api": "http://hk.semsportal.com:82/api/Auth/GetToken"}
    desk = Desk({CLASSIC_LOGIN: login, "*": ok([])}, dialect="classic")
    desk.fetch()
    assert {it.url.split("/api/")[0] for it in desk.script.asked} == {
        "https://www.semsportal.com"
    }


@pytest.mark.parametrize(
    ("given_", "kept"),
    [
        ("http://127.0.0.1:8000/", "http://127.0.0.1:8000"),
        (" https://eu-semsplus.goodwe.com ", "https://eu-semsplus.goodwe.com"),
        ("http://[::1]:8000", "http://[::1]:8000"),
        ("http://localhost:1", "http://localhost:1"),
        ("https://portal.example/base", "https://portal.example/base"),
    ],
)
def test_a_portal_address_is_taken(given_, kept):
    assert check_portal(given_) == kept


@pytest.mark.parametrize(
    "given_",
    [
        "",
        "example.com",
        "http://example.com",
        "http://127.0.0.1.example.com",
        "HTTP://example.com",
        "http://user@127.0.0.1:8000",
        "ftp://127.0.0.1",
        "http://127.0.0.1:port",
        "https://example.com?x",
    ],
)
def test_a_portal_address_that_is_none_or_unsafe_is_refused(given_):
    with pytest.raises(ValueError, match=r"address|http is allowed"):
        check_portal(given_)
