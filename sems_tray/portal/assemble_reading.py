"""Join what is held of a station to one ``Reading``."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import TYPE_CHECKING

from sems_tray.domain.energy import AMOUNTS, POWERS, Period
from sems_tray.domain.model import (
    NO_SUMS,
    Battery,
    BatteryState,
    DeviceState,
    LastAwake,
    Reading,
)
from sems_tray.domain.station_state import all_offline, is_old
from sems_tray.domain.time_zones import is_past
from sems_tray.i18n.language import mark
from sems_tray.portal.wire.values import known_or

from .errors import NoDataError
from .plausibility import Bounds
from .station_cache import Counters

if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import datetime

    from sems_tray.domain.logger_clock import LoggerClock
    from sems_tray.domain.model import (
        Alarm,
        Dialect,
        Energy,
        EnergySums,
        Inverter,
        Powers,
    )

    from .station_cache import Income, Live, StationCache


_RECENT = timedelta(days=7)
# Below half a watt a battery does nothing; the dead band of 20 W is the drawing's.
_IDLE_W = 0.5
# The devices' states are asked for every ten minutes.
_VOUCHES_FOR = timedelta(minutes=20)
# Longer than a dusk in which an inverter stays on without power.
_LONG_BEFORE = timedelta(hours=3)
_NO_COUNTERS = Counters()


def assemble(
    cache: StationCache,
    *,
    dialect: Dialect,
    received_at: datetime,
    portal_ahead_s: float,
    clock: LoggerClock,
    stale: tuple[str, ...],
    telemetry_is_new: bool,
) -> Reading:
    """Return the reading; raises PortalError without the live part."""
    now = received_at + timedelta(seconds=portal_ahead_s)
    told = cache.live
    if told is None or cache.station is None or not _is_vouched_for(cache, told, now):
        raise NoDataError(mark("no data in the live power"))
    bounds = Bounds(cache.station.capacity_kwp)
    live = replace(told, power=bounds.powers(told.power))
    if _fewer(live.power, told.power):
        live = replace(live, others_w=None)  # what is left balances with nothing
    fitted = has_battery(cache, live)
    power = bounds.powers(completed(live, stores=_stores(cache, fitted=fitted)))
    accessories = tuple(map(bounds.device, cache.accessories))
    if power.ev_w is None:
        power = replace(power, ev_w=_sum(it.power_w for it in accessories))
    inverters = _inverters(cache, live, telemetry_is_new=telemetry_is_new)
    energy = bounds.energy(_energy(cache))
    reading = Reading(
        dialect=dialect,
        station=replace(cache.station, state=_station_state(cache, live)),
        received_at=received_at,
        measured_at=_measured_at(live, clock, now),
        portal_ahead_s=portal_ahead_s,
        clock_behind_s=clock.behind.total_seconds(),
        renewed_at=clock.renewed_at,
        power=power,
        battery=_battery(cache, live) if fitted else None,
        energy=replace(energy, counted_at=clock.corrected(energy.counted_at)),
        inverters=tuple(
            replace(inverter, counted_at=clock.corrected(inverter.counted_at))
            for inverter in map(bounds.inverter, inverters)
        ),
        packs=tuple(map(bounds.device, cache.packs)),
        meters=tuple(map(bounds.device, cache.meters)),
        accessories=accessories,
        alarms=tuple(it for it in cache.alarms if _matters(it, now)),
        grid_connected=cache.grid_connected,
        stale=stale,
    )
    return replace(reading, last_awake=_last_awake(reading, cache.last_awake))


def _fewer(believed: Powers, told: Powers) -> bool:
    """Say whether something that was told is not believed."""
    return any(
        getattr(believed, name) is None is not getattr(told, name) for name in POWERS
    )


def _last_awake(reading: Reading, last: LastAwake | None) -> LastAwake | None:
    """Return what the roof made when it was last seen awake.

    What the portal shows of an offline inverter is not what it made before: it may
    repeat the last power or show none (facts, section 6).  Of one that makes nothing
    for hours, an earlier power does not tell how it fell asleep.
    """
    at, pv_w = reading.measured_at, reading.power.pv_w
    if at is None or pv_w is None or (last is not None and at <= last.at):
        return last
    if all_offline(reading) or is_old(reading, reading.received_at):
        return last
    if not pv_w and last is not None and last.pv_w and at - last.at < _LONG_BEFORE:
        return last
    return LastAwake(at=at, pv_w=pv_w or None)


def _is_vouched_for(cache: StationCache, live: Live, now: datetime) -> bool:
    """Say whether the devices' states work, where live power tells nothing.

    Only then is that a station that sleeps or is silent (design, section 9).
    """
    told_at = cache.devices_at
    return live.is_told or (told_at is not None and now - told_at <= _VOUCHES_FOR)


def _station_state(cache: StationCache, live: Live) -> DeviceState:
    """Return the station's state, from its inverters where live power has none."""
    if live.is_told or live.state is not DeviceState.UNKNOWN or not cache.inverters:
        return live.state
    states = {it.state for it in cache.inverters}
    if states == {DeviceState.OFFLINE}:
        return DeviceState.OFFLINE
    awake = (DeviceState.FAULT, DeviceState.RUNNING, DeviceState.WAITING)
    return next((it for it in awake if it in states), DeviceState.UNKNOWN)


def _measured_at(live: Live, clock: LoggerClock, now: datetime) -> datetime | None:
    """Return the true time of the measurement; a time too far in the future lies."""
    at = clock.corrected(live.measured_at)
    return at if at is not None and is_past(at, now) else None


def has_battery(cache: StationCache, live: Live) -> bool:
    """Say whether a battery is fitted.

    Stations without one report a SoC of 45 or 536 % all the same, so a SoC alone
    counts only where nothing says that there is no battery.
    """
    station = cache.station
    if live.battery_seen or cache.packs or cache.stores:
        return True
    if station is not None and (station.stores or station.battery_kwh):
        return True
    if live.battery_seen is False:
        return False
    denied = (station is not None and station.stores is False) or bool(cache.inverters)
    return not denied


def _stores(cache: StationCache, *, fitted: bool) -> bool | None:
    """Say whether there is a battery; None where nothing says so or denies it."""
    told = cache.station is not None and cache.station.stores is False
    return True if fitted else False if told or cache.inverters is not None else None


def _battery(cache: StationCache, live: Live) -> Battery:
    soc = live.soc_percent
    if soc is None:
        soc = _mean(it.soc_percent for it in cache.packs)
    return Battery(
        soc_percent=soc,
        state=_battery_state(cache, live),
        soh_percent=_mean(it.soh_percent for it in cache.packs),
        temperature_c=_mean(it.temperature_c for it in cache.packs),
    )


def _battery_state(cache: StationCache, live: Live) -> BatteryState | None:
    power_w = live.power.battery_w
    if power_w is None:
        states = {it.state for it in cache.packs if it.state is not None}
        return states.pop() if len(states) == 1 else None
    return battery_state(power_w)


def battery_state(power_w: float) -> BatteryState:
    """Return which way the energy goes."""
    if abs(power_w) < _IDLE_W:
        return BatteryState.IDLE
    return BatteryState.DISCHARGING if power_w > 0 else BatteryState.CHARGING


def _inverters(
    cache: StationCache, live: Live, *, telemetry_is_new: bool
) -> tuple[Inverter, ...]:
    listed = cache.inverters or ()
    alone = len(listed) == 1
    found = (
        _inverter(
            cache,
            inverter,
            station_ac_w=live.ac_w if alone else None,
            telemetry_is_new=telemetry_is_new,
        )
        for inverter in listed
    )
    shares = _shares_kwh(cache)
    return tuple(
        replace(
            inverter, today_kwh=_plus(inverter.today_kwh, shares.get(inverter.sn, 0.0))
        )
        for inverter in found
    )


def brought_up(reading: Reading, cache: StationCache) -> Reading:
    """Return the reading with what today has gained since the lifetimes were counted.

    That is an estimate: it is added to the counters that are believed, so that a count
    that comes in a little below it is no counter that falls.
    """
    energy, shares = reading.energy, _shares_kwh(cache)
    total = _grown(energy.total, _since(cache, "total"), energy.today)
    return replace(
        reading,
        energy=replace(energy, total=total),
        inverters=tuple(
            replace(
                inverter,
                total_kwh=_plus(inverter.total_kwh, shares.get(inverter.sn, 0.0)),
            )
            for inverter in reading.inverters
        ),
    )


def _shares_kwh(cache: StationCache) -> dict[str, float]:
    """Return what each inverter has made since its counters were read.

    Today's sum tells how much it was, today's counters whose.
    """
    now, then = cache.sums.today.pv_kwh, cache.since.get("total", NO_SUMS).pv_kwh
    made = {
        sn: cache.counters.get(sn, _NO_COUNTERS).energy.today.pv_kwh or 0.0
        for sn in _inverter_serials(cache)
    }
    whole = sum(made.values())
    if now is None or then is None or now <= then or not whole:
        return {}
    return {sn: (now - then) * kwh / whole for sn, kwh in made.items()}


def _plus(kwh: float | None, more_kwh: float) -> float | None:
    return None if kwh is None else round(kwh + more_kwh, 3)


def _inverter(
    cache: StationCache,
    inverter: Inverter,
    *,
    station_ac_w: float | None,
    telemetry_is_new: bool,
) -> Inverter:
    measured = cache.telemetry.get(inverter.sn)
    counted = cache.counters.get(inverter.sn)
    powers = [
        measured.power_w if measured and telemetry_is_new else None,
        station_ac_w,
        counted.power_w if counted else None,
        inverter.power_w,
    ]
    done = replace(
        inverter,
        model=cache.models.get(inverter.sn, inverter.model),
        firmware=cache.firmware.get(inverter.sn, inverter.firmware),
        power_w=next((power for power in powers if power is not None), None),
    )
    if measured is not None:
        done = replace(
            done,
            temperature_c=measured.temperature_c,
            strings=measured.strings,
            phases=measured.phases,
        )
    if counted is not None:
        done = replace(
            done,
            today_kwh=counted.energy.today.pv_kwh,
            total_kwh=counted.energy.total.pv_kwh,
            counted_at=counted.counted_at,
        )
    return done


def _energy(cache: StationCache) -> Energy:
    """Return the energies: statistics first, counters for PV that they leave out."""
    income = _income(cache)

    def period(name: str, sums: EnergySums) -> EnergySums:
        earned = getattr(income, name)
        return replace(sums, income=earned, currency=income.currency)

    today = period("today", _with_counted_pv(cache, "today"))

    def grown(name: str) -> EnergySums:
        sums = period(name, _with_counted_pv(cache, name))
        return _grown(sums, _since(cache, name), today)

    return replace(
        cache.sums,
        today=today,
        month=grown("month"),
        year=grown("year"),
        total=period("total", _lifetime(cache)),
    )


def _since(cache: StationCache, name: str) -> EnergySums:
    """Return what today stood at when a longer period was renewed."""
    since = cache.since.get(name, NO_SUMS)
    return replace(since, income=cache.income.since.get(name))


def _income(cache: StationCache) -> Income:
    """Return what was earned; of a period before that of the energies it is unknown."""
    sums, income = cache.sums, cache.income
    where = cache.zone

    def is_earlier(
        period: Period, told_at: datetime | None, at: datetime | None
    ) -> bool:
        if told_at is None or at is None or where is None or told_at == at:
            return False
        told, on = (period.key(it.astimezone(where).date()) for it in (told_at, at))
        return told < on

    summed = income.summed_at, sums.summed_at
    is_yesterdays = is_earlier(Period.DAY, income.counted_at, sums.counted_at)
    return replace(
        income,
        today=None if is_yesterdays else income.today,
        month=None if is_earlier(Period.MONTH, *summed) else income.month,
        year=None if is_earlier(Period.YEAR, *summed) else income.year,
    )


def _grown(period: EnergySums, since: EnergySums, today: EnergySums) -> EnergySums:
    """Return a longer period with what today has gained since it was renewed."""
    gains = {
        name: round(known + max(now - then, 0.0), 3)
        for name in AMOUNTS
        if (known := getattr(period, name)) is not None
        and (then := getattr(since, name)) is not None
        and (now := getattr(today, name)) is not None
    }
    return replace(period, **gains) if gains else period


def _with_counted_pv(cache: StationCache, period: str) -> EnergySums:
    sums: EnergySums = getattr(cache.sums, period)
    counted_kwh = _counted(cache, _inverter_serials(cache), period, "pv_kwh")
    return replace(sums, pv_kwh=known_or(sums.pv_kwh, counted_kwh))


def _lifetime(cache: StationCache) -> EnergySums:
    """Return lifetime energy from the devices' own counters.

    Import and export come from the one meter, or else from the inverters; two meters on
    one supply would count everything twice (facts, section 5.1).
    """
    given = cache.sums.total
    inverters = _inverter_serials(cache)
    meters = [it.sn for it in cache.meters]
    storing = [sn for sn in inverters if sn in cache.stores] or inverters
    grid = meters if len(meters) == 1 else inverters
    counting = {
        "pv_kwh": inverters,
        "charge_kwh": storing,
        "discharge_kwh": storing,
        "import_kwh": grid,
        "export_kwh": grid,
    }
    counted = {
        name: known_or(_counted(cache, serials, "total", name), getattr(given, name))
        for name, serials in counting.items()
    }
    return replace(given, **counted, currency=given.currency)


def _inverter_serials(cache: StationCache) -> list[str]:
    return [it.sn for it in cache.inverters or ()]


def _counted(
    cache: StationCache, serials: list[str], period: str, what: str
) -> float | None:
    """Return the sum over devices; unknown if it is unknown of one of them."""
    energies = (cache.counters.get(sn, _NO_COUNTERS).energy for sn in serials)
    values = [getattr(getattr(energy, period), what) for energy in energies]
    return round(sum(values), 3) if values and None not in values else None


def _matters(alarm: Alarm, now: datetime) -> bool:
    over = alarm.recovered_at or alarm.happened_at
    return alarm.active or (over is not None and now - over <= _RECENT)


def _sum(values: Iterable[float | None]) -> float | None:
    found = [value for value in values if value is not None]
    return round(sum(found), 3) if found else None


def _mean(values: Iterable[float | None]) -> float | None:
    found = [value for value in values if value is not None]
    return round(sum(found) / len(found), 1) if found else None


# What follows from the powers that the portal tells, where nothing is missing.
#
# ``pv + battery + others = load + grid``, grid above zero being export: all recorded
# samples agree (facts, section 3, "Live power").  One unknown follows from the rest;
# two stay unknown.


# The parts are not measured at the same moment: so far below zero is still zero.
_SLACK_W = 50.0
_SLACK_SHARE = 0.05


def completed(live: Live, *, stores: bool | None) -> Powers:
    """Return the powers with what follows from the others.

    ``stores`` says whether there is a battery, None where that is not sure: only a
    battery that is surely none has a power of zero where none is told.
    """
    told = live.power
    if stores is False:
        told = replace(told, battery_w=None)
    if live.others_w is None:
        return told
    battery_w = 0.0 if stores is False else told.battery_w
    given_w = None
    if told.grid_w is not None and battery_w is not None:
        given_w = battery_w + live.others_w - told.grid_w
    pv_w, load_w = told.pv_w, told.load_w
    if pv_w is None and load_w is not None and given_w is not None:
        pv_w = _positive(load_w - given_w, load_w)
    elif pv_w is None and stores is False and live.ac_w is not None:
        # With a battery it holds the discharge, too.
        pv_w = _positive(live.ac_w, 0.0)
    if load_w is None and pv_w is not None and given_w is not None:
        load_w = _positive(pv_w + given_w, pv_w)
    return replace(told, pv_w=pv_w, load_w=load_w)


def _positive(value_w: float, beside_w: float) -> float | None:
    """Return a power that cannot be negative; None where the parts contradict it."""
    slack = max(_SLACK_W, _SLACK_SHARE * beside_w)
    return max(round(value_w, 3), 0.0) if value_w >= -slack else None
