"""Redirects lead nowhere else, and never round and round."""

import pytest

from sems_tray.domain.poll_result import Trouble
from tests.portal.hostile import OK, Server, answer, fails, post


def test_a_redirect_on_the_same_host_is_followed(quick):
    def behave(to, request):
        there = answer(OK)
        here = answer(b"", "307 Temporary Redirect", Location="/y?z=1")
        return (here if b" /x" in request else there)(to, request)

    with Server(behave) as server:
        assert quick.send(post(server.url, params={"a": "b"})).body == OK
    assert server.requests[1].startswith(b"POST /y?z=1 HTTP/1.1")


ELSEWHERE = "http://127.0.0.1:{port}/x"


@pytest.mark.parametrize(
    ("status", "location"),
    [
        *((status, ELSEWHERE) for status in ("301 M", "303 S", "307 T", "308 P")),
        *(
            ("302 Found", location)
            for location in (
                ELSEWHERE,
                "//127.0.0.1:{port}/x",
                "http://localhost:{port}/x",
                "http://127.0.0.1:{port}\\@127.0.0.1:{own}/x",
                "http://127.0.0.1:{own}@127.0.0.1:{port}/x",
                "https://127.0.0.1:{own}/x",
                "http://elsewhere.invalid/",
                "http://[half",
                "ftp://127.0.0.1:{own}/",
                "file:///etc/passwd",
            )
        ),
    ],
)
def test_a_redirect_elsewhere_is_refused_and_nothing_is_sent_there(
    quick, location, status
):
    def behave(to, request):
        where = location.format(port=other.port, own=server.port)
        return answer(b"", status, Location=where)(to, request)

    with Server(answer(OK)) as other, Server(behave) as server:
        assert fails(quick, post(server.url)).trouble is Trouble.PORTAL_CHANGED
    assert other.connections == 0
    assert len(server.requests) == 1


@pytest.mark.parametrize("location", ["/x", "", "?", None])
def test_a_redirect_to_itself_sends_the_password_at_most_twice(quick, location):
    where = {} if location is None else {"Location": location}
    with Server(answer(b"", "302 Found", **where)) as server:
        assert fails(quick, post(server.url)).trouble is Trouble.PORTAL_CHANGED
    assert len(server.requests) <= 2


def test_a_chain_of_redirects_ends(quick):
    def behave(to, request):
        nth = len(server.requests)
        return answer(b"", "302 Found", Location=f"/{nth}")(to, request)

    with Server(behave) as server:
        assert fails(quick, post(server.url)).trouble is Trouble.PORTAL_CHANGED
    assert len(server.requests) == 4
