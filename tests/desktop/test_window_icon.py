"""Every window shows the program's icon in its title bar and in the task switcher."""

from __future__ import annotations

from .host import SCREEN
from .owner import start_demo
from .screen import Box
from .waiting import wait_until

WINDOWS = (
    *("Details", "Settings …", "History and export …", "About SEMS Tray"),
    "Sign in …",
)
HEIGHT = 19  # of openbox's title bar, where nothing else is of such a colour


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
            return suns(desktop.look(Box(0, top, SCREEN[0], HEIGHT))) >= 3

        wait_until(shows_it)
        desktop.close_window(title)
        wait_until(lambda: desktop.windows() == [])
    assert app.stderr == ""
