"""What is kept of a station, and how a back-fill gets on, in words."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from . import words
from .history_needs import step_title
from .troubles import sentence

if TYPE_CHECKING:
    from datetime import date, datetime, timedelta

    from .backfill import Progress

_ASK = (
    "Fetches every day since the station was built from the portal, slowly, so that"
    " the portal does not mind. It may take hours; what is fetched is kept, and a"
    " later start goes on where this one ends."
)
_MEGABYTE = 1e6


@dataclass(frozen=True, slots=True, kw_only=True)
class Kept:
    """What the history holds of a station; ``trouble`` says why it is not known."""

    first: date | None = None
    newest: datetime | None = None
    size_bytes: int = 0
    trouble: str = ""


def kept_words(kept: Kept) -> str:
    """Return "Kept on this computer since 3 March 2026 (12.3 MB)."."""
    if kept.trouble:
        return f"The history cannot be read now: {kept.trouble}."
    if kept.first is None:
        return "Nothing is kept yet."
    size = words.fixed(kept.size_bytes / _MEGABYTE, 1)
    first = f"{kept.first.day} {kept.first:%B %Y}"
    return f"Kept on this computer since {first} ({size} MB)."


def past_words(progress: Progress, *, wanted: bool, wait: timedelta | None) -> str:
    """Return where a back-fill is, in one or two sentences."""
    if progress.trouble:
        again = f" Goes on in {words.wait(wait)}." if wanted and wait else ""
        return progress.trouble + again
    if progress.failed is not None:
        said = sentence(progress.failed)
        if not wanted or wait is None:
            return said
        return f"{said} Goes on in {words.wait(wait)}."
    if not wanted:
        return "The whole past is kept." if progress.finished else _ASK
    return _under_way(progress)


def _under_way(progress: Progress) -> str:
    if progress.at is None:
        return "Looking for the beginning …"
    at = step_title(progress.at)
    if progress.total is None:
        return f"Looking for the beginning: {at} …"
    return f"Fetching {at}: {progress.done} of {progress.total} steps."
