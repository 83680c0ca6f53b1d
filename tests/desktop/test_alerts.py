"""Notices on a real desktop: raised, replaced, answered, and not said twice."""

from __future__ import annotations

import sqlite3
from contextlib import closing

import pytest

from .daemon import Dunst, Recorder
from .owner import labels, start_demo
from .waiting import wait_until

FIRST = "Battery 76 % ▲ 1.2 kW · PV 3.2 kW"
TITLE = "Demo House - SEMS Tray"
BUBBLE = 2  # the recorder's first number
REPLACES, SUMMARY, BODY, ACTIONS = 1, 3, 4, 5


@pytest.fixture
def recorder(desktop):
    return Recorder(desktop)


@pytest.fixture
def watching(owner, portal, recorder):
    """A program that has seen the station twice, all well."""
    owner.app = owner.starts()
    item = owner.sees(FIRST)
    owner.refreshes(item)
    return item


def breaks(owner, item) -> None:
    owner.portal.set_scenario("fault")
    owner.refreshes(item)


def problems(item) -> list[str]:
    return [it for it in labels(item) if it.startswith("⚠")]


def notices(profile) -> list[tuple[str, int]]:
    path = profile / "history.sqlite3"
    with closing(sqlite3.connect(f"{path.as_uri()}?mode=ro", uri=True)) as con:
        return con.execute("SELECT title, closed IS NOT NULL FROM notices").fetchall()


def test_a_fault_is_told_once_and_its_end_in_the_same_place(owner, recorder, watching):
    breaks(owner, watching)
    (told,) = recorder.notified(1)
    assert "fault" in told[SUMMARY]
    assert "Isolation Failure" in told[BODY]
    wait_until(lambda: problems(watching))
    for _ in range(2):
        owner.refreshes(watching)
    recorder.notified(1)
    owner.portal.set_scenario("day")
    owner.portal.override(pv_w=3210, soc_percent=76, battery_w=-1200, load_w=800)
    wait_until(
        lambda: owner.refreshes(watching) or len(recorder.calls("Notify")) > 1, 20
    )
    over = recorder.notified(2)[1]
    assert over[REPLACES] > 0
    assert problems(watching) == []
    wait_until(lambda: all(closed for _, closed in notices(owner.profile)))
    assert notices(owner.profile)


def test_the_button_opens_the_window_at_the_alarm(owner, desktop, recorder, watching):
    breaks(owner, watching)
    (told,) = recorder.notified(1)
    assert "details" in told[ACTIONS]
    recorder.emit("ActionInvoked", "us", BUBBLE, "details")
    wait_until(lambda: desktop.windows() == [TITLE])


def test_without_any_daemon_the_program_goes_on(owner, desktop):
    app = owner.starts()
    item = owner.sees(FIRST)
    owner.refreshes(item)
    breaks(owner, item)
    wait_until(lambda: problems(item))
    # While Qt shows the message, it shows it as the tooltip as well.
    owner.sees("Fault: Isolation Failure", timeout=25)
    assert app.exit_code is None
    assert "Traceback" not in app.stderr


def test_quitting_takes_the_bubbles_along(owner, desktop):
    dunst = Dunst(desktop)
    app = owner.starts()
    item = owner.sees(FIRST)
    owner.refreshes(item)
    breaks(owner, item)
    wait_until(lambda: dunst.count() == 1)
    item.click_menu("Quit")
    wait_until(lambda: app.exit_code == 0)
    wait_until(lambda: dunst.count() == 0)


@pytest.mark.torture
@pytest.mark.timeout(300)
def test_the_demos_troubles_are_told_and_pass_by_themselves(desktop, recorder):
    """Show bubble, tray, menu line, and the all-clear, of three demos at once."""
    apps = [start_demo(desktop, it) for it in ("fault", "grid-lost", "silent")]
    items = [desktop.item(app, 20) for app in apps]
    words = ("Fault: ", "Grid lost", "No report since")
    wait_until(
        lambda: all(w in it.tooltip for it, w in zip(items, words, strict=True)), 20
    )
    wait_until(lambda: all(problems(it) for it in items), 90)
    recorder.notified(3)
    wait_until(lambda: not any(problems(it) for it in items), 120)
    wait_until(lambda: len(recorder.calls("Notify")) == 6, 60)
    over = [it["arguments"][BODY] for it in recorder.calls("Notify")][3:]
    assert all("min" in it or "h" in it for it in over), over
    for app in apps:
        assert app.stderr == ""
