"""An account with several stations: the menu chooses, and the choice is kept."""

from __future__ import annotations

import contextlib
from typing import TYPE_CHECKING

import pytest

from sems_tray.simulator.simulator import Simulator

from .daemon import Recorder
from .owner import first_lines, labels, start_demo, wait_for_answer
from .waiting import wait_until

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from .owner import Owner
    from .tray import Item, MenuEntry


@pytest.fixture
def portal() -> Iterator[Simulator]:
    with Simulator("multi", limit_per_minute=None) as simulator:
        simulator.override(pv_w=3210, soc_percent=76, battery_w=-1200, load_w=800)
        yield simulator


REPLACES, SUMMARY = 1, 3


def stations(item: Item) -> tuple[MenuEntry, ...]:
    found = [entry for entry in item.menu() if entry.label == "Station"]
    return found[0].children if found and found[0].visible else ()


def chosen(item: Item) -> list[str]:
    """Return the names of the stations that are marked as shown."""
    found = [entry.label for entry in stations(item) if entry.toggled]
    return [it.removeprefix("⚠ ").partition(": ")[0] for it in found]


def label_of(item: Item, name: str) -> str:
    """Return a station's whole entry: its name and its state in words."""
    (label,) = [it.label for it in stations(item) if name in it.label]
    return label


def turns_to(item: Item, name: str) -> None:
    item.click_menu("Station", label_of(item, name))


def test_choosing_another_station_changes_the_words(desktop):
    app = start_demo(desktop, "multi")
    item = desktop.item(app)
    wait_until(lambda: "Station" in labels(item), 8)
    names = [entry.label.partition(": ")[0] for entry in stations(item)]
    assert names[:2] == ["Demo House", "Demo Roof"]
    assert chosen(item) == ["Demo House"]
    wait_until(lambda: all(": " in it.label for it in stations(item)), 20)
    house = first_lines(item)
    assert house[0].startswith("DEMO · Battery ")
    turns_to(item, "Demo Roof")
    wait_until(lambda: item.tooltip.startswith("DEMO · PV "))
    assert chosen(item) == ["Demo Roof"]
    assert "Battery" not in item.tooltip
    item.activate()
    wait_until(lambda: desktop.windows() == ["Demo Roof · DEMO - SEMS Tray"])
    turns_to(item, "Demo House")
    wait_until(lambda: first_lines(item)[0] == house[0])
    wait_until(lambda: desktop.windows() == ["Demo House · DEMO - SEMS Tray"])
    assert app.stderr == ""


def test_the_choice_holds_at_the_next_start(owner):
    app = owner.starts()
    item = owner.sees("Battery 76 %")
    wait_until(lambda: "Station" in labels(item))
    turns_to(item, "Demo Roof")
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
    turns_to(item, "Demo Roof")
    wait_until(lambda: item.tooltip.startswith("PV "))
    wait_for_answer(item)
    assert item.tooltip.startswith("PV ")
    assert chosen(item) == ["Demo Roof"]


def refreshes_until(owner: Owner, item: Item, answer: Callable[[], bool]) -> None:
    """Refresh now and then: each time one of the others is taken along."""

    def seen() -> bool:
        owner.refreshes(item)
        with contextlib.suppress(AssertionError):
            return wait_until(answer, 2)
        return False

    wait_until(seen, 40)


def test_a_fault_at_the_second_station_is_told_and_over_again(owner, portal, desktop):
    ids = portal.books.station_ids
    portal.own(ids[:2])
    recorder = Recorder(desktop)
    owner.starts()
    item = owner.sees("Battery 76 %")
    wait_until(lambda: "Station" in labels(item))
    wait_until(lambda: ": " in label_of(item, "Demo Roof"))
    well = item.icon_pixmaps
    portal.trouble("fault", ids[1])
    refreshes_until(owner, item, lambda: "Demo Roof: fault" in item.tooltip)
    assert item.tooltip.splitlines()[1].startswith("Battery 76 %")
    assert first_lines(item)[0] == "Demo Roof: fault"
    assert label_of(item, "Demo Roof") == "⚠ Demo Roof: fault"
    assert chosen(item) == ["Demo House"]
    assert item.icon_pixmaps != well
    (told,) = recorder.notified(1)
    assert told[SUMMARY].startswith("Demo Roof: ")
    assert "fault" in told[SUMMARY]
    portal.trouble(None, ids[1])
    refreshes_until(owner, item, lambda: len(recorder.calls("Notify")) > 1)
    over = recorder.notified(2)[1]
    assert over[SUMMARY].startswith("Demo Roof: ")
    assert over[REPLACES] > 0
    wait_until(lambda: "fault" not in label_of(item, "Demo Roof"))
    assert not any(it.startswith("⚠") for it in labels(item))


def test_a_bubble_about_the_second_station_opens_it(owner, portal, desktop):
    ids = portal.books.station_ids
    portal.own(ids[:2])
    recorder = Recorder(desktop)
    owner.starts()
    item = owner.sees("Battery 76 %")
    wait_until(lambda: "Station" in labels(item))
    wait_until(lambda: ": " in label_of(item, "Demo Roof"))
    portal.trouble("fault", ids[1])
    refreshes_until(owner, item, lambda: bool(recorder.calls("Notify")))
    recorder.emit("ActionInvoked", "us", 2, "details")
    wait_until(lambda: desktop.windows() == ["Demo Roof - SEMS Tray"])
    assert chosen(item) == ["Demo Roof"]
    wait_until(lambda: item.tooltip.startswith("Fault: "))
