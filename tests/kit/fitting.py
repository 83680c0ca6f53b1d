"""What does not fit in a window, and all that it says."""

from __future__ import annotations

import re
from itertools import combinations
from typing import TYPE_CHECKING

from PySide6.QtGui import QAction
from PySide6.QtWidgets import (
    QAbstractButton,
    QAbstractSpinBox,
    QApplication,
    QCalendarWidget,
    QComboBox,
    QGroupBox,
    QLabel,
    QLineEdit,
    QScrollArea,
    QStyle,
    QStyleOptionComboBox,
    QTabBar,
    QToolButton,
    QWidget,
)

from sems_tray.widgets.cards import Chip
from sems_tray.widgets.labels import LineLabel
from sems_tray.widgets.theme import theme_for
from sems_tray.window.now.flow_painter import StillPicture
from sems_tray.window.now.flow_view import FlowView
from sems_tray.window.now.page import TileCard

from .painted import painted, painted_by

if TYPE_CHECKING:
    from collections.abc import Iterator

    from PySide6.QtCore import QObject, QRectF
    from PySide6.QtGui import QPainter

    from .painted import Painted

_WHOLE = (QAbstractButton, QAbstractSpinBox, QComboBox, QTabBar, TileCard)
# These give way to others, and then offer the whole text as a hint.
_GIVING = (Chip, LineLabel)
_TALLEST = 6000
_BOX = (QStyle.ComplexControl.CC_ComboBox, QStyle.SubControl.SC_ComboBoxEditField)
_ELLIPSIS = "…"


def unroll(window: QWidget) -> None:
    """Make a window so high that nothing of it has to be scrolled."""
    for _ in range(6):
        for _ in range(4):  # what turned asks its parents for another height
            QApplication.processEvents()
        hidden = max(map(_hidden, window.findChildren(QScrollArea)), default=0)
        if hidden <= 0:
            return
        window.resize(window.width(), min(window.height() + hidden, _TALLEST))
    raise AssertionError("the window still scrolls")


def _hidden(area: QScrollArea) -> int:
    inner = area.widget()
    if inner is None or not area.isVisible():
        return 0
    return inner.height() - area.viewport().height()


def faults(
    window: QWidget, seen: list[Painted] | None = None, *, giving: bool = False
) -> list[str]:
    """Return what is cut, dotted, painted over each other or outside the window.

    ``seen`` is what is painted, if that is known.  ``giving``: the title and the state
    may give way, if they then offer all words.
    """
    found = [text for it in _visible(window) if (text := _cut(it, giving=giving))]
    texts = painted(window) if seen is None else seen
    whole = set(widget_texts(window))
    hints = _offered(window) if giving else []
    room = window.rect().toRectF()
    found += [
        f"dotted: {it.text}"
        for it in texts
        if _is_dotted(it.text, whole)
        and not any(line.startswith(it.text.rstrip(_ELLIPSIS)) for line in hints)
    ]
    found += [
        f"outside: {it.text}"
        for it in texts
        if it.box.left() < room.left() - 1 or it.box.right() > room.right() + 1
    ]
    found += [
        f"over each other: {one.text} | {other.text}"
        for one, other in combinations(texts, 2)
        if one != other and _overlap(one.box, other.box)
    ]
    for view in window.findChildren(FlowView):
        found += _flow_faults(view)
    return found


def _cut(widget: QWidget, *, giving: bool) -> str:
    """Return the text of a widget that has too little room for it."""
    if isinstance(widget, _GIVING):
        text = widget.text() if isinstance(widget, LineLabel) else ""
        text = text or widget.accessibleName()
        cut = widget.sizeHint().width() > widget.width()
        offered = giving and widget.toolTip() == text
        return f"cut: {text}" if cut and not offered else ""
    if isinstance(widget, QLabel):
        return _cut_label(widget)
    if isinstance(widget, _WHOLE):
        wanted, room = widget.sizeHint(), widget.size()
        if wanted.width() > room.width() or wanted.height() > room.height():
            return f"cut: {_name(widget)}, {wanted} in {room}"
    if isinstance(widget, QComboBox):
        option = QStyleOptionComboBox()
        option.initFrom(widget)
        kind, part = _BOX
        area = widget.style().subControlRect(kind, option, part, widget)
        text = widget.currentText()
        if widget.fontMetrics().horizontalAdvance(text) > area.width():
            return f"cut: {text}"
    in_field = isinstance(widget.parent(), (QAbstractSpinBox, QComboBox))
    if isinstance(widget, QLineEdit) and not in_field and not widget.isReadOnly():
        text = widget.text() or widget.placeholderText()
        if widget.fontMetrics().horizontalAdvance(text) > widget.width() - 8:
            return f"cut: {text}"
    return ""


def _cut_label(label: QLabel) -> str:
    text, size = label.text(), label.size()
    if not text:
        return ""
    metrics, room = label.fontMetrics(), label.contentsRect()
    if label.wordWrap():
        parts = re.split(r"[ \n/-]", text)
        cut = label.heightForWidth(size.width()) > size.height() or any(
            metrics.horizontalAdvance(it) > room.width() for it in parts
        )
    else:
        wanted = label.sizeHint()
        cut = wanted.width() > size.width() or wanted.height() > size.height()
    return f"cut: {text}, {size}" if cut else ""


def _name(widget: QWidget) -> str:
    if isinstance(widget, QAbstractButton):
        return widget.text() or widget.accessibleName()
    return widget.accessibleName() or type(widget).__name__


def _is_dotted(text: str, whole: set[str]) -> bool:
    """Say whether dots are in place of words, not part of them."""
    return text.endswith(_ELLIPSIS) and not any(it.endswith(text) for it in whole)


def _offered(window: QWidget) -> list[str]:
    """Return the lines of all hints."""
    hints = [it.toolTip() for it in _visible(window)]
    return [line for it in hints for line in it.splitlines()]


def _overlap(one: QRectF, other: QRectF) -> bool:
    both = one.intersected(other)
    return both.width() > 1 and both.height() > 1


def _flow_faults(view: FlowView) -> list[str]:
    """Return the texts that are outside of every ring of the picture."""
    at = view._layout
    if at is None:
        return []

    def in_a_ring(it: Painted) -> bool:
        box = it.box
        corners = (box.topLeft(), box.topRight(), box.bottomLeft(), box.bottomRight())
        return any(
            all(
                (corner.x() - centre.x()) ** 2 + (corner.y() - centre.y()) ** 2
                <= at.ring.radius**2
                for corner in corners
            )
            for centre in at.centres.values()
        )

    return [f"not in its ring: {it.text}" for it in _rings(view) if not in_a_ring(it)]


def _rings(view: FlowView) -> list[Painted]:
    at = view._layout
    if at is None:
        return []

    def paint(painter: QPainter) -> None:
        theme, picture = theme_for(view), view._picture
        StillPicture(painter, theme, at, picture, dots=False).paint()

    return painted_by(view, paint)


def _visible(window: QWidget) -> Iterator[QWidget]:
    for it in window.findChildren(QWidget):
        if it.isVisible() and not _of_qt(it):
            yield it


def _of_qt(found: QObject | None) -> bool:
    """Say whether a widget is a part of Qt's own."""
    while found is not None:
        if isinstance(found, (QCalendarWidget, QToolButton)):
            return True
        found = found.parent()
    return False


def texts(window: QWidget, seen: list[Painted]) -> set[str]:
    """Return all that is painted of a window, or spoken by a screen reader."""
    found = {it.text for it in seen} | set(widget_texts(window))
    for view in window.findChildren(FlowView):
        found |= {it.text for it in _rings(view)}
    return {it for it in found if it}


def widget_texts(window: QWidget, *, hidden: bool = False) -> Iterator[str]:
    """Yield what the widgets of a window say, with or without those that are hidden."""
    yield window.windowTitle()
    for it in (window, *window.findChildren(QWidget)):
        if _of_qt(it) or not (hidden or it.isVisibleTo(window)):
            continue
        yield from (it.accessibleName(), it.accessibleDescription(), it.toolTip())
        if isinstance(it, (QLabel, QAbstractButton)):
            yield it.text().replace("&", "")
        elif isinstance(it, QGroupBox):
            yield it.title()
        elif isinstance(it, QLineEdit):
            yield from (it.text(), it.placeholderText())
        elif isinstance(it, QComboBox):
            yield from (it.itemText(n) for n in range(it.count()))
        elif isinstance(it, QTabBar):
            yield from (it.tabText(n) for n in range(it.count()))
    yield from (it.text() for it in window.findChildren(QAction) if not _of_qt(it))
