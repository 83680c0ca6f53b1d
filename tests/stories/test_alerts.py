"""A trouble of the plant: in the menu, in the history, once, and until it was seen."""

from __future__ import annotations

import sqlite3
from contextlib import closing

import pytest

pytestmark = pytest.mark.qt_log_ignore("systemTrayWindowChanged")

TITLE = "Demo House - SEMS Tray"


def breaks(program) -> None:
    """Let a fault come, and wait until the menu names it."""
    program.portal.set_scenario("fault")
    program.until(lambda: program.refreshes() or problems(program))


def mends(program) -> None:
    program.portal.set_scenario("day")
    program.portal.override(pv_w=3210, soc_percent=76, battery_w=-1200, load_w=800)
    program.until(lambda: program.refreshes() or not problems(program))


def problems(program) -> list[str]:
    return [it for it in program.labels() if it.startswith("⚠")]


def notices(profile) -> list[tuple[str, bool]]:
    """Return the title of each notice that was saved, and whether it is over."""
    path = profile / "history.sqlite3"
    with closing(sqlite3.connect(f"{path.as_uri()}?mode=ro", uri=True)) as con:
        rows = con.execute("SELECT title, closed IS NOT NULL FROM notices").fetchall()
    return [(title, bool(over)) for title, over in rows]


def test_a_problem_in_the_menu_opens_the_window(program):
    breaks(program)
    (problem,) = problems(program)
    program.click(problem)
    program.window(TITLE)


def test_the_menu_snoozes_and_wakes(program):
    program.click("Snooze notifications", program.labels("Snooze notifications")[0])
    program.until(lambda: any("snoozed until" in it for it in program.labels()))
    program.click("Turn on notifications")
    program.until(lambda: "Snooze notifications" in program.labels())


def test_a_restart_in_mid_fault_announces_nothing_again(program, starts, profile):
    breaks(program)
    program.until(lambda: len(notices(profile)) == 1)
    again = starts()
    again.sees("Fault: Isolation Failure")
    for _ in range(3):
        again.refreshes()
    again.until(lambda: problems(again))
    assert len(notices(profile)) == 1
    mends(again)
    again.until(lambda: again.refreshes() or all(over for _, over in notices(profile)))


def test_an_earlier_trouble_stays_marked_until_the_owner_looks(program):
    breaks(program)
    mends(program)
    program.sees("Earlier: ")
    program.activate()
    program.window(TITLE)
    program.until(lambda: "Earlier: " not in program.tooltip)
