"""One step of the alert rules: an outcome of a poll in, notices out.

Pure: the same state, outcome and surroundings give the same answer.  Stations are
apart from each other; what concerns the account is kept under an empty name.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, assert_never

from sems_tray.domain.model import DeviceState, Reading
from sems_tray.domain.poll_result import PollFailed

from . import rules_battery, rules_faults, rules_grid, rules_production, rules_station
from .model import ACCOUNT, Kind, Withdrawal
from .observation import look_at
from .topics import EvaluationTime, Transition, fold, forgotten, settled
from .wording import NoticeSubject, notice

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator
    from datetime import datetime

    from .model import AlertRules, AlertState, Context, Memory, Notice
    from .observation import Observation
    from .topics import Finding

    Judge = Callable[[Observation, Memory], Iterator[Finding]]


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


class _Run:
    """The memory of one station while a step goes through the rules."""

    def __init__(
        self,
        memory: Memory,
        moment: EvaluationTime,
        context: Context,
        place: NoticeSubject,
    ) -> None:
        self.memory = memory
        self.notices: list[Notice] = []
        self.withdrawals: list[Withdrawal] = []
        self._moment, self._context, self._place = moment, context, place
        self._switch_off()

    def take(self, findings: Iterable[Finding]) -> None:
        """Fold findings in, and note what they turn."""
        for finding in findings:
            if not self._context.rules.on(finding.rule):
                continue
            before = self.memory.topic(finding.topic)
            folded = fold(before, finding, self._moment)
            if folded.topic is not before:
                self.memory = self.memory.with_topic(finding.topic, folded.topic)
            if folded.topic is None or folded.turn is None:
                continue
            if folded.turn is Transition.CLOSED:
                self._withdraw(finding.topic)
            else:
                self.notices.append(notice(folded.topic, folded.turn, self._place))

    def raised(self, topic: str) -> bool:
        """Say whether a topic is announced by this step."""
        new = (it for it in self.notices if it.kind is Kind.RAISED)
        return any(it.topic == topic for it in new)

    def tidied(self) -> Memory:
        """Return the memory without what is long over."""
        if not self.memory.topics:
            return self.memory
        at = self._moment.at
        kept = tuple(it for it in self.memory.topics if not forgotten(it, at))
        return replace(self.memory, topics=kept)

    def _switch_off(self) -> None:
        for topic in self.memory.topics:
            if not self._context.rules.on(topic.rule):
                self.memory = self.memory.with_topic(topic.id, None)
                if topic.raised:
                    self._withdraw(topic.id)

    def _withdraw(self, topic_id: str) -> None:
        self.withdrawals.append(
            Withdrawal(station=self.memory.station, topic=topic_id, at=self._place.at)
        )


Step = tuple["AlertState", tuple["Notice", ...], tuple[Withdrawal, ...]]


def step(
    state: AlertState, event: Reading | PollFailed, now: datetime, context: Context
) -> Step:
    """Return the state after a poll, what to announce, and what to withdraw.

    A notice replaces the bubble of its topic, the all-clear too; a withdrawal is for
    topics that end without one.
    """
    match event:
        case Reading() if context.is_other_station:
            station = _station(state, event, now, context)
            state = state.with_memory(station.memory)
            return state, tuple(station.notices), tuple(station.withdrawals)
        case Reading():
            account = _account(state, now, context, name="")
            account.take(rules_station.success(account.memory))
            memory = replace(account.tidied(), known=True, settled=True)
            memory = replace(memory, worked=True)
            state = state.with_memory(memory)
            station = _station(state, event, now, context)
            state = state.with_memory(station.memory)
            return (
                state,
                (*account.notices, *station.notices),
                (*account.withdrawals, *station.withdrawals),
            )
        case PollFailed():
            run = _account(state, now, context, name="")
            run.take(rules_station.failure(event, run.memory, context.rules))
            memory = replace(run.tidied(), settled=True)
            return (
                state.with_memory(memory),
                tuple(run.notices),
                tuple(run.withdrawals),
            )
        case _:
            assert_never(event)


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


def _account(state: AlertState, now: datetime, context: Context, name: str) -> _Run:
    memory = state.memory(ACCOUNT)
    moment = EvaluationTime(
        at=now, in_grace=_in_grace(now, context), woke_at=context.woke_at
    )
    return _Run(
        memory, moment, context, NoticeSubject(station=ACCOUNT, name=name, at=now)
    )


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
    run = _Run(memory, moment, context, place)
    for judge in _JUDGES:
        run.take(judge(look, run.memory))
    run.memory = _remembered(run, look)
    return run


def _remembered(run: _Run, look: Observation) -> Memory:
    """Return the memory with what the next reading is compared with."""
    memory, reading = run.tidied(), look.reading
    running = any(it.state is DeviceState.RUNNING for it in reading.inverters)
    awake = look.fresh and (running or (reading.power.pv_w or 0) > 0)
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
        low_at=look.at if run.raised(rules_battery.LEVEL) else memory.low_at,
        produced_at=rules_production.produced_at(look, memory),
        nothing_at=rules_production.nothing_since(look, memory),
        closed=rules_faults.closed_ids(look, memory),
    )


def _in_grace(now: datetime, context: Context) -> bool:
    woke_at = context.woke_at
    return woke_at is not None and woke_at <= now < woke_at + context.rules.grace
