"""What the page "History" says of its fetching: in its line, and in an empty chart."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from sems_tray.core.history_needs import step_title
from sems_tray.core.history_view import nothing_yet
from sems_tray.core.language import tr
from sems_tray.core.troubles import sentence

if TYPE_CHECKING:
    from collections.abc import Sequence

    from sems_tray.core.history import Period
    from sems_tray.core.past import Step

    from .history_visit import Patience, Visit


@dataclass(frozen=True, slots=True, kw_only=True)
class Said:
    """What is under way, or a remark; and what is wrong."""

    text: str = ""
    running: bool = False
    trouble: str = ""


def said(steps: Sequence[Step], visit: Visit, patience: Patience) -> Said:
    """Return what to say of the steps that a page lacks."""
    failed, following = visit.failure(steps), visit.following(steps)
    if visit.under_way is not None:
        return _fetching(visit.under_way)
    if patience.paused and (following is not None or failed is not None):
        return Said(text=patience.paused)
    failed = failed or (patience.failed if following is not None else None)
    if failed is not None:
        return Said(trouble=sentence(failed))
    # It is asked for in a moment: who leafs sees no "Nothing is kept" flash by.
    return Said() if following is None else _fetching(following)


def in_empty_chart(
    kind: Period, steps: Sequence[Step], visit: Visit, patience: Patience
) -> str:
    """Return what stands in an empty chart; "" once the portal had nothing."""
    failed = visit.failure(steps) is not None
    if not failed and not visit.lacks(steps):
        return ""
    return nothing_yet(kind) if failed or patience.wait_ms else tr("Fetching …")


def _fetching(step: Step) -> Said:
    # Translators: {date} is "21 June 2026", "June 2026" or "2026".
    text = tr("Fetching {date} …").format(date=step_title(step))
    return Said(text=text, running=True)
