"""Every window in every language: all of it fits, and none of it is still English."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta
from functools import partial
from typing import TYPE_CHECKING

import pytest
from PySide6.QtGui import QFont, QFontMetricsF
from PySide6.QtWidgets import QApplication, QLabel, QMenu, QPushButton

from sems_tray.alerts.model import Level, Rule, Topic
from sems_tray.alerts.topics import INVERTER, Transition
from sems_tray.alerts.wording import NoticeSubject, notice
from sems_tray.cli.status_text import to_text
from sems_tray.domain.energy import Period
from sems_tray.domain.failures import mishap
from sems_tray.domain.poll_result import PollSucceeded
from sems_tray.i18n.formatting import date_short, date_text, labelled
from sems_tray.i18n.language import (
    English,
    Locale,
    NumberFormat,
    current_locale,
    set_locale,
)
from sems_tray.i18n.locale import LANGUAGES, locale_for
from sems_tray.settings.window import Tab
from sems_tray.tray.tray_icon import Tray
from sems_tray.tray.view_model import WINDOWS_TOOLTIP
from sems_tray.widgets.charts.bar_layout import Amount
from sems_tray.widgets.charts.painter import chart_font
from sems_tray.widgets.charts.picture import _MARGIN, _SAMPLE, _legend, _title
from sems_tray.window.history.page import HistoryPage
from tests.kit.every_window import (
    TROUBLES,
    WINDOWS,
    filled_shelf,
    history,
    settings,
    sign_in,
)
from tests.kit.fitting import faults, said, unroll
from tests.kit.readings import reading, view
from tests.kit.scenes import AT, scene

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from PySide6.QtWidgets import QWidget

    from tests.kit.local_history import Shelf

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


@pytest.fixture(autouse=True)
def english_afterwards():
    before = current_locale()
    yield
    set_locale(before)


@pytest.fixture(params=FOREIGN)
def language(request):
    set_locale(locale_for(request.param, (), ""))
    return request.param


@pytest.fixture(scope="module")
def shelf(tmp_path_factory) -> Iterator[Shelf]:
    with filled_shelf(tmp_path_factory.mktemp("fit")) as made:
        yield made


@pytest.fixture
def opened(qtbot, shelf):
    """Return a function that opens a window, as high as it needs."""

    def open_window(make: Callable[[Shelf], QWidget], wide: int = 0) -> QWidget:
        window = make(shelf)
        qtbot.addWidget(window)
        window.show()
        QApplication.processEvents()
        if wide:
            window.resize(wide, window.height())
        unroll(window)
        return window

    return open_window


@pytest.mark.parametrize("name", WINDOWS)
def test_a_window_has_room_for_its_words(opened, language, name):
    assert faults(opened(WINDOWS[name])) == []


@pytest.mark.parametrize(
    "name", [it for it in WINDOWS if it.startswith(("now", "dev", "al", "hist", "set"))]
)
def test_at_its_narrowest_it_still_has(opened, language, name):
    assert faults(opened(WINDOWS[name], wide=1), giving=True) == []


@pytest.mark.parametrize("failed", TROUBLES, ids=lambda it: f"{it.trouble} {it.detail}")
def test_a_trouble_at_sign_in_fits(opened, language, failed):
    assert faults(opened(lambda _: sign_in(failed))) == []


@pytest.mark.parametrize(
    "name", ["now", "devices", "history, year", "settings, alerts"]
)
def test_it_has_room_for_letters_half_as_large_again(opened, language, name, large):
    assert faults(opened(WINDOWS[name])) == []


@pytest.mark.parametrize("tab", Tab)
def test_large_letters_fit_into_narrow_settings(opened, language, tab, large):
    assert faults(opened(lambda _: settings(tab), wide=1)) == []


@pytest.fixture
def large(qapp):
    """Show letters of 150 %."""
    usual = QApplication.font()
    font = QFont(usual)
    font.setPointSizeF(usual.pointSizeF() * 1.5)
    QApplication.setFont(font)
    yield
    QApplication.setFont(usual)


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


@pytest.mark.parametrize("name", WINDOWS)
def test_no_english_is_left_over(opened, language, name):
    here = said(opened(WINDOWS[name]))
    set_locale(Locale("en", English(), NumberFormat(decimal=",", group=".")))
    assert english(said(opened(WINDOWS[name])), here, language) == set()


def menu_of(tray: Tray) -> set[str]:
    tray.show(view(reading()))
    tray.quiet.show_snoozed("")
    menus = [tray._menu, *tray._menu.findChildren(QMenu)]
    return {it.text() for menu in menus for it in menu.actions() if it.text()}


def test_the_menu_is_translated(qtbot, language):
    here = menu_of(Tray())
    set_locale(Locale("en", English(), NumberFormat(decimal=",", group=".")))
    there = menu_of(Tray())
    same = {it for it in there & here if len(letters(it)) > len("Details")}
    assert same - set(COMMON.get(language, ())) == set()


@pytest.mark.parametrize("rule", Rule)
@pytest.mark.parametrize("over", [False, True])
def test_a_bubble_has_all_its_words(language, rule, over):
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
    turn = Transition.CLEARED if over else Transition.RAISED
    place = NoticeSubject(station="p", at=AT, name="Home", zone="Europe/Madrid")
    here = notice(topic, turn, place)
    assert "{" not in here.title + here.text
    assert not here.title.endswith("…"), here.title
    set_locale(Locale("en", English(), NumberFormat()))
    there = notice(topic, turn, place)
    assert here.title != there.title
    assert here.text != there.text


def test_a_colon_is_written_as_the_language_wants(language):
    space = "\N{NO-BREAK SPACE}" if language == "fr" else ""
    assert labelled("A", "B") == f"A{space}: B"
    assert mishap("the path is gone: x").endswith(f"{space}: x")
    topic = Topic(id="grid", rule=Rule.GRID_LOST, level=Level.URGENT, since=AT)
    said = notice(
        topic, Transition.RAISED, NoticeSubject(station="p", at=AT, name="Home")
    )
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


@pytest.mark.parametrize("kind", Period)
def test_a_saved_chart_holds_its_title_and_legend(opened, language, kind):
    window = opened(partial(history, kind=kind))
    chart = window.findChild(HistoryPage).view.chart
    if kind is not Period.DAY:
        chart = replace(chart, shown=frozenset(Amount))
    font = chart_font(QFont())
    metrics, room = QFontMetricsF(font), 460.0
    assert metrics.horizontalAdvance(_title(chart)) < room
    for key, x, _ in _legend(chart, font, room):
        assert x + _SAMPLE + _MARGIN / 2 + metrics.horizontalAdvance(key.label) < room


def test_status_is_told_in_the_language(language):
    given = scene("day")

    def page() -> set[str]:
        lines = to_text(PollSucceeded(reading=given), AT, lambda _: False).splitlines()
        return {it for line in lines for it in line.split("  ") if it}

    here = page()
    set_locale(Locale("en", English(), NumberFormat(decimal=",", group=".")))
    assert english(page(), here, language) == set()
