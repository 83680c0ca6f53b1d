"""What the portal has said of one station so far, part by part.

Both dialects fill the same parts.  A part that cannot be renewed keeps its last value;
``reading.assemble`` joins the parts to a ``Reading``.
"""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING

from sems_tray.domain.model import DeviceState, Energy, Powers
from sems_tray.domain.time_zones import zone

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import date, datetime, tzinfo

    from sems_tray.domain.model import (
        Accessory,
        Alarm,
        BatteryPack,
        EnergySums,
        Inverter,
        LastAwake,
        Meter,
        Phase,
        PvString,
        Station,
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class Live:
    """The part without which there is no reading.

    ``battery_seen``: True if battery power flows, False if nothing speaks of one, None
    if only a weak sign does (a SoC, a power of zero): stations without a battery send
    those too.  ``power`` is what the portal tells; ``balance`` adds what follows from
    it.  ``others_w`` is what feeds the house besides (a generator), None where a part
    takes part of which that is not known, and nothing follows from the others.
    ``measured_at`` is by the logger's clock, right or wrong.
    ``is_told`` is False where the last reply had no powers and earlier ones stand for
    them.
    """

    measured_at: datetime | None = None
    power: Powers = field(default_factory=Powers)
    ac_w: float | None = None
    soc_percent: float | None = None
    state: DeviceState = DeviceState.UNKNOWN
    battery_seen: bool | None = False
    others_w: float | None = 0.0
    charge_way: int = 0  # classic: the charge's last step, 1 up or -1 down
    charge_moved_at: datetime | None = None
    is_told: bool = True


def with_last_powers(live: Live, known: Live | None) -> Live:
    """Return the last powers, with their age, for a reply that has none.

    A station that sleeps or is silent sends such; what it says of its state holds.
    """
    if known is None or known.power == Powers():
        at = live.measured_at or (known.measured_at if known else None)
        return replace(live, measured_at=at, is_told=False)
    return replace(known, state=live.state, is_told=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class Telemetry:
    """What one inverter measures."""

    power_w: float | None = None
    temperature_c: float | None = None
    strings: tuple[PvString, ...] = ()
    phases: tuple[Phase, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Counters:
    """What one device counts, in kWh by period, and its power where it says so."""

    power_w: float | None = None
    energy: Energy = field(default_factory=Energy)
    counted_at: datetime | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Income:
    """What the periods earned; None without a tariff.

    ``counted_at`` and ``summed_at`` are as those of the energies; None where both come
    in one reply.
    """

    today: float | None = None
    month: float | None = None
    year: float | None = None
    total: float | None = None
    currency: str | None = None
    counted_at: datetime | None = None
    summed_at: datetime | None = None
    since: Mapping[str, float | None] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class StationCache:
    """Everything said so far; empty at first.

    ``since`` is what today stood at when a longer period ("month", "year", "total") was
    renewed: what today has gained since then, the period has gained, too.
    """

    station: Station | None = None
    grid_connected: bool | None = None
    quiet_polls: int = 0  # in a row in which hardly any power flows over the meter
    live: Live | None = None
    last_awake: LastAwake | None = None
    devices_at: datetime | None = None  # when the devices' states were told last
    inverters: tuple[Inverter, ...] | None = None
    stores: frozenset[str] = (
        frozenset()
    )  # serials of devices with a battery behind them
    kinds: Mapping[str, str] = field(default_factory=dict)  # serial -> deviceType
    systems: frozenset[str] = frozenset()  # serials of packs found behind an inverter
    packs: tuple[BatteryPack, ...] = ()
    meters: tuple[Meter, ...] = ()
    accessories: tuple[Accessory, ...] = ()
    models: Mapping[str, str] = field(default_factory=dict)
    firmware: Mapping[str, str] = field(default_factory=dict)
    telemetry: Mapping[str, Telemetry] = field(default_factory=dict)
    counters: Mapping[str, Counters] = field(default_factory=dict)
    sums: Energy = field(default_factory=Energy)
    since: Mapping[str, EnergySums] = field(default_factory=dict)
    slept_meter: Energy | None = None  # classic: as an inverter that sleeps told it
    days: Mapping[date, EnergySums] = field(default_factory=dict)  # since it slept
    months: Mapping[date, EnergySums] = field(default_factory=dict)  # by their first
    income: Income = field(default_factory=Income)
    alarms: tuple[Alarm, ...] = ()
    alarms_seen: bool = False
    own_alarms: tuple[Alarm, ...] = ()  # classic: what the inverters report themselves
    listed_alarms: tuple[Alarm, ...] = ()  # classic: what the warning list reports

    @property
    def zone(self) -> tzinfo | None:
        """The station's time zone, as far as it is known."""
        return zone(self.station.timezone) if self.station else None
