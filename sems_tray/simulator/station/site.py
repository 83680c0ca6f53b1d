"""One station as the portal sees it: what it reported last, and in what state."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, timedelta
from functools import lru_cache

from .alarms import Alarm, alarms
from .behaviour import PLAIN, Behaviour, NightFlow
from .energy import Energy, nothing
from .events import (
    DEAD,
    FAULT,
    GRID_LOST,
    ONE_OFF,
    PAUSE,
    RESTARTED,
    SILENT,
    STEP,
    Event,
    EventLog,
    floor_step,
    holding,
)
from .ledger import Ledger, Powers
from .specs import StationSpec
from .sun import elevation_deg

ASLEEP_DEG = -2.0
HIDING = (23 * 60 + 58, 24 * 60)
DOUBLED = (1, 15)
REPEATED = (1, 8)


@dataclass(frozen=True, slots=True, kw_only=True)
class Live:
    """The last report. Powers in W, grid above zero is export; None: not fitted."""

    at: datetime
    pv_w_each: tuple[int, ...]
    load_w: int | None
    battery_w: int | None
    grid_w: int | None
    soc_percent: int | None
    dark: bool

    @property
    def pv_w(self) -> int:
        """All inverters together."""
        return sum(self.pv_w_each)

    @property
    def ac_w(self) -> int:
        """What the inverters give out, battery included."""
        return self.pv_w + (self.battery_w or 0)


@dataclass(frozen=True, slots=True, kw_only=True)
class Override:
    """Values that a test pins; None leaves the plant's own."""

    pv_w: int | None = None
    soc_percent: int | None = None
    battery_w: int | None = None
    load_w: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Counters:
    """Energies as the portal counts them, its midnight misbehaviour included."""

    today: Energy
    week: Energy
    month: Energy
    year: Energy
    total: Energy


class Site:
    """A station, its books and its troubles."""

    def __init__(
        self,
        spec: StationSpec,
        seed: int,
        *,
        midnight_glitch: bool,
        behaviour: Behaviour = PLAIN,
    ) -> None:
        self.spec = spec
        self.behaviour = behaviour
        self.ledger = Ledger(spec, seed, behaviour)
        self.pinned = Override()
        self.clock_behind = timedelta()
        self.told_zone: str | None = None
        self._seed = seed
        self._midnight_glitch = midnight_glitch
        self.set_events(())

    @property
    def has_load(self) -> bool:
        """Say whether the house's use is known: only with a meter."""
        return self.spec.meter_sn is not None

    @property
    def events(self) -> tuple[Event, ...]:
        """All troubles so far."""
        return self._events

    def set_events(self, events: tuple[Event, ...]) -> None:
        """Replace the troubles."""
        self._events, self._log = events, EventLog(events)
        self.ledger.set_events(events)
        # Every call about one instant asks for these again.
        self._live_at = lru_cache(1)(self._measured)
        self._counters_at = lru_cache(2)(self._counted)
        self._reported_at = lru_cache(1)(self._last_report)

    def is_(self, kind: str, now: datetime) -> bool:
        """Say whether a trouble holds at an instant."""
        return holding(self._log.around(now), kind, now) is not None

    def grid_told_lost(self, now: datetime) -> bool:
        """Say whether the portal says that the grid is gone."""
        return any(
            event.kind == GRID_LOST and event.holds(now - event.told_after)
            for event in self._events
        )

    def asleep(self, now: datetime) -> bool:
        """Say whether inverters without a battery are off for want of light."""
        if self.behaviour.wake_share is not None:
            strings = [
                on
                for inverter, on in zip(
                    self.spec.inverters, self.ledger.awake(now), strict=True
                )
                if not inverter.hybrid
            ]
            return bool(strings) and not any(strings)
        place = self.spec.place
        height = elevation_deg(place.latitude_deg, place.longitude_deg, now)
        return height < ASLEEP_DEG

    def inverter_asleep(self, index: int, now: datetime) -> bool:
        """Say whether one inverter is off for want of light; a hybrid never is."""
        if self.spec.inverters[index].hybrid:
            return False
        if self.behaviour.wake_share is None:
            return self.asleep(now)
        return not self.ledger.awake(now)[index]

    def dormant(self, now: datetime) -> bool:
        """Say whether no inverter is on (a hybrid never sleeps)."""
        return self.spec.battery is None and self.asleep(now)

    def measured_at(self, now: datetime) -> datetime:
        """Return when the station reported last: whole minutes, UTC."""
        at = self._reported_at(now)
        if self.spec.meter_sn is None and self.dormant(at):
            return self._dusk(at)
        return at

    def inverter_seen_at(self, now: datetime) -> datetime:
        """Return when the inverters reported last (a meter may go on at night)."""
        at = self.measured_at(now)
        return self._dusk(at) if self.dormant(at) else at

    def stamp(self, at: datetime) -> datetime:
        """Return what the data logger's clock says at an instant."""
        return at - self.clock_behind

    def live(self, now: datetime) -> Live:
        """Return the powers of the last report."""
        at, pinned = self.measured_at(now), self.pinned
        # A meter and a hybrid go on; what sleeps does so by the light of its report.
        dark = self.asleep(at) or self.dormant(self._reported_at(now))
        return self._live_at(at, pinned, dark)

    def _measured(self, at: datetime, pinned: Override, dark: bool) -> Live:  # noqa: FBT001
        powers = self.ledger.powers(at)
        pv = powers.pv_w_each
        frozen = self.behaviour.night_flow is NightFlow.FROZEN
        if dark and self.behaviour.wake_share is not None and not frozen:
            pv = tuple(
                watts * inverter.hybrid
                for watts, inverter in zip(pv, self.spec.inverters, strict=True)
            )
        if pinned.pv_w is not None:
            pv = _shared(pinned.pv_w, [i.rated_w for i in self.spec.inverters])
        battery = load = grid = soc = None
        flow = 0
        if self.has_load:
            load = powers.load_w if pinned.load_w is None else pinned.load_w
            flow = powers.battery_w if pinned.battery_w is None else pinned.battery_w
            grid = self._metered_w(at, sum(pv) + flow - load)
            load = sum(pv) + flow - grid
        if self.spec.battery is not None:
            battery = flow
            soc = round(powers.soc_percent)
            soc = soc if pinned.soc_percent is None else pinned.soc_percent
        return Live(
            at=at,
            pv_w_each=pv,
            load_w=load,
            battery_w=battery,
            grid_w=grid,
            soc_percent=soc,
            dark=dark,
        )

    def powers(self, at: datetime) -> Powers:
        """Return the plant's own powers at an instant."""
        return self.ledger.powers(at)

    def station_state(self, now: datetime) -> str:
        """Return running, waiting, offline or fault."""
        if self.is_(SILENT, now) or self.dormant(now):
            return "offline"
        if self.is_(FAULT, now):
            return "fault"
        idle = self.live(now).pv_w == 0 and not self.is_(DEAD, now)
        return "waiting" if idle and self.spec.battery is None else "running"

    def inverter_state(self, index: int, now: datetime) -> str:
        """Return running, waiting, offline or fault for one inverter."""
        inverter = self.spec.inverters[index]
        if self.is_(SILENT, now):
            return "offline"
        broken = self._broken(index, now)
        if broken or inverter.hybrid:
            return broken or "running"
        if self.inverter_asleep(index, now):
            return "offline"
        nothing = self.live(now).pv_w_each[index] == 0
        waits = self.is_(GRID_LOST, now) or (nothing and not self.is_(DEAD, now))
        return "waiting" if waits else "running"

    def _broken(self, index: int, now: datetime) -> str | None:
        """Return the state that a trouble of the inverter's own gives it."""
        count = len(self.spec.inverters)
        for event in self._log.around(now):
            state = {FAULT: "fault", ONE_OFF: "offline"}.get(event.kind)
            if state and event.holds(now) and event.place(count) == index:
                return state
        return None

    def alarms(self, now: datetime) -> list[Alarm]:
        """Return all alarms known at an instant, the newest first."""
        return alarms(self.spec, self._events, now, self._seed)

    def today(self, now: datetime) -> date:
        """Return the local date of the last report."""
        return self.ledger.local_day(self._reported_at(now))

    def meter_counters(self, now: datetime) -> Counters:
        """Return the counters of the last report; a meter goes on at night."""
        return self._counters_at(self._reported_at(now))

    def counters(self, now: datetime) -> Counters:
        """Return the counters of the inverters' last report."""
        at = self._reported_at(now)
        if self.behaviour.counters_stand and self.dormant(at):
            at = self._dusk(at)
        return self._counters_at(at)

    def _counted(self, at: datetime) -> Counters:
        day = self.ledger.local_day(at)
        span = self.ledger.span
        counters = Counters(
            today=self.ledger.today(at),
            week=span(day - timedelta(days=day.weekday()), day, at),
            month=span(day.replace(day=1), day, at),
            year=span(day.replace(month=1, day=1), day, at),
            total=self._since_restart(self.ledger.lifetime(at), at),
        )
        return self._glitched(counters, at) if self._midnight_glitch else counters

    def _since_restart(self, lifetime: Energy, at: datetime) -> Energy:
        """Return the lifetime as inverters say whose counters began anew."""
        pv = list(lifetime.pv_kwh_each)
        for event in self._events:
            if event.kind == RESTARTED and event.since <= at:
                place = event.place(len(pv))
                before = self.ledger.lifetime(event.since).pv_kwh_each[place]
                pv[place] = lifetime.pv_kwh_each[place] - before
        return replace(lifetime, pv_kwh_each=tuple(pv))

    def offset_h(self, now: datetime) -> float:
        """Return the hours that the station's clock is ahead of UTC."""
        offset = now.astimezone(self.spec.place.timezone).utcoffset()
        return 0.0 if offset is None else offset.total_seconds() / 3600

    def between(self, first: date, last: date, now: datetime) -> Energy:
        """Return the energies of local dates, both inclusive, as the portal says."""
        at = self._reported_at(now)
        if first == last == self.ledger.local_day(at):
            return self._counters_at(at).today
        return self.ledger.span(first, last, at)

    def _last_report(self, now: datetime) -> datetime:
        """Return the minute of the logger's last report, of whatever is awake."""
        minute = now.astimezone(UTC).replace(second=0, microsecond=0)
        held = [
            event.since.astimezone(UTC)
            for event in self._log.around(now)
            if event.kind in {SILENT, PAUSE} and event.holds(now)
        ]
        return min(held, default=minute)

    def _metered_w(self, at: datetime, grid_w: int) -> int:
        """Return what the meter shows: a lost grid's noise, and no trifle."""
        lost = holding(self._log.around(at), GRID_LOST, at)
        if lost is not None:
            return lost.meter_w
        return 0 if abs(grid_w) < self.behaviour.meter_dead_w else grid_w

    def _glitched(self, true: Counters, at: datetime) -> Counters:
        # Facts, section 3, "Midnight": today vanishes early, comes back and is
        # counted twice, and is put right at a quarter past.
        local = at.astimezone(self.spec.place.timezone)
        minute = local.hour * 60 + local.minute
        if HIDING[0] <= minute < HIDING[1]:
            return replace(true, today=nothing(len(self.spec.inverters)))
        if not DOUBLED[0] <= minute < DOUBLED[1]:
            return true
        again = self.ledger.day(local.date() - timedelta(days=1))
        return Counters(
            today=again if minute < REPEATED[1] else true.today,
            week=true.week + again,
            month=true.month + again,
            year=true.year + again,
            total=true.total + again,
        )

    def _dusk(self, at: datetime) -> datetime:
        if self.behaviour.wake_share is not None:
            return self.ledger.last_awake(at)
        at = floor_step(at)
        while self.asleep(at):
            at -= STEP
        return at


def _shared(watts: int, weights: Sequence[int]) -> tuple[int, ...]:
    shares = [watts * weight // sum(weights) for weight in weights]
    shares[0] += watts - sum(shares)
    return tuple(shares)
