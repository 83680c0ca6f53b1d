"""A chart as a picture of its own, with title and legend."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QIODevice, QPointF, QRectF, QSaveFile, Qt
from PySide6.QtGui import QFont, QFontMetricsF, QImage, QImageWriter, QPainter

from sems_tray.i18n.formatting import day_title
from sems_tray.i18n.language import tr

from .bar_layout import Amount, known_amounts
from .day_layout import DayChart, Series, known_series
from .painter import chart_font, lay_out, paint_chart, paint_message, sample
from .readout import chart_title, nothing

if TYPE_CHECKING:
    from pathlib import Path

    from PySide6.QtCore import QSize

    from .bar_layout import BarChart
    from .painter import ChartColours


_MARGIN = 12.0
_SAMPLE = 16.0
_Spot = tuple[Series | Amount, float, int]  # where a name begins, and its row


def picture(
    chart: DayChart | BarChart,
    size: QSize,
    base: QFont,
    colours: ChartColours,
    scale: float,
) -> QImage:
    """Return the chart in so many logical pixels, and so many real ones for each."""
    font = chart_font(base)
    line = QFontMetricsF(font).height() + _MARGIN
    width = size.width() + 2 * _MARGIN
    legend = _legend(chart, font, size.width())
    rows = 1 + max((row for _, _, row in legend), default=0)
    height = size.height() + 2 * _MARGIN + (1 + rows) * line
    image = QImage(
        round(width * scale), round(height * scale), QImage.Format.Format_RGB32
    )
    image.setDevicePixelRatio(scale)
    image.fill(colours.back)
    painter = QPainter(image)
    painter.setFont(_bold(font))
    painter.setPen(colours.text)
    title = QRectF(_MARGIN, _MARGIN / 2, width - 2 * _MARGIN, line)
    painter.drawText(title, Qt.AlignmentFlag.AlignCenter, _title(chart))
    painter.setFont(font)
    painter.translate(_MARGIN, _MARGIN + line)
    layout = lay_out(chart, size.width(), size.height(), font)
    paint_chart(painter, layout, colours)
    if layout.empty:
        paint_message(painter, layout, colours, nothing(chart))
    painter.translate(0, size.height() + line / 2)
    _paint_legend(painter, legend, line, colours)
    painter.end()
    return image


def save(image: QImage, path: Path) -> None:
    """Write a picture; an older one stays until the new one is whole. OSError."""
    file = QSaveFile(str(path))
    if not file.open(QIODevice.OpenModeFlag.WriteOnly):
        raise _unwritten(path, file.errorString())
    writer = QImageWriter(file, b"png")
    if not writer.write(image):
        file.cancelWriting()
        raise _unwritten(path, writer.errorString())
    if not file.commit():
        raise _unwritten(path, file.errorString())


def _unwritten(path: Path, reason: str) -> OSError:
    text = tr("cannot write {path}: {reason}")
    return OSError(text.format(path=path, reason=reason))


def _legend(chart: DayChart | BarChart, font: QFont, room: float) -> list[_Spot]:
    """Return where the names stand: in several rows where they are long."""
    width = QFontMetricsF(font).horizontalAdvance
    found: list[_Spot] = []
    x, row = _MARGIN / 2, 0
    for key in _keys(chart):
        wide = _SAMPLE + _MARGIN / 2 + width(key.label)
        if found and x + wide > room:
            x, row = _MARGIN / 2, row + 1
        found.append((key, x, row))
        x += wide + _MARGIN
    return found


def _paint_legend(
    painter: QPainter, legend: list[_Spot], line: float, colours: ChartColours
) -> None:
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    for key, x, row in legend:
        sample(painter, QPointF(x, row * line), key, colours, _SAMPLE)
        painter.setPen(colours.text)
        area = QRectF(x + _SAMPLE + _MARGIN / 2, row * line - 50, 1000, 100)
        painter.drawText(area, Qt.AlignmentFlag.AlignVCenter, key.label)


def _keys(chart: DayChart | BarChart) -> list[Series | Amount]:
    if isinstance(chart, DayChart):
        curves = known_series(chart.points) & chart.shown
        return [it for it in Series if it in curves]
    amounts = known_amounts(chart.bars) & chart.shown
    return [it for it in Amount if it in amounts]


def _title(chart: DayChart | BarChart) -> str:
    return day_title(chart.day) if isinstance(chart, DayChart) else chart_title(chart)


def _bold(font: QFont) -> QFont:
    bold = QFont(font)
    bold.setBold(True)
    return bold
