"""Start at login: one interface, and the way of each platform behind it.

A profile of its own has an entry of its own, so that two can start side by side.
"""

from __future__ import annotations

import hashlib
import os
import sys
from pathlib import Path
from typing import Protocol

from .autostart_entry import Entry

_MODULE = "sems_tray"


class Autostart(Protocol):
    """Whether the program starts when its owner logs in."""

    def is_on(self) -> bool:
        """Say whether it does, as far as anybody can tell."""

    def is_lost(self) -> bool:
        """Say whether it is on, but what it starts is gone: moved, or deleted."""

    def set(self, on: bool) -> str:  # noqa: FBT001 (a value, as of a switch)
        """Switch it; return "" or a sentence that says why it failed."""


def autostart(
    profile: Path | None = None, *, platform: str = sys.platform
) -> Autostart:
    """Return this platform's way; None is the default profile."""
    entry = login_entry(profile)
    home = Path.home()
    match platform:
        case "win32":
            from .autostart_registry import RegistryAutostart

            return RegistryAutostart(entry)
        case "darwin":
            from .autostart_files import LaunchAgent

            return LaunchAgent(entry, home / "Library" / "LaunchAgents")
        case _:
            from .autostart_files import DesktopEntry

            config = Path(os.environ.get("XDG_CONFIG_HOME", ""))
            if not config.is_absolute():  # a relative one is invalid (XDG)
                config = home / ".config"
            return DesktopEntry(entry, config / "autostart")


def login_entry(profile: Path | None) -> Entry:
    """Return what starts this very program again, with its profile."""
    frozen = bool(getattr(sys, "frozen", False))
    command = [_bundle()] if frozen else [_windowless(sys.executable), "-m", _MODULE]
    suffix = ""
    if profile is not None:
        folder = profile.expanduser().resolve()
        command += ["--profile", str(folder)]
        suffix = hashlib.sha256(os.fsencode(folder)).hexdigest()[:12]
    return Entry(
        command=tuple(command),
        suffix=suffix,
        folder=None if frozen else _checkout(),
    )


def _bundle() -> str:
    """Return the bundle's program; of an AppImage the file: its inside comes and goes.

    An AppImage that started us tells its own file, too: APPDIR tells them apart.
    """
    image, inside = os.environ.get("APPIMAGE"), os.environ.get("APPDIR")
    if image and inside and Path(sys.executable).is_relative_to(inside):
        return image
    return sys.executable


def _windowless(python: str) -> str:
    """Return the Python that opens no console, where there are two (Windows)."""
    path = Path(python)
    quiet = path.with_name("pythonw.exe")
    return str(quiet) if path.name == "python.exe" and quiet.exists() else python


def _checkout() -> Path | None:
    """Return the folder of a checkout; an installed package is found without."""
    root = Path(__file__).resolve().parents[2]
    return root if (root / "pyproject.toml").is_file() else None
