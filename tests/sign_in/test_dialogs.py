"""The small windows: about the program, and signing in."""

from __future__ import annotations

import pytest
from PySide6.QtWidgets import QLabel, QLineEdit, QMessageBox

from sems_tray.domain.credentials import Credentials, PortalChoice
from sems_tray.domain.poll_result import PollFailed, Trouble
from sems_tray.sign_in.advice import advice
from sems_tray.sign_in.dialog import SignIn
from sems_tray.tray.about import about


def texts(widget) -> list[str]:
    labels = widget.findChildren(QLabel)
    return [it.text() for it in labels if it.text() and not it.isHidden()]


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
    given = Credentials(account="other@example.com", password=" secret ")
    assert sent.args == [given, PortalChoice()]
    with qtbot.assertNotEmitted(dialog.submitted):
        field(dialog, "password").setText("typed on")
        dialog._ok.click()


def test_a_refusal_is_told_and_it_can_be_tried_again(dialog, qtbot):
    field(dialog, "password").setText("secret")
    dialog._ok.click()
    dialog.show_trouble(advice(PollFailed(trouble=Trouble.REFUSED, detail="No.")))
    assert any("GoodWe says: “No.”" in it for it in texts(dialog))
    assert field(dialog, "password").selectedText()
    with qtbot.waitSignal(dialog.submitted, timeout=0):
        dialog._ok.click()


def test_a_closed_dialog_keeps_no_password(dialog):
    field(dialog, "password").setText("secret")
    dialog.reject()
    assert field(dialog, "password").text() == ""
