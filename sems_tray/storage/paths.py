"""Where the program keeps its files: by platform, or in one ``--profile`` folder."""

from __future__ import annotations

import hashlib
import os
import sys
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

_NAME = "sems-tray"
HISTORY = "history.sqlite3"


@dataclass(frozen=True, slots=True, kw_only=True)
class Paths:
    """The folders of one profile; ``key`` names it in the keyring."""

    config: Path
    data: Path
    log: Path
    key: str

    @property
    def settings(self) -> Path:
        """The file of the settings."""
        return self.config / "settings.json"

    @property
    def history(self) -> Path:
        """The file of the history."""
        return self.data / HISTORY


def profile_paths(folder: Path) -> Paths:
    """Return the paths of a profile that lives in one folder."""
    with suppress(RuntimeError):  # "~nobody": a folder may be called so, too
        folder = folder.expanduser()
    home = folder.resolve()
    digest = hashlib.sha256(os.fsencode(home)).hexdigest()[:12]
    return Paths(config=home, data=home, log=home, key=f"{_NAME} profile {digest}")


def default_paths() -> Paths:
    """Return the platform's usual folders."""
    home = Path.home()
    match sys.platform:
        case "win32":
            roaming = _folder("APPDATA", home / "AppData" / "Roaming")
            local = _folder("LOCALAPPDATA", home / "AppData" / "Local")
            config, data, log = roaming, local, local
        case "darwin":
            config = data = home / "Library" / "Application Support"
            log = home / "Library" / "Logs"
        case _:
            config = _folder("XDG_CONFIG_HOME", home / ".config")
            data = _folder("XDG_DATA_HOME", home / ".local" / "share")
            log = _folder("XDG_STATE_HOME", home / ".local" / "state")
    return Paths(config=config / _NAME, data=data / _NAME, log=log / _NAME, key=_NAME)


def _folder(variable: str, default: Path) -> Path:
    """Return a folder from the environment; a relative one is invalid there (XDG)."""
    named = Path(os.environ.get(variable, ""))
    return named if named.is_absolute() else default
