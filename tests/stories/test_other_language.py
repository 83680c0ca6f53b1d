"""Windows, menus and charts speak the language that is spoken; keys stay keys."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path

import pytest
from PySide6.QtCore import QLocale, QPoint, QSize
from PySide6.QtGui import QAction, QFont
from PySide6.QtWidgets import (
    QFileDialog,
    QWidget,
)

from sems_tray.domain.energy import MonthStep, NotificationRecord, Period
from sems_tray.domain.model import BatteryState, EnergySums
from sems_tray.domain.station_state import battery_word
from sems_tray.i18n.language import Locale, NumberFormat, current_locale, set_locale
from sems_tray.tray.tray_icon import Tray
from sems_tray.tray.view_model import Face, IconSpec, TrayView
from sems_tray.widgets.charts.bar_layout import Amount, Bar, BarChart
from sems_tray.widgets.charts.chart_view import picture
from sems_tray.widgets.theme import theme_of
from sems_tray.widgets.time_fields import DayPicker
from sems_tray.window.alarms.page import AlarmsPage
from sems_tray.window.alarms.view_model import alarms_view
from sems_tray.window.history.fetch_state import FetchState
from sems_tray.window.now.flow_layout import ring_shape
from sems_tray.window.transfer.dialog import HistoryDialog
from tests.kit.every_window import WINDOWS
from tests.kit.fitting import widget_texts
from tests.kit.history_data import ZONE
from tests.kit.readings import NOW, alarm, reading
from tests.kit.speaking import LEFT, RIGHT, Brackets, pseudo  # noqa: F401

pytestmark = [
    pytest.mark.usefixtures("pseudo"),
    # The offscreen platform knows no tray, and says so at the first icon.
    pytest.mark.qt_log_ignore("systemTrayWindowChanged"),
]

TODAY = date(2026, 6, 21)
FAULT = alarm(id="now", name="", code="", happened_at=NOW)
PAST = replace(FAULT, id="past", active=False, recovered_at=NOW)
TOLD = NotificationRecord(station="p", topic="low", at=NOW, title="", text="18 %.")
# What is the same in all languages: units, keys, and names of things.
SAME = re.compile(
    r"\b(k?Wp?|k?Wh|MWh|VA?|A|Hz|F|PV|[DMYLT]|SEMS|GoodWe|CSV|JSON|F5|L[1-3]|OK|Tray"
    r"|Python|Qt|DEMO\w+|GW[\w-]+|BAT1|Demo House|Hybrid|Garage|Dongle|South|East|Barn"
    r"|Isolation Failure|Grid Waveform Abnormal|\w+@example.com|Čeština|Deutsch|English"
    r"|Español|Français|Italiano|Nederlands|Polski|Português)\b"
)


class Long(Brackets):
    """Words that are three times as long."""

    def gettext(self, message, /):
        return " ".join([message] * 3)


def english(widget: QWidget) -> list[str]:
    """Return the texts with letters that nobody translated, beside names."""
    found = []
    for text in widget_texts(widget, hidden=True):
        rest, before = text, ""
        while rest != before:  # one text may stand in another
            rest, before = re.sub(f"{LEFT}[^{LEFT}{RIGHT}]*{RIGHT}", "", rest), rest
        if re.search(r"[A-Za-z]{2}", SAME.sub("", rest)):
            found.append(text)
    return found


@pytest.mark.parametrize("name", WINDOWS)
def test_every_word_of_a_window_is_translated(qtbot, local_history, name):
    window = WINDOWS[name](local_history)
    qtbot.addWidget(window)
    assert english(window) == []


def test_alarms_are_found_by_their_keys_and_copied_in_its_words(qtbot):
    page = AlarmsPage()
    qtbot.addWidget(page)
    page.show_view(alarms_view(reading(alarms=(FAULT, PAST)), (), (TOLD,), NOW, ZONE))
    assert page.select("past")
    assert [it.opened for it in page.panels()] == [True, True, False]
    panel = page.panels()[0]
    labels = [label for label, _ in page.copies(panel, QPoint())]
    assert labels == ["⟦Copy⟧", "⟦Copy for installer⟧"]
    panel.copy_for_installer()
    assert panel._button.text() == "⟦Copied⟧"


def test_what_an_export_is_made_of_has_keys_and_no_words(qtbot):
    dialog = HistoryDialog(None, TODAY, "Home")
    qtbot.addWidget(dialog)
    assert [dialog._every.itemData(n) for n in range(4)] == [
        *("day", "month", "5min", "everything")
    ]
    dialog._every.setCurrentIndex(3)
    assert dialog._format.currentData() == "json"


# -- menus ---------------------------------------------------------------------


def test_the_tray_changes_its_language_while_it_stands(qtbot):
    before = current_locale()
    tray = Tray()
    tray.show(TrayView(icon=IconSpec(face=Face.BATTERY, level=76), lines=("76 %",)))
    assert english(tray._menu) == []
    set_locale(Locale("en", Long(), NumberFormat()))
    tray.retranslate()
    (leave,) = tray._menu.findChildren(QAction, "quit")
    assert leave.text() == "Quit Quit Quit"
    assert tray.quiet._snooze.actions()[1].text() == "1 hour 1 hour 1 hour"
    set_locale(before)
    tray.hide()


# -- charts and pictures -------------------------------------------------------


def test_a_saved_chart_has_room_for_a_legend_of_long_words(qapp):
    sums = EnergySums(
        pv_kwh=2.0,
        load_kwh=2.0,
        import_kwh=2.0,
        export_kwh=2.0,
        charge_kwh=2.0,
        discharge_kwh=2.0,
    )
    chart = BarChart(
        period=Period.MONTH,
        bars=(Bar(first=TODAY, last=TODAY, sums=sums),),
        shown=frozenset(Amount),
    )
    colours, size = theme_of(qapp.palette()), QSize(300, 200)
    set_locale(Locale("xx", Long(), NumberFormat()))
    tall = picture(chart, size, QFont(), colours)
    set_locale(Locale("xx", Brackets(), NumberFormat()))
    low = picture(chart, size, QFont(), colours)
    assert tall.height() > low.height()
    assert tall.width() == low.width()


def test_the_rings_hold_the_words_however_long(qapp):
    before = ring_shape(QFont()).radius
    set_locale(Locale("xx", Long(), NumberFormat()))
    assert ring_shape(QFont()).radius > before
    assert battery_word(BatteryState.IDLE) == "idle idle idle"


# -- dates ---------------------------------------------------------------------


def test_the_calendar_names_days_in_it_and_begins_the_week_as_before(qtbot):
    set_locale(Locale("de", Brackets(), NumberFormat(decimal=",", group=".")))
    parent = QWidget()
    qtbot.addWidget(parent)
    picker = DayPicker(TODAY, TODAY - timedelta(days=30), TODAY, parent)
    dialog = HistoryDialog(None, TODAY, "Home")
    qtbot.addWidget(dialog)
    for calendar in (picker.calendar, dialog._from.calendarWidget()):
        assert calendar.locale().language() is QLocale.Language.German
        assert calendar.firstDayOfWeek() is QLocale.system().firstDayOfWeek()


def test_what_is_fetched_is_said_with_its_month():
    fetches = FetchState(lambda: NOW, lambda: None)
    assert fetches.status([MonthStep(TODAY)]).text == "⟦Fetching ⟦⟦June⟧ 2026⟧ …⟧"


def test_a_name_for_an_export_has_its_dates_as_numbers(qtbot, monkeypatch):
    asked: list[str] = []

    def ask(_parent, _title, name, _kinds):
        asked.append(Path(name).name)
        return "", ""

    monkeypatch.setattr(QFileDialog, "getSaveFileName", ask)
    dialog = HistoryDialog(date(2026, 6, 1), TODAY, "Home")
    qtbot.addWidget(dialog)
    dialog._save.click()
    assert asked == ["Home ⟦2026-06-01 to 2026-06-21⟧.csv"]
