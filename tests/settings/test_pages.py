"""Every field of the settings: one change, told once, and nothing that cannot be."""

from __future__ import annotations

from dataclasses import replace

import pytest
from PySide6.QtCore import QPoint, QPointF, Qt, QTime
from PySide6.QtGui import QGuiApplication, QWheelEvent
from PySide6.QtWidgets import (
    QAbstractButton,
    QApplication,
    QComboBox,
    QDoubleSpinBox,
    QLabel,
    QLineEdit,
    QPlainTextEdit,
    QPushButton,
    QTimeEdit,
)

from sems_tray.alerts.delivery import Acknowledged
from sems_tray.alerts.model import Rule
from sems_tray.domain.credentials import PasswordStorage
from sems_tray.domain.model import Battery, Station
from sems_tray.i18n.locale import LANGUAGES
from sems_tray.notifications.alert_settings import NO_DAY
from sems_tray.settings.form import with_value
from sems_tray.settings.icon_page import SAMPLE, IconStrips, spec_of
from sems_tray.settings.page import KnownAlarm, SettingsInfo
from sems_tray.settings.window import SettingsWindow, Tab
from sems_tray.storage.settings import AlertSettings, QuietSettings, Settings, changed
from sems_tray.tray.view_model import IconMode
from tests.kit.settings import in_force

USUAL = Settings()
MARK = Acknowledged(station="1", topic="fault:x", key="k")
INFO = SettingsInfo(
    account="owner@example.com",
    password_storage=PasswordStorage.KEYRING,
    stations=(Station(id="1", name="South"), Station(id="2", name="East")),
    requests_today=96,
    version="0.4.0",
    versions=(("Python", "3.11.9"), ("Qt", "6.10.1")),
    files=(("Settings", "/home/owner/.config/sems-tray/settings.json"),),
    known_alarms=(KnownAlarm(mark=MARK, text="East has a fault"),),
)


class Told:
    """What a window made of the settings."""

    def __init__(self, window: SettingsWindow) -> None:
        self._repository = window._repository
        self.values: list[Settings] = []
        self._repository.changed.connect(lambda _, after: self.values.append(after))

    @property
    def once(self) -> Settings:
        assert len(self.values) == 1, self.values
        return self.values[0]

    def from_outside(self, settings: Settings) -> None:
        """Let the settings change while the window is open."""
        self._repository.save(settings)
        self.values.clear()


def opened(qtbot, settings: Settings = USUAL, *tabs: Tab) -> SettingsWindow:
    """Return an open window in which these pages are made."""
    window = SettingsWindow(in_force(settings))
    qtbot.addWidget(window)
    window.show_info(INFO)
    window.open()
    qtbot.waitExposed(window)
    for tab in tabs:
        window.made(tab)
    return window


@pytest.fixture
def window(qtbot):
    return opened(qtbot, USUAL, *Tab)


@pytest.fixture
def told(window):
    return Told(window)


def field(window, kind, name: str):
    found = window.findChild(kind, name)
    assert isinstance(found, kind), name
    return found


def shown(widget) -> list[str]:
    labels = widget.findChildren(QLabel)
    return [it.text() for it in labels if it.text() and not it.isHidden()]


def choose(window, name: str, value: object) -> None:
    """Choose as a hand does it: by the keys, on the closed box."""
    box = field(window, QComboBox, name)
    box.setCurrentIndex(box.findData(value))
    box.activated.emit(box.currentIndex())


def type_in(qtbot, window, name: str, text: str, kind=QLineEdit) -> None:
    edit = field(window, kind, name)
    edit.selectAll()
    qtbot.keyClicks(edit, text) if text else qtbot.keyClick(edit, Qt.Key.Key_Delete)
    qtbot.keyClick(edit, Qt.Key.Key_Return)


# -- account -----------------------------------------------------------------------


def test_the_account_and_where_its_password_is_are_told(window):
    page = window.made(Tab.ACCOUNT)
    assert "owner@example.com" in shown(page)
    assert "The password is kept in the system keyring." in shown(page)
    window.show_info(SettingsInfo())
    assert "Nobody is signed in." in shown(page)
    assert not field(page, QPushButton, "forget_account").isEnabled()
    assert field(page, QPushButton, "sign_in").text() == "Sign in …"


def test_a_station_that_is_chosen_is_to_be_shown(window, told, qtbot):
    box = field(window, QComboBox, "station")
    assert (box.currentText(), box.count()) == ("South", 2)
    with qtbot.waitSignal(window.events.station_chosen, timeout=0) as wish:
        choose(window, "station", "2")
    assert wish.args == ["2"]
    assert told.values == []
    # The one that is shown has no switch.
    assert field(window, QAbstractButton, "watch_1").isChecked()
    window.show_info(replace(INFO, stations=INFO.stations[:1]))
    assert not box.isVisibleTo(window)


def test_the_chosen_station_is_shown_although_the_list_comes_later(window, told):
    box = field(window, QComboBox, "station")
    told.from_outside(changed(USUAL, station="gone"))
    assert box.currentText() == "gone"  # the account does not have it
    told.from_outside(changed(USUAL, station="2"))
    assert box.currentText() == "East"
    window.show_info(replace(INFO, stations=()))
    window.show_info(INFO)
    assert box.currentText() == "East"
    assert told.values == []


def test_each_other_station_can_be_left_alone(window, told):
    south, east = (f"watch_{it.id}" for it in INFO.stations)
    assert window.findChild(QAbstractButton, south) is None
    switch = field(window, QAbstractButton, east)
    assert switch.isChecked()
    switch.click()
    assert told.once == changed(USUAL, unwatched=("2",))


def test_what_is_left_alone_is_shown_and_what_is_unknown_stays_so(window, told):
    off = ("2", "of an earlier account")
    told.from_outside(changed(USUAL, unwatched=off))
    switch = field(window, QAbstractButton, "watch_2")
    assert not switch.isChecked()
    switch.click()
    assert told.once.unwatched == off[1:]


@pytest.mark.parametrize(
    ("button", "event"),
    [
        ("sign_in", "sign_in_requested"),
        ("test", "test_requested"),
        ("log", "log_requested"),
    ],
)
def test_what_is_no_setting_is_asked_for(window, qtbot, button, event):
    with qtbot.waitSignal(getattr(window.events, event), timeout=0):
        field(window, QPushButton, button).click()


@pytest.mark.parametrize(
    ("name", "everything"), [("forget_account", False), ("forget_all", True)]
)
def test_nothing_is_forgotten_without_being_asked(window, qtbot, name, everything):
    page = window.made(Tab.ACCOUNT)
    for keeps in (Qt.Key.Key_Return, Qt.Key.Key_Escape):  # the default is to keep
        with qtbot.assertNotEmitted(window.events.sign_out_requested):
            field(window, QPushButton, name).click()
            assert page.question.isVisible()
            qtbot.keyClick(page.question, keeps)
        assert not page.question.isVisible()
    field(window, QPushButton, name).click()
    yes = next(it for it in page.question.buttons() if "Forget" in it.text())
    with qtbot.waitSignal(window.events.sign_out_requested, timeout=0) as wish:
        yes.click()
    assert wish.args == [everything]


# -- any page ----------------------------------------------------------------------


@pytest.mark.parametrize(
    ("setting", "value"),
    [
        ("dialect", "classic"),
        *(("language", it) for it in sorted(LANGUAGES)),
        ("temperature", "C"),
        ("temperature", "F"),
        ("alerts.low_each_time", True),
    ],
)
def test_each_choice_can_be_made(window, told, setting, value):
    choose(window, setting.rpartition(".")[2], value)
    assert told.once == with_value(USUAL, setting, value)


def test_a_choice_of_a_newer_version_is_kept(window, told):
    told.from_outside(changed(USUAL, language="sv"))
    assert field(window, QComboBox, "language").currentData() == "sv"


@pytest.mark.parametrize("name", ["start_hidden", "motion"])
def test_each_switch_tells_once(window, told, name):
    field(window, QAbstractButton, name).click()
    assert told.once == with_value(USUAL, name, not getattr(USUAL, name))


@pytest.mark.parametrize(
    ("setting", "bounds", "value"),
    [
        ("live_minutes", (1, 30), 2.5),
        ("alerts.low_percent", (0, 100), 35.0),
        ("alerts.critical_percent", (0, 100), 5.0),
        ("alerts.full_percent", (0, 100), 95.0),
        ("alerts.portal_minutes", (5, 2880), 120.0),
    ],
)
def test_each_number_can_be_set_within_its_bounds(window, told, setting, bounds, value):
    spin = field(window, QDoubleSpinBox, setting.rpartition(".")[2])
    assert (spin.minimum(), spin.maximum()) == bounds
    spin.setValue(value)
    assert told.once == with_value(USUAL, setting, value)


# -- polling -----------------------------------------------------------------------


def test_the_cadence_is_told_when_it_is_typed_to_the_end(window, told, qtbot):
    spin = field(window, QDoubleSpinBox, "live_minutes")
    assert spin.text() == "2 min"
    spin.selectAll()
    qtbot.keyClicks(spin, "15")
    assert told.values == []
    qtbot.keyClick(spin, Qt.Key.Key_Return)
    assert told.once == changed(USUAL, live_minutes=15.0)


def test_the_requests_of_today_are_told(window):
    page = window.made(Tab.POLLING)
    assert "96 requests today" in shown(page)
    window.show_info(replace(INFO, requests_today=1))
    assert "1 request today" in shown(page)
    window.show_info(replace(INFO, requests_today=None))
    assert "Nothing was asked today." in shown(page)


def test_the_wheel_scrolls_the_page_and_changes_no_field(window, told):
    for spin in window.findChildren(QDoubleSpinBox) + window.findChildren(QComboBox):
        if spin.objectName() == "page":
            continue
        spin.clearFocus()
        QApplication.sendEvent(spin, wheel())
    assert told.values == []


def wheel() -> QWheelEvent:
    none = Qt.KeyboardModifier.NoModifier
    return QWheelEvent(
        QPointF(5, 5),
        QPointF(5, 5),
        QPoint(),
        QPoint(0, 120),
        Qt.MouseButton.NoButton,
        none,
        Qt.ScrollPhase.NoScrollPhase,
        False,
    )


# -- tray icon ---------------------------------------------------------------------


@pytest.mark.parametrize("mode", [it for it in IconMode if it is not IconMode.AUTO])
def test_each_mode_can_be_chosen_and_is_previewed(window, told, mode):
    field(window, QAbstractButton, f"icon_{mode.value}").click()
    assert told.once == changed(USUAL, icon=mode)
    strips = field(window, IconStrips, "preview")
    assert strips._spec == spec_of(None, mode)


def sample(**changes):
    """Return the preview's sample with another reading."""
    snapshot = SAMPLE.snapshot
    assert snapshot.reading is not None
    reading = replace(snapshot.reading, **changes)
    return replace(SAMPLE, snapshot=replace(snapshot, reading=reading))


def test_the_preview_is_of_the_owners_own_station(window):
    nearly_empty = sample(battery=Battery(soc_percent=7))
    window.show_info(replace(INFO, tray_inputs=nearly_empty))
    strips = field(window, IconStrips, "preview")
    assert strips._spec.level == 7
    assert strips._spec.low
    assert any("Your station" in it for it in shown(window.made(Tab.ICON)))


def test_a_mode_of_a_newer_version_is_automatic_here(window, told):
    told.from_outside(changed(USUAL, icon="hologram"))
    assert field(window, QAbstractButton, "icon_auto").isChecked()


def test_a_battery_that_is_not_there_is_no_gauge(window, told):
    bare = sample(battery=None)
    page = window.made(Tab.ICON)
    window.show_info(replace(INFO, tray_inputs=bare))
    told.from_outside(changed(USUAL, icon="soc"))
    assert any("no battery" in it and "instead" in it for it in shown(page))
    told.from_outside(USUAL)
    assert not any("instead." in it for it in shown(page))


def test_a_click_on_the_words_is_one_on_the_button(window, told, qtbot):
    window.open(Tab.ICON)
    labels = window.made(Tab.ICON).findChildren(QLabel)
    words = next(it for it in labels if it.text() == "Sun")
    qtbot.mouseClick(words, Qt.MouseButton.LeftButton)
    assert told.once.icon == "share"


# -- notifications -----------------------------------------------------------------


@pytest.mark.parametrize("rule", Rule)
def test_each_rule_has_a_switch(window, told, rule):
    switch = field(window, QAbstractButton, rule.value)
    off = set(USUAL.alerts.off)
    assert switch.isChecked() is (rule.value not in off)
    switch.click()
    assert told.once == with_value(
        USUAL, "alerts.off", tuple(sorted(off ^ {rule.value}))
    )


def test_a_rule_of_a_newer_version_stays_off(window, told):
    told.from_outside(with_value(USUAL, "alerts.off", ("new_one",)))
    field(window, QAbstractButton, Rule.SILENT.value).click()
    assert told.once.alerts.off == ("new_one", Rule.SILENT.value)


@pytest.mark.parametrize(
    ("name", "value", "words"),
    [
        ("critical_percent", 30, "Critical must not be more than low, 20 %."),
        ("low_percent", 5, "Low must not be less than critical, 10 %."),
        ("low_percent", 100, "At 100 % the battery would always be low."),
        ("full_percent", 15, "Full must be more than low, 20 %."),
    ],
)
def test_an_impossible_limit_says_why_and_changes_nothing(
    window, told, name, value, words
):
    page = window.made(Tab.ALERTS)
    spin = field(window, QDoubleSpinBox, name)
    spin.setValue(value)
    assert told.values == []
    assert [it for it in shown(page) if it == words] == [words]
    assert spin.accessibleDescription().startswith(words)
    spin.setValue(getattr(USUAL.alerts, name))
    assert words not in shown(page)
    assert told.values == []


def test_another_limit_can_make_it_possible(window, told):
    page = window.made(Tab.ALERTS)
    field(window, QDoubleSpinBox, "critical_percent").setValue(30)
    field(window, QDoubleSpinBox, "low_percent").setValue(40)
    limits = AlertSettings(critical_percent=30.0, low_percent=40.0)
    assert told.once == changed(USUAL, alerts=limits)
    assert not any("must not" in it for it in shown(page))


def test_limits_of_a_file_that_cannot_be_are_told(window, told):
    told.from_outside(with_value(USUAL, "alerts.low_percent", 5.0))
    assert any("must not be less" in it for it in shown(window.made(Tab.ALERTS)))


def test_quiet_hours_can_be_set(window, told):
    assert not field(window, QTimeEdit, "quiet_start").isEnabled()
    field(window, QAbstractButton, "quiet").click()
    assert told.once == with_value(USUAL, "alerts.quiet.on", True)
    page = window.made(Tab.ALERTS)
    assert field(window, QTimeEdit, "quiet_start").isEnabled()
    assert "Quiet from 22:00 to 07:00 of the next day." in shown(page)
    field(window, QTimeEdit, "quiet_start").setTime(QTime(21, 30))
    field(window, QTimeEdit, "quiet_end").setTime(QTime(6, 15))
    field(window, QAbstractButton, "day_5").click()
    wanted = QuietSettings(
        on=True, start="21:30", end="06:15", weekdays=(0, 1, 2, 3, 4, 6)
    )
    assert len(told.values) == 4
    assert told.values[-1] == with_value(USUAL, "alerts.quiet", wanted)


def test_quiet_hours_need_a_day(window, told):
    one = QuietSettings(on=True, weekdays=(2,))
    told.from_outside(with_value(USUAL, "alerts.quiet", one))
    page = window.made(Tab.ALERTS)
    field(window, QAbstractButton, "day_2").click()
    assert told.values == []
    assert NO_DAY in shown(page)
    assert not any(it.startswith("Quiet from") for it in shown(page))
    field(window, QAbstractButton, "day_0").click()
    assert NO_DAY not in shown(page)
    assert told.once.alerts.quiet.weekdays == (0,)


def test_an_acknowledged_alarm_can_be_told_again(window, qtbot):
    page = window.made(Tab.ALERTS)
    assert "East has a fault" in shown(page)
    undo = next(
        it for it in page.findChildren(QPushButton) if "East" in it.accessibleName()
    )
    with qtbot.waitSignal(window.events.reminder_requested, timeout=0) as wish:
        undo.click()
    assert wish.args == [MARK]
    window.show_info(replace(INFO, known_alarms=()))
    assert "Alarms that you know of" not in [
        it.text() for it in page.findChildren(QLabel) if it.isVisibleTo(page)
    ]


# -- general -----------------------------------------------------------------------


def test_the_start_at_login_is_the_systems(window, told, qtbot):
    switch = field(window, QAbstractButton, "start_at_login")
    with qtbot.waitSignal(window.events.start_at_login_changed, timeout=0) as wish:
        switch.click()
    assert wish.args == [True]
    assert told.values == []
    trouble = "SEMS Tray cannot be started at login: the disk is full."
    window.show_info(replace(INFO, login_trouble=trouble))
    assert not switch.isChecked()
    assert trouble in shown(window.made(Tab.GENERAL))


@pytest.mark.parametrize(
    ("name", "text", "wanted"),
    [
        ("reserve_percent", "20", {"reserve_percent": 20.0}),
        ("import_price", "0,285", {"import_price": 0.285}),
        ("export_price", "0.08", {"export_price": 0.08}),
        ("export_price", "0", {"export_price": 0.0}),
        ("currency", " eur ", {"currency": "EUR"}),
    ],
)
def test_a_number_is_told_when_it_is_entered(window, told, qtbot, name, text, wanted):
    type_in(qtbot, window, name, text)
    assert told.once == changed(USUAL, **wanted)
    type_in(qtbot, window, name, "")  # what is emptied is not known
    assert told.values[-1] == USUAL


@pytest.mark.parametrize(
    ("name", "text", "words"),
    [
        ("reserve_percent", "101", "Enter a number from 0 to 100, or nothing."),
        ("reserve_percent", "many", "Enter a number from 0 to 100, or nothing."),
        ("import_price", "-1", "Enter a number from 0 to 1000, or nothing."),
        ("export_price", "nan", "Enter a number from 0 to 1000, or nothing."),
        ("export_price", "inf", "Enter a number from 0 to 1000, or nothing."),
        ("currency", "euro", "Enter the three letters of a currency"),
        ("latitude", "91", "Enter a number from -90 to 90, or nothing."),
        ("longitude", "-181", "Enter a number from -180 to 180, or nothing."),
    ],
)
def test_nonsense_says_why_and_changes_nothing(window, told, qtbot, name, text, words):
    page = window.made(Tab.GENERAL)
    type_in(qtbot, window, name, text)
    assert told.values == []
    assert any(it.startswith(words) for it in shown(page))
    type_in(qtbot, window, name, "")
    assert not any(it.startswith(words) for it in shown(page))


def test_a_place_needs_both_of_its_numbers(window, told, qtbot):
    page = window.made(Tab.GENERAL)
    type_in(qtbot, window, "latitude", "52.37")
    assert told.values == []
    assert "A place needs both: the longitude is missing." in shown(page)
    type_in(qtbot, window, "longitude", "-4.89")
    assert told.once == changed(USUAL, latitude=52.37, longitude=-4.89)
    assert not any("missing" in it for it in shown(page))


@pytest.mark.parametrize(
    ("known", "words"),
    [(True, "nothing needs"), (False, "does not tell"), (None, "where")],
)
def test_it_is_said_whether_a_place_is_needed(window, known, words):
    window.show_info(replace(INFO, place_known=known))
    assert any(words in it for it in shown(window.made(Tab.GENERAL)))


# -- about -------------------------------------------------------------------------


def test_it_says_what_it_is_and_whose_it_is_not(window):
    page = window.made(Tab.ABOUT)
    assert "SEMS Tray 0.4.0" in shown(page)
    said = " ".join(shown(page))
    assert "MIT licence" in said
    assert "not a product of GoodWe" in said
    values = [it.text() for it in page.findChildren(QLineEdit)]
    assert "3.11.9" in values
    assert INFO.files[0][1] in values


def test_diagnostics_are_asked_for_copied_and_shown(window, qtbot):
    window.set_diagnostics("nobody asked")
    text = field(window, QPlainTextEdit, "diagnostics_text")
    assert text.isHidden()
    with qtbot.waitSignal(window.events.diagnostics_requested, timeout=0):
        field(window, QPushButton, "diagnostics").click()
    window.set_diagnostics("Python 3.11")
    assert QGuiApplication.clipboard().text() == "Python 3.11"
    assert text.toPlainText() == "Python 3.11"
    assert not text.isHidden()
