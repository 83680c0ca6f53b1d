"""A second start raises the first; demos and other profiles are independent."""

from __future__ import annotations

import time

from .owner import Owner, start_demo
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


def test_two_that_start_together_become_one(owner, desktop):
    apps = [owner.starts() for _ in range(3)]
    owner.sees(FIRST)
    wait_until(lambda: sum(app.exit_code is None for app in apps) == 1)
    assert {app.exit_code for app in apps} == {None, 0}
    assert len(desktop.items()) == 1


def test_another_profile_is_another_program(owner, desktop, portal, tmp_path):
    owner.starts()
    other = Owner(desktop, portal, tmp_path / "other").starts(account="b@example.com")
    desktop.item(other)
    wait_until(lambda: len(desktop.items()) == 2)


def test_two_demos_run_side_by_side(owner, desktop):
    apps = [start_demo(desktop, "day"), start_demo(desktop, "fault")]
    for app, words in zip(apps, ("Battery", "Fault"), strict=True):
        owner.sees(words, app)
    wait_until(lambda: len(desktop.icons_on_panel()) == 2)


def test_after_a_kill_it_starts_again(owner, desktop):
    killed = owner.starts()
    owner.sees(FIRST)
    killed.kill()
    wait_until(lambda: desktop.items() == [])
    again = owner.starts()
    owner.sees(FIRST, again)
    assert owner.starts().wait(3) == 0
    wait_until(lambda: desktop.windows() == [TITLE])
    assert again.stderr == ""
