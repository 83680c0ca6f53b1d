"""An account with several stations: the menu chooses, and the choice is kept."""

from __future__ import annotations

import pytest

from sems_tray.simulator.simulator import Simulator

pytestmark = pytest.mark.qt_log_ignore("systemTrayWindowChanged")


@pytest.fixture
def portal():
    with Simulator("multi", limit_per_minute=None) as simulator:
        simulator.override(pv_w=3210, soc_percent=76, battery_w=-1200, load_w=800)
        yield simulator


def turns_to(program, name: str) -> None:
    (label,) = (it for it in program.labels("Station") if name in it)
    program.click("Station", label)


def test_the_choice_changes_words_and_window_and_holds_at_the_next_start(
    program, starts
):
    program.until(lambda: "Station" in program.labels())
    program.activate()
    program.window("Demo House - SEMS Tray")
    turns_to(program, "Demo Roof")
    program.until(lambda: program.tooltip.startswith("PV "))
    program.window("Demo Roof - SEMS Tray")
    again = starts()
    again.until(lambda: again.tooltip.startswith("PV "))
    again.until(lambda: again.chosen() == ["Demo Roof"])


def test_a_station_chosen_while_a_poll_is_under_way_is_the_one_shown(program):
    program.until(lambda: "Station" in program.labels())
    program.rests()
    program.middle_click()
    turns_to(program, "Demo Roof")
    program.until(lambda: program.tooltip.startswith("PV "))
    program.rests()
    assert program.tooltip.startswith("PV ")
    assert program.chosen() == ["Demo Roof"]
