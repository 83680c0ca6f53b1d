"""The windows: what they show, what they ask for, and where they open."""

from __future__ import annotations

import pytest
from PySide6.QtCore import QRect, Qt
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QLabel, QLineEdit, QMessageBox, QPushButton

from sems_tray.core.credentials import Credentials
from sems_tray.core.details import Row
from sems_tray.core.troubles import Action
from sems_tray.ui.about import about
from sems_tray.ui.sign_in import SignIn
from sems_tray.ui.window import Window, WindowView

ROWS = (Row("State", "All well"), Row("Solar", "3.2 kW"))
CALM = WindowView(title="My House", rows=ROWS, footer="17 requests today")
TROUBLED = WindowView(
    title="My House", message="Sign in again.", action=Action.SIGN_IN, rows=ROWS
)


@pytest.fixture
def window(qtbot):
    window = Window()
    qtbot.addWidget(window)
    window.show_view(CALM)
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
    found = window.findChild(QPushButton)
    assert isinstance(found, QPushButton)
    return found


def test_it_shows_every_row_and_the_footer(window):
    assert window.windowTitle() == "My House - SEMS Tray"
    assert sorted(texts(window)) == sorted(
        ["My House", "State", "All well", "Solar", "3.2 kW", "17 requests today"]
    )
    assert button(window).isHidden()


def test_the_programs_name_is_not_said_twice(window):
    window.show_view(WindowView(title="SEMS Tray · DEMO"))
    assert window.windowTitle() == "SEMS Tray · DEMO"


def test_a_trouble_has_a_sentence_and_one_button(window, qtbot):
    window.show_view(TROUBLED)
    assert "Sign in again." in texts(window)
    assert button(window).text() == "Sign in …"
    with qtbot.waitSignal(window.action_wanted, timeout=0) as wish:
        button(window).click()
    assert wish.args == [Action.SIGN_IN]
    window.show_view(CALM)
    assert "Sign in again." not in texts(window)


@pytest.mark.parametrize("action", Action)
def test_every_action_has_a_button(window, action):
    window.show_view(WindowView(title="x", message="y", action=action))
    assert button(window).text()


def test_new_values_come_into_the_old_labels(window):
    before = window._values
    window.show_view(WindowView(title="My House", rows=(ROWS[0], Row("Solar", "0 W"))))
    assert window._values is before
    assert "0 W" in texts(window)
    assert "3.2 kW" not in texts(window)


def test_other_rows_are_laid_out_anew(window):
    window.show_view(WindowView(title="My House", rows=(Row("Battery", "76 %"),)))
    assert [it.text() for it in window._values] == ["76 %"]
    window.show_view(WindowView(title="My House"))
    assert window._values == []


def test_names_are_shown_as_they_are(window):
    window.show_view(WindowView(title="x", rows=(Row("<b>A</b>", "<i>1 & 2</i>"),)))
    plain = Qt.TextFormat.PlainText
    labels = [it for it in window.findChildren(QLabel) if "<" in it.text()]
    assert [it.textFormat() for it in labels] == [plain, plain]


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


def test_a_screen_that_is_too_small_gets_a_smaller_window(window):
    window.resize(5000, 5000)
    window.open(QRect())
    screen = QGuiApplication.primaryScreen().availableGeometry()
    assert screen.contains(window.frameGeometry())


# ---------------------------------------------------------------- about, sign in


def test_about_stays_open_as_long_as_somebody_holds_it(qtbot):
    box = about(None)
    qtbot.addWidget(box)
    assert isinstance(box, QMessageBox)
    assert box.isVisible()
    assert "not a product of GoodWe" in " ".join(box.text().split())


@pytest.fixture
def dialog(qtbot):
    dialog = SignIn("owner@example.com")
    qtbot.addWidget(dialog)
    dialog.show()
    return dialog


def field(dialog, name: str) -> QLineEdit:
    found = dialog.findChild(QLineEdit, name)
    assert isinstance(found, QLineEdit)
    return found


def test_a_known_account_is_filled_in_and_the_password_is_hidden(dialog):
    assert field(dialog, "account").text() == "owner@example.com"
    password = field(dialog, "password")
    assert password.text() == ""
    assert password.echoMode() is QLineEdit.EchoMode.Password
    assert not dialog._ok.isEnabled()


def test_what_was_typed_is_sent_once(dialog, qtbot):
    field(dialog, "account").setText(" other@example.com ")
    field(dialog, "password").setText(" secret ")
    with qtbot.waitSignal(dialog.submitted, timeout=0) as sent:
        dialog._ok.click()
    assert sent.args == [Credentials(account="other@example.com", password=" secret ")]
    with qtbot.assertNotEmitted(dialog.submitted):
        field(dialog, "password").setText("typed on")
        dialog._ok.click()


def test_a_refusal_is_told_and_it_can_be_tried_again(dialog, qtbot):
    field(dialog, "password").setText("secret")
    dialog._ok.click()
    dialog.show_result("GoodWe says no.")
    assert "GoodWe says no." in texts(dialog)
    assert field(dialog, "password").selectedText()
    with qtbot.waitSignal(dialog.submitted, timeout=0):
        dialog._ok.click()


def test_a_closed_dialog_keeps_no_password(dialog):
    field(dialog, "password").setText("secret")
    dialog.reject()
    assert field(dialog, "password").text() == ""
