"""Paint a laid-out chart: lines, areas, bars, labels; the layout decided where."""

from __future__ import annotations

from typing import TYPE_CHECKING, assert_never

from PySide6.QtCore import QLineF, QPointF, QRectF, Qt
from PySide6.QtGui import (
    QBrush,
    QColor,
    QFont,
    QFontMetricsF,
    QPainter,
    QPen,
    QPolygonF,
)

from sems_tray.widgets.theme import ColourRole, mix

from .bar_layout import Amount, BarLayout, lay_out_bars
from .day_layout import DayChart, DayLayout, Series, lay_out_day
from .layout import Align, TextSize

if TYPE_CHECKING:
    from array import array
    from collections.abc import Iterable

    from sems_tray.widgets.theme import Theme

    from .bar_layout import BarChart
    from .layout import Box, Label, Readout
    from .readout import Layout


_DASHES = [4.0, 3.0]  # in pen widths
_AREA = 0.22
_HAIRLINE = 1.5  # the height of a bar that is nothing, or next to it
_SMALLER = 0.92
_WIDEST = 4000.0
# How much of a label is to the left of its place, and its side there.
_SIDES = {
    Align.LEFT: (0.0, Qt.AlignmentFlag.AlignLeft),
    Align.CENTRE: (0.5, Qt.AlignmentFlag.AlignHCenter),
    Align.RIGHT: (1.0, Qt.AlignmentFlag.AlignRight),
}
# What is behind is painted first: the charge below the powers, solar on top.
_ORDER = (Series.SOC, Series.GRID, Series.BATTERY, Series.LOAD, Series.PV)


def chart_font(base: QFont) -> QFont:
    """Return the font of labels: a little smaller, with digits of one width."""
    font = QFont(base)
    if font.pointSizeF() > 0:
        font.setPointSizeF(font.pointSizeF() * _SMALLER)
    font.setFeature(QFont.Tag("tnum"), 1)
    return font


def text_size(font: QFont) -> TextSize:
    """Return the font's measures for the layout."""
    metrics = QFontMetricsF(font)
    return TextSize(width=metrics.horizontalAdvance, height=metrics.height())


def lay_out(
    chart: DayChart | BarChart, width: float, height: float, font: QFont
) -> Layout:
    """Return a chart's layout with the font of ``chart_font``."""
    if isinstance(chart, DayChart):
        return lay_out_day(chart, width, height, text_size(font))
    return lay_out_bars(chart, width, height, text_size(font))


def paint_chart(painter: QPainter, layout: Layout, theme: Theme) -> None:
    """Paint all but the readout; the painter has the font of ``chart_font``."""
    painter.setLayoutDirection(Qt.LayoutDirection.LeftToRight)
    _rules(painter, layout, theme)
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    match layout:
        case DayLayout():
            if layout.caption is not None:
                _caption(painter, layout.caption, theme)
            _curves(painter, layout, theme)
            _time_marks(painter, layout, theme)
        case BarLayout():
            _bars(painter, layout, theme)
        case _:
            assert_never(layout)
    painter.setPen(theme.muted)
    for label in layout.labels:
        _label(painter, label)


def paint_message(
    painter: QPainter, layout: Layout, theme: Theme, message: str
) -> None:
    """Write a sentence in the middle of the plot."""
    plot = layout.plot
    area = QRectF(plot.x, plot.y, plot.w, plot.h)
    flags = Qt.AlignmentFlag.AlignCenter | Qt.TextFlag.TextWordWrap
    room = painter.boundingRect(area, flags, message).adjusted(-8, -4, 8, 4)
    painter.fillRect(room.intersected(area), theme.card)
    painter.setPen(theme.muted)
    painter.drawText(area, flags, message)


def sample(
    painter: QPainter, at: QPointF, key: object, theme: Theme, w: float = 10.0
) -> None:
    """Paint a short piece of a series: a line, dashed as its curve is, or a bar."""
    if isinstance(key, Series):
        painter.setPen(curve_pen(key, theme))
        painter.drawLine(at, QPointF(at.x() + w, at.y()))
        return
    painter.setPen(Qt.PenStyle.NoPen)
    painter.setBrush(colour_of(key, theme))
    painter.drawRoundedRect(QRectF(at.x(), at.y() - 4, w, 8), 2, 2)


def curve_pen(series: Series, theme: Theme) -> QPen:
    """Return what a series is drawn with; SoC is dashed, as it has another axis."""
    width = 2.5 if theme.high_contrast else 1.6
    pen = QPen(colour_of(series, theme), width + (0.4 if series is Series.PV else 0.0))
    pen.setJoinStyle(Qt.PenJoinStyle.BevelJoin)
    pen.setCapStyle(Qt.PenCapStyle.SquareCap)
    if series is Series.SOC:
        pen.setCapStyle(Qt.PenCapStyle.FlatCap)
        pen.setDashPattern(_DASHES)
    return pen


def _rules(painter: QPainter, layout: Layout, theme: Theme) -> None:
    """Paint the lines of the round numbers, each on whole pixels."""
    painter.setRenderHint(QPainter.RenderHint.Antialiasing, False)
    plot = layout.plot
    for y in layout.rules:
        zero = abs(y - layout.zero_y) < 0.01
        painter.setPen(QPen(axis_colour(theme) if zero else theme.grid_line, 1))
        level = crisp(painter, y)
        painter.drawLine(QLineF(plot.x, level, plot.right, level))


def crisp(painter: QPainter, at: float) -> float:
    """Return the middle of the device pixel at a place."""
    ratio = painter.device().devicePixelRatio()
    return (int(at * ratio) + 0.5) / ratio


def _curves(painter: QPainter, layout: DayLayout, theme: Theme) -> None:
    plot = layout.plot
    painter.save()
    painter.setClipRect(QRectF(plot.x - 2, plot.y - 2, plot.w + 4, plot.h + 4))
    curves = {it.series: it for it in layout.curves}
    if Series.PV in curves:
        _areas(
            painter, curves[Series.PV].lines, layout.zero_y, colour_of(Series.PV, theme)
        )
    for series in _ORDER:
        curve = curves.get(series)
        if curve is None:
            continue
        painter.setPen(curve_pen(series, theme))
        for line in curve.lines:
            if series is Series.SOC:  # dashes go on from one piece to the next
                painter.drawPolyline(QPolygonF(_points(line)))
            else:
                painter.drawLines(_pieces(line))
    painter.restore()


def _areas(
    painter: QPainter, lines: Iterable[array[float]], zero_y: float, colour: QColor
) -> None:
    pale = QColor(colour)
    pale.setAlphaF(_AREA)
    painter.setPen(Qt.PenStyle.NoPen)
    painter.setBrush(pale)
    # The curve will cover the edge, and smooth edges take three times as long.
    painter.setRenderHint(QPainter.RenderHint.Antialiasing, False)
    for line in lines:
        points = _points(line)
        feet = QPointF(line[-2], zero_y), QPointF(line[0], zero_y)
        painter.drawPolygon([*points, *feet])
    painter.setBrush(Qt.BrushStyle.NoBrush)
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)


def _points(line: array[float]) -> list[QPointF]:
    return list(map(QPointF, line[::2], line[1::2]))


def _pieces(line: array[float]) -> list[QLineF]:
    """Return a polyline's pieces: as one path a jagged line takes ten times as long."""
    return list(map(QLineF, line[:-2:2], line[1:-2:2], line[2::2], line[3::2]))


def _time_marks(painter: QPainter, layout: DayLayout, theme: Theme) -> None:
    painter.setRenderHint(QPainter.RenderHint.Antialiasing, False)
    bottom = layout.plot.bottom
    painter.setPen(QPen(axis_colour(theme), 1))
    for at in layout.hours:
        x = crisp(painter, at)
        painter.drawLine(QLineF(x, bottom, x, bottom + 3))
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    if layout.now_x is not None:
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(theme.muted)
        x = layout.now_x
        painter.drawPolygon(
            [QPointF(x, bottom), QPointF(x - 4, bottom + 5), QPointF(x + 4, bottom + 5)]
        )


def _caption(painter: QPainter, label: Label, theme: Theme) -> None:
    """Write the caption clear of the lines behind it."""
    metrics = QFontMetricsF(painter.font())
    width, height = metrics.horizontalAdvance(label.text), metrics.height()
    room = QRectF(label.x - 2, label.y - height / 2, width + 4, height)
    painter.fillRect(room, theme.card)
    painter.setPen(theme.muted)
    _label(painter, label)


def _bars(painter: QPainter, layout: BarLayout, theme: Theme) -> None:
    painter.setRenderHint(QPainter.RenderHint.Antialiasing, False)
    for box in layout.boxes:
        colour = colour_of(box.amount, theme)
        if box.box.h < _HAIRLINE:
            hairline = _rect(box.box).adjusted(0, box.box.h - _HAIRLINE, 0, 0)
            painter.fillRect(hairline, colour)
            continue
        area = _rect(box.box)
        if box.partial:
            pale = QColor(colour)
            pale.setAlphaF(0.35)
            painter.fillRect(area, pale)
            painter.fillRect(area, QBrush(colour, Qt.BrushStyle.BDiagPattern))
        else:
            painter.fillRect(area, colour)
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)


def _rect(box: Box) -> QRectF:
    return QRectF(box.x, box.y, box.w, box.h)


def _label(painter: QPainter, label: Label) -> None:
    share, side = _SIDES[label.align]
    left = label.x - share * 2 * _WIDEST
    area = QRectF(left, label.y - 50, 2 * _WIDEST, 100)
    flags = side | Qt.AlignmentFlag.AlignVCenter
    flags |= Qt.TextFlag.TextDontClip | Qt.TextFlag.TextSingleLine
    painter.drawText(area, flags, label.text)


# Paint the readout of a chart: a line at the place, and a box of values beside it.


_PAD = 8.0  # inside the readout's box
_AWAY = 8.0  # from the marked place
_BAND = 0.09
_SWATCH = 10.0
_LEFT = Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter
_RIGHT = Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter


def paint_readout(
    painter: QPainter, layout: Layout, theme: Theme, shown: Readout
) -> QRectF:
    """Paint the marked line and the box beside it; return the box."""
    plot = layout.plot
    if shown.reach:
        band = QColor(theme.text)
        band.setAlphaF(_BAND)
        left, width = shown.x - shown.reach, 2 * shown.reach
        painter.fillRect(QRectF(left, plot.y, width, plot.h), band)
    else:
        painter.setRenderHint(QPainter.RenderHint.Antialiasing, False)
        painter.setPen(QPen(axis_colour(theme), 1, Qt.PenStyle.DashLine))
        x = crisp(painter, shown.x)
        painter.drawLine(QLineF(x, plot.y, x, plot.bottom))
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    box = readout_box(layout, shown, text_size(painter.font()))
    painter.setPen(QPen(axis_colour(theme), 1))
    painter.setBrush(_readout_ground(theme))
    painter.drawRoundedRect(box.adjusted(0.5, 0.5, -0.5, -0.5), 5, 5)
    _readout_text(painter, box, theme, shown)
    return box


def readout_box(layout: Layout, shown: Readout, text: TextSize) -> QRectF:
    """Return where the readout's box is: inside the picture, and beside its place.

    Where the picture is narrower than two boxes it may have to cover the place.
    """
    row = text.height + 2
    names = max((text.width(it.name) for it in shown.rows), default=0.0)
    values = max((text.width(it.value) for it in shown.rows), default=0.0)
    inner = max(
        _SWATCH + 6 + names + 12 + values if shown.rows else 0.0,
        text.width(shown.title),
        text.width(shown.note),
    )
    lines = 1 + len(shown.rows) + bool(shown.note)
    width, height = inner + 2 * _PAD, lines * row + 2 * _PAD - 2
    away = shown.reach + _AWAY
    right, left = shown.x + away, shown.x - away - width
    if right + width <= layout.width:
        left = right
    elif left < 0 and shown.x < layout.width / 2:  # no room on either side
        left = layout.width - width
    top = max(min(layout.plot.y + 4, layout.height - height), 0.0)
    return QRectF(max(left, 0.0), top, width, height)


def _readout_text(painter: QPainter, box: QRectF, theme: Theme, shown: Readout) -> None:
    font = painter.font()
    row = QFontMetricsF(font).height() + 2
    inner = box.adjusted(_PAD, _PAD - 1, -_PAD, 0)
    line = QRectF(inner.x(), inner.y(), inner.width(), row)
    painter.setPen(theme.text)
    painter.drawText(line, _LEFT, shown.title)
    for it in shown.rows:
        line.translate(0, row)
        sample(painter, QPointF(line.x(), line.center().y()), it.key, theme)
        painter.setPen(theme.muted)
        painter.drawText(line.adjusted(_SWATCH + 6, 0, 0, 0), _LEFT, it.name)
        painter.setPen(theme.text)
        painter.drawText(line, _RIGHT, it.value)
    if shown.note:
        line.translate(0, row)
        painter.setPen(theme.muted)
        painter.drawText(line, _LEFT, shown.note)


# The colours of charts: those of the window's theme.


_PALE = 0.38  # the way back of a pair: bought and sold, charged and discharged
_ROLES: dict[object, ColourRole] = {
    Series.PV: ColourRole.SOLAR,
    Series.LOAD: ColourRole.HOUSE,
    Series.GRID: ColourRole.GRID,
    Series.BATTERY: ColourRole.BATTERY,
    Series.SOC: ColourRole.BATTERY,
    Amount.PV: ColourRole.SOLAR,
    Amount.LOAD: ColourRole.HOUSE,
    Amount.IMPORT: ColourRole.GRID,
    Amount.EXPORT: ColourRole.GRID,
    Amount.CHARGE: ColourRole.BATTERY,
    Amount.DISCHARGE: ColourRole.BATTERY,
}
_OUTWARD = frozenset({Amount.EXPORT, Amount.DISCHARGE})


def colour_of(key: object, theme: Theme) -> QColor:
    """Return the colour of a series or an amount."""
    colour = theme.colour(_ROLES[key])
    return mix(colour, theme.card, _PALE) if key in _OUTWARD else colour


def axis_colour(theme: Theme) -> QColor:
    """Return the colour of the zero line, and of what is as important."""
    return mix(theme.card, theme.text, 1.0 if theme.high_contrast else 0.35)


def _readout_ground(theme: Theme) -> QColor:
    return theme.card if theme.high_contrast else mix(theme.card, theme.text, 0.04)
