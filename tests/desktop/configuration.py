"""What the programs of the test desktop are told."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from pathlib import Path

PANEL_HEIGHT = 32

# One panel at the bottom: a space that expands, then the tray. The flat ground makes
# the icons easy to find on a screenshot. xfce4-panel 4.16 and later are a
# StatusNotifier host in their "systray" plug-in.
PANEL_XML = f"""<?xml version="1.0" encoding="UTF-8"?>
<channel name="xfce4-panel" version="1.0">
  <property name="configver" type="int" value="2"/>
  <property name="panels" type="array">
    <value type="int" value="1"/>
    <property name="dark-mode" type="bool" value="true"/>
    <property name="panel-1" type="empty">
      <property name="position" type="string" value="p=8;x=0;y=0"/>
      <property name="position-locked" type="bool" value="true"/>
      <property name="length" type="uint" value="100"/>
      <property name="size" type="uint" value="{PANEL_HEIGHT}"/>
      <property name="icon-size" type="uint" value="22"/>
      <property name="background-style" type="uint" value="1"/>
      <property name="background-rgba" type="array">
        <value type="double" value="0.13"/>
        <value type="double" value="0.13"/>
        <value type="double" value="0.15"/>
        <value type="double" value="1"/>
      </property>
      <property name="plugin-ids" type="array">
        <value type="int" value="1"/>
        <value type="int" value="2"/>
      </property>
    </property>
  </property>
  <property name="plugins" type="empty">
    <property name="plugin-1" type="string" value="separator">
      <property name="expand" type="bool" value="true"/>
      <property name="style" type="uint" value="0"/>
    </property>
    <property name="plugin-2" type="string" value="systray">
      <property name="square-icons" type="bool" value="true"/>
      <property name="icon-size" type="int" value="22"/>
    </property>
  </property>
</channel>
"""

# The bus starts only what this desktop wants: the panel's settings service. Debian's
# own configuration would also start a keyring, a notifier and whatever else lies in
# the folder of services.
BUS_XML = """\
<busconfig>
  <type>session</type>
  <listen>unix:path={socket}</listen>
  <auth>EXTERNAL</auth>
  <servicedir>{services}</servicedir>
  <policy context="default">
    <allow send_destination="*" eavesdrop="true"/>
    <allow eavesdrop="true"/>
    <allow own="*"/>
  </policy>
</busconfig>
"""


def environment(folder: Path) -> dict[str, str]:
    """Make the owner's folders; return the environment that names them."""
    for name in (
        *("home", "config", "data", "cache", "state", "run", "tmp", "services"),
    ):
        (folder / name).mkdir(mode=0o700)
    keep = ("PATH", "LD_LIBRARY_PATH", "TZ")
    return {
        **{name: os.environ[name] for name in keep if name in os.environ},
        "HOME": str(folder / "home"),
        "XDG_CONFIG_HOME": str(folder / "config"),
        "XDG_DATA_HOME": str(folder / "data"),
        "XDG_CACHE_HOME": str(folder / "cache"),
        "XDG_STATE_HOME": str(folder / "state"),
        "XDG_RUNTIME_DIR": str(folder / "run"),
        "TMPDIR": str(folder / "tmp"),
        "XDG_CURRENT_DESKTOP": "XFCE",
        "XDG_SESSION_TYPE": "x11",
        "LANG": "C.UTF-8",
        "QT_QPA_PLATFORM": "xcb",
        # Qt's theme for XFCE and GNOME asks the settings portal for the colour
        # scheme and complains twice when there is none.
        "QT_LOGGING_RULES": "qt.qpa.theme.gnome.warning=false",
        "GDK_BACKEND": "x11",
        "LIBGL_ALWAYS_SOFTWARE": "1",
        "NO_AT_BRIDGE": "1",  # no accessibility bus here, and no word about it
        "GTK_A11Y": "none",
        "GSETTINGS_BACKEND": "memory",
        "PYTHONUNBUFFERED": "1",
        # Compiled once for all starts, and not into the checkout.
        "PYTHONPYCACHEPREFIX": str(folder / "pycache"),
    }
