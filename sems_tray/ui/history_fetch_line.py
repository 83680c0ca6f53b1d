"""The lines that say what of the past is being fetched, or why that failed."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QEvent, QRectF, Qt, Signal, Slot
from PySide6.QtGui import QPainter
from PySide6.QtWidgets import (
    QHBoxLayout,
    QLabel,
    QProgressBar,
    QVBoxLayout,
    QWidget,
)

from sems_tray.core.language import tr, trc

from .history_buttons import FlatButton
from .theme import STEP, Text, font_of, theme_for, wants_motion

if TYPE_CHECKING:
    from PySide6.QtGui import QColor, QPaintEvent

_THEMES = frozenset({QEvent.Type.PaletteChange, QEvent.Type.FontChange})
_BAR = 3
_BESIDE = 48  # the room of the units


class _ThinBar(QProgressBar):
    """A line that says that something is under way; empty while nothing is."""

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self.setTextVisible(False)
        self.setFixedHeight(_BAR)
        self.setRange(0, 0)
        self.setAccessibleName(trc("screen reader", "Fetching"))
        self._step = 12
        self._timer = 0

    def run(self, *, running: bool) -> None:
        """Move, or stand still; a hidden line costs nothing."""
        if running and not self._timer:
            self._timer = self.startTimer(60)
        elif not running and self._timer:
            self.killTimer(self._timer)
            self._timer = 0
        self.update()

    @property
    def running(self) -> bool:
        """Whether it moves."""
        return bool(self._timer)

    def timerEvent(self, event: QEvent) -> None:
        """Move on, if the system lets things move."""
        del event
        if wants_motion(self):
            self._step += 1
            self.update()

    def paintEvent(self, _: QPaintEvent) -> None:
        """Paint the track and the piece that runs along it."""
        if not self._timer:
            return
        theme = theme_for(self)
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(Qt.PenStyle.NoPen)
        area = QRectF(self.rect())
        painter.setBrush(theme.track)
        painter.drawRoundedRect(area, _BAR / 2, _BAR / 2)
        piece = area.width() / 4
        at = (self._step * area.width() / 24) % (area.width() + piece) - piece
        painter.setBrush(theme.accent)
        run = QRectF(area.left() + at, area.top(), piece, area.height())
        painter.drawRoundedRect(run.intersected(area), _BAR / 2, _BAR / 2)
        painter.end()


class FetchLine(QWidget):
    """Lies over the top of the chart, where only the units stand; takes no room."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
        self._bar = _ThinBar(self)
        self._label = QLabel(self)
        self._label.setObjectName("fetch")
        self._label.setTextFormat(Qt.TextFormat.PlainText)
        self._label.setAlignment(Qt.AlignmentFlag.AlignCenter)
        box = QVBoxLayout(self)
        box.setContentsMargins(_BESIDE, 0, _BESIDE, 0)
        box.setSpacing(1)
        box.addWidget(self._bar)
        box.addWidget(self._label)
        _dress(self._label, self, theme_for(self).muted)

    @property
    def text(self) -> str:
        """What stands there."""
        return self._label.text()

    def show_text(self, text: str, *, running: bool = False) -> None:
        """Show what is under way, a remark, or nothing."""
        self._bar.run(running=running)
        self._label.setText(text)

    def changeEvent(self, event: QEvent) -> None:
        """Follow the theme and the font."""
        super().changeEvent(event)
        if event.type() in _THEMES and hasattr(self, "_label"):
            _dress(self._label, self, theme_for(self).muted)


class TroubleLine(QWidget):
    """Why something could not be fetched, and a button to try again."""

    again = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._label = QLabel(self)
        self._label.setObjectName("trouble")
        self._label.setTextFormat(Qt.TextFormat.PlainText)
        self._label.setWordWrap(True)
        self._button = FlatButton(tr("Try again"), self)
        self._button.setObjectName("again")
        self._button.setAccessibleName(tr("Try to fetch again"))
        self._button.clicked.connect(self._on_clicked)
        box = QHBoxLayout(self)
        box.setContentsMargins(0, STEP // 2, 0, STEP // 2)
        box.addWidget(self._label, 1)
        box.addWidget(self._button, 0, Qt.AlignmentFlag.AlignVCenter)
        _dress(self._label, self, theme_for(self).text)
        self.hide()

    @property
    def text(self) -> str:
        """What is wrong; "" if nothing is."""
        return self._label.text()

    def show_text(self, text: str) -> None:
        """Say what is wrong; nothing hides the line."""
        self._label.setText(text)
        self.setVisible(bool(text))

    def changeEvent(self, event: QEvent) -> None:
        """Follow the theme and the font."""
        super().changeEvent(event)
        if event.type() in _THEMES and hasattr(self, "_label"):
            _dress(self._label, self, theme_for(self).text)

    @Slot()
    def _on_clicked(self) -> None:
        self.again.emit()


def _dress(label: QLabel, parent: QWidget, ink: QColor) -> None:
    """Give a label the small font and an ink."""
    font = font_of(Text.CAPTION, parent.font())
    if label.font() != font:
        label.setFont(font)
    palette = label.palette()
    if palette.color(label.foregroundRole()) != ink:
        palette.setColor(label.foregroundRole(), ink)
        label.setPalette(palette)
