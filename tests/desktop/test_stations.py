"""An account with several stations: the menu chooses, and the choice is kept."""

from __future__ import annotations

from typing import TYPE_CHECKING

from .owner import first_lines, labels, start_demo
from .waiting import wait_until

if TYPE_CHECKING:
    from .tray import Item, MenuEntry


def stations(item: Item) -> tuple[MenuEntry, ...]:
    found = [entry for entry in item.menu() if entry.label == "Station"]
    return found[0].children if found and found[0].visible else ()


def chosen(item: Item) -> list[str]:
    """Return the names of the stations that are marked as shown."""
    found = [entry.label for entry in stations(item) if entry.toggled]
    return [it.removeprefix("⚠ ").partition(": ")[0] for it in found]


def turns_to(item: Item, name: str) -> None:
    (label,) = [it.label for it in stations(item) if name in it.label]
    item.click_menu("Station", label)


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
