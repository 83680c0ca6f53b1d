"""Real HTTP against servers that mean no good."""

import gzip
import socket
import tracemalloc
from datetime import UTC, datetime

import pytest

from sems_tray.domain.poll_result import Trouble
from sems_tray.portal.http import failures
from sems_tray.portal.http.transport import HttpTransport
from tests.portal.hostile import OK, Server, answer, drip, fails, hang, post, raw


def test_a_reply_comes_whole_with_its_date(quick):
    day = "Sun, 21 Jun 2026 10:00:00 GMT"
    with Server(answer(OK, Date=day, Retry_After="7")) as server:
        got = quick.send(post(server.url, params={"a": "b c"}, headers={"token": "t"}))
    assert (got.status, got.body, got.retry_after) == (200, OK, "7")
    assert got.date == datetime(2026, 6, 21, 10, tzinfo=UTC)
    (request,) = server.requests
    assert request.startswith(b"POST /x?a=b+c HTTP/1.1\r\n")
    assert b"\r\ntoken: t\r\n" in request
    assert request.endswith(b'{"pwd": "secret"}')
    assert b"User-Agent: sems-tray/" in request


def test_connections_are_kept_within_a_poll_and_closed_after_it(quick):
    with Server(answer(OK)) as server:
        for _ in range(3):
            quick.send(post(server.url))
        assert server.connections == 1
        quick.rest()
        quick.send(post(server.url))
        assert server.connections == 2


def test_a_refused_connection(quick):
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
    error = fails(quick, post(f"http://127.0.0.1:{port}"))
    assert (error.trouble, error.slow) == (Trouble.UNREACHABLE, False)


@pytest.mark.parametrize(
    "head",
    [
        b"",
        b"HTTP/1.1 200 OK\r\nContent-",
        b"HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\n",
        b"HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\n{",
        b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5\r\n{",
        b"HTTP/1.1 200 OK\r\n\r\n{",
    ],
)
def test_a_server_that_hangs(quick, head):
    with Server(hang(head)) as server:
        error = fails(quick, post(server.url))
    assert (error.trouble, error.slow) == (Trouble.UNREACHABLE, True)


@pytest.mark.parametrize(
    ("head", "piece"),
    [
        (b"HTTP/1.1 200 OK\r\nX-Long: ", b"x"),
        (b"HTTP/1.1 200 OK\r\n", b"X-Many: x\r\n"),
        (b"HTTP/1.1 200 OK\r\nContent-Length: 1000\r\n\r\n", b"{"),
        (b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n", b"1\r\n{\r\n"),
        (b"HTTP/1.1 302 Found\r\nLocation: /y\r\nContent-Length: 1000\r\n\r\n", b"{"),
    ],
)
def test_a_server_that_drips(quick, head, piece):
    with Server(drip(head, piece)) as server:
        error = fails(quick, post(server.url))
    assert (error.trouble, error.slow) == (Trouble.UNREACHABLE, True)
    assert error.detail == "the reply took too long"


@pytest.mark.parametrize(
    "data",
    [
        b"",
        b"\x00\xff garbage\r\n\r\n",
        b"HTTP/9 x y\r\n\r\n",
        b"HTTP/1.1 200 OK\r\n" + b"X: y\r\n" * 500 + b"\r\n{}",
        b"HTTP/1.1 200 OK\r\nX: " + b"y" * 200_000 + b"\r\n\r\n{}",
        b"HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\n{",
        b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\n{}",
        b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5\r\n{",
    ],
)
def test_a_broken_reply_is_unreachable(quick, data):
    with Server(raw(data)) as server:
        assert fails(quick, post(server.url)).trouble is Trouble.UNREACHABLE


@pytest.mark.parametrize("body", [b"not gzip", gzip.compress(OK, mtime=0)[:-12]])
def test_broken_compression_is_no_crash(quick, body):
    with Server(answer(body, Content_Encoding="gzip")) as server:
        if body == b"not gzip":
            assert fails(quick, post(server.url)).trouble is Trouble.UNREADABLE
        else:  # cut short, which gzip itself does not tell
            assert quick.send(post(server.url)).body != b""


def endless(to, _, status=b"200 OK"):
    to.sendall(b"HTTP/1.1 %s\r\nContent-Length: 104857600\r\n" % status)
    to.sendall(b"Location: /y\r\n\r\n")
    for _ in range(1600):
        to.sendall(bytes(65536))


def moved(to, request):
    endless(to, request, b"302 Found")


@pytest.mark.parametrize("behave", [endless, moved])
def test_a_reply_of_100_mb_is_not_swallowed(behave):
    patient = HttpTransport()
    with Server(behave) as server:
        error = fails(patient, post(server.url), within_s=10)
        patient.rest()
    assert error.trouble is Trouble.UNREADABLE
    assert error.detail == "the reply is larger than 4 MB"


def test_a_gzip_bomb_does_not_eat_the_memory():
    packed = gzip.compress(bytes(100 * 1024 * 1024), 9)
    patient = HttpTransport()
    with Server(answer(packed, Content_Encoding="gzip")) as server:
        tracemalloc.start()
        error = fails(patient, post(server.url), within_s=10)
        _, peak = tracemalloc.get_traced_memory()
        tracemalloc.stop()
        patient.rest()
    assert error.detail == "the reply is larger than 4 MB"
    assert peak < 16 * 1024 * 1024


def test_https_to_a_plain_server_is_unreachable(quick):
    with Server(raw(b"HTTP/1.1 400 Bad\r\n\r\n")) as server:
        error = fails(quick, post(f"https://127.0.0.1:{server.port}"))
    assert error.trouble is Trouble.UNREACHABLE


@pytest.mark.parametrize(
    ("url", "token"),
    [
        ("http:///x", ""),
        ("http://a b/", ""),
        *(("http://127.0.0.1:1", it) for it in ("line\nbreak", "\udcff", "日本")),
    ],
)
def test_what_cannot_be_sent_is_no_crash(quick, url, token, monkeypatch):
    monkeypatch.setattr(failures, "has_route", lambda: True)
    error = fails(quick, post(url, headers={"token": token}))
    assert error.trouble is Trouble.UNREACHABLE


@pytest.mark.parametrize("routed", [True, False])
def test_has_route_asks_the_routing_table_alone(monkeypatch, routed):
    asked = []

    class Probe:
        def __init__(self, family, kind):
            assert kind == socket.SOCK_DGRAM

        def __enter__(self):
            return self

        def __exit__(self, *_):
            pass

        def connect(self, address):
            asked.append(address)
            if not routed:
                raise OSError

    monkeypatch.setattr(socket, "socket", Probe)
    assert failures.has_route() is routed
    assert len(asked) == (1 if routed else 2)
