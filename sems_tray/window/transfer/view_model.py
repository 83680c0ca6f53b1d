"""What is kept of a station, and how a back-fill gets on, in words."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sems_tray.domain.failures import sentence
from sems_tray.history.query import step_title
from sems_tray.i18n import formatting
from sems_tray.i18n.formatting import date_with_year
from sems_tray.i18n.language import mark, tr, trn

if TYPE_CHECKING:
    from datetime import timedelta

    from sems_tray.history.plan import Progress
    from sems_tray.history.query import HistorySummary


_ASK = mark(
    "Fetches every day since the station was built from the portal, slowly, so that"
    " the portal does not mind. It may take hours; what is fetched is kept, and a"
    " later start goes on where this one ends."
)
_MEGABYTE = 1e6


def summary_words(kept: HistorySummary) -> str:
    """Return "Kept on this computer since 3 March 2026 (12.3 MB)."."""
    if kept.trouble:
        text = tr("The history cannot be read now: {trouble}.")
        return text.format(trouble=kept.trouble)
    if kept.first is None:
        return tr("Nothing is kept yet.")
    size = formatting.fixed(kept.size_bytes / _MEGABYTE, 1)
    return tr("Kept on this computer since {date} ({size} MB).").format(
        date=date_with_year(kept.first), size=size
    )


def past_words(progress: Progress, *, wanted: bool, wait: timedelta | None) -> str:
    """Return where a back-fill is, in one or two sentences."""
    if progress.trouble:
        return _going_on(progress.trouble, wait if wanted and wait else None)
    if progress.failed is not None:
        return _going_on(sentence(progress.failed), wait if wanted else None)
    if not wanted:
        return tr("The whole past is kept.") if progress.finished else tr(_ASK)
    return _under_way(progress)


def _going_on(said: str, wait: timedelta | None) -> str:
    if wait is None:
        return said
    # Translators: {wait} is "40 s" or "5 min".
    again = tr("Goes on in {wait}.").format(wait=formatting.wait(wait))
    return f"{said} {again}"


def _under_way(progress: Progress) -> str:
    if progress.at is None:
        return tr("Looking for the beginning …")
    at = step_title(progress.at)
    if progress.total is None:
        # Translators: {period} is a day, a month or a year.
        return tr("Looking for the beginning: {period} …").format(period=at)
    text = trn(
        "Fetching {period}: {done} of {count} steps.",
        "Fetching {period}: {done} of {count} steps.",
        progress.total,
    )
    return text.format(period=at, done=progress.done, count=progress.total)
