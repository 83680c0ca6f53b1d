"""A panel that crashes again and again costs nothing: no icon, thread or file."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from .owner import first_lines
from .waiting import wait_until

if TYPE_CHECKING:
    from .program import Program
    from .tray import Item

FIRST = "Battery 76 % ▲ 1.2 kW · PV 3.2 kW"
TITLE = "Demo House - SEMS Tray"
TIMES = 5


def held(app: Program) -> dict[str, int]:
    """Return how many threads and open files a program has."""
    process = Path(f"/proc/{app.pid}")
    return {it: len([*(process / it).iterdir()]) for it in ("task", "fd")}


def is_as_slim(app: Program, before: dict[str, int]) -> bool:
    """Check that it holds no more than before; a poll may hold one of each."""
    now = held(app)
    assert all(now[it] <= before[it] + 1 for it in now), (before, now)
    return True


@pytest.mark.parametrize("end", ["killed", "told to end"])
def test_after_many_panels_there_is_one_icon_and_nothing_more(owner, desktop, end):
    app = owner.starts()
    owner.sees(FIRST)

    def shown_again() -> Item:
        item: Item = owner.sees(FIRST, app)
        wait_until(lambda: len(desktop.icons_on_panel()) == 1)
        assert [it.pid for it in desktop.items()] == [app.pid]
        return item

    desktop.restart_panel()
    item = shown_again()
    before = held(app)
    for _ in range(TIMES):
        if end == "killed":
            desktop._panel.kill()
        desktop.restart_panel()
        item = shown_again()
    wait_until(lambda: is_as_slim(app, before))
    assert first_lines(item)[0] == FIRST
    item.activate()
    wait_until(lambda: desktop.windows() == [TITLE])
    owner.portal.override(pv_w=0, soc_percent=33, battery_w=0, load_w=0)
    item.secondary_activate()
    owner.sees("Battery 33 %", app)
    assert app.stderr == ""


def test_while_panels_come_and_go_it_can_be_told_to_end(owner, desktop):
    app = owner.starts()
    owner.sees(FIRST)
    desktop.stop_panel()
    desktop.start_panel()
    app.terminate()
    assert app.wait(3) == 0
    wait_until(lambda: app.family() == [])
    assert app.stderr == ""
