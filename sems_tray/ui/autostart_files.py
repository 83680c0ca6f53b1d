"""Start at login by a file: freedesktop's autostart folder, macOS's launch agents."""

from __future__ import annotations

import configparser
import os
import plistlib
import re
import tempfile
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING
from xml.parsers.expat import ExpatError

from sems_tray.core.language import tr
from sems_tray.core.saying import reason

if TYPE_CHECKING:
    from .autostart import Entry

_GROUP = "Desktop Entry"
# Desktop Entry Specification 1.5, "The Exec key": what has to be quoted, and what
# has to be escaped inside of quotes.
_RESERVED = re.compile(r"[\s\"'\\><~|&;$*?#()`]")
_ESCAPED = re.compile(r"([\"`$\\])")
# The same, "Values": escapes of every string, undone before the quotes are read.
_STRING = str.maketrans({"\\": r"\\", "\n": r"\n", "\t": r"\t", "\r": r"\r"})
_LABEL = "io.github.sems_tray"  # the bundle's identifier


class DesktopEntry:
    """A desktop entry in the autostart folder of freedesktop.org."""

    def __init__(self, entry: Entry, folder: Path) -> None:
        self._entry = entry
        self.path = folder / f"{_named('sems-tray', '-', entry)}.desktop"

    def is_on(self) -> bool:
        """Say whether a session starts it; desktops switch off by keys of their own."""
        parser = configparser.RawConfigParser(
            strict=False, delimiters=("=",), comment_prefixes=("#",)
        )
        try:
            parser.read_string(self.path.read_text(encoding="utf-8", errors="replace"))
        except (OSError, configparser.Error):
            return False
        if not parser.get(_GROUP, "Exec", fallback="").strip():
            return False
        hidden = parser.get(_GROUP, "Hidden", fallback="false").strip()
        wanted = parser.get(
            _GROUP, "X-GNOME-Autostart-enabled", fallback="true"
        ).strip()
        return hidden != "true" and wanted != "false"

    def set(self, on: bool) -> str:  # noqa: FBT001 (a value, as of a switch)
        """Write the file, or take it away."""
        if not on:
            return _remove(self.path)
        text = desktop_entry(self._entry)
        return _write(self.path, text.encode("utf-8", "surrogateescape"))


def desktop_entry(entry: Entry) -> str:
    """Return the text of the desktop entry."""
    lines = [
        f"[{_GROUP}]",
        "Type=Application",
        "Version=1.0",
        "Name=SEMS Tray",
        "Comment=Watch your GoodWe solar inverter and battery from the tray",
        f"Exec={' '.join(quoted(it) for it in entry.command).translate(_STRING)}",
    ]
    if entry.folder is not None:
        lines.append(f"Path={str(entry.folder).translate(_STRING)}")
    lines += [
        "Icon=sems-tray",
        "Terminal=false",
        "StartupNotify=false",
        "X-GNOME-Autostart-enabled=true",
        "",
    ]
    return "\n".join(lines)


def quoted(argument: str) -> str:
    """Return an argument as the Exec key has it."""
    escaped = _ESCAPED.sub(r"\\\1", argument).replace("%", "%%")
    return f'"{escaped}"' if not argument or _RESERVED.search(argument) else escaped


class LaunchAgent:
    """A property list among the launch agents of macOS.

    launchd reads it at the next login; loading it now would start a second program.
    """

    def __init__(self, entry: Entry, folder: Path) -> None:
        self._entry = entry
        self._label = _named(_LABEL, ".", entry)
        self.path = folder / f"{self._label}.plist"

    def is_on(self) -> bool:
        """Say whether launchd starts it at login, as far as the file tells."""
        try:
            found = plistlib.loads(self.path.read_bytes())
        except (OSError, plistlib.InvalidFileException, ExpatError, ValueError):
            return False
        if not isinstance(found, dict):
            return False
        return found.get("RunAtLoad") is True and found.get("Disabled") is not True

    def set(self, on: bool) -> str:  # noqa: FBT001 (a value, as of a switch)
        """Write the file, or take it away."""
        if not on:
            return _remove(self.path)
        wanted: dict[str, object] = {
            "Label": self._label,
            "ProgramArguments": list(self._entry.command),
            "RunAtLoad": True,
            "ProcessType": "Interactive",
            "LimitLoadToSessionType": "Aqua",
        }
        if self._entry.folder is not None:
            wanted["WorkingDirectory"] = str(self._entry.folder)
        return _write(self.path, plistlib.dumps(wanted))


def _named(name: str, between: str, entry: Entry) -> str:
    return f"{name}{between}{entry.suffix}" if entry.suffix else name


def _write(path: Path, content: bytes) -> str:
    """Write a file whole or not at all."""
    temporary = ""
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        handle, temporary = tempfile.mkstemp(dir=path.parent, prefix=".sems-tray-")
        with os.fdopen(handle, "wb") as file:
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
        Path(temporary).replace(path)
    except OSError as exc:
        if temporary:
            with suppress(OSError):
                Path(temporary).unlink()
        return tr(
            "SEMS Tray cannot be started at login: the folder {folder} cannot be"
            " written ({reason})."
        ).format(folder=path.parent, reason=reason(exc))
    return ""


def _remove(path: Path) -> str:
    try:
        path.unlink(missing_ok=True)
    except NotADirectoryError:  # no folder, no file
        return ""
    except OSError as exc:
        return tr(
            "SEMS Tray still starts at login: {file} cannot be deleted ({reason})."
        ).format(file=path, reason=reason(exc))
    return ""
