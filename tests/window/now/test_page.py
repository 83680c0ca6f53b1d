"""The page "Now": tiles that reflow, a battery, and values to copy."""

from __future__ import annotations

from itertools import combinations

import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtGui import QGuiApplication

from sems_tray.domain.battery_forecast import Estimate
from sems_tray.window.now.flow_view import FlowView
from sems_tray.window.now.page import BatteryPanel, NowPage, TileCard, TileGrid
from sems_tray.window.now.view_model import Tile, now_view
from tests.kit.readings import MEASURED, MINUTE, NOW, by_day, reading
from tests.kit.scenes import page as view_of

ESTIMATE = Estimate(at=NOW + 144 * MINUTE, target_percent=100.0, charging=True)
VIEW = now_view(reading(), NOW, by_day, estimate=ESTIMATE, reserve_percent=20.0)
SCENARIOS = ["day", "night", "pv-only", "multi", "fault", "grid-lost", "silent"]


@pytest.fixture
def page(qtbot):
    page = NowPage()
    qtbot.addWidget(page)
    page.show_view(VIEW)
    page.resize(480, 680)
    page.show()
    qtbot.waitExposed(page)
    return page


def part(page, kind):
    found = page.findChild(kind)
    assert isinstance(found, kind)
    return found


def middle(page, widget) -> QPoint:
    centre: QPoint = widget.mapTo(page, widget.rect().center())
    return centre


def tiles(count):
    return tuple(
        Tile(label=f"Label {n}", number="1.0", unit="kWh") for n in range(count)
    )


def test_the_page_has_a_name_and_gives_the_focus_to_its_picture(page, qtbot):
    assert page.accessibleName() == "Now"
    page.activateWindow()
    with qtbot.waitActive(page):
        pass
    page.setFocus(Qt.FocusReason.ShortcutFocusReason)
    assert part(page, FlowView).hasFocus()


@pytest.mark.parametrize("name", SCENARIOS)
def test_every_scenario_has_its_page(page, name):
    view = view_of(name)
    page.show_view(view)
    assert part(page, BatteryPanel).isVisible() == (view.battery is not None)
    assert len(part(page, TileGrid).cards) == len(view.tiles)
    assert page.all_text().startswith("Solar")
    assert not page.grab().isNull()


def test_an_equal_view_paints_nothing(page, monkeypatch):
    card = part(page, TileCard)
    monkeypatch.setattr(card, "show_tile", lambda _: pytest.fail("shown again"))
    page.show_view(
        now_view(reading(), NOW, by_day, estimate=ESTIMATE, reserve_percent=20.0)
    )


@pytest.mark.parametrize(
    ("count", "room", "columns"),
    [(9, 5, 3), (8, 5, 4), (9, 4, 3), (7, 4, 4), (5, 4, 3), (3, 9, 3), (9, 1, 1)],
)
def test_tiles_stand_in_even_rows(qtbot, count, room, columns):
    grid = TileGrid()
    qtbot.addWidget(grid)
    grid.show_tiles(tiles(9))
    kept = grid.cards[:count]
    grid.show_tiles(tiles(count))
    assert grid.cards == kept
    width = room * (grid.cards[0].sizeHint().width() + 8) - 8
    assert grid.columns(width) == columns
    grid.resize(width, grid.heightForWidth(width))
    grid.grab()  # lays out what was never shown
    for card in grid.cards:
        assert grid.rect().contains(card.geometry())
        assert card.width() >= card.sizeHint().width()
    for one, other in combinations(grid.cards, 2):
        assert not one.geometry().intersects(other.geometry())


def test_a_larger_font_needs_more_room_and_cuts_nothing(page):
    before = page.minimumSizeHint().width()
    font = page.font()
    font.setPointSizeF(font.pointSizeF() * 2)
    page.setFont(font)
    assert page.minimumSizeHint().width() > 1.6 * before


def test_the_value_under_the_mouse_or_all_can_be_copied(page):
    card, panel, flow = (part(page, it) for it in (TileCard, BatteryPanel, FlowView))
    assert page.value_at(middle(page, panel)) == panel.accessibleName()
    flow.grab()
    assert page.value_at(flow.mapTo(page, QPoint(flow.width() // 2, 60))) == "3.21 kW"
    one, every = page.menu(middle(page, card)).actions()
    one.trigger()
    assert QGuiApplication.clipboard().text() == "18.4 kWh"
    every.trigger()
    lines = QGuiApplication.clipboard().text().splitlines()
    assert lines[0] == "Solar 3.21 kW"
    assert {"Solar today: 18.4 kWh", panel.accessibleName()} <= set(lines)
    assert not page.menu(QPoint(1, 1)).actions()[0].isEnabled()


def test_before_the_first_reading_there_is_the_picture_and_nothing_to_copy(page):
    page.show_view(now_view(None, NOW, by_day))
    assert not part(page, BatteryPanel).isVisible()
    assert part(page, TileGrid).isHidden()
    flow = part(page, FlowView)
    flow.grab()
    centre = flow._layout.centres[flow._picture.nodes[0].part].toPoint()
    assert page.value_at(flow.mapTo(page, centre)) == ""


def test_everything_can_be_heard_and_reached_by_keyboard(page):
    assert part(page, BatteryPanel).accessibleName() == (
        "Battery 76 %, charging at 1.20 kW, Full about 14:10, reserve 20 %"
    )
    assert part(page, TileCard).accessibleName() == "Solar today 18.4 kWh"
    for kind in (FlowView, BatteryPanel, TileCard):
        assert part(page, kind).focusPolicy() & Qt.FocusPolicy.TabFocus


def test_old_values_are_painted_otherwise(page):
    panel = part(page, BatteryPanel)
    fresh = panel.grab().toImage()
    page.show_view(now_view(reading(), MEASURED + 60 * MINUTE, by_day))
    assert panel.grab().toImage() != fresh
