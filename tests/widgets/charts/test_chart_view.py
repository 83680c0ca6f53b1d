"""The chart's widget and legend: pixels, mouse, keyboard, screen readers."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest
from PySide6.QtCore import QEvent, QPoint, QSize, Qt
from PySide6.QtGui import QColor, QFont, QImage, QKeyEvent, QPainter, QPalette
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication

from sems_tray.domain.energy import DayTotals
from sems_tray.domain.model import EnergySums
from sems_tray.widgets.charts.bar_layout import Amount, month_chart
from sems_tray.widgets.charts.chart_view import ChartView, save_picture
from sems_tray.widgets.charts.day_layout import DayChart, Series
from sems_tray.widgets.charts.legend import Legend
from sems_tray.widgets.charts.painter import (
    axis_colour,
    chart_font,
    colour_of,
    paint_chart,
    readout_box,
    text_size,
)
from sems_tray.widgets.charts.readout import describe, readout_of
from sems_tray.widgets.theme import ColourRole, contrast, theme_for, theme_of
from tests.kit.charts import MADRID, points

JUNE = date(2026, 6, 21)
DAY = DayChart(
    day=JUNE,
    where=MADRID,
    points=points(
        JUNE,
        range(0, 1440, 5),
        pv_w=[4000.0] * 288,
        load_w=[2000.0] * 288,
        grid_w=[-1000.0] * 288,
        battery_w=[1000.0] * 288,
        soc_percent=[20] * 288,
    ),
)
MONTH = month_chart(
    [
        DayTotals(
            day=date(2026, 6, n),
            sums=EnergySums(pv_kwh=20.0 * (n != 3)),
            final=n != 4,
        )
        for n in range(1, 5)
    ],
    JUNE,
)
SIZE = QSize(460, 260)
RIGHT_TO_LEFT = Qt.LayoutDirection.RightToLeft


LIGHT, DARK = QPalette(QColor("#f5f6f8")), QPalette(QColor("#1a1d22"))


@pytest.fixture
def view(qtbot):
    view = ChartView()
    qtbot.addWidget(view)
    view.setPalette(LIGHT)
    view.resize(SIZE)
    view.show()
    qtbot.waitExposed(view)
    view.show_chart(DAY)
    return view


@pytest.fixture
def legend(qtbot):
    legend = Legend()
    qtbot.addWidget(legend)
    legend.resize(460, 40)
    legend.set_entries(Series, {Series.PV, Series.SOC})
    legend.show()
    return legend


def painted(view, scale=1.0):
    image = QImage(view.size() * scale, QImage.Format.Format_RGB32)
    image.setDevicePixelRatio(scale)
    image.fill(theme_for(view).card)
    painter = QPainter(image)
    painter.setFont(chart_font(view.font()))
    paint_chart(painter, view.laid_out, theme_for(view))
    painter.end()
    return image


def close_to(colour, other):
    one, two = QColor(colour), QColor(other)
    parts = (QColor.red, QColor.green, QColor.blue)
    return all(abs(it(one) - it(two)) < 24 for it in parts)


def colours_at(image, x, y, scale):
    """Return the colours around a place: a thin line may lie between two pixels."""
    at = range(-2, 3)
    return [image.pixelColor(int(x * scale), int(y * scale) + n) for n in at]


def y_of(view, kw):
    layout = view.laid_out
    high = max(layout.rules, key=lambda it: -it)
    per_kw = (layout.zero_y - high) / 4  # the topmost line is at 4 kW
    return layout.zero_y - kw * per_kw


@pytest.mark.parametrize("scale", [1.0, 1.5, 2.0])
@pytest.mark.parametrize("theme", [LIGHT, DARK])
def test_every_curve_is_painted_where_it_belongs(view, scale, theme):
    view.setPalette(theme)
    image = painted(view, scale)
    x = view.laid_out.plot.x + 100
    for kw, role in (
        (4, ColourRole.SOLAR),
        (2, ColourRole.HOUSE),
        (-1, ColourRole.GRID),
        (1, ColourRole.BATTERY),
    ):
        found = colours_at(image, x, y_of(view, kw), scale)
        wanted = theme_for(view).colour(role)
        assert any(close_to(it, wanted) for it in found), role


def test_nothing_is_painted_where_nothing_is_known(view):
    view.show_chart(replace(DAY, points=DAY.points[:100]))
    image, plot, theme = painted(view), view.laid_out.plot, theme_for(view)
    x = int(plot.x + plot.w * 0.8)
    inside = range(int(plot.y) + 1, int(plot.bottom))
    neutrals = (theme.card, theme.grid_line, axis_colour(theme))
    column = {image.pixelColor(x, y).rgb() for y in inside}
    assert column <= {it.rgb() for it in neutrals}


def test_bars_are_full_half_or_a_hairline(view):
    view.show_chart(MONTH)
    image, layout = painted(view), view.laid_out
    whole, _, zero, part = layout.boxes
    solar = colour_of(Amount.PV, theme_for(view))
    height = range(int(layout.plot.y), round(layout.zero_y))

    def solar_pixels(box):
        columns = range(int(box.box.x), int(box.box.x + box.box.w))
        found = (image.pixelColor(x, y) for x in columns for y in height)
        return sum(close_to(it, solar) for it in found)

    assert solar_pixels(whole) > 100
    assert zero.box.w <= solar_pixels(zero) <= 2 * zero.box.w
    assert 0.1 < solar_pixels(part) / (part.box.w * len(height)) < 0.9


@pytest.mark.parametrize("chart", [DAY, MONTH])
@pytest.mark.parametrize("width", [220, 330, 420, 460, 900])
def test_the_readout_stays_inside_and_off_its_place(view, chart, width):
    view.resize(width, 260)
    view.show_chart(chart)
    layout = view.laid_out
    text = text_size(chart_font(view.font()))
    for n in range(layout.count):
        shown = readout_of(layout, n)
        box = readout_box(layout, shown, text)
        assert box.left() >= 0
        assert box.right() <= width
        assert box.top() >= 0
        beside = box.left() >= shown.x + shown.reach or box.right() <= shown.x
        assert beside or width < 2 * (box.width() + 16)


def test_the_mouse_reads_out_and_leaves(view, qtbot):
    layout = view.laid_out
    QTest.mouseMove(view, QPoint(round(layout.xs[100]), 100))
    qtbot.waitUntil(lambda: view.readout is not None)
    assert view.readout.rows[0].value == "4.0 kW"
    QApplication.sendEvent(view, QEvent(QEvent.Type.Leave))
    assert view.readout is None


def test_keys_move_the_readout_and_esc_hides_it(view):
    for key, title in (
        (Qt.Key.Key_Left, "23:55"),  # the latest is what matters most
        (Qt.Key.Key_Right, "23:55"),
        (Qt.Key.Key_PageUp, "21:30"),
        (Qt.Key.Key_Home, "00:00"),
        (Qt.Key.Key_Right, "00:05"),
        (Qt.Key.Key_PageDown, "02:30"),
        (Qt.Key.Key_End, "23:55"),
    ):
        QTest.keyClick(view, key)
        assert view.readout.title == title
    QTest.keyClick(view, Qt.Key.Key_Escape)
    assert view.readout is None


def test_esc_is_the_windows_only_while_there_is_no_readout(view):
    def taken():
        kind, none = QEvent.Type.ShortcutOverride, Qt.KeyboardModifier.NoModifier
        asked = QKeyEvent(kind, Qt.Key.Key_Escape, none)
        asked.ignore()
        QApplication.sendEvent(view, asked)
        return asked.isAccepted()

    assert not taken()
    QTest.keyClick(view, Qt.Key.Key_Home)
    assert taken()


def test_a_click_or_enter_chooses_a_bar(view, qtbot):
    view.show_chart(MONTH)
    at = QPoint(round(view.laid_out.middle(6)), 100)
    with qtbot.waitSignal(view.bar_chosen, timeout=0) as chosen:
        QTest.mouseClick(view, Qt.MouseButton.LeftButton, pos=at)
    assert chosen.args[0].first == date(2026, 6, 7)
    QTest.keyClick(view, Qt.Key.Key_Home)
    with qtbot.waitSignal(view.bar_chosen, timeout=0) as chosen:
        QTest.keyClick(view, Qt.Key.Key_Return)
    assert chosen.args[0].first == date(2026, 6, 1)


def test_a_click_beside_the_bars_or_on_a_day_chooses_nothing(view, qtbot):
    left, right = Qt.MouseButton.LeftButton, Qt.MouseButton.RightButton
    with qtbot.assertNotEmitted(view.bar_chosen):
        QTest.mouseClick(view, left, pos=QPoint(200, 100))
        view.show_chart(MONTH)
        QTest.mouseClick(view, left, pos=QPoint(1, 100))
        QTest.mouseClick(view, right, pos=QPoint(200, 100))


def test_the_same_chart_is_neither_laid_out_nor_painted_again(view, monkeypatch):
    painted = []
    monkeypatch.setattr(view, "update", lambda: painted.append(1))
    before = view.laid_out
    view.show_chart(replace(DAY))
    assert view.laid_out is before
    assert not painted
    view.show_chart(replace(DAY, points=DAY.points[:5]))
    assert view.laid_out is not before
    assert painted


def test_a_newer_reading_keeps_the_place_and_another_day_does_not(view):
    QTest.keyClick(view, Qt.Key.Key_Home)
    longer = replace(DAY, sums=EnergySums(pv_kwh=1.0))
    view.show_chart(longer)
    assert view.readout.title == "00:00"
    view.show_chart(replace(DAY, day=date(2026, 6, 22)))
    assert view.readout is None
    view.show_chart(MONTH)
    QTest.keyClick(view, Qt.Key.Key_End)
    view.show_chart(DAY)
    assert view.readout is None


def test_screen_readers_hear_the_whole_and_then_the_place(view):
    assert view.accessibleName()
    assert view.accessibleDescription() == describe(DAY)
    QTest.keyClick(view, Qt.Key.Key_Home)
    assert view.accessibleDescription() == view.readout.text
    QTest.keyClick(view, Qt.Key.Key_Escape)
    assert view.accessibleDescription() == describe(DAY)


@pytest.mark.parametrize("busy", ["", "Fetching 21 June …"])
def test_an_empty_day_says_so_in_the_middle(view, busy):
    view.show_chart(DayChart(day=JUNE, where=MADRID), busy)
    image, plot = view.grab().toImage(), view.laid_out.plot
    x, y = int(plot.x + plot.w / 2), int(plot.y + plot.h / 2)
    middle = (
        image.pixelColor(x + across, y + down)
        for across in range(-30, 30)
        for down in range(-4, 4)
    )
    assert any(contrast(it, theme_for(view).card) > 3 for it in middle)


def test_a_view_without_a_chart_is_blank(qtbot, tmp_path):
    view = ChartView()
    qtbot.addWidget(view)
    assert view.readout is None
    assert not view.grab().isNull()
    QTest.keyClick(view, Qt.Key.Key_Home)
    with pytest.raises(OSError, match="no chart"):
        view.save_png(tmp_path / "chart.png")


def test_a_picture_has_title_and_legend_around_the_chart(view, tmp_path):
    path = tmp_path / "day.png"
    view.save_png(path)
    image = QImage(str(path))
    assert image.width() > 2 * SIZE.width()
    assert image.height() > 2 * SIZE.height()
    before = path.read_bytes()
    with pytest.raises(OSError, match="cannot write"):
        save_picture(QImage(), path)
    assert path.read_bytes() == before, "the older one stays"
    assert list(tmp_path.iterdir()) == [path]
    with pytest.raises(OSError, match="cannot write"):
        view.save_png(tmp_path / "missing" / "day.png")


def test_it_follows_the_theme(view):
    before = view.grab().toImage()
    view.setPalette(DARK)
    assert view.grab().toImage() != before


def test_a_larger_font_takes_more_room(view):
    before = view.laid_out.plot
    font = QFont(view.font())
    font.setPointSizeF(font.pointSizeF() * 2)
    view.setFont(font)
    assert view.laid_out.plot.x > before.x
    assert view.laid_out.plot.y > before.y


def test_every_series_and_amount_has_a_colour_of_its_own():
    theme = theme_of(LIGHT)
    assert len({colour_of(it, theme).name() for it in Amount}) == len(Amount)
    soc, battery = (colour_of(it, theme) for it in (Series.SOC, Series.BATTERY))
    assert soc == battery  # told apart by dashes


def test_the_legend_shows_what_is_on(legend):
    assert [it.text() for it in legend.buttons] == [it.value for it in Series]
    assert legend.shown == {Series.PV, Series.SOC}
    assert [it.font().strikeOut() for it in legend.buttons] == [
        *(False, True, True, True, False)
    ]


def test_a_click_or_the_space_bar_toggles_a_series(legend, qtbot):
    pv, house, *_ = legend.buttons
    with qtbot.waitSignal(legend.chosen, timeout=0) as chosen:
        pv.click()
    assert chosen.args[0] == {Series.SOC}
    house.setFocus()
    with qtbot.waitSignal(legend.chosen, timeout=0) as chosen:
        QTest.keyClick(house, Qt.Key.Key_Space)
    assert chosen.args[0] == {Series.SOC, Series.LOAD}
    assert house.accessibleName() == "House"
    assert house.toolTip() == "Hide house"


def test_setting_the_legend_is_no_wish(legend, qtbot):
    before = legend.buttons
    with qtbot.assertNotEmitted(legend.chosen):
        legend.set_entries(Series, set(Series))
    assert legend.buttons == before
    legend.set_entries([Amount.PV], {Amount.PV})
    assert [it.key for it in legend.buttons] == [Amount.PV]


@pytest.mark.parametrize("way", [Qt.LayoutDirection.LeftToRight, RIGHT_TO_LEFT])
@pytest.mark.parametrize("width", [0, 200, 460])
def test_the_legend_wraps_and_nothing_sticks_out(legend, way, width):
    legend.setLayoutDirection(way)
    width = max(width, legend.minimumSizeHint().width())
    legend.resize(width, legend.heightForWidth(width))
    boxes = [it.geometry() for it in legend.buttons]
    assert all(legend.rect().contains(it) for it in boxes)
    assert not any(a.intersects(b) for a in boxes for b in boxes if a is not b)
    in_one_line = boxes[0].y() == boxes[-1].y()
    assert in_one_line is (width == 460)
    if in_one_line:
        assert (boxes[0].x() > boxes[-1].x()) is (way is RIGHT_TO_LEFT)
    assert not legend.grab().isNull()


def test_a_mirrored_layout_does_not_mirror_time(view):
    before = painted(view)
    view.setLayoutDirection(RIGHT_TO_LEFT)
    assert painted(view) == before
