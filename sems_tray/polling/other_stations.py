"""The stations beside the one that is shown: whose turn it is, and how they are.

They are asked seldom and one at a time.  Whatever holds for the account as a whole
(no network, a sign-in that fails, a pause) is the shown station's to find out: until
its polls are well again the others rest.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, assert_never

from sems_tray.domain.failures import words as trouble_words
from sems_tray.domain.model import StationState
from sems_tray.domain.poll_result import PollFailed, PollSucceeded, Trouble
from sems_tray.domain.shown_reading import shown_reading
from sems_tray.domain.station_state import portal_time, state_of
from sems_tray.i18n import formatting
from sems_tray.i18n.language import markc, tr, trc, trn

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from sems_tray.domain.model import Reading, Station
    from sems_tray.domain.poll_result import PollOutcome
    from sems_tray.domain.station_state import DarkAt

    from .snapshot import MonitorSnapshot


BY_DAY = timedelta(minutes=10)
IN_THE_DARK = timedelta(minutes=30)
DEMO = timedelta(seconds=30)
# With many stations each waits longer: together they make one poll a minute at most.
SPACING = timedelta(seconds=60)
# The owner's own "Refresh now" takes one of them along, however often it is pressed.
REFRESH_SPACING = timedelta(seconds=5)
MOST = timedelta(hours=2)
LIST_PERIOD = timedelta(days=1)
_MOST_DOUBLINGS = 4
_ID_DIGITS = 8

_AT_ONCE = datetime.min.replace(tzinfo=UTC)

ACCOUNT_WIDE = frozenset(
    {
        Trouble.REFUSED,
        Trouble.SIGN_IN,
        Trouble.AGREEMENT,
        Trouble.MFA,
        Trouble.CLOCK,
        Trouble.OFFLINE,
        Trouble.UNREACHABLE,
        Trouble.THROTTLED,
    }
)


@dataclass(frozen=True, slots=True, kw_only=True)
class WatchedStation:
    """What is known of one station that is not shown.

    ``state`` was judged when the reading came: that we ask seldom does not make a
    station silent.  ``failures`` counts its own troubles in a row; ``wanted`` says that
    the owner asked for it.  ``called`` tells it from others of the same name.
    """

    station: Station
    reading: Reading | None = None
    state: StationState | None = None
    failed: PollFailed | None = None
    asked_at: datetime | None = None
    told_at: datetime | None = None
    called: str = ""
    dark: bool | None = None
    failures: int = 0
    wanted: bool = False

    @property
    def name(self) -> str:
        """What the station is called, told apart from others of the same name."""
        return self.called or formatting.name(self.station.name) or self.station.id

    @property
    def trouble(self) -> Trouble | None:
        """Why this station alone cannot be read, if it cannot."""
        trouble = self.failed.trouble if self.failed else None
        return None if trouble in ACCOUNT_WIDE else trouble


def next_station(
    others: Sequence[WatchedStation],
    now: datetime,
    *,
    refreshing: bool = False,
    demo: bool = False,
) -> str | None:
    """Return the id of the station whose turn it is, or None if it is nobody's.

    The one that is due for longest goes first; ``refreshing`` says that the owner
    waits for the first of them.
    """
    if not _spaced(others, now, refreshing=refreshing, demo=demo):
        return None
    due = [it for it in others if _is_due(it, now, demo=demo)]
    if not due:
        return None
    return min(due, key=lambda other: _due_at(other, demo=demo)).station.id


def period(watched: WatchedStation, *, demo: bool = False) -> timedelta:
    """Return the time between two polls of one of the others."""
    base = DEMO if demo else IN_THE_DARK if watched.dark else BY_DAY
    return min(base * (1 << min(watched.failures, _MOST_DOUBLINGS)), MOST)


def after_poll(
    watched: WatchedStation, outcome: PollOutcome, now: datetime, dark_at: DarkAt | None
) -> WatchedStation:
    """Return what is known after a poll; ``dark_at`` belongs to a reading."""
    asked = replace(watched, asked_at=now, wanted=False)
    match outcome:
        case PollSucceeded(reading=reading):
            return with_reading(asked, reading, now, dark_at or _unknown)
        case PollFailed(trouble=trouble) if trouble in ACCOUNT_WIDE:
            return replace(asked, failed=outcome)
        case PollFailed():
            return replace(asked, failed=outcome, failures=watched.failures + 1)
        case _:
            assert_never(outcome)


def with_reading(
    watched: WatchedStation, reading: Reading, at: datetime, dark_at: DarkAt
) -> WatchedStation:
    """Return what is known of a station from a reading that came then."""
    named_well = bool(reading.station.name) or not watched.station.name
    return replace(
        watched,
        station=reading.station
        if named_well
        else replace(reading.station, name=watched.station.name),
        reading=reading,
        state=state_of(shown_reading(reading, at, dark_at), at, dark_at),
        dark=dark_at(portal_time(reading, at)),
        asked_at=at,
        told_at=at,
        failed=None,
        failures=0,
    )


def with_station_list(
    others: Sequence[WatchedStation],
    stations: Sequence[Station],
    leaving_out: Iterable[str],
) -> tuple[WatchedStation, ...]:
    """Return the others by a new list: what is known of those that stay is kept."""
    known = {it.station.id: it for it in others}
    called, out = _told_apart(_plain(stations)), set(leaving_out)
    return tuple(
        replace(
            known.get(station.id) or WatchedStation(station=station),
            called=called.get(station.id, ""),
        )
        for station in stations
        if station.id not in out
    )


def names(stations: Iterable[Station]) -> dict[str, str]:
    """Return by id what stations are called: of equal names, each with its id."""
    plain = _plain(stations)
    return plain | _told_apart(plain)


def _plain(stations: Iterable[Station]) -> dict[str, str]:
    return {
        station.id: formatting.name(station.name) or formatting.name(station.id)
        for station in stations
    }


def _told_apart(called: Mapping[str, str]) -> dict[str, str]:
    count = Counter(called.values())
    return {
        id_: f"{name} ({id_[:_ID_DIGITS]})"
        for id_, name in called.items()
        if count[name] > 1
    }


def elsewhere(others: Iterable[WatchedStation]) -> tuple[StationSummary, ...]:
    """Return the states of those that are known."""
    return tuple(
        StationSummary(name=other.name, state=other.state, at=other.told_at)
        for other in others
        if other.state is not None and other.told_at is not None
    )


def menu_words(watched: WatchedStation, now: datetime) -> str:
    """Return a station's name, its state in words and a mark if that is bad."""
    if watched.trouble is not None:
        said = tr("{station}: {state}").format(
            station=formatting.name(watched.name),
            state=trouble_words(watched.trouble).title,
        )
        return f"⚠ {said}"
    found = elsewhere((watched,))
    return marked(found[0], now) if found else formatting.name(watched.name)


def _is_due(watched: WatchedStation, now: datetime, *, demo: bool) -> bool:
    asked_at = watched.asked_at
    set_back = asked_at is not None and now < asked_at  # the clock
    return watched.wanted or set_back or now >= _due_at(watched, demo=demo)


def _due_at(watched: WatchedStation, *, demo: bool) -> datetime:
    if watched.asked_at is None:
        return _AT_ONCE
    return watched.asked_at + period(watched, demo=demo)


def _spaced(
    others: Sequence[WatchedStation], now: datetime, *, refreshing: bool, demo: bool
) -> bool:
    asked = [it for it in others if it.asked_at is not None and it.asked_at <= now]
    last = max(asked, key=lambda other: other.asked_at or now, default=None)
    if last is None or last.asked_at is None or demo:
        return True
    spacing = SPACING
    if refreshing:
        spacing = REFRESH_SPACING
    elif last.failed is not None and last.trouble is None:
        # What failed there would fail at the next one, too.
        spacing = BY_DAY
    return now - last.asked_at >= spacing


def _unknown(_: datetime) -> None:
    return None


# What is said of the stations beside the one that is shown.


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
class StationSummary:
    """The state of a station that is not the one shown, and when it was found."""

    name: str
    state: StationState
    at: datetime

    @property
    def wrong(self) -> bool:
        """Whether the owner should look after it."""
        return self.state in WORST_FIRST


@dataclass(frozen=True, slots=True, kw_only=True)
class AccountStations:
    """The account's stations: all of them, which is shown, and the watched others."""

    stations: tuple[Station, ...] = ()
    shown_id: str | None = None
    others: tuple[WatchedStation, ...] = ()

    def labels(self, snapshot: MonitorSnapshot) -> dict[str, str]:
        """Return by id what a menu says of each: its name, and how it is."""
        named_apart = names(self.stations)
        others = {it.station.id: menu_words(it, snapshot.now) for it in self.others}
        return named_apart | others | _shown_label(named_apart, snapshot)


def _shown_label(
    named_apart: Mapping[str, str], snapshot: MonitorSnapshot
) -> dict[str, str]:
    """Return by its id what is said of the shown station, if that is known."""
    reading, state = snapshot.shown, snapshot.state
    if reading is None or state is None or snapshot.failed is not None:
        return {}
    station = reading.station
    name = named_apart.get(station.id) or formatting.name(station.name) or station.id
    summary = StationSummary(name=name, state=state, at=snapshot.now)
    return {station.id: marked(summary, snapshot.now)}


def state_word(state: StationState) -> str:
    """Return a state as it follows a station's name: "fault"."""
    return trc("station state", _STATES[state])


def worst_first(found: Sequence[StationSummary]) -> tuple[StationSummary, ...]:
    """Return those with which something is wrong, the worst first."""
    wrong = [it for it in found if it.wrong]
    return tuple(sorted(wrong, key=lambda summary: WORST_FIRST.index(summary.state)))


def named(summary: StationSummary, now: datetime) -> str:
    """Return "Farm: fault"; with its age where that is not of now."""
    name, state = formatting.name(summary.name), state_word(summary.state)
    since = now - summary.at
    if since <= _RECENT:
        # Translators: a station's name and its state, such as "Farm: fault".
        return tr("{station}: {state}").format(station=name, state=state)
    # Translators: such as "Farm: fault (2 h ago)".
    return tr("{station}: {state} ({ago})").format(
        station=name, state=state, ago=formatting.ago(since)
    )


def marked(summary: StationSummary, now: datetime) -> str:
    """Return the same for a list of stations, with a mark where something is wrong."""
    return f"⚠ {named(summary, now)}" if summary.wrong else named(summary, now)


def elsewhere_line(wrong: Sequence[StationSummary], now: datetime) -> str:
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
