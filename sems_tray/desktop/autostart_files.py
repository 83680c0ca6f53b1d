"""Start at login by a file: freedesktop's autostart folder, macOS's launch agents."""

from __future__ import annotations

import os
import re
import tempfile
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING

from sems_tray.i18n.language import reason, tr

from .autostart_entry import is_there

if TYPE_CHECKING:
    from collections.abc import Mapping

    from .autostart_entry import Entry


_GROUP = "Desktop Entry"
# Desktop Entry Specification 1.5, "The Exec key": what has to be quoted, and what
# has to be escaped inside of quotes.
_RESERVED = re.compile(r"[\s\"'\\><~|&;$*?#()`]")
_ESCAPED = re.compile(r"([\"`$\\])")
# The same, "Values": escapes of every string, undone before the quotes are read.
_STRING = str.maketrans({"\\": r"\\", "\n": r"\n", "\t": r"\t", "\r": r"\r"})
_FIRST = re.compile(r'"((?:\\.|[^"\\])*)"|([^\s"]+)', re.DOTALL)
_UNDONE = {"s": " ", "n": "\n", "t": "\t", "r": "\r"}
_LABEL = "io.github.sems_tray"  # the bundle's identifier


class DesktopEntry:
    """A desktop entry in the autostart folder of freedesktop.org."""

    def __init__(self, entry: Entry, folder: Path) -> None:
        self._entry = entry
        self.path = folder / f"{_named('sems-tray', '-', entry)}.desktop"

    def is_on(self) -> bool:
        """Say whether a session starts it; desktops switch off by keys of their own."""
        found = self._read()
        return (
            bool(found.get("exec"))
            and found.get("hidden") != "true"
            and found.get("x-gnome-autostart-enabled") != "false"
        )

    def is_lost(self) -> bool:
        """Say whether a session starts it, but would not find it."""
        found = self._read()
        folder = _undone(found.get("path", ""))
        return self.is_on() and not (
            is_there(program_of(found["exec"]))
            and (not folder or Path(folder).is_dir())
        )

    def _read(self) -> Mapping[str, str]:
        """Return the file's keys in small letters; none if it is no desktop entry."""
        import configparser

        parser = configparser.RawConfigParser(
            strict=False, delimiters=("=",), comment_prefixes=("#",)
        )
        try:
            text = self.path.read_text(encoding="utf-8", errors="surrogateescape")
            parser.read_string(text)
            return {key: value.strip() for key, value in parser.items(_GROUP)}
        except (OSError, configparser.Error):
            return {}

    def set(self, on: bool) -> str:  # noqa: FBT001 (a value, as of a switch)
        """Write the file, or take it away."""
        if not on:
            return _remove(self.path)
        text = desktop_entry(self._entry)
        return _write(self.path, text.encode("utf-8", "surrogateescape"))


def desktop_entry(entry: Entry) -> str:
    """Return the text of the desktop entry."""
    about = tr("Shows your GoodWe solar station in the system tray.")
    lines = [
        f"[{_GROUP}]",
        "Type=Application",
        "Version=1.0",
        "Name=SEMS Tray",
        f"Comment={about.removesuffix('.')}",
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


def program_of(line: str) -> str:
    """Return the program of an Exec key: ``quoted`` undone for the first argument."""
    found = _FIRST.match(_undone(line))
    if found is None:
        return ""
    inner, bare = found.groups()
    argument = bare if inner is None else re.sub(r"\\(.)", r"\1", inner)
    return argument.replace("%%", "%")


def _undone(text: str) -> str:
    """Return a string of the file without its escapes."""
    return re.sub(r"\\(.)", lambda match: _UNDONE.get(match[1], match[1]), text)


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
        found = self._read()
        return found.get("RunAtLoad") is True and found.get("Disabled") is not True

    def is_lost(self) -> bool:
        """Say whether launchd starts it, but would not find it."""
        found = self._read()
        folder = found.get("WorkingDirectory")
        match found.get("ProgramArguments"):
            case [str(program), *_]:
                there = is_there(program)
            case _:
                there = False
        if isinstance(folder, str):
            there = there and Path(folder).is_dir()
        return self.is_on() and not there

    def _read(self) -> Mapping[str, object]:
        """Return the property list; nothing if it is none."""
        import plistlib
        from xml.parsers.expat import ExpatError

        try:
            found = plistlib.loads(self.path.read_bytes())
        except (OSError, plistlib.InvalidFileException, ExpatError, ValueError):
            return {}
        return found if isinstance(found, dict) else {}

    def set(self, on: bool) -> str:  # noqa: FBT001 (a value, as of a switch)
        """Write the file, or take it away."""
        if not on:
            return _remove(self.path)
        import plistlib

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
