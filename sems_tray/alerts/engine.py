"""One step of the alert rules: an outcome of a poll in, notices out.

Pure: the same state, outcome and surroundings give the same answer.  Stations are
apart from each other; what concerns the account is kept under an empty name.
"""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from datetime import timedelta
from typing import TYPE_CHECKING

from sems_tray.domain.model import DeviceState, Reading

from . import rules_battery, rules_faults, rules_grid, rules_production, rules_station
from .model import ACCOUNT, Kind, Withdrawal, look_at
from .topics import EvaluationTime, fold, forgotten, settled
from .wording import NoticeSubject, notice

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator
    from datetime import datetime

    from sems_tray.domain.poll_result import PollFailed

    from .model import AlertRules, AlertState, Context, Memory, Notice, Observation
    from .topics import Finding

    Judge = Callable[[Observation, Memory], Iterator[Finding]]


# What is inferred from the first minutes of a run, or after a sleep, is no evidence.
_GRACE = timedelta(minutes=5)
# In this order: a lost grid explains much of what the later ones see.
_JUDGES: tuple[Judge, ...] = (
    rules_grid.grid,
    rules_faults.faults,
    rules_station.silent,
    rules_production.production,
    rules_battery.charge,
    rules_battery.full,
    rules_battery.stuck,
)


@dataclass(kw_only=True)
class _Run:
    """The memory of one station while a step goes through the rules."""

    memory: Memory
    moment: EvaluationTime
    rules: AlertRules
    place: NoticeSubject
    notices: list[Notice] = field(default_factory=list)
    withdrawals: list[Withdrawal] = field(default_factory=list)

    def apply(self, findings: Iterable[Finding]) -> None:
        """Fold findings in, and record what they change."""
        for finding in findings:
            if not self.rules.on(finding.rule):
                continue
            before = self.memory.topic(finding.topic)
            topic, kind = fold(before, finding, self.moment)
            if topic is not before:
                self.memory = self.memory.with_topic(finding.topic, topic)
            if topic is None or kind is None:
                continue
            if kind is Kind.CLOSED:
                station, at = self.memory.station, self.place.at
                gone = Withdrawal(station=station, topic=topic.id, at=at)
                self.withdrawals.append(gone)
            else:
                self.notices.append(notice(topic, kind, self.place))

    def tidied(self) -> Memory:
        """Return the memory without what is long over."""
        at, topics = self.moment.at, self.memory.topics
        kept = tuple(it for it in topics if not forgotten(it, at))
        return replace(self.memory, topics=kept)


Step = tuple["AlertState", tuple["Notice", ...], tuple[Withdrawal, ...]]


def step(
    state: AlertState, event: Reading | PollFailed, now: datetime, context: Context
) -> Step:
    """Return the state after a poll, what to announce, and what to withdraw.

    A notice replaces the bubble of its topic, the all-clear too; a withdrawal is for
    topics that end without one.
    """
    state, withdrawals = switched(state, now, context.rules)
    runs = []
    if not context.is_other_station:
        runs.append(_account(state, event, now, context))
    if isinstance(event, Reading):
        runs.append(_station(state, event, now, context))
    for run in runs:
        state = state.with_memory(run.memory)
        withdrawals += tuple(run.withdrawals)
    return state, tuple(it for run in runs for it in run.notices), withdrawals


def switched(
    state: AlertState, now: datetime, rules: AlertRules
) -> tuple[AlertState, tuple[Withdrawal, ...]]:
    """Return the state without what is watched no more, and what to withdraw."""
    gone: list[Withdrawal] = []
    for memory in state.memories:
        off = [it for it in memory.topics if not rules.on(it.rule)]
        gone += [
            Withdrawal(station=memory.station, topic=topic.id, at=now)
            for topic in off
            if topic.raised
        ]
        kept = tuple(it for it in memory.topics if rules.on(it.rule))
        state = state.with_memory(replace(memory, topics=kept)) if off else state
    return state, tuple(gone)


def _account(
    state: AlertState, event: Reading | PollFailed, now: datetime, context: Context
) -> _Run:
    moment = EvaluationTime(
        at=now, in_grace=_in_grace(now, context), woke_at=context.woke_at
    )
    place = NoticeSubject(station=ACCOUNT, at=now)
    memory, rules = state.memory(ACCOUNT), context.rules
    run = _Run(memory=memory, moment=moment, rules=rules, place=place)
    if isinstance(event, Reading):
        run.apply(rules_station.success(memory))
        run.memory = replace(run.tidied(), known=True, worked=True)
    else:
        run.apply(rules_station.failure(event, memory, rules))
        run.memory = run.tidied()
    return run


def _station(
    state: AlertState, reading: Reading, now: datetime, context: Context
) -> _Run:
    memory = state.memory(reading.station.id)
    look = look_at(reading, memory, now, context)
    moment = EvaluationTime(
        at=look.at,
        first=not memory.settled,
        adopting=state.adopting and not memory.known,
        in_grace=_in_grace(now, context),
        woke_at=context.woke_at and context.woke_at + (look.at - now),
    )
    place = NoticeSubject(
        station=reading.station.id,
        name=reading.station.name if context.several else "",
        zone=reading.station.timezone,
        at=look.at,
    )
    run = _Run(memory=memory, moment=moment, rules=context.rules, place=place)
    for judge in _JUDGES:
        run.apply(judge(look, run.memory))
    run.memory = _remembered(run, look)
    return run


def _remembered(run: _Run, look: Observation) -> Memory:
    """Return the memory with what the next reading is compared with."""
    memory, reading = run.tidied(), look.reading
    running = any(it.state is DeviceState.RUNNING for it in reading.inverters)
    awake = look.fresh and (running or (reading.power.pv_w or 0) > 0)
    is_low_news = any(
        it.topic == rules_battery.LEVEL and it.kind is Kind.RAISED for it in run.notices
    )
    rest_soc, rest_at = memory.rest_soc, memory.rest_at
    if rules_battery.judges(look):
        rest_soc = rules_battery.at_rest(look, memory)
        rest_at = rules_battery.rests_since(look, memory)
    return replace(
        memory,
        topics=settled(memory.topics),
        known=True,
        settled=True,
        measured_at=reading.measured_at or memory.measured_at,
        awake_at=look.at if awake else memory.awake_at,
        rest_soc=rest_soc,
        rest_at=rest_at,
        low_at=look.at if is_low_news else memory.low_at,
        produced_at=rules_production.produced_at(look, memory),
        nothing_at=rules_production.nothing_since(look, memory),
        closed=rules_faults.closed_ids(look, memory),
    )


def _in_grace(now: datetime, context: Context) -> bool:
    woke_at = context.woke_at
    return woke_at is not None and woke_at <= now < woke_at + _GRACE
