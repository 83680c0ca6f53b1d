"""One station's own books: powers at any minute, energies of any span."""

import threading
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, timedelta
from functools import cache, lru_cache

from .behaviour import PLAIN, Behaviour
from .energy import KWH_PER_W_STEP, Energy, area, nothing, split_area, total
from .events import (
    DEAD,
    FAULT,
    GRID_LOST,
    ONE_OFF,
    PAUSE,
    SILENT,
    SNOW,
    STEP,
    STUCK,
    Event,
    EventLog,
    floor_step,
    holding,
)
from .plant import (
    Nodes,
    day_start,
    demand,
    islanded,
    month_end,
    on_grid,
    sunlit,
    waking,
)
from .specs import StationSpec

CHAIN_DAYS = 3
CHAIN_SOC = 0.5
KEPT_DAYS = 12
KEPT_SPANS = 500
KEPT_PLANTS = 32
_QUIET = frozenset({SILENT, PAUSE})  # they change what is told, and no power
_BREAKING = (FAULT, ONE_OFF)


@dataclass(frozen=True, slots=True)
class _Sources:
    """What a day's light and house give, whatever the battery makes of it."""

    pv_w_each: tuple[list[int], ...]
    load_w: list[int]
    surplus_w: list[float]
    awake_each: tuple[list[bool], ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Powers:
    """Powers at one instant in whole W; grid above zero is export."""

    pv_w_each: tuple[int, ...]
    load_w: int
    battery_w: int
    soc_percent: float

    @property
    def pv_w(self) -> int:
        """All inverters together."""
        return sum(self.pv_w_each)

    @property
    def grid_w(self) -> int:
        """What closes the balance load = pv + battery - grid."""
        return self.pv_w + self.battery_w - self.load_w


class Ledger:
    """Computes days when they are asked for and remembers their sums."""

    def __init__(
        self, spec: StationSpec, seed: int, behaviour: Behaviour = PLAIN
    ) -> None:
        self.spec = spec
        self._seed = seed
        self._behaviour = behaviour
        self._lock = threading.RLock()
        self._healthy_days = _healthy_days(spec, seed, behaviour)
        self.set_events(())

    @property
    def first_day(self) -> date:
        """The date from which books are kept."""
        return self.spec.created.date()

    def set_events(self, events: tuple[Event, ...]) -> None:
        """Let troubles change the plant; what they touch is computed anew."""
        with self._lock:
            self._events, self._log = events, EventLog(events)
            self._troubled_from = min(
                (self.local_day(it.since) for it in events), default=date.max
            )
            self._troubled_days: dict[date, Energy] = {}
            self._sources = lru_cache(KEPT_DAYS)(self._lit)
            self._nodes = lru_cache(KEPT_DAYS)(self._computed)
            self._running = lru_cache(KEPT_DAYS)(self._run)
            self._today = lru_cache(KEPT_DAYS)(self._counted)
            self._month = cache(self._summed)
            self._past = lru_cache(KEPT_SPANS)(self._finished)
            self._awake = lru_cache(KEPT_SPANS)(self._awake_at)
            self._last_awake = lru_cache(1)(self._last_awake_before)
            self._last_on = cache(self._last_on_of)

    def local_day(self, at: datetime) -> date:
        """Return the station's calendar date at an instant."""
        return at.astimezone(self.spec.place.timezone).date()

    def nodes(self, day: date) -> Nodes:
        """Return the powers of a local date."""
        with self._lock:
            return self._nodes(day)

    def powers(self, at: datetime) -> Powers:
        """Return the powers at an instant, linear between nodes."""
        nodes = self.nodes(self.local_day(at))
        place = (at.astimezone(UTC) - nodes.start) / STEP
        node = min(int(place), len(nodes.load_w) - 2)
        ends_soon = self._ends_soon(at, nodes.start + STEP * (node + 1))
        part = 0.0 if ends_soon else place - node

        def between(left: float, right: float) -> float:
            return left + (right - left) * part

        pv = tuple(round(between(w[node], w[node + 1])) for w in nodes.pv_w_each)
        battery = round(between(nodes.battery_w[node], nodes.battery_w[node + 1]))
        load = round(between(nodes.load_w[node], nodes.load_w[node + 1]))
        near = (node,) if ends_soon else (node, node + 1)
        if not any(_grid_w(nodes, n) for n in near):
            load = sum(pv) + battery  # nothing flows: rounding must not invent 1 W
        charge_wh = between(nodes.charge_wh[node], nodes.charge_wh[node + 1])
        battery_spec = self.spec.battery
        soc = 0.0 if battery_spec is None else charge_wh / battery_spec.capacity_wh
        return Powers(
            pv_w_each=pv, load_w=load, battery_w=battery, soc_percent=100 * soc
        )

    def _ends_soon(self, at: datetime, following: datetime) -> bool:
        """Say whether a trouble still holds that is over at the following node.

        Until it is, the powers may not rise towards those of the recovered plant.
        """
        return any(
            event.kind not in _QUIET and event.holds(at) and not event.holds(following)
            for event in self._log.around(at)
        )

    def day(self, day: date) -> Energy:
        """Return the energies of a whole local date."""
        if day < self.first_day:
            return nothing(len(self.spec.inverters))
        with self._lock:
            healthy = day < self._troubled_from
            days = self._healthy_days if healthy else self._troubled_days
            if day not in days:
                days[day] = _energy(self.nodes(day))
            return days[day]

    def today(self, now: datetime) -> Energy:
        """Return the energies from local midnight to an instant."""
        with self._lock:  # asked for once for each longer period, too
            return self._today(now)

    def _counted(self, now: datetime) -> Energy:
        day = self.local_day(now)
        nodes, running = self.nodes(day), self._running(day)
        place = (now.astimezone(UTC) - nodes.start) / STEP
        node = min(int(place), len(running) - 1)
        part = place - node
        if part <= 0 or node + 1 >= len(running):
            return running[node]
        # Of the step under way only the left part of its straight lines has passed.
        rest = _energy(_slice(nodes, node, node + 2, part)).scaled(part)
        return running[node] + rest

    def _run(self, day: date) -> list[Energy]:
        """Return the energies from midnight up to each node."""
        nodes = self.nodes(day)
        found = [nothing(len(nodes.pv_w_each))]
        for node in range(len(nodes.load_w) - 1):
            found.append(found[-1] + _energy(_slice(nodes, node, node + 2)))
        return found

    def awake(self, at: datetime) -> tuple[bool, ...]:
        """Say of each inverter whether it is on: a step that it ends awake is its."""
        with self._lock:
            return self._awake(floor_step(at))

    def _awake_at(self, at: datetime) -> tuple[bool, ...]:
        nodes = self.nodes(self.local_day(at))
        node = int((at.astimezone(UTC) - nodes.start) / STEP)
        return tuple(any(it[node : node + 2]) for it in nodes.awake_each)

    def last_awake(self, at: datetime) -> datetime:
        """Return when any inverter was on last, at an instant when none is."""
        with self._lock:
            return self._last_awake(floor_step(at))

    def _last_awake_before(self, at: datetime) -> datetime:
        day = self.local_day(at)
        nodes = self.nodes(day)
        found = _last_on(nodes, int((at.astimezone(UTC) - nodes.start) / STEP))
        while found is None and day > self.first_day:
            day -= timedelta(days=1)
            found = self._last_on(day)
        return found or self.spec.created.astimezone(UTC)

    def _last_on_of(self, day: date) -> datetime | None:
        nodes = self.nodes(day)
        return _last_on(nodes, len(nodes.load_w) - 1)

    def span(self, first: date, last: date, now: datetime) -> Energy:
        """Return the energies of local dates, both inclusive, known at an instant."""
        today = self.local_day(now)
        first = max(first, self.first_day)
        with self._lock:
            spans = [self._today(now)] if first <= today <= last else []
            last = min(last, today - timedelta(days=1))
            if first <= last:
                spans.append(self._past(first, last))
        return total(spans, len(self.spec.inverters))

    def lifetime(self, now: datetime) -> Energy:
        """Return everything since the books were opened."""
        return self.span(self.first_day, self.local_day(now), now)

    def _finished(self, first: date, last: date) -> Energy:
        """Return the energies of whole dates, both inclusive, by months and days."""
        spans = []
        while first <= last:
            end = month_end(first)
            if first.day == 1 and end <= last:
                spans.append(self._month(first, end))
            else:
                end = first
                spans.append(self.day(first))
            first = end + timedelta(days=1)
        return total(spans, len(self.spec.inverters))

    def _summed(self, first: date, last: date) -> Energy:
        days = [first + timedelta(days=n) for n in range((last - first).days + 1)]
        return total([self.day(day) for day in days], len(self.spec.inverters))

    def _lit(self, day: date) -> _Sources:
        spec, wake_share = self.spec, self._behaviour.wake_share
        start = day_start(spec.place, day)
        pv = sunlit(spec, day, self._seed, dull=self._behaviour.gloom)
        covered = self._nodes_of(SNOW, start, len(pv[0]))
        for watts in pv:
            for node in covered:
                watts[node] = 0
        awake: tuple[list[bool], ...] = ()
        if wake_share is not None:
            awake = tuple(
                [True] * len(watts)
                if inverter.hybrid
                else waking(watts, inverter.rated_w * wake_share)
                for inverter, watts in zip(spec.inverters, pv, strict=True)
            )
            for watts, on in zip(pv, awake, strict=True):
                watts[:] = [
                    w if works else 0 for w, works in zip(watts, on, strict=True)
                ]
        for node in self._nodes_of(DEAD, start, len(pv[0])):
            for watts in pv:
                watts[node] = 0
        load = [0] * len(pv[0])
        if spec.meter_sn is not None or spec.battery is not None:
            load = demand(spec, day, self._seed, len(pv[0]))
        return _Sources(pv, load, _surplus(pv, load), awake)

    def _nodes_of(self, kind: str, start: datetime, count: int) -> frozenset[int]:
        """Return the nodes of a day at which a kind of trouble holds."""
        events = self._around(start, start + STEP * count, kind)
        if not events:
            return frozenset()
        return frozenset(
            node for node in range(count) if holding(events, kind, start + STEP * node)
        )

    def _computed(self, day: date) -> Nodes:
        # The charge at midnight is that of a battery which was half full three
        # days ago: by then it has forgotten, and any date can be had by itself.
        battery = self.spec.battery
        if battery is None:
            return self._walked(day, 0.0)
        charge_wh = battery.capacity_wh * CHAIN_SOC
        for back in range(CHAIN_DAYS, 0, -1):
            before = self._walked(day - timedelta(days=back), charge_wh)
            charge_wh = before.charge_wh[-1]
        return self._walked(day, charge_wh)

    def _walked(self, day: date, charge_wh: float) -> Nodes:
        """Return a day that the battery begins with a charge."""
        start, found = day_start(self.spec.place, day), self._sources(day)
        battery, count = self.spec.battery, len(found.load_w)
        walk: tuple[list[int], list[float]] = [0] * count, [0.0] * count
        if battery is not None:
            idle = self._nodes_of(STUCK, start, count)
            walk = on_grid(battery, found.surplus_w, charge_wh, idle=idle)
        nodes = Nodes(start, found.pv_w_each, found.load_w, *walk, found.awake_each)
        return self._troubled(nodes)

    def _troubled(self, nodes: Nodes) -> Nodes:
        end = nodes.start + STEP * (len(nodes.load_w) - 1)
        broken = self._around(nodes.start, end, *_BREAKING)
        if broken:
            nodes = self._broken(nodes, broken)
        lost = self._around(nodes.start, end, GRID_LOST)
        if lost:
            nodes = islanded(
                self.spec, nodes, lambda at: holding(lost, GRID_LOST, at) is not None
            )
        return nodes

    def _around(self, start: datetime, end: datetime, *kinds: str) -> list[Event]:
        """Return the events of some kinds that touch a span."""
        return [
            it
            for it in self._events
            if it.kind in kinds
            and it.since <= end
            and (it.until is None or it.until >= start)
        ]

    def _broken(self, nodes: Nodes, events: Sequence[Event]) -> Nodes:
        """Return the day with inverters that give nothing while they are broken."""
        pv = [list(watts) for watts in nodes.pv_w_each]
        for event in events:
            dead = pv[event.place(len(pv))]
            for node in range(len(dead)):
                if event.holds(nodes.start + STEP * node):
                    dead[node] = 0
        nodes = replace(nodes, pv_w_each=tuple(pv))
        battery = self.spec.battery
        if battery is None:
            return nodes
        powers, charges = on_grid(
            battery, _surplus(pv, nodes.load_w), nodes.charge_wh[0]
        )
        return replace(nodes, battery_w=powers, charge_wh=charges)


@lru_cache(KEPT_PLANTS)
def _healthy_days(
    _spec: StationSpec, _seed: int, _behaviour: Behaviour
) -> dict[date, Energy]:
    """Return what all ledgers of a plant share: the sums of days before any trouble."""
    return {}


def _grid_w(nodes: Nodes, node: int) -> float:
    pv = sum(watts[node] for watts in nodes.pv_w_each)
    return pv + nodes.battery_w[node] - nodes.load_w[node]


def _surplus(pv: Sequence[Sequence[float]], load: Sequence[float]) -> list[float]:
    totals = map(sum, zip(*pv, strict=True))
    return [total_w - use for total_w, use in zip(totals, load, strict=True)]


def _slice(nodes: Nodes, first: int, end: int, part: float = 1) -> Nodes:
    def cut(watts: Sequence[float]) -> list[float]:
        kept = list(watts[first:end])
        if part != 1:
            kept[-1] = kept[-2] + (kept[-1] - kept[-2]) * part
        return kept

    return Nodes(
        nodes.start,
        tuple(cut(watts) for watts in nodes.pv_w_each),
        cut(nodes.load_w),
        cut(nodes.battery_w),
        cut(nodes.charge_wh),
    )


def _last_on(nodes: Nodes, last: int) -> datetime | None:
    """Return the end of the last step up to a node in which an inverter was on."""
    for node in range(last, -1, -1):
        if any(it[node] for it in nodes.awake_each):
            return nodes.start + STEP * node
    return None


def _energy(nodes: Nodes) -> Energy:
    discharge, charge = split_area(nodes.battery_w)
    export, bought = split_area(nodes.grid_w)
    return Energy(
        pv_kwh_each=tuple(area(w) * KWH_PER_W_STEP for w in nodes.pv_w_each),
        load_kwh=area(nodes.load_w) * KWH_PER_W_STEP,
        import_kwh=bought * KWH_PER_W_STEP,
        export_kwh=export * KWH_PER_W_STEP,
        charge_kwh=charge * KWH_PER_W_STEP,
        discharge_kwh=discharge * KWH_PER_W_STEP,
    )
