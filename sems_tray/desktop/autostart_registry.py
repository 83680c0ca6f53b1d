"""Start at login by the registry of Windows."""

from __future__ import annotations

import importlib
import re
import subprocess
from contextlib import suppress
from typing import TYPE_CHECKING, Any

from sems_tray.i18n.language import tr

from .autostart_entry import is_there

if TYPE_CHECKING:
    from .autostart_entry import Entry


_ROOT = r"Software\Microsoft\Windows\CurrentVersion"
RUN = rf"{_ROOT}\Run"
# Where the task manager keeps what it switched off.
APPROVED = rf"{_ROOT}\Explorer\StartupApproved\Run"
_NAME = "SEMS Tray"
# "Run and RunOnce Registry Keys": a longer command line is not run.
_MOST = 260
_PROGRAM = re.compile(r'"([^"]*)"|(\S+)')


class RegistryAutostart:
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

    def is_lost(self) -> bool:
        """Say whether Windows starts it, but would not find it."""
        if not self.is_on():
            return False
        found = _PROGRAM.match(str(self._value(RUN)))
        return found is None or not is_there(found[1] or found[2])

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
