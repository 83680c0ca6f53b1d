"""Without a display it says so in one line, and the terminal shows the station."""

from __future__ import annotations

import pytest

from .waiting import wait_until

NO_DISPLAY = {"DISPLAY": "", "WAYLAND_DISPLAY": "", "QT_QPA_PLATFORM": ""}
# An address that nobody serves.
NOBODY = {**NO_DISPLAY, "DISPLAY": ":987", "QT_QPA_PLATFORM": "xcb"}
VIEW = "showing the terminal view\n"
WHERE = {
    "no display": (NO_DISPLAY, f"sems-tray: no display; {VIEW}"),
    "a display that is gone": (
        NOBODY,
        f"sems-tray: the display cannot be opened; {VIEW}",
    ),
}


@pytest.mark.parametrize("where", WHERE)
def test_the_terminal_view_takes_over_and_ends_when_told_so(owner, where):
    env, words = WHERE[where]
    app = owner.starts(env=env)
    wait_until(lambda: "Measured " in app.stdout, 8)
    assert app.stderr == words
    shown = app.stdout.splitlines()
    assert shown[0] == "Demo House"
    assert "Solar     3.2 kW" in shown
    assert "Battery   76 %, charging 1.2 kW" in shown
    assert owner.portal.sign_ins == 1
    app.terminate()
    assert app.wait(3) == 0
    assert app.stderr == words
    wait_until(lambda: app.family() == [])


def test_a_portal_that_says_no_ends_it_with_the_contracts_code(owner):
    app = owner.starts(password="wrong", env=NO_DISPLAY)
    assert app.wait(8) == 3
    line, trouble = app.stderr.splitlines()
    assert line.startswith("sems-tray: no display")
    assert trouble.startswith("sems-tray: GoodWe does not accept")
    assert owner.portal.sign_ins == 1
