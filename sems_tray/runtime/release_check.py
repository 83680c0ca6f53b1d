"""Learns of new versions of this program, in the network thread: once a week at most.

Portal changes break clients, and owners must learn of the cure (design, section 8).
What was found is kept with the history, so that a restart neither asks again nor
forgets.
"""

from __future__ import annotations

import logging
import re
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Annotated
from urllib.parse import urlsplit
from xml.etree import ElementTree as ET

import msgspec

from sems_tray import __version__

if TYPE_CHECKING:
    from collections.abc import Callable

    from sems_tray.history.recorder import HistoryRecorder


log = logging.getLogger(__name__)

_NAME = "release"


class ReleaseCheck:
    """Asks the feed when it is due; tells each newer version once a run."""

    def __init__(
        self,
        recorder: HistoryRecorder,
        fetch: Callable[[str], bytes | None],
        version: str = __version__,
    ) -> None:
        self._recorder = recorder
        self._fetch = fetch
        self._version = version
        self._asked: datetime | None = None
        self._told: Release | None = None

    def look(self, address: str, now: datetime) -> Release | None:
        """Return a newer version that was not told yet; None for no news."""
        if not is_feed_address(address):
            return None
        saved = self._saved(address)
        found = saved.release
        if is_due(self._asked or saved.asked, now):
            self._asked = now
            found = self._ask(address) or found
            saved = _Saved(address, now.astimezone(UTC))
            if found is not None:
                saved.version, saved.link = found.name, found.link
            self._recorder.save_state(_NAME, msgspec.to_builtins(saved))
        if found is None or found == self._told or not is_newer(found, self._version):
            return None
        self._told = found
        return found

    def _saved(self, address: str) -> _Saved:
        try:
            saved = msgspec.convert(self._recorder.saved_state(_NAME), _Saved)
        except msgspec.ValidationError:  # nothing yet, or damaged
            return _Saved()
        return saved if saved.feed == address else _Saved()

    def _ask(self, address: str) -> Release | None:
        feed = self._fetch(address)
        if feed is None:
            log.info("the feed of releases cannot be had now")
            return None
        try:
            return newest(feed)
        except ValueError:
            log.info("the feed of releases cannot be read")
            return None


class _Saved(msgspec.Struct):
    """What is kept with the history: when a feed was asked, and its newest release."""

    feed: str = ""
    asked: Annotated[datetime, msgspec.Meta(tz=True)] | None = None
    version: str = ""
    link: str = ""

    @property
    def release(self) -> Release | None:
        numbers = version_in(self.version)
        if numbers is None:
            return None
        return Release(numbers, self.link if is_feed_address(self.link) else "")


# New versions of this program, from a feed of releases: said quietly, once a week.
#
# The feed is Atom, as GitHub, GitLab and Forgejo give for every project's releases
# ("…/releases.atom").  Its address is a setting, empty until there is a public one.


EVERY = timedelta(days=7)
MOST_BYTES = 512 * 1024
_ATOM = "{http://www.w3.org/2005/Atom}"
# "v1.2.3" or "SEMS Tray 1.2"; "1.3rc1" and "1.3-beta" are no releases.
_VERSION = re.compile(r"(?<![\w.])v?(\d{1,4}(?:\.\d{1,4}){1,3})(?![\w.-])")
_LONGEST_LINK = 500
_THIS_COMPUTER = frozenset({"127.0.0.1", "::1", "localhost"})

Version = tuple[int, ...]


@dataclass(frozen=True, slots=True)
class Release:
    """A published version and the page that tells of it ("" if that is no https)."""

    version: Version
    link: str = ""

    @property
    def name(self) -> str:
        """Return "1.2.3"."""
        return ".".join(str(it) for it in self.version)


def version_in(text: str) -> Version | None:
    """Return the released version that a text names; None if it names none."""
    found = _VERSION.search(text)
    return None if found is None else tuple(int(it) for it in found[1].split("."))


def newest(feed: bytes) -> Release | None:
    """Return the newest release of an Atom feed; None if there is none.

    Raises ValueError for anything that is no such feed.
    """
    # An entity could grow without end; a feed has no need of any.
    if len(feed) > MOST_BYTES or b"<!DOCTYPE" in feed or b"<!ENTITY" in feed:
        raise ValueError("no feed of releases")
    try:
        root = ET.fromstring(feed)  # noqa: S314 (no entities, see above)
    except (ET.ParseError, LookupError, ValueError, RecursionError) as exc:
        raise ValueError("no feed of releases") from exc
    if root.tag != f"{_ATOM}feed":
        raise ValueError("no feed of releases")
    found = (_release(it) for it in root.iter(f"{_ATOM}entry"))
    return max(
        (it for it in found if it),
        key=lambda release: _full(release.version),
        default=None,
    )


def is_newer(release: Release, version: str) -> bool:
    """Say whether a release is newer than this program's own version."""
    own = version_in(version)
    return own is not None and _full(release.version) > _full(own)


def is_due(asked_at: datetime | None, now: datetime) -> bool:
    """Say whether to ask again: a week after the last time, or if that lies ahead."""
    return asked_at is None or not timedelta() <= now - asked_at < EVERY


def is_feed_address(address: str) -> bool:
    """Say whether this may be asked: https, or on this computer; no password in it."""
    try:
        parts = urlsplit(address)
        port = parts.port
    except ValueError:
        return False
    plain = parts.username is None and parts.password is None and port != 0
    here = parts.scheme == "http" and parts.hostname in _THIS_COMPUTER
    return (parts.scheme == "https" or here) and bool(parts.hostname) and plain


def _release(entry: ET.Element) -> Release | None:
    title = entry.findtext(f"{_ATOM}title") or ""
    name = (entry.findtext(f"{_ATOM}id") or "").rpartition("/")[2]
    version = version_in(title) or version_in(name)
    if version is None:
        return None
    links = (it.get("href", "") for it in entry.iter(f"{_ATOM}link"))
    good = (it for it in links if len(it) <= _LONGEST_LINK and is_feed_address(it))
    return Release(version, next(good, ""))


def _full(version: Version) -> Version:
    """Return a version of four numbers: 1.2 is 1.2.0."""
    return (*version, 0, 0, 0, 0)[:4]
