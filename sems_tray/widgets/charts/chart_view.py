"""The widget that shows a chart, with a readout by mouse and keyboard."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import (
    QEvent,
    QIODevice,
    QPointF,
    QRectF,
    QSaveFile,
    QSize,
    Qt,
    Signal,
)
from PySide6.QtGui import (
    QFont,
    QFontMetricsF,
    QImage,
    QImageWriter,
    QKeyEvent,
    QPainter,
    QPalette,
    QPen,
    QPixmap,
)
from PySide6.QtWidgets import QSizePolicy, QWidget

from sems_tray.i18n.language import tr, trc
from sems_tray.widgets.theme import KeyFocus, theme_for

from .bar_layout import BarLayout
from .painter import (
    chart_font,
    lay_out,
    paint_chart,
    paint_message,
    paint_readout,
    sample,
)
from .readout import chart_title, describe, nothing, readout_of, subject

if TYPE_CHECKING:
    from pathlib import Path

    from PySide6.QtGui import (
        QFocusEvent,
        QHideEvent,
        QMouseEvent,
        QPaintEvent,
        QResizeEvent,
    )

    from sems_tray.widgets.theme import Theme

    from .bar_layout import Amount, BarChart
    from .day_layout import DayChart, Series
    from .layout import Readout
    from .readout import Layout


_SIZE = QSize(460, 260)
_LEAST = QSize(220, 140)
_MOVES = {Qt.Key.Key_Left: -1, Qt.Key.Key_Right: 1}
_PAGES = {Qt.Key.Key_PageUp: -1, Qt.Key.Key_PageDown: 1}
_PAGE = 0.1  # of all that can be read
_THEMES = frozenset({QEvent.Type.PaletteChange, QEvent.Type.FontChange})
_CHOOSE = frozenset({Qt.Key.Key_Return, Qt.Key.Key_Enter, Qt.Key.Key_Space})


class ChartView(KeyFocus, QWidget):
    """Shows one chart; what did not change is neither laid out nor painted again."""

    bar_chosen = Signal(object)  # the Bar that was clicked

    def __init__(self) -> None:
        super().__init__()
        self._chart: DayChart | BarChart | None = None
        self._busy = ""
        self._layout: Layout | None = None
        self._picture: QPixmap | None = None
        self._index: int | None = None
        self.setMouseTracking(True)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setSizePolicy(
            QSizePolicy.Policy.Expanding, QSizePolicy.Policy.MinimumExpanding
        )
        self.setAccessibleName(trc("screen reader", "Chart"))

    def show_chart(self, chart: DayChart | BarChart, busy: str = "") -> None:
        """Show a chart; ``busy`` says what is being fetched, over what there is."""
        if chart == self._chart and busy == self._busy:
            return
        before, self._chart, self._busy = self._chart, chart, busy
        if chart != before:
            self._layout = None
            self._keep_readout(before)
            self._tell()
        self._picture = None
        self.update()

    @property
    def readout(self) -> Readout | None:
        """The values that are shown at the marked place."""
        layout = self.laid_out
        if layout is None or self._index is None:
            return None
        return readout_of(layout, self._index)

    @property
    def laid_out(self) -> Layout | None:
        """The layout for the present size; None before the first chart."""
        if self._layout is None and self._chart is not None:
            width, height = float(self.width()), float(self.height())
            font = chart_font(self.font())
            self._layout = lay_out(self._chart, width, height, font)
        return self._layout

    def save_png(self, path: Path) -> None:
        """Write the chart with its title and legend; OSError where that fails."""
        if self._chart is None:
            raise OSError(tr("no chart to save"))
        image = picture(self._chart, self.size(), self.font(), theme_for(self))
        save_picture(image, path)

    def sizeHint(self) -> QSize:
        """Return the size of the details window's card."""
        return _SIZE

    def minimumSizeHint(self) -> QSize:
        """Return the least in which the labels have room."""
        return _LEAST

    def paintEvent(self, _event: QPaintEvent) -> None:
        """Paint the chart, from a picture while it is the same, and the readout."""
        layout, theme = self.laid_out, theme_for(self)
        painter = QPainter(self)
        painter.setFont(chart_font(self.font()))
        if layout is None:
            painter.fillRect(self.rect(), theme.card)
        else:
            painter.drawPixmap(0, 0, self._painted(layout))
            readout = self.readout
            if readout is not None:
                paint_readout(painter, layout, theme, readout)
        if self.focus_shown:
            painter.setRenderHint(QPainter.RenderHint.Antialiasing)
            painter.setBrush(Qt.BrushStyle.NoBrush)
            colour = self.palette().color(QPalette.ColorRole.Highlight)
            painter.setPen(QPen(colour, 1.5))
            painter.drawRoundedRect(QRectF(self.rect()).adjusted(1, 1, -1, -1), 4, 4)
        painter.end()

    def event(self, event: QEvent) -> bool:
        """Keep Esc from closing the window while it can hide the readout."""
        if (
            isinstance(event, QKeyEvent)
            and event.type() == QEvent.Type.ShortcutOverride
            and event.key() == Qt.Key.Key_Escape
            and self._index is not None
        ):
            event.accept()
            return True
        return super().event(event)

    def changeEvent(self, event: QEvent) -> None:
        """Follow the theme and the font."""
        super().changeEvent(event)
        if event.type() in _THEMES:
            self._layout = None
            self._picture = None
            self.update()

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Lay out anew."""
        super().resizeEvent(event)
        self._layout = self._picture = None

    def hideEvent(self, event: QHideEvent) -> None:
        """Give the picture's memory back."""
        super().hideEvent(event)
        self._picture = None

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        """Read out what is below the mouse."""
        layout = self.laid_out
        if layout is not None:
            self._mark(layout.index_at(event.position().x()))

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        """Choose the bar that was clicked."""
        layout = self.laid_out
        inside = self.rect().contains(event.position().toPoint())
        if (
            layout is not None
            and inside
            and event.button() == Qt.MouseButton.LeftButton
        ):
            self._choose(layout.index_at(event.position().x()))

    def leaveEvent(self, event: QEvent) -> None:
        """Hide the mouse's readout."""
        super().leaveEvent(event)
        self._mark(None)

    def focusOutEvent(self, event: QFocusEvent) -> None:
        """Take the readout of the keyboard along."""
        super().focusOutEvent(event)
        self._mark(None)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Move the readout with the arrows, and hide it with Esc."""
        key = Qt.Key(event.key())
        layout = self.laid_out
        many = 0 if layout is None else layout.count
        page = max(round(many * _PAGE), 1)
        if many and key in _MOVES | _PAGES:
            self._move(_MOVES.get(key, 0) + _PAGES.get(key, 0) * page, many)
        elif many and key in {Qt.Key.Key_Home, Qt.Key.Key_End}:
            self._mark(0 if key == Qt.Key.Key_Home else many - 1)
        elif key == Qt.Key.Key_Escape and self._index is not None:
            self._mark(None)
        elif key in _CHOOSE and self._index is not None:
            self._choose(self._index)
        else:
            super().keyPressEvent(event)

    def _move(self, by: int, many: int) -> None:
        before = self._index
        if before is None:  # the latest is what matters most
            self._mark(many - 1 if by < 0 else 0)
        else:
            self._mark(min(max(before + by, 0), many - 1))

    def _mark(self, index: int | None) -> None:
        if index == self._index:
            return
        self._index = index
        self._tell()
        self.update()

    def _keep_readout(self, before: DayChart | BarChart | None) -> None:
        """Keep the place where the same day or period only got newer values."""
        layout = self.laid_out
        if self._index is None or layout is None or before is None:
            return
        same = subject(before) == subject(layout.chart)
        if not same or self._index >= layout.count:
            self._mark(None)

    def _choose(self, index: int | None) -> None:
        layout = self.laid_out
        if isinstance(layout, BarLayout) and index is not None:
            self.bar_chosen.emit(layout.chart.bars[index])

    def _tell(self) -> None:
        """Let screen readers know what is seen."""
        readout = self.readout
        if readout is not None:
            self.setAccessibleDescription(readout.text)
        elif self._chart is not None:
            self.setAccessibleDescription(describe(self._chart))

    def _painted(self, layout: Layout) -> QPixmap:
        ratio, theme = self.devicePixelRatioF(), theme_for(self)
        if self._picture is None or self._picture.devicePixelRatio() != ratio:
            size = (self.size().toSizeF() * ratio).toSize()
            self._picture = QPixmap(size)
            self._picture.setDevicePixelRatio(ratio)
            self._picture.fill(theme.card)
            painter = QPainter(self._picture)
            painter.setFont(chart_font(self.font()))
            paint_chart(painter, layout, theme)
            message = self._busy or (nothing(layout.chart) if layout.empty else "")
            if message:
                paint_message(painter, layout, theme, message)
            painter.end()
        return self._picture


# A chart as a picture of its own, with title and legend.


_MARGIN = 12.0
_SAMPLE = 16.0
_SCALE = 2.0
_Spot = tuple["Series | Amount", float, int]  # where a name begins, and its row


def picture(
    chart: DayChart | BarChart,
    size: QSize,
    base: QFont,
    theme: Theme,
) -> QImage:
    """Return the chart in so many logical pixels, at twice the resolution."""
    font = chart_font(base)
    line = QFontMetricsF(font).height() + _MARGIN
    width = size.width() + 2 * _MARGIN
    legend = _legend(chart, font, size.width())
    rows = 1 + max((row for _, _, row in legend), default=0)
    height = size.height() + 2 * _MARGIN + (1 + rows) * line
    image = QImage(
        round(width * _SCALE), round(height * _SCALE), QImage.Format.Format_RGB32
    )
    image.setDevicePixelRatio(_SCALE)
    image.fill(theme.card)
    painter = QPainter(image)
    painter.setFont(_bold(font))
    painter.setPen(theme.text)
    title = QRectF(_MARGIN, _MARGIN / 2, width - 2 * _MARGIN, line)
    painter.drawText(title, Qt.AlignmentFlag.AlignCenter, chart_title(chart))
    painter.setFont(font)
    painter.translate(_MARGIN, _MARGIN + line)
    layout = lay_out(chart, size.width(), size.height(), font)
    paint_chart(painter, layout, theme)
    if layout.empty:
        paint_message(painter, layout, theme, nothing(chart))
    painter.translate(0, size.height() + line / 2)
    _paint_legend(painter, legend, line, theme)
    painter.end()
    return image


def save_picture(image: QImage, path: Path) -> None:
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
    for key in chart.known:
        if key not in chart.shown:
            continue
        wide = _SAMPLE + _MARGIN / 2 + width(key.label)
        if found and x + wide > room:
            x, row = _MARGIN / 2, row + 1
        found.append((key, x, row))
        x += wide + _MARGIN
    return found


def _paint_legend(
    painter: QPainter, legend: list[_Spot], line: float, theme: Theme
) -> None:
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    for key, x, row in legend:
        sample(painter, QPointF(x, row * line), key, theme, _SAMPLE)
        painter.setPen(theme.text)
        area = QRectF(x + _SAMPLE + _MARGIN / 2, row * line - 50, 1000, 100)
        painter.drawText(area, Qt.AlignmentFlag.AlignVCenter, key.label)


def _bold(font: QFont) -> QFont:
    bold = QFont(font)
    bold.setBold(True)
    return bold
