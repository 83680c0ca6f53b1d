"""What is said of the stations beside the one that is shown."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING

from . import words
from .language import markc, tr, trc, trn
from .model import StationState

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime

# Each is asked every ten minutes or half an hour: what is older is told with its age.
_RECENT = timedelta(hours=1)
_MOST_NAMED = 2

# The worst first; in any other state nothing is wrong.
WORST_FIRST = (StationState.GRID_LOST, StationState.FAULT, StationState.SILENT)
_STATES = {
    StationState.OK: markc("station state", "all well"),
    StationState.NIGHT: markc("station state", "night"),
    StationState.SILENT: markc("station state", "does not report"),
    StationState.FAULT: markc("station state", "fault"),
    StationState.GRID_LOST: markc("station state", "grid lost"),
    StationState.WAITING: markc("station state", "waiting"),
    StationState.UNKNOWN: markc("station state", "state unknown"),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Elsewhere:
    """The state of a station that is not the one shown, and when it was found."""

    name: str
    state: StationState
    at: datetime

    @property
    def wrong(self) -> bool:
        """Whether the owner should look after it."""
        return self.state in WORST_FIRST


def state_word(state: StationState) -> str:
    """Return a state as it follows a station's name: "fault"."""
    return trc("station state", _STATES[state])


def worst_first(found: Sequence[Elsewhere]) -> tuple[Elsewhere, ...]:
    """Return those with which something is wrong, the worst first."""
    wrong = [it for it in found if it.wrong]
    return tuple(sorted(wrong, key=lambda it: WORST_FIRST.index(it.state)))


def named(it: Elsewhere, now: datetime) -> str:
    """Return "Farm: fault"; with its age where that is not of now."""
    name, state = words.name(it.name), state_word(it.state)
    since = now - it.at
    if since <= _RECENT:
        # Translators: a station's name and its state, such as "Farm: fault".
        return tr("{station}: {state}").format(station=name, state=state)
    # Translators: such as "Farm: fault (2 h ago)".
    return tr("{station}: {state} ({ago})").format(
        station=name, state=state, ago=words.ago(since)
    )


def marked(it: Elsewhere, now: datetime) -> str:
    """Return the same for a list of stations, with a mark where something is wrong."""
    return f"⚠ {named(it, now)}" if it.wrong else named(it, now)


def elsewhere_line(wrong: Sequence[Elsewhere], now: datetime) -> str:
    """Return a line on what is wrong elsewhere; "" where nothing is."""
    parts = [named(it, now) for it in wrong[:_MOST_NAMED]]
    more = len(wrong) - len(parts)
    if more > 0:
        parts.append(
            # Translators: further stations with which something is wrong.
            trn("{count} more station", "{count} more stations", more).format(
                count=more
            )
        )
    return " · ".join(parts)
