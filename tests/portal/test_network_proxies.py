"""Proxies: whoever is in the way is named, and none of them hears a secret."""

import socket
import threading

import pytest

from sems_tray.domain.poll_result import Trouble
from sems_tray.portal.http import failures
from sems_tray.portal.http.transport import HttpTransport
from tests.portal.hostile import OK, Server, answer, fails, hang, post, raw
from tests.portal.networks import (
    PORTAL,
    URL,
    hang_up,
    portal_behind_proxy,
    told,
    tunnel,
)

HTML = b"<html><title>Proxy</title>Go away</html>"


pytestmark = pytest.mark.usefixtures("plain_network")


def ask():
    return post(URL, headers={"token": "t0ken"})


@pytest.mark.parametrize(
    "name", ["https_proxy", "HTTPS_PROXY", "all_proxy", "ALL_PROXY"]
)
def test_a_proxy_of_the_environment_is_used(name, quick, authority, monkeypatch):
    with portal_behind_proxy(answer(OK), authority, monkeypatch) as (proxy, portal):
        monkeypatch.setenv("https_proxy", "http://127.0.0.1:1")
        fails(quick, ask())
        monkeypatch.delenv("https_proxy")
        # It counts from the next call on, and needs no "http" before its name.
        monkeypatch.setenv(name, f"127.0.0.1:{proxy.port}")
        assert quick.send(ask()).body == OK
        quick.rest()
    assert len(portal.requests) == 1
    assert proxy.requests[0].startswith(f"CONNECT {PORTAL}:443 HTTP/1.".encode())


def test_a_proxy_hears_its_own_password_and_none_of_ours(quick, authority, monkeypatch):
    with portal_behind_proxy(answer(OK), authority, monkeypatch) as (proxy, portal):
        monkeypatch.setenv("https_proxy", f"http://me:p%40ss@127.0.0.1:{proxy.port}")
        assert quick.send(ask()).body == OK
        quick.rest()
    (connect,) = proxy.requests
    assert b"Proxy-Authorization: Basic bWU6cEBzcw==" in connect
    for secret in (b"t0ken", b"secret", b"/x"):
        assert secret not in connect
    (request,) = portal.requests
    assert b"token: t0ken" in request
    assert b"Proxy-Authorization" not in request


@pytest.mark.parametrize("name", ["no_proxy", "NO_PROXY"])
@pytest.mark.parametrize("value", [PORTAL, "semsportal.com", ".semsportal.com", "*"])
def test_no_proxy_names_hosts_that_are_asked_directly(name, value, monkeypatch):
    monkeypatch.setenv("https_proxy", "http://127.0.0.1:1")
    assert failures._is_proxied(URL)
    monkeypatch.setenv(name, value)
    assert not failures._is_proxied(URL)


def test_nothing_of_netrc_is_sent(quick, authority, monkeypatch, tmp_path):
    netrc = tmp_path / "netrc"
    netrc.write_text("default login me password for-others\n")
    monkeypatch.setenv("NETRC", str(netrc))
    with portal_behind_proxy(answer(OK), authority, monkeypatch) as (_, portal):
        quick.send(ask())
        quick.rest()
    assert b"Authorization" not in portal.requests[0]


@pytest.mark.parametrize("host", ["127.0.0.1", "::1"])
def test_a_portal_on_this_computer_bypasses_every_proxy(host, quick, monkeypatch):
    with Server(answer(OK), host=host) as server, Server(answer(HTML)) as proxy:
        for name in ("http_proxy", "HTTPS_PROXY", "ALL_PROXY"):
            monkeypatch.setenv(name, proxy.url)
        assert quick.send(post(server.url)).body == OK
    assert proxy.connections == 0


HANGING = (hang(), hang(b"HTTP/1.1 20"))


def refusing(status):
    return answer(HTML, status, Content_Type="text/html")


@pytest.mark.parametrize(
    ("behave", "says"),
    [
        (refusing("407 Proxy Authentication Required"), "user name and password"),
        (refusing("403 Forbidden"), "not allow connections to GoodWe. (HTTP 403)"),
        (refusing("405 No"), "not allow connections to GoodWe. (HTTP 405)"),
        (refusing("502 Bad Gateway"), "cannot reach GoodWe right now. (HTTP 502)"),
        (refusing("504 Timeout"), "cannot reach GoodWe right now. (HTTP 504)"),
        (refusing("511 Sign in"), "asks you to sign in first"),
        (refusing("302 Found"), "asks you to sign in first"),
        (refusing("200 OK"), "something else than a secure connection"),
        (raw(HTML), "does not answer"),
        (raw(b""), "does not answer"),
        (hang_up, "does not answer"),
        *((it, "does not answer") for it in HANGING),
    ],
)
def test_a_proxy_that_does_not_do_its_work(behave, says, quick, monkeypatch):
    with Server(behave) as proxy:
        monkeypatch.setenv("https_proxy", f"http://me:pa55@127.0.0.1:{proxy.port}")
        error = fails(quick, ask())
    assert error.trouble is Trouble.UNREACHABLE
    assert says in told(error)
    assert error.slow == (behave in HANGING)
    for secret in ("pa55", "127.0.0.1", "Go away", "t0ken"):
        assert secret not in told(error)
    assert all(b"t0ken" not in it for it in proxy.requests)


@pytest.mark.parametrize("proxy", ["127.0.0.1:{free_port}", "proxy.invalid:3128"])
def test_a_proxy_that_is_not_there(proxy, quick, monkeypatch):
    with socket.create_server(("127.0.0.1", 0)) as gone:
        port = gone.getsockname()[1]
    monkeypatch.setenv("https_proxy", f"http://{proxy.format(free_port=port)}")
    error = fails(quick, ask())
    assert told(error).startswith("The proxy that is set for this computer does not")
    assert not error.slow


@pytest.mark.parametrize(
    ("setting", "says"),
    [
        ("http://:3128", "cannot be used"),
        ("http://[half", "cannot be used"),
        ("ftp://127.0.0.1:3128", "cannot be used"),
        ("http://127.0.0.1:port", "cannot be used"),
        ("socks5://127.0.0.1:1080", "SOCKS proxy"),
        ("socks5h://me:pa55@127.0.0.1:1080", "SOCKS proxy"),
        ("SOCKS4://127.0.0.1:1080", "SOCKS proxy"),
    ],
)
def test_a_setting_that_is_no_proxy(setting, says, quick, monkeypatch):
    monkeypatch.setenv("https_proxy", setting)
    error = fails(quick, ask())
    assert error.trouble is Trouble.UNREACHABLE
    assert says in told(error)
    assert "pa55" not in str(error)


def test_https_before_the_name_of_an_http_proxy(quick, monkeypatch):
    def plain(connection):
        connection.recv(1)
        connection.sendall(b"HTTP/1.1 400 Bad Request\r\n\r\n")
        return connection

    with Server(answer(b""), plain) as proxy:
        monkeypatch.setenv("https_proxy", f"https://127.0.0.1:{proxy.port}")
        assert "cannot be used" in told(fails(quick, ask()))


def test_a_proxy_over_tls_hears_no_token_either(
    quick, authority, monkeypatch, tmp_path
):
    both = tmp_path / "both.pem"
    pems = [authority.certificate(name)[1] for name in (PORTAL, "127.0.0.1")]
    both.write_text("".join(pem.read_text() for pem in pems))
    monkeypatch.setenv("SSL_CERT_FILE", str(both))
    with (
        Server(answer(OK), authority.wrap(PORTAL)) as portal,
        Server(tunnel(portal.port), authority.wrap("127.0.0.1")) as proxy,
    ):
        monkeypatch.setenv("https_proxy", f"https://127.0.0.1:{proxy.port}")
        assert quick.send(ask()).body == OK
        quick.rest()
    assert b"t0ken" not in proxy.requests[0]


def test_without_a_network_a_proxy_of_this_computer_is_not_to_blame(quick, monkeypatch):
    monkeypatch.setattr(failures, "has_route", lambda: False)
    with Server(refusing("502 Bad Gateway")) as proxy:
        monkeypatch.setenv("https_proxy", proxy.url)
        assert fails(quick, ask()).trouble is Trouble.OFFLINE
        proxy.behave = refusing("407 Who are you")
        assert fails(quick, ask()).trouble is Trouble.UNREACHABLE


def test_abort_ends_a_call_that_waits_for_a_proxy(monkeypatch):
    patient = HttpTransport()
    with Server(hang()) as proxy:
        monkeypatch.setenv("https_proxy", proxy.url)
        threading.Timer(0.2, patient.abort).start()
        fails(patient, ask(), within_s=0.9)
        patient.rest()
