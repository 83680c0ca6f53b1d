"""Parts of the sign-in window: a head, what folds out, and what is wrong."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QPointF, QRectF, QSize, Qt, Signal, Slot
from PySide6.QtGui import (
    QAccessible,
    QAccessibleEvent,
    QIcon,
    QPainter,
    QPen,
    QPixmap,
    QPolygonF,
)
from PySide6.QtWidgets import (
    QAbstractButton,
    QHBoxLayout,
    QLabel,
    QPushButton,
    QSizePolicy,
    QVBoxLayout,
    QWidget,
)

from sems_tray.i18n.language import tr
from sems_tray.resources import resource
from sems_tray.widgets.cards import Card
from sems_tray.widgets.forms import Ink, WrappedLabel
from sems_tray.widgets.theme import KEYED, STEP, ColourRole, Text, theme_for

if TYPE_CHECKING:
    from PySide6.QtGui import QFocusEvent, QKeyEvent, QPaintEvent

    from .advice import Advice


_ICON = 48
_GAP = STEP + STEP // 2


class Head(QWidget):
    """The program's icon, a title and a sentence."""

    def __init__(self, title: str, about: str) -> None:
        super().__init__()
        self._picture = QLabel()
        self._picture.setFixedSize(_ICON, _ICON)
        self._picture.setPixmap(self._pixmap())
        self.title = WrappedLabel(title, Ink.PLAIN, Text.TITLE)
        self.about = WrappedLabel(about, Ink.MUTED, Text.BODY)
        column = QVBoxLayout()
        column.setSpacing(STEP // 2)
        column.addStretch(1)
        column.addWidget(self.title)
        column.addWidget(self.about)
        column.addStretch(1)
        line = QHBoxLayout(self)
        line.setContentsMargins(0, 0, 0, 0)
        line.setSpacing(2 * STEP)
        line.addWidget(self._picture, 0, Qt.AlignmentFlag.AlignTop)
        line.addLayout(column, 1)

    def _pixmap(self) -> QPixmap:
        path = resource("sems-tray.svg") or resource("sems-tray.png")
        if path is None:
            return QPixmap()
        icon = QIcon(str(path))
        return icon.pixmap(QSize(_ICON, _ICON), self.devicePixelRatioF())


class FoldButton(QAbstractButton):
    """A line with a corner before it: points down while more is shown below."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.setText(text)
        self.setAccessibleName(text)
        self.setCheckable(True)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setAttribute(Qt.WidgetAttribute.WA_Hover)
        self.setCursor(Qt.CursorShape.PointingHandCursor)
        self.setSizePolicy(QSizePolicy.Policy.Maximum, QSizePolicy.Policy.Fixed)
        self._keyed = False

    def sizeHint(self) -> QSize:
        """Return the room for the corner and the words."""
        metrics = self.fontMetrics()
        wide = metrics.horizontalAdvance(self.text()) + metrics.height() + 2 * STEP
        return QSize(wide, metrics.height() + STEP)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Enter folds, and does not sign in."""
        if event.key() in {Qt.Key.Key_Return, Qt.Key.Key_Enter}:
            self.click()
            return
        super().keyPressEvent(event)

    def focusInEvent(self, event: QFocusEvent) -> None:
        """Show the focus to those who came by key."""
        self._keyed = event.reason() in KEYED
        super().focusInEvent(event)

    def paintEvent(self, _: QPaintEvent) -> None:
        """Paint the corner and the words."""
        theme, metrics = theme_for(self), self.fontMetrics()
        mirrored = self.layoutDirection() is Qt.LayoutDirection.RightToLeft
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        if self._keyed and self.hasFocus():
            painter.setPen(QPen(theme.accent, 2.0))
            edge = QRectF(self.rect()).adjusted(1, 1, -1, -1)
            painter.drawRoundedRect(edge, STEP / 2, STEP / 2)
        ink = theme.text if self.underMouse() or self.hasFocus() else theme.muted
        side = metrics.capHeight() * 0.55
        sign = STEP / 4 + side + 2
        centre = QPointF(self.width() - sign if mirrored else sign, self.height() / 2)
        painter.setPen(QPen(ink, 1.6, c=Qt.PenCapStyle.RoundCap))
        painter.drawPolyline(
            _corner(centre, side, down=self.isChecked(), mirrored=mirrored)
        )
        painter.setPen(ink)
        room = self.rect()
        before = round(2 * side) + STEP + STEP // 2
        room.adjust(0 if mirrored else before, 0, -before if mirrored else 0, 0)
        way = Qt.AlignmentFlag.AlignRight if mirrored else Qt.AlignmentFlag.AlignLeft
        flags = way | Qt.AlignmentFlag.AlignAbsolute | Qt.AlignmentFlag.AlignVCenter
        painter.drawText(room, int(flags), self.text())
        painter.end()


def _corner(at: QPointF, side: float, *, down: bool, mirrored: bool) -> QPolygonF:
    if down:
        steps = ((-side, -side / 2), (0.0, side / 2), (side, -side / 2))
    else:
        out = -side / 2 if mirrored else side / 2
        steps = ((-out, -side), (out, 0.0), (-out, side))
    return QPolygonF([at + QPointF(x, y) for x, y in steps])


class Fold(QWidget):
    """Words of a button, and below it what it folds out."""

    turned = Signal()

    def __init__(self, name: str, title: str, inner: QWidget) -> None:
        super().__init__()
        self.button = FoldButton(title)
        self.button.setObjectName(name)
        self.button.toggled.connect(self._on_toggled)
        self._inner = inner
        box = QVBoxLayout(self)
        box.setContentsMargins(0, 0, 0, 0)
        box.setSpacing(STEP // 2)
        box.addWidget(self.button)
        box.addWidget(inner)
        inner.hide()
        self._describe(on=False)

    @Slot(bool)
    def _on_toggled(self, on: bool) -> None:  # noqa: FBT001 (Qt's signal)
        self._inner.setVisible(on)
        self._describe(on=on)
        self.turned.emit()

    def _describe(self, *, on: bool) -> None:
        self.button.setAccessibleDescription(
            # Translators: spoken of a line that shows or hides what belongs to it.
            tr("folded out") if on else tr("folded in")
        )


class TroubleCard(Card):
    """What is wrong, what to do about it, and a button that leads there."""

    portal_wanted = Signal()

    def __init__(self) -> None:
        super().__init__()
        self.setObjectName("trouble")
        self._title = WrappedLabel(ink=Ink.TROUBLE, step=Text.STRONG)
        self._text = WrappedLabel(ink=Ink.PLAIN, step=Text.BODY)
        self._text.setObjectName("result")
        self._wait = WrappedLabel(ink=Ink.PLAIN, step=Text.STRONG)
        self._wait.setObjectName("wait")
        self._portal = QPushButton(tr("Open the SEMS portal"))
        self._portal.setObjectName("portal")
        self._portal.setAutoDefault(False)
        self._portal.clicked.connect(self.portal_wanted)
        box = QVBoxLayout(self)
        box.setContentsMargins(_GAP, _GAP, _GAP, _GAP)
        box.setSpacing(STEP // 2)
        for it in (self._title, self._text, self._wait):
            box.addWidget(it)
        box.addSpacing(STEP // 2)
        box.addWidget(self._portal, 0, Qt.AlignmentFlag.AlignLeading)
        self.hide()

    @property
    def text(self) -> str:
        """All that is said."""
        parts = (self._title.text(), self._text.text())
        return ". ".join(it for it in parts if it)

    def show_advice(self, advice: Advice) -> None:
        """Show a trouble, and tell screen readers of it."""
        self._title.show_text(advice.title)
        self._text.show_text(advice.text)
        self._wait.show_text("")
        self._portal.setVisible(advice.portal)
        self.setAccessibleName(self.text)
        self.show()
        told = QAccessibleEvent(self, QAccessible.Event.Alert)
        QAccessible.updateAccessibility(told)

    def show_wait(self, text: str) -> None:
        """Say how long GoodWe wants to be left alone; "" is no longer."""
        self._wait.show_text(text)

    def clear(self) -> None:
        """All is well."""
        for it in (self._title, self._text, self._wait):
            it.show_text("")
        self.setAccessibleName("")
        self.hide()

    def paintEvent(self, event: QPaintEvent) -> None:
        """Paint the card with an edge in the colour of alarms."""
        super().paintEvent(event)
        theme = theme_for(self)
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(QPen(theme.ink(ColourRole.ALARM), 1.5))
        edge = QRectF(self.rect()).adjusted(1, 1, -1, -1)
        painter.drawRoundedRect(edge, STEP, STEP)
        painter.end()


def label(text: str, field: QWidget) -> WrappedLabel:
    """Return the name above a field."""
    made = WrappedLabel(text, Ink.PLAIN, Text.BODY)
    made.setBuddy(field)
    field.setAccessibleName(text)
    return made
