"""The tray shows a view and says what the owner wants."""

from __future__ import annotations

import sys

import pytest
from PySide6.QtCore import QPoint, QRect
from PySide6.QtGui import QCursor, QGuiApplication
from PySide6.QtWidgets import QSystemTrayIcon

from sems_tray.domain.model import Station
from sems_tray.tray import tray_icon as module
from sems_tray.tray.icon_painter import Panel
from sems_tray.tray.tray_icon import Tray
from sems_tray.tray.view_model import Badge, Face, IconSpec, TrayView

# The offscreen platform knows no tray, and says so at the first icon.
pytestmark = pytest.mark.qt_log_ignore("systemTrayWindowChanged")

CALM = IconSpec(face=Face.BATTERY, level=76)
FAULT = IconSpec(face=Face.BATTERY, level=76, badge=Badge.FAULT)
LONG = tuple(f"{'a long line' * 5} {number}" for number in range(4))
REASON = QSystemTrayIcon.ActivationReason


def view(*lines: str, icon: IconSpec = CALM) -> TrayView:
    return TrayView(icon=icon, lines=lines or ("Battery 76 %", "House 0.8 kW"))


@pytest.fixture
def tray(qtbot):
    tray = Tray()
    yield tray
    tray.hide()


@pytest.fixture
def sent(tray, monkeypatch):
    """What goes from the tray to the desktop, in order."""
    found: list[str] = []
    for name in ("setIcon", "setToolTip", "show"):
        real = getattr(QSystemTrayIcon, name)

        def noted(self, *args, name=name, real=real):
            found.append(name)
            real(self, *args)

        monkeypatch.setattr(QSystemTrayIcon, name, noted)
    return found


def texts(tray: Tray) -> list[str]:
    actions = [it for it in tray._menu.actions() if it.isVisible()]
    return ["---" if it.isSeparator() else it.text() for it in actions]


def test_lines_stand_in_the_tooltip_and_first_in_the_menu(tray):
    for lines in (("a",), ("a", "b", "c"), ("d", "e")):
        tray.show(view(*lines))
        assert texts(tray)[: len(lines) + 1] == [*lines, "---"]
        assert tray._icon.toolTip() == "\n".join(lines)
    assert not tray._menu.actions()[0].isEnabled()


@pytest.mark.parametrize(
    ("platform", "shown"),
    [("linux", "Tom && Jerry__1"), ("win32", "Tom && Jerry_1")],
)
def test_key_marks_are_escaped_in_the_menu_not_in_the_tooltip(
    tray, monkeypatch, platform, shown
):
    monkeypatch.setattr(sys, "platform", platform)
    tray.show(view("Tom & Jerry_1"))
    assert texts(tray)[0] == shown
    assert tray._icon.toolTip() == "Tom & Jerry_1"
    station = Station(id="1", name="Tom & Jerry_1")
    tray.set_stations((station, Station(id="2")), "1")
    assert [it.text() for it in tray._stations.actions()] == [shown, "2"]


@pytest.mark.parametrize(("platform", "most"), [("win32", 127), ("linux", 999)])
def test_a_tooltip_of_windows_has_127_characters_at_most(
    tray, monkeypatch, platform, most
):
    monkeypatch.setattr(sys, "platform", platform)
    tray.show(view(*LONG))
    said = tray._icon.toolTip()
    assert len(said) <= most
    assert said.splitlines()[0] == LONG[0]
    assert (said == "\n".join(LONG)) == (platform == "linux")


def test_what_did_not_change_is_not_sent_again(tray, sent):
    tray.show(view())
    sent.clear()
    tray.show(view())
    assert sent == []
    tray.show(view("Battery 77 %"))
    assert sent == ["setToolTip"]
    tray.show(view("Battery 77 %", icon=FAULT))
    assert sent == ["setToolTip", "setIcon"]


def test_a_late_tray_gets_a_new_icon_with_all_that_the_old_one_had(tray):
    tray.show(view())
    old = tray._icon
    tray.renew()
    assert tray._icon is not old
    assert tray._icon.isVisible()
    assert tray._icon.toolTip() == "Battery 76 %\nHouse 0.8 kW"
    assert tray._icon.contextMenu() is tray._menu
    assert texts(tray).count("Battery 76 %") == 1


@pytest.mark.parametrize(
    ("reason", "wish"),
    [
        (REASON.Trigger, "details_wanted"),
        (REASON.MiddleClick, "refresh_wanted"),
        (REASON.DoubleClick, "refresh_wanted"),
    ],
)
def test_clicks_are_wishes(tray, qtbot, reason, wish):
    with qtbot.waitSignal(getattr(tray, wish), timeout=0):
        tray._icon.activated.emit(reason)


def test_on_a_mac_a_press_only_opens_the_menu(tray, qtbot, monkeypatch):
    monkeypatch.setattr(sys, "platform", "darwin")
    with qtbot.assertNotEmitted(tray.details_wanted):
        tray._icon.activated.emit(REASON.Trigger)


def test_a_refresh_that_is_not_possible_says_why(tray, qtbot):
    tray.set_refresh("Refresh possible in 5 min", enabled=False)
    assert "Refresh possible in 5 min" in texts(tray)
    with qtbot.assertNotEmitted(tray.refresh_wanted):
        tray.actions["refresh"].trigger()


def test_one_station_is_no_choice(tray):
    assert "Station" not in texts(tray)
    tray.set_stations((Station(id="1"),), "1")
    assert "Station" not in texts(tray)
    tray.set_stations((Station(id="1"), Station(id="2")), "2")
    assert "Station" in texts(tray)
    assert [it.isChecked() for it in tray._stations.actions()] == [False, True]
    tray.set_stations((), None)
    assert "Station" not in texts(tray)


def test_a_station_is_chosen_and_the_list_may_change_meanwhile(tray, qtbot):
    both = (Station(id="1", name="One"), Station(id="2", name="Two"))
    tray.set_stations(both, "1")
    chosen: list[str] = []

    def choose(station_id: str) -> None:
        chosen.append(station_id)
        tray.set_stations(both, station_id)

    tray.station_wanted.connect(choose)
    for _ in range(3):
        tray._stations.actions()[1].trigger()
        tray._stations.actions()[0].trigger()
    assert chosen == ["2", "1"] * 3


@pytest.fixture
def mouse(monkeypatch):
    """Put the mouse somewhere, and take it for granted."""

    def put(x: int, y: int) -> QPoint:
        monkeypatch.setattr(QCursor, "pos", lambda: QPoint(x, y))
        return QPoint(x, y)

    return put


def test_a_click_at_the_edge_tells_where_the_panel_is(tray, mouse):
    screen = QGuiApplication.primaryScreen().geometry()
    at = mouse(screen.right() - 20, screen.top() + 10)
    assert tray.geometry() == QRect()
    assert tray.clicked_at().contains(at)


def test_a_mouse_in_the_middle_or_nowhere_tells_nothing(tray, mouse):
    centre = QGuiApplication.primaryScreen().geometry().center()
    mouse(centre.x(), centre.y())
    assert tray.clicked_at().isEmpty()
    mouse(99_999, 99_999)
    assert tray.clicked_at().isEmpty()


@pytest.mark.parametrize(
    ("desktop", "ground"),
    [("XFCE", Panel.DARK), ("ubuntu:GNOME", Panel.DARK), ("Somebody's", Panel.LIGHT)],
)
@pytest.mark.skipif(sys.platform in {"win32", "darwin"}, reason="they say it otherwise")
def test_the_icon_is_painted_for_the_panel_it_is_on(qapp, monkeypatch, desktop, ground):
    monkeypatch.setenv("XDG_CURRENT_DESKTOP", desktop)
    assert module.panel() is ground


def test_a_panel_of_another_colour_gets_another_picture(tray, monkeypatch):
    tray.show(view())

    def picture() -> object:
        return tray._icon.icon().pixmap(22, 22).toImage()

    monkeypatch.setattr(module, "panel", lambda: Panel.LIGHT)
    tray.repaint()
    light = picture()
    monkeypatch.setattr(module, "panel", lambda: Panel.DARK)
    tray.repaint()
    assert picture() != light
