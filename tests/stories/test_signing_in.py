"""From an empty profile to a polling tray, whatever goes wrong on the way.

The keyring's child process runs; behind it is a keyring in a file.
"""

from __future__ import annotations

import json
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QComboBox, QLabel, QLineEdit, QPushButton, QRadioButton

from sems_tray.simulator.simulator import Simulator
from sems_tray.storage.paths import profile_paths
from sems_tray.storage.settings import load

pytestmark = pytest.mark.qt_log_ignore("systemTrayWindowChanged")

DIALOG, SIGNED_IN = "Sign in - SEMS Tray", "Signed in - SEMS Tray"
FIRST = "Battery 76 % ▲ 1.2 kW · PV 3.2 kW"
ACCOUNT, PASSWORD = "owner@example.com", "demo"
NOBODY = {"account": None, "password": None}
BACKENDS = Path(__file__).parents[1] / "storage"
INNOCENT = "Your password is not the cause."


class SignInWindow:
    """The window as its owner reads it and types into it."""

    def __init__(self, program) -> None:
        self._program, self.window = program, program.window(DIALOG)

    def _named(self, kind, name: str):
        return self.window.findChild(kind, name)

    def texts(self) -> list[str]:
        labels = self.window.findChildren(QLabel)
        return [it.text() for it in labels if it.isVisible()]

    def reads(self, words: str) -> None:
        self._program.until(lambda: any(words in it for it in self.texts()))

    def types(self, password: str, account: str = ACCOUNT) -> None:
        self._named(QLineEdit, "account").setText(account)
        self._named(QLineEdit, "password").setText(password)

    def chooses(self, name: str, words: str) -> None:
        self._named(QComboBox, name).setCurrentText(words)

    def is_ready(self) -> bool:
        found: bool = self._named(QPushButton, "ok").isEnabled()
        return found

    def signs_in(self, password: str = PASSWORD, account: str = ACCOUNT) -> None:
        self.types(password, account)
        self.presses_ok()

    def presses_ok(self) -> None:
        self._program.until(self.is_ready)
        self._named(QPushButton, "ok").click()

    def presses_escape(self) -> None:
        self._program.qtbot.keyClick(self.window, Qt.Key.Key_Escape)

    def is_told(self, title: str, text: str) -> None:
        """The failure is told in its own words, and all can be tried again."""
        self.reads(title)
        texts = self.texts()
        assert texts[texts.index(title) + 1] == text
        assert self.window.windowTitle() == DIALOG
        assert self._named(QLineEdit, "account").text() == ACCOUNT
        password = self._named(QLineEdit, "password")
        assert password.selectedText() == password.text() != ""
        assert password.echoMode() is QLineEdit.EchoMode.Password

    def ends(self) -> None:
        """Read the last page, and close it."""
        self._program.until(lambda: self.window.windowTitle() == SIGNED_IN)
        self.reads("The password is kept in the system keyring.")
        self.presses_ok()
        self._program.until(lambda: not self.window.isVisible())


@pytest.fixture
def keyring(profile, monkeypatch):
    """Return a function that reads the secrets of the keyring."""
    profile.mkdir()
    file = profile.parent / "keyring.json"
    monkeypatch.setenv("PYTHONPATH", str(BACKENDS))
    monkeypatch.setenv("PYTHON_KEYRING_BACKEND", "fake_keyring.Keyring")
    monkeypatch.setenv("FAKE_KEYRING_FILE", str(file))

    def secrets() -> dict[str, str]:
        if not file.exists():
            return {}
        found = json.loads(file.read_text(encoding="utf-8"))
        return {key.split("/")[0].split()[-1]: it for key, it in found.items()}

    return secrets


@pytest.fixture
def newcomer(starts, keyring):
    """Return a program that asks for the account."""
    return starts(**NOBODY)


@pytest.fixture
def window(newcomer) -> SignInWindow:
    return SignInWindow(newcomer)


def is_signed_in(program, keyring, profile) -> None:
    """The tray polls with the token; password and token are in the keyring."""
    program.sees(FIRST)
    signed_in = program.portal.sign_ins
    program.refreshes()
    assert FIRST in program.tooltip
    assert program.portal.sign_ins == signed_in
    program.until(lambda: keyring().keys() == {"password", "token"})
    assert keyring()["password"] == PASSWORD
    assert load(profile_paths(profile).settings).settings.account == ACCOUNT


def has_kept_nothing(keyring, profile) -> None:
    assert "password" not in keyring()
    assert load(profile_paths(profile).settings).settings.account is None


NO_KEY = (
    "GoodWe answered without a key. Sign in once on the SEMS portal or app, accept"
    " the user agreement (or change a weak password there), then try again."
)
AWAY = (
    "GoodWe's service cannot be reached right now (HTTP 500). Try again in some"
    f" minutes. {INNOCENT}"
)


@pytest.mark.parametrize(
    ("wrong", "title", "text"),
    [
        ("no-token", "User agreement not accepted", NO_KEY),
        ("500", "GoodWe does not answer", AWAY),
    ],
)
def test_a_failure_is_told_and_the_same_window_can_try_again(
    newcomer, window, portal, keyring, profile, wrong, title, text
):
    if wrong == "500":
        portal.fail("", wrong)
    else:
        portal.login_reply = wrong
    window.signs_in()
    window.is_told(title, text)
    has_kept_nothing(keyring, profile)
    portal.heal()
    portal.login_reply = "ok"
    window.presses_ok()
    window.ends()
    is_signed_in(newcomer, keyring, profile)


def test_a_pause_is_counted_down_and_nobody_is_asked_meanwhile(
    newcomer, window, portal, keyring, profile
):
    portal.fail("", "429", retry_after=2)
    window.signs_in()
    text = f"GoodWe's service says it was asked too often. {INNOCENT}"
    window.is_told("GoodWe asks for a pause", text)
    window.reads("Try again in ")
    assert not window.is_ready()
    asked = len(portal.requests)
    portal.heal()
    window.reads("You can try again now.")
    assert len(portal.requests) == asked
    window.presses_ok()
    window.ends()
    is_signed_in(newcomer, keyring, profile)


class PortalClock:
    """The portal's clock, which is the right one."""

    ahead = timedelta(hours=3)

    def __call__(self) -> datetime:
        return datetime.now(UTC) + self.ahead


def test_a_wrong_clock_is_told_with_how_wrong_it_is(starts, keyring, profile):
    clock = PortalClock()
    with Simulator(now=clock, clock_tolerance_s=300) as portal:
        portal.override(pv_w=3210, soc_percent=76, battery_w=-1200, load_w=800)
        program = starts(portal=portal, **NOBODY)
        window = SignInWindow(program)
        window.signs_in()
        window.reads("Computer clock is wrong")
        (text,) = (it for it in window.texts() if "clock is far" in it)
        assert text.replace("2 h 59 min", "3 h") == (
            "This computer's clock is far from GoodWe's: it is 3 h behind. Set its"
            f" date, time and time zone right, then try again. {INNOCENT}"
        )
        window.is_told("Computer clock is wrong", text)
        has_kept_nothing(keyring, profile)
        clock.ahead = timedelta()
        window.presses_ok()
        window.ends()
        is_signed_in(program, keyring, profile)
        starts.ends()


def test_an_account_without_a_station_is_told_and_waits_for_one(
    newcomer, window, portal, keyring, profile
):
    sites, portal.world.sites = portal.world.sites, ()
    window.signs_in()
    window.reads("This account sees no station. In the SEMS app or portal, add it")
    window.ends()
    newcomer.sees("No such station")
    portal.world.sites = sites
    newcomer.refreshes()
    is_signed_in(newcomer, keyring, profile)
    assert portal.sign_ins == 1


def test_one_of_several_stations_is_chosen(starts, keyring, profile):
    with Simulator("multi", limit_per_minute=None) as portal:
        program = starts(portal=portal, **NOBODY)
        window = SignInWindow(program)
        window.signs_in()
        program.until(lambda: window.window.findChildren(QRadioButton))
        house, roof, *_ = window.window.findChildren(QRadioButton)
        assert house.accessibleName() == "Demo House"
        assert house.isChecked()
        roof.click()
        window.presses_ok()
        window.ends()
        program.until(lambda: program.tooltip.startswith("PV "))  # no battery
        chosen = portal.books.station_ids[1]
        settings = profile_paths(profile).settings
        program.until(lambda: load(settings).settings.station == chosen)
        starts.ends()


@pytest.mark.parametrize(
    ("words", "dialect"), [("SEMS+", "semsplus"), ("SEMS classic", "classic")]
)
def test_portal_and_region_can_be_chosen(
    newcomer, window, portal, keyring, profile, words, dialect
):
    window.types(PASSWORD)
    window.chooses("dialect", words)
    window.chooses("region", "Europe")
    window.presses_ok()
    window.ends()
    is_signed_in(newcomer, keyring, profile)
    assert {it.dialect for it in portal.requests} == {dialect}
    kept = load(profile_paths(profile).settings).settings
    assert (kept.dialect, kept.region) == (dialect, "eu")


def test_escape_stops_the_asking_and_then_closes(
    newcomer, window, portal, keyring, profile
):
    portal.fail("/cross-login", "hang")
    window.signs_in()
    newcomer.until(lambda: portal.sign_ins == 1)
    window.presses_escape()
    window.reads("Stopped. Nothing was kept.")
    has_kept_nothing(keyring, profile)
    window.presses_escape()
    newcomer.until(lambda: not window.window.isVisible())
    assert newcomer.tooltip.startswith("Sign-in needed")
    portal.heal()
    newcomer.click("Sign in …")
    again = SignInWindow(newcomer)
    again.signs_in()
    again.ends()
    is_signed_in(newcomer, keyring, profile)


def test_a_refused_account_does_not_replace_the_good_one(
    newcomer, window, portal, starts, keyring, profile
):
    window.signs_in()
    window.ends()
    is_signed_in(newcomer, keyring, profile)
    newcomer.click("Sign in …")
    stranger = SignInWindow(newcomer)
    stranger.signs_in("wrong", "stranger@example.com")
    stranger.reads("GoodWe says: “The account or password is incorrect.”")
    stranger.presses_escape()
    assert portal.sign_ins == 2
    again = starts(**NOBODY)
    is_signed_in(again, keyring, profile)
    assert portal.sign_ins == 2
