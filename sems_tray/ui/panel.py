"""What the panel that shows the icon looks like, as far as anybody can tell."""

from __future__ import annotations

import os
import sys

from PySide6.QtCore import Qt
from PySide6.QtGui import QGuiApplication, QPalette

from .icon import Panel

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
