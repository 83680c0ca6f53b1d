"""The page "History" on a real store: what it shows, asks for, and how it is led."""

from __future__ import annotations

from contextlib import closing
from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime, timedelta
from itertools import combinations

import pytest
from PySide6.QtCore import QPoint, QRect, Qt
from PySide6.QtGui import QGuiApplication, QImage
from PySide6.QtWidgets import QAbstractButton, QCalendarWidget, QLabel, QWidget

from sems_tray.domain.energy import CurveStep, MonthStep, Period, days_between
from sems_tray.domain.model import EnergySums
from sems_tray.domain.poll_result import PollFailed, Trouble
from sems_tray.history.local_reader import LocalHistory
from sems_tray.history.query import ChartStation, Selection
from sems_tray.simulator.simulator import Simulator
from sems_tray.storage.history.store import History
from sems_tray.widgets.charts.bar_layout import Amount, BarChart
from sems_tray.widgets.charts.day_layout import DayChart, Series
from sems_tray.window.history.page import HistoryPage
from tests.kit.history_data import HOME, MINUTE, NOON, ZONE, point
from tests.kit.local_history import (
    CountingHistory,
    noon,
    put_curve,
    put_days,
    put_months,
)

TODAY = date(2026, 6, 21)
YESTERDAY = date(2026, 6, 20)
JUNE = MonthStep(date(2026, 6, 1))
NO_ANSWER = PollFailed(trouble=Trouble.UNREACHABLE)
HOUSE = ChartStation(id=HOME, where=ZONE, name="Home", capacity_kwp=10.1)
EARLY = datetime(2026, 6, 20, 22, tzinfo=UTC)  # midnight in Amsterdam


@dataclass
class Scene:
    page: HistoryPage
    history: History
    local: CountingHistory
    now: datetime = NOON
    paused_until: datetime | None = None
    steps: list[object] = field(default_factory=list)

    @property
    def chart(self):
        view = self.page.view
        assert view is not None
        return view.chart

    @property
    def title(self) -> str:
        assert self.page.selection is not None
        return self.page.selection.title()

    def keep_curve(self, day: date, pv_w: float = 100.0) -> None:
        """Keep a date's curve up to now."""
        start = EARLY - timedelta(days=(TODAY - day).days)
        count = int((min(self.now, start + timedelta(days=1)) - start) / (5 * MINUTE))
        rows = [point(start + 5 * n * MINUTE, pv_w) for n in range(count)]
        self.history.add_curve(HOME, rows, day=day if day < TODAY else None)

    def keep_days(self, first: date, last: date, pv_kwh: float = 5.0) -> None:
        for day in days_between(first, last):
            self.history.put_day(HOME, day, EnergySums(pv_kwh=pv_kwh, load_kwh=2.0))

    def keep_all(self) -> None:
        """Keep everything that today's page is made of."""
        self.keep_days(date(2026, 6, 1), YESTERDAY)
        self.keep_curve(TODAY)


@pytest.fixture
def scene(qtbot, tmp_path):
    path = tmp_path / "history.sqlite"
    local = CountingHistory(path)
    page = HistoryPage(local, lambda: made.now, lambda: made.paused_until)
    qtbot.addWidget(page)
    with History(path) as history, closing(local):
        made = Scene(page=page, history=history, local=local)
        page.part_wanted.connect(made.steps.append)
        page.resize(480, 640)
        page.show_station(HOUSE)
        yield made


@pytest.fixture
def shown(scene, qtbot):
    opened(scene, qtbot)
    return scene


def opened(scene, qtbot) -> None:
    scene.page.show()
    scene.page.activateWindow()
    with qtbot.waitActive(scene.page):
        pass


def say(scene):
    label = scene.page.findChild(QLabel, "fetch")
    return label.text()


def trouble(scene):
    label = scene.page.findChild(QLabel, "trouble")
    return "" if label.parentWidget().isHidden() else label.text()


def named(scene, name: str):
    buttons = scene.page.findChildren(QAbstractButton)
    return next(it for it in buttons if it.accessibleName() == name)


def settled(scene, qtbot) -> None:
    """Wait longer than the page waits before it asks."""
    qtbot.wait(350)


def points(scene) -> int:
    assert isinstance(scene.chart, DayChart)
    return len(scene.chart.points)


# -- what is fetched -----------------------------------------------------------


def test_an_empty_store_is_said_and_the_day_is_fetched(shown, qtbot):
    assert shown.title == "Sunday, 21 June 2026"
    assert points(shown) == 0
    qtbot.waitUntil(lambda: shown.steps == [CurveStep(TODAY)])
    assert say(shown) == "Fetching 21 June 2026 …"
    shown.keep_curve(TODAY)
    shown.page.on_brought(CurveStep(TODAY), None)
    assert points(shown) == 144
    qtbot.waitUntil(lambda: shown.steps == [CurveStep(TODAY), JUNE])
    shown.page.on_brought(JUNE, None)  # even if nothing came
    shown.page.on_reading()
    settled(shown, qtbot)
    assert shown.steps == [CurveStep(TODAY), JUNE]
    assert say(shown) == ""


def test_what_is_kept_is_not_fetched(scene, qtbot):
    scene.keep_all()
    scene.page.show()
    settled(scene, qtbot)
    assert scene.steps == []
    assert points(scene) == 144


def test_a_failure_is_said_and_the_old_chart_stays(scene, qtbot):
    scene.keep_curve(TODAY)
    scene.page.show()
    qtbot.waitUntil(lambda: scene.steps == [JUNE])
    scene.page.on_brought(JUNE, NO_ANSWER)
    assert "cannot be reached" in trouble(scene)
    assert points(scene) == 144
    settled(scene, qtbot)
    assert scene.steps == [JUNE]
    named(scene, "Try to fetch again").click()
    assert trouble(scene) == ""
    qtbot.waitUntil(lambda: scene.steps == [JUNE] * 2)


def test_another_visit_asks_again(shown, qtbot):
    qtbot.waitUntil(lambda: len(shown.steps) == 1)
    shown.page.on_brought(CurveStep(TODAY), NO_ANSWER)
    shown.now += timedelta(seconds=31)
    shown.page.hide()
    shown.page.show()
    assert trouble(shown) == ""
    qtbot.waitUntil(lambda: shown.steps == [CurveStep(TODAY)] * 2)


def test_in_a_pause_nothing_is_asked_and_its_end_is_said(shown, qtbot):
    shown.paused_until = shown.now + 9 * MINUTE
    for _ in range(8):
        shown.page._layout.nav.go_back()
    for _ in range(5):
        shown.page.refresh()
    settled(shown, qtbot)
    assert shown.steps == []
    assert say(shown) == "Fetching is possible again in 9 min"
    shown.now += 3 * MINUTE
    shown.page.show_station(HOUSE)  # as every refill does
    assert say(shown) == "Fetching is possible again in 6 min"
    shown.now += 6 * MINUTE
    shown.page.refresh()
    qtbot.waitUntil(lambda: shown.steps == [CurveStep(date(2026, 6, 13))])


def test_a_pause_that_begins_meanwhile_is_kept(shown, qtbot):
    shown.paused_until = shown.now + timedelta(hours=1)
    settled(shown, qtbot)
    assert shown.steps == []
    assert say(shown) == "Fetching is possible again in 1 h"


def test_after_a_failure_leafing_on_asks_nothing_for_a_while(shown, qtbot):
    qtbot.waitUntil(lambda: len(shown.steps) == 1)
    shown.page.on_brought(CurveStep(TODAY), NO_ANSWER)
    for _ in range(5):
        shown.page._layout.nav.go_back()
    settled(shown, qtbot)
    assert len(shown.steps) == 1
    assert "cannot be reached" in trouble(shown)
    named(shown, "Try to fetch again").click()
    qtbot.waitUntil(lambda: shown.steps[1:] == [CurveStep(date(2026, 6, 16))])


def test_leafing_through_days_fetches_only_where_one_stops(shown, qtbot):
    for _ in range(5):
        named(shown, "Previous day").click()
    assert shown.title == "Tuesday, 16 June 2026"
    assert say(shown) == "Fetching 16 June 2026 …"
    assert shown.page._message(shown.page.selection) == "Fetching …"
    qtbot.waitUntil(lambda: bool(shown.steps))
    named(shown, "Previous day").click()
    settled(shown, qtbot)
    assert shown.steps == [CurveStep(date(2026, 6, 16))]  # one at a time
    shown.page.on_brought(shown.steps[0], None)
    qtbot.waitUntil(lambda: shown.steps[1:] == [CurveStep(date(2026, 6, 15))])


def test_nobody_looking_nothing_is_asked(scene, qtbot):
    scene.page.on_reading()
    scene.page.on_brought(JUNE, None)
    settled(scene, qtbot)
    assert scene.steps == []
    assert scene.local.reads == 0


def test_a_hidden_page_asks_for_nothing_more(shown, qtbot):
    shown.page.hide()
    asked = [*shown.steps]
    settled(shown, qtbot)
    assert shown.steps == asked


# -- a store that cannot be read -----------------------------------------------


def test_a_store_that_cannot_be_read_keeps_the_chart(scene, qtbot):
    scene.keep_all()
    scene.page.show()
    before = scene.chart
    scene.local.trouble = "The disk is gone."
    scene.page.refresh()
    assert trouble(scene) == "The history cannot be read now: The disk is gone."
    assert scene.chart == before
    scene.page.select(Selection(day=YESTERDAY))
    assert points(scene) == 0
    scene.local.trouble = ""
    named(scene, "Try to fetch again").click()
    assert trouble(scene) == ""


# -- today grows ---------------------------------------------------------------


def test_todays_curve_grows_at_most_once_a_minute(scene, qtbot):
    scene.keep_all()
    scene.page.show()
    reads = scene.local.reads
    scene.history.add_curve(HOME, [point(NOON, 7)])
    scene.now = NOON + timedelta(seconds=59.9)
    scene.page.on_reading()
    scene.page.on_reading()
    assert scene.local.reads == reads
    qtbot.waitUntil(lambda: scene.local.reads == reads + 1)
    assert points(scene) == 145
    scene.now += timedelta(minutes=1)
    scene.page.on_reading()
    assert scene.local.reads == reads + 2


def test_another_day_is_not_read_for_a_reading(shown):
    shown.page.select(Selection(day=YESTERDAY))
    reads = shown.local.reads
    shown.now += timedelta(hours=1)
    shown.page.on_reading()
    assert shown.local.reads == reads


def test_past_midnight_today_is_the_new_day(shown):
    shown.now = NOON + timedelta(hours=12, minutes=5)
    shown.page.on_reading()
    assert shown.title == "Monday, 22 June 2026"


# -- the way through the past --------------------------------------------------


def test_there_is_no_way_into_the_future(shown):
    following, today = named(shown, "Next day"), named(shown, "Go to today")
    assert not following.isEnabled()
    assert today.isHidden()
    named(shown, "Previous day").click()
    assert following.isEnabled()
    today.click()
    assert shown.title == "Sunday, 21 June 2026"


def test_the_way_back_ends_where_the_station_began(scene):
    scene.history.put_state(HOME, "past", {"first": "2026-06-01"})
    scene.page.show()
    scene.page.select(Selection(day=date(2026, 6, 1)))
    assert not named(scene, "Previous day").isEnabled()
    scene.page.select(Selection(day=date(2019, 1, 1)))
    assert scene.page.selection == Selection(day=date(2026, 6, 1))


def test_keys_lead_through_the_past(shown, qtbot):
    shown.page.setFocus()
    for key, title in (
        (Qt.Key.Key_Left, "Saturday, 20 June 2026"),
        (Qt.Key.Key_PageUp, "Friday, 19 June 2026"),
        (Qt.Key.Key_Right, "Saturday, 20 June 2026"),
        (Qt.Key.Key_PageDown, "Sunday, 21 June 2026"),
        (Qt.Key.Key_Right, "Sunday, 21 June 2026"),
        (Qt.Key.Key_M, "June 2026"),
        (Qt.Key.Key_Left, "May 2026"),
        (Qt.Key.Key_Y, "2026"),
        (Qt.Key.Key_L, "Lifetime"),
        (Qt.Key.Key_D, "Thursday, 21 May 2026"),
        (Qt.Key.Key_T, "Sunday, 21 June 2026"),
        (Qt.Key.Key_Left, "Saturday, 20 June 2026"),
        (Qt.Key.Key_Home, "Sunday, 21 June 2026"),
    ):
        qtbot.keyClick(shown.page, key)
        assert shown.title == title


def test_from_right_to_left_the_keys_follow_the_buttons(shown, qtbot):
    shown.page.setLayoutDirection(Qt.LayoutDirection.RightToLeft)
    shown.page.setFocus()
    for key, title in (
        (Qt.Key.Key_Right, "Saturday, 20 June 2026"),
        (Qt.Key.Key_Left, "Sunday, 21 June 2026"),
    ):
        qtbot.keyClick(shown.page, key)
        assert shown.title == title
    assert named(shown, "Previous day").x() > named(shown, "Next day").x()


def test_a_chart_with_values_keeps_the_arrows_for_its_readout(scene, qtbot):
    scene.keep_all()
    opened(scene, qtbot)
    chart = next(
        it for it in scene.page.findChildren(QWidget) if it.accessibleName() == "Chart"
    )
    chart.setFocus()
    qtbot.keyClick(chart, Qt.Key.Key_Left)
    assert scene.title == "Sunday, 21 June 2026"
    assert "Solar" in chart.accessibleDescription()
    qtbot.keyClick(chart, Qt.Key.Key_PageUp)
    assert scene.title == "Saturday, 20 June 2026"


def test_a_click_on_a_bar_opens_what_it_stands_for(scene):
    scene.keep_days(date(2026, 6, 1), YESTERDAY)
    scene.page.show()
    named(scene, "Total").click()
    assert scene.title == "Lifetime"
    assert named(scene, "Previous total").isHidden()
    for kind, first in (
        (Period.YEAR, date(2026, 1, 1)),
        (Period.MONTH, date(2026, 6, 1)),
        (Period.DAY, date(2026, 6, 12)),
    ):
        assert isinstance(scene.chart, BarChart)
        bar = next(it for it in scene.chart.bars if it.first == first)
        scene.page._layout.chart.bar_chosen.emit(bar)
        assert scene.page.selection == Selection(kind=kind, day=first)


def test_a_bar_in_the_future_opens_nothing(shown):
    shown.page.select(Selection(kind=Period.MONTH, day=TODAY))
    assert isinstance(shown.chart, BarChart)
    shown.page._layout.chart.bar_chosen.emit(shown.chart.bars[-1])
    assert shown.title == "June 2026"


def test_the_title_opens_a_calendar_of_the_possible_days(shown, qtbot):
    shown.page._layout.nav.title.click()
    calendar = shown.page.findChild(QCalendarWidget)
    assert isinstance(calendar, QCalendarWidget)
    assert calendar.maximumDate().toPython() == TODAY
    calendar.clicked.emit(calendar.selectedDate().addDays(-9))
    assert shown.title == "Friday, 12 June 2026"
    qtbot.waitUntil(lambda: shown.page.findChild(QCalendarWidget) is None)


def test_the_title_of_a_month_opens_a_menu_of_months(scene):
    scene.history.put_state(HOME, "past", {"first": "2025-11-01"})
    scene.page.show()
    scene.page.select(Selection(kind=Period.MONTH, day=TODAY))
    menu = scene.page._layout.nav.menu(scene.page.view)
    years = [it for it in menu.actions() if it.menu() is not None]
    assert [it.text() for it in years] == ["2026", "2025"]
    months = years[1].menu().actions()
    assert [it.text() for it in months] == ["November", "December"]
    months[0].trigger()
    assert scene.title == "November 2025"


def test_what_is_looked_at_survives_the_window(shown):
    shown.page.select(Selection(kind=Period.MONTH, day=date(2026, 3, 3)))
    shown.page.hide()
    shown.page.show()
    assert shown.title == "March 2026"


def test_today_is_followed_from_visit_to_visit(shown):
    shown.page.hide()
    shown.now += timedelta(days=2)
    shown.page.show()
    assert shown.title == "Tuesday, 23 June 2026"


def test_another_station_begins_with_what_is_kept_of_it(shown, qtbot):
    shown.keep_all()
    shown.page.refresh()
    assert points(shown) == 144
    shown.page.show_station(replace(HOUSE, id="plant-2"))
    assert points(shown) == 0
    shown.page.show_station(None)
    shown.page.on_reading()


# -- what the simulator's books say --------------------------------------------


def test_curve_bars_and_figures_are_those_of_the_books(qtbot, tmp_path):
    sim = Simulator("day", now=noon)
    site = sim.books.site()
    where, station = site.spec.place.timezone, site.spec.station_id
    path = tmp_path / "history.sqlite"
    with History(path) as history, closing(LocalHistory(path)) as local:
        page = HistoryPage(local, noon)
        qtbot.addWidget(page)
        put_curve(history, sim, YESTERDAY)
        put_days(history, sim, date(2026, 5, 1), TODAY)
        put_months(history, sim, site.ledger.first_day)
        page.show_station(ChartStation(id=station, where=where))
        page.show()
        page.select(Selection(day=YESTERDAY))
        assert page.view is not None
        curve = page.view.chart
        assert isinstance(curve, DayChart)
        powers = [it.power.pv_w for it in curve.points]
        assert powers == [it.pv_w for _, it in sim.books.minutes(YESTERDAY)]
        for kind, first, last in (
            (Period.DAY, YESTERDAY, YESTERDAY),
            (Period.MONTH, date(2026, 6, 1), TODAY),
            (Period.YEAR, date(2026, 1, 1), TODAY),
            (Period.TOTAL, site.ledger.first_day, TODAY),
        ):
            page.select(Selection(kind=kind, day=YESTERDAY))
            true = sim.books.between(first, last)
            rows = {it.label: it.cells[0] for it in page.view.table.rows}
            for label, kwh in (("Solar", true.pv_kwh), ("House", true.load_kwh)):
                number, unit = rows[label].split()
                size, slack = (1000, 51) if unit == "MWh" else (1, 0.3)
                known = float(number.replace(",", "")) * size
                assert known == pytest.approx(kwh, abs=slack), label
        bars = page.view.chart
        assert isinstance(bars, BarChart)
        assert [it.first.year for it in bars.bars] == [2025, 2026]


# -- how it looks --------------------------------------------------------------


def test_a_hidden_curve_stays_hidden_on_other_days(scene):
    scene.keep_all()
    scene.keep_curve(YESTERDAY)
    scene.page.show()
    named(scene, "Solar").click()
    assert isinstance(scene.chart, DayChart)
    assert scene.chart.shown == frozenset(Series) - {Series.PV}
    scene.page.select(Selection(day=YESTERDAY))
    assert isinstance(scene.chart, DayChart)
    assert Series.PV not in scene.chart.shown
    scene.page.select(Selection(kind=Period.MONTH, day=TODAY))
    assert isinstance(scene.chart, BarChart)
    assert scene.chart.shown == {Amount.PV}


def test_the_scale_can_be_fixed_to_the_installed_power(shown):
    fixed = shown.page._layout.fixed
    assert fixed.text() == "Fixed scale (10.1 kWp)"
    for power in (10.1, None):
        fixed.click()
        assert isinstance(shown.chart, DayChart)
        assert shown.chart.capacity_kwp == power
    shown.page.select(Selection(kind=Period.MONTH, day=TODAY))
    assert fixed.isHidden()


def test_the_table_is_copied(scene, qtbot):
    scene.keep_all()
    scene.page.show()
    figures = scene.page._layout.figures
    menu = figures.menu()
    menu.actions()[0].trigger()
    menu.close()
    copied = QGuiApplication.clipboard().text()
    assert copied.splitlines()[1].startswith("Solar\t")
    QGuiApplication.clipboard().clear()
    qtbot.keyClick(figures, Qt.Key.Key_C, Qt.KeyboardModifier.ControlModifier)
    assert QGuiApplication.clipboard().text() == copied


def test_the_chart_is_saved_as_a_picture(shown, tmp_path):
    layout = shown.page._layout
    layout.save_chart(tmp_path / "5.5 kWp")
    assert not QImage(str(tmp_path / "5.5 kWp.png")).isNull()
    assert say(shown) == "Saved as 5.5 kWp.png"
    layout.save_chart(tmp_path / "nowhere" / "chart.png")
    assert say(shown).startswith("Not saved: ")


def test_the_tab_key_goes_from_the_chart_to_its_legend_and_on(shown):
    shown.keep_all()
    shown.page.refresh()
    shown.page.select(Selection(kind=Period.MONTH, day=TODAY))
    shown.page.select(Selection(day=TODAY))
    face = shown.page._layout
    stops, at = [], face.chart
    while at is not face.figures:
        if at.focusPolicy() & Qt.FocusPolicy.TabFocus:
            stops.append(at)
        at = at.nextInFocusChain()
        assert at is not face.segments
    assert face.legend.buttons
    assert stops == [face.chart, *face.legend.buttons]


def test_export_is_the_programs_business(shown, qtbot):
    with qtbot.waitSignal(shown.page.export_wanted, timeout=1000):
        named(shown, "Export the history").click()


@pytest.mark.parametrize("width", [380, 900])
@pytest.mark.parametrize("kind", list(Period))
def test_nothing_overlaps_in_the_row_of_the_title(shown, width, kind):
    shown.page.resize(width, 640)
    shown.page.select(Selection(kind=kind, day=date(2026, 5, 27)))
    nav = shown.page._layout.nav
    parts = [it for it in (nav.back, nav.title, nav.today, nav.forth) if it.isVisible()]
    for part in parts:
        assert nav.rect().contains(part.geometry())
    for one, other in combinations(parts, 2):
        assert not one.geometry().intersects(other.geometry())
    where = QRect(nav.mapTo(shown.page._layout, QPoint(0, 0)), nav.size())
    assert shown.page._layout.rect().contains(where)
