"""One reading of one station, as values.

Signs have one convention everywhere: ``grid_w > 0`` is export, ``battery_w > 0`` is
discharging, so ``load = pv + battery - grid``.  ``None`` means "not known" or "not
fitted"; zero means zero.  Times are aware and in UTC.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import StrEnum
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import datetime


class Dialect(StrEnum):
    """The two ways the portal speaks."""

    SEMSPLUS = "semsplus"
    CLASSIC = "classic"


class DeviceState(StrEnum):
    """What a device does, whatever number its dialect uses for it."""

    RUNNING = "running"
    WAITING = "waiting"
    FAULT = "fault"
    OFFLINE = "offline"
    UNKNOWN = "unknown"


class BatteryState(StrEnum):
    """Which way the battery's energy goes."""

    CHARGING = "charging"
    DISCHARGING = "discharging"
    IDLE = "idle"


class AlarmLevel(StrEnum):
    """How serious the portal calls an alarm."""

    INFO = "info"
    ALARM = "alarm"
    FAULT = "fault"


class StationState(StrEnum):
    """The verdict on a station, most urgent cause first (see ``core.verdict``)."""

    GRID_LOST = "grid_lost"
    FAULT = "fault"
    SILENT = "silent"
    WAITING = "waiting"
    NIGHT = "night"
    OK = "ok"
    UNKNOWN = "unknown"


@dataclass(frozen=True, slots=True, kw_only=True)
class Station:
    """Who the station is and where it stands."""

    id: str
    name: str = ""
    capacity_kwp: float | None = None
    timezone: str | None = None  # an IANA name or "UTC+02:00"
    latitude: float | None = None
    longitude: float | None = None
    battery_kwh: float | None = None
    stores: bool | None = None  # True on sites that the portal calls storage sites
    state: DeviceState = DeviceState.UNKNOWN


@dataclass(frozen=True, slots=True, kw_only=True)
class Powers:
    """Power at one time, in W."""

    pv_w: float | None = None
    load_w: float | None = None
    grid_w: float | None = None  # > 0 export
    battery_w: float | None = None  # > 0 discharging
    ev_w: float | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Battery:
    """All batteries of the station taken together."""

    soc_percent: float | None = None
    state: BatteryState | None = None
    soh_percent: float | None = None
    temperature_c: float | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class EnergySums:
    """Energy over one period, in kWh, and what it earned."""

    pv_kwh: float | None = None
    load_kwh: float | None = None
    import_kwh: float | None = None
    export_kwh: float | None = None
    charge_kwh: float | None = None
    discharge_kwh: float | None = None
    self_use_kwh: float | None = None
    income: float | None = None
    currency: str | None = None


NO_SUMS = EnergySums()


@dataclass(frozen=True, slots=True, kw_only=True)
class Energy:
    """The four periods that both dialects know.

    ``counted_at`` is when today's counters were measured, ``summed_at`` when month and
    year were added up; None where that is the time of the reading.
    """

    today: EnergySums = NO_SUMS
    month: EnergySums = NO_SUMS
    year: EnergySums = NO_SUMS
    total: EnergySums = NO_SUMS
    counted_at: datetime | None = field(default=None, compare=False)
    summed_at: datetime | None = field(default=None, compare=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class PvString:
    """One DC input of an inverter."""

    name: str
    v: float | None = None
    a: float | None = None
    w: float | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Phase:
    """One AC phase."""

    name: str
    v: float | None = None
    a: float | None = None
    hz: float | None = None
    w: float | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Inverter:
    """One inverter; ``status`` is the portal's own number.

    ``counted_at`` is when it counted ``today_kwh``, where it says so.
    """

    sn: str
    name: str = ""
    model: str | None = None
    firmware: str | None = None
    state: DeviceState = DeviceState.UNKNOWN
    status: int | None = None
    power_w: float | None = None
    today_kwh: float | None = None
    total_kwh: float | None = None
    counted_at: datetime | None = field(default=None, compare=False)
    temperature_c: float | None = None
    strings: tuple[PvString, ...] = ()
    phases: tuple[Phase, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class BatteryPack:
    """One battery system or rack."""

    sn: str
    name: str = ""
    state: BatteryState | None = None
    soc_percent: float | None = None
    soh_percent: float | None = None
    v: float | None = None
    a: float | None = None
    power_w: float | None = None  # > 0 discharging
    temperature_c: float | None = None
    cell_min_mv: float | None = None
    cell_max_mv: float | None = None
    cell_min_c: float | None = None
    cell_max_c: float | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Meter:
    """One grid meter; ``power_w > 0`` is export."""

    sn: str
    name: str = ""
    state: DeviceState = DeviceState.UNKNOWN
    power_w: float | None = None
    phases: tuple[Phase, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Accessory:
    """A data logger, wallbox or other device that is merely there or not."""

    sn: str
    kind: str
    name: str = ""
    state: DeviceState = DeviceState.UNKNOWN
    power_w: float | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Alarm:
    """One row of the portal's alarm list."""

    id: str
    name: str
    level: AlarmLevel = AlarmLevel.ALARM
    device_sn: str | None = None
    device_name: str = ""
    code: str = ""
    active: bool = True
    happened_at: datetime | None = None
    recovered_at: datetime | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class LastAwake:
    """When an inverter was last awake, and what the roof made then."""

    at: datetime
    pv_w: float | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Reading:
    """All we know of one station at one time.

    ``measured_at`` is when the inverter measured, ``received_at`` when the portal
    answered (this computer's clock).  ``portal_ahead_s`` is how far the portal's clock
    runs ahead of this computer's, 0.0 while they agree; ``clock_behind_s`` is how far
    the logger's runs behind the portal's, for which ``measured_at`` is corrected.
    ``renewed_at`` is when the newest report came, by the portal's clock, if that was
    seen.  ``stale`` names the parts that could not be renewed.  ``lifetimes`` is by
    what the lifetimes are believed, for the next reading.
    """

    dialect: Dialect
    station: Station
    received_at: datetime
    measured_at: datetime | None = None
    portal_ahead_s: float = 0.0
    clock_behind_s: float = 0.0
    renewed_at: datetime | None = None
    power: Powers = field(default_factory=Powers)
    battery: Battery | None = None
    energy: Energy = field(default_factory=Energy)
    inverters: tuple[Inverter, ...] = ()
    packs: tuple[BatteryPack, ...] = ()
    meters: tuple[Meter, ...] = ()
    accessories: tuple[Accessory, ...] = ()
    alarms: tuple[Alarm, ...] = ()
    grid_connected: bool | None = None
    last_awake: LastAwake | None = None  # None where this run has not seen it awake
    stale: tuple[str, ...] = ()
    lifetimes: Lifetimes | None = field(default=None, compare=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class CurvePoint:
    """The station's powers at one minute of a day; a gap is ``None``."""

    at: datetime
    power: Powers = field(default_factory=Powers)
    soc_percent: float | None = None


# What energy costs and earns where the portal does not know.


@dataclass(frozen=True, slots=True, kw_only=True)
class Tariffs:
    """What a kWh costs and what one earns, in the owner's currency."""

    import_price: float | None = None
    export_price: float | None = None
    currency: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Counter:
    """One counter as it is believed: ``kwh``, on top of what was before it.

    ``odd_kwh`` is what it began to say at ``odd_at`` and is not believed yet.
    """

    kwh: float
    seen_at: datetime
    base_kwh: float = 0.0
    odd_kwh: float | None = None
    odd_at: datetime | None = None

    @property
    def total_kwh(self) -> float:
        """What was counted in all."""
        return round(self.base_kwh + self.kwh, 3)


@dataclass(frozen=True, slots=True, kw_only=True)
class Lifetimes:
    """A station's counters by amount, and its inverters' by serial number."""

    station: Mapping[str, Counter] = field(default_factory=dict)
    inverters: Mapping[str, Counter] = field(default_factory=dict)
