"""The details window's frame: header, pages, and where it opens."""

from __future__ import annotations

from dataclasses import replace

import pytest
from PySide6.QtCore import QPoint, QRect, QSize, Qt
from PySide6.QtGui import QColor, QGuiApplication, QPalette
from PySide6.QtWidgets import QLabel, QPushButton

from sems_tray.domain.failures import Action
from sems_tray.domain.station_state import Tone
from sems_tray.widgets.theme import theme_for
from sems_tray.window.header import HeaderView, Page
from sems_tray.window.main_window import DetailsWindow

CALM = HeaderView(
    title="My House", state="All well", tone=Tone.GOOD, footer="17 requests today"
)
TROUBLED = HeaderView(
    title="My House", message="Sign in again.", action=Action.SIGN_IN, tone=Tone.BAD
)


class Maker:
    """Makes pages and notes which."""

    def __init__(self) -> None:
        self.made: list[Page] = []

    def of(self, page: Page):
        def make() -> QLabel:
            self.made.append(page)
            return QLabel(f"page {page}")

        return make


@pytest.fixture
def maker():
    return Maker()


@pytest.fixture
def window(qtbot, maker):
    window = DetailsWindow({it: maker.of(it) for it in Page})
    qtbot.addWidget(window)
    window.show_header(CALM)
    return window


@pytest.fixture
def opened(window, qtbot):
    window.open(QRect())
    qtbot.waitExposed(window)
    return window


def texts(widget) -> list[str]:
    labels = widget.findChildren(QLabel)
    return [it.text() for it in labels if it.text() and not it.isHidden()]


def button(window) -> QPushButton:
    found = window.findChild(QPushButton, "action")
    assert isinstance(found, QPushButton)
    return found


def test_the_alarm_of_a_trouble_is_shown_by_the_window_itself(opened, qtbot):
    view = replace(TROUBLED, action=Action.SHOW_ALARMS)
    opened.show_header(view)
    assert button(opened).text() == "Show alarm"
    with qtbot.assertNotEmitted(opened.action_wanted):
        button(opened).click()
    assert opened.page() is Page.ALARMS


def test_the_message_follows_the_windows_direction(opened):
    opened.show_header(TROUBLED)
    for way, side in (
        (Qt.LayoutDirection.RightToLeft, Qt.AlignmentFlag.AlignRight),
        (Qt.LayoutDirection.LeftToRight, Qt.AlignmentFlag.AlignLeft),
    ):
        opened.setLayoutDirection(way)
        assert opened._message.alignment() & side


def test_it_shows_the_header_and_the_footer(window):
    assert window.windowTitle() == "My House - SEMS Tray"
    assert sorted(texts(window)) == ["17 requests today", "My House"]
    assert window._chip.accessibleName() == "All well"
    assert button(window).isHidden()
    window.show_header(HeaderView(title="SEMS Tray · DEMO"))
    assert window.windowTitle() == "SEMS Tray · DEMO"


def test_a_trouble_has_a_sentence_and_one_button(window, qtbot):
    window.show_header(TROUBLED)
    assert "Sign in again." in texts(window)
    assert button(window).text() == "Sign in …"
    with qtbot.waitSignal(window.action_wanted, timeout=0) as wish:
        button(window).click()
    assert wish.args == [Action.SIGN_IN]
    window.show_header(CALM)
    assert "Sign in again." not in texts(window)


def test_names_are_shown_as_they_are(window):
    window.show_header(HeaderView(title="<b>A</b>", message="<i>1 & 2</i>"))
    plain = Qt.TextFormat.PlainText
    labels = [it for it in window.findChildren(QLabel) if "<" in it.text()]
    assert [it.textFormat() for it in labels] == [plain, plain]


def test_a_page_is_made_when_it_is_first_wanted_and_told_once(opened, maker):
    told: list[Page] = []
    opened.page_shown.connect(told.append)
    assert maker.made == [Page.NOW]
    opened.show_page(Page.ALARMS)
    opened.show_page(Page.ALARMS)  # again, for another alarm
    opened.show_page(Page.NOW)
    assert told == [Page.ALARMS, Page.ALARMS, Page.NOW]
    assert maker.made == [Page.NOW, Page.ALARMS]
    opened.open(QRect(), Page.ALARMS)
    assert told[3:] == [Page.ALARMS]


def test_keys_go_round_the_pages(opened, qtbot):
    seen = []
    control = Qt.KeyboardModifier.ControlModifier
    for _ in Page:
        seen.append(opened.page())
        qtbot.keyClick(opened, Qt.Key.Key_Tab, control)
    assert seen == list(Page)
    assert opened.page() is Page.NOW
    shift = Qt.KeyboardModifier.ShiftModifier
    qtbot.keyClick(opened, Qt.Key.Key_Backtab, control | shift)
    assert opened.page() is Page.ALARMS


def test_a_refresh_that_is_not_possible_says_why(window):
    later = HeaderView(
        title="x", refresh="Refresh possible in 5 min", refreshable=False
    )
    window.show_header(later)
    assert not window._refresh.isEnabled()
    assert window._refresh.toolTip() == "Refresh possible in 5 min"


def test_the_size_is_remembered_and_the_place_only_if_it_was_chosen(window, qtbot):
    window.open(QRect())
    window.resize(640, 500)
    window.close()
    assert window.remembered() == "640x500"
    window.open(QRect())
    window.move(window.pos() - QPoint(120, 60))
    at = window.pos()
    window.close()
    assert window.remembered() == f"640x500{at.x():+d}{at.y():+d}"


@pytest.mark.parametrize("text", ["", "big", "0x", "12x12+1", "99999999x1", "1x1+a+b"])
def test_nonsense_is_no_size(window, text):
    before = window.size()
    window.remember(text)
    assert window.size() == before


@pytest.mark.parametrize("text", ["600x500+90000+90000", "5000x5000"])
def test_it_opens_whole_on_a_screen_that_is_there(window, text):
    window.remember(text)
    window.open(QRect())
    screen = QGuiApplication.primaryScreen().availableGeometry()
    assert screen.contains(window.frameGeometry())
    assert window.width() == 600 or text.startswith("5000")


def test_it_says_when_somebody_looks(window, qtbot):
    for call, looks in ((window.open, True), (window.toggle, False)):
        with qtbot.waitSignal(window.watched, timeout=0) as told:
            call(QRect())
        assert told.args == [looks]


def test_toggle_brings_a_minimised_window_back(opened):
    opened.showMinimized()
    opened.toggle(QRect())
    assert opened.isVisible()
    assert not opened.isMinimized()


def test_escape_closes_and_f5_refreshes(opened, qtbot):
    with qtbot.waitSignal(opened.refresh_wanted):
        qtbot.keyClick(opened, Qt.Key.Key_F5)
    with qtbot.waitSignal(opened.closed):
        qtbot.keyClick(opened, Qt.Key.Key_Escape)
    assert not opened.isVisible()


@pytest.mark.parametrize("corner", ["topLeft", "topRight", "bottomLeft", "bottomRight"])
def test_it_opens_beside_the_icon_and_whole_on_the_screen(window, corner):
    screen = QGuiApplication.primaryScreen().availableGeometry()
    at = getattr(screen, corner)()
    icon = QRect(at.x() - 11, at.y() - 11, 22, 22).intersected(screen)
    window.open(icon)
    frame = window.frameGeometry()
    assert screen.contains(frame)
    near = frame.adjusted(-40, -80, 40, 80)
    assert near.intersects(icon)


def test_a_long_state_and_a_long_name_give_way_and_are_read_by_pointing(opened, qtbot):
    long = "Fault: " + "Isolation Failure of a string that is long " * 4
    name = "The house of the family at the end of the long road " * 3
    opened.resize(opened.minimumSizeHint().expandedTo(QSize(480, 500)))
    opened.show_header(replace(CALM, title=name, state=long, tone=Tone.BAD))
    chip, title = opened._chip, opened._title
    qtbot.waitUntil(lambda: (chip.toolTip(), title.toolTip()) == (long, name))
    assert opened.width() == 480
    assert title.geometry().right() < chip.geometry().left()
    assert chip.geometry().right() < opened._refresh.geometry().left()
    assert chip.accessibleName() == long


def test_the_quiet_words_follow_the_palette(opened):
    dark = QPalette(QColor("#202020"), QColor("#202020"))
    dark.setColor(QPalette.ColorRole.WindowText, QColor("#eeeeee"))
    opened.setPalette(dark)
    shown = opened._footer.palette().color(QPalette.ColorRole.WindowText)
    assert shown == theme_for(opened).muted
    assert theme_for(opened).dark
