"""What was said, against what was true: notices, states by day, figures."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field
from datetime import datetime, time, timedelta
from typing import TYPE_CHECKING

from sems_tray.alerts.model import Kind, Rule
from sems_tray.domain.model import StationState
from sems_tray.domain.poll_result import Trouble
from sems_tray.domain.station_state import age, is_old, state_of
from sems_tray.simulator.station.events import PAUSE, SNOW, Event, EventLog, holding
from sems_tray.simulator.station.income import income
from sems_tray.simulator.station.sun import elevation_deg

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from sems_tray.alerts.alert_center import AlertCenter
    from sems_tray.alerts.model import Notice
    from sems_tray.domain.energy import DayTotals
    from sems_tray.domain.model import EnergySums, Reading
    from sems_tray.simulator.station.energy import Energy
    from sems_tray.simulator.station.site import Site

    from .faults import Fault
    from .program import Program

MINUTE, HOUR = timedelta(minutes=1), timedelta(hours=1)
# A state is looked at so often at least, and stands for no more than this.
LOOK = 5 * MINUTE
# The program polls, and the portal's lists are up to ten minutes old.
SETTLING = 35 * MINUTE
# Three lists that lack the row; at night one comes every 15 minutes.
_AFTER_CLEARED = 50 * MINUTE
# The sun of December may need days to bring the charge back.
LOW_CLEARED = 10 * 24 * HOUR
# How much earlier a figure may be: the totals are asked for every ten minutes.
_FIGURES_AGE = 13 * MINUTE
FIGURES_SLACK_KWH = 0.05
_FIGURES_EVERY = 10 * MINUTE
FIELDS = (
    "pv_kwh",
    "load_kwh",
    "import_kwh",
    "export_kwh",
    "charge_kwh",
    "discharge_kwh",
)
PERIODS = ("today", "month", "year", "total")
_ROUNDING = 0.0051
_MONEY_SLACK = 0.05
_ODD_BY_PERCENT = 10


@dataclass(kw_only=True)
class Told:
    """What was said of one fault."""

    fault: Fault
    raised: list[datetime] = field(default_factory=list)
    changed: int = 0
    cleared: list[datetime] = field(default_factory=list)
    lasted: timedelta | None = None

    @property
    def late(self) -> timedelta | None:
        """How long after it began it was told."""
        return self.raised[0] - self.fault.since if self.raised else None

    @property
    def once(self) -> bool:
        """Whether it was told once, and no more."""
        return len(self.raised) == 1

    @property
    def off(self) -> timedelta | None:
        """How far the said duration is from the true one."""
        if self.lasted is None or self.fault.lasts is None:
            return None
        return abs(self.lasted - self.fault.lasts)


@dataclass(kw_only=True)
class Score:
    """What a station-year came to; kept as plain values, to be sent home."""

    name: str = ""
    days: int = 0
    told: list[Told] = field(default_factory=list)
    false_alarms: list[str] = field(default_factory=list)
    snow: list[str] = field(default_factory=list)
    odd_charge: list[str] = field(default_factory=list)
    false_h: Counter[str] = field(default_factory=Counter)
    false_when: dict[str, list[str]] = field(default_factory=dict)
    compared: int = 0
    kept_days: int = 0
    wrong: Counter[str] = field(default_factory=Counter)
    worst: dict[str, str] = field(default_factory=dict)
    requests: int = 0
    sign_ins: int = 0
    starts: int = 0


class Judge:
    """Listens to one program after another, and knows the plant."""

    def __init__(
        self,
        site: Site,
        faults: Iterable[Fault],
        maintenance: Sequence[tuple[datetime, datetime]],
    ) -> None:
        self.score = Score()
        self._site = site
        self._maintenance = maintenance
        self._by_start = sorted(faults, key=lambda it: it.since)
        self.score.told = [Told(fault=it) for it in self._by_start]
        self._troubles = EventLog(
            [
                *(_settling(it, SETTLING) for it in self._by_start),
                *(_settling(it, 10 * MINUTE) for it in site.events if it.kind == PAUSE),
            ]
        )
        self._looked_at: datetime | None = None
        self._shown: str | None = None
        self._figured_at: datetime | None = None

    # -- notices ---------------------------------------------------------------

    def hear(self, notice: Notice, program: Program) -> None:
        """Take a notice that was shown."""
        now = program.desk.clock()
        told = self._meant(notice, now)
        if told is None:
            self._unfounded(notice, now)
        elif notice.kind is Kind.RAISED:
            told.raised.append(now)
        elif notice.kind is Kind.CHANGED:
            told.changed += 1
        elif notice.kind is Kind.CLEARED:
            told.cleared.append(now)
            topic = _topic(program.alerts.state, notice)
            told.lasted = topic or now - notice.since

    def _meant(self, notice: Notice, now: datetime) -> Told | None:
        for it in self.score.told:
            fault = it.fault
            if notice.rule not in fault.rules:
                continue
            end = fault.until
            if notice.kind is Kind.CLEARED:
                end += LOW_CLEARED if fault.lasts is None else _AFTER_CLEARED
            elif fault.lasts is not None:
                end += 10 * MINUTE
            if fault.since <= now <= end:
                return it
        return None

    def _unfounded(self, notice: Notice, now: datetime) -> None:
        if notice.kind is Kind.NAMED:
            return
        for it in self._by_start:
            if notice.rule in it.also and it.since <= now <= it.until + LOW_CLEARED:
                return
        line = f"{now:%Y-%m-%d %H:%M} {notice.rule} {notice.kind}: {notice.title}"
        snow = self._snow(now)
        # Where something is awake that measures, noon knows of the snow of the night.
        long = snow is not None and now - snow >= 8 * HOUR
        if notice.kind is Kind.CLEARED:
            return  # the end of what was counted when it was raised
        if notice.rule is Rule.NO_PRODUCTION and long:
            self.score.snow.append(line)
        elif notice.rule is Rule.BATTERY_LOW and self._is_odd_charge(now):
            self.score.odd_charge.append(line)
        else:
            self.score.false_alarms.append(line)

    def _is_odd_charge(self, now: datetime) -> bool:
        """Say whether the charge is clearly below that of this hour in the week.

        One odd day does not make the next one usual.
        """
        site, day = self._site, 24 * HOUR
        week = [site.powers(now - n * day).soc_percent for n in range(1, 8)]
        return site.powers(now).soc_percent < sorted(week)[1] - _ODD_BY_PERCENT

    def _snow(self, now: datetime) -> datetime | None:
        event = holding(self._site.events, SNOW, now)
        return None if event is None else event.since

    # -- states ----------------------------------------------------------------

    def look(self, program: Program) -> None:
        """Look at what the tray shows now."""
        now, poller = program.desk.clock(), program.poller
        before = self._looked_at
        polled = poller.reading is not None and (
            poller.reading.received_at == now or poller.failed is not None
        )
        if before is not None and now - before < LOOK and not polled:
            return
        if before is not None and self._shown is not None:
            span = min(now - before, LOOK)
            self._note(self._shown, before, span)
        self._looked_at = now
        self._shown = self._wrong_state(program, now)
        if poller.failed is None and poller.reading is not None and polled:
            self._figures(poller.reading, program, now)

    def pause(self) -> None:
        """Note that the program is off, or the computer asleep."""
        self._looked_at = self._shown = None

    def _note(self, what: str, at: datetime, span: timedelta) -> None:
        self.score.false_h[what] += span / HOUR  # type: ignore[assignment]
        when = self.score.false_when.setdefault(what, [])
        day = f"{at:%m-%d}"
        if not when or not when[-1].startswith(day):
            when.append(f"{at:%m-%d %H:%M}")

    def _wrong_state(self, program: Program, now: datetime) -> str | None:
        """Return what is shown by day and is not so; None while all is right."""
        site, poller = self._site, program.poller
        if self._is_troubled(now) or not self._is_day(now):
            return None
        if now - program.started_at < 2 * MINUTE:
            return None
        if poller.failed is not None:
            trouble = poller.failed.trouble
            own = trouble is Trouble.OFFLINE or self._portal_is_off(now)
            return None if own else f"trouble {trouble}"
        reading = poller.reading
        if reading is None:
            return None
        state = state_of(reading, now, program.sky.dark_at(reading))
        right = self._right_states(site, now)
        return None if state in right else f"{state} for {self._truth(site, now)}"

    def _truth(self, site: Site, now: datetime) -> str:
        if not site.dormant(now):
            return "ok"
        return "snow" if self._snow(now) else "dark roof"

    def _right_states(self, site: Site, now: datetime) -> frozenset[StationState]:
        asleep = {site.dormant(now - n * 5 * MINUTE) for n in range(5)}
        right: set[StationState] = set()
        if False in asleep:
            right.add(StationState.OK)
            if site.live(now).pv_w < 20:
                right |= {StationState.WAITING, StationState.NIGHT}
        if True in asleep:
            right |= {StationState.NIGHT, StationState.WAITING}
            snow = self._snow(now)
            if snow is not None and now - snow > 20 * HOUR:
                right |= {StationState.SILENT, StationState.UNKNOWN}
        return frozenset(right)

    def _is_day(self, now: datetime) -> bool:
        place = self._site.spec.place
        return elevation_deg(place.latitude_deg, place.longitude_deg, now) > 0

    def _is_troubled(self, now: datetime) -> bool:
        return any(it.holds(now) for it in self._troubles.around(now))

    def _portal_is_off(self, now: datetime) -> bool:
        return any(begin <= now < end + SETTLING for begin, end in self._maintenance)

    # -- figures ---------------------------------------------------------------

    def _figures(self, reading: Reading, program: Program, now: datetime) -> None:
        before = self._figured_at
        if before is not None and now - before < _FIGURES_EVERY:
            return
        self._figured_at = now
        site = self._site
        local = now.astimezone(site.spec.place.timezone)
        minute = local.hour * 60 + local.minute
        unsure = minute >= 23 * 60 + 56 or minute < 35
        old = is_old(reading, now) and not site.dormant(now)
        if unsure or old or "energy" in reading.stale or self._is_troubled(now):
            return
        since = min(now, now - (age(reading, now) or timedelta()))
        if site.dormant(now):
            since = now
        early = since - _FIGURES_AGE
        if site.ledger.local_day(early) != site.ledger.local_day(now):
            return
        self.score.compared += 1
        for period in PERIODS:
            sums = getattr(reading.energy, period)
            self._compare(
                period, sums, _true(site, period, early), _true(site, period, now), now
            )

    def history(self, days: Iterable[DayTotals]) -> None:
        """Compare what the history calls final with the books."""
        for it in days:
            if not it.final:
                continue
            self.score.kept_days += 1
            true = self._site.ledger.day(it.day)
            noon = datetime.combine(it.day, time(12), self._site.spec.place.timezone)
            self._compare("final day", it.sums, true, true, noon)
            said, earned = it.sums.income, income(self._site, true)
            if said is not None and abs(said - earned) > _MONEY_SLACK:
                self.score.wrong["final day income"] += 1
                self.score.worst["final day income"] = f"{said} for {earned:.2f}"

    def _compare(
        self, period: str, said: EnergySums, low: Energy, high: Energy, now: datetime
    ) -> None:
        slack = FIGURES_SLACK_KWH + _ROUNDING
        for name in FIELDS:
            value = getattr(said, name)
            if value is None:
                continue
            least, most = getattr(low, name), getattr(high, name)
            off = max(least - value, value - most)
            if off <= slack:
                continue
            what = f"{period} {name.removesuffix('_kwh')}"
            self.score.wrong[what] += 1
            worst = self.score.worst.get(what, "0")
            if off > float(worst.split()[0]):
                self.score.worst[what] = f"{off:.2f} kWh ({now:%m-%d %H:%M}: {value})"


def _settling(trouble: Fault | Event, span: timedelta) -> Event:
    """Return a trouble with the time after it in which nothing is judged."""
    until = None if trouble.until is None else trouble.until + span
    return Event(kind=trouble.kind, since=trouble.since, until=until)


def _topic(centre: AlertCenter, notice: Notice) -> timedelta | None:
    topic = centre.alerts.memory(notice.station).topic(notice.topic)
    if topic is None or topic.calm_since is None:
        return None
    return topic.calm_since - topic.since


def _true(site: Site, period: str, at: datetime) -> Energy:
    ledger = site.ledger
    day = ledger.local_day(at)
    if period == "today":
        return ledger.today(at)
    if period == "total":
        return ledger.lifetime(at)
    first = day.replace(day=1) if period == "month" else day.replace(month=1, day=1)
    return ledger.span(first, day, at)
