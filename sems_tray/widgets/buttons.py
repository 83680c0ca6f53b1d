"""Buttons whose signs are painted: no icon theme, no picture files, any scale."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QPointF, QRectF, QSize, Qt, Signal, Slot
from PySide6.QtGui import (
    QFontMetrics,
    QFontMetricsF,
    QPainterPath,
    QPen,
    QPolygonF,
)
from PySide6.QtWidgets import (
    QAbstractButton,
    QButtonGroup,
    QCheckBox,
    QHBoxLayout,
    QRadioButton,
    QWidget,
)

from sems_tray.domain.energy import Period
from sems_tray.i18n.language import markc, tr, trc

from .theme import RADIUS, STEP, KeyFocus, Text, font_of, mix, smooth_painter, theme_for

if TYPE_CHECKING:
    from PySide6.QtCore import QPoint
    from PySide6.QtGui import (
        QColor,
        QKeyEvent,
        QPainter,
        QPaintEvent,
    )


class PaintedButton(KeyFocus):
    """Mixed into a button that is painted in a size of its own."""

    def minimumSizeHint(self) -> QSize:
        """Nothing is cut off."""
        return self.sizeHint()


class RefreshButton(PaintedButton, QAbstractButton):
    """A square button with an arrow that goes round."""

    def __init__(self) -> None:
        super().__init__()
        name = tr("Refresh now")
        self.setObjectName("refresh")
        self.setAccessibleName(name)
        self.setToolTip(name)
        self.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self.setAttribute(Qt.WidgetAttribute.WA_Hover)

    def sizeHint(self) -> QSize:
        """Return a square as high as a line with room around it."""
        side = round(QFontMetricsF(self.font()).height() + 1.5 * STEP)
        return QSize(side, side)

    def paintEvent(self, _: QPaintEvent) -> None:
        """Paint ground, edge and arrow."""
        theme, focused = theme_for(self), self.focus_shown
        painter = smooth_painter(self)
        lit = self.isEnabled() and (self.isDown() or self.underMouse())
        edge = theme.accent if focused else theme.border
        painter.setPen(QPen(edge, 2.0 if focused else 1.0))
        painter.setBrush(mix(theme.card, theme.text, 0.08 if lit else 0.0))
        painter.drawRoundedRect(
            QRectF(self.rect()).adjusted(1, 1, -1, -1), RADIUS, RADIUS
        )
        side = min(self.width(), self.height()) * 0.46
        box = QRectF(0, 0, side, side)
        box.moveCenter(QRectF(self.rect()).center())
        _paint_arrow(painter, box, theme.text if self.isEnabled() else theme.muted)
        painter.end()


def _paint_arrow(painter: QPainter, box: QRectF, ink: QColor) -> None:
    """Paint most of a circle, and an arrow head at its end."""
    painter.setPen(QPen(ink, 1.6, Qt.PenStyle.SolidLine, Qt.PenCapStyle.RoundCap))
    painter.setBrush(Qt.BrushStyle.NoBrush)
    path = QPainterPath()
    path.arcMoveTo(box, 50)
    path.arcTo(box, 50, 290)
    painter.drawPath(path)
    # The head: a filled triangle at the arc's beginning, along its tangent.
    tip, size = path.pointAtPercent(0), box.width() * 0.34
    head = QPainterPath()
    head.moveTo(tip.x() + size * 0.75, tip.y() + size * 0.85)
    head.lineTo(tip.x() + size * 0.55, tip.y() - size * 0.75)
    head.lineTo(tip.x() - size * 0.85, tip.y() + size * 0.45)
    head.closeSubpath()
    painter.fillPath(head, ink)


# Check boxes and radio buttons as large as the font, seen on every palette.


_ROOM = 3  # around it, for the ring of the focus


class _Tick(PaintedButton):
    """A button that is a square a little higher than a line of the font."""

    def sizeHint(self) -> QSize:
        """Return a square as high as a line."""
        side = self.fontMetrics().height() + 4
        return QSize(side, side)

    def hitButton(self, pos: QPoint) -> bool:
        """All of it can be clicked."""
        return self.rect().contains(pos)


class CheckTick(_Tick, QCheckBox):
    """On or off: a square with a hook."""

    def paintEvent(self, _: QPaintEvent) -> None:
        """Paint it."""
        _paint_tick(self, round_=False)


class RadioTick(_Tick, QRadioButton):
    """One of several: a ring with a dot."""

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Leave Enter to the window's own button; on GNOME it would press this one."""
        if event.key() in {Qt.Key.Key_Return, Qt.Key.Key_Enter}:
            event.ignore()
        else:
            super().keyPressEvent(event)

    def paintEvent(self, _: QPaintEvent) -> None:
        """Paint it."""
        _paint_tick(self, round_=True)


def _paint_tick(button: CheckTick | RadioTick, *, round_: bool) -> None:
    """Paint a button: filled with the ink of words while it is on."""
    theme, on = theme_for(button), button.isChecked()
    painter = smooth_painter(button)
    if not button.isEnabled():
        painter.setOpacity(0.45)
    box = QRectF(button.rect()).adjusted(_ROOM, _ROOM, -_ROOM, -_ROOM)
    radius = box.width() / 2 if round_ else STEP / 3
    if button.focus_shown:
        painter.setPen(QPen(theme.accent, 2.0))
        painter.setBrush(Qt.BrushStyle.NoBrush)
        ring = box.adjusted(-2, -2, 2, 2)
        painter.drawRoundedRect(ring, radius + 2, radius + 2)
    edge = mix(theme.card, theme.text, 1.0 if theme.high_contrast else 0.55)
    ink = mix(theme.card, theme.text, 1.0 if theme.high_contrast else 0.85)
    painter.setPen(QPen(ink if on else edge, 1.2))
    painter.setBrush(mix(theme.card, theme.text, 0.08 if button.underMouse() else 0.0))
    if on and not round_:
        painter.setBrush(ink)
    painter.drawRoundedRect(box.adjusted(0.6, 0.6, -0.6, -0.6), radius, radius)
    if on and round_:
        side = box.width() * 0.26
        painter.setBrush(ink)
        painter.drawEllipse(box.center(), side, side)
    elif on:
        _paint_hook(painter, box, QPen(theme.card, max(box.width() / 7, 1.6)))
    painter.end()


def _paint_hook(painter: QPainter, box: QRectF, pen: QPen) -> None:
    pen.setCapStyle(Qt.PenCapStyle.RoundCap)
    pen.setJoinStyle(Qt.PenJoinStyle.RoundJoin)
    painter.setPen(pen)
    steps = ((0.25, 0.53), (0.43, 0.71), (0.76, 0.31))
    painter.drawPolyline(
        QPolygonF(
            [
                QPointF(box.left() + x * box.width(), box.top() + y * box.height())
                for x, y in steps
            ]
        )
    )


# Flat buttons of the "History" page, painted from the theme.


KINDS = {
    Period.DAY: (markc("period", "Day"), "D"),
    Period.MONTH: (markc("period", "Month"), "M"),
    Period.YEAR: (markc("period", "Year"), "Y"),
    Period.TOTAL: (markc("period", "Total"), "L"),
}
_CHEVRON = 0.32  # of the font's height, to either side


class _Segment(PaintedButton, QRadioButton):
    """One of the choices side by side; arrows move between them, as between radios."""

    def __init__(self, kind: Period, parent: QWidget) -> None:
        name, key = trc("period", KINDS[kind][0]), KINDS[kind][1]
        super().__init__(name, parent)
        self.kind = kind
        self.setAccessibleName(name)
        self.setToolTip(f"{name} ({key})")

    def sizeHint(self) -> QSize:
        """Return the room for the name, bold."""
        metrics = QFontMetrics(font_of(Text.STRONG, self.font()))
        wide = metrics.horizontalAdvance(self.text()) + 3 * STEP
        return QSize(wide, metrics.height() + 2 * STEP - 2)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Whoever presses keys looks for the focus."""
        self._keyed = True
        super().keyPressEvent(event)
        self.update()

    def hitButton(self, pos: QPoint) -> bool:
        """All of it can be clicked."""
        return self.rect().contains(pos)

    def paintEvent(self, _: QPaintEvent) -> None:
        """Paint the name, on a ground of its own if it is the choice."""
        theme, on = theme_for(self), self.isChecked()
        painter = smooth_painter(self)
        area = QRectF(self.rect()).adjusted(2.5, 2.5, -2.5, -2.5)
        stark = theme.high_contrast
        painter.setPen(Qt.PenStyle.NoPen)
        if on:
            painter.setBrush(theme.text if stark else mix(theme.card, theme.text, 0.14))
            painter.drawRoundedRect(area, RADIUS - 3, RADIUS - 3)
        elif self.underMouse():
            painter.setBrush(mix(theme.card, theme.text, 0.06))
            painter.drawRoundedRect(area, RADIUS - 3, RADIUS - 3)
        if self.focus_shown:
            painter.setBrush(Qt.BrushStyle.NoBrush)
            painter.setPen(QPen(theme.accent, 2.0))
            painter.drawRoundedRect(area, RADIUS - 3, RADIUS - 3)
        painter.setFont(font_of(Text.STRONG if on else Text.BODY, self.font()))
        quiet = theme.text if on else theme.muted
        painter.setPen(theme.card if on and stark else quiet)
        painter.drawText(self.rect(), Qt.AlignmentFlag.AlignCenter, self.text())
        painter.end()


class Segments(QWidget):
    """The row of choices."""

    chosen = Signal(object)  # Period

    def __init__(self) -> None:
        super().__init__()
        self.setAccessibleName(trc("screen reader", "Period"))
        self._group = QButtonGroup(self)
        self._parts = {kind: _Segment(kind, self) for kind in KINDS}
        box = QHBoxLayout(self)
        box.setContentsMargins(0, 0, 0, 0)
        box.setSpacing(0)
        for kind, part in self._parts.items():
            self._group.addButton(part, kind)
            box.addWidget(part, 1)
        self._group.idClicked.connect(self._on_clicked)

    @property
    def parts(self) -> tuple[QRadioButton, ...]:
        """The choices."""
        return tuple(self._parts.values())

    def show_kind(self, kind: Period) -> None:
        """Show which one it is."""
        part = self._parts[kind]
        part.setChecked(True)
        if any(it.hasFocus() for it in self._parts.values()) and not part.hasFocus():
            part.setFocus()

    def paintEvent(self, _: QPaintEvent) -> None:
        """Paint the ground of all."""
        theme = theme_for(self)
        painter = smooth_painter(self)
        painter.setPen(QPen(theme.border, 1.0))
        painter.setBrush(theme.card)
        area = QRectF(self.rect()).adjusted(0.5, 0.5, -0.5, -0.5)
        painter.drawRoundedRect(area, RADIUS, RADIUS)
        painter.end()

    @Slot(int)
    def _on_clicked(self, number: int) -> None:
        self.chosen.emit(Period(number))


class FlatButton(PaintedButton, QAbstractButton):
    """A word or a chevron that gets a ground under the mouse, and an edge with focus.

    ``turn`` is -1 for a chevron back, 1 for one forth, and 0 for a word.
    """

    def __init__(
        self,
        text: str = "",
        parent: QWidget | None = None,
        *,
        turn: int = 0,
        step: Text = Text.BODY,
        edged: bool = True,
    ) -> None:
        super().__init__(parent)
        self._turn, self._step, self._edged = turn, step, edged
        self.setText(text)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)

    def sizeHint(self) -> QSize:
        """Return the room for the word or the chevron."""
        metrics = QFontMetrics(font_of(self._step, self.font()))
        high = metrics.height() + STEP + 2
        if self._turn:
            return QSize(high + 2, high)
        return QSize(metrics.horizontalAdvance(self.text()) + 2 * STEP + 4, high)

    def paintEvent(self, _: QPaintEvent) -> None:
        """Paint it."""
        theme = theme_for(self)
        painter = smooth_painter(self)
        focused = self.focus_shown
        hot = self.underMouse() and self.isEnabled()
        edge = QPen(theme.accent, 2.0) if focused else QPen(theme.border, 1.0)
        painter.setPen(edge if focused or self._edged else QPen(Qt.PenStyle.NoPen))
        share = (0.14 if self.isDown() else 0.07) if hot else 0.0
        painter.setBrush(mix(theme.card, theme.text, share))
        inset = 1.0 if focused else 0.5
        area = QRectF(self.rect()).adjusted(inset, inset, -inset, -inset)
        painter.drawRoundedRect(area, RADIUS - 2, RADIUS - 2)
        painter.setPen(theme.text)
        if not self.isEnabled():
            painter.setOpacity(0.35)
        if self._turn:
            self._paint_chevron(painter)
        else:
            painter.setFont(font_of(self._step, self.font()))
            room, end = self.width() - STEP, Qt.TextElideMode.ElideRight
            said = painter.fontMetrics().elidedText(self.text(), end, room)
            painter.drawText(self.rect(), Qt.AlignmentFlag.AlignCenter, said)
        painter.end()

    def _paint_chevron(self, painter: QPainter) -> None:
        mirrored = self.isRightToLeft()
        turn = -self._turn if mirrored else self._turn
        half = QFontMetrics(self.font()).height() * _CHEVRON
        centre = QRectF(self.rect()).center()
        path = QPainterPath(centre + QPointF(-turn * half / 2, -half))
        path.lineTo(centre + QPointF(turn * half / 2, 0))
        path.lineTo(centre + QPointF(-turn * half / 2, half))
        pen = QPen(theme_for(self).text, 1.6)
        pen.setCapStyle(Qt.PenCapStyle.RoundCap)
        pen.setJoinStyle(Qt.PenJoinStyle.RoundJoin)
        painter.setPen(pen)
        painter.setBrush(Qt.BrushStyle.NoBrush)
        painter.drawPath(path)
