"""The settings in force: the one place that changes them and saves them."""

from __future__ import annotations

import errno
import logging
import os
from contextlib import suppress
from dataclasses import replace
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Signal

from sems_tray.i18n.language import refusal, said, tr
from sems_tray.storage.settings import changed, rest_prefix, save

if TYPE_CHECKING:
    from sems_tray.storage.settings import Settings

    from .context import AppContext


log = logging.getLogger(__name__)


class SettingsRepository(QObject):
    """Holds the settings in force; a full disk loses no choice.

    Those of a demo, and of a file that is not ``writable`` (see ``settings.Loaded``),
    are not saved.  Only for the first program of a profile: another would write over
    what this one saves.
    """

    changed = Signal(object, object)  # Settings before and after
    save_state_changed = Signal(str)  # that they cannot be saved, or "" that they are

    def __init__(self, context: AppContext) -> None:
        super().__init__()
        self._context = context
        self._path = context.paths.settings
        self._writable = context.loaded.writable and context.options.demo is None
        self._unsaved: Settings | None = None
        self._refusal = ""

    @property
    def context(self) -> AppContext:
        """The run, with the settings in force."""
        return self._context

    @property
    def settings(self) -> Settings:
        """The settings in force."""
        return self._context.settings

    def update(self, **changes: object) -> None:
        """Change some settings."""
        self.save(changed(self.settings, **changes))

    def save(self, settings: Settings) -> None:
        """Put settings in force, and save them now or as soon as it works."""
        before = self.settings
        if settings == before:
            return
        loaded = replace(self._context.loaded, settings=settings)
        self._context = replace(self._context, loaded=loaded)
        if self._writable:
            self._write(settings)
        self.changed.emit(before, settings)

    # -- the file --------------------------------------------------------------

    @property
    def message(self) -> str:
        """What the owner should know: that a choice is not saved, or nothing."""
        if not self._refusal:
            return ""
        text = tr("The settings cannot be saved: {reason}.")
        return text.format(reason=said(self._refusal))

    def check_writable(self) -> None:
        """See whether choices can be saved, and tidy up after one that was killed."""
        if not self._writable:
            return
        self._check_permission()
        with suppress(OSError):
            for rest in self._path.parent.iterdir():
                if rest.name.startswith(rest_prefix(self._path)):
                    rest.unlink(missing_ok=True)
                    log.info("settings: removed a half-written file")

    def save_pending(self) -> None:
        """Save what could not be saved before, if there is anything."""
        if self._unsaved is not None:
            self._write(self._unsaved)
        elif self._refusal:
            self._check_permission()

    def notify_save_state(self) -> None:
        """Say whether the settings are saved, in the language spoken now."""
        self.save_state_changed.emit(self.message)

    def _write(self, settings: Settings) -> None:
        try:
            save(self._path, settings)
        except OSError as exc:
            self._unsaved = settings
            self._set_refusal(refusal(exc))
        else:
            self._unsaved = None
            self._set_refusal("")

    def _check_permission(self) -> None:
        """Ask for permission, without writing anything."""
        folder = self._path.parent
        # Not Path.exists(), which raises where nobody may look.
        existing = (it for it in (folder, *folder.parents) if os.path.lexists(it))
        is_allowed = os.access(next(existing, folder), os.W_OK)
        self._set_refusal("" if is_allowed else refusal(OSError(errno.EACCES, "")))

    def _set_refusal(self, reason: str) -> None:
        if reason == self._refusal:
            return
        if reason:
            log.warning("The settings cannot be saved: %s.", reason)
        else:
            log.info("settings: can be saved again")
        self._refusal = reason
        self.notify_save_state()
