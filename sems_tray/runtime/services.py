"""What every controller of the tray app may use: built once, before them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from sems_tray.history.local_reader import LocalHistory

    from .context import AppContext
    from .network_thread import NetworkThread
    from .session_events import SessionEvents
    from .settings_repository import SettingsRepository
    from .sky import Sky


@dataclass(frozen=True, slots=True, kw_only=True)
class Services:
    """The services of one run. ``context`` is as it was at the start."""

    context: AppContext
    events: SessionEvents
    network: NetworkThread
    settings: SettingsRepository
    sky: Sky
    history: LocalHistory

    @property
    def is_demo(self) -> bool:
        """Whether the station is made up."""
        return self.context.options.demo is not None
