"""Paint the readout of a chart: a line at the place, and a box of values beside it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QLineF, QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QFontMetricsF, QPainter, QPen

from .chart_paint import crisp, sample, text_size

if TYPE_CHECKING:
    from sems_tray.core.chart import Readout, TextSize
    from sems_tray.core.chart_text import Layout

    from .chart_colours import ChartColours

_PAD = 8.0  # inside the readout's box
_AWAY = 8.0  # from the marked place
_BAND = 0.09
_SWATCH = 10.0
_LEFT = Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter
_RIGHT = Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter


def paint_readout(
    painter: QPainter, layout: Layout, colours: ChartColours, shown: Readout
) -> QRectF:
    """Paint the marked line and the box beside it; return the box."""
    plot = layout.plot
    if shown.reach:
        band = QColor(colours.text)
        band.setAlphaF(_BAND)
        left, width = shown.x - shown.reach, 2 * shown.reach
        painter.fillRect(QRectF(left, plot.y, width, plot.h), band)
    else:
        painter.setRenderHint(QPainter.RenderHint.Antialiasing, False)
        painter.setPen(QPen(colours.axis, 1, Qt.PenStyle.DashLine))
        x = crisp(painter, shown.x)
        painter.drawLine(QLineF(x, plot.y, x, plot.bottom))
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    box = readout_box(layout, shown, text_size(painter.font()))
    painter.setPen(QPen(colours.axis, 1))
    painter.setBrush(colours.box)
    painter.drawRoundedRect(box.adjusted(0.5, 0.5, -0.5, -0.5), 5, 5)
    _readout_text(painter, box, colours, shown)
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


def _readout_text(
    painter: QPainter, box: QRectF, colours: ChartColours, shown: Readout
) -> None:
    font = painter.font()
    row = QFontMetricsF(font).height() + 2
    inner = box.adjusted(_PAD, _PAD - 1, -_PAD, 0)
    line = QRectF(inner.x(), inner.y(), inner.width(), row)
    painter.setPen(colours.text)
    painter.drawText(line, _LEFT, shown.title)
    for it in shown.rows:
        line.translate(0, row)
        sample(painter, QPointF(line.x(), line.center().y()), it.key, colours)
        painter.setPen(colours.muted)
        painter.drawText(line.adjusted(_SWATCH + 6, 0, 0, 0), _LEFT, it.name)
        painter.setPen(colours.text)
        painter.drawText(line, _RIGHT, it.value)
    if shown.note:
        line.translate(0, row)
        painter.setPen(colours.muted)
        painter.drawText(line, _LEFT, shown.note)
