"""IPv6 only, both families with one dead, and names that nobody knows."""

import socket
import time

import pytest

from sems_tray.domain.poll_result import Trouble
from sems_tray.portal.http import failures
from sems_tray.portal.http.transport import HttpTransport
from tests.portal.hostile import OK, Server, answer, fails, post
from tests.portal.networks import black_hole, told

SIX, FOUR = socket.AF_INET6, socket.AF_INET


pytestmark = pytest.mark.usefixtures("plain_network")


def test_a_portal_on_ipv6_alone(quick):
    with Server(answer(OK), host="::1") as server:
        assert quick.send(post(server.url)).body == OK
    assert b"Host: [::1]:" in server.requests[0]


def looked_up(monkeypatch, *addresses):
    """Let every name have these addresses."""
    found = [
        (SIX if ":" in host else FOUR, socket.SOCK_STREAM, 6, "", (host, port))
        for host, port in addresses
    ]
    monkeypatch.setattr(socket, "getaddrinfo", lambda *_, **__: found)


@pytest.mark.parametrize(("dead", "live"), [("::1", "127.0.0.1"), ("127.0.0.1", "::1")])
def test_a_dead_address_costs_one_connect_time_out(monkeypatch, dead, live):
    patient = HttpTransport(timeouts_s=(0.4, 1), deadline_s=5)
    with black_hole(dead) as hole, Server(answer(OK), host=live) as server:
        looked_up(monkeypatch, (dead, hole), (live, server.port))
        began = time.monotonic()
        assert patient.send(post("http://localhost:9")).body == OK
        assert 0.4 <= time.monotonic() - began < 1
        patient.rest()


def test_an_address_that_refuses_costs_nothing(quick, monkeypatch):
    with socket.create_server(("::1", 0), family=SIX) as gone:
        port = gone.getsockname()[1]
    with Server(answer(OK)) as server:
        looked_up(monkeypatch, ("::1", port), ("127.0.0.1", server.port))
        began = time.monotonic()
        assert quick.send(post("http://localhost:9")).body == OK
        assert time.monotonic() - began < 0.3


def test_the_deadline_ends_a_call_that_dead_addresses_held_up(monkeypatch):
    brief = HttpTransport(timeouts_s=(0.4, 1), deadline_s=0.2)
    with black_hole("::1") as hole, Server(answer(OK)) as server:
        looked_up(monkeypatch, ("::1", hole), ("127.0.0.1", server.port))
        assert fails(brief, post("http://localhost:9"), within_s=1).slow
        brief.rest()


def test_names_that_cannot_be_looked_up_come_and_go(quick, monkeypatch):
    """Offline without a route; with one, it is the name service."""
    error = fails(quick, post("https://eu.semsportal.invalid"))
    assert error.trouble is Trouble.UNREACHABLE
    assert "Check the internet connection (DNS)" in told(error)
    monkeypatch.setattr(failures, "has_route", lambda: False)
    error = fails(quick, post("https://eu.semsportal.invalid"))
    assert error.trouble is Trouble.OFFLINE
    with Server(answer(OK)) as server:
        assert quick.send(post(f"http://localhost:{server.port}")).body == OK
