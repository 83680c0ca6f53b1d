"""The settings window: pages of choices, each applied as soon as it is made."""

from __future__ import annotations

from enum import StrEnum
from typing import TYPE_CHECKING

from PySide6.QtCore import Qt, Signal, Slot
from PySide6.QtGui import QKeySequence, QShortcut
from PySide6.QtWidgets import (
    QComboBox,
    QHBoxLayout,
    QPushButton,
    QStackedWidget,
    QVBoxLayout,
    QWidget,
)

from sems_tray.core.language import markc, tr, trc
from sems_tray.core.preferences import PreferencesInfo

from .settings_about import AboutPage
from .settings_account import AccountPage
from .settings_alerts import AlertsPage
from .settings_draft import Draft
from .settings_general import GeneralPage
from .settings_icon import IconPage
from .settings_nav import NavList
from .settings_parts import Ink, Words
from .settings_polling import PollingPage
from .theme import STEP

if TYPE_CHECKING:
    from PySide6.QtGui import QCloseEvent, QResizeEvent

    from sems_tray.core.preferences import Preferences

    from .settings_page import SettingsPage

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


class SettingsWindow(QWidget):
    """Shows preferences and says what the owner wants of them."""

    changed = Signal(object)  # Preferences
    sign_in_wanted = Signal()
    forget_account_wanted = Signal()
    forget_all_wanted = Signal()
    test_wanted = Signal()
    remind_wanted = Signal(object)  # Acknowledged
    diagnostics_wanted = Signal()
    log_wanted = Signal()
    link_wanted = Signal(str)
    closed = Signal()

    def __init__(self) -> None:
        super().__init__(None, Qt.WindowType.Window)
        self.setWindowTitle(tr("Settings - SEMS Tray"))
        self._draft = Draft()
        self._draft.changed.connect(self.changed)
        self._info = PreferencesInfo()
        self._pages: dict[Tab, SettingsPage] = {}
        names = [trc("settings page", _NAMES[it]) for it in Tab]
        self._nav = NavList(names)
        self._short = QComboBox()
        self._short.setObjectName("page")
        self._short.setAccessibleName(trc("settings", "Page"))
        self._short.addItems(names)
        self._short.hide()
        self._note = Words(ink=Ink.TROUBLE)
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
        foot.addWidget(Words(tr("Changes apply at once.")), 1)
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

    def show_preferences(self, preferences: Preferences, info: PreferencesInfo) -> None:
        """Show preferences, and what is beside them; nothing is emitted."""
        if preferences != self._draft.value:
            self._draft.load(preferences)
        self.show_info(info)

    def show_info(self, info: PreferencesInfo) -> None:
        """Show news that are no choice: a reading, a count, a trouble."""
        self._info = info
        self._note.say(info.note)
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
            page = self._pages[tab] = self._make(tab)
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

    def _make(self, tab: Tab) -> SettingsPage:
        draft = self._draft
        match tab:
            case Tab.ACCOUNT:
                account = AccountPage(draft)
                account.sign_in_wanted.connect(self.sign_in_wanted)
                account.forget_account_wanted.connect(self.forget_account_wanted)
                account.forget_all_wanted.connect(self.forget_all_wanted)
                return account
            case Tab.POLLING:
                return PollingPage(draft)
            case Tab.ICON:
                return IconPage(draft)
            case Tab.ALERTS:
                alerts = AlertsPage(draft)
                alerts.test_wanted.connect(self.test_wanted)
                alerts.remind_wanted.connect(self.remind_wanted)
                return alerts
            case Tab.GENERAL:
                return GeneralPage(draft)
            case Tab.ABOUT:
                about = AboutPage(draft)
                about.diagnostics_wanted.connect(self.diagnostics_wanted)
                about.log_wanted.connect(self.log_wanted)
                about.link_wanted.connect(self.link_wanted)
                return about

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
        self._draft.reload()
        super().closeEvent(event)
        self.closed.emit()

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
