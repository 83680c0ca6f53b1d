"""The face of the "History" page: its parts, in their places and their colours."""

from __future__ import annotations

from itertools import pairwise
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QEvent, Qt
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import (
    QCheckBox,
    QFileDialog,
    QGridLayout,
    QHBoxLayout,
    QVBoxLayout,
    QWidget,
)

from sems_tray.core import words
from sems_tray.core.chart_text import count
from sems_tray.core.history import Period
from sems_tray.core.language import tr, trc

from .chart_colours import ChartColours
from .chart_legend import Legend
from .chart_view import ChartView
from .history_buttons import FlatButton, Segments
from .history_fetch_line import FetchLine, TroubleLine
from .history_figures import FiguresCard
from .history_nav import HistoryNav
from .theme import STEP, Series, mix, theme_for
from .widgets import Card

if TYPE_CHECKING:
    from PySide6.QtCore import QObject

    from sems_tray.core.history_view import HistoryView

    from .theme import Theme

_GAP = STEP + STEP // 2
_CHART_LINES = 14  # the least height of the chart, in lines of text
_LEGEND = 11  # around the names of a legend
_THEMES = frozenset({QEvent.Type.PaletteChange, QEvent.Type.FontChange})
_CHART_KEYS = frozenset({Qt.Key.Key_Left, Qt.Key.Key_Right, Qt.Key.Key_Home})


class HistoryFace(QWidget):
    """Shows a view; what its parts are for is the page's business."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
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
        self.nav.show_selection(view.selection, view.first, view.today)
        self.legend.set_entries(view.legend, view.shown, self.chart.colours)
        self._order_tabs()
        self.figures.show_table(view.table)
        self.fixed.setVisible(kind is Period.DAY and capacity_kwp is not None)
        if capacity_kwp is not None:
            # Translators: the chart's axis always ends at the installed power.
            said = tr("Fixed scale ({capacity} kWp)")
            capacity = words.fixed(capacity_kwp, 1)
            self.fixed.setText(said.format(capacity=capacity))
        self.chart.show_chart(view.chart, message)

    def _order_tabs(self) -> None:
        """Go from the chart to its legend; buttons made later would come last."""
        parts = (self.chart, *self.legend.buttons, self.figures)
        if parts != self._ordered:
            self._ordered = parts
            for before, after in pairwise(parts):
                self.setTabOrder(before, after)

    def say(self, text: str = "", *, running: bool = False, trouble: str = "") -> None:
        """Say what is under way, and what is wrong."""
        self.line.show_text(text, running=running)
        self.trouble.show_text(trouble)

    def save_chart_as(self, name: str) -> None:
        """Ask for a place, and write the chart as a picture there."""
        plain = words.name(name).replace("/", "-")
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
            readable = layout is not None and count(layout) > 0
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
        self.chart.set_colours(colours_of(theme_for(self)))
        view = self._view
        if view is not None:
            self.legend.set_entries(view.legend, view.shown, self.chart.colours)


def colours_of(theme: Theme) -> ChartColours:
    """Return the theme's colours for charts that lie on a card."""
    return ChartColours(
        back=theme.card,
        text=theme.text,
        muted=theme.muted,
        rule=theme.grid_line,
        axis=mix(theme.card, theme.text, 1.0 if theme.high_contrast else 0.35),
        box=theme.card if theme.high_contrast else mix(theme.card, theme.text, 0.04),
        solar=theme.colour(Series.SOLAR),
        battery=theme.colour(Series.BATTERY),
        house=theme.colour(Series.HOUSE),
        grid=theme.colour(Series.GRID),
        strong=theme.high_contrast,
    )
