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
from sems_tray.domain.station_state import Tone, is_fault, is_grid_loss, is_old
from sems_tray.domain.wording import (
    demo_word,
    measured,
    stale_words,
    state_words,
    zone_of,
)
from sems_tray.i18n import formatting
from sems_tray.i18n.formatting import is_elsewhere, one_line
from sems_tray.i18n.language import mark, said, tr, trn
from sems_tray.polling.snapshot import refresh_words

if TYPE_CHECKING:
    from datetime import datetime

    from sems_tray.domain.credentials import PasswordStorage
    from sems_tray.domain.model import Reading
    from sems_tray.polling.snapshot import MonitorSnapshot


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
    tone: Tone = Tone.CALM
    age: str = ""
    message: str = ""
    action: Action | None = None
    refresh: str = field(default_factory=lambda: tr("Refresh now"))
    refreshable: bool = True
    footer: str = ""
    source: str = ""


_TONES = {
    StationState.OK: Tone.GOOD,
    StationState.NIGHT: Tone.CALM,
    StationState.WAITING: Tone.CALM,
    StationState.UNKNOWN: Tone.CALM,
    StationState.SILENT: Tone.BAD,
    StationState.FAULT: Tone.BAD,
    StationState.GRID_LOST: Tone.BAD,
}
_PLACE = mark(
    "GoodWe does not tell where the station is, and its own hours of sun are not known"
    " yet. Enter its place in the settings to tell night from silence."
)
_QUARTER_DAY = timedelta(hours=6)
_LOOK = mark("Check the data logger's Wi-Fi and power.")
_SOURCES = {Dialect.SEMSPLUS: "SEMS+", Dialect.CLASSIC: mark("SEMS classic")}


def header_view(
    snapshot: MonitorSnapshot,
    *,
    notes: tuple[str, ...] = (),
    password_storage: PasswordStorage | None = None,
) -> HeaderView:
    """Return the header and the footer.

    ``notes`` are sentences about this computer; ``password_storage`` is where the
    password is, once it was typed.
    """
    reading = snapshot.reading
    state, tone = _state(snapshot)
    advice, action = _advice(snapshot)
    refresh, refreshable = refresh_words(snapshot)
    parts = (advice, *(said(note) for note in notes))
    return HeaderView(
        title=_title(snapshot),
        state=state,
        tone=tone,
        age=measured(reading, snapshot.now) if reading else "",
        message=" ".join(part for part in parts if part),
        action=action,
        refresh=refresh,
        refreshable=refreshable,
        footer=_footer(snapshot, password_storage),
        source=tr(_SOURCES[reading.dialect]) if reading else "",
    )


def _title(snapshot: MonitorSnapshot) -> str:
    station = snapshot.reading.station if snapshot.reading else None
    name = (
        formatting.name(station.name) or formatting.name(station.id)
        if station
        else "SEMS Tray"
    )
    return f"{name} · {demo_word()}" if snapshot.demo else name


def _state(snapshot: MonitorSnapshot) -> tuple[str, Tone]:
    """Return the chip: the trouble if there is one, else the station's state."""
    if snapshot.failed is not None:
        return trouble_words(snapshot.failed.trouble).title, Tone.BAD
    reading, state = snapshot.shown, snapshot.state
    if reading is None or state is None:
        return tr("Asking GoodWe …"), Tone.CALM
    return state_words(reading, state, snapshot.now) or tr("All well"), _TONES[state]


def _advice(  # noqa: PLR0911 (a return per state)
    snapshot: MonitorSnapshot,
) -> tuple[str, Action | None]:
    """Return a sentence on what is wrong or to be done, and a button's action."""
    if snapshot.failed is not None:
        return sentence(snapshot.failed), trouble_words(snapshot.failed.trouble).action
    reading, state = snapshot.shown, snapshot.state
    if reading is None or state is None:
        return "", None
    if state is StationState.SILENT:
        return _silence(reading, snapshot.now), Action.OPEN_PORTAL
    if state is StationState.UNKNOWN and _nobody_knows_the_sun(snapshot):
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


def _nobody_knows_the_sun(snapshot: MonitorSnapshot) -> bool:
    """Say whether nothing tells where the station stands, at any time of the day."""
    return all(
        snapshot.dark_at(snapshot.now + n * _QUARTER_DAY) is None for n in range(4)
    )


def _silence(reading: Reading, now: datetime) -> str:
    """Return since when nothing is reported, and what to look at."""
    if is_old(reading, now) and reading.measured_at is not None:
        since = formatting.station_clock(reading.measured_at, now, zone_of(reading))
        text = tr("The station has not reported since {clock}.")
        return f"{text.format(clock=since)} {tr(_LOOK)}"
    text = tr("The inverter does not report.")
    return f"{text} {tr(_LOOK)}"


def _footer(snapshot: MonitorSnapshot, password_storage: PasswordStorage | None) -> str:
    parts = [_requests(snapshot.requests_today)]
    if (
        snapshot.next_at is not None
        and not snapshot.in_flight
        and snapshot.next_at > snapshot.now
    ):
        ahead = formatting.duration(_rounded(snapshot.next_at - snapshot.now))
        parts.append(tr("next reading in {wait}").format(wait=ahead))
    if snapshot.reading is not None and snapshot.reading.stale:
        parts.append(
            tr("not renewed: {parts}").format(parts=stale_words(snapshot.reading))
        )
    if snapshot.reading is not None and is_elsewhere(
        zone_of(snapshot.reading), snapshot.now
    ):
        # Translators: by the clocks where the station stands.
        parts.append(tr("all times are station time"))
    if password_storage is not None:
        # Translators: {where} is "in the system keyring", for example.
        parts.append(tr("password kept {where}").format(where=password_storage.where))
    return " · ".join(parts)


def _requests(count: int) -> str:
    text = trn("{count} request today", "{count} requests today", count)
    return text.format(count=count)


def _rounded(ahead: timedelta) -> timedelta:
    """Return whole minutes: seconds that count down would only be restless."""
    minute = timedelta(minutes=1)
    return minute * max(1, round(ahead / minute))
