"""A second start raises the first; demos and other profiles are independent."""

from __future__ import annotations

import time

from .owner import start_demo
from .waiting import wait_until

FIRST = "Battery 76 % ▲ 1.2 kW · PV 3.2 kW"
TITLE = "Demo House - SEMS Tray"


def test_a_second_start_opens_the_window_of_the_first_and_ends(owner, desktop):
    first = owner.starts()
    owner.sees(FIRST)
    began = time.monotonic()
    second = owner.starts()
    assert second.wait(3) == 0
    assert time.monotonic() - began < 2
    wait_until(lambda: desktop.windows() == [TITLE])
    assert [item.pid for item in desktop.items()] == [first.pid]
    # A third one brings it to the front; it never closes it.
    assert owner.starts().wait(3) == 0
    assert desktop.windows() == [TITLE]
    assert first.exit_code is None
    assert first.stderr == second.stderr == second.stdout == ""
    assert owner.portal.sign_ins == 1


def test_two_demos_run_side_by_side(owner, desktop):
    apps = [start_demo(desktop, "day"), start_demo(desktop, "fault")]
    for app, words in zip(apps, ("Battery", "Fault"), strict=True):
        owner.sees(words, app)
    wait_until(lambda: len(desktop.icons_on_panel()) == 2)
