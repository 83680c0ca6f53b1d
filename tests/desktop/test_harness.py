"""The harness shows what is really on the desktop: tried with a tiny program."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from .configuration import PANEL_HEIGHT
from .host import SCREEN
from .program import this_python
from .screen import Box
from .waiting import wait_until

if TYPE_CHECKING:
    from .host import Desktop
    from .program import Program

RED, GREEN = (255, 0, 0), (0, 255, 0)


@pytest.fixture
def app(desktop: Desktop) -> Program:
    return desktop.run_app(this_python(Path(__file__).with_name("blinker.py")))


def test_icon_tooltip_and_menu_are_read_and_used(desktop, app):
    item = desktop.item(app)
    assert item.id == "blinker"
    assert item.status == "Active"
    assert item.tooltip == "First line & more <b>\nSecond line"
    # The first picture may be the panel's stand-in for an icon not yet loaded.
    wait_until(lambda: desktop.look(desktop.icon_on_panel()).colours()[RED] > 300)
    assert app.stdout == "tray available: True\n"
    assert app.stderr == ""
    entries = item.menu()
    assert [str(e) for e in entries if e.visible] == [
        *("Shown & ready", "Turn green", "---", "Checkme", "Grey", "More", "Quit"),
    ]
    by_label = {e.label: e for e in entries}
    assert by_label["Checkme"].toggled is True
    assert by_label["Quit"].toggled is None
    assert not by_label["Grey"].enabled
    assert [e.label for e in by_label["More"].children] == ["Say hello"]
    item.click_menu("More", "Say hello")
    wait_until(lambda: "hello from the menu" in app.stdout)
    before = item.icon_pixmaps
    assert before[22][:4] == b"\xff\xff\x00\x00"  # ARGB
    item.click_menu("Turn green")
    wait_until(lambda: item.icon_pixmaps[22][:4] == b"\xff\x00\xff\x00")
    assert item.icon_pixmaps.keys() == before.keys() >= {16, 22, 24, 32}
    wait_until(lambda: desktop.look(desktop.icon_on_panel()).colours()[GREEN] > 300)
    item.click_menu("Quit")
    assert app.wait(3) == 0


def test_clicks_reach_the_program_by_the_bus_and_by_the_mouse(desktop, app):
    item = desktop.item(app)
    assert desktop.windows() == []
    item.activate(1270, 790)
    wait_until(lambda: "activated Trigger" in app.stdout)
    wait_until(lambda: desktop.windows() == ["Blinker's window"])
    item.secondary_activate()
    wait_until(lambda: "activated MiddleClick" in app.stdout)
    desktop.click(*desktop.icon_on_panel().centre)
    wait_until(lambda: app.stdout.count("activated Trigger") == 2)
    desktop.click(*desktop.icon_on_panel().centre, button=2)
    wait_until(lambda: app.stdout.count("activated MiddleClick") == 2)


def test_the_panels_restart_brings_the_icon_back(desktop, app):
    desktop.item(app)
    desktop.icon_on_panel()
    desktop.restart_panel()
    assert desktop.item(app).tooltip.startswith("First line")
    wait_until(lambda: desktop.look(desktop.icon_on_panel()).colours()[RED] > 300)


def test_the_tooltip_and_the_menu_open_under_the_mouse(desktop, app, tmp_path):
    desktop.item(app)
    box = desktop.icon_on_panel()
    above = Box(SCREEN[0] - 200, SCREEN[1] - PANEL_HEIGHT - 200, 200, 200)
    ground = desktop.look(above)
    desktop.hover(*box.centre)
    wait_until(lambda: desktop.look(above) != ground)
    desktop.hover(640, 300)
    wait_until(lambda: desktop.look(above) == ground)
    desktop.click(*box.centre, button=3)
    wait_until(lambda: desktop.look(above) != ground)
    desktop.xdotool("key", "Escape")
    wait_until(lambda: desktop.look(above) == ground)
    shot = desktop.screenshot(tmp_path / "screen.png")
    assert shot.read_bytes().startswith(b"\x89PNG")


def test_a_notification_daemon_and_a_keyring_can_be_added(desktop):
    name = "org.freedesktop.Notifications"
    dunst = desktop.start_service(["dunst"], name)
    assert desktop.bus.owner_pid(name) == dunst.pid
    assert desktop.send_notification("Battery low", "9 % left") > 0
    corner = Box(SCREEN[0] - 400, 0, 400, 200)
    wait_until(lambda: len(desktop.look(corner).colours()) > 10)
    command = ["gnome-keyring-daemon", "--foreground", "--components=secrets"]
    desktop.start_service(
        [*command, "--unlock"], "org.freedesktop.secrets", stdin=b"pass"
    )
