"""The page "Now": tiles that reflow, a battery, and values to copy."""

from __future__ import annotations

import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtGui import QGuiApplication

from sems_tray.domain.battery_forecast import Estimate
from sems_tray.widgets.cards import Chip
from sems_tray.widgets.theme import ColourRole
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


def test_before_the_first_reading_it_is_the_picture_alone(page):
    page.show_view(now_view(None, NOW, by_day))
    assert not part(page, BatteryPanel).isVisible()
    assert part(page, TileGrid).isHidden()


def test_everything_has_a_name_for_those_who_hear_it(page):
    assert part(page, BatteryPanel).accessibleName() == (
        "Battery 76 %, charging at 1.20 kW, Full about 14:10, reserve 20 %"
    )
    names = [it.accessibleName() for it in part(page, TileGrid).cards]
    assert names[0] == "Solar today 18.4 kWh"


def test_everything_can_be_reached_by_keyboard(page):
    kinds = (FlowView, BatteryPanel, TileCard)
    assert all(part(page, it).focusPolicy() & Qt.FocusPolicy.TabFocus for it in kinds)


def test_an_equal_view_paints_nothing(page, qtbot, monkeypatch):
    card = part(page, TileGrid).cards[0]
    monkeypatch.setattr(card, "show_tile", lambda _: pytest.fail("shown again"))
    page.show_view(
        now_view(reading(), NOW, by_day, estimate=ESTIMATE, reserve_percent=20.0)
    )


@pytest.mark.parametrize(
    ("count", "room", "columns"),
    [
        (9, 5, 3),
        (8, 5, 4),
        (9, 4, 3),
        (8, 4, 4),
        (7, 4, 4),
        (5, 4, 3),
        (3, 9, 3),
        (9, 1, 1),
    ],
)
def test_tiles_stand_in_even_rows(qtbot, count, room, columns):
    grid = TileGrid()
    qtbot.addWidget(grid)
    grid.show_tiles(tiles(count))
    width = room * (grid.cards[0].sizeHint().width() + 8) - 8
    assert grid.columns(width) == columns
    grid.resize(width, grid.heightForWidth(width))
    grid.grab()  # lays out what was never shown
    inside = grid.rect()
    for number, card in enumerate(grid.cards):
        assert inside.contains(card.geometry())
        assert card.width() >= card.sizeHint().width()
        for other in grid.cards[number + 1 :]:
            assert not card.geometry().intersects(other.geometry())


def test_tiles_come_and_go(qtbot):
    grid = TileGrid()
    qtbot.addWidget(grid)
    grid.show_tiles(tiles(9))
    kept = grid.cards[:2]
    grid.show_tiles(tiles(2))
    assert grid.cards == kept
    grid.show_tiles(())
    assert grid.heightForWidth(400) == 0


def test_a_larger_font_needs_more_room_and_cuts_nothing(page):
    before = page.minimumSizeHint().width()
    font = page.font()
    font.setPointSizeF(font.pointSizeF() * 2)
    page.setFont(font)
    assert page.minimumSizeHint().width() > 1.6 * before


def test_the_value_under_the_mouse_can_be_copied(page):
    card = part(page, TileGrid).cards[0]
    assert page.value_at(middle(page, card)) == "18.4 kWh"
    assert page.value_at(middle(page, part(page, BatteryPanel))).startswith(
        "Battery 76"
    )
    flow = part(page, FlowView)
    flow.grab()
    top = flow.mapTo(page, QPoint(flow.width() // 2, 60))
    assert page.value_at(top) == "3.21 kW"
    assert page.value_at(QPoint(1, 1)) == ""


def test_the_menu_copies_one_value_or_all(page):
    card = part(page, TileGrid).cards[0]
    one, every = page.menu(middle(page, card)).actions()
    one.trigger()
    assert QGuiApplication.clipboard().text() == "18.4 kWh"
    every.trigger()
    lines = QGuiApplication.clipboard().text().splitlines()
    assert lines[0] == "Solar 3.21 kW"
    assert "Solar today: 18.4 kWh" in lines
    assert not page.menu(QPoint(1, 1)).actions()[0].isEnabled()


def test_an_unknown_value_is_not_copied(page):
    page.show_view(now_view(None, NOW, by_day))
    flow = part(page, FlowView)
    flow.grab()
    centre = flow._layout.centres[flow._picture.nodes[0].part].toPoint()
    assert page.value_at(flow.mapTo(page, centre)) == ""


def test_old_values_are_painted_otherwise(page):
    panel = part(page, BatteryPanel)
    fresh = panel.grab().toImage()
    page.show_view(now_view(reading(), MEASURED + 60 * MINUTE, by_day))
    assert panel.grab().toImage() != fresh


def test_a_chip_is_as_wide_as_its_words(qtbot):
    chip = Chip()
    qtbot.addWidget(chip)
    chip.show_state("All well", ColourRole.BATTERY)
    short = chip.sizeHint().width()
    chip.show_state("No report since 11:42", ColourRole.ALARM)
    assert chip.sizeHint().width() > short
    assert chip.accessibleName() == "No report since 11:42"
    assert not chip.grab().isNull()
