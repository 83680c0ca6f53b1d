"""The page "Devices": cards that stay, and what is copied from them."""

from dataclasses import replace

import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtGui import QGuiApplication

from sems_tray.domain.model import BatteryPack, Phase, PvString
from sems_tray.window.devices.page import DevicePanel, DevicesPage
from sems_tray.window.devices.view_model import devices_view
from tests.kit.readings import NOW, alarm, by_day, inverter, reading

EIGHT = tuple(
    inverter(
        sn=f"9010KETU20W000{n}",
        name=f"Roof {n}",
        model="GW10K-ET",
        power_w=1000.0 + n,
        strings=(PvString(name="1", v=365.1, a=4.3, w=1570.0),),
        phases=(Phase(name="1", v=233.1, a=4.5, hz=50.01),),
    )
    for n in range(8)
)


@pytest.fixture
def page(qtbot):
    made = DevicesPage()
    qtbot.addWidget(made)
    made.resize(440, 560)
    with qtbot.waitExposed(made):
        made.show()
    return made


def view(*inverters, **more):
    return devices_view(reading(inverters=inverters, **more), NOW, by_day)


def panels(page):
    return page.widget().findChildren(DevicePanel)


def copied():
    return QGuiApplication.clipboard().text()


def copy(qtbot, widget):
    qtbot.keyClick(widget, Qt.Key.Key_C, Qt.KeyboardModifier.ControlModifier)
    return copied()


def focus(qtbot, widget):
    widget.window().activateWindow()
    widget.setFocus()
    qtbot.waitUntil(widget.hasFocus)


def test_ctrl_c_copies_the_card_the_row_or_the_table_that_has_the_focus(page, qtbot):
    page.show_view(view(EIGHT[0]))
    panel = panels(page)[0]
    focus(qtbot, panel)
    assert copy(qtbot, panel).startswith("Roof 0 · GW10K-ET · 9010KETU20W0000\nState")
    table = panel.tables[0]
    focus(qtbot, table)
    assert copy(qtbot, table) == "String\tV\tA\tW\n1\t365.1\t4.3\t1,570"
    qtbot.keyClick(table, Qt.Key.Key_Down)
    assert copy(qtbot, table) == "1\t365.1\t4.3\t1,570"


def test_the_menu_copies_the_value_the_table_and_the_serial_number(page, qtbot):
    page.show_view(view(EIGHT[0]))
    qtbot.wait(20)  # the layout comes with the next events
    table = panels(page)[0].tables[0]
    at = table.mapTo(page, QPoint(table.width() - 12, table.height() - 8))
    actions = {it.text(): it for it in page.menu(at).actions()}
    assert list(actions) == [
        "Copy value",
        "Copy table",
        "Copy serial number",
        "Copy device",
        "Copy all",
    ]
    actions["Copy value"].trigger()
    assert copied() == "1,570"
    actions["Copy serial number"].trigger()
    assert copied() == "9010KETU20W0000"


def test_a_poll_keeps_widgets_focus_row_and_place(page, qtbot):
    page.show_view(view(*EIGHT))
    before = panels(page)
    qtbot.wait(50)
    table = before[6].tables[1]
    focus(qtbot, table)
    qtbot.keyClick(table, Qt.Key.Key_Down)
    page.verticalScrollBar().setValue(700)
    later = tuple(replace(it, power_w=2222.0) for it in EIGHT)
    page.show_view(view(*later))
    qtbot.wait(20)
    assert panels(page) == before
    assert "2.22 kW" in before[0].accessibleName()
    assert table.hasFocus()
    assert table.current_row == 0
    assert page.verticalScrollBar().value() == 700


def test_a_device_that_comes_leaves_the_others_alone(page, qtbot):
    page.show_view(view(EIGHT[1], battery=None))
    (panel,) = panels(page)
    focus(qtbot, panel)
    page.show_view(view(EIGHT[0], EIGHT[1], packs=(BatteryPack(sn="B"),)))
    assert panel.hasFocus()
    page.show_view(view(EIGHT[1], battery=None))
    qtbot.waitUntil(lambda: panels(page) == [panel])
    assert panel.hasFocus()


def test_tab_goes_from_top_to_bottom(page, qtbot):
    page.show_view(view(EIGHT[1]))
    page.show_view(view(EIGHT[0], EIGHT[1], battery=None))
    first, second = (page.part(f"inverter {it.sn}") for it in EIGHT[:2])
    focus(qtbot, first)
    for stop in (*first.tables, second, *second.tables):
        qtbot.keyClick(page.window().focusWidget(), Qt.Key.Key_Tab)
        assert stop.hasFocus()


@pytest.mark.parametrize("pixels", [9, 26])
def test_nothing_is_wider_than_the_page(page, qtbot, pixels):
    font = page.font()
    font.setPixelSize(pixels)
    page.setFont(font)
    endless = inverter(name="N" * 60, model="M" * 60, firmware="F" * 60)
    wrong = alarm(name="W" * 300, device_sn="S1")
    page.show_view(view(endless, *EIGHT, alarms=(wrong,)))
    qtbot.wait(20)
    assert page.widget().width() <= page.viewport().width()


def test_the_portals_words_are_plain_text(page):
    wrong = alarm(name="<b>Fan</b>", device_sn="S1")
    page.show_view(view(inverter(), alarms=(wrong,)))
    label = panels(page)[0]._trouble
    assert label.textFormat() is Qt.TextFormat.PlainText
    assert label.text().startswith("<b>Fan</b>. ")


def test_nothing_known_is_a_sentence_and_then_cards(page):
    page.show_view(devices_view(None, NOW, by_day))
    assert page.part("message").accessibleName() == "Waiting for the first reading …"
    page.show_view(view(EIGHT[0]))
    assert page.part("message") is None
