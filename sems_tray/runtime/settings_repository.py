"""What the owner chose, in this run and in the file."""

from __future__ import annotations

from dataclasses import replace
from datetime import time
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Signal

from sems_tray.alerts.settings import Limits, QuietChoice
from sems_tray.storage.settings import SettingsFile, changed

if TYPE_CHECKING:
    from sems_tray.storage.settings import AlertSettings, Settings

    from .context import AppContext


def limits_of(alerts: AlertSettings) -> Limits:
    """Return the owner's limits of the alert rules."""
    return Limits(
        low_percent=alerts.low_percent,
        critical_percent=alerts.critical_percent,
        full_percent=alerts.full_percent,
        portal_minutes=alerts.portal_minutes,
    )


def quiet_of(alerts: AlertSettings) -> QuietChoice:
    """Return the owner's quiet hours."""
    quiet = alerts.quiet
    return QuietChoice(
        on=quiet.on,
        start=time.fromisoformat(quiet.start),
        end=time.fromisoformat(quiet.end),
        weekdays=frozenset(quiet.weekdays),
    )


class SettingsRepository(QObject):
    """Holds the run with the settings in force; a demo's leave no trace."""

    said = Signal(str)  # that they cannot be saved, or "" that they are

    def __init__(self, run: AppContext) -> None:
        super().__init__()
        self._run = run
        kept = run.loaded.writable and run.options.demo is None
        self._file = SettingsFile(run.paths.settings, writable=kept)

    def begin(self) -> None:
        """See whether choices can be saved."""
        self._file.begin()
        self.say()

    def run(self) -> AppContext:
        """Return the run with what was chosen meanwhile."""
        return self._run

    @property
    def settings(self) -> Settings:
        """The settings in force."""
        return self._run.settings

    def keep(self, settings: Settings) -> None:
        """Take settings, and keep them in the file."""
        loaded = replace(self._run.loaded, settings=settings)
        self._run = replace(self._run, loaded=loaded)
        self._file.keep(settings)
        self.say()

    def save(self, **changes: str | None) -> None:
        """Keep some choices for the next start."""
        self.keep(changed(self.settings, **changes))

    def retry(self) -> None:
        """Try again to save what could not be saved."""
        if self._file.message:
            self._file.retry()
            self.say()

    def say(self) -> None:
        """Say whether the settings are saved, in the language spoken now."""
        self.said.emit(self._file.message)
