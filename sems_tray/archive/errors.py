"""Why something about the history was not done, or not to its end."""

from __future__ import annotations

from sems_tray.store.history import KnownError


class NotKeptError(KnownError):
    """The history cannot be written; says so in a sentence."""


class StoppedError(Exception):
    """Somebody stopped it; nothing is left behind but what was kept before."""
