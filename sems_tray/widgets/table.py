"""A small table: painted, with a row cursor for the keyboard, and copied as text."""

from __future__ import annotations

from itertools import accumulate
from typing import TYPE_CHECKING

from PySide6.QtCore import QPointF, QRectF, QSize, Qt
from PySide6.QtGui import QFontMetricsF, QPainter, QPen
from PySide6.QtWidgets import QSizePolicy, QWidget

from sems_tray.i18n.language import tr

from .labels import paint_line, placed
from .theme import STEP, ColourRole, Text, font_of, theme_for

if TYPE_CHECKING:
    from PySide6.QtGui import QFocusEvent, QFont, QKeyEvent, QMouseEvent, QPaintEvent

    from sems_tray.domain.device_tables import Grid


_PAD = 6.0  # from the edge to the first and after the last column
_GAP = STEP  # the least between two columns


class Table(QWidget):
    """Shows a grid of names and numbers; numbers are right-aligned.

    Tab comes to the table, up and down move through its rows, Ctrl+C copies the row,
    or the whole table while there is no row chosen.
    """

    def __init__(self) -> None:
        super().__init__()
        self._grid: Grid | None = None
        self._old = False
        self._owner = ""
        self._row = -1
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)

    @property
    def copy_text(self) -> str:
        """What Ctrl+C copies."""
        if self._grid is None:
            return ""
        if 0 <= self._row < len(self._grid.rows):
            return "\t".join(self._grid.rows[self._row])
        return self.table_text

    @property
    def table_text(self) -> str:
        """The table for a spreadsheet."""
        return self._grid.copy_text if self._grid else ""

    @property
    def current_row(self) -> int:
        """The chosen row; -1 while there is none."""
        return self._row

    def show_grid(self, grid: Grid, *, owner: str = "", old: bool = False) -> None:
        """Show a grid; ``owner`` is whose it is. The same one is not painted again."""
        if (grid, owner, old) == (self._grid, self._owner, self._old):
            return
        resized = self._grid is None or len(grid.rows) != len(self._grid.rows)
        self._grid, self._owner, self._old = grid, owner, old
        self._row = min(self._row, len(grid.rows) - 1)
        self._describe()
        if resized:
            self.updateGeometry()
        self.update()

    def value_at(self, point: QPointF) -> str:
        """Return the number under a point; "" where there is none."""
        if self._grid is None:
            return ""
        row = int(point.y() // self._line()) - 1
        if not 0 <= row < len(self._grid.rows):
            return ""
        for text, box in zip(self._grid.rows[row], self._boxes(), strict=True):
            if (
                placed(self, box)
                .adjusted(-_GAP / 2, 0, _GAP / 2, 0)
                .contains(QPointF(point.x(), box.center().y()))
            ):
                return text
        return ""

    def sizeHint(self) -> QSize:
        """Return the room for all rows and their natural columns."""
        rows = 1 + len(self._grid.rows) if self._grid else 0
        wide = sum(self._naturals()) + 2 * _PAD
        return QSize(round(wide), round(rows * self._line()))

    def minimumSizeHint(self) -> QSize:
        """Narrow columns end in "…"; no row is left out."""
        return QSize(STEP * 8, self.sizeHint().height())

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Move through the rows; at both ends the page scrolls instead."""
        step = {Qt.Key.Key_Down: 1, Qt.Key.Key_Up: -1}.get(Qt.Key(event.key()), 0)
        last = len(self._grid.rows) - 1 if self._grid else -1
        to = self._row + step
        if not step or not -1 <= to <= last:
            super().keyPressEvent(event)
            return
        self._choose(to)

    def mousePressEvent(self, event: QMouseEvent) -> None:
        """Choose the row under the pointer."""
        super().mousePressEvent(event)
        row = int(event.position().y() // self._line()) - 1
        if self._grid and event.button() is Qt.MouseButton.LeftButton:
            self._choose(row if 0 <= row < len(self._grid.rows) else -1)
        event.accept()

    def focusOutEvent(self, event: QFocusEvent) -> None:
        """Let go of the row, unless a menu is why."""
        super().focusOutEvent(event)
        if event.reason() not in {
            Qt.FocusReason.PopupFocusReason,
            Qt.FocusReason.ActiveWindowFocusReason,
        }:
            self._choose(-1)

    def paintEvent(self, _: QPaintEvent) -> None:
        """Paint heading, rows and the lines between them."""
        if self._grid is None:
            return
        theme, line, painter = theme_for(self), self._line(), QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setLayoutDirection(self.layoutDirection())
        boxes = [placed(self, box) for box in self._boxes()]
        head, body = self._font(Text.CAPTION), self._font(Text.BODY)
        for number, row in enumerate((self._grid.head, *self._grid.rows)):
            top = number * line
            heading = number == 0
            if number - 1 == self._row and not heading:
                chosen = QRectF(0, top + 1, self.width(), line - 1)
                painter.setPen(Qt.PenStyle.NoPen)
                painter.setBrush(theme.wash(ColourRole.SOLAR))
                painter.drawRoundedRect(chosen, 4, 4)
            font = head if heading else body
            metrics = QFontMetricsF(font)
            base = top + (line + metrics.ascent() - metrics.descent()) / 2
            painter.setFont(font)
            painter.setPen(theme.muted if heading or self._old else theme.text)
            for column, (text, box) in enumerate(zip(row, boxes, strict=True)):
                paint_line(painter, box, base, text, end=column > 0)
            if number < len(self._grid.rows):
                painter.setPen(QPen(theme.grid_line, 1))
                y = round(top + line) - 0.5
                painter.drawLine(QPointF(0, y), QPointF(self.width(), y))
        if self.hasFocus():
            painter.setPen(QPen(theme.accent, 1.5))
            painter.setBrush(Qt.BrushStyle.NoBrush)
            edge = QRectF(self.rect()).adjusted(1, 1, -1, -1)
            painter.drawRoundedRect(edge, 4, 4)
        painter.end()

    def _choose(self, row: int) -> None:
        if row != self._row:
            self._row = row
            self._describe()
            self.update()

    def _describe(self) -> None:
        grid = self._grid
        if grid is None:
            return
        # Translators: for a screen reader: "Phases of Inverter 1".
        named = tr("{table} of {device}").format(table=grid.name, device=self._owner)
        self.setAccessibleName(named if self._owner else grid.name)
        lines = grid.sentences
        chosen = lines[self._row] if 0 <= self._row < len(lines) else "; ".join(lines)
        self.setAccessibleDescription(chosen)

    def _font(self, step: Text) -> QFont:
        return font_of(step, self.font())

    def _line(self) -> float:
        return round(QFontMetricsF(self._font(Text.BODY)).height() + STEP)

    def _naturals(self) -> list[float]:
        if self._grid is None:
            return []
        head = QFontMetricsF(self._font(Text.CAPTION))
        body = QFontMetricsF(self._font(Text.BODY))
        columns = zip(self._grid.head, *self._grid.rows, strict=True)
        return [
            max(
                head.horizontalAdvance(title),
                *(body.horizontalAdvance(text) for text in texts),
            )
            + _GAP
            for title, *texts in columns
        ]

    def _boxes(self) -> list[QRectF]:
        """Return the columns: alike while they fit, else as wide as they need."""
        wide, room = self._naturals(), self.width() - 2 * _PAD
        even = room / len(wide)
        spare = room - sum(wide)
        if all(it <= even for it in wide):
            widths = [even] * len(wide)
        elif spare >= 0:
            widths = [it + spare / len(wide) for it in wide]
        else:
            widths = [it * room / sum(wide) for it in wide]
        starts = [_PAD, *(_PAD + end for end in accumulate(widths))]
        return [
            QRectF(left, 0, width - (_GAP if n == 0 else 0), self._line())
            for n, (left, width) in enumerate(zip(starts, widths, strict=False))
        ]
