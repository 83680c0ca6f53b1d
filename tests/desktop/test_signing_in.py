"""Sign in rarely, ask the owner when it must be, and keep secrets in the keyring."""

from __future__ import annotations

from pathlib import Path

from .owner import DIALOG, FIRST, PASSWORD, wait_for_answer
from .waiting import wait_until

SIGNED_IN = "Signed in - SEMS Tray"


def test_without_a_keyring_it_is_signed_in_for_this_run_only(owner, desktop):
    app = owner.starts(account="")
    item = desktop.item(app)
    owner.signs_in(PASSWORD)
    wait_until(lambda: desktop.windows() == [SIGNED_IN], 8)
    owner.presses("Return", lambda: desktop.windows() == [])
    owner.sees(FIRST)
    wait_for_answer(item)
    app.terminate()
    assert app.wait(3) == 0
    assert app.stderr == ""
    again = owner.starts(account="")
    owner.sees("Sign-in needed", again)
    assert owner.portal.sign_ins == 1


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
