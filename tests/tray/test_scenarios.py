"""Each thing that can be wrong has a shape and words of its own (design, section 4)."""

from __future__ import annotations

from dataclasses import replace
from functools import partial
from itertools import combinations
from typing import TYPE_CHECKING

import pytest
from PySide6.QtGui import QImage

from sems_tray.daylight.sun import is_dark
from sems_tray.domain.poll_result import PollFailed
from sems_tray.polling.snapshot import MonitorSnapshot
from sems_tray.tray.icon_painter import Panel, pixmap
from sems_tray.tray.view_model import TrayInputs, tray_view
from tests.kit.scenes import AT, outcome, scene

if TYPE_CHECKING:
    from PySide6.QtGui import QColor

    from sems_tray.tray.view_model import TrayView

pytestmark = pytest.mark.usefixtures("qapp")

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
SIZE, GROUND = 22, 34
# So many pixels of an icon of 22 by 22 must differ by so much: seen at a glance.
LEAST_PIXELS, LEAST_STEP = 16, 32


def shown(scenario: str) -> TrayView:
    """Return what the tray of a demo shows after its first poll."""
    found = outcome(scenario)
    snapshot = MonitorSnapshot(now=AT, demo=True)
    if isinstance(found, PollFailed):
        pause = AT + found.retry_after if found.retry_after else None
        snapshot = replace(snapshot, failed=found, pause_until=pause)
    else:
        given = scene(scenario)
        dark_at = partial(is_dark, given.station)
        snapshot = replace(snapshot, reading=given, dark_at=dark_at)
    return tray_view(TrayInputs(snapshot=snapshot))


@pytest.mark.parametrize("scenario", WORDS)
def test_every_scenario_is_named_in_the_first_line(scenario):
    assert shown(scenario).lines[0].startswith(f"DEMO · {WORDS[scenario]}")


def greys(scenario: str) -> list[int]:
    """Return the icon as a colour-blind eye sees it on a dark panel."""
    found = pixmap(shown(scenario).icon, SIZE, Panel.DARK, 1.0).toImage()
    image = found.convertToFormat(QImage.Format.Format_ARGB32_Premultiplied)

    def grey(x: int, y: int) -> int:
        colour: QColor = image.pixelColor(x, y)
        light = 0.299 * colour.red() + 0.587 * colour.green() + 0.114 * colour.blue()
        return round(light * colour.alphaF() + (1 - colour.alphaF()) * GROUND)

    return [grey(x, y) for y in range(SIZE) for x in range(SIZE)]


def test_no_two_scenarios_look_alike_even_without_colour():
    seen = {scenario: greys(scenario) for scenario in SHAPES}
    for one, other in combinations(SHAPES, 2):
        pairs = zip(seen[one], seen[other], strict=True)
        clear = sum(abs(a - b) >= LEAST_STEP for a, b in pairs)
        assert clear >= LEAST_PIXELS, (one, other)
