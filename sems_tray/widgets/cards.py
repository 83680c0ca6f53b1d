"""Cards, chips and bars: painted from the theme, sized by the system's font."""

from __future__ import annotations

from math import ceil
from typing import TYPE_CHECKING

from PySide6.QtCore import QPointF, QRectF, QSize, Qt
from PySide6.QtGui import QFontMetricsF, QPainter, QPainterPath, QPen
from PySide6.QtWidgets import QFrame, QLabel, QSizePolicy, QVBoxLayout, QWidget

from .labels import leading, paint_line, paint_sign, placed, sign_width, triangle
from .theme import (
    RADIUS,
    STEP,
    ColourRole,
    KeyFocus,
    Text,
    font_of,
    mix,
    smooth_painter,
    theme_for,
)

if TYPE_CHECKING:
    from PySide6.QtGui import QColor, QPaintEvent, QResizeEvent

    from sems_tray.domain.device_tables import Fact
    from sems_tray.domain.station_state import Sign

    from .theme import Theme


_CHIP_PAD = 1.25 * STEP
_CHIP_LETTERS = 12


class Card(KeyFocus, QFrame):
    """A panel with a fine edge; what lies on it is in its layout, if it has one."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Preferred)

    def filled_with(
        self, *widgets: QWidget, margin: int = STEP, spacing: int = STEP
    ) -> Card:
        """Put widgets on the card, one above the other."""
        box = QVBoxLayout(self)
        box.setContentsMargins(margin, margin, margin, margin)
        box.setSpacing(spacing)
        for widget in widgets:
            box.addWidget(widget)
        return self

    def paintEvent(self, _: QPaintEvent) -> None:
        """Paint ground and edge."""
        painter = QPainter(self)
        self.paint_ground(painter, theme_for(self))
        painter.end()

    def paint_ground(self, painter: QPainter, theme: Theme) -> None:
        """Paint the card itself, with a stronger edge while it has the focus."""
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        focused = self.focus_shown
        width = 2.0 if focused or theme.high_contrast else 1.0
        painter.setPen(QPen(theme.accent if focused else theme.border, width))
        painter.setBrush(theme.card)
        inset = width / 2
        edge = QRectF(self.rect()).adjusted(inset, inset, -inset, -inset)
        painter.drawRoundedRect(edge, RADIUS, RADIUS)


class Chip(QWidget):
    """A state in a word or two, on a pale ground with a shape before it."""

    def __init__(self) -> None:
        super().__init__()
        self._text = ""
        self._series: ColourRole | None = None
        self.setSizePolicy(QSizePolicy.Policy.Maximum, QSizePolicy.Policy.Fixed)

    def show_state(self, text: str, series: ColourRole | None) -> None:
        """Show words; ALARM has a triangle before them, None is neutral."""
        if (text, series) == (self._text, self._series):
            return
        self._text, self._series = text, series
        self.setAccessibleName(text)
        self._offer()
        self.updateGeometry()
        self.update()

    def sizeHint(self) -> QSize:
        """Return the room for the words."""
        metrics = QFontMetricsF(font_of(Text.STRONG, self.font()))
        wide = metrics.horizontalAdvance(self._text) + self._sign_room(metrics)
        return QSize(ceil(wide + 2 * _CHIP_PAD), round(metrics.height() + STEP))

    def minimumSizeHint(self) -> QSize:
        """Long words give way to the title, but not all of them."""
        whole = self.sizeHint()
        metrics = QFontMetricsF(font_of(Text.STRONG, self.font()))
        few = metrics.averageCharWidth() * _CHIP_LETTERS + 2 * _CHIP_PAD
        return QSize(min(whole.width(), round(few)), whole.height())

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Offer the whole text where it is cut off."""
        super().resizeEvent(event)
        self._offer()

    def _offer(self) -> None:
        cut = self.width() < self.sizeHint().width()
        self.setToolTip(self._text if cut else "")

    def _sign_room(self, metrics: QFontMetricsF) -> float:
        return metrics.capHeight() + STEP * 0.75 if self._series else 0.0

    def paintEvent(self, _: QPaintEvent) -> None:
        """Paint the ground, the sign and the words."""
        theme, series = theme_for(self), self._series
        painter = smooth_painter(self)
        ink = theme.ink(series) if series else theme.muted
        ground = theme.wash(series) if series else theme.track
        round_by = self.height() / 2
        painter.setPen(
            QPen(ink, 1.5) if theme.high_contrast else QPen(Qt.PenStyle.NoPen)
        )
        painter.setBrush(ground)
        painter.drawRoundedRect(
            QRectF(self.rect()).adjusted(1, 1, -1, -1), round_by, round_by
        )
        font = font_of(Text.STRONG, self.font())
        metrics = QFontMetricsF(font)
        mirrored = self.isRightToLeft()
        sign_room = self._sign_room(metrics)
        if series is not None:
            size = metrics.capHeight()
            left = self.width() - _CHIP_PAD - size if mirrored else _CHIP_PAD
            box = QRectF(left, (self.height() - size) / 2, size, size)
            if series is ColourRole.ALARM:
                sign = triangle(box)
            else:
                sign = QPainterPath()
                sign.addEllipse(box.adjusted(1, 1, -1, -1))
            painter.fillPath(sign, ink)
        painter.setFont(font)
        painter.setPen(ink)
        base = (self.height() + metrics.capHeight()) / 2
        room = self.width() - 2 * _CHIP_PAD - sign_room
        # Half a pixel of rounding is no reason for dots.
        text = metrics.elidedText(self._text, Qt.TextElideMode.ElideRight, room + 1)
        start = _CHIP_PAD if mirrored else _CHIP_PAD + sign_room
        painter.drawText(QPointF(start, base), text)
        painter.end()


def paint_bar(
    painter: QPainter,
    theme: Theme,
    box: QRectF,
    share: float | None,
    colour: QColor,
    tick: float | None = None,
) -> None:
    """Paint a bar filled to a share, with a tick where something ends."""
    radius = box.height() / 2
    track = QPainterPath()
    track.addRoundedRect(box, radius, radius)
    painter.fillPath(track, theme.track)
    if share:
        filled = QRectF(box)
        filled.setWidth(box.width() * min(max(share, 0.0), 1.0))
        part = QPainterPath()
        part.addRect(filled)
        painter.fillPath(track.intersected(part), colour)
    if theme.high_contrast:
        painter.strokePath(track, QPen(theme.text, 1.0))
    if tick is not None and 0 < tick < 1:
        x = round(box.left() + box.width() * tick)
        mark = QRectF(x - 1, box.top(), 2, box.height())
        on_fill = share is not None and share >= tick
        off_fill = mix(theme.card, theme.text, 0.6)
        painter.fillRect(mark, theme.card if on_fill else off_fill)


# What cards are made of: a head with a state, small figures, lines of text.


_GAP = STEP + STEP // 2
_TALL = 1 << 14
_FLAT = QSizePolicy.Policy.Maximum
_WIDE = 360


class _Part(QWidget):
    """A painted widget whose height follows from its width."""

    def __init__(self) -> None:
        super().__init__()
        policy = QSizePolicy(QSizePolicy.Policy.Expanding, _FLAT)
        policy.setHeightForWidth(True)
        self.setSizePolicy(policy)

    def hasHeightForWidth(self) -> bool:
        """Narrow parts have more lines."""
        return True

    def sizeHint(self) -> QSize:
        """Return the height for a usual width; the layout asks for the real one."""
        return QSize(_WIDE, self.heightForWidth(_WIDE))

    def minimumSizeHint(self) -> QSize:
        """Any width will do; the height follows from it."""
        return QSize(STEP * 8, 1)

    def metrics(self, step: Text) -> QFontMetricsF:
        """Return the measures of a step of the type scale."""
        return QFontMetricsF(font_of(step, self.font()))

    def brush(self) -> QPainter:
        """Return a painter that reads in the widget's direction."""
        painter = smooth_painter(self)
        painter.setLayoutDirection(self.layoutDirection())
        return painter


class CardHead(_Part):
    """A title, what it is, and its state at the other end.

    What it is stands beside the title where there is room, else below; ``below`` asks
    for the latter.
    """

    def __init__(self, *, below: bool = False) -> None:
        super().__init__()
        self._below = below
        self._title = self._sub = ""
        self._sign: Sign | None = None
        self._folded: bool | None = None

    def show_head(
        self, title: str, sub: str, sign: Sign | None, *, folded: bool | None = None
    ) -> None:
        """Show a head; ``folded`` draws the mark of what can be opened."""
        new = (title, sub, sign, folded)
        if new == (self._title, self._sub, self._sign, self._folded):
            return
        self._title, self._sub, self._sign, self._folded = new
        self.updateGeometry()
        self.update()

    def heightForWidth(self, width: int) -> int:
        """Return one line or two."""
        high = self.metrics(Text.STRONG).height()
        if self._two_lines(width):
            high += self.metrics(Text.CAPTION).height() + STEP / 4
        return round(high)

    def paintEvent(self, _: QPaintEvent) -> None:
        """Paint title, state and the line below."""
        theme, painter = theme_for(self), self.brush()
        strong, low = self.metrics(Text.STRONG), self.metrics(Text.CAPTION)
        width, base = float(self.width()), strong.ascent()
        sign_wide = self._sign_width()
        room = width - sign_wide - (_GAP if sign_wide else 0)
        if self._sign is not None:
            painter.setFont(font_of(Text.STRONG, self.font()))
            box = QRectF(width - sign_wide, 0, sign_wide, strong.height())
            paint_sign(painter, placed(self, box), base, self._sign, theme)
        painter.setFont(font_of(Text.STRONG, self.font()))
        painter.setPen(theme.text)
        title = placed(self, QRectF(0, 0, room, strong.height()))
        paint_line(painter, title, base, self._title)
        left = strong.horizontalAdvance(self._title) + STEP * 0.75
        if self._two_lines(self.width()):
            base += strong.descent() + STEP / 4 + low.ascent()
            left, room = 0.0, width - (low.height() if self._folded is not None else 0)
        painter.setFont(font_of(Text.CAPTION, self.font()))
        painter.setPen(theme.muted)
        sub = placed(self, QRectF(left, 0, max(room - left, 0), strong.height()))
        paint_line(painter, sub, base, self._sub)
        if self._folded is not None:
            self._paint_fold(painter, base - low.capHeight() / 2, low.capHeight())
        painter.end()

    def _paint_fold(self, painter: QPainter, middle: float, size: float) -> None:
        theme = theme_for(self)
        pen = QPen(theme.muted, max(size * 0.18, 1.2))
        pen.setCapStyle(Qt.PenCapStyle.RoundCap)
        painter.setPen(pen)
        box = placed(self, QRectF(self.width() - size - 1, middle, size, 0))
        tip = size / 4 * (1 if self._folded else -1)
        x, half = box.center().x(), size / 2
        painter.drawLine(QPointF(x - half, middle - tip), QPointF(x, middle + tip))
        painter.drawLine(QPointF(x, middle + tip), QPointF(x + half, middle - tip))

    def _two_lines(self, width: int) -> bool:
        if not self._sub:
            return False
        if self._below:
            return True
        wide = self.metrics(Text.STRONG).horizontalAdvance(self._title) + _GAP
        wide += self.metrics(Text.CAPTION).horizontalAdvance(self._sub)
        return wide + self._sign_width() + STEP > width

    def _sign_width(self) -> float:
        """Return the room of the state; a third is left to the title if it needs it."""
        if self._sign is None:
            return 0.0
        strong = self.metrics(Text.STRONG)
        wide = sign_width(self._sign, strong) + 1
        title = min(strong.horizontalAdvance(self._title), self.width() / 3)
        return min(wide, max(self.width() - title - _GAP, 0.0))


class Facts(_Part):
    """Small figures in even columns: a label, and the value below."""

    def __init__(self) -> None:
        super().__init__()
        self._facts: tuple[Fact, ...] = ()
        self._old = False

    def show_facts(self, facts: tuple[Fact, ...], *, old: bool) -> None:
        """Show figures; the same ones are not painted again."""
        if (facts, old) == (self._facts, self._old):
            return
        self._facts, self._old = facts, old
        self.updateGeometry()
        self.update()

    def value_at(self, point: QPointF) -> str:
        """Return the value under a point; "" where there is none."""
        for fact, box in zip(self._facts, self._boxes(self.width()), strict=True):
            if placed(self, box).contains(point):
                return fact.value
        return ""

    def heightForWidth(self, width: int) -> int:
        """Return the height of all rows."""
        boxes = self._boxes(width)
        return round(boxes[-1].bottom()) if boxes else 0

    def paintEvent(self, _: QPaintEvent) -> None:
        """Paint labels and values."""
        theme, painter = theme_for(self), self.brush()
        low, strong = self.metrics(Text.CAPTION), self.metrics(Text.STRONG)
        for fact, box in zip(self._facts, self._boxes(self.width()), strict=True):
            at = placed(self, box.adjusted(0, 0, -STEP / 2, 0))
            painter.setFont(font_of(Text.CAPTION, self.font()))
            painter.setPen(theme.muted)
            paint_line(painter, at, box.top() + low.ascent(), fact.label)
            painter.setFont(font_of(Text.STRONG, self.font()))
            painter.setPen(theme.muted if self._old else theme.text)
            base = box.top() + low.height() + strong.ascent()
            paint_line(painter, at, base, fact.value)
        painter.end()

    def _boxes(self, width: int) -> list[QRectF]:
        """Return the cells: as many columns as fit, with even rows and equal gaps."""
        low, strong = self.metrics(Text.CAPTION), self.metrics(Text.STRONG)
        needs = [
            max(low.horizontalAdvance(f.label), strong.horizontalAdvance(f.value))
            for f in self._facts
        ]
        count, high = len(needs), low.height() + strong.height()
        for most in range(count, 0, -1):
            columns = -(-count // -(-count // most))
            widths = [max(needs[n::columns]) for n in range(columns)]
            spare = width - sum(widths) - _GAP * columns
            if spare >= 0:
                break
        else:
            columns, widths, spare = 1, [float(width)], 0.0
        even = width / columns
        if all(it + _GAP <= even for it in widths):
            widths = [even] * columns
        else:
            widths = [it + _GAP + spare / columns for it in widths]
        return [
            QRectF(
                sum(widths[: n % columns]),
                n // columns * (high + STEP),
                widths[n % columns],
                high,
            )
            for n in range(count)
        ]


class Note(_Part):
    """A muted line or paragraph, or a heading in the strong step."""

    def __init__(self, step: Text = Text.CAPTION) -> None:
        super().__init__()
        self._text = ""
        self._step = step

    def show_text(self, text: str) -> None:
        """Show words; they are plain text."""
        if text != self._text:
            self._text = text
            self.setAccessibleName(text)
            self.updateGeometry()
            self.update()

    def heightForWidth(self, width: int) -> int:
        """Return the height of all lines."""
        room = QRectF(0, 0, max(width, 1), _TALL)
        box = self.metrics(self._step).boundingRect(room, self._flags(), self._text)
        return round(box.height()) + 1

    def paintEvent(self, _: QPaintEvent) -> None:
        """Paint the words."""
        painter = self.brush()
        # Words decide on their direction, the page on the side (see _flags).
        painter.setLayoutDirection(Qt.LayoutDirection.LayoutDirectionAuto)
        painter.setFont(font_of(self._step, self.font()))
        painter.setPen(theme_for(self).muted)
        painter.drawText(QRectF(self.rect()), self._flags(), self._text)
        painter.end()

    def _flags(self) -> int:
        flags = leading(self) | Qt.AlignmentFlag.AlignTop
        return int(flags.value) | int(Qt.TextFlag.TextWordWrap.value)


def paragraph() -> QLabel:
    """Return a label for the portal's words: plain, wrapped, to be selected."""
    label = QLabel()
    label.setTextFormat(Qt.TextFormat.PlainText)
    label.setWordWrap(True)
    label.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
    label.setMinimumSize(1, 1)  # a word without end does not widen the page
    # A click on it is for the card below.
    label.setFocusPolicy(Qt.FocusPolicy.NoFocus)
    return label
