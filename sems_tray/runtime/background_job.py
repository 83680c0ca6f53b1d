"""One piece of work in a thread of its own, beside everything else."""

from __future__ import annotations

import logging
from typing import TYPE_CHECKING

from PySide6.QtCore import QThread, Signal

from sems_tray.i18n.language import tr

if TYPE_CHECKING:
    from collections.abc import Callable


log = logging.getLogger(__name__)


class BackgroundJob(QThread):
    """Works, and tells what came of it; whatever happens, something is told."""

    told = Signal(str)

    def __init__(self, work: Callable[[], str]) -> None:
        super().__init__()
        self._work = work

    def run(self) -> None:
        """Work in this thread."""
        try:
            said = self._work()
        except Exception:
            log.exception("a job failed")
            said = tr("An error in SEMS Tray itself.")
        self.told.emit(said)
