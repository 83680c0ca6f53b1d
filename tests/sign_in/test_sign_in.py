"""Signing in: each trouble in its words, the stations, and where things are."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import TYPE_CHECKING

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import (
    QAbstractButton,
    QApplication,
    QLineEdit,
    QPushButton,
    QRadioButton,
)

from sems_tray.domain.credentials import (
    REGIONS,
    Credentials,
    PasswordStorage,
    PortalChoice,
)
from sems_tray.domain.model import DeviceState, Station
from sems_tray.domain.poll_result import PollFailed, PollSucceeded, Trouble
from sems_tray.domain.time_zones import utc_now
from sems_tray.polling.poller import Poller
from sems_tray.runtime.options import Options
from sems_tray.sign_in.advice import (
    advice,
    station_line,
    station_name,
    where_the_icon_is,
)
from sems_tray.sign_in.controller import SignInController
from sems_tray.storage.settings import Settings
from sems_tray.widgets.fields import Choice
from tests.kit.history_data import reading
from tests.kit.network import QueuedNetwork
from tests.kit.services import services_in

if TYPE_CHECKING:
    from sems_tray.runtime.portal_service import SignInAttempt

NEW = "new@example.com"
NOT_VERIFIED = "the secure connection could not be verified"
SPEAKS = {Trouble.REFUSED, Trouble.SIGN_IN}  # whose detail is the portal's own words
KEYRING = PasswordStorage.KEYRING.where
HINT = "SEMS Tray is ready This desktop shows no tray icons"  # offscreen has none
HOUSE = Station(id="1", name="Demo House", capacity_kwp=9.9, state=DeviceState.RUNNING)
ROOF = Station(id="2", name="Demo Roof")


# ---------------------------------------------------------------- the words


@pytest.mark.parametrize(
    ("trouble", "detail", "words"),
    [
        (Trouble.REFUSED, "No.", "GoodWe says: “No.” Check account and password"),
        (Trouble.REFUSED, "", "GoodWe gave no reason. Check account and password"),
        (Trouble.SIGN_IN, "busy", "GoodWe says: “busy”. This need not be the password"),
        (Trouble.CLOCK, "it is 3 h behind", "far from GoodWe's: it is 3 h behind. Set"),
        (Trouble.UNREACHABLE, "HTTP 503", "right now (HTTP 503). Try again in some"),
        (Trouble.UNREACHABLE, "", "cannot be reached right now. Try again in some"),
        (Trouble.UNREACHABLE, "the proxy does not answer", "network settings"),
        (Trouble.UNREACHABLE, NOT_VERIFIED, "spoils the secure connection. A guest"),
        (Trouble.PORTAL_CHANGED, "redirected to another host", "A guest Wi-Fi"),
        (Trouble.PORTAL_CHANGED, "no such path", "knows (no such path). Look for a"),
        (Trouble.UNREADABLE, "broken JSON", "read (broken JSON). Try again later."),
        (Trouble.UNREADABLE, "an error in SEMS Tray itself", "Please report it."),
        (Trouble.MFA, "", "Use a visitor account without it."),
    ],
)
def test_what_is_wrong_is_told_with_what_to_do(trouble, detail, words):
    assert words in advice(PollFailed(trouble=trouble, detail=detail)).text


@pytest.mark.parametrize("trouble", Trouble)
@pytest.mark.parametrize("detail", ["", "the portal's words"])
def test_only_the_portal_blames_the_password(trouble, detail):
    told = advice(PollFailed(trouble=trouble, detail=detail))
    assert told.title
    assert "wrong password" not in told.text.lower()
    assert ("GoodWe says" in told.text) == (bool(detail) and trouble in SPEAKS)
    assert told.portal == (trouble in {Trouble.REFUSED, Trouble.AGREEMENT})
    assert told.text.endswith(".")
    assert " ." not in told.text


@pytest.mark.parametrize(
    ("platform", "desktop", "has_tray", "words"),
    [
        ("win32", "", True, "Windows 11"),
        ("darwin", "", True, "menu bar"),
        ("linux", "ubuntu:GNOME", True, "top bar"),
        ("linux", "GNOME", False, "AppIndicator"),
        ("linux", "KDE", True, "near the clock"),
        ("linux", "", True, "near the clock"),
    ],
)
def test_it_says_where_the_icon_is(platform, desktop, has_tray, words):
    assert words in where_the_icon_is(platform, desktop, has_tray=has_tray)


def test_a_station_is_described_as_far_as_it_is_known():
    assert (station_name(HOUSE), station_line(HOUSE)) == (
        "Demo House",
        "9.9 kWp · running",
    )
    assert (station_name(Station(id="7")), station_line(Station(id="7"))) == ("7", "")


# ---------------------------------------------------------------- the window


class Desk:
    """An account whose owner fills in the window; attempts are answered by the test."""

    def __init__(self, qtbot, folder, settings=None, options=None) -> None:
        network = QueuedNetwork()
        self.services = services = services_in(
            folder, settings=settings, options=options, network=network
        )
        self.network, self.events = network, services.events
        self.poller = Poller(
            self.network, now=utc_now, dark=lambda _, __: False, live=timedelta(1)
        )
        self.account = SignInController(services, self.poller)
        self.qtbot = qtbot
        self.account.ask()
        qtbot.waitExposed(self.window)

    @property
    def window(self):
        return self.account._dialog

    def find(self, kind, name):
        found = self.window.findChild(kind, name)
        assert found is not None, name
        return found

    def submits(self, account=NEW, password="demo") -> SignInAttempt:  # noqa: S107
        self.find(QLineEdit, "account").setText(account)
        self.find(QLineEdit, "password").setText(password)
        self.find(QPushButton, "ok").click()
        assert self.account._attempt is not None
        return self.account._attempt

    @property
    def said(self) -> str:
        """What the last page says."""
        text: str = self.window._page.text
        return text

    def tries(self, outcome, storage=None):
        self.network.answer((outcome, storage))

    def accepts(self, password_storage=PasswordStorage.KEYRING):
        outcome = PollSucceeded(reading=replace(reading(), station=HOUSE))
        known = self.services.settings.settings.account
        with self.qtbot.waitSignal(self.events.account_changed, timeout=0) as told:
            self.tries(outcome, password_storage)
        (change,) = told.args
        assert (change.account, change.outcome) == (NEW, outcome)
        assert change.password_storage is password_storage
        assert change.is_other is (known != NEW)
        assert self.services.settings.settings.account == NEW


@pytest.fixture
def desk(qtbot, tmp_path):
    made = Desk(qtbot, tmp_path)
    yield made
    if made.window is not None:
        made.window.reject()
        made.window is None or made.window.reject()


def test_what_was_typed_is_sent_once(qtbot, tmp_path):
    desk = Desk(qtbot, tmp_path, settings=Settings(account="old@example.com"))
    password = desk.find(QLineEdit, "password")
    assert desk.find(QLineEdit, "account").text() == "old@example.com"
    assert password.text() == ""
    assert password.echoMode() is QLineEdit.EchoMode.Password
    assert not desk.find(QPushButton, "ok").isEnabled()
    sent = desk.submits(f" {NEW} ", " secret ")
    assert sent.credentials == Credentials(account=NEW, password=" secret ")
    password.setText("typed on")
    desk.find(QPushButton, "ok").click()
    assert len(desk.network.names) == 1
    desk.window.close()
    assert not sent.accept()
    assert password.text() == ""


def test_one_station_needs_no_choice_and_the_owner_is_told_where_the_icon_is(desk):
    desk.submits()
    desk.accepts()
    assert desk.window.isVisible()  # the stations are still to come
    assert desk.find(QLineEdit, "password").text() == ""
    desk.events.stations_listed.emit((HOUSE,))
    assert desk.window.is_over
    assert desk.said.startswith(HINT)
    assert KEYRING in desk.said
    desk.find(QPushButton, "ok").click()
    assert desk.window is None


def test_who_fixed_the_station_is_told_at_once(qtbot, tmp_path):
    desk = Desk(qtbot, tmp_path, options=Options(station="house"))
    desk.submits()
    desk.accepts()
    assert desk.said.startswith(HINT)
    desk.window.accept()


def test_who_signs_in_again_after_that_gets_another_window(desk):
    desk.submits()
    desk.accepts()
    desk.events.stations_listed.emit((HOUSE,))
    over = desk.window
    desk.account.ask()
    assert not over.isVisible()
    assert desk.window is not over
    assert desk.find(QLineEdit, "account").text() == NEW


def test_a_portal_that_fails_after_the_sign_in_is_told(desk):
    desk.submits()
    failed = PollFailed(trouble=Trouble.UNREACHABLE, detail="HTTP 503")
    desk.tries(failed, PasswordStorage.KEYRING)
    assert "cannot be reached right now" in desk.said
    assert "HTTP 503" in desk.said


@pytest.mark.parametrize(
    ("storage", "is_told"),
    [(PasswordStorage.KEYRING, False), (PasswordStorage.NO_KEYRING, True)],
)
def test_the_same_account_again_is_told_only_what_is_news(
    qtbot, tmp_path, storage, is_told
):
    desk = Desk(qtbot, tmp_path, settings=Settings(account=NEW))
    desk.submits()
    desk.accepts(storage)
    assert (desk.window is not None) == is_told
    if is_told:
        desk.window.accept()


def test_several_stations_are_offered_and_enter_chooses(desk, qtbot):
    desk.submits()
    desk.accepts()
    desk.events.stations_listed.emit((HOUSE, ROOF))
    first = desk.find(QRadioButton, "station_1")
    assert first.isChecked()
    assert first.hasFocus()
    assert first.accessibleName() == "Demo House"
    assert first.accessibleDescription() == "9.9 kWp · running"
    qtbot.keyClick(first, Qt.Key.Key_Down)
    with qtbot.waitSignal(desk.events.station_chosen, timeout=0) as chosen:
        qtbot.keyClick(QApplication.focusWidget(), Qt.Key.Key_Return)
    assert chosen.args == ["2"]
    assert "Signed in" in desk.window.windowTitle()
    assert KEYRING in desk.said
    desk.find(QPushButton, "ok").click()
    assert desk.window is None


def test_the_first_station_is_not_chosen_again(desk, qtbot):
    desk.submits()
    desk.accepts()
    desk.events.stations_listed.emit((HOUSE, ROOF))
    with qtbot.assertNotEmitted(desk.events.station_chosen):
        desk.find(QPushButton, "ok").click()


def test_an_account_without_a_station_or_a_keyring_is_told(desk):
    desk.submits()
    desk.tries(PollFailed(trouble=Trouble.NO_STATION), PasswordStorage.NO_KEYRING)
    desk.events.stations_listed.emit(())
    assert "sees no station" in desk.said
    assert "because this system has no keyring" in desk.said


def test_a_station_that_came_after_the_poll_is_no_trouble(desk):
    desk.submits()
    desk.tries(PollFailed(trouble=Trouble.NO_STATION), PasswordStorage.KEYRING)
    desk.events.stations_listed.emit((HOUSE,))
    assert "sees no station" not in desk.said


def test_stop_keeps_nothing_and_a_late_answer_is_not_heard(desk, qtbot):
    trial = desk.submits()
    qtbot.keyClick(desk.window, Qt.Key.Key_Escape)
    assert not trial.accept()
    assert desk.window.isVisible()
    with qtbot.assertNotEmitted(desk.events.account_changed):
        desk.tries(PollFailed(trouble=Trouble.UNREACHABLE))
    assert not desk.window._form.trouble.isVisible()
    desk.submits()
    desk.accepts()


def test_too_late_to_stop_is_a_sign_in(desk, qtbot):
    assert desk.submits().accept()
    qtbot.keyClick(desk.window, Qt.Key.Key_Escape)
    assert not desk.find(QPushButton, "ok").isEnabled()
    desk.accepts()


def test_a_pause_is_waited_for(desk, monkeypatch):
    desk.submits()
    pause = timedelta(minutes=5)
    desk.tries(PollFailed(trouble=Trouble.THROTTLED, retry_after=pause))
    assert "5 min" in desk.window._form.trouble._wait.text()
    assert not desk.find(QPushButton, "ok").isEnabled()
    assert desk.window._free_at is not None
    desk.window._free_at -= 301
    desk.window._on_tick()
    assert desk.find(QPushButton, "ok").isEnabled()


def test_the_chosen_portal_and_region_go_along(qtbot, tmp_path):
    chosen = PortalChoice(dialect="semsplus", region="au")
    desk = Desk(qtbot, tmp_path, settings=Settings(dialect="classic", region="au"))
    dialect, region = (desk.find(Choice, it) for it in ("dialect", "region"))
    assert (dialect.currentText(), region.currentText()) == (
        "SEMS classic",
        "Australia",
    )
    dialect.fill("semsplus")
    assert desk.submits().portal == chosen
    assert not region.isEnabled()  # while GoodWe is asked
    desk.accepts()
    assert desk.services.settings.context.portal_choice == chosen
    desk.events.stations_listed.emit((HOUSE,))


def test_a_refusal_is_read_out_and_its_region_is_not_preselected_the_next_time(desk):
    region = desk.find(Choice, "region")
    values = [region.itemData(it) for it in range(region.count())]
    assert values == ["", *REGIONS]
    region.fill("eu")
    assert desk.submits().portal == PortalChoice(region="eu")
    desk.tries(PollFailed(trouble=Trouble.REFUSED, detail="No."))
    for name in ("account", "password"):
        described = desk.find(QLineEdit, name)
        assert described.accessibleName()
        assert "GoodWe says: “No.”" in described.accessibleDescription()
    assert desk.find(QLineEdit, "password").hasSelectedText()
    assert desk.find(QPushButton, "ok").isEnabled()
    desk.window.reject()
    desk.account.ask()
    assert desk.find(Choice, "region").currentText() == "GoodWe finds out"


def test_tab_goes_from_account_to_password_and_on(desk, qtbot):
    window = desk.window
    assert window.focusWidget() is desk.find(QLineEdit, "account")
    names = []
    for _ in range(5):
        window.focusNextChild()
        names.append(window.focusWidget().objectName())
    assert names == ["password", "show_password", "how", "advanced", "demo"]


def test_enter_on_a_fold_folds_and_does_not_sign_in(desk, qtbot):
    desk.find(QLineEdit, "account").setText(NEW)
    desk.find(QLineEdit, "password").setText("demo")
    fold = desk.find(QAbstractButton, "how")
    high = desk.window.height()
    qtbot.keyClick(fold, Qt.Key.Key_Return)
    assert desk.network.names == []
    assert fold.isChecked()
    assert desk.window.height() > high


def test_a_shown_password_is_hidden_when_it_is_sent(desk):
    show = desk.find(QPushButton, "show_password")
    show.click()
    assert desk.find(QLineEdit, "password").echoMode() is QLineEdit.EchoMode.Normal
    desk.submits()
    assert desk.find(QLineEdit, "password").echoMode() is QLineEdit.EchoMode.Password


def test_a_demo_that_does_not_start_is_told_and_a_demo_offers_none(
    desk, qtbot, tmp_path
):
    assert desk.find(QPushButton, "demo")
    desk.window.show_demo(started=False)
    assert "sems-tray --demo" in desk.window._form._demo_note.text()
    demo = Desk(qtbot, tmp_path, options=Options(demo="day"))
    assert demo.window.findChild(QPushButton, "demo") is None
    demo.window.reject()
