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


def test_a_click_on_the_panel_opens_the_window_near_the_tray(desktop, item):
    icon = desktop.icon_on_panel()
    desktop.click(*icon.centre)
    opened(desktop)
    box = wait_until(desktop.window_box)
    # Beside the icon, whole on the screen and above the panel: a black strip is left.
    assert SCREEN[0] / 2 < box.x
    assert SCREEN[0] - 40 < box.x + box.width < SCREEN[0]
    assert desktop.panel_box().y - 40 < box.y + box.height < desktop.panel_box().y


def test_a_second_click_closes_it(desktop, item):
    icon = desktop.icon_on_panel()
    for _ in range(2):
        desktop.click(*icon.centre)
        opened(desktop)
        desktop.click(*icon.centre)
        closed(desktop)


def test_the_panels_call_toggles_it_as_well(desktop, item):
    item.activate()
    opened(desktop)
    item.activate()
    closed(desktop)
    item.click_menu("Details")
    opened(desktop)


def test_escape_closes_it_and_the_tray_goes_on(owner, desktop, item):
    item.activate()
    wait_until(lambda: owner.title_in_front() == TITLE)
    owner.presses("Escape", until=lambda: not desktop.windows())
    assert item.tooltip.startswith(FIRST)


def test_f5_refreshes(owner, desktop, item):
    item.activate()
    wait_until(lambda: owner.title_in_front() == TITLE)
    wait_for_answer(item)
    owner.portal.override(pv_w=5000, soc_percent=77, battery_w=-100, load_w=100)
    owner.presses("F5", until=lambda: "Battery 77 % ▲ 0.1 kW" in item.tooltip)
    owner.sees("Battery 77 % ▲ 0.1 kW · PV 5.0 kW")


def test_telemetry_is_asked_only_while_the_devices_are_looked_at(owner, desktop, item):
    def telemetry():
        return owner.portal.count("/telemetry")

    owner.refreshes(item)
    item.activate()
    opened(desktop)
    wait_for_answer(item)
    assert telemetry() == 0
    for _ in range(2):
        desktop.xdotool("key", "ctrl+Tab")
    wait_until(telemetry)
    wait_for_answer(item)
    before = telemetry()
    item.activate()
    closed(desktop)
    owner.refreshes(item)
    assert telemetry() == before


def test_another_day_is_fetched_with_the_arrow_keys(owner, desktop, item):
    def curves():
        return owner.portal.count("/statisticsAndPreV2")

    item.activate()
    opened(desktop)
    wait_until(lambda: owner.title_in_front() == TITLE)
    wait_for_answer(item)
    desktop.xdotool("key", "ctrl+Tab")
    wait_until(curves)  # today's
    before = curves()
    owner.presses("Page_Up", until=lambda: curves() > before)


def test_about_opens_and_closes_without_ending_anything(owner, desktop, item):
    item.click_menu("About SEMS Tray")
    wait_until(lambda: owner.title_in_front() == "About SEMS Tray")
    owner.presses("Escape", until=lambda: not desktop.windows())
    item.activate()
    opened(desktop)
