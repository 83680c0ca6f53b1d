"""The widget that shows a chart, with a readout by mouse and keyboard."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QEvent, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QKeyEvent, QPainter, QPalette, QPen, QPixmap
from PySide6.QtWidgets import QSizePolicy, QWidget

from sems_tray.i18n.language import tr, trc

from .bar_layout import BarLayout
from .painter import (
    chart_colours,
    chart_font,
    lay_out,
    paint_chart,
    paint_message,
    paint_readout,
)
from .picture import picture, save
from .readout import count, describe, index_at, nothing, readout_of, subject

if TYPE_CHECKING:
    from pathlib import Path

    from PySide6.QtGui import (
        QFocusEvent,
        QHideEvent,
        QMouseEvent,
        QPaintEvent,
        QResizeEvent,
    )

    from .bar_layout import BarChart
    from .day_layout import DayChart
    from .layout import Readout
    from .painter import ChartColours
    from .readout import Layout


_SIZE = QSize(460, 260)
_LEAST = QSize(220, 140)
_MOVES = {Qt.Key.Key_Left: -1, Qt.Key.Key_Right: 1}
_PAGES = {Qt.Key.Key_PageUp: -1, Qt.Key.Key_PageDown: 1}
_PAGE = 0.1  # of all that can be read
_THEMES = frozenset({QEvent.Type.PaletteChange, QEvent.Type.FontChange})
_BY_KEYBOARD = frozenset(
    {
        Qt.FocusReason.TabFocusReason,
        Qt.FocusReason.BacktabFocusReason,
        Qt.FocusReason.ShortcutFocusReason,
    }
)
_CHOOSE = frozenset({Qt.Key.Key_Return, Qt.Key.Key_Enter, Qt.Key.Key_Space})


class ChartView(QWidget):
    """Shows one chart; what did not change is neither laid out nor painted again."""

    bar_chosen = Signal(object)  # the Bar that was clicked
    readout_changed = Signal(object)  # Readout or None

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._chart: DayChart | BarChart | None = None
        self._busy = ""
        self._layout: Layout | None = None
        self._picture: QPixmap | None = None
        self._colours: ChartColours | None = None
        self._own_colours = True
        self._index: int | None = None
        self._by_keyboard = False
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

    def set_colours(self, colours: ChartColours) -> None:
        """Paint with these instead of the theme's."""
        self._own_colours = False
        if colours != self._colours:
            self._colours = colours
            self._repaint_all()

    @property
    def colours(self) -> ChartColours:
        """The colours in use: those given, else the theme's."""
        if self._colours is None:
            self._colours = chart_colours(self.palette())
        return self._colours

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

    def save_png(self, path: Path, scale: float = 2.0) -> None:
        """Write the chart with its title and legend; OSError where that fails."""
        if self._chart is None:
            raise OSError(tr("no chart to save"))
        image = picture(self._chart, self.size(), self.font(), self.colours, scale)
        save(image, path)

    def sizeHint(self) -> QSize:
        """Return the size of the details window's card."""
        return _SIZE

    def minimumSizeHint(self) -> QSize:
        """Return the least in which the labels have room."""
        return _LEAST

    def paintEvent(self, _event: QPaintEvent) -> None:
        """Paint the chart, from a picture while it is the same, and the readout."""
        layout = self.laid_out
        painter = QPainter(self)
        painter.setFont(chart_font(self.font()))
        if layout is None:
            painter.fillRect(self.rect(), self.colours.back)
        else:
            painter.drawPixmap(0, 0, self._painted(layout))
            readout = self.readout
            if readout is not None:
                paint_readout(painter, layout, self.colours, readout)
        if self.hasFocus() and self._by_keyboard:
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
            if self._own_colours:
                self._colours = None
            self._layout = None
            self._repaint_all()

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
            self._mark(index_at(layout, event.position().x()))

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        """Choose the bar that was clicked."""
        layout = self.laid_out
        inside = self.rect().contains(event.position().toPoint())
        if (
            layout is not None
            and inside
            and event.button() == Qt.MouseButton.LeftButton
        ):
            self._choose(index_at(layout, event.position().x()))

    def leaveEvent(self, event: QEvent) -> None:
        """Hide the mouse's readout."""
        super().leaveEvent(event)
        self._mark(None)

    def focusInEvent(self, event: QFocusEvent) -> None:
        """Show the focus to those who came by the keyboard."""
        super().focusInEvent(event)
        self._by_keyboard = event.reason() in _BY_KEYBOARD
        self.update()

    def focusOutEvent(self, event: QFocusEvent) -> None:
        """Take the readout of the keyboard along."""
        super().focusOutEvent(event)
        self._mark(None)
        self.update()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Move the readout with the arrows, and hide it with Esc."""
        key = Qt.Key(event.key())
        layout = self.laid_out
        many = 0 if layout is None else count(layout)
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
        self.readout_changed.emit(self.readout)
        self.update()

    def _keep_readout(self, before: DayChart | BarChart | None) -> None:
        """Keep the place where the same day or period only got newer values."""
        layout = self.laid_out
        if self._index is None or layout is None or before is None:
            return
        same = subject(before) == subject(layout.chart)
        if not same or self._index >= count(layout):
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

    def _repaint_all(self) -> None:
        self._picture = None
        self.update()

    def _painted(self, layout: Layout) -> QPixmap:
        ratio = self.devicePixelRatioF()
        if self._picture is None or self._picture.devicePixelRatio() != ratio:
            size = (self.size().toSizeF() * ratio).toSize()
            self._picture = QPixmap(size)
            self._picture.setDevicePixelRatio(ratio)
            self._picture.fill(self.colours.back)
            painter = QPainter(self._picture)
            painter.setFont(chart_font(self.font()))
            paint_chart(painter, layout, self.colours)
            message = self._busy or (nothing(layout.chart) if layout.empty else "")
            if message:
                paint_message(painter, layout, self.colours, message)
            painter.end()
        return self._picture
