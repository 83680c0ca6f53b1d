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


def test_an_icon_registers_and_is_seen_on_the_panel(desktop, app):
    item = desktop.item(app)
    assert item.id == "blinker"
    assert item.status == "Active"
    # The first picture may be the panel's stand-in for an icon not yet loaded.
    wait_until(lambda: desktop.look(desktop.icon_on_panel()).colours()[RED] > 300)
    assert app.stdout == "tray available: True\n"
    assert app.stderr == ""


def test_the_tooltip_is_read_as_it_was_set(desktop, app):
    assert desktop.item(app).tooltip == "First line & more <b>\nSecond line"


def test_the_menu_is_read_as_it_is_after_about_to_show(desktop, app):
    entries = desktop.item(app).menu()
    assert [str(e) for e in entries if e.visible] == [
        *("Shown & ready", "Turn green", "---", "Checkme", "Grey", "More", "Quit"),
    ]
    by_label = {e.label: e for e in entries}
    assert by_label["Checkme"].toggled is True
    assert by_label["Quit"].toggled is None
    assert not by_label["Grey"].enabled
    assert [e.label for e in by_label["More"].children] == ["Say hello"]


def test_a_menu_entry_deep_down_can_be_chosen(desktop, app):
    desktop.item(app).click_menu("More", "Say hello")
    wait_until(lambda: "hello from the menu" in app.stdout)


def test_a_changed_icon_is_seen_on_the_bus_and_on_the_screen(desktop, app):
    item = desktop.item(app)
    wait_until(lambda: desktop.look(desktop.icon_on_panel()).colours()[RED] > 300)
    before = item.icon_pixmaps
    assert before[22][:4] == b"\xff\xff\x00\x00"  # ARGB
    item.click_menu("Turn green")
    wait_until(lambda: item.icon_pixmaps[22][:4] == b"\xff\x00\xff\x00")
    assert item.icon_pixmaps.keys() == before.keys() >= {16, 22, 24, 32}
    wait_until(lambda: desktop.look(desktop.icon_on_panel()).colours()[GREEN] > 300)


def test_activate_reaches_the_program_and_its_window_shows(desktop, app):
    item = desktop.item(app)
    assert desktop.windows() == []
    item.activate(1270, 790)
    wait_until(lambda: "activated Trigger" in app.stdout)
    wait_until(lambda: desktop.windows() == ["Blinker's window"])
    item.secondary_activate()
    wait_until(lambda: "activated MiddleClick" in app.stdout)


def test_the_mouse_works_as_well(desktop, app):
    desktop.item(app)
    desktop.click(*desktop.icon_on_panel().centre)
    wait_until(lambda: "activated Trigger" in app.stdout)
    desktop.click(*desktop.icon_on_panel().centre, button=2)
    wait_until(lambda: "activated MiddleClick" in app.stdout)


def test_the_panels_restart_brings_the_icon_back(desktop, app):
    desktop.item(app)
    desktop.icon_on_panel()
    desktop.restart_panel()
    assert desktop.item(app).tooltip.startswith("First line")
    wait_until(lambda: desktop.look(desktop.icon_on_panel()).colours()[RED] > 300)


def test_a_program_can_be_asked_to_quit(desktop, app):
    desktop.item(app).click_menu("Quit")
    assert app.wait(3) == 0


def test_the_tooltip_and_the_menu_open_under_the_mouse(desktop, app):
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


def test_a_notification_daemon_can_be_added(desktop):
    name = "org.freedesktop.Notifications"
    dunst = desktop.start_service(["dunst"], name)
    assert desktop.bus.owner_pid(name) == dunst.pid
    assert desktop.send_notification("Battery low", "9 % left") > 0
    corner = Box(SCREEN[0] - 400, 0, 400, 200)
    wait_until(lambda: len(desktop.look(corner).colours()) > 10)


def test_a_keyring_can_be_added(desktop):
    command = ["gnome-keyring-daemon", "--foreground", "--components=secrets"]
    desktop.start_service(
        [*command, "--unlock"], "org.freedesktop.secrets", stdin=b"pass"
    )


def test_a_screenshot_is_a_png(desktop, app, tmp_path):
    desktop.icon_on_panel()
    shot = desktop.screenshot(tmp_path / "screen.png")
    assert shot.read_bytes().startswith(b"\x89PNG")
