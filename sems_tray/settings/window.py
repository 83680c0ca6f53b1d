"""The settings window: pages of choices, each applied as soon as it is made."""

from __future__ import annotations

from enum import StrEnum
from typing import TYPE_CHECKING

from PySide6.QtCore import QRect, QSize, Qt, Signal, Slot
from PySide6.QtGui import QFontMetrics, QKeySequence, QPainter, QPen, QShortcut
from PySide6.QtWidgets import (
    QComboBox,
    QFrame,
    QHBoxLayout,
    QListWidget,
    QPushButton,
    QSizePolicy,
    QStackedWidget,
    QStyle,
    QStyledItemDelegate,
    QVBoxLayout,
    QWidget,
)

from sems_tray.i18n.language import markc, tr, trc
from sems_tray.widgets.forms import Ink, WrappedLabel
from sems_tray.widgets.theme import KEYED, RADIUS, STEP, Text, font_of, mix, theme_for

from .about_page import AboutPage
from .account_page import AccountPage
from .alerts_page import AlertsPage
from .general_page import GeneralPage
from .icon_page import IconPage
from .page import SettingsEvents, SettingsInfo
from .polling_page import PollingPage

if TYPE_CHECKING:
    from collections.abc import Sequence

    from PySide6.QtCore import QModelIndex, QPersistentModelIndex
    from PySide6.QtGui import QCloseEvent, QFocusEvent, QKeyEvent, QResizeEvent
    from PySide6.QtWidgets import QStyleOptionViewItem

    from sems_tray.runtime.settings_repository import SettingsRepository

    from .page import SettingsPage


_MARGIN = 2 * STEP
_LEAST_WIDTH = 440
# In digits and lines of the system's font.
_WIDE, _HIGH = 78, 44
_PAGE_WIDE = 46  # a page that is narrower wants the list above it


class Tab(StrEnum):
    """The pages of the window."""

    ACCOUNT = "account"
    POLLING = "polling"
    ICON = "icon"
    ALERTS = "alerts"
    GENERAL = "general"
    ABOUT = "about"


_NAMES = {
    Tab.ACCOUNT: markc("settings page", "Account"),
    Tab.POLLING: markc("settings page", "Polling"),
    Tab.ICON: markc("settings page", "Tray icon"),
    Tab.ALERTS: markc("settings page", "Notifications"),
    Tab.GENERAL: markc("settings page", "General"),
    Tab.ABOUT: markc("settings page", "About"),
}
_PAGES: dict[Tab, type[SettingsPage]] = {
    Tab.ACCOUNT: AccountPage,
    Tab.POLLING: PollingPage,
    Tab.ICON: IconPage,
    Tab.ALERTS: AlertsPage,
    Tab.GENERAL: GeneralPage,
    Tab.ABOUT: AboutPage,
}


class SettingsWindow(QWidget):
    """Shows the settings in force and changes them; the rest it only asks for."""

    def __init__(self, repository: SettingsRepository) -> None:
        super().__init__(None, Qt.WindowType.Window)
        self.setWindowTitle(tr("Settings - SEMS Tray"))
        self._repository = repository
        self.events = SettingsEvents(self)
        self._info = SettingsInfo()
        self._pages: dict[Tab, SettingsPage] = {}
        names = [trc("settings page", _NAMES[it]) for it in Tab]
        self._nav = NavList(names)
        self._short = QComboBox()
        self._short.setObjectName("page")
        self._short.setAccessibleName(trc("settings", "Page"))
        self._short.addItems(names)
        self._short.hide()
        self._note = WrappedLabel(ink=Ink.TROUBLE)
        self._stack = QStackedWidget()
        self._nav.chosen.connect(self._on_row)
        self._short.activated.connect(self._on_row)
        self._build()
        metrics = self.fontMetrics()
        self._digit = metrics.horizontalAdvance("0")
        self.setMinimumWidth(_LEAST_WIDTH)
        self.resize(self._digit * _WIDE, metrics.height() * _HIGH)
        self._turn(Tab.ACCOUNT)

    def _build(self) -> None:
        close = QPushButton(trc("button", "Close"))
        close.setObjectName("close")
        close.clicked.connect(self.close)
        foot = QHBoxLayout()
        foot.setContentsMargins(_MARGIN, 0, _MARGIN, 0)
        foot.addWidget(WrappedLabel(tr("Changes apply at once.")), 1)
        foot.addWidget(close)
        right = QVBoxLayout()
        right.setSpacing(STEP)
        head = QVBoxLayout()
        head.setContentsMargins(_MARGIN, 0, _MARGIN, 0)
        head.addWidget(self._short)
        head.addWidget(self._note)
        right.addLayout(head)
        right.addWidget(self._stack, 1)
        row = QHBoxLayout()
        row.setSpacing(0)
        row.addWidget(self._nav)
        row.addLayout(right, 1)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, _MARGIN, 0, _MARGIN)
        layout.setSpacing(STEP)
        layout.addLayout(row, 1)
        layout.addLayout(foot)
        keys = (
            ("Esc", self.close),
            ("Ctrl+Tab", self._on_next),
            ("Ctrl+Shift+Tab", self._on_previous),
            ("Ctrl+PgDown", self._on_next),
            ("Ctrl+PgUp", self._on_previous),
        )
        for key, slot in keys:
            QShortcut(QKeySequence(key), self).activated.connect(slot)

    # -- what is shown ---------------------------------------------------------

    def show_info(self, info: SettingsInfo) -> None:
        """Show news that are no choice: a reading, a count, a trouble."""
        self._info = info
        self._note.show_text(info.note)
        for page in self._pages.values():
            page.show_info(info)

    def set_diagnostics(self, text: str) -> None:
        """Hand over the text that ``diagnostics_wanted`` asked for."""
        page = self._pages.get(Tab.ABOUT)
        if isinstance(page, AboutPage):
            page.set_diagnostics(text)

    def page(self) -> Tab:
        """Return the page that is in front."""
        return tuple(Tab)[self._nav.currentRow()]

    def made(self, tab: Tab) -> SettingsPage:
        """Return a page; it is made the first time."""
        if tab not in self._pages:
            page = self._pages[tab] = _PAGES[tab](self._repository, self.events)
            page.show_info(self._info)
            self._stack.addWidget(page)
        return self._pages[tab]

    def open(self, tab: Tab | None = None) -> None:
        """Open, or come to the front, at a page."""
        if tab is not None:
            self._turn(tab)
        room = self.screen().availableGeometry().size()
        if not self.isVisible():
            self.resize(self.size().boundedTo(room))
        self.showNormal()
        self.raise_()
        self.activateWindow()

    def _turn(self, tab: Tab) -> None:
        row = tuple(Tab).index(tab)
        self._nav.turn(row)
        self._short.setCurrentIndex(row)
        self._stack.setCurrentWidget(self.made(tab))

    # -- the window ------------------------------------------------------------

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Put the list of pages above the page where there is no room beside it."""
        room = event.size().width() - self._nav.wide()
        narrow = room < self._digit * _PAGE_WIDE
        if self._nav.isHidden() != narrow:
            focused = self._nav.hasFocus() or self._short.hasFocus()
            self._nav.setVisible(not narrow)
            self._short.setVisible(narrow)
            if focused:
                (self._short if narrow else self._nav).setFocus()
        super().resizeEvent(event)

    def closeEvent(self, event: QCloseEvent) -> None:
        """Take what is being typed if it is good, and drop it if it is not."""
        focus = self.focusWidget()
        if focus is not None:
            focus.clearFocus()
        for page in self._pages.values():
            page.reset()
        super().closeEvent(event)

    @Slot(int)
    def _on_row(self, row: int) -> None:
        if row >= 0:
            self._turn(tuple(Tab)[row])

    @Slot()
    def _on_next(self) -> None:
        self._step(1)

    @Slot()
    def _on_previous(self) -> None:
        self._step(-1)

    def _step(self, by: int) -> None:
        row = (self._nav.currentRow() + by) % len(Tab)
        self._turn(tuple(Tab)[row])


# The list of the settings' pages: beside the page, or above it where it is narrow.


_BAR = 3
_GAP = STEP + STEP // 2


class NavList(QListWidget):
    """The names of the pages; arrows go through them."""

    chosen = Signal(int)

    def __init__(self, names: Sequence[str]) -> None:
        super().__init__()
        self.setObjectName("pages")
        self.setAccessibleName(trc("settings", "Pages"))
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setMouseTracking(True)
        self.setUniformItemSizes(True)
        self.viewport().setAutoFillBackground(False)
        off = Qt.ScrollBarPolicy.ScrollBarAlwaysOff
        self.setHorizontalScrollBarPolicy(off)
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Expanding)
        self.setItemDelegate(_Painter(self))
        self.addItems(list(names))
        self.setFixedWidth(self.wide())
        self.keyed = False
        self.currentRowChanged.connect(self.chosen)

    def wide(self) -> int:
        """Return the room for the longest name, in bold."""
        metrics = QFontMetrics(font_of(Text.STRONG, self.font()))
        names = (self.item(it).text() for it in range(self.count()))
        longest = max((metrics.horizontalAdvance(it) for it in names), default=0)
        return longest + 4 * STEP

    def turn(self, row: int) -> None:
        """Show which page is in front, and tell nobody."""
        self.blockSignals(True)
        self.setCurrentRow(row)
        self.blockSignals(False)
        self.viewport().update()

    def focusInEvent(self, event: QFocusEvent) -> None:
        """Show the focus to those who came by key."""
        self.keyed = event.reason() in KEYED
        super().focusInEvent(event)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Whoever presses keys looks for the focus."""
        self.keyed = True
        super().keyPressEvent(event)


class _Painter(QStyledItemDelegate):
    """Paints a name: bold, with a bar before it, if its page is in front."""

    def __init__(self, names: NavList) -> None:
        super().__init__(names)
        self._names = names

    def sizeHint(
        self, _: QStyleOptionViewItem, __: QModelIndex | QPersistentModelIndex
    ) -> QSize:
        """Return the room for one name."""
        metrics = QFontMetrics(font_of(Text.STRONG, self._names.font()))
        return QSize(self._names.wide(), metrics.height() + 2 * STEP)

    def paint(
        self,
        painter: QPainter,
        option: QStyleOptionViewItem,
        index: QModelIndex | QPersistentModelIndex,
    ) -> None:
        """Paint one name."""
        names = self._names
        theme = theme_for(names)
        current = index.row() == names.currentRow()
        state = QStyle.StateFlag
        hovered = bool(option.state & state.State_MouseOver)
        rect: QRect = option.rect
        box = rect.adjusted(STEP // 2, 2, -STEP // 2, -2)
        painter.save()
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        focused = current and names.keyed and names.hasFocus()
        painter.setPen(QPen(theme.accent, 1.5) if focused else Qt.PenStyle.NoPen)
        share = 0.09 if current else 0.05 if hovered else 0.0
        painter.setBrush(mix(theme.window, theme.text, share))
        painter.drawRoundedRect(box, RADIUS - 2, RADIUS - 2)
        mirrored = names.layoutDirection() is Qt.LayoutDirection.RightToLeft
        if current:
            bar = QRect(box.left(), box.top() + 6, _BAR, box.height() - 12)
            if mirrored:
                bar.moveRight(box.right())
            painter.fillRect(bar, theme.accent)
        painter.setFont(font_of(Text.STRONG if current else Text.BODY, names.font()))
        painter.setPen(theme.text if current or theme.high_contrast else theme.muted)
        side = Qt.AlignmentFlag.AlignRight if mirrored else Qt.AlignmentFlag.AlignLeft
        flags = side | Qt.AlignmentFlag.AlignAbsolute | Qt.AlignmentFlag.AlignVCenter
        inner = box.adjusted(_GAP, 0, -_GAP, 0)
        painter.drawText(inner, int(flags), str(index.data()))
        painter.restore()
