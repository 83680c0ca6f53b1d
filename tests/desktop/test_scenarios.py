"""Each thing that can be wrong has a shape and words of its own (design, section 4)."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import combinations
from typing import TYPE_CHECKING

import pytest

from .owner import first_lines, labels, start_demo, wait_for_answer
from .waiting import wait_until

if TYPE_CHECKING:
    from collections.abc import Iterator

    from .host import Desktop
    from .tray import Item

# "multi" looks like "day": its first station is the same house.
WORDS = {
    "day": "Battery ",
    "night": "Night",
    "pv-only": "PV ",
    "multi": "Battery ",
    "fault": "Fault: Isolation Failure",
    "grid-lost": "Grid lost",
    "silent": "No report since ",
    "throttled": "GoodWe asks for a pause, next try in ",
    "refused": "Sign-in refused",
}
SHAPES = [scenario for scenario in WORDS if scenario != "multi"]
SIZE = 22
# So many pixels of an icon of 22 by 22 must differ by so much: seen at a glance.
LEAST_PIXELS, LEAST_STEP = 16, 32


@dataclass(frozen=True)
class Shown:
    tooltip: list[str]
    menu: list[str]
    first: list[str]
    pixels: bytes


def look_at(item: Item, *, several: bool) -> Shown:
    """Look at an icon once the portal has answered."""
    wait_until(lambda: "asking" not in item.tooltip, 20)
    wait_for_answer(item)
    if several:  # the list of stations comes after the first reading
        wait_until(lambda: "Station" in labels(item))
    return Shown(
        tooltip=item.tooltip.splitlines(),
        menu=labels(item),
        first=first_lines(item),
        pixels=item.icon_pixmaps[SIZE],
    )


@pytest.fixture(scope="module")
def shown(whole_desktop: Desktop) -> Iterator[dict[str, Shown]]:
    """Start a demo of every scenario, side by side, and look at them."""
    apps = {scenario: start_demo(whole_desktop, scenario) for scenario in WORDS}
    found = {}
    for scenario, app in apps.items():
        item = whole_desktop.item(app, 20)
        found[scenario] = look_at(item, several=scenario == "multi")
    wait_until(lambda: len(whole_desktop.icons_on_panel()) == len(WORDS), 20)
    whole_desktop.screenshot(whole_desktop.folder / "scenarios.png")
    yield found
    assert [app.exit_code for app in apps.values()] == [None] * len(apps)
    assert {app.stderr for app in apps.values()} == {""}
    whole_desktop.stop_apps()
    wait_until(lambda: not whole_desktop.items())


@pytest.mark.parametrize("scenario", WORDS)
def test_every_scenario_is_named_in_the_first_line(shown, scenario):
    assert shown[scenario].tooltip[0].startswith(f"DEMO · {WORDS[scenario]}")
    assert shown[scenario].first == shown[scenario].tooltip


def test_a_battery_is_shown_only_where_one_is_fitted(shown):
    with_battery = {
        scenario
        for scenario, it in shown.items()
        if any("Battery" in line for line in it.tooltip)
    }
    assert with_battery == {"day", "night", "multi", "fault", "grid-lost", "silent"}


def test_what_was_measured_is_still_shown_when_the_station_is_silent(shown):
    assert "ago)" in shown["silent"].tooltip[-1]
    assert shown["silent"].tooltip[1].startswith("Battery ")
    assert shown["night"].tooltip[1].endswith("PV 0 kW")  # the battery gives more


def test_only_several_stations_can_be_chosen_from(shown):
    assert [it for it in shown if "Station" in shown[it].menu] == ["multi"]


def test_the_menu_says_for_how_long_the_portal_asked_for_a_pause(shown):
    assert any(it.startswith("Refresh possible in ") for it in shown["throttled"].menu)
    assert "Refresh now" in shown["refused"].menu


def grey(argb: bytes, ground: int) -> list[int]:
    """Return the icon as a colour-blind eye sees it on a panel of this lightness."""
    quads = zip(argb[0::4], argb[1::4], argb[2::4], argb[3::4], strict=True)
    return [
        round((a * (0.299 * r + 0.587 * g + 0.114 * b) + (255 - a) * ground) / 255)
        for a, r, g, b in quads
    ]


@pytest.mark.parametrize(("one", "other"), [*combinations(SHAPES, 2)])
def test_no_two_scenarios_look_alike_even_without_colour(shown, one, other):
    pairs = zip(grey(shown[one].pixels, 34), grey(shown[other].pixels, 34), strict=True)
    clear = sum(abs(a - b) >= LEAST_STEP for a, b in pairs)
    assert clear >= LEAST_PIXELS


def test_several_stations_look_like_the_first_of_them(shown):
    assert shown["multi"].pixels == shown["day"].pixels
