"""Feeds of releases, of three hosts and of nobody."""

from contextlib import suppress
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sems_tray.runtime.release_check import (
    MOST_BYTES,
    Release,
    is_due,
    is_feed_address,
    is_newer,
    newest,
    version_in,
)

NOW = datetime(2026, 11, 21, 9, 30, tzinfo=UTC)
PAGE = "https://example.org/sems-tray/releases"


def feed(*entries):
    rows = "".join(
        f"<entry><id>tag:example.org,2008:Repository/1/{tag}</id>"
        f"<title>{title}</title><link rel='alternate' href='{PAGE}/{tag}'/></entry>"
        for tag, title in entries
    )
    head = "<?xml version='1.0' encoding='UTF-8'?>"
    return f"{head}<feed xmlns='http://www.w3.org/2005/Atom'>{rows}</feed>".encode()


@pytest.mark.parametrize(
    ("text", "version"),
    [
        ("v1.2.3", (1, 2, 3)),
        ("1.2", (1, 2)),
        ("SEMS Tray 1.10.0: the winter release", (1, 10, 0)),
        ("2026.11.1", (2026, 11, 1)),
        ("v1.3rc1", None),
        ("1.3-beta", None),
        ("1.3.0.dev4", None),
        ("version 7", None),
        ("", None),
    ],
)
def test_a_title_names_a_version_or_none(text, version):
    assert version_in(text) == version


@pytest.mark.parametrize(
    ("entries", "release"),
    [
        (
            [("v0.9.1", "0.9.1"), ("v0.10.0", "v0.10.0"), ("x", "1.0rc1")],
            Release((0, 10, 0), f"{PAGE}/v0.10.0"),
        ),
        ([("v1.4.0", "Warm and dry")], Release((1, 4, 0), f"{PAGE}/v1.4.0")),
        ([("nightly", "Nightly build")], None),
        ([], None),
    ],
)
def test_the_newest_has_the_highest_number_in_its_title_or_tag(entries, release):
    assert newest(feed(*entries)) == release


@pytest.mark.parametrize(
    "garbage",
    [
        b"",
        b"<html><body>404</body></html>",
        b"{}",
        b"<feed/>",
        b"<!DOCTYPE x [<!ENTITY a 'b'>]><feed xmlns='http://www.w3.org/2005/Atom'/>",
        b" " * (MOST_BYTES + 1),
        feed(("v1.0.0", "1.0.0"))[:-9],
    ],
)
def test_what_is_no_feed_is_refused(garbage):
    with pytest.raises(ValueError, match="no feed"):
        newest(garbage)


@given(st.binary(max_size=300))
def test_any_bytes_are_read_or_refused(data):
    with suppress(ValueError):
        assert newest(data) is None


def test_a_link_that_is_not_https_is_left_out():
    data = feed(("v1.0.0", "1.0.0")).replace(b"https://example.org", b"javascript:")
    assert newest(data) == Release((1, 0, 0), "")


@pytest.mark.parametrize(
    ("release", "own", "newer"),
    [
        ((0, 2), "0.1.0", True),
        ((0, 1), "0.1.0", False),
        ((0, 1, 0, 1), "0.1.0", True),
        ((0, 0, 9), "0.1.0", False),
        ((1, 0), "unknown", False),
    ],
)
def test_only_a_higher_version_is_news(release, own, newer):
    assert is_newer(Release(release), own) is newer


def test_the_feed_is_asked_once_a_week_whatever_the_clock_does():
    assert is_due(None, NOW)
    assert not is_due(NOW, NOW + timedelta(days=6, hours=23))
    assert is_due(NOW, NOW + timedelta(days=7))
    assert is_due(NOW, NOW - timedelta(minutes=1)), "the clock was set back"


@pytest.mark.parametrize(
    ("address", "good"),
    [
        ("https://example.org/releases.atom", True),
        ("http://127.0.0.1:8080/feed", True),
        ("http://example.org/releases.atom", False),
        ("https://user:secret@example.org/feed", False),
        ("https://", False),
        ("https://[half", False),
        ("https://example.org:99999/", False),
        ("file:///etc/passwd", False),
        ("", False),
    ],
)
def test_only_https_or_this_computer_is_asked(address, good):
    assert is_feed_address(address) is good
