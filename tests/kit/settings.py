"""Settings in force that leave no trace."""

from __future__ import annotations

from pathlib import Path

from sems_tray.runtime.context import AppContext
from sems_tray.runtime.options import Options
from sems_tray.runtime.settings_repository import SettingsRepository
from sems_tray.storage.paths import profile_paths
from sems_tray.storage.settings import Loaded, Settings


def in_force(settings: Settings = Settings()) -> SettingsRepository:
    """Hold settings as those of a demo: nothing is saved."""
    paths = profile_paths(Path("/nowhere"))
    return SettingsRepository(
        AppContext(options=Options(demo="day"), paths=paths, loaded=Loaded(settings))
    )
