"""Hotels, trains and companies answer in GoodWe's place: the owner is told so."""

import pytest

from sems_tray.domain.poll_result import Trouble
from sems_tray.portal.errors import PortalError
from sems_tray.portal.wire.envelope import open_envelope
from tests.portal.hostile import Server, answer, fails, post
from tests.portal.networks import PORTAL, URL, portal_behind_proxy, told

PAGE = b"<!DOCTYPE html><html><title>Welcome, guest</title></html>"
SIGN_IN = "The network asks you to sign in first (hotel, train): open a web page,"


pytestmark = pytest.mark.usefixtures("plain_network")


def opened(quick, url):
    with pytest.raises(PortalError) as caught:
        open_envelope(quick.send(post(url)))
    assert "guest" not in told(caught.value)
    return caught.value


def test_a_page_in_place_of_data(quick):
    with Server(answer(PAGE, Content_Type="text/html")) as server:
        error = opened(quick, server.url)
    assert error.trouble is Trouble.UNREACHABLE
    assert "open a web page to see" in told(error)


@pytest.mark.parametrize(
    ("status", "says"),
    [
        ("511 Network Authentication Required", SIGN_IN),
        ("407 Proxy Authentication Required", "The proxy asks for a user name"),
        ("502 Bad Gateway", "GoodWe's service cannot be reached right now"),
    ],
)
def test_a_status_that_says_who_speaks(status, says, quick):
    with Server(answer(PAGE, status)) as server:
        error = opened(quick, server.url)
    assert error.trouble is Trouble.UNREACHABLE
    assert told(error).startswith(says)


def test_a_redirect_to_a_login_page_by_whom_the_owner_trusts(
    quick, authority, monkeypatch
):
    there = answer(PAGE, "302 Found", Location="https://login.hotel.test/?from=x")
    with portal_behind_proxy(there, authority, monkeypatch) as (proxy, portal):
        error = fails(quick, post(URL))
        quick.rest()
    assert error.trouble is Trouble.UNREACHABLE
    assert told(error).startswith(SIGN_IN)
    assert (len(portal.requests), proxy.connections) == (1, 1)


def test_a_redirect_in_clear(quick, monkeypatch):
    with Server(answer(PAGE, "302 Found", Location="http://login.test/")) as proxy:
        monkeypatch.setenv("http_proxy", proxy.url)
        error = fails(quick, post(f"http://{PORTAL}"))
    assert told(error).startswith(SIGN_IN)
    assert len(proxy.requests) == 1


@pytest.mark.parametrize("target", ["https://new.goodwe.com/x", "https://[half"])
def test_a_redirect_among_goodwes_hosts_is_goodwes(
    target, quick, authority, monkeypatch
):
    there = answer(b"", "302 Found", Location=target)
    with portal_behind_proxy(there, authority, monkeypatch):
        assert fails(quick, post(URL)).trouble is Trouble.PORTAL_CHANGED
        quick.rest()
