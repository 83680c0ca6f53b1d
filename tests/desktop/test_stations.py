"""An account with several stations: the menu chooses, and the choice is kept."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from sems_tray.simulator import Simulator

from .owner import first_lines, labels, start_demo, wait_for_answer
from .waiting import wait_until

if TYPE_CHECKING:
    from collections.abc import Iterator

    from .tray import Item, MenuEntry


@pytest.fixture
def portal() -> Iterator[Simulator]:
    with Simulator("multi") as simulator:
        simulator.override(pv_w=3210, soc_percent=76, battery_w=-1200, load_w=800)
        yield simulator


def stations(item: Item) -> tuple[MenuEntry, ...]:
    found = [entry for entry in item.menu() if entry.label == "Station"]
    return found[0].children if found and found[0].visible else ()


def chosen(item: Item) -> list[str]:
    return [entry.label for entry in stations(item) if entry.toggled]


def test_choosing_another_station_changes_the_words(desktop):
    app = start_demo(desktop, "multi")
    item = desktop.item(app)
    wait_until(lambda: "Station" in labels(item), 8)
    names = [entry.label for entry in stations(item)]
    assert names[:2] == ["Demo House", "Demo Roof"]
    assert chosen(item) == ["Demo House"]
    house = first_lines(item)
    assert house[0].startswith("DEMO · Battery ")
    item.click_menu("Station", "Demo Roof")
    wait_until(lambda: item.tooltip.startswith("DEMO · PV "))
    assert chosen(item) == ["Demo Roof"]
    assert "Battery" not in item.tooltip
    item.activate()
    wait_until(lambda: desktop.windows() == ["Demo Roof · DEMO - SEMS Tray"])
    item.click_menu("Station", "Demo House")
    wait_until(lambda: first_lines(item)[0] == house[0])
    wait_until(lambda: desktop.windows() == ["Demo House · DEMO - SEMS Tray"])
    assert app.stderr == ""


def test_the_choice_holds_at_the_next_start(owner):
    app = owner.starts()
    item = owner.sees("Battery 76 %")
    wait_until(lambda: "Station" in labels(item))
    item.click_menu("Station", "Demo Roof")
    wait_until(lambda: item.tooltip.startswith("PV "))
    app.terminate()
    assert app.wait(3) == 0
    again = owner.starts()
    item = owner.desktop.item(again)
    wait_until(lambda: item.tooltip.startswith("PV "), 8)
    wait_until(lambda: chosen(item) == ["Demo Roof"])


def test_a_station_chosen_while_a_poll_is_under_way_is_the_one_shown(owner):
    owner.starts()
    item = owner.sees("Battery 76 %")
    wait_until(lambda: "Station" in labels(item))
    wait_for_answer(item)
    item.secondary_activate()
    item.click_menu("Station", "Demo Roof")
    wait_until(lambda: item.tooltip.startswith("PV "))
    wait_for_answer(item)
    assert item.tooltip.startswith("PV ")
    assert chosen(item) == ["Demo Roof"]
