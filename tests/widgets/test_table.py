"""The small table: a row cursor, and what is copied."""

import pytest
from PySide6.QtCore import QPointF, Qt
from PySide6.QtWidgets import QVBoxLayout, QWidget

from sems_tray.domain.device_tables import Grid, strings
from sems_tray.domain.model import PvString
from sems_tray.widgets.table import Table


def grid_of(*found: PvString) -> Grid:
    made = strings(found)
    assert made is not None
    return made


GRID = grid_of(
    PvString(name="1", v=365.1, a=4.3, w=1570.0),
    PvString(name="2", v=371.0, a=4.4, w=1632.0),
)


@pytest.fixture
def table(qtbot):
    made = Table()
    qtbot.addWidget(made)
    made.show_grid(GRID, owner="Roof")
    made.resize(400, made.sizeHint().height())
    with qtbot.waitExposed(made):
        made.show()
    return made


def press(qtbot, table, *keys):
    for key in keys:
        qtbot.keyClick(table, key)


def test_the_whole_table_is_copied_until_a_row_is_chosen(table, qtbot):
    assert (
        table.copy_text == "String\tV\tA\tW\n1\t365.1\t4.3\t1,570\n2\t371.0\t4.4\t1,632"
    )
    press(qtbot, table, Qt.Key.Key_Down, Qt.Key.Key_Down)
    assert table.copy_text == "2\t371.0\t4.4\t1,632"
    assert table.accessibleDescription() == "String 2: 371.0 V, 4.4 A, 1,632 W"


def test_the_cursor_stops_at_both_ends(table, qtbot):
    press(qtbot, table, *[Qt.Key.Key_Down] * 5)
    assert table.current_row == 1
    press(qtbot, table, *[Qt.Key.Key_Up] * 5)
    assert table.current_row == -1


def test_the_value_under_a_point_is_found_in_both_directions(table):
    line = table.height() / 3
    assert table.value_at(QPointF(390, line * 1.5)) == "1,570"
    assert table.value_at(QPointF(10, line * 2.5)) == "2"
    assert table.value_at(QPointF(390, line * 0.5)) == ""
    table.setLayoutDirection(Qt.LayoutDirection.RightToLeft)
    assert table.value_at(QPointF(390, line * 2.5)) == "2"
    assert table.value_at(QPointF(20, line * 1.5)) == "1,570"


def test_a_screen_reader_hears_whose_table_it_is_and_every_row(table):
    assert table.accessibleName() == "Strings of Roof"
    assert table.accessibleDescription() == (
        "String 1: 365.1 V, 4.3 A, 1,570 W; String 2: 371.0 V, 4.4 A, 1,632 W"
    )


def test_new_numbers_keep_the_chosen_row(table, qtbot):
    press(qtbot, table, Qt.Key.Key_Down)
    table.show_grid(grid_of(PvString(name="1", v=1.0), PvString(name="2")))
    assert table.current_row == 0
    table.show_grid(grid_of(PvString(name="1", v=1.0)))
    assert table.copy_text == "1\t1.0"


def test_a_narrow_table_asks_for_no_more_width(qtbot):
    page = QWidget()
    qtbot.addWidget(page)
    narrow = Table()
    QVBoxLayout(page).addWidget(narrow)
    narrow.show_grid(GRID)
    page.resize(120, 200)
    assert page.minimumSizeHint().width() <= 120
    assert not page.grab().isNull()
