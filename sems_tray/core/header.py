"""What stands above and below every page of the details window."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from enum import StrEnum
from typing import TYPE_CHECKING

from . import words
from .alerts.codes import advice
from .model import Dialect, StationState
from .present import measured, sleeping, state_words, zone_of
from .troubles import Action, sentence
from .troubles import words as trouble_words
from .verdict import is_fault, is_grid_loss, is_old, state_of
from .words import one_line

if TYPE_CHECKING:
    from datetime import datetime

    from .model import Reading
    from .outcome import Failed
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
_LOOK = "Check the data logger's Wi-Fi and power."
_SOURCES = {Dialect.SEMSPLUS: "SEMS+", Dialect.CLASSIC: "SEMS classic"}


def header_view(it: Situation) -> HeaderView:
    """Return the header and the footer."""
    reading = it.reading
    state, mood = _state(it)
    said, action = _advice(it)
    refresh, refreshable = refresh_words(it)
    parts = (said, *it.notes)
    return HeaderView(
        title=_title(it),
        state=state,
        mood=mood,
        age=measured(reading, it.now) if reading else "",
        message=" ".join(part for part in parts if part),
        action=action,
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


def _advice(it: Situation) -> tuple[str, Action | None]:
    """Return a sentence on what is wrong or to be done, and a button's action."""
    if it.failed is not None:
        return sentence(it.failed), trouble_words(it.failed.trouble).action
    if it.reading is None:
        return "", None
    reading = sleeping(it.reading, it.now, it.dark_at)
    state = state_of(reading, it.now, it.dark_at)
    if state is StationState.SILENT:
        return _silence(reading, it.now), Action.OPEN_PORTAL
    if state not in {StationState.FAULT, StationState.GRID_LOST}:
        return "", None
    grid_lost = state is StationState.GRID_LOST
    holds = is_grid_loss if grid_lost else is_fault
    alarm = next((it for it in reading.alarms if holds(it)), None)
    if alarm is not None:
        return _first_sentence(advice(one_line(alarm.name))), Action.SHOW_ALARMS
    # A device says so itself; the list of alarms has nothing to show.
    return _first_sentence(advice("Grid lost" if grid_lost else "")), None


def _silence(reading: Reading, now: datetime) -> str:
    """Return since when nothing is reported, and what to look at."""
    if is_old(reading, now) and reading.measured_at is not None:
        since = words.clock(reading.measured_at, now, zone_of(reading))
        return f"The station has not reported since {since}. {_LOOK}"
    return f"The inverter does not report. {_LOOK}"


def _first_sentence(text: str) -> str:
    first, dot, _ = text.partition(". ")
    return f"{first}." if dot else text


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
