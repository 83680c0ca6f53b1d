"""Keeps the settings in their file; what cannot be saved now is tried again."""

from __future__ import annotations

import errno
import logging
import os
from contextlib import suppress
from typing import TYPE_CHECKING

from sems_tray.core.language import tr
from sems_tray.core.saying import refusal, said

from .settings import rest_prefix, save

if TYPE_CHECKING:
    from pathlib import Path

    from .settings import Settings

log = logging.getLogger(__name__)


class SettingsFile:
    """Saves for the one program that may; a full disk loses no choice.

    A file that is not ``writable`` (see ``settings.Loaded``) stays as it is.
    """

    def __init__(self, path: Path, *, writable: bool) -> None:
        self._path = path
        self._writable = writable
        self._waiting: Settings | None = None
        self._why = ""

    @property
    def message(self) -> str:
        """What the owner should know: that a choice is not saved, or nothing."""
        if not self._why:
            return ""
        text = tr("The settings cannot be saved: {reason}.")
        return text.format(reason=said(self._why))

    def begin(self) -> None:
        """See whether choices can be saved, and tidy up after one that was killed.

        Only for the first program of a profile: another may be writing just now.
        """
        if not self._writable:
            return
        self._look()
        with suppress(OSError):
            for rest in self._path.parent.iterdir():
                if rest.name.startswith(rest_prefix(self._path)):
                    rest.unlink(missing_ok=True)
                    log.info("settings: removed a half-written file")

    def keep(self, settings: Settings) -> None:
        """Save, now or as soon as it works."""
        if self._writable:
            self._waiting = settings
            self.retry()

    def retry(self) -> None:
        """Save what could not be saved before, if there is anything."""
        if self._waiting is None:
            if self._why:
                self._look()
            return
        try:
            save(self._path, self._waiting)
        except OSError as exc:
            self._note(refusal(exc))
        else:
            self._waiting = None
            self._note("")

    def _look(self) -> None:
        """Ask for permission, without writing anything."""
        folder = self._path.parent
        # Not Path.exists(), which raises where nobody may look.
        places = (folder, *folder.parents)
        there = next((it for it in places if os.path.lexists(it)), folder)
        may = os.access(there, os.W_OK)
        self._note("" if may else refusal(OSError(errno.EACCES, "")))

    def _note(self, why: str) -> None:
        if why == self._why:
            return
        if why:
            log.warning("The settings cannot be saved: %s.", why)
        else:
            log.info("settings: can be saved again")
        self._why = why
