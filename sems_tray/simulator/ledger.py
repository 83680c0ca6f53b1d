"""One station's own books: powers at any minute, energies of any span."""

import threading
from collections import OrderedDict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta

from .energy import KWH_PER_W_STEP, Energy, area, nothing, split_area, total
from .events import FAULT, GRID_LOST, SILENT, STEP, Event, holding
from .plant import Nodes, day_start, demand, islanded, on_grid, sunlit
from .specs import StationSpec

CHAIN_DAYS = 3
CHAIN_SOC = 0.5
KEPT_DAYS = 12

_Sources = tuple[tuple[list[int], ...], list[int], list[float]]


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

    def __init__(self, spec: StationSpec, seed: int) -> None:
        self.spec = spec
        self._seed = seed
        self._lock = threading.RLock()
        self._events: tuple[Event, ...] = ()
        self._raw: OrderedDict[date, _Sources] = OrderedDict()
        self._nodes: OrderedDict[date, Nodes] = OrderedDict()
        self._days: dict[date, Energy] = {}
        self._months: dict[tuple[int, int], Energy] = {}

    @property
    def first_day(self) -> date:
        """The date from which books are kept."""
        return self.spec.created.date()

    def set_events(self, events: tuple[Event, ...]) -> None:
        """Let troubles change the plant; what they touch is computed anew."""
        with self._lock:
            touched = [e.since for e in (*self._events, *events)]
            self._events = events
            self._nodes.clear()
            if not touched:
                return
            since = self.local_day(min(touched))
            self._days = {d: e for d, e in self._days.items() if d < since}
            self._months = {
                m: e for m, e in self._months.items() if m < (since.year, since.month)
            }

    def local_day(self, at: datetime) -> date:
        """Return the station's calendar date at an instant."""
        return at.astimezone(self.spec.place.timezone).date()

    def nodes(self, day: date) -> Nodes:
        """Return the powers of a local date."""
        with self._lock:
            if day not in self._nodes:
                self._nodes[day] = self._computed(day)
                if len(self._nodes) > KEPT_DAYS:
                    self._nodes.popitem(last=False)
            return self._nodes[day]

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
        if not any(self._grid_node(nodes, n) for n in near):
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
            it.kind != SILENT and it.holds(at) and not it.holds(following)
            for it in self._events
        )

    def day(self, day: date) -> Energy:
        """Return the energies of a whole local date."""
        with self._lock:
            if day < self.first_day:
                return nothing(len(self.spec.inverters))
            if day not in self._days:
                self._days[day] = _energy(self.nodes(day))
            return self._days[day]

    def today(self, now: datetime) -> Energy:
        """Return the energies from local midnight to an instant."""
        nodes = self.nodes(self.local_day(now))
        place = (now.astimezone(UTC) - nodes.start) / STEP
        node = min(int(place), len(nodes.load_w) - 1)
        whole = _energy(_slice(nodes, 0, node + 1))
        part = place - node
        if part <= 0 or node + 1 >= len(nodes.load_w):
            return whole
        # Of the step under way only the left part of its straight lines has passed.
        return whole + _energy(_slice(nodes, node, node + 2, part)).scaled(part)

    def month(self, year: int, month: int) -> Energy:
        """Return the energies of a whole calendar month."""
        with self._lock:
            if (year, month) not in self._months:
                first = date(year, month, 1)
                days = [first + timedelta(days=n) for n in range(31)]
                self._months[year, month] = self._sum(
                    [day for day in days if day.month == month]
                )
            return self._months[year, month]

    def span(self, first: date, last: date, now: datetime) -> Energy:
        """Return the energies of local dates, both inclusive, known at an instant."""
        today = self.local_day(now)
        first = max(first, self.first_day)
        inverters = len(self.spec.inverters)
        spans = [self.today(now)] if first <= today <= last else []
        last = min(last, today - timedelta(days=1))
        while first <= last:
            following = (first.replace(day=28) + timedelta(days=4)).replace(day=1)
            if first.day == 1 and following - timedelta(days=1) <= last:
                spans.append(self.month(first.year, first.month))
                first = following
            else:
                spans.append(self.day(first))
                first += timedelta(days=1)
        return total(spans, inverters)

    def lifetime(self, now: datetime) -> Energy:
        """Return everything since the books were opened."""
        return self.span(self.first_day, self.local_day(now), now)

    def _sum(self, days: list[date]) -> Energy:
        return total([self.day(day) for day in days], len(self.spec.inverters))

    def _sources(self, day: date) -> _Sources:
        if day not in self._raw:
            pv = sunlit(self.spec, day, self._seed)
            load = [0] * len(pv[0])
            if self.spec.meter_sn is not None or self.spec.battery is not None:
                load = demand(self.spec, day, self._seed, len(pv[0]))
            self._raw[day] = pv, load, _surplus(pv, load)
            if len(self._raw) > KEPT_DAYS:
                self._raw.popitem(last=False)
        return self._raw[day]

    def _computed(self, day: date) -> Nodes:
        start = day_start(self.spec.place, day)
        pv, load, surplus = self._sources(day)
        battery = self.spec.battery
        nodes = Nodes(start, pv, load, [0] * len(load), [0.0] * len(load))
        if battery is not None:
            # The charge at midnight is that of a battery which was half full three
            # days ago: by then it has forgotten, and any date can be had by itself.
            charge_wh = battery.capacity_wh * CHAIN_SOC
            for back in range(CHAIN_DAYS, 0, -1):
                before = self._sources(day - timedelta(days=back))[-1]
                charge_wh = on_grid(battery, before, charge_wh)[1][-1]
            nodes = Nodes(start, pv, load, *on_grid(battery, surplus, charge_wh))
        return self._troubled(nodes)

    def _troubled(self, nodes: Nodes) -> Nodes:
        end = nodes.start + STEP * (len(nodes.load_w) - 1)
        events = [
            e
            for e in self._events
            if e.since <= end and (e.until is None or e.until >= nodes.start)
        ]
        if any(e.kind == FAULT for e in events):
            dead = list(nodes.pv_w_each[-1])
            for node in range(len(dead)):
                if holding(events, FAULT, nodes.start + STEP * node):
                    dead[node] = 0
            pv = (*nodes.pv_w_each[:-1], dead)
            load, battery = nodes.load_w, self.spec.battery
            nodes = Nodes(nodes.start, pv, load, nodes.battery_w, nodes.charge_wh)
            if battery is not None:
                walk = on_grid(battery, _surplus(pv, load), nodes.charge_wh[0])
                nodes = Nodes(nodes.start, pv, load, *walk)
        if any(e.kind == GRID_LOST for e in events):
            nodes = islanded(
                self.spec, nodes, lambda at: holding(events, GRID_LOST, at) is not None
            )
        return nodes

    @staticmethod
    def _grid_node(nodes: Nodes, node: int) -> float:
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
