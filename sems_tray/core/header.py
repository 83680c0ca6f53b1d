"""What stands above and below every page of the details window."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from enum import StrEnum
from typing import TYPE_CHECKING

from . import words
from .model import Dialect, StationState
from .present import measured, sleeping, state_words
from .troubles import sentence
from .troubles import words as trouble_words
from .verdict import state_of

if TYPE_CHECKING:
    from datetime import datetime

    from .model import Reading
    from .outcome import Failed
    from .troubles import Action
    from .verdict import DarkAt


class Mood(StrEnum):
    """How loud a state is."""

    WELL = "well"
    CALM = "calm"  # nothing wrong, nothing to be proud of: night, waiting
    WRONG = "wrong"


class Page(StrEnum):
    """The window's pages, in their order."""

    NOW = "now"
    HISTORY = "history"
    DEVICES = "devices"
    ALARMS = "alarms"


@dataclass(frozen=True, slots=True, kw_only=True)
class HeaderView:
    """Title, state, age, what is wrong and what can be done, and the small print."""

    title: str
    state: str = ""
    mood: Mood = Mood.CALM
    age: str = ""
    message: str = ""
    action: Action | None = None
    refresh: str = "Refresh now"
    refreshable: bool = True
    footer: str = ""
    source: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Situation:
    """What the header is made of. ``notes`` are sentences about this computer."""

    now: datetime
    dark_at: DarkAt
    reading: Reading | None = None
    failed: Failed | None = None
    in_flight: bool = False
    pause_until: datetime | None = None
    next_at: datetime | None = None
    requests_today: int = 0
    notes: tuple[str, ...] = ()
    kept: str = ""  # where the password is
    demo: bool = False


_MOODS = {
    StationState.OK: Mood.WELL,
    StationState.NIGHT: Mood.CALM,
    StationState.WAITING: Mood.CALM,
    StationState.UNKNOWN: Mood.CALM,
    StationState.SILENT: Mood.WRONG,
    StationState.FAULT: Mood.WRONG,
    StationState.GRID_LOST: Mood.WRONG,
}
_SOURCES = {Dialect.SEMSPLUS: "SEMS+", Dialect.CLASSIC: "SEMS classic"}


def header_view(it: Situation) -> HeaderView:
    """Return the header and the footer."""
    reading, failed = it.reading, it.failed
    state, mood = _state(it)
    refresh, refreshable = refresh_words(it)
    parts = (sentence(failed) if failed else "", *it.notes)
    return HeaderView(
        title=_title(it),
        state=state,
        mood=mood,
        age=measured(reading, it.now) if reading else "",
        message=" ".join(part for part in parts if part),
        action=trouble_words(failed.trouble).action if failed else None,
        refresh=refresh,
        refreshable=refreshable,
        footer=_footer(it),
        source=_SOURCES[reading.dialect] if reading else "",
    )


def refresh_words(it: Situation) -> tuple[str, bool]:
    """Return what the refresh entry says, and whether it can be chosen."""
    if it.in_flight:
        return "Refreshing …", False
    if it.pause_until is not None and it.pause_until > it.now:
        return f"Refresh possible in {words.wait(it.pause_until - it.now)}", False
    return "Refresh now", True


def _title(it: Situation) -> str:
    station = it.reading.station if it.reading else None
    name = words.name(station.name or station.id) if station else "SEMS Tray"
    return f"{name} · DEMO" if it.demo else name


def _state(it: Situation) -> tuple[str, Mood]:
    """Return the chip: the trouble if there is one, else the station's state."""
    if it.failed is not None:
        return trouble_words(it.failed.trouble).title, Mood.WRONG
    if it.reading is None:
        return "Asking GoodWe …", Mood.CALM
    reading = sleeping(it.reading, it.now, it.dark_at)
    state = state_of(reading, it.now, it.dark_at)
    return state_words(reading, state, it.now) or "All well", _MOODS[state]


def _footer(it: Situation) -> str:
    parts = [_requests(it.requests_today)]
    if it.next_at is not None and not it.in_flight and it.next_at > it.now:
        parts.append(f"next reading in {words.duration(_rounded(it.next_at - it.now))}")
    if it.reading is not None and it.reading.stale:
        parts.append(f"not renewed: {', '.join(it.reading.stale)}")
    if it.kept:
        parts.append(f"password kept {it.kept}")
    return " · ".join(parts)


def _requests(count: int) -> str:
    return "1 request today" if count == 1 else f"{count} requests today"


def _rounded(ahead: timedelta) -> timedelta:
    """Return whole minutes: seconds that count down would only be restless."""
    minute = timedelta(minutes=1)
    return minute * max(1, round(ahead / minute))
