"""The settings window: its pages, its keys, and what becomes of what is half typed."""

from __future__ import annotations

from dataclasses import replace

import msgspec
import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QColor, QPalette
from PySide6.QtWidgets import (
    QAbstractButton,
    QAbstractSpinBox,
    QApplication,
    QComboBox,
    QDoubleSpinBox,
    QLineEdit,
    QPushButton,
    QWidget,
)

from sems_tray.settings.form import value_of
from sems_tray.settings.window import Tab
from sems_tray.storage.settings import AlertSettings, QuietSettings, Settings, changed
from sems_tray.tray.view_model import IconMode
from tests.settings.test_pages import INFO, USUAL, Told, field, opened, shown

UNUSUAL = Settings(
    station="2",
    unwatched=("s9",),
    dialect="classic",
    live_minutes=7.5,
    icon="pv",
    alerts=AlertSettings(
        off=("portal", "silent"),
        low_percent=30,
        critical_percent=15,
        low_each_time=True,
        full_percent=90,
        portal_minutes=90,
        quiet=QuietSettings(on=True, start="20:05", end="08:00", weekdays=(6,)),
    ),
    import_price=0.31,
    export_price=0.0,
    currency="CHF",
    reserve_percent=12.5,
    latitude=-33.8688,
    longitude=151.209296,
    language="pt",
    temperature="F",
    motion=False,
    start_hidden=False,
)
# Of the program itself, or edited in the file alone; the station has a field, no row.
WITHOUT_ROW = {"version", "account", "station", "region", "window", "release_feed"}


@pytest.fixture
def window(qtbot):
    return opened(qtbot)


@pytest.fixture
def told(window):
    return Told(window)


def settings_in(kind, inside="") -> set[str]:
    """Return the names of all settings, those of the parts among them."""
    found = set()
    for it in msgspec.structs.fields(kind):
        is_part = isinstance(it.type, type) and issubclass(it.type, msgspec.Struct)
        name = f"{inside}{it.name}"
        found |= settings_in(it.type, f"{name}.") if is_part else {name}
    return found


def test_the_unusual_settings_differ_everywhere():
    same = {
        it
        for it in settings_in(Settings)
        if value_of(USUAL, it) == value_of(UNUSUAL, it)
    }
    assert same == WITHOUT_ROW - {"station"}


def test_each_setting_has_a_row(window):
    rows = {it.setting for tab in Tab for it in window.made(tab).form.rows}
    assert rows == settings_in(Settings) - WITHOUT_ROW


@pytest.mark.parametrize("made_before", [True, False])
def test_what_is_shown_is_told_back_as_it_was(window, told, made_before):
    tabs = list(Tab)
    if made_before:
        for tab in tabs:
            window.made(tab)
    told.from_outside(UNUSUAL)
    for tab in tabs:
        window.open(tab)
    assert told.values == []
    field(window, QAbstractButton, "motion").click()
    assert told.once == changed(UNUSUAL, motion=True)


def test_news_do_not_disturb_who_is_typing(window, told, qtbot):
    window.open(Tab.GENERAL)
    edit = field(window, QLineEdit, "import_price")
    qtbot.keyClicks(edit, "0.3")
    window.show_info(replace(INFO, requests_today=97))
    told.from_outside(changed(USUAL, motion=False))
    qtbot.keyClicks(edit, "1")
    qtbot.keyClick(edit, Qt.Key.Key_Return)
    assert told.once.import_price == 0.31


def test_two_pages_do_not_undo_each_other(window, told):
    window.made(Tab.POLLING)
    window.made(Tab.GENERAL)
    field(window, QDoubleSpinBox, "live_minutes").setValue(5)
    field(window, QAbstractButton, "motion").click()
    assert told.values[-1] == changed(USUAL, live_minutes=5.0, motion=False)


def test_a_note_stands_above_every_page(window):
    note = "The settings come from a newer version; they are used but not changed."
    assert note not in shown(window)
    window.show_info(replace(INFO, note=note))
    for tab in Tab:
        window.open(tab)
        assert note in shown(window)


# -- keys --------------------------------------------------------------------------


def test_keys_go_round_the_pages(window, qtbot):
    seen = []
    for _ in Tab:
        seen.append(window.page())
        qtbot.keyClick(window, Qt.Key.Key_Tab, Qt.KeyboardModifier.ControlModifier)
    assert seen == list(Tab)
    assert window.page() is Tab.ACCOUNT
    qtbot.keyClick(window, Qt.Key.Key_PageUp, Qt.KeyboardModifier.ControlModifier)
    assert window.page() is Tab.ABOUT


def test_arrows_go_through_the_list_of_pages(window, qtbot):
    window._nav.setFocus()
    qtbot.keyClick(window._nav, Qt.Key.Key_Down)
    assert window.page() is Tab.POLLING
    assert window._stack.currentWidget() is window.made(Tab.POLLING)
    qtbot.keyClick(window._nav, Qt.Key.Key_End)
    assert window.page() is Tab.ABOUT


@pytest.mark.parametrize("tab", Tab)
def test_tab_reaches_every_field_of_a_page_and_each_has_a_name(window, qtbot, tab):
    window.open(tab)
    page = window.made(tab)
    wanted = {
        it
        for it in page.findChildren(QWidget)
        if it.focusPolicy() & Qt.FocusPolicy.TabFocus
        and it.isVisibleTo(page)
        and it.isEnabled()
        and not isinstance(it.parent(), (QAbstractSpinBox, QComboBox))
        and not (isinstance(it, QAbstractButton) and it.autoExclusive())
    }
    window._nav.setFocus()
    reached = set()
    for _ in range(60):
        qtbot.keyClick(QApplication.focusWidget(), Qt.Key.Key_Tab)
        reached.add(QApplication.focusWidget())
    assert wanted - reached == set()
    assert field(window, QPushButton, "close") in reached
    nameless = {
        (type(it).__name__, it.objectName())
        for it in wanted
        if not it.accessibleName() and not (isinstance(it, QPushButton) and it.text())
    }
    assert nameless == set()


def test_space_switches_and_arrows_choose(window, told, qtbot):
    window.open(Tab.GENERAL)
    switch = field(window, QAbstractButton, "motion")
    switch.setFocus()
    qtbot.keyClick(switch, Qt.Key.Key_Space)
    box = field(window, QComboBox, "language")
    qtbot.keyClick(box, Qt.Key.Key_Down)
    window.open(Tab.ICON)
    first = field(window, QAbstractButton, "icon_auto")
    first.setFocus()
    qtbot.keyClick(first, Qt.Key.Key_Down)
    assert [(it.motion, it.language, IconMode(it.icon)) for it in told.values] == [
        (False, "", IconMode.AUTO),
        (False, "cs", IconMode.AUTO),
        (False, "cs", IconMode.BATTERY),
    ]


# -- closing -----------------------------------------------------------------------


def test_escape_closes_and_what_was_typed_well_is_kept(window, told, qtbot):
    window.open(Tab.GENERAL)
    edit = field(window, QLineEdit, "reserve_percent")
    edit.setFocus()
    qtbot.keyClicks(edit, "25")
    qtbot.keyClick(edit, Qt.Key.Key_Escape)
    assert not window.isVisible()
    assert told.once == changed(USUAL, reserve_percent=25.0)


def test_what_cannot_be_is_gone_when_the_window_opens_again(window, told, qtbot):
    window.made(Tab.ALERTS)
    window.open(Tab.GENERAL)
    edit = field(window, QLineEdit, "latitude")
    edit.setFocus()
    qtbot.keyClicks(edit, "52")
    field(window, QDoubleSpinBox, "critical_percent").setValue(50)
    field(window, QPushButton, "close").click()
    assert told.values == []
    window.open()
    assert edit.text() == ""
    assert field(window, QDoubleSpinBox, "critical_percent").value() == 10
    assert not any("missing" in it or "must not" in it for it in shown(window))


# -- looks -------------------------------------------------------------------------


def test_the_list_of_pages_makes_room_in_a_narrow_window(window, qtbot):
    assert window._nav.isVisible()
    assert not window._short.isVisible()
    window.resize(440, 600)
    assert not window._nav.isVisible()
    assert window._short.isVisible()
    window._short.setFocus()
    qtbot.keyClick(window._short, Qt.Key.Key_Down)
    assert window.page() is Tab.POLLING
    window.resize(800, 600)
    assert window._nav.isVisible()
    assert window._nav.currentRow() == 1


@pytest.mark.parametrize("ground", ["#ffffff", "#1a1d22", "#000000"])
@pytest.mark.parametrize(
    "way", [Qt.LayoutDirection.LeftToRight, Qt.LayoutDirection.RightToLeft]
)
def test_every_look_can_be_painted(window, ground, way):
    window.setPalette(QPalette(QColor(ground)))
    window.setLayoutDirection(way)
    for tab in Tab:
        window.open(tab)
        picture = window.grab().toImage()
        assert picture.pixelColor(2, picture.height() - 2) == QColor(ground)
