"""What stands above and below every page of the details window."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import timedelta
from enum import StrEnum
from typing import TYPE_CHECKING

from sems_tray.domain.alarm_advice import first_advice
from sems_tray.domain.failures import Action, sentence
from sems_tray.domain.failures import words as trouble_words
from sems_tray.domain.model import Dialect, StationState
from sems_tray.domain.shown_reading import shown_reading
from sems_tray.domain.station_state import is_fault, is_grid_loss, is_old, state_of
from sems_tray.domain.wording import (
    demo_word,
    measured,
    stale_words,
    state_words,
    zone_of,
)
from sems_tray.i18n import formatting
from sems_tray.i18n.formatting import is_elsewhere, one_line
from sems_tray.i18n.language import mark, tr, trn

if TYPE_CHECKING:
    from datetime import datetime

    from sems_tray.domain.credentials import PasswordStorage
    from sems_tray.domain.model import Reading
    from sems_tray.domain.poll_result import PollFailed
    from sems_tray.domain.station_state import DarkAt


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
    refresh: str = field(default_factory=lambda: tr("Refresh now"))
    refreshable: bool = True
    footer: str = ""
    source: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class HeaderInputs:
    """What the header is made of. ``notes`` are sentences about this computer."""

    now: datetime
    dark_at: DarkAt
    reading: Reading | None = None
    failed: PollFailed | None = None
    in_flight: bool = False
    pause_until: datetime | None = None
    next_at: datetime | None = None
    requests_today: int = 0
    notes: tuple[str, ...] = ()
    custody: PasswordStorage | None = None  # where the password is, once it was typed
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
_PLACE = mark(
    "GoodWe does not tell where the station is, and its own hours of sun are not known"
    " yet. Enter its place in the settings to tell night from silence."
)
_QUARTER_DAY = timedelta(hours=6)
_LOOK = mark("Check the data logger's Wi-Fi and power.")
_SOURCES = {Dialect.SEMSPLUS: "SEMS+", Dialect.CLASSIC: mark("SEMS classic")}


def header_view(inputs: HeaderInputs) -> HeaderView:
    """Return the header and the footer."""
    reading = inputs.reading
    state, mood = _state(inputs)
    said, action = _advice(inputs)
    refresh, refreshable = refresh_words(inputs)
    parts = (said, *inputs.notes)
    return HeaderView(
        title=_title(inputs),
        state=state,
        mood=mood,
        age=measured(reading, inputs.now) if reading else "",
        message=" ".join(part for part in parts if part),
        action=action,
        refresh=refresh,
        refreshable=refreshable,
        footer=_footer(inputs),
        source=tr(_SOURCES[reading.dialect]) if reading else "",
    )


def refresh_words(inputs: HeaderInputs) -> tuple[str, bool]:
    """Return what the refresh entry says, and whether it can be chosen."""
    if inputs.in_flight:
        return tr("Refreshing …"), False
    if inputs.pause_until is not None and inputs.pause_until > inputs.now:
        # Translators: {wait} is "40 s" or "5 min".
        text = tr("Refresh possible in {wait}")
        return text.format(wait=formatting.wait(inputs.pause_until - inputs.now)), False
    return tr("Refresh now"), True


def _title(inputs: HeaderInputs) -> str:
    station = inputs.reading.station if inputs.reading else None
    name = (
        formatting.name(station.name) or formatting.name(station.id)
        if station
        else "SEMS Tray"
    )
    return f"{name} · {demo_word()}" if inputs.demo else name


def _state(inputs: HeaderInputs) -> tuple[str, Mood]:
    """Return the chip: the trouble if there is one, else the station's state."""
    if inputs.failed is not None:
        return trouble_words(inputs.failed.trouble).title, Mood.WRONG
    if inputs.reading is None:
        return tr("Asking GoodWe …"), Mood.CALM
    reading = shown_reading(inputs.reading, inputs.now, inputs.dark_at)
    state = state_of(reading, inputs.now, inputs.dark_at)
    return state_words(reading, state, inputs.now) or tr("All well"), _MOODS[state]


def _advice(  # noqa: PLR0911 (a return per state)
    inputs: HeaderInputs,
) -> tuple[str, Action | None]:
    """Return a sentence on what is wrong or to be done, and a button's action."""
    if inputs.failed is not None:
        return sentence(inputs.failed), trouble_words(inputs.failed.trouble).action
    if inputs.reading is None:
        return "", None
    reading = shown_reading(inputs.reading, inputs.now, inputs.dark_at)
    state = state_of(reading, inputs.now, inputs.dark_at)
    if state is StationState.SILENT:
        return _silence(reading, inputs.now), Action.OPEN_PORTAL
    if state is StationState.UNKNOWN and _nobody_knows_the_sun(inputs):
        return tr(_PLACE), None
    if state not in {StationState.FAULT, StationState.GRID_LOST}:
        return "", None
    grid_lost = state is StationState.GRID_LOST
    holds = is_grid_loss if grid_lost else is_fault
    alarm = next((it for it in reading.alarms if holds(it)), None)
    if alarm is not None:
        return first_advice(one_line(alarm.name)), Action.SHOW_ALARMS
    # A device says so itself; the list of alarms has nothing to show.
    # By the name that such an alarm has at the portal, whatever language is spoken.
    return first_advice("Grid lost" if grid_lost else ""), None


def _nobody_knows_the_sun(inputs: HeaderInputs) -> bool:
    """Say whether nothing tells where the station stands, at any time of the day."""
    return all(inputs.dark_at(inputs.now + n * _QUARTER_DAY) is None for n in range(4))


def _silence(reading: Reading, now: datetime) -> str:
    """Return since when nothing is reported, and what to look at."""
    if is_old(reading, now) and reading.measured_at is not None:
        since = formatting.station_clock(reading.measured_at, now, zone_of(reading))
        text = tr("The station has not reported since {clock}.")
        return f"{text.format(clock=since)} {tr(_LOOK)}"
    text = tr("The inverter does not report.")
    return f"{text} {tr(_LOOK)}"


def _footer(inputs: HeaderInputs) -> str:
    parts = [_requests(inputs.requests_today)]
    if (
        inputs.next_at is not None
        and not inputs.in_flight
        and inputs.next_at > inputs.now
    ):
        ahead = formatting.duration(_rounded(inputs.next_at - inputs.now))
        parts.append(tr("next reading in {wait}").format(wait=ahead))
    if inputs.reading is not None and inputs.reading.stale:
        parts.append(
            tr("not renewed: {parts}").format(parts=stale_words(inputs.reading))
        )
    if inputs.reading is not None and is_elsewhere(zone_of(inputs.reading), inputs.now):
        # Translators: by the clocks where the station stands.
        parts.append(tr("all times are station time"))
    if inputs.custody is not None:
        # Translators: {where} is "in the system keyring", for example.
        parts.append(tr("password kept {where}").format(where=inputs.custody.where))
    return " · ".join(parts)


def _requests(count: int) -> str:
    text = trn("{count} request today", "{count} requests today", count)
    return text.format(count=count)


def _rounded(ahead: timedelta) -> timedelta:
    """Return whole minutes: seconds that count down would only be restless."""
    minute = timedelta(minutes=1)
    return minute * max(1, round(ahead / minute))
