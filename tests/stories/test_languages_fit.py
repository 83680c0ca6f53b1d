"""Every window in every language: all of it fits, and none of it is still English."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta
from gettext import NullTranslations
from typing import TYPE_CHECKING

import pytest
from PySide6.QtGui import QFont, QFontMetricsF
from PySide6.QtWidgets import QApplication, QLabel, QMenu, QPushButton

from sems_tray.alerts.model import INVERTER, Kind, Level, ProblemSummary, Rule, Topic
from sems_tray.alerts.wording import NoticeSubject, notice
from sems_tray.cli.status_text import to_text
from sems_tray.domain.failures import mishap
from sems_tray.domain.poll_result import PollSucceeded
from sems_tray.i18n.formatting import date_short, date_text, labelled
from sems_tray.i18n.language import (
    Locale,
    NumberFormat,
    current_locale,
    set_locale,
)
from sems_tray.i18n.locale import LANGUAGES, locale_for
from sems_tray.sign_in.advice import advice
from sems_tray.tray.tray_icon import Tray
from sems_tray.tray.view_model import WINDOWS_TOOLTIP
from sems_tray.widgets.charts.bar_layout import Amount, BarChart
from sems_tray.widgets.charts.chart_view import _MARGIN, _SAMPLE, _legend
from sems_tray.widgets.charts.painter import chart_font
from sems_tray.widgets.charts.readout import chart_title
from sems_tray.window.history.page import HistoryPage
from tests.kit.every_window import (
    TROUBLES,
    WINDOWS,
    sign_in,
)
from tests.kit.fitting import faults, texts, unroll
from tests.kit.painted import painted
from tests.kit.readings import reading, view
from tests.kit.scenes import AT, scene

if TYPE_CHECKING:
    from collections.abc import Callable

    from PySide6.QtWidgets import QWidget

    from sems_tray.alerts.model import Notice
    from sems_tray.history.local_reader import LocalHistory

pytestmark = pytest.mark.qt_log_ignore("systemTrayWindowChanged")

FOREIGN = [it for it in LANGUAGES if it != "en"]
# What is the same in every language: names of things, the portal's and the owner's
# words, addresses.
NAMES = (
    *("SEMS Tray", "SEMS Portal", "GoodWe", "Isolation Failure", "Demo House"),
    *("Grid Waveform Abnormal", "owner@example.com", "name@example.com"),
)
# Words that a language has in common with English.
COMMON = {
    "fr": ("Notifications", "30 minutes"),
    "it": ("Data logger", "Dongle", "online"),
}
LONG = 12
# With the numbers of the other languages, so that only words differ.
ENGLISH = Locale("en", NullTranslations(), NumberFormat(decimal=",", group="."))
RESIZABLE = ("now", "devices", "alarms", "history", "settings")
SETTINGS = [it for it in WINDOWS if it.startswith("settings")]


@pytest.fixture(autouse=True)
def english_afterwards():
    before = current_locale()
    yield
    set_locale(before)


@pytest.fixture(scope="module", params=FOREIGN)
def foreign(request) -> Locale:
    """Return a language with its catalogue, which is read once."""
    return locale_for(request.param, (), "")


@pytest.fixture
def language(foreign: Locale) -> str:
    set_locale(foreign)
    return foreign.language


@pytest.fixture
def large(qapp):
    """Show letters of 150 %."""
    usual = QApplication.font()
    font = QFont(usual)
    font.setPointSizeF(usual.pointSizeF() * 1.5)
    QApplication.setFont(font)
    yield
    QApplication.setFont(usual)


@pytest.fixture
def opened(qtbot, local_history):
    """Return a function that opens a window, as high as it needs."""

    def open_window(make: Callable[[LocalHistory], QWidget]) -> QWidget:
        window = make(local_history)
        qtbot.addWidget(window)
        window.show()
        QApplication.processEvents()
        unroll(window)
        return window

    return open_window


@pytest.fixture(scope="module")
def english_texts() -> dict[str, set[str]]:
    """The texts of each window in English, filled as they are asked for."""
    return {}


def at_its_narrowest(window: QWidget) -> QWidget:
    window.resize(1, 1)
    unroll(window)
    return window


@pytest.mark.parametrize("name", WINDOWS)
def test_a_window_has_room_for_its_words_and_none_is_english(
    opened, language, name, english_texts
):
    window = opened(WINDOWS[name])
    seen = painted(window)
    assert faults(window, seen) + chart_faults(window) == []
    here = texts(window, seen)
    if name.startswith(RESIZABLE):
        assert faults(at_its_narrowest(window), giving=True) == []
    if name not in english_texts:
        set_locale(ENGLISH)
        there = opened(WINDOWS[name])
        english_texts[name] = texts(there, painted(there))
    assert english(english_texts[name], here, language) == set()


def chart_faults(window: QWidget) -> list[str]:
    """Return the texts that a saved chart has no room for, if the window has one."""
    page = window.findChild(HistoryPage)
    if page is None:
        return []
    assert page.view is not None
    chart = page.view.chart
    if isinstance(chart, BarChart):
        chart = replace(chart, shown=frozenset(Amount))
    font = chart_font(QFont())
    metrics, room = QFontMetricsF(font), 460.0
    ends = {chart_title(chart): metrics.horizontalAdvance(chart_title(chart))}
    for key, x, _ in _legend(chart, font, room):
        end = x + _SAMPLE + _MARGIN / 2 + metrics.horizontalAdvance(key.label)
        ends[key.label] = end
    return [f"not in the saved chart: {it}" for it, end in ends.items() if end >= room]


def test_each_failure_at_sign_in_fits(opened, language):
    window = opened(lambda _: sign_in(TROUBLES[0]))
    for failed in TROUBLES:
        window.show_trouble(advice(failed))
        unroll(window)
        assert faults(window) == [], failed


@pytest.mark.parametrize("name", ["now", "devices", "history, year", *SETTINGS])
def test_it_has_room_for_letters_half_as_large_again(opened, language, name, large):
    window = opened(WINDOWS[name])
    assert faults(window) == []
    if name in SETTINGS:
        assert faults(at_its_narrowest(window)) == []


def test_nothing_is_cut_only_because_it_would_not_be_found(opened):
    """The checks can fail: a button that is too narrow, words over words."""
    window = opened(WINDOWS["settings, account"])
    button = window.findChild(QPushButton, "close")
    button.setFixedWidth(20)
    label = QLabel(window.windowTitle(), window)
    label.move(button.pos())
    label.show()
    found = faults(window)
    assert "cut: Close" in " ".join(found)
    assert any(it.startswith("over each other") for it in found)


# -- words -------------------------------------------------------------------------


def letters(text: str) -> str:
    return "".join(it for it in text if it.isalpha())


def english(there: set[str], here: set[str], language: str) -> set[str]:
    """Return the long texts that are the same in English, names apart."""
    same = there & here
    for name in (*NAMES, *COMMON.get(language, ())):
        same = {it.replace(name, "") for it in same}
    return {it for it in same if len(letters(it)) > LONG}


def menu_of(tray: Tray) -> set[str]:
    tray.show(view(reading()))
    tray.quiet.show(ProblemSummary())
    menus = [tray._menu, *tray._menu.findChildren(QMenu)]
    return {it.text() for menu in menus for it in menu.actions() if it.text()}


def test_the_menu_is_translated(qtbot, language):
    here = menu_of(Tray())
    set_locale(ENGLISH)
    there = menu_of(Tray())
    same = {it for it in there & here if len(letters(it)) > len("Details")}
    assert same - set(COMMON.get(language, ())) == set()


def bubble(rule: Rule, *, over: bool) -> Notice:
    topic = Topic(
        id="fault:S1",
        rule=rule,
        level=Level.URGENT,
        since=AT - timedelta(minutes=90),
        subject="2",
        device=INVERTER,
        name="unreachable" if rule in {Rule.PORTAL, Rule.SIGN_IN} else "Fan Fault",
        detail="18 %",
        calm_since=AT if over else None,
    )
    turn = Kind.CLEARED if over else Kind.RAISED
    place = NoticeSubject(station="p", at=AT, name="Home", zone="Europe/Madrid")
    return notice(topic, turn, place)


def test_each_bubble_has_all_its_words(language):
    kinds = [(rule, over) for rule in Rule for over in (False, True)]
    here = {it: bubble(it[0], over=it[1]) for it in kinds}
    set_locale(ENGLISH)
    for (rule, over), said in here.items():
        there = bubble(rule, over=over)
        assert "{" not in said.title + said.text
        assert not said.title.endswith("…"), said.title
        assert said.title != there.title
        assert said.text != there.text


def test_a_colon_is_written_as_the_language_wants(language):
    space = "\N{NO-BREAK SPACE}" if language == "fr" else ""
    assert labelled("A", "B") == f"A{space}: B"
    assert mishap("the path is gone: x").endswith(f"{space}: x")
    topic = Topic(id="grid", rule=Rule.GRID_LOST, level=Level.URGENT, since=AT)
    said = notice(topic, Kind.RAISED, NoticeSubject(station="p", at=AT, name="Home"))
    assert said.title.startswith(f"Home{space}: ")


def test_four_lines_fit_into_a_tooltip_of_windows(language):
    lines = view(reading()).lines
    assert len(lines) == 4
    assert view(reading()).tooltip(WINDOWS_TOOLTIP) == "\n".join(lines)


@pytest.mark.parametrize(
    ("language", "first", "other", "short"),
    [
        ("de", "1. Juni", "21. Juni", "1. Jun"),
        ("fr", "1er juin", "21 juin", "1er juin"),
        ("it", "1º giugno", "21 giugno", "1º giu"),
        ("es", "1 de junio", "21 de junio", "1 jun"),
        ("pl", "1 czerwca", "21 czerwca", "1 cze"),
        ("cs", "1. června", "21. června", "1. čvn"),
    ],
)
def test_the_first_of_a_month_is_called_as_people_do(language, first, other, short):
    set_locale(locale_for(language, (), ""))
    assert date_text(date(2026, 6, 1)) == first
    assert date_text(date(2026, 6, 21)) == other
    assert date_short(date(2026, 6, 1)) == short


def test_status_is_told_in_the_language(language):
    given = scene("day")

    def page() -> set[str]:
        lines = to_text(PollSucceeded(reading=given), AT, lambda _: False).splitlines()
        return {it for line in lines for it in line.split("  ") if it}

    here = page()
    set_locale(ENGLISH)
    assert english(page(), here, language) == set()
