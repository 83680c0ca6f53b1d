"""The details window's frame: header, tabs, footer; its pages are made when wanted."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from PySide6.QtCore import (
    QPoint,
    QRect,
    QRectF,
    QSignalBlocker,
    QSize,
    Qt,
    QTimer,
    Signal,
    Slot,
)
from PySide6.QtGui import (
    QFontMetrics,
    QGuiApplication,
    QKeySequence,
    QPainter,
    QPen,
    QShortcut,
)
from PySide6.QtWidgets import (
    QHBoxLayout,
    QPushButton,
    QStackedWidget,
    QTabBar,
    QVBoxLayout,
    QWidget,
)

from sems_tray.domain.failures import Action
from sems_tray.domain.station_state import Tone
from sems_tray.i18n.language import mark, markc, tr, trc
from sems_tray.widgets.buttons import RefreshButton
from sems_tray.widgets.cards import Chip
from sems_tray.widgets.labels import LineLabel, PlainLabel, QuietLabel
from sems_tray.widgets.theme import (
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

from .header import Page

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from PySide6.QtGui import (
        QCloseEvent,
        QHideEvent,
        QPaintEvent,
        QShowEvent,
    )

    from sems_tray.widgets.theme import Theme

    from .header import HeaderView


_BUTTONS = {
    Action.SIGN_IN: mark("Sign in …"),
    Action.OPEN_PORTAL: mark("Open SEMS Portal"),
    Action.RETRY: mark("Try again"),
    Action.CHOOSE_STATION: mark("Sign in …"),
    Action.SHOW_ALARMS: mark("Show alarm"),
}
_COLOURS = {Tone.GOOD: ColourRole.BATTERY, Tone.CALM: None, Tone.BAD: ColourRole.ALARM}
_MARGIN = 2 * STEP
# In digits and lines of the system's font.
_WIDE, _HIGH = 70, 50
# Where a window manager put it is not quite where it was asked to be.
_NUDGE = 40


_TITLES = {
    Page.NOW: markc("page", "Now"),
    Page.HISTORY: markc("page", "History"),
    Page.DEVICES: markc("page", "Devices"),
    Page.ALARMS: markc("page", "Alarms"),
}


class DetailsWindow(QWidget):
    """Shows the header and one page; says what the owner wants."""

    watched = Signal(bool)
    page_shown = Signal(Page)
    refresh_wanted = Signal()
    action_wanted = Signal(Action)
    closed = Signal()

    def __init__(self, makers: Mapping[Page, Callable[[], QWidget]]) -> None:
        super().__init__(None, Qt.WindowType.Window)
        self._makers = makers
        self._pages: dict[Page, QWidget] = {}
        self._view: HeaderView | None = None
        self._placed_at: QPoint | None = None
        self._moved_to: QPoint | None = None
        self._title = LineLabel("title", Text.TITLE, self)
        self._age = QuietLabel("age", Text.CAPTION, self)
        self._chip = Chip()
        self._refresh = RefreshButton()
        self._refresh.clicked.connect(self.refresh_wanted)
        self._message = PlainLabel("message", Text.BODY, self)
        self._message.setWordWrap(True)
        self._button = QPushButton()
        self._button.setObjectName("action")
        self._button.clicked.connect(self._on_button)
        self._tabs = Tabs()
        self._stack = QStackedWidget()
        for page in Page:
            self._tabs.addTab(trc("page", _TITLES[page]))
        self._tabs.currentChanged.connect(self._on_tab)
        self._tabs.tabBarClicked.connect(self._on_clicked)
        self._footer = QuietLabel("footer", Text.CAPTION, self)
        self._source = QuietLabel("source", Text.CAPTION, self)
        self._footer.setWordWrap(True)
        self._build()
        metrics = QFontMetrics(self.font())
        wide, high = metrics.horizontalAdvance("0") * _WIDE, metrics.height() * _HIGH
        self.resize(wide, high)
        self._add_keys()

    def _build(self) -> None:
        names = QVBoxLayout()
        names.setSpacing(STEP // 4)
        names.addWidget(self._title)
        names.addWidget(self._age)
        head = QHBoxLayout()
        head.setSpacing(STEP)
        head.addLayout(names, 1)
        head.addWidget(self._chip)
        head.addWidget(self._refresh)
        trouble = QHBoxLayout()
        trouble.addWidget(self._message, 1)
        trouble.addWidget(self._button, 0, Qt.AlignmentFlag.AlignTop)
        foot = QHBoxLayout()
        foot.addWidget(self._footer, 1)
        foot.addWidget(self._source, 0, Qt.AlignmentFlag.AlignBottom)
        for row in (head, trouble, foot):
            row.setContentsMargins(_MARGIN, 0, _MARGIN, 0)
        # The pages have margins of their own, inside of what scrolls.
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, _MARGIN, 0, STEP)
        layout.setSpacing(STEP)
        layout.addLayout(head)
        layout.addLayout(trouble)
        layout.addWidget(TabRow(self._tabs))
        layout.addWidget(self._stack, 1)
        layout.addLayout(foot)
        self._tabs.setFocus()

    def _add_keys(self) -> None:
        keys = [("Esc", self.close), ("F5", self.refresh_wanted)]
        keys += [("Ctrl+Tab", self._on_next), ("Ctrl+Shift+Tab", self._on_previous)]
        for key, slot in keys:
            QShortcut(QKeySequence(key), self).activated.connect(slot)

    # -- what is shown ---------------------------------------------------------

    def show_header(self, view: HeaderView) -> None:
        """Show a header; what did not change is not painted again."""
        if view == self._view:
            return
        self._view = view
        named = "SEMS Tray" in view.title
        self.setWindowTitle(view.title if named else f"{view.title} - SEMS Tray")
        self._title.setText(view.title)
        self._age.setText(view.age)
        self._age.setVisible(bool(view.age))
        self._chip.show_state(view.state, _COLOURS[view.tone])
        self._refresh.setEnabled(view.refreshable)
        self._refresh.setToolTip(view.refresh)
        self._message.setText(view.message)
        self._message.setVisible(bool(view.message))
        self._button.setVisible(view.action is not None)
        if view.action is not None:
            self._button.setText(tr(_BUTTONS[view.action]))
        self._footer.setText(view.footer)
        self._source.setText(view.source)

    def page(self) -> Page:
        """Return the page that is in front."""
        return tuple(Page)[self._tabs.currentIndex()]

    def show_page(self, page: Page) -> None:
        """Bring a page to the front."""
        index = tuple(Page).index(page)
        turned = self.isVisible() and self._tabs.currentIndex() != index
        self._tabs.setCurrentIndex(index)
        if not turned:  # else the tabs have told it already
            self._turn_to(page)
        self.made(page).setFocus()

    def made(self, page: Page) -> QWidget:
        """Return a page; it is made the first time."""
        if page not in self._pages:
            self._pages[page] = made = self._makers[page]()
            self._stack.addWidget(made)
        return self._pages[page]

    def made_already(self, page: Page) -> QWidget | None:
        """Return a page, if it was made."""
        return self._pages.get(page)

    def _turn_to(self, page: Page) -> None:
        self._stack.setCurrentWidget(self.made(page))
        if self.isVisible():
            QTimer.singleShot(0, self._keep_on_screen)
        self.page_shown.emit(page)

    # -- the window ------------------------------------------------------------

    def toggle(self, near: QRect) -> None:
        """Open beside the tray icon, or close."""
        if self.isVisible() and not self.isMinimized():
            self.close()
        else:
            self.open(near)

    def open(self, near: QRect, page: Page | None = None) -> None:
        """Open, or come to the front; at a page, else at the one of last time."""
        if page is not None:
            with QSignalBlocker(self._tabs):  # the page is told of once, below
                self._tabs.setCurrentIndex(tuple(Page).index(page))
            self.made(page).setFocus()
        self._turn_to(self.page())
        if not self.isVisible():
            self._place(near)
        self.showNormal()
        self.raise_()
        self.activateWindow()

    def remembered(self) -> str:
        """Return size, and place if the owner moved it: "480x680" or "480x680+9+9"."""
        return _geometry_text(self.size(), self._moved_to)

    def remember(self, text: str) -> None:
        """Take size and place from an earlier run; nonsense is no size."""
        found = _read_geometry(text)
        if found is not None:
            size, self._moved_to = found
            self.resize(size.expandedTo(self.minimumSizeHint()))

    def _place(self, near: QRect) -> None:
        """Place the window where the owner left it, else beside the icon."""
        known = near.isValid() and not near.isEmpty()
        wanted = self._moved_to or (near.center() if known else None)
        screen = QGuiApplication.screenAt(wanted) if wanted else None
        if screen is None:  # a screen that is gone
            self._moved_to = None
            screen = QGuiApplication.primaryScreen()
        # A frame that was never shown has no size yet.
        title_bar = self.frameGeometry().height() - self.height()
        room = _room_on(screen.availableGeometry(), title_bar)
        size = self.size().boundedTo(room.size())
        self.resize(size)
        corner = self._moved_to or _beside(near if known else QRect(), room, size)
        self._placed_at = _inside(corner, room, size)
        self.move(self._placed_at)

    @Slot()
    def _keep_on_screen(self) -> None:
        """Move left where a wider page pushed the window over the edge."""
        room = self.screen().availableGeometry()
        over = self.frameGeometry().right() - room.right()
        if 0 < over < self.frameGeometry().left() - room.left():
            self.move(self.x() - over, self.y())

    def showEvent(self, event: QShowEvent) -> None:
        """Tell that somebody looks."""
        super().showEvent(event)
        self.watched.emit(True)

    def hideEvent(self, event: QHideEvent) -> None:
        """Tell that nobody looks any more."""
        super().hideEvent(event)
        self.watched.emit(False)

    def closeEvent(self, event: QCloseEvent) -> None:
        """Closing hides: the tray goes on."""
        event.ignore()
        at, placed = self.pos(), self._placed_at
        if placed is not None and (at - placed).manhattanLength() > _NUDGE:
            self._moved_to = at
        self.hide()
        self.closed.emit()

    @Slot()
    def _on_button(self) -> None:
        action = self._view.action if self._view is not None else None
        if action is Action.SHOW_ALARMS:
            self.show_page(Page.ALARMS)
        elif action is not None:
            self.action_wanted.emit(action)

    @Slot(int)
    def _on_tab(self, index: int) -> None:
        if self.isVisible():
            self._turn_to(tuple(Page)[index])

    @Slot(int)
    def _on_clicked(self, index: int) -> None:
        """Let the page have the keys; the tabs keep them from those who use keys."""
        if index >= 0:
            self.made(tuple(Page)[index]).setFocus()

    @Slot()
    def _on_next(self) -> None:
        self._step(1)

    @Slot()
    def _on_previous(self) -> None:
        self._step(-1)

    def _step(self, by: int) -> None:
        count = self._tabs.count()
        self._tabs.setCurrentIndex((self._tabs.currentIndex() + by) % count)
        # A page that was come to by keys shows where the keys go.
        self.made(self.page()).setFocus(Qt.FocusReason.ShortcutFocusReason)


# The row of pages: words, and a line under the one in front.


_LINE = 2


class TabRow(QWidget):
    """The tabs, their words in line with the page, on a line from edge to edge."""

    def __init__(self, tabs: Tabs) -> None:
        super().__init__()
        row = QHBoxLayout(self)
        row.setContentsMargins(STEP // 2, 0, STEP // 2, 0)
        row.addWidget(tabs)

    def paintEvent(self, _: QPaintEvent) -> None:
        """Paint the line."""
        painter = QPainter(self)
        line = theme_for(self).border
        painter.fillRect(0, self.height() - 1, self.width(), 1, line)
        painter.end()


class Tabs(KeyFocus, QTabBar):
    """Flat tabs, like the pages below them."""

    def __init__(self) -> None:
        super().__init__()
        self.setObjectName("tabs")
        self.setDrawBase(False)
        self.setExpanding(False)
        self.setUsesScrollButtons(False)  # the window is as wide as they are
        self.setAccessibleName(trc("screen reader", "Pages"))
        self.setAttribute(Qt.WidgetAttribute.WA_Hover)

    def tabSizeHint(self, index: int) -> QSize:
        """Return the room for the word in bold: choosing it moves nothing."""
        metrics = QFontMetrics(font_of(Text.STRONG, self.font()))
        wide = metrics.horizontalAdvance(self.tabText(index))
        return QSize(wide + 3 * STEP, metrics.height() + 2 * STEP)

    def paintEvent(self, _: QPaintEvent) -> None:
        """Paint the words."""
        theme = theme_for(self)
        painter = smooth_painter(self)
        for index in range(self.count()):
            self._paint_tab(painter, index, theme)
        painter.end()

    def _paint_tab(self, painter: QPainter, index: int, theme: Theme) -> None:
        box, current = self.tabRect(index), index == self.currentIndex()
        if current and self.focus_shown:
            painter.setPen(QPen(theme.accent, 1.5))
            painter.setBrush(Qt.BrushStyle.NoBrush)
            inner = QRectF(box).adjusted(2, 2, -2, -STEP / 2)
            painter.drawRoundedRect(inner, RADIUS / 2, RADIUS / 2)
        elif not current and box.contains(self.mapFromGlobal(self.cursor().pos())):
            ground = mix(theme.window, theme.text, 0.05)
            painter.fillRect(box.adjusted(0, 0, 0, -1), ground)
        painter.setFont(font_of(Text.STRONG if current else Text.BODY, self.font()))
        painter.setPen(theme.text if current else theme.muted)
        painter.drawText(box, Qt.AlignmentFlag.AlignCenter, self.tabText(index))
        if current:
            line = QRect(box.left(), box.bottom() - _LINE + 1, box.width(), _LINE)
            painter.fillRect(line, theme.accent)


# Where the window opens: beside the tray icon, whole on the screen, or where it was.


_FROM_EDGE = 16
_GAP = 4
_TITLE_BAR = 32
_GEOMETRY = re.compile(r"(\d{1,5})x(\d{1,5})(?:([+-]\d{1,6})([+-]\d{1,6}))?")


def _room_on(available: QRect, title_bar: int) -> QRect:
    """Return where the inside of a window may be.

    A title bar is about so high before the first time.  Whether a place is the frame's
    or that of what is inside depends on who places it, so there is room for both.
    """
    frame = max(title_bar, _TITLE_BAR) + _GAP
    return available.adjusted(_FROM_EDGE, frame, -_FROM_EDGE, -frame)


def _beside(icon: QRect, room: QRect, size: QSize) -> QPoint:
    """Return the corner beside the icon, or in the corner where trays are."""
    centre = room.bottomRight() if icon.isEmpty() else icon.center()
    below = centre.y() < room.center().y()
    top = centre.y() + _FROM_EDGE if below else centre.y() - size.height() - _FROM_EDGE
    return QPoint(centre.x() - size.width() // 2, top)


def _inside(corner: QPoint, room: QRect, size: QSize) -> QPoint:
    """Return the corner, moved so that the window is inside of the room."""
    return QPoint(
        max(room.left(), min(corner.x(), room.right() - size.width())),
        max(room.top(), min(corner.y(), room.bottom() - size.height())),
    )


def _geometry_text(size: QSize, at: QPoint | None) -> str:
    """Return "480x680", or "480x680+9-9" with a place."""
    text = f"{size.width()}x{size.height()}"
    return text if at is None else f"{text}{at.x():+d}{at.y():+d}"


def _read_geometry(text: str) -> tuple[QSize, QPoint | None] | None:
    """Read what ``_geometry_text`` wrote; None for anything else."""
    found = _GEOMETRY.fullmatch(text)
    if not found or "0" in {found[1].lstrip("0") or "0", found[2].lstrip("0") or "0"}:
        return None
    size = QSize(int(found[1]), int(found[2]))
    return size, QPoint(int(found[3]), int(found[4])) if found[3] else None
