"""Starting at login: this run's entry, which follows the program when it is moved."""

from __future__ import annotations

import logging
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, QTimer, Slot

if TYPE_CHECKING:
    from sems_tray.desktop.autostart import Autostart
    from sems_tray.runtime.context import AppContext


log = logging.getLogger(__name__)

_LOOKS_AFTER_MS = 10_000  # the start has enough to do


def login_of(run: AppContext) -> Autostart:
    """Return the entry of a run's profile."""
    from sems_tray.desktop.autostart import autostart
    from sems_tray.storage.paths import default_paths

    own = run.paths.config != default_paths().config
    return autostart(run.paths.config if own else None)


class FollowsMove(QObject):
    """Looks once, some seconds after the start; a demo is nobody's at login."""

    def __init__(self, run: AppContext, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._run = run
        if run.options.demo is None:
            QTimer.singleShot(_LOOKS_AFTER_MS, self, self.look)

    @Slot()
    def look(self) -> None:
        """Let the start at login find the program where it is now."""
        at_login = login_of(self._run)
        if at_login.is_lost():
            trouble = at_login.set(True)
            log.info("start at login: the program was moved; %s", trouble or "mended")
