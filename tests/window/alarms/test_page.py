"""The page "Alarms": one is found, opened, marked and copied."""

from datetime import timedelta
from zoneinfo import ZoneInfo

import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QPushButton

from sems_tray.domain.energy import NotificationRecord
from sems_tray.window.alarms.page import AlarmsPage
from sems_tray.window.alarms.view_model import alarms_view
from tests.kit.readings import NOW, alarm, reading

HOME = ZoneInfo("Europe/Amsterdam")
HOUR = timedelta(hours=1)
ACTIVE = alarm(id="now", name="Utility Loss", code="E-G3-0-9", happened_at=NOW - HOUR)
PAST = tuple(
    alarm(id=f"a{n}", active=False, happened_at=NOW - n * HOUR, recovered_at=NOW)
    for n in range(1, 21)
)
TOLD = NotificationRecord(
    station="p", topic="low", at=NOW, title="Battery low", text="18 %."
)


@pytest.fixture
def page(qtbot):
    made = AlarmsPage()
    qtbot.addWidget(made)
    made.resize(440, 400)
    with qtbot.waitExposed(made):
        made.show()
    return made


def view(*alarms, notices=(TOLD,), now=NOW):
    return alarms_view(reading(alarms=alarms), (), notices, now, HOME)


def copied():
    return QGuiApplication.clipboard().text()


def test_what_holds_is_open_and_what_is_over_is_folded(page, qtbot):
    page.show_view(view(ACTIVE, *PAST))
    panels = page.panels()
    assert [it.opened for it in panels] == [True, *[False] * 21]
    # Who hears the page hears all, folded or not.
    assert panels[1].accessibleName().endswith(panels[1]._row.explanation)
    qtbot.mouseClick(panels[1], Qt.MouseButton.LeftButton, pos=QPoint(30, 12))
    assert panels[1].opened
    qtbot.keyClick(panels[1], Qt.Key.Key_Space)
    assert not panels[1].opened


@pytest.mark.parametrize("hidden", [False, True])
def test_an_alarm_that_is_asked_for_is_opened_marked_and_in_view(page, qtbot, hidden):
    page.setHidden(hidden)
    page.show_view(view(ACTIVE, *PAST))
    assert page.select("a18")
    page.show()
    chosen = page.part("alarm a18")
    assert chosen.opened
    assert [it for it in page.panels() if it._marked] == [chosen]

    def visible():
        top = chosen.mapTo(page.viewport(), QPoint(0, 0)).y()
        return top >= 0 and top + chosen.height() <= page.viewport().height()

    qtbot.waitUntil(visible)
    assert page.focusWidget() is chosen


def test_an_alarm_that_is_not_there_yet_is_awaited(page):
    assert not page.select("now")
    page.show_view(view())
    page.show_view(view(ACTIVE))
    assert page.part("alarm now")._marked


def test_a_poll_keeps_what_is_open_focused_and_in_view(page, qtbot):
    page.show_view(view(ACTIVE, *PAST))
    page.select("a18")
    chosen = page.part("alarm a18")
    qtbot.waitUntil(lambda: page.verticalScrollBar().value() > 0)
    at = page.verticalScrollBar().value()
    page.show_view(view(ACTIVE, *PAST, now=NOW + timedelta(minutes=1)))
    qtbot.wait(20)
    assert page.part("alarm a18") is chosen
    assert chosen.opened
    assert page.focusWidget() is chosen
    assert page.verticalScrollBar().value() == at


def test_button_menu_and_key_copy_the_alarm(page, qtbot):
    page.show_view(view(ACTIVE))
    panel = page.panels()[0]
    button = panel.findChild(QPushButton)
    qtbot.mouseClick(button, Qt.MouseButton.LeftButton)
    assert copied().startswith("Alarm: Utility Loss\nCode: E-G3-0-9\n")
    assert button.text() == "Copied"
    qtbot.wait(20)  # the layout comes with the next events
    menu = page.menu(panel.mapTo(page, QPoint(20, 12)))
    labels = [it.text() for it in menu.actions()]
    assert labels == ["Copy", "Copy for installer", "Copy all"]
    menu.actions()[0].trigger()
    assert copied().startswith("Utility Loss (fault)\nsince 10:45")
    QGuiApplication.clipboard().clear()
    page.activateWindow()
    button.setFocus()
    qtbot.waitUntil(button.hasFocus)
    qtbot.keyClick(button, Qt.Key.Key_C, Qt.KeyboardModifier.ControlModifier)
    assert copied() == panel.copy_text


def test_a_notice_has_nothing_for_the_installer(page, qtbot):
    page.show_view(view())
    qtbot.wait(20)
    (panel,) = page.panels()
    panel.set_open(opened=True)
    assert panel.findChild(QPushButton).isHidden()
    labels = [it.text() for it in page.menu(panel.mapTo(page, QPoint(9, 9))).actions()]
    assert labels == ["Copy", "Copy all"]


@pytest.mark.parametrize("pixels", [9, 26])
def test_nothing_is_wider_than_the_page(page, qtbot, pixels):
    font = page.font()
    font.setPixelSize(pixels)
    page.setFont(font)
    long = alarm(name="W" * 200, device_name="D" * 200, happened_at=NOW)
    page.show_view(view(long, *PAST))
    qtbot.wait(20)
    assert page.widget().width() <= page.viewport().width()


def test_an_active_alarm_can_be_known_and_told_again(page, qtbot):
    def known(as_known):
        page.show_view(
            alarms_view(reading(alarms=(ACTIVE,)), (), (), NOW, HOME, as_known)
        )
        return page.panels()[0].findChild(QPushButton, "known")

    for so_far, words in ((False, "I know of it"), (True, "Tell me again")):
        button = known({"now": so_far})
        assert button.text() == words
        with qtbot.waitSignal(page.known_wanted, timeout=0) as wish:
            button.click()
        assert wish.args == ["now", not so_far]
    assert not known({}).isVisible()
