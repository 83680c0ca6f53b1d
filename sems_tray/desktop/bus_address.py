"""Where the session bus listens."""

from __future__ import annotations

import os
from pathlib import Path


def session_bus_address() -> str:
    """Return the D-Bus address that libdbus would use; "" where there is no bus."""
    given = os.environ.get("DBUS_SESSION_BUS_ADDRESS", "")
    if given:
        return given
    usual = Path(os.environ.get("XDG_RUNTIME_DIR", "")) / "bus"
    return f"unix:path={usual}" if usual.is_absolute() and usual.exists() else ""
