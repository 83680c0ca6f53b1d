"""Notices on a real desktop: raised, replaced, answered, and gone with the program."""

from __future__ import annotations

from .daemon import Dunst, Recorder
from .owner import FIRST, TITLE, labels
from .waiting import wait_until

BUBBLE = 2  # the recorder's first number
SUMMARY, BODY, ACTIONS = 3, 4, 5


def is_watching(owner):
    """Start a program, and let it see the station twice, all well."""
    owner.app = owner.starts()
    item = owner.sees(FIRST)
    owner.refreshes(item)
    return item


def breaks(owner, item) -> None:
    owner.portal.set_scenario("fault")
    owner.refreshes(item)


def problems(item) -> list[str]:
    return [it for it in labels(item) if it.startswith("⚠")]


def test_a_fault_is_told_once_and_its_button_opens_the_window(owner, desktop):
    recorder = Recorder(desktop)
    item = is_watching(owner)
    breaks(owner, item)
    (told,) = recorder.notified(1)
    assert "fault" in told[SUMMARY]
    assert "Isolation Failure" in told[BODY]
    assert "details" in told[ACTIONS]
    wait_until(lambda: problems(item))
    recorder.emit("ActionInvoked", "us", BUBBLE, "details")
    wait_until(lambda: desktop.windows() == [TITLE])
    owner.refreshes(item)
    recorder.notified(1)


def test_quitting_takes_the_bubbles_along(owner, desktop):
    dunst = Dunst(desktop)
    item = is_watching(owner)
    breaks(owner, item)
    wait_until(lambda: dunst.count() == 1)
    item.click_menu("Quit")
    wait_until(lambda: owner.app.exit_code == 0)
    wait_until(lambda: dunst.count() == 0)
