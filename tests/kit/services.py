"""The services of a run whose network thread is answered by the test."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sems_tray.history.local_reader import LocalHistory
from sems_tray.runtime.context import AppContext
from sems_tray.runtime.options import Options
from sems_tray.runtime.services import Services, SessionEvents
from sems_tray.runtime.settings_repository import SettingsRepository
from sems_tray.runtime.sky import Sky
from sems_tray.storage.paths import profile_paths
from sems_tray.storage.settings import Loaded, Settings
from tests.kit.network import QueuedNetwork

if TYPE_CHECKING:
    from pathlib import Path

    from sems_tray.runtime.network_thread import NetworkThread


def context_in(
    folder: Path, *, settings: Settings | None = None, options: Options | None = None
) -> AppContext:
    """Return a run whose profile is a folder."""
    return AppContext(
        options=options or Options(),
        paths=profile_paths(folder),
        loaded=Loaded(settings or Settings()),
    )


def services_in(
    folder: Path,
    *,
    settings: Settings | None = None,
    options: Options | None = None,
    network: NetworkThread | None = None,
) -> Services:
    """Return the services of a profile in a folder."""
    context = context_in(folder, settings=settings, options=options)
    return Services(
        context=context,
        events=SessionEvents(),
        network=network or QueuedNetwork(),
        settings=SettingsRepository(context),
        sky=Sky(context.settings),
        history=LocalHistory(folder / "none"),
    )
