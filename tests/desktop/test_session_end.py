"""The session ends around it: there is no display any more."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from typing import TYPE_CHECKING

import pytest

from sems_tray.storage.paths import HISTORY

from .host import Desktop
from .owner import FIRST, Owner
from .waiting import wait_until

if TYPE_CHECKING:
    from collections.abc import Iterator

    from .program import Program

WITHIN_S = 3.0


@pytest.fixture
def leaving(whole_desktop: Desktop) -> Iterator[Desktop]:
    """Return a desktop that ends before the others'."""
    with Desktop() as desktop:
        yield desktop


def loses_its_display(desktop: Desktop) -> None:
    next(it for it in desktop._programs if it.args[0] == "Xvfb").kill()


def is_gone(app: Program) -> bool:
    """Wait for its end, in time; say whether nothing is left of it."""
    app.wait(WITHIN_S)
    return wait_until(lambda: app.family() == [])


def readings(owner: Owner) -> int:
    """Return how many readings are kept; the file must be whole."""
    with closing(sqlite3.connect(owner.profile / HISTORY)) as history:
        assert history.execute("PRAGMA integrity_check").fetchone() == ("ok",)
        return int(history.execute("SELECT count(*) FROM readings").fetchone()[0])


def test_it_ends_with_the_display_in_the_middle_of_a_poll(
    desktop, leaving, portal, tmp_path
):
    owner = Owner(leaving, portal, tmp_path / "profile")
    app = owner.starts("--station", portal.books.station_ids[0])
    item = owner.sees(FIRST)
    wait_until(lambda: readings(owner) > 0)
    before = len(portal.requests)
    portal.fail("", "hang")
    item.secondary_activate()
    wait_until(lambda: len(portal.requests) > before)
    loses_its_display(leaving)
    assert is_gone(app)
    assert app.exit_code in {0, 1}  # no crash
    portal.heal()
    kept = readings(owner)
    assert kept > 0
    # The next session is as good as this one was.
    again = Owner(desktop, portal, owner.profile)
    app = again.starts()
    again.sees(FIRST, app)
    assert readings(again) >= kept
    assert app.stderr == ""
