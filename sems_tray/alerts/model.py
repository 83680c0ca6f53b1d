"""What the alert rules take, remember and give: settings, readings, topics, notices."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from enum import IntEnum, StrEnum
from typing import TYPE_CHECKING, Annotated, TypeAlias

import msgspec

from sems_tray.daylight.waking import UNKNOWN
from sems_tray.domain.station_state import (
    all_offline,
    darkness,
    is_old,
    portal_time,
)

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from sems_tray.daylight.waking import Habits
    from sems_tray.domain.energy import NotificationRecord
    from sems_tray.domain.model import Reading
    from sems_tray.domain.station_state import DarkAt

    # The sun's height at the station in degrees; None where nobody can tell.
    HeightAt = Callable[[datetime], float | None]


ACCOUNT = ""  # in the place of a station's id: what concerns the account

# What is saved is checked against these when it is read (see ``alert_center``).
AwareTime: TypeAlias = Annotated[datetime, msgspec.Meta(tz=True)]
Seconds: TypeAlias = Annotated[float, msgspec.Meta(ge=0, le=1e9)]
Count: TypeAlias = Annotated[int, msgspec.Meta(ge=0, le=1_000_000_000)]


class Rule(StrEnum):
    """What is watched; the values are those of the kept state."""

    DEVICE_FAULT = "device_fault"
    NEW_ALARM = "new_alarm"
    GRID_LOST = "grid_lost"
    SILENT = "silent"
    NO_PRODUCTION = "no_production"
    BATTERY_LOW = "battery_low"
    BATTERY_CRITICAL = "battery_critical"
    BATTERY_FULL = "battery_full"
    BATTERY_STUCK = "battery_stuck"
    PORTAL = "portal"
    SIGN_IN = "sign_in"


class Level(IntEnum):
    """How much a notice matters; quiet hours let only the urgent ones pass."""

    INFO = 1
    WARNING = 2
    URGENT = 3

    @property
    def word(self) -> str:
        """The level's name in the history."""
        return self.name.lower()


class Kind(StrEnum):
    """What has happened to a topic, and so what its notice says."""

    RAISED = "raised"
    CHANGED = "changed"  # more has come to what was raised
    NAMED = "named"  # the same as was raised, now with its name
    CLEARED = "cleared"  # the all-clear
    CLOSED = "closed"  # over without an all-clear: there is no notice


@dataclass(frozen=True, slots=True, kw_only=True)
class Notice:
    """One notification; it replaces the bubble of its topic.

    ``station`` is empty for what concerns the account.  ``key`` changes when what is
    wrong changes: an acknowledgement is for one key.  ``needs_owner`` marks what does
    not get better by waiting.
    """

    station: str
    topic: str
    rule: Rule
    kind: Kind
    level: Level
    title: str
    text: str
    at: AwareTime
    since: AwareTime
    key: str = ""
    needs_owner: bool = False
    alarm_id: str | None = None


# What a subject is, where it is not a name alone.
INVERTER, STATION = "inverter", "station"


@dataclass(frozen=True, slots=True, kw_only=True)
class TopicFacts:
    """What is known of one thing that may be wrong.

    The first ``keys`` that a topic gets name it; further ones are news.  ``name`` and
    ``subject`` are others' names, or keys of ours: words are found when it is told, in
    the language of that moment.  Where ``device`` is one of ours, ``subject`` is the
    name or number of it, if any.  ``ids`` are the portal's marks of the alarms in it,
    whatever their names.
    """

    rule: Rule
    level: Level = Level.WARNING
    keys: tuple[str, ...] = ()
    name: str = ""
    subject: str = ""
    device: str = ""
    detail: str = ""
    alarm_id: str | None = None
    ids: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Topic(TopicFacts):
    """One thing that may be wrong, from its first sign until it is long over.

    ``samples`` and ``held_s`` say for how many readings and how long it has held in a
    row before it is raised; ``calm_samples`` and ``calm_since`` the same of its end.
    ``carried`` marks what was raised before the program was last off, and may have
    ended meanwhile.  ``flaps`` counts how often it came back right after its all-clear.
    ``pause_s`` is how long the portal asked not to be asked after the last bad sign.
    """

    id: str
    since: AwareTime
    raised: bool = False
    carried: bool = False
    samples: Count = 0
    held_s: Seconds = 0.0
    bad_at: AwareTime | None = None
    calm_samples: Count = 0
    calm_since: AwareTime | None = None
    cleared_at: AwareTime | None = None
    flaps: Count = 0
    pause_s: Seconds = 0.0

    @property
    def key(self) -> str:
        """What an acknowledgement is for."""
        return "|".join(self.keys) or self.rule.value


@dataclass(frozen=True, slots=True, kw_only=True)
class Memory:
    """What is remembered of one station, or of the account (an empty name).

    ``settled`` is False until the first reading of a run has been seen, ``known``
    until the first ever.  ``closed`` names alarms that the portal called recovered.
    ``worked`` says that a reading came in this run.  The battery stands still at
    ``rest_soc`` since ``rest_at``; ``low_at`` is when it was last told to be low.
    The plant was last clearly at work at ``produced_at``, and has been seen to make
    nothing since ``nothing_at``.
    """

    station: str
    topics: tuple[Topic, ...] = ()
    known: bool = False
    settled: bool = False
    measured_at: AwareTime | None = None
    awake_at: AwareTime | None = None
    produced_at: AwareTime | None = None
    nothing_at: AwareTime | None = None
    rest_soc: float | None = None
    rest_at: AwareTime | None = None
    low_at: AwareTime | None = None
    closed: tuple[str, ...] = ()
    worked: bool = False

    def topic(self, topic_id: str) -> Topic | None:
        """Return a topic that is remembered."""
        for topic in self.topics:
            if topic.id == topic_id:
                return topic
        return None

    def raised(self, topic_id: str) -> bool:
        """Say whether a topic is announced and not over."""
        topic = self.topic(topic_id)
        return topic is not None and topic.raised

    def with_topic(self, topic_id: str, topic: Topic | None) -> Memory:
        """Return the memory with a topic put in, replaced or forgotten."""
        rest = [it for it in self.topics if it.id != topic_id]
        found = rest if topic is None else [*rest, topic]
        return replace(self, topics=tuple(sorted(found, key=lambda it: it.id)))


@dataclass(frozen=True, slots=True, kw_only=True)
class AlertState:
    """Everything the rules remember.

    ``adopting`` is set where an earlier memory was lost: what is wrong when a station
    is first seen was most likely announced before, and counts as announced.
    """

    memories: tuple[Memory, ...] = ()
    adopting: bool = False

    def memory(self, station: str) -> Memory:
        """Return what is known of a station, or of the account."""
        found = next((it for it in self.memories if it.station == station), None)
        return found or Memory(station=station)

    def with_memory(self, memory: Memory) -> AlertState:
        """Return the state with one memory put in or replaced."""
        rest = [it for it in self.memories if it.station != memory.station]
        found = sorted([*rest, memory], key=lambda known: known.station)
        return replace(self, memories=tuple(found))


@dataclass(frozen=True, slots=True, kw_only=True)
class Withdrawal:
    """A topic that is closed without an all-clear; its bubble is true no more."""

    station: str
    topic: str
    at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class AlertRules:
    """The owner's switches and limits; each limit is above 0 and at most 100 %.

    A battery is low *below* its limit: one that rests at its reserve, mostly 20 or
    10 %, is as its owner wants it.  Low and critical are told where they matter, in a
    power cut or when the charge is odd for the hour, unless ``low_each_time``.  "Full"
    is no trouble and is off until asked for.
    """

    off: frozenset[Rule] = frozenset({Rule.BATTERY_FULL})
    low_percent: float = 20.0
    critical_percent: float = 10.0
    low_each_time: bool = False
    full_percent: float = 100.0
    portal_after: timedelta = timedelta(hours=1)

    def on(self, rule: Rule) -> bool:
        """Say whether a rule is switched on."""
        return rule not in self.off


def _nobody_knows(_: datetime) -> None:
    return None


@dataclass(frozen=True, slots=True, kw_only=True)
class Context:
    """What the rules cannot see in a reading.

    ``woke_at`` is when the program began or the computer woke, by its own clock.
    ``habits`` is what the station usually does.  ``several`` puts the station's name
    before the titles.  ``is_other_station``: the reading is of one that is not shown,
    and says nothing of the account.
    """

    dark_at: DarkAt = _nobody_knows
    rules: AlertRules = field(default_factory=AlertRules)
    woke_at: datetime | None = None
    height_at: HeightAt = _nobody_knows
    habits: Habits = UNKNOWN
    several: bool = False
    is_other_station: bool = False


# Low sun in fog may leave an inverter asleep: nothing is expected in the last hour of
# light, nor long into the morning of one that has not woken yet.
_BEFORE_DARK = timedelta(hours=1)
LATE_WAKING = timedelta(minutes=150)
_SAME_DAY = timedelta(hours=12)


@dataclass(frozen=True, slots=True, kw_only=True)
class Observation:
    """A reading, the portal's time, and what follows from both.

    ``fresh`` says that its powers are of now, ``new`` that no earlier reading showed
    the same measurement.
    """

    reading: Reading
    context: Context
    at: datetime
    dark: bool | None
    old: bool
    new: bool

    @property
    def rules(self) -> AlertRules:
        """The owner's rules."""
        return self.context.rules

    @property
    def fresh(self) -> bool:
        """Whether the powers are of now."""
        return not self.old and self.reading.measured_at is not None

    @property
    def all_offline(self) -> bool:
        """Whether every inverter is offline; without a list the station tells."""
        return all_offline(self.reading)

    @property
    def broad_daylight(self) -> bool:
        """Whether the sun is up and stays up for a while; False if nobody knows."""
        ends = self.context.dark_at(self.at + _BEFORE_DARK)
        return self.dark is False and ends is False

    def late_morning(self) -> bool:
        """Say whether even a late riser must be awake."""
        dark_at = self.context.dark_at
        steps = (timedelta(), LATE_WAKING / 2, LATE_WAKING)
        return all(dark_at(self.at - back) is False for back in steps)

    def same_daylight(self, earlier: datetime) -> bool:
        """Say whether it was light then, and no night lies between."""
        recent = timedelta() <= self.at - earlier < _SAME_DAY
        return recent and darkness(earlier, self.context.dark_at) is False


def look_at(
    reading: Reading, memory: Memory, now: datetime, context: Context
) -> Observation:
    """Return the look of a reading."""
    at = portal_time(reading, now)
    return Observation(
        reading=reading,
        context=context,
        at=at,
        dark=darkness(at, context.dark_at),
        old=is_old(reading, now),
        new=reading.measured_at is not None
        and reading.measured_at != memory.measured_at,
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class Problem:
    """One thing that is wrong, for the menu."""

    station: str
    topic: str
    title: str
    level: Level
    alarm_id: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class ProblemSummary:
    """What menus and lists say of the alerts.

    ``muted_by_alarm`` holds the shown station's alarms that the owner was told of, and
    whether they are muted.  ``line`` is for the tooltip: the worst that is wrong, or
    what ended before the owner looked; "" for nothing.
    """

    problems: tuple[Problem, ...] = ()
    snoozed_until: datetime | None = None
    muted_by_alarm: Mapping[str, bool] = field(default_factory=dict)
    line: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class AlertHistoryUpdate:
    """What the history is to keep: states by name, notices, and what is over."""

    states: Mapping[str, object]
    notices: tuple[NotificationRecord, ...] = ()
    closed: tuple[tuple[str, str, datetime], ...] = ()
