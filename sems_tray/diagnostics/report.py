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
from importlib import metadata
from pathlib import Path
from typing import TYPE_CHECKING
from urllib.request import getproxies

import sems_tray
from sems_tray.desktop import bus_probe
from sems_tray.domain.time_zones import utc_now
from sems_tray.i18n.formatting import name, one_line, utc_text
from sems_tray.log.handlers import log_path, redact_from_now_on, redacted
from sems_tray.storage.credentials import KeyringVault, child_command

from . import files

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from sems_tray.runtime.context import AppContext


_BACKEND_WITHIN_S = 3.5
_LINES = 100
KEYRING_OPTION = "--keyring-backend"
_HOME = Path(sems_tray.__file__).resolve().parent.parent
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
    redact_from_now_on(*files.private_names(run.paths.history))
    sections: dict[str, list[DiagnosticFact]] = {}
    for (section, label), question in _questions(run).items():
        fact = DiagnosticFact(name=label, value=_answer(question))
        sections.setdefault(section, []).append(fact)
    lines = files.log_lines(log_path(run.paths.log), _LINES)
    return cleaned(
        Diagnosis(
            at=utc_text(utc_now()),
            sections=tuple(
                Section(name=it, facts=tuple(facts)) for it, facts in sections.items()
            ),
            # Redacted already, but by what was known when they were written.
            log=tuple(redacted(it) for it in lines),
        ),
        redacted,
    )


def _questions(run: AppContext) -> dict[tuple[str, str], Callable[[], str]]:
    """Return what is asked, by section and label."""
    paths = run.paths
    return {
        ("Program", "SEMS Tray"): lambda: sems_tray.__version__ + _frozen(),
        ("Program", "Python"): platform.python_version,
        ("Program", "PySide6"): _pyside,
        ("Program", "Qt"): _qt,
        ("Program", "System"): _system,
        ("Desktop", "Desktop"): lambda: _told("XDG_CURRENT_DESKTOP", "DESKTOP_SESSION"),
        ("Desktop", "Session type"): lambda: _told("XDG_SESSION_TYPE"),
        ("Desktop", "Display"): _display,
        ("Desktop", "Qt platform"): _platform_plugin,
        ("Desktop", "Language"): lambda: (
            name(run.settings.language) or _told("LC_ALL", "LC_MESSAGES", "LANG")
        ),
        ("Desktop", "Tray"): _by_system(bus_probe.tray_host, "the system's own"),
        ("Desktop", "Notifications"): _by_system(
            bus_probe.notification_daemon, "the system's own, through Qt"
        ),
        ("Secrets", "Kept"): lambda: _where_secrets_are(run),
        ("Secrets", "Keyring backend"): _backend,
        ("Secrets", "Keyring"): _by_system(
            bus_probe.secret_service, unknown("asking could unlock it")
        ),
        ("Portal", "Account"): lambda: _set(
            run.options.account or run.settings.account
        ),
        ("Portal", "Dialect"): lambda: name(
            run.options.dialect or run.settings.dialect
        ),
        ("Portal", "Station"): lambda: "chosen" if run.station else "the first",
        ("Portal", "Address"): lambda: (
            "another portal's" if run.options.portal else "GoodWe's"
        ),
        ("Portal", "Polled every"): lambda: f"{run.settings.live_minutes:g} min",
        ("Portal", "Measured times"): lambda: files.logger_clocks(paths.history),
        ("Portal", "Proxies"): _proxies,
        ("Portal", "Own certificates"): lambda: (
            "yes" if any(os.environ.get(it) for it in _CERTIFICATES) else "no"
        ),
        ("Files", "Folders"): lambda: (
            "one of a profile" if run.options.profile else "the usual ones"
        ),
        ("Files", "Settings"): lambda: files.settings_state(paths.settings, run.loaded),
        ("Files", "History"): lambda: files.size_of(paths.history),
        ("Files", "History holds"): lambda: files.history_holds(paths.history),
        ("Files", "Set aside"): lambda: files.set_aside(paths),
        ("Files", "Log"): lambda: files.size_of(log_path(paths.log)),
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
    ours = "SEMS_TRAY_"
    try:
        done = subprocess.run(  # noqa: S603 (our own interpreter and module)
            command,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            timeout=_BACKEND_WITHIN_S,
            env={key: it for key, it in os.environ.items() if not key.startswith(ours)},
            cwd=_HOME,
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
class DiagnosticFact:
    """One thing that was found out, or why it was not."""

    name: str
    value: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Section:
    """Facts that belong together."""

    name: str
    facts: tuple[DiagnosticFact, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Diagnosis:
    """All that is handed out; ``log`` is the last lines, or why there are none."""

    at: str
    sections: tuple[Section, ...]
    log: tuple[str, ...]


def unknown(why: str) -> str:
    """Return the value of what could not be found out."""
    return f"unknown ({one_line(why)})"


def to_text(diagnosis: Diagnosis) -> str:
    """Return the diagnosis as lines to paste."""
    lines = [f"SEMS Tray diagnostics, {diagnosis.at}"]
    for section in diagnosis.sections:
        lines += ["", section.name, *_rows(section.facts)]
    lines += [
        "",
        "Log, the last lines",
        *(f"  {it}" for it in diagnosis.log or ["none"]),
    ]
    return "\n".join(lines) + "\n"


def to_json(diagnosis: Diagnosis) -> dict[str, object]:
    """Return the diagnosis as a JSON value; the keys are the facts' names."""
    return {
        "schema": SCHEMA,
        "at": diagnosis.at,
        **{
            _key(section.name): {_key(it.name): it.value for it in section.facts}
            for section in diagnosis.sections
        },
        "log": list(diagnosis.log),
    }


def cleaned(diagnosis: Diagnosis, clean: Callable[[str], str]) -> Diagnosis:
    """Return the diagnosis with every value and every line of the log cleaned."""
    return Diagnosis(
        at=diagnosis.at,
        sections=tuple(
            Section(
                name=section.name,
                facts=tuple(
                    DiagnosticFact(name=fact.name, value=one_line(clean(fact.value)))
                    for fact in section.facts
                ),
            )
            for section in diagnosis.sections
        ),
        log=diagnosis.log,
    )


def _rows(facts: Sequence[DiagnosticFact]) -> list[str]:
    width = max((len(it.name) for it in facts), default=0) + 1
    return [f"  {it.name + ':':<{width}} {one_line(it.value)}" for it in facts]


def _key(name: str) -> str:
    return re.sub(r"[^a-z0-9]+", "_", name.lower()).strip("_")
