"""Panels come late, crash, come back, or are not there at all."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from .owner import FIRST, TITLE, first_lines
from .waiting import wait_until

if TYPE_CHECKING:
    from .host import Desktop
    from .owner import Owner
    from .program import Program
    from .tray import Item


@pytest.fixture
def no_panel(desktop):
    desktop.stop_panel()
    return desktop


def the_only_icon(owner: Owner, desktop: Desktop, app: Program) -> Item:
    """Wait until the program has one icon, and nobody else has any."""
    item = owner.sees(FIRST, app)
    wait_until(lambda: len(desktop.icons_on_panel()) == 1)
    assert [it.pid for it in desktop.items()] == [app.pid]
    return item


def held(app: Program) -> dict[str, int]:
    """Return how many threads and open files a program has."""
    process = Path(f"/proc/{app.pid}")
    return {it: len([*(process / it).iterdir()]) for it in ("task", "fd")}


def is_as_slim(app: Program, before: dict[str, int]) -> bool:
    """Check that it holds no more than before; a poll may hold one of each."""
    now = held(app)
    assert all(now[it] <= before[it] + 1 for it in now), (before, now)
    return True


def test_panels_that_crash_or_restart_cost_no_icon_thread_or_file(owner, desktop):
    app = owner.starts()
    the_only_icon(owner, desktop, app)
    desktop.restart_panel()
    item = the_only_icon(owner, desktop, app)
    before = held(app)
    for crash in (True, False, True):
        if crash:
            desktop._panel.kill()
        desktop.restart_panel()
        item = the_only_icon(owner, desktop, app)
    wait_until(lambda: is_as_slim(app, before))
    assert first_lines(item)[0] == FIRST
    item.activate()
    wait_until(lambda: desktop.windows() == [TITLE])
    owner.portal.override(pv_w=0, soc_percent=33, battery_w=0, load_w=0)
    item.secondary_activate()
    owner.sees("Battery 33 %", app)
    desktop.stop_panel()
    app.terminate()
    assert app.wait(3) == 0
    wait_until(lambda: app.family() == [])
    assert app.stderr == ""


def test_the_tray_that_comes_late_is_used(owner, no_panel):
    app = owner.starts()
    wait_until(lambda: owner.portal.count("/production"))
    no_panel.start_panel()
    the_only_icon(owner, no_panel, app)
    # It is no worse than one that was there from the start.
    no_panel.restart_panel()
    item = the_only_icon(owner, no_panel, app)
    owner.portal.override(pv_w=0, soc_percent=33, battery_w=0, load_w=0)
    item.click_menu("Refresh now")
    owner.sees("Battery 33 %", app)
    assert app.stderr == ""


def test_without_any_tray_the_window_opens_and_its_end_is_the_programs(owner, no_panel):
    app = owner.starts()
    wait_until(lambda: owner.title_in_front() == TITLE)
    # The reason stands above the values; tests/tray read its words.
    owner.presses("Escape", until=lambda: app.exit_code is not None)
    assert app.exit_code == 0
    assert app.stderr == ""
