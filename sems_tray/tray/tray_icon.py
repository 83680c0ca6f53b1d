"""The tray icon: it shows a view and says what the owner wants; it decides nothing."""

from __future__ import annotations

import os
import sys
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, QRect, QSize, Qt, Signal, Slot
from PySide6.QtGui import QAction, QActionGroup, QCursor, QGuiApplication, QPalette
from PySide6.QtWidgets import QMenu, QSystemTrayIcon

from sems_tray.i18n.language import tr, trc

from .icon_painter import Panel, icon
from .snooze_menu import SnoozeMenu
from .view_model import WINDOWS_TOOLTIP

if TYPE_CHECKING:
    from collections.abc import Mapping

    from sems_tray.domain.model import Station

    from .view_model import TrayView


_REASON = QSystemTrayIcon.ActivationReason
_PANEL_AT_MOST = 64


class Tray(QObject):
    """Icon, tooltip, menu and clicks."""

    details_wanted = Signal()
    refresh_wanted = Signal()
    station_wanted = Signal(str)
    renewed = Signal()  # another icon stands in the tray
    menu_opens = Signal()

    def __init__(self) -> None:
        super().__init__()
        self._view: TrayView | None = None
        self._release = ""
        self._panel = panel()
        self._menu = QMenu()
        self._menu.aboutToShow.connect(self.menu_opens)
        self._lines: list[QAction] = []
        self._top = self._menu.addSeparator()
        self.actions: dict[str, QAction] = {}
        self._add("details").triggered.connect(self.details_wanted)
        self._add("refresh").triggered.connect(self.refresh_wanted)
        self.quiet = SnoozeMenu(self._menu, self._top, _plain)
        self._stations = QMenu(self._menu)
        self._stations_action = self._menu.addMenu(self._stations)
        self._stations_action.setVisible(False)
        self._stations.triggered.connect(self._on_station)
        self._menu.addSeparator()
        for name in ("history", "portal", "sign_in", "settings", "about"):
            self._add(name)
        self._add("release").setVisible(False)
        self._menu.addSeparator()
        self._add("quit")
        self._label()
        self._icon = self._new_icon()

    def show_release(self, name: str) -> None:
        """Offer the page of a newer version."""
        self._release = name
        self._label()
        self.actions["release"].setVisible(True)

    def retranslate(self) -> None:
        """Label the menu in the language that is spoken now; a view is to follow."""
        self._label()
        self.quiet.retranslate()

    def _label(self) -> None:
        labels = {
            "details": tr("Details"),
            "refresh": tr("Refresh now"),
            "history": tr("History and export …"),
            "portal": tr("Open SEMS Portal"),
            "sign_in": tr("Sign in …"),
            "settings": tr("Settings …"),
            "about": tr("About SEMS Tray"),
            "release": tr("Version {version} is available …").format(
                version=self._release
            ),
            "quit": trc("menu", "Quit"),
        }
        for name, label in labels.items():
            self.actions[name].setText(label)
        # Translators: a menu of solar plants, of which one is shown.
        self._stations.setTitle(trc("menu", "Station"))

    def _add(self, name: str) -> QAction:
        action = self.actions[name] = self._menu.addAction("")
        action.setObjectName(name)
        return action

    def _new_icon(self) -> QSystemTrayIcon:
        fresh = QSystemTrayIcon(self)
        fresh.setContextMenu(self._menu)
        fresh.activated.connect(self._on_activated)
        return fresh

    def show(self, view: TrayView) -> None:
        """Show a view; what did not change is not painted again."""
        old = self._view
        self._view = view
        if old is None or old.icon != view.icon:
            self._icon.setIcon(icon(view.icon, self._panel))
        if old is None or old.lines != view.lines:
            self._icon.setToolTip(self._tooltip(view))
            self._set_lines(view.lines)
        if not self._icon.isVisible():
            self._icon.show()
            # On Windows a tooltip set before the icon is shown may stay empty.
            self._icon.setToolTip(self._tooltip(view))

    def _tooltip(self, view: TrayView) -> str:
        most = WINDOWS_TOOLTIP if sys.platform == "win32" else None
        return view.tooltip(most)

    def _set_lines(self, lines: tuple[str, ...]) -> None:
        """Show the tooltip's lines first in the menu: GNOME shows no tooltip."""
        while len(self._lines) < len(lines):
            action = QAction(self._menu)
            action.setEnabled(False)
            self._menu.insertAction(self._top, action)
            self._lines.append(action)
        while len(self._lines) > len(lines):
            self._menu.removeAction(self._lines.pop())
        for action, line in zip(self._lines, lines, strict=True):
            action.setText(_plain(line))

    def set_refresh(self, label: str, *, enabled: bool) -> None:
        """Say whether, and if not why not, a refresh is possible now."""
        self.actions["refresh"].setText(label)
        self.actions["refresh"].setEnabled(enabled)

    def set_stations(
        self,
        stations: tuple[Station, ...],
        chosen: str | None,
        words: Mapping[str, str] | None = None,
    ) -> None:
        """Offer the account's stations, if there are several.

        ``words`` says by id how they are; without any the name stands alone.
        """
        said = words or {}
        rows = [(it.id, said.get(it.id, it.name or it.id)) for it in stations]
        if [id_ for id_, _ in rows] != [it.data() for it in self._stations.actions()]:
            self._stations.clear()
            group = QActionGroup(self._stations)
            for station_id, _ in rows:
                action = group.addAction(self._stations.addAction(""))
                action.setData(station_id)
                action.setCheckable(True)
        for action, (station_id, label) in zip(
            self._stations.actions(), rows, strict=True
        ):
            action.setText(_plain(label))
            action.setChecked(station_id == chosen)
        self._stations_action.setVisible(len(stations) > 1)

    def repaint(self) -> None:
        """Paint again for a panel of another colour."""
        self._panel = panel()
        if self._view is not None:
            self._icon.setIcon(icon(self._view.icon, self._panel))

    def renew(self) -> None:
        """Make a new icon for a tray that came late: an old one never moves to it."""
        self._icon.hide()
        self._icon.deleteLater()
        self._icon = self._new_icon()
        view, self._view = self._view, None
        if view is not None:
            self.show(view)
        self.renewed.emit()

    def current_icon(self) -> QSystemTrayIcon:
        """Return the icon, for messages; another one after ``renew``."""
        return self._icon

    def hide(self) -> None:
        """Take the icon away, before the program ends."""
        self._icon.hide()

    def geometry(self) -> QRect:
        """Return where the icon is on the screen; empty where nobody knows."""
        return self._icon.geometry()

    def clicked_at(self) -> QRect:
        """Return where the icon was clicked: panels on D-Bus do not tell where it is.

        A mouse far from the screen's edges is on no panel, and tells nothing.
        """
        known, mouse = self.geometry(), QCursor.pos()
        screen = QGuiApplication.screenAt(mouse)
        if not known.isEmpty() or screen is None:
            return known
        margin = _PANEL_AT_MOST
        middle = screen.geometry().adjusted(margin, margin, -margin, -margin)
        return QRect() if middle.contains(mouse) else QRect(mouse, QSize(1, 1))

    @Slot(QAction)
    def _on_station(self, action: QAction) -> None:
        self.station_wanted.emit(action.data())

    @Slot(_REASON)
    def _on_activated(self, reason: QSystemTrayIcon.ActivationReason) -> None:
        """Left toggles the window, middle and double refresh.

        On macOS every press opens the menu already.
        """
        if sys.platform == "darwin":
            return
        if reason is _REASON.Trigger:
            self.details_wanted.emit()
        elif reason in {_REASON.MiddleClick, _REASON.DoubleClick}:
            self.refresh_wanted.emit()


def _plain(text: str) -> str:
    """Escape what a menu takes for a key mark, here and on Linux's D-Bus."""
    text = text.replace("&", "&&")
    return text.replace("_", "__") if sys.platform == "linux" else text


# What the panel that shows the icon looks like, as far as anybody can tell.


_DARK_LIGHTNESS = 128
# By default, and always or nearly so: xfce4-panel has been dark since 4.16.
_DARK_PANELS = frozenset(
    {"GNOME", "UNITY", "XFCE", "X-CINNAMON", "CINNAMON", "BUDGIE", "PANTHEON"}
)


def panel() -> Panel:
    """Return the panel's background.

    macOS tints a mask by itself.  Windows has a setting for the taskbar that differs
    from that of programs.  Some desktops' panels are dark whatever the theme is;
    elsewhere panels mostly follow the theme.
    """
    if sys.platform == "darwin":
        return Panel.MASK
    if sys.platform == "win32":
        return _windows_taskbar()
    desktop = os.environ.get("XDG_CURRENT_DESKTOP", "").upper().split(":")
    if _DARK_PANELS & set(desktop):
        return Panel.DARK
    match QGuiApplication.styleHints().colorScheme():
        case Qt.ColorScheme.Dark:
            return Panel.DARK
        case Qt.ColorScheme.Light:
            return Panel.LIGHT
        case _:
            window = QGuiApplication.palette().color(QPalette.ColorRole.Window)
            return Panel.DARK if window.lightness() < _DARK_LIGHTNESS else Panel.LIGHT


def _windows_taskbar() -> Panel:
    from PySide6.QtCore import QSettings

    key = (
        r"HKEY_CURRENT_USER\Software\Microsoft\Windows\CurrentVersion"
        r"\Themes\Personalize"
    )
    light = QSettings(key, QSettings.Format.NativeFormat).value("SystemUsesLightTheme")
    return Panel.LIGHT if light == 1 else Panel.DARK
