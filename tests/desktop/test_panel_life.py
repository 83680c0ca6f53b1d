"""Panels come late, go, come back, or are not there at all."""

from __future__ import annotations

import pytest

from .owner import first_lines
from .waiting import wait_until

FIRST = "Battery 76 % ▲ 1.2 kW · PV 3.2 kW"
TITLE = "Demo House - SEMS Tray"


@pytest.fixture
def no_panel(desktop):
    desktop.stop_panel()
    return desktop


def test_the_panels_restart_brings_the_icon_back(owner, desktop):
    app = owner.starts()
    owner.sees(FIRST)
    for _ in range(2):
        desktop.restart_panel()
        owner.sees(FIRST, app)
        wait_until(lambda: len(desktop.icons_on_panel()) == 1)
    (item,) = desktop.items()
    assert first_lines(item)[0] == FIRST
    item.activate()
    wait_until(lambda: desktop.windows() == [TITLE])
    assert app.stderr == ""


def test_the_tray_that_comes_late_is_used(owner, no_panel):
    app = owner.starts()
    wait_until(lambda: owner.portal.count("/production"))
    no_panel.start_panel()
    owner.sees(FIRST, app)
    wait_until(lambda: len(no_panel.icons_on_panel()) == 1)
    assert len(no_panel.items()) == 1
    # It is no worse than one that was there from the start.
    no_panel.restart_panel()
    item = owner.sees(FIRST, app)
    wait_until(lambda: len(no_panel.icons_on_panel()) == 1)
    assert len(no_panel.items()) == 1
    owner.portal.override(pv_w=0, soc_percent=33, battery_w=0, load_w=0)
    item.click_menu("Refresh now")
    owner.sees("Battery 33 %", app)
    assert app.stderr == ""


def test_without_any_tray_the_window_opens_and_says_why(owner, no_panel):
    app = owner.starts()
    wait_until(lambda: no_panel.windows() == [TITLE])
    # The reason stands above the values; tests/ui read its words.
    assert app.exit_code is None
    assert app.stderr == ""


def test_without_any_tray_closing_the_window_ends_the_program(owner, no_panel):
    app = owner.starts()
    wait_until(lambda: owner.title_in_front() == TITLE)
    owner.presses("Escape", until=lambda: app.exit_code is not None)
    assert app.exit_code == 0
