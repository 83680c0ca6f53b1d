"""The face of the "History" page: its parts, in their places and their colours."""

from __future__ import annotations

from itertools import pairwise
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QEvent, QRectF, Qt, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import (
    QCheckBox,
    QFileDialog,
    QGridLayout,
    QHBoxLayout,
    QLabel,
    QProgressBar,
    QVBoxLayout,
    QWidget,
)

from sems_tray.domain.energy import Period
from sems_tray.i18n import formatting
from sems_tray.i18n.language import tr, trc
from sems_tray.widgets.buttons import FlatButton, Segments
from sems_tray.widgets.cards import Card
from sems_tray.widgets.charts.chart_view import ChartView
from sems_tray.widgets.charts.legend import Legend
from sems_tray.widgets.labels import dress
from sems_tray.widgets.theme import (
    STEP,
    Text,
    font_of,
    smooth_painter,
    theme_for,
    wants_motion,
)

from .figures import FiguresCard
from .navigation import HistoryNav

if TYPE_CHECKING:
    from PySide6.QtCore import QObject
    from PySide6.QtGui import QPaintEvent

    from .fetch_state import FetchStatus
    from .view_model import HistoryView


_GAP = STEP + STEP // 2
_CHART_LINES = 14  # the least height of the chart, in lines of text
_LEGEND = 11  # around the names of a legend
_THEMES = frozenset({QEvent.Type.PaletteChange, QEvent.Type.FontChange})
_CHART_KEYS = frozenset({Qt.Key.Key_Left, Qt.Key.Key_Right, Qt.Key.Key_Home})


class HistoryLayout(QWidget):
    """Shows a view; what its parts are for is the page's business."""

    def __init__(self) -> None:
        super().__init__()
        self.segments = Segments()
        self.nav = HistoryNav()
        self.line = FetchLine()
        self.trouble = TroubleLine()
        self.chart = ChartView()
        self.legend = Legend()
        self.figures = FiguresCard()
        self.fixed = QCheckBox()
        self.save = FlatButton(tr("Save chart …"))
        self.save.setAccessibleName(tr("Save the chart as a picture"))
        self.export = FlatButton(tr("Export …"))
        self.export.setAccessibleName(tr("Export the history"))
        self._view: HistoryView | None = None
        self._ordered: tuple[QWidget, ...] = ()
        for watched in (self.chart, *self.segments.parts):
            watched.installEventFilter(self)
        self._lay_out()
        self._style()

    def _lay_out(self) -> None:
        card = Card()
        inside = QVBoxLayout(card)
        inside.setContentsMargins(_GAP, _GAP, _GAP, STEP)
        inside.setSpacing(STEP // 2)
        inside.addWidget(self.nav)
        inside.addWidget(self.trouble)
        picture = QGridLayout()
        picture.addWidget(self.chart, 0, 0)
        picture.addWidget(self.line, 0, 0, Qt.AlignmentFlag.AlignTop)
        inside.addLayout(picture, 1)
        inside.addWidget(self.legend)
        below = QHBoxLayout()
        below.addWidget(self.fixed)
        below.addStretch(1)
        below.addWidget(self.save)
        below.addWidget(self.export)
        box = QVBoxLayout(self)
        box.setContentsMargins(2 * STEP, STEP, 2 * STEP, STEP)
        box.setSpacing(_GAP)
        box.addWidget(self.segments)
        box.addWidget(card, 1)
        box.addWidget(self.figures)
        box.addLayout(below)

    def show_view(
        self, view: HistoryView, capacity_kwp: float | None, message: str
    ) -> None:
        """Show a view, with a message where its chart is empty."""
        self._view = view
        kind = view.selection.kind
        self.segments.show_kind(kind)
        self.nav.show_view(view)
        self.legend.set_entries(view.legend, view.chart.shown)
        self._order_tabs()
        self.figures.show_table(view.table)
        self.fixed.setVisible(kind is Period.DAY and capacity_kwp is not None)
        if capacity_kwp is not None:
            # Translators: the chart's axis always ends at the installed power.
            said = tr("Fixed scale ({capacity} kWp)")
            capacity = formatting.fixed(capacity_kwp, 1)
            self.fixed.setText(said.format(capacity=capacity))
        self.chart.show_chart(view.chart, message)

    def _order_tabs(self) -> None:
        """Go from the chart to its legend; buttons made later would come last."""
        parts = (self.chart, *self.legend.buttons, self.figures)
        if parts != self._ordered:
            self._ordered = parts
            for before, after in pairwise(parts):
                self.setTabOrder(before, after)

    def show_status(self, status: FetchStatus) -> None:
        """Say what is under way, and what is wrong."""
        self.line.show_text(status.text, running=status.running)
        self.trouble.show_text(status.trouble)

    def save_chart_as(self, name: str) -> None:
        """Ask for a place, and write the chart as a picture there."""
        plain = formatting.name(name).replace("/", "-")
        kinds = trc("kind of file", "Picture") + " (*.png)"
        dialog = QFileDialog(self, tr("Save chart"), str(Path.home()), kinds)
        dialog.setAcceptMode(QFileDialog.AcceptMode.AcceptSave)
        dialog.setDefaultSuffix("png")  # so that it asks about the file that is meant
        dialog.selectFile(f"{plain}.png")
        if dialog.exec():
            self.save_chart(Path(dialog.selectedFiles()[0]))
        dialog.deleteLater()

    def save_chart(self, path: Path) -> None:
        """Write the chart as a picture; say what came of it."""
        if path.suffix.lower() != ".png":
            path = path.with_name(f"{path.name}.png")
        try:
            self.chart.save_png(path)
        except OSError as exc:
            self.line.show_text(tr("Not saved: {reason}").format(reason=exc))
        else:
            self.line.show_text(tr("Saved as {file}").format(file=path.name))

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Leave the arrows to a chart that reads out, and to the choice of a period."""
        if event.type() == QEvent.Type.ShortcutOverride:
            key = event.key() if isinstance(event, QKeyEvent) else None
            layout = self.chart.laid_out
            readable = layout is not None and layout.count > 0
            if key in _CHART_KEYS and (watched is not self.chart or readable):
                event.accept()
                return True
        return super().eventFilter(watched, event)

    def changeEvent(self, event: QEvent) -> None:
        """Follow the theme and the font."""
        super().changeEvent(event)
        if event.type() in _THEMES and hasattr(self, "_view"):
            self._style()

    def _style(self) -> None:
        # A legend that is still empty has its room already.
        self.legend.setMinimumHeight(self.fontMetrics().height() + _LEGEND)
        self.chart.setMinimumHeight(self.fontMetrics().height() * _CHART_LINES)


# The lines that say what of the past is being fetched, or why that failed.

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
        painter = smooth_painter(self)
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

    def __init__(self) -> None:
        super().__init__()
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
        dress(self._label, font_of(Text.CAPTION, self.font()), theme_for(self).muted)

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
            dress(
                self._label, font_of(Text.CAPTION, self.font()), theme_for(self).muted
            )


class TroubleLine(QWidget):
    """Why something could not be fetched, and a button to try again."""

    again = Signal()

    def __init__(self) -> None:
        super().__init__()
        self._label = QLabel(self)
        self._label.setObjectName("trouble")
        self._label.setTextFormat(Qt.TextFormat.PlainText)
        self._label.setWordWrap(True)
        self._button = FlatButton(tr("Try again"), self)
        self._button.setObjectName("again")
        self._button.setAccessibleName(tr("Try to fetch again"))
        self._button.clicked.connect(self.again)
        box = QHBoxLayout(self)
        box.setContentsMargins(0, STEP // 2, 0, STEP // 2)
        box.addWidget(self._label, 1)
        box.addWidget(self._button, 0, Qt.AlignmentFlag.AlignVCenter)
        dress(self._label, font_of(Text.CAPTION, self.font()), theme_for(self).text)
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
            dress(self._label, font_of(Text.CAPTION, self.font()), theme_for(self).text)
