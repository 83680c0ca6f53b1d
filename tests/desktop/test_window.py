"""Windows: opened and closed from the tray, by keys, with the program's icon."""

from __future__ import annotations

import pytest

from .host import SCREEN
from .owner import FIRST, TITLE, start_demo, wait_for_answer
from .screen import Box
from .waiting import wait_until

WINDOWS = (
    *("Details", "Settings …", "History and export …", "About SEMS Tray"),
    "Sign in …",
)
TITLE_BAR = 19  # openbox's, where nothing else is of such a colour


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


def suns(picture) -> int:
    """Count what has the colour of the icon's sun, which no title bar has."""
    return sum(
        count
        for (red, green, blue), count in picture.colours().items()
        if red > 190 and 100 < green < 210 and blue < 90
    )


def test_each_window_shows_the_icon(desktop):
    app = start_demo(desktop)
    item = desktop.item(app)
    for entry in WINDOWS:
        item.click_menu(entry)
        (title,) = wait_until(desktop.windows)

        def shows_it() -> bool:
            top = desktop.window_box().y
            return suns(desktop.look(Box(0, top, SCREEN[0], TITLE_BAR))) >= 3

        wait_until(shows_it)
        desktop.close_window(title)
        wait_until(lambda: desktop.windows() == [])
    assert app.stderr == ""
