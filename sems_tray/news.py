"""Learns of new versions of this program, in the network thread: once a week at most.

Portal changes break clients, and owners must learn of the cure (design, section 8).
What was found is kept with the history, so that a restart neither asks again nor
forgets.
"""

from __future__ import annotations

import logging
from typing import TYPE_CHECKING

from . import __version__
from .core.releases import (
    Release,
    asked_at,
    asked_text,
    is_due,
    is_feed_address,
    is_newer,
    newest,
    version_in,
)

if TYPE_CHECKING:
    from collections.abc import Callable
    from datetime import datetime
    from typing import Protocol

    class Notes(Protocol):
        """Where it is kept what was found."""

        def note(self, name: str) -> object:
            """Return what was kept by a name, None for nothing."""

        def put_note(self, name: str, value: object) -> None:
            """Keep a value that JSON can say."""


log = logging.getLogger(__name__)

_NAME = "release"


class News:
    """Asks the feed when it is due; tells each newer version once a run."""

    def __init__(
        self,
        notes: Notes,
        fetch: Callable[[str], bytes | None],
        version: str = __version__,
    ) -> None:
        self._notes = notes
        self._fetch = fetch
        self._version = version
        self._asked: datetime | None = None
        self._told: Release | None = None

    def look(self, address: str, now: datetime) -> Release | None:
        """Return a newer version that was not told yet; None for no news."""
        if not is_feed_address(address):
            return None
        kept = self._notes.note(_NAME)
        values = kept if isinstance(kept, dict) else {}
        same = values.get("feed") == address
        found = _release(values) if same else None
        at = self._asked or (asked_at(values.get("asked")) if same else None)
        if is_due(at, now):
            self._asked = now
            found = self._ask(address) or found
            self._notes.put_note(_NAME, _plain(address, now, found))
        if found is None or found == self._told or not is_newer(found, self._version):
            return None
        self._told = found
        return found

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


def _plain(address: str, now: datetime, found: Release | None) -> dict[str, str]:
    values = {"feed": address, "asked": asked_text(now)}
    if found is not None:
        values |= {"version": found.name, "link": found.link}
    return values


def _release(values: dict[object, object]) -> Release | None:
    version, link = values.get("version"), values.get("link")
    numbers = version_in(version) if isinstance(version, str) else None
    if numbers is None:
        return None
    good = isinstance(link, str) and is_feed_address(link)
    return Release(numbers, str(link) if good else "")
