"""The command ``diagnostics``: what somebody who helps wants to know, redacted.

One question after the other; one that fails says why.  The session bus and the keyring
may hang and are given up after seconds.  Nothing is started, unlocked, mended or sent
to the portal.
"""

from __future__ import annotations

import json
import os
import platform
import re
import subprocess
import sys
from dataclasses import dataclass
from datetime import UTC
from importlib import metadata
from typing import TYPE_CHECKING
from urllib.request import getproxies

import sems_tray
from sems_tray.desktop import bus_probe
from sems_tray.domain import logger_clock
from sems_tray.domain.time_zones import utc_now
from sems_tray.i18n.formatting import name, one_line, utc_text
from sems_tray.log.handlers import log_path, redact_from_now_on, redacted
from sems_tray.log.log_file import last_lines
from sems_tray.storage.credentials import (
    CHILD_FOLDER,
    KeyringVault,
    child_command,
    child_environment,
)
from sems_tray.storage.history.database import StorageError
from sems_tray.storage.history.reader import HistoryReader

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from sems_tray.runtime.context import AppContext
    from sems_tray.storage.paths import Paths
    from sems_tray.storage.settings import Loaded


_BACKEND_WITHIN_S = 3.5
_LINES = 100
_KIB = 1024
KEYRING_OPTION = "--keyring-backend"
_PROXIES = ("http", "https", "all", "socks", "no")
_CERTIFICATES = ("REQUESTS_CA_BUNDLE", "CURL_CA_BUNDLE", "SSL_CERT_FILE")


def diagnostics_text(run: AppContext) -> str:
    """Return the diagnosis to paste; takes seconds at worst, so not in the GUI thread.

    Safe in any thread, and with any profile.
    """
    return to_text(diagnose(run))


def diagnose(run: AppContext) -> Diagnosis:
    """Find out all there is to tell."""
    options, settings = run.options, run.settings
    redact_from_now_on(options.account, options.password, settings.account, run.station)
    redact_from_now_on(*_private_names(run.paths.history))
    return Diagnosis(
        at=utc_text(utc_now()),
        sections={
            section: {
                label: one_line(redacted(_answer(question)))
                for label, question in questions.items()
            }
            for section, questions in _questions(run).items()
        },
        # Redacted already, but by what was known when they were written.
        log=tuple(redacted(it) for it in _log_lines(log_path(run.paths.log))),
    )


def _questions(run: AppContext) -> dict[str, dict[str, Callable[[], str]]]:
    """Return what is asked, by section and label."""
    paths = run.paths
    return {
        "Program": {
            "SEMS Tray": lambda: sems_tray.__version__ + _frozen(),
            "Python": platform.python_version,
            "PySide6": _pyside,
            "Qt": _qt,
            "System": _system,
        },
        "Desktop": {
            "Desktop": lambda: _told("XDG_CURRENT_DESKTOP", "DESKTOP_SESSION"),
            "Session type": lambda: _told("XDG_SESSION_TYPE"),
            "Display": _display,
            "Qt platform": _platform_plugin,
            "Language": lambda: (
                name(run.settings.language) or _told("LC_ALL", "LC_MESSAGES", "LANG")
            ),
            "Tray": _by_system(bus_probe.tray_host, "the system's own"),
            "Notifications": _by_system(
                bus_probe.notification_daemon, "the system's own, through Qt"
            ),
        },
        "Secrets": {
            "Kept": lambda: _where_secrets_are(run),
            "Keyring backend": _backend,
            "Keyring": _by_system(
                bus_probe.secret_service, unknown("asking could unlock it")
            ),
        },
        "Portal": {
            "Account": lambda: _set(run.options.account or run.settings.account),
            "Dialect": lambda: name(run.options.dialect or run.settings.dialect),
            "Station": lambda: "chosen" if run.station else "the first",
            "Address": lambda: "another portal's" if run.options.portal else "GoodWe's",
            "Polled every": lambda: f"{run.settings.live_minutes:g} min",
            "Measured times": lambda: logger_clocks(paths.history),
            "Proxies": _proxies,
            "Own certificates": lambda: (
                "yes" if any(os.environ.get(it) for it in _CERTIFICATES) else "no"
            ),
        },
        "Files": {
            "Folders": lambda: (
                "one of a profile" if run.options.profile else "the usual ones"
            ),
            "Settings": lambda: _settings_state(paths.settings, run.loaded),
            "History": lambda: _size_of(paths.history),
            "History holds": lambda: _history_holds(paths.history),
            "Set aside": lambda: _set_aside(paths),
            "Log": lambda: _size_of(log_path(paths.log)),
        },
    }


def _answer(question: Callable[[], str]) -> str:
    """Ask a question; one that fails says why, and the rest goes on."""
    try:
        return question()
    except bus_probe.NoAnswerError as exc:
        return unknown(str(exc))
    except Exception as exc:  # noqa: BLE001 (a helper reads what it was)
        return unknown(f"{type(exc).__name__}: {exc}"[:200])


def _frozen() -> str:
    return " (bundle)" if getattr(sys, "frozen", False) else ""


def _system() -> str:
    # A fourth number (WSL has one) would be taken for an IP address.
    release = ".".join(platform.release().split(".")[:3])
    kernel = f"{platform.system()} {release} {platform.machine()}"
    try:
        return f"{name(platform.freedesktop_os_release()['PRETTY_NAME'])}, {kernel}"
    except (OSError, LookupError):
        return f"{kernel}, {platform.version()}"


def _pyside() -> str:
    for package in ("PySide6-Essentials", "PySide6"):
        try:
            return metadata.version(package)
        except metadata.PackageNotFoundError:
            continue
    found = getattr(sys.modules.get("PySide6"), "__version__", None)
    return str(found) if found else "not installed"


def _qt() -> str:
    """Load what the tray needs: it may lack a library of the system's."""
    try:
        import PySide6.QtWidgets  # noqa: F401
        from PySide6.QtCore import qVersion
    except ImportError as exc:
        return f"cannot be loaded ({exc})"
    return qVersion()


def _platform_plugin() -> str:
    gui = sys.modules.get("PySide6.QtGui")
    if gui is not None and gui.QGuiApplication.instance() is not None:
        return str(gui.QGuiApplication.platformName())
    return name(os.environ.get("QT_QPA_PLATFORM", "")) or "left to Qt"


def _told(*variables: str) -> str:
    found = next((it for it in map(os.environ.get, variables) if it), "")
    return name(found) or "not told"


def _display() -> str:
    if sys.platform in {"win32", "darwin"}:
        return "the system's own"
    kinds = {"DISPLAY": "X11", "WAYLAND_DISPLAY": "Wayland"}
    found = [kind for variable, kind in kinds.items() if os.environ.get(variable)]
    return " and ".join(found) or "none"


def _by_system(question: Callable[[], str], elsewhere: str) -> Callable[[], str]:
    if sys.platform in {"win32", "darwin"}:
        return lambda: elsewhere
    return question


def _where_secrets_are(run: AppContext) -> str:
    if isinstance(run.vault(), KeyringVault):
        return "in the keyring"
    return "in memory (a demo)" if run.options.demo else "in memory (given to this run)"


def _set(text: str | None) -> str:
    return "set" if text else "not set"


def _proxies() -> str:
    found = getproxies()
    kinds = [it for it in _PROXIES if it in found]
    return f"yes ({', '.join(kinds)})" if kinds else "no"


def _backend() -> str:
    """Ask a child process, as for secrets: the libraries are large, and may hang."""
    command = [*child_command()[:-1], "diagnostics", KEYRING_OPTION]
    try:
        done = subprocess.run(  # noqa: S603 (our own interpreter and module)
            command,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            timeout=_BACKEND_WITHIN_S,
            env=child_environment(),
            cwd=CHILD_FOLDER,
            check=True,
        )
        return str(json.loads(done.stdout.splitlines()[-1])["backend"])
    except subprocess.TimeoutExpired:
        return unknown("it takes too long")
    except (subprocess.CalledProcessError, ValueError, LookupError):
        return unknown("its process failed")


# What helpers ask for first, as text to paste and as JSON.


SCHEMA = 1


@dataclass(frozen=True, slots=True, kw_only=True)
class Diagnosis:
    """All that is handed out: facts by section and name, and the log's last lines.

    What could not be found out says why.
    """

    at: str
    sections: dict[str, dict[str, str]]
    log: tuple[str, ...]


def unknown(why: str) -> str:
    """Return the value of what could not be found out."""
    return f"unknown ({one_line(why)})"


def to_text(diagnosis: Diagnosis) -> str:
    """Return the diagnosis as lines to paste."""
    lines = [f"SEMS Tray diagnostics, {diagnosis.at}"]
    for section, facts in diagnosis.sections.items():
        width = max(map(len, facts)) + 1
        lines += ["", section]
        lines += [f"  {f'{label}:':<{width}} {fact}" for label, fact in facts.items()]
    lines += ["", "Log, the last lines"]
    lines += [f"  {it}" for it in diagnosis.log or ["none"]]
    return "\n".join(lines) + "\n"


def to_json(diagnosis: Diagnosis) -> dict[str, object]:
    """Return the diagnosis as a JSON value; the keys are the facts' names."""
    return {
        "schema": SCHEMA,
        "at": diagnosis.at,
        **{
            _key(section): {_key(label): fact for label, fact in facts.items()}
            for section, facts in diagnosis.sections.items()
        },
        "log": list(diagnosis.log),
    }


def _key(name: str) -> str:
    return re.sub(r"[^a-z0-9]+", "_", name.lower()).strip("_")


# What a profile's files look like from outside; nothing is opened for writing.


def _size_of(path: Path) -> str:
    """Say how large a file is with its companions, and whether it can be written."""
    try:
        found = [it for it in path.parent.glob(f"{path.name}*") if it.is_file()]
        mine = [it for it in found if ".damaged-" not in it.name]
        size = sum(it.stat().st_size for it in mine)
        if not path.exists():
            nearest = next((it for it in path.parents if it.exists()), path.parent)
            return f"none yet{_writable(nearest)}"
        kind = "" if path.is_file() else ", but it is no file"
    except OSError as exc:
        return f"cannot be read ({exc.strerror})"
    return f"{-(-size // _KIB)} KiB{kind}{_writable(path)}{_writable(path.parent)}"


def _settings_state(path: Path, loaded: Loaded) -> str:
    """Say how the settings were found."""
    change = "" if loaded.writable else "; they are not changed"
    return f"{loaded.message or _size_of(path)}{change}"


def _history_holds(path: Path) -> str:
    """Say since when and until when the history knows how many stations."""
    with HistoryReader(path) as reader:
        try:
            stations = reader.stations()
            first = [reader.first_day(it.id, UTC) for it in stations]
            newest = [reader.newest(it.id) for it in stations]
        except StorageError as exc:
            return f"it cannot be read: {exc}"
    since = min((it for it in first if it), default=None)
    last = max((it for it in newest if it), default=None)
    if since is None:
        return "nothing"
    until = "" if last is None else f" to {utc_text(last)}"
    what = "1 station" if len(stations) == 1 else f"{len(stations)} stations"
    return f"{what}, {since}{until}"


def logger_clocks(path: Path) -> str:
    """Say how wrong the clocks of the stations' loggers were found to be."""
    with HistoryReader(path) as reader:
        try:
            kept = [
                reader.state(station.id, logger_clock.LOGGER_CLOCK)
                for station in reader.stations()
            ]
        except StorageError as exc:
            return f"unknown, the history cannot be read: {exc}"
    wrong = [behind for it in kept if (behind := logger_clock.from_json(it))]
    said = [f"the logger's clock is {logger_clock.words(it)}" for it in wrong]
    return "; ".join(said) or "as the loggers say"


def _set_aside(paths: Paths) -> str:
    """Count the files that were damaged and kept."""
    names = (paths.settings, paths.history)
    count = sum(
        not row.name.endswith(("-wal", "-shm"))
        for path in names
        for row in path.parent.glob(f"{path.name}.damaged-*")
    )
    return "1 damaged file" if count == 1 else f"{count or 'no'} damaged files"


def _log_lines(path: Path) -> list[str]:
    """Return the log's last lines, or why there are none."""
    try:
        return last_lines(path, _LINES)
    except OSError as exc:
        return [f"the log cannot be read ({exc.strerror})"]


def _private_names(path: Path) -> list[str]:
    """Return the names and ids of the stations, which nobody else needs to read."""
    try:
        with HistoryReader(path) as reader:
            return [text for it in reader.stations() for text in (it.id, it.name)]
    except Exception:  # noqa: BLE001 (the question about the history says why)
        return []


def _writable(path: Path) -> str:
    what = "the folder" if path.is_dir() else "it"
    return "" if os.access(path, os.W_OK) else f", {what} cannot be written"
