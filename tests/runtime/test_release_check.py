"""New versions: asked for over real HTTP, once a week, kept, told once."""

import threading
from datetime import UTC, datetime, timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest

from sems_tray.portal.http.transport import HttpTransport, fetch_feed
from sems_tray.runtime.release_check import Release, ReleaseCheck

NOW = datetime(2026, 11, 21, 9, 30, tzinfo=UTC)
FEED = (
    "<feed xmlns='http://www.w3.org/2005/Atom'><entry><title>v9.1.0</title>"
    "<link href='https://example.org/9.1.0'/></entry></feed>"
)
NINE = Release((9, 1, 0), "https://example.org/9.1.0")


class Notes:
    """What the history keeps: its own tests show that it does."""

    def __init__(self):
        self.kept = {}

    def saved_state(self, name):
        return self.kept.get(name)

    def save_state(self, name, value):
        self.kept[name] = value


class Host:
    def __init__(self):
        self.status, self.body = 200, FEED.encode()
        self.asked: list[dict[str, str]] = []
        host = self

        class Handler(BaseHTTPRequestHandler):
            def do_GET(self):
                host.asked.append(dict(self.headers))
                self.send_response(host.status)
                self.send_header("Content-Length", str(len(host.body)))
                self.end_headers()
                self.wfile.write(host.body)

            def log_message(self, *_):
                pass

        self.server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.address = f"http://127.0.0.1:{self.server.server_port}/releases.atom"


@pytest.fixture
def host():
    host = Host()
    thread = threading.Thread(target=host.server.serve_forever, args=(0.05,))
    thread.start()
    yield host
    host.server.shutdown()
    thread.join()
    host.server.server_close()


@pytest.fixture
def notes():
    return Notes()


def news(notes, version="0.1.0"):
    return ReleaseCheck(notes, lambda url: fetch_feed(url, HttpTransport()), version)


def test_a_newer_version_is_told_once_and_asked_for_once_a_week(host, notes):
    it = news(notes)
    assert it.look(host.address, NOW) == NINE
    assert it.look(host.address, NOW + timedelta(days=6)) is None
    assert len(host.asked) == 1
    assert it.look(host.address, NOW + timedelta(days=8)) is None, "told already"
    assert len(host.asked) == 2


def test_a_restart_tells_again_and_does_not_ask_again(host, notes):
    news(notes).look(host.address, NOW)
    assert news(notes).look(host.address, NOW + timedelta(days=1)) == NINE
    assert len(host.asked) == 1


def test_after_the_update_there_is_no_news(host, notes):
    news(notes).look(host.address, NOW)
    updated = news(notes, "9.1.0")
    assert updated.look(host.address, NOW + timedelta(days=1)) is None


def test_without_an_address_nobody_is_asked(notes):
    it = ReleaseCheck(notes, pytest.fail)
    for address in ("", "http://example.org/feed", "nonsense"):
        assert it.look(address, NOW) is None
    assert notes.kept == {}


def test_another_feed_is_asked_at_once(host, notes):
    news(notes).look("https://localhost:1/elsewhere", NOW)
    assert news(notes).look(host.address, NOW) == NINE


def test_a_host_in_trouble_is_left_alone_for_a_week_and_what_was_known_stays(
    host, notes
):
    news(notes).look(host.address, NOW)
    host.status = 500
    week = NOW + timedelta(days=7)
    assert news(notes).look(host.address, week) == NINE
    host.status, host.body = 200, b"<html>moved</html>"
    assert news(notes).look(host.address, week + timedelta(days=1)) == NINE
    assert len(host.asked) == 2


def test_nothing_of_the_portals_goes_to_the_feed(host, notes):
    news(notes).look(host.address, NOW)
    assert {it.lower() for it in host.asked[0]} <= {
        "host",
        "user-agent",
        "accept",
        "accept-encoding",
        "connection",
    }


@pytest.mark.parametrize(
    "kept", [None, 7, [], {"asked": 3}, {"version": 1}, {"feed": 1}]
)
def test_damaged_notes_are_no_news(kept, host, notes):
    notes.kept["release"] = kept
    assert news(notes).look(host.address, NOW) == NINE
