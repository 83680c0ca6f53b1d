"""How one topic is raised and cleared, whatever it is about.

A rule says of each reading whether its trouble holds, is over, or cannot be told; this
module counts.  A trouble is announced once, however long it lasts.  Recovery arms it
again at once, so that the next real one is not swallowed; one that keeps coming back
must be over for longer each time before it is called over.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import timedelta
from typing import TYPE_CHECKING, TypeAlias

from .model import ACCOUNT, Kind, Topic, TopicFacts

if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import datetime

    from .model import AlertState, Memory


FLAPPING = timedelta(minutes=30)
_CALM_PER_FLAP = timedelta(minutes=10)
_MOST_FLAPS = 3
# Signs further apart are not in a row: between them may lie a night or an outage.
_IN_A_ROW = timedelta(minutes=65)
_MOST_COUNTED = timedelta(minutes=35)  # the slowest cadence is 30 min
_BACK = timedelta(minutes=-1)
# A pause that the portal asked for is no gap; the next poll comes a little after it.
_AFTER_PAUSE = timedelta(minutes=10)
_LONGEST_PAUSE = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Needs:
    """How many readings in a row, and how long, before something is believed.

    Signs further ``apart`` are not in a row, unless the portal asked for a pause.
    """

    samples: int = 1
    lasting: timedelta = timedelta()
    apart: timedelta = _IN_A_ROW


AT_ONCE = Needs()


@dataclass(frozen=True, slots=True, kw_only=True)
class Finding(TopicFacts):
    """What one reading says of one topic; ``holds`` is None where it cannot tell.

    ``inferred`` is what the portal does not say itself: it waits out the grace period.
    ``quiet`` ends a topic without an all-clear.
    ``weight`` is how much the time since the sign before counts; 0 is only a beginning.
    """

    topic: str
    holds: bool | None
    needs: Needs = AT_ONCE
    calm: Needs = AT_ONCE
    inferred: bool = False
    quiet: bool = False
    began: datetime | None = None
    ended: datetime | None = None
    pause: timedelta = timedelta()
    weight: float = 1.0


@dataclass(frozen=True, slots=True, kw_only=True)
class EvaluationTime:
    """When a reading is judged, and what is special about it.

    ``woke_at`` is when the program began or the computer woke, by the clock of ``at``.
    """

    at: datetime
    first: bool = False
    adopting: bool = False
    in_grace: bool = False
    woke_at: datetime | None = None


# A topic after a finding, None where nothing is left to remember; and its news if any.
TopicChange: TypeAlias = tuple[Topic | None, Kind | None]


def fold(topic: Topic | None, finding: Finding, moment: EvaluationTime) -> TopicChange:
    """Fold one finding into its topic."""
    if finding.holds is None:
        return topic, None
    if not finding.holds:
        return _over(topic, finding, moment)
    if topic is not None and topic.raised:
        return _still(topic, finding, moment)
    return _bad(topic, finding, moment)


def forgotten(topic: Topic, at: datetime) -> bool:
    """Say whether a topic that is over needs no remembering any more."""
    if topic.raised or topic.samples:
        return False
    return topic.cleared_at is None or abs(at - topic.cleared_at) > FLAPPING


def _bad(topic: Topic | None, finding: Finding, moment: EvaluationTime) -> TopicChange:
    if finding.inferred and moment.in_grace:
        return topic, None
    at = moment.at
    began = min(finding.began or at, at)
    old, counted = _counted(topic, finding, moment)
    if old is None:
        old = _anew(topic, finding, began)
    new = replace(
        _described(old, finding),
        since=min(old.since, began),
        samples=old.samples + 1,
        held_s=max(old.held_s + counted.total_seconds(), 0.0),
        bad_at=at,
        keys=finding.keys,
        ids=finding.ids,
        pause_s=min(finding.pause, _LONGEST_PAUSE).total_seconds(),
        level=finding.level,
    )
    if moment.adopting:
        return _raised(new, at), None
    enough = (
        new.samples >= finding.needs.samples
        and new.held_s >= finding.needs.lasting.total_seconds()
    )
    if moment.first or not enough:
        return new, None
    return _raised(new, at), Kind.RAISED


def _counted(
    topic: Topic | None, finding: Finding, moment: EvaluationTime
) -> tuple[Topic | None, timedelta]:
    """Return the topic if the sign is in a row with its last, and the time to count.

    Nobody watched in a sleep or while the program was off: that time does not count.
    """
    if topic is None or topic.bad_at is None or not topic.samples:
        return None, timedelta()
    gap = moment.at - topic.bad_at
    asked = timedelta(seconds=topic.pause_s)
    excused = asked + _AFTER_PAUSE if asked else asked
    if not _BACK <= gap <= max(finding.needs.apart, excused):
        return None, timedelta()
    slept = moment.woke_at is not None and topic.bad_at < moment.woke_at <= moment.at
    if slept or gap > max(_MOST_COUNTED, excused):
        return topic, timedelta()
    return topic, gap * finding.weight


def _anew(topic: Topic | None, finding: Finding, began: datetime) -> Topic:
    """Return a topic that begins; of the last time only when it was over counts."""
    new = Topic(id=finding.topic, rule=finding.rule, since=began)
    if topic is None:
        return new
    return replace(new, cleared_at=topic.cleared_at, flaps=topic.flaps)


def _raised(topic: Topic, at: datetime) -> Topic:
    again = topic.cleared_at is not None and abs(at - topic.cleared_at) <= FLAPPING
    flaps = min(topic.flaps + 1, _MOST_FLAPS) if again else 0
    return replace(topic, raised=True, samples=0, held_s=0.0, flaps=flaps)


def _still(topic: Topic, finding: Finding, moment: EvaluationTime) -> TopicChange:
    calmed = replace(
        topic,
        carried=False,
        since=min(topic.since, finding.began or topic.since),
        bad_at=moment.at,
        calm_samples=0,
        calm_since=None,
        rule=finding.rule,
        level=max(topic.level, finding.level),
    )
    if not topic.keys:  # the name comes late: the same trouble
        named = _described(calmed, finding) if finding.keys else calmed
        named = replace(named, keys=finding.keys, ids=finding.ids, samples=0)
        late_name = named.name != topic.name and not topic.carried
        return named, Kind.NAMED if late_name else None
    news = tuple(it for it in finding.keys if it not in topic.keys)
    ids = tuple(dict.fromkeys((*topic.ids, *finding.ids)))
    if not news:
        return replace(calmed, samples=0, ids=ids), None
    counted = replace(calmed, level=topic.level, samples=topic.samples + 1)
    if moment.first or counted.samples < finding.needs.samples:
        return counted, None
    changed = replace(
        _described(calmed, finding),
        keys=(*topic.keys, *news),
        ids=ids,
        samples=0,
    )
    return changed, Kind.CHANGED


def _over(topic: Topic | None, finding: Finding, moment: EvaluationTime) -> TopicChange:
    if topic is None:
        return None, None
    if not topic.raised:
        return replace(topic, samples=0, held_s=0.0), None
    at = moment.at
    since = min(topic.calm_since or at, at)
    calm = replace(topic, calm_samples=topic.calm_samples + 1, calm_since=since)
    if not finding.quiet:
        lasting = finding.calm.lasting + _CALM_PER_FLAP * topic.flaps
        early = moment.first and not topic.carried
        if early or calm.calm_samples < finding.calm.samples or at - since < lasting:
            return calm, None
    ended = max(min(finding.ended or since, at), topic.since)
    over = replace(
        calm,
        raised=False,
        carried=False,
        samples=0,
        held_s=0.0,
        calm_samples=0,
        calm_since=ended,
        cleared_at=at,
        detail=finding.detail or topic.detail,
    )
    quietly = finding.quiet or topic.carried
    return over, Kind.CLOSED if quietly else Kind.CLEARED


def _described(topic: Topic, finding: Finding) -> Topic:
    names = ("rule", "name", "subject", "device", "detail", "alarm_id")
    known = {name: value for name in names if (value := getattr(finding, name))}
    return replace(topic, **known)


def restored(state: AlertState) -> AlertState:
    """Return a kept state for a new run of the program.

    What is still there is not announced again, and what ended meanwhile is closed
    without an all-clear.  What was not announced yet goes on being counted.
    """
    return replace(state, memories=tuple(_restored(it) for it in state.memories))


def settled(topics: Iterable[Topic]) -> tuple[Topic, ...]:
    """Return topics after a reading: what is not about to end did not end unseen."""
    return tuple(
        replace(topic, carried=topic.carried and topic.calm_samples > 0)
        for topic in topics
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
    return tuple(
        sorted(raised, key=lambda topic: (-topic.level, topic.since, topic.id))
    )


def problems(state: AlertState, station: str) -> tuple[Topic, ...]:
    """Return what is wrong at a station or with the account, the worst first."""
    names = dict.fromkeys((station, ACCOUNT))
    return announced(it for name in names for it in state.memory(name).topics)
