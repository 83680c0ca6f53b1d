"""Why something about the history was not done, or not to its end."""

from __future__ import annotations

from sems_tray.storage.history.database import StorageError


class HistoryWriteError(StorageError):
    """The history cannot be written; says so in a sentence, in the language spoken."""

    def __init__(self, text: str) -> None:
        super().__init__(text, said=text)


class StoppedError(Exception):
    """Somebody stopped it; nothing is left behind but what was written before."""
