"""One click opens the details, another closes them."""

from __future__ import annotations

import pytest

from .host import SCREEN
from .owner import wait_for_answer
from .waiting import wait_until

FIRST = "Battery 76 % ▲ 1.2 kW · PV 3.2 kW"
TITLE = "Demo House - SEMS Tray"


@pytest.fixture
def item(owner):
    owner.starts()
    item = owner.sees(FIRST)
    wait_for_answer(item)
    return item


def opened(desktop):
    wait_until(lambda: desktop.windows() == [TITLE])


def closed(desktop):
    wait_until(lambda: desktop.windows() == [])


def test_clicks_on_the_panel_open_the_window_near_the_tray_and_close_it(desktop, item):
    icon = desktop.icon_on_panel()
    desktop.click(*icon.centre)
    opened(desktop)
    box = wait_until(desktop.window_box)
    # Beside the icon, whole on the screen and above the panel: a black strip is left.
    assert SCREEN[0] / 2 < box.x
    assert SCREEN[0] - 40 < box.x + box.width < SCREEN[0]
    assert desktop.panel_box().y - 40 < box.y + box.height < desktop.panel_box().y
    desktop.click(*icon.centre)
    closed(desktop)
    # The call of the panel is another than the mouse's.
    item.activate()
    opened(desktop)
    item.activate()
    closed(desktop)
    item.click_menu("Details")
    opened(desktop)


def test_it_hears_the_keyboard_and_the_tray_outlives_it(owner, desktop, item):
    item.activate()
    wait_until(lambda: owner.title_in_front() == TITLE)
    wait_for_answer(item)
    owner.portal.override(pv_w=5000, soc_percent=77, battery_w=-100, load_w=100)
    owner.presses("F5", until=lambda: "Battery 77 % ▲ 0.1 kW" in item.tooltip)
    owner.presses("Escape", until=lambda: not desktop.windows())
    assert item.tooltip.startswith("Battery 77 %")
