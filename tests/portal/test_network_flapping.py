"""Networks that come and go: kept connections cost no poll, and blame is just."""

import os
import subprocess
import sys
import time

import pytest

from sems_tray.domain.poll_result import Trouble
from sems_tray.portal.http import failures, transport
from sems_tray.portal.http.transport import Request
from tests.portal.hostile import OK, Server, answer, fails, hang, post, raw
from tests.portal.networks import PORTAL, hang_up, portal_behind_proxy, then, told

pytestmark = pytest.mark.usefixtures("plain_network")


def ask(url):
    return Request(method="POST", url=f"{url}/x", body=b'{"page": 1}')


def test_a_kept_connection_that_is_closed_costs_nothing(quick):
    with Server(then(answer(OK), hang_up, answer(OK))) as server:
        for _ in range(2):
            assert quick.send(ask(server.url)).body == OK
    assert (len(server.requests), server.connections) == (3, 2)


def test_a_password_is_not_sent_again(quick):
    with Server(then(answer(OK), hang_up, answer(OK))) as server:
        quick.send(post(server.url))
        error = fails(quick, post(server.url))
    assert error.detail == "the connection broke off"
    assert len(server.requests) == 2


def test_a_new_connection_that_is_closed_is_not_tried_again(quick):
    with Server(hang_up) as server:
        assert fails(quick, ask(server.url)).trouble is Trouble.UNREACHABLE
    assert len(server.requests) == 1


def test_a_connection_closed_twice_is_a_trouble(quick):
    with Server(then(answer(OK), hang_up)) as server:
        quick.send(ask(server.url))
        assert fails(quick, ask(server.url)).trouble is Trouble.UNREACHABLE
    assert len(server.requests) == 3


def test_a_connection_that_lay_idle_is_not_trusted(quick, monkeypatch):
    """It may lead through a Wi-Fi or VPN that is gone, and would hang."""
    with Server(then(answer(OK), answer(OK))) as server:
        quick.send(ask(server.url))
        monkeypatch.setattr(transport, "_IDLE_S", 0.05)
        time.sleep(0.1)
        quick.send(ask(server.url))
    assert server.connections == 2


def test_a_hanging_connection_costs_one_call_at_most(quick):
    with Server(then(answer(OK), hang(), answer(OK))) as server:
        quick.send(ask(server.url))
        assert fails(quick, ask(server.url)).slow
        assert quick.send(ask(server.url)).body == OK
    assert server.connections == 2


@pytest.mark.parametrize("routed", [True, False])
@pytest.mark.parametrize(
    "behave",
    [
        raw(b"HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\n{"),
        hang(b"HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\n{"),
        hang(),
    ],
)
def test_a_reply_cut_short_is_offline_only_without_a_network(
    behave, routed, quick, authority, monkeypatch
):
    monkeypatch.setattr(failures, "has_route", lambda: routed)
    with portal_behind_proxy(behave, authority, monkeypatch):
        error = fails(quick, ask(f"https://{PORTAL}"))
        quick.rest()
    assert error.trouble is (Trouble.UNREACHABLE if routed else Trouble.OFFLINE)


def test_a_portal_on_this_computer_needs_no_network(quick, monkeypatch):
    monkeypatch.setattr(failures, "has_route", lambda: False)
    with Server(hang_up) as server:
        error = fails(quick, ask(server.url))
    assert "the connection broke off" in told(error)


SCRIPT = """
from sems_tray.portal.http.transport import HttpTransport, Request
from sems_tray.portal.errors import PortalError
try:
    HttpTransport().send(Request(method="GET", url="https://192.0.2.1/"))
except PortalError as exc:
    print(exc.trouble)
"""


def test_without_any_interface_the_computer_is_offline():
    """A network namespace of its own, with nothing in it."""
    alone = ["unshare", "-rn"]
    try:
        can = subprocess.run([*alone, "true"], check=False, capture_output=True)
    except FileNotFoundError:
        pytest.skip("unshare is missing")
    if can.returncode:
        pytest.skip("network namespaces are not allowed here")
    done = subprocess.run(
        [*alone, sys.executable, "-c", SCRIPT],
        check=True,
        capture_output=True,
        text=True,
        env={**os.environ, "PYTHONPATH": os.pathsep.join(sys.path)},
    )
    assert done.stdout.split() == ["offline"]
