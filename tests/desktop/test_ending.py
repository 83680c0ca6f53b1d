"""However it is told to end, it ends soon, cleanly and leaves nothing behind."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING

import pytest

from .owner import FIRST, start_demo
from .waiting import wait_until

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from .program import Program
    from .tray import Item

WITHIN_S = 3.0

WAYS: dict[str, Callable[[Program, Item], None]] = {
    "Quit": lambda _, item: item.click_menu("Quit"),
    "SIGTERM": lambda app, _: app.terminate(),
    "SIGINT": lambda app, _: app.interrupt(),
}


@pytest.fixture
def scratch(desktop, tmp_path) -> Path:
    """Return the folder for temporary files, which is empty between the tests."""
    folder: Path = desktop.folder / "tmp"
    assert list(folder.iterdir()) == []
    return folder


def ends_cleanly(app: Program) -> None:
    """Check that nothing is left of it: no process, no word, no bad code."""
    started = time.monotonic()
    assert app.wait(WITHIN_S) == 0
    assert time.monotonic() - started < WITHIN_S
    wait_until(lambda: app.family() == [])
    assert app.stderr == ""
    assert app.stdout == ""


@pytest.mark.parametrize("way", WAYS)
def test_it_ends_in_order(owner, scratch, way):
    app = owner.starts()
    item = owner.sees(FIRST)
    WAYS[way](app, item)
    ends_cleanly(app)
    wait_until(lambda: owner.desktop.items() == [])
    assert list(scratch.iterdir()) == []


def test_it_can_be_told_to_end_the_moment_its_icon_is_there(owner, desktop):
    app = owner.starts()
    desktop.item(app).click_menu("Quit")
    ends_cleanly(app)


def test_telling_it_twice_does_no_harm(owner):
    app = owner.starts()
    item = owner.sees(FIRST)
    owner.portal.fail("", "hang")
    item.secondary_activate()
    app.terminate()
    app.interrupt()
    app.terminate()
    ends_cleanly(app)


def test_a_demo_with_a_window_leaves_no_trace(desktop, scratch):
    app = start_demo(desktop, "day")
    item = desktop.item(app)
    wait_until(lambda: "Battery" in item.tooltip, 8)
    assert [it.name[:15] for it in scratch.iterdir()] == ["sems-tray-demo-"]
    item.activate()
    wait_until(desktop.windows)
    item.click_menu("Quit")
    ends_cleanly(app)
    assert desktop.windows() == []
    assert list(scratch.iterdir()) == []


def test_a_demo_that_is_told_to_end_while_it_starts_leaves_no_trace(desktop, scratch):
    app = start_demo(desktop, "day")
    wait_until(lambda: list(scratch.iterdir()), pause=0.001)
    app.terminate()
    assert app.wait(WITHIN_S) == 0
    assert list(scratch.iterdir()) == []
    assert app.stderr == ""
