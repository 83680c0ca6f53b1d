"""Sign in rarely, ask the owner when it must be, and keep secrets in the keyring."""

from __future__ import annotations

from pathlib import Path

from sems_tray.simulator.simulator import Simulator

from .owner import DIALOG, PASSWORD, labels, wait_for_answer
from .waiting import wait_until

SIGNED_IN = "Signed in - SEMS Tray"
FIRST = "Battery 76 % ▲ 1.2 kW · PV 3.2 kW"


def test_who_never_signed_in_is_asked(owner, desktop):
    app = owner.starts(account="")
    item = owner.sees("Sign-in needed")
    wait_until(lambda: desktop.windows() == [DIALOG])
    assert owner.portal.sign_ins == 0
    owner.signs_in(PASSWORD)
    owner.is_in(item, FIRST)
    assert owner.portal.sign_ins == 1
    assert app.stderr == ""


def test_after_a_refusal_the_dialog_says_so_and_can_be_tried_again(owner, desktop):
    owner.starts(password="wrong")
    item = owner.sees("Sign-in refused")
    item.click_menu("Sign in …")
    owner.signs_in("wrong too")
    wait_until(lambda: owner.portal.sign_ins == 2)
    assert desktop.windows() == [DIALOG]

    def is_gone_after_another_try() -> bool:
        # Enter does nothing until the answer to the last one is there.
        desktop.xdotool("key", "ctrl+a")
        owner.types(PASSWORD)
        return DIALOG not in desktop.windows()

    wait_until(is_gone_after_another_try, pause=0.4)
    owner.is_in(item, FIRST)
    assert owner.portal.sign_ins == 3


def test_without_a_keyring_it_is_signed_in_for_this_run_only(owner):
    app = owner.starts(account="")
    item = owner.desktop.item(app)
    owner.signs_in(PASSWORD)
    owner.is_in(item, FIRST)
    app.terminate()
    assert app.wait(3) == 0
    again = owner.starts(account="")
    owner.sees("Sign-in needed", again)
    assert owner.portal.sign_ins == 1


def test_a_refused_account_does_not_replace_the_good_one(owner, keyring):
    app = owner.starts(account="")
    item = owner.desktop.item(app)
    owner.signs_in(PASSWORD)
    owner.is_in(item, FIRST)
    item.click_menu("Sign in …")
    wait_until(lambda: owner.title_in_front() == DIALOG)
    owner.desktop.xdotool("key", "shift+Tab", "ctrl+a")
    owner.types("stranger@example.com", "wrong")
    wait_until(lambda: owner.portal.sign_ins == 2)
    owner.desktop.xdotool("key", "Escape")
    app.terminate()
    assert app.wait(3) == 0
    owner.sees(FIRST, owner.starts(account=""))
    assert owner.portal.sign_ins == 2


def test_escape_stops_the_asking_and_it_can_be_tried_again(owner, desktop):
    app = owner.starts(account="")
    item = owner.desktop.item(app)
    owner.portal.fail("/cross-login", "hang")
    owner.signs_in(PASSWORD)
    wait_until(lambda: owner.portal.sign_ins == 1)
    assert desktop.windows() == [DIALOG]
    desktop.xdotool("key", "Escape")
    owner.portal.heal()
    owner.presses("Return", lambda: owner.portal.sign_ins == 2)
    owner.is_in(item, FIRST)
    assert app.stderr == ""


def test_who_has_no_keyring_is_told_and_the_window_says_where_the_icon_is(
    owner, desktop
):
    app = owner.starts(account="")
    item = owner.desktop.item(app)
    owner.signs_in(PASSWORD)
    wait_until(lambda: desktop.windows() == [SIGNED_IN], 8)
    owner.presses("Return", lambda: desktop.windows() == [])
    owner.sees(FIRST)
    wait_for_answer(item)
    assert app.stderr == ""


def test_several_stations_are_offered_and_the_chosen_one_is_kept(owner, desktop):
    with Simulator("multi") as portal:
        owner.portal = portal
        app = owner.starts(account="")
        item = desktop.item(app)
        owner.signs_in(PASSWORD)
        wait_until(lambda: "Station" in labels(item), 8)
        assert desktop.windows() == [DIALOG]
        desktop.wait_for_rest()
        desktop.xdotool("key", "Down")
        owner.presses("Return", lambda: desktop.windows() == [SIGNED_IN])
        wait_until(lambda: item.tooltip.startswith("PV "), 8)  # no battery: the roof
        owner.presses("Return", lambda: desktop.windows() == [])
        app.terminate()
        assert app.wait(3) == 0
        assert app.stderr == ""


def test_the_demo_is_a_program_of_its_own(owner, desktop):
    app = owner.starts(account="")
    mine = desktop.item(app)
    wait_until(lambda: owner.title_in_front() == DIALOG)
    desktop.wait_for_rest()
    desktop.xdotool("key", *["Tab"] * 5)  # past password, Show, and two that fold
    desktop.xdotool("key", "space")
    wait_until(lambda: len(desktop.items()) > 1, 8)
    app.terminate()
    assert app.wait(3) == 0
    (demo,) = [it for it in desktop.items() if it.pid != mine.pid]
    wait_until(lambda: demo.tooltip.startswith("DEMO"), 8)
    environment = Path(f"/proc/{demo.pid}/environ").read_bytes()
    assert b"SEMS_TRAY_" not in environment
    demo.click_menu("Quit")
    wait_until(lambda: desktop.items() == [])
    assert app.stderr == ""
