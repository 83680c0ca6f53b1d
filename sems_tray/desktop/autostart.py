"""Start at login: by a desktop entry, a launch agent of macOS, Windows' registry.

A profile of its own has an entry of its own, so that two can start side by side.
"""

from __future__ import annotations

import hashlib
import importlib
import logging
import os
import re
import subprocess
import sys
import tempfile
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from shutil import which
from typing import TYPE_CHECKING, Any

from sems_tray.i18n.language import reason, tr

if TYPE_CHECKING:
    from collections.abc import Mapping


log = logging.getLogger(__name__)

_MODULE = "sems_tray"


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """What is started: a command, and what tells profiles apart, "" by default."""

    command: tuple[str, ...]
    suffix: str = ""
    folder: Path | None = None  # where it starts: a checkout must be importable


class Autostart:
    """Whether the program starts when its owner logs in."""

    def is_on(self) -> bool:
        """Say whether it does, as far as anybody can tell."""
        raise NotImplementedError

    def set(self, on: bool) -> str:  # noqa: FBT001 (a value, as of a switch)
        """Switch it; return "" or a sentence that says why it failed."""
        raise NotImplementedError

    def _starts(self) -> tuple[str, str]:
        """Return the program that is started now, and its working folder or ""."""
        raise NotImplementedError

    def is_lost(self) -> bool:
        """Say whether it is on, but what it starts is gone: moved, or deleted."""
        if not self.is_on():
            return False
        program, folder = self._starts()
        is_there = program and (Path(program).is_file() or which(program) is not None)
        return not is_there or bool(folder and not Path(folder).is_dir())

    def follow_move(self) -> None:
        """Let it find the program where it is now, if that was moved."""
        if self.is_lost():
            trouble = self.set(True)
            log.info("start at login: the program was moved; %s", trouble or "mended")


def autostart(
    profile: Path | None = None, *, platform: str = sys.platform
) -> Autostart:
    """Return this platform's way; None is the default profile."""
    entry = login_entry(profile)
    home = Path.home()
    match platform:
        case "win32":
            return RegistryAutostart(entry)
        case "darwin":
            return LaunchAgent(entry, home / "Library" / "LaunchAgents")
        case _:
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


# Files: freedesktop's autostart folder, macOS's launch agents.


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


class DesktopEntry(Autostart):
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

    def _starts(self) -> tuple[str, str]:
        found = self._read()
        return program_of(found["exec"]), _undone(found.get("path", ""))

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


class LaunchAgent(Autostart):
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

    def _starts(self) -> tuple[str, str]:
        found = self._read()
        match found.get("ProgramArguments"):
            case [str(program), *_]:
                return program, str(found.get("WorkingDirectory", ""))
            case _:
                return "", ""

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


# The registry of Windows.


_ROOT = r"Software\Microsoft\Windows\CurrentVersion"
RUN = rf"{_ROOT}\Run"
# Where the task manager keeps what it switched off.
APPROVED = rf"{_ROOT}\Explorer\StartupApproved\Run"
_NAME = "SEMS Tray"
# "Run and RunOnce Registry Keys": a longer command line is not run.
_MOST = 260
_PROGRAM = re.compile(r'"([^"]*)"|(\S+)')


class RegistryAutostart(Autostart):
    """A value in the Run key of this user.

    ``registry`` is a module like ``winreg``; None imports that.
    """

    def __init__(self, entry: Entry, registry: Any = None) -> None:  # noqa: ANN401
        self._given = registry
        self._command = subprocess.list2cmdline(entry.command)
        self.name = f"{_NAME} {entry.suffix}".strip()

    @property
    def _winreg(self) -> Any:  # noqa: ANN401 (it exists on Windows only)
        if self._given is None:
            self._given = importlib.import_module("winreg")
        return self._given

    def is_on(self) -> bool:
        """Say whether Windows starts it, the task manager's word included."""
        try:
            command = self._value(RUN)
            approved = self._value(APPROVED)
        except OSError:
            return False
        return bool(command) and not _switched_off(approved)

    def _starts(self) -> tuple[str, str]:
        found = _PROGRAM.match(str(self._value(RUN)))
        return (found[1] or found[2] if found else ""), ""

    def set(self, on: bool) -> str:  # noqa: FBT001 (a value, as of a switch)
        """Write the value, or take it away, and what the task manager says of it."""
        if on and len(self._command) > _MOST:
            return tr(
                "SEMS Tray cannot be started at login: its command has more than"
                " {most} characters, which Windows does not run."
            ).format(most=_MOST)
        try:
            if on:
                self._write(self._command)
                if _switched_off(self._value(APPROVED)):
                    self._delete(APPROVED)
            else:
                self._delete(RUN)
                self._delete(APPROVED)
        except OSError as exc:
            return tr(
                "Windows does not let the start at login be changed ({reason})."
            ).format(reason=exc.strerror or tr("it failed"))
        return ""

    def _value(self, key: str) -> object:
        """Return a value; None where there is none."""
        registry = self._winreg
        try:
            with registry.OpenKey(registry.HKEY_CURRENT_USER, key) as found:
                value: object = registry.QueryValueEx(found, self.name)[0]
        except FileNotFoundError:
            return None
        return value

    def _write(self, text: str) -> None:
        registry = self._winreg
        with registry.CreateKeyEx(
            registry.HKEY_CURRENT_USER, RUN, 0, registry.KEY_SET_VALUE
        ) as key:
            registry.SetValueEx(key, self.name, 0, registry.REG_SZ, text)

    def _delete(self, name: str) -> None:
        registry = self._winreg
        with (
            suppress(FileNotFoundError),
            registry.OpenKey(
                registry.HKEY_CURRENT_USER, name, 0, registry.KEY_SET_VALUE
            ) as key,
        ):
            registry.DeleteValue(key, self.name)


def _switched_off(approved: object) -> bool:
    """Say whether the task manager switched it off: its first byte is odd then."""
    return isinstance(approved, bytes) and bool(approved) and approved[0] % 2 == 1
