"""New versions: asked for over real HTTP, once a week, kept, told once."""

from datetime import UTC, datetime, timedelta

import pytest

from sems_tray.portal.http.transport import HttpTransport, fetch_feed
from sems_tray.runtime.release_check import Release, ReleaseCheck
from tests.portal.hostile import Server, answer

NOW = datetime(2026, 11, 21, 9, 30, tzinfo=UTC)
FEED = (
    b"<feed xmlns='http://www.w3.org/2005/Atom'><entry><title>v9.1.0</title>"
    b"<link href='https://example.org/9.1.0'/></entry></feed>"
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


@pytest.fixture
def host():
    with Server(answer(FEED)) as server:
        server.address = f"{server.url}/releases.atom"
        yield server


@pytest.fixture
def notes():
    return Notes()


def news(notes, version="0.1.0"):
    return ReleaseCheck(notes, lambda url: fetch_feed(url, HttpTransport()), version)


def test_a_newer_version_is_told_once_and_asked_for_once_a_week(host, notes):
    it = news(notes)
    assert it.look(host.address, NOW) == NINE
    assert it.look(host.address, NOW + timedelta(days=6)) is None
    assert len(host.requests) == 1
    assert it.look(host.address, NOW + timedelta(days=8)) is None, "told already"
    assert len(host.requests) == 2


def test_a_restart_tells_again_and_does_not_ask_again(host, notes):
    news(notes).look(host.address, NOW)
    assert news(notes).look(host.address, NOW + timedelta(days=1)) == NINE
    assert len(host.requests) == 1


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
    host.behave = answer(FEED, "500 Internal Server Error")
    week = NOW + timedelta(days=7)
    assert news(notes).look(host.address, week) == NINE
    host.behave = answer(b"<html>moved</html>")
    assert news(notes).look(host.address, week + timedelta(days=7)) == NINE
    assert len(host.requests) == 3


def test_nothing_of_the_portals_goes_to_the_feed(host, notes):
    news(notes).look(host.address, NOW)
    head = host.requests[0].decode().rstrip().split("\r\n")[1:]
    assert {line.partition(":")[0] for line in head} == {
        "Host",
        "User-Agent",
        "Accept",
        "Accept-Encoding",
        "Connection",
    }


@pytest.mark.parametrize(
    "kept", [None, 7, [], {"asked": 3}, {"version": 1}, {"feed": 1}]
)
def test_damaged_notes_are_no_news(kept, host, notes):
    notes.kept["release"] = kept
    assert news(notes).look(host.address, NOW) == NINE
