"""IPv6 only, both families with one dead, and names that nobody knows."""

import errno
import socket
import time
from contextlib import closing

import pytest

from sems_tray.domain.poll_result import Trouble
from sems_tray.portal.http import transport
from sems_tray.portal.http.abortable_session import addresses, dial
from tests.portal.hostile import OK, Server, answer, fails, post
from tests.portal.networks import bare, black_hole, told

SIX, FOUR = socket.AF_INET6, socket.AF_INET


@pytest.fixture(autouse=True)
def plain(monkeypatch):
    bare(monkeypatch)


def test_a_portal_on_ipv6_alone(quick):
    with Server(answer(OK), host="::1") as server:
        assert quick.send(post(server.url)).body == OK
    assert b"Host: [::1]:" in server.requests[0]


def test_a_name_is_dialled(quick):
    with Server(answer(OK)) as server:
        assert quick.send(post(f"http://localhost:{server.port}")).body == OK


def test_addresses_take_turns_by_family():
    found = addresses("localhost", 80)
    assert (FOUR, ("127.0.0.1", 80)) in found


@pytest.mark.parametrize("first", [SIX, FOUR])
def test_a_dead_family_costs_a_quarter_of_a_second(first):
    dead, live = ("::1", "127.0.0.1") if first == SIX else ("127.0.0.1", "::1")
    second = FOUR if first == SIX else SIX
    with black_hole(dead) as hole, Server(answer(OK), host=live) as server:
        targets = [(first, (dead, hole)), (second, (live, server.port))]
        began = time.monotonic()
        with closing(dial(targets, timeout_s=5)) as sock:
            assert sock.getpeername()[:2] == (live, server.port)
            assert sock.gettimeout() == 5
        assert time.monotonic() - began < 1


def test_a_family_that_refuses_costs_nothing():
    with socket.create_server(("::1", 0), family=SIX) as gone:
        port = gone.getsockname()[1]
    with Server(answer(OK)) as server:
        targets = [(SIX, ("::1", port)), (FOUR, ("127.0.0.1", server.port))]
        began = time.monotonic()
        dial(targets, timeout_s=5).close()
        assert time.monotonic() - began < 0.2


def test_when_all_refuse_the_last_one_is_told():
    with socket.create_server(("127.0.0.1", 0)) as gone:
        port = gone.getsockname()[1]
    with pytest.raises(OSError, match="refused") as caught:
        dial([(FOUR, ("127.0.0.1", port))], timeout_s=5)
    assert caught.value.errno == errno.ECONNREFUSED


def test_the_time_is_for_all_addresses_together():
    with black_hole() as one, black_hole() as two:
        targets = [(SIX, ("::1", port)) for port in (one, two)]
        began = time.monotonic()
        with pytest.raises(TimeoutError):
            dial(targets, timeout_s=0.4)
        assert 0.3 < time.monotonic() - began < 1
        with pytest.raises(ConnectionAbortedError):
            dial(targets, timeout_s=5, stopped=lambda: True)


def test_no_address_at_all():
    with pytest.raises(OSError, match="no address"):
        dial([], timeout_s=1)


def test_names_that_cannot_be_looked_up_come_and_go(quick, monkeypatch):
    """Offline without a route; with one, it is the name service."""
    monkeypatch.setattr(transport, "has_route", lambda: True)
    error = fails(quick, post("https://eu.semsportal.invalid"))
    assert error.trouble is Trouble.UNREACHABLE
    assert "Check the internet connection (DNS)" in told(error)
    monkeypatch.setattr(transport, "has_route", lambda: False)
    error = fails(quick, post("https://eu.semsportal.invalid"))
    assert error.trouble is Trouble.OFFLINE
    with Server(answer(OK)) as server:
        assert quick.send(post(f"http://localhost:{server.port}")).body == OK
