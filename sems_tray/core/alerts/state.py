"""What the alert rules remember; values that can be kept (see ``codec``)."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from .values import Level

if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import datetime

    from .values import Rule

ACCOUNT = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Topic:
    """One thing that may be wrong, from its first sign until it is long over.

    ``samples`` and ``held_s`` say for how many readings and how long it has held in a
    row before it is raised; ``calm_samples`` and ``calm_since`` the same of its end.
    ``carried`` marks what was raised before the program was last off, and may have
    ended meanwhile.  ``flaps`` counts how often it came back right after its all-clear.
    ``ids`` are the portal's marks of the alarms in it, whatever their names.
    ``device`` says what ``subject`` names (see ``fold``).
    ``pause_s`` is how long the portal asked not to be asked after the last bad sign.
    """

    id: str
    rule: Rule
    since: datetime
    level: Level = Level.WARNING
    raised: bool = False
    carried: bool = False
    samples: int = 0
    held_s: float = 0.0
    bad_at: datetime | None = None
    calm_samples: int = 0
    calm_since: datetime | None = None
    cleared_at: datetime | None = None
    flaps: int = 0
    keys: tuple[str, ...] = ()
    name: str = ""
    subject: str = ""
    device: str = ""
    detail: str = ""
    alarm_id: str | None = None
    ids: tuple[str, ...] = ()
    pause_s: float = 0.0

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
    measured_at: datetime | None = None
    awake_at: datetime | None = None
    produced_at: datetime | None = None
    nothing_at: datetime | None = None
    rest_soc: float | None = None
    rest_at: datetime | None = None
    low_at: datetime | None = None
    closed: tuple[str, ...] = ()
    worked: bool = False

    def topic(self, topic_id: str) -> Topic | None:
        """Return a topic that is remembered."""
        for it in self.topics:
            if it.id == topic_id:
                return it
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
        found = sorted([*rest, memory], key=lambda it: it.station)
        return replace(self, memories=tuple(found))


def restored(state: AlertState) -> AlertState:
    """Return a kept state for a new run of the program.

    What is still there is not announced again, and what ended meanwhile is closed
    without an all-clear.  What was not announced yet goes on being counted.
    """
    return replace(state, memories=tuple(_restored(it) for it in state.memories))


def settled(topics: Iterable[Topic]) -> tuple[Topic, ...]:
    """Return topics after a reading: what is not about to end did not end unseen."""
    return tuple(
        replace(it, carried=it.carried and it.calm_samples > 0) for it in topics
    )


def _restored(memory: Memory) -> Memory:
    topics = tuple(_carried(it) if it.raised else it for it in memory.topics)
    return replace(memory, settled=False, worked=False, topics=topics)


def _carried(topic: Topic) -> Topic:
    """Return a topic that is raised; it may end unseen unless it was about to end."""
    ending = topic.calm_samples > 0 and not topic.carried
    return replace(
        topic,
        carried=not ending,
        samples=0,
        calm_samples=0,
        calm_since=topic.calm_since if ending else None,
    )


def announced(topics: Iterable[Topic]) -> tuple[Topic, ...]:
    """Return the topics that are announced and not over, the worst first."""
    raised = (it for it in topics if it.raised)
    return tuple(sorted(raised, key=lambda it: (-it.level, it.since, it.id)))


def problems(state: AlertState, station: str) -> tuple[Topic, ...]:
    """Return what is wrong at a station or with the account, the worst first."""
    names = dict.fromkeys((station, ACCOUNT))
    return announced(it for name in names for it in state.memory(name).topics)
