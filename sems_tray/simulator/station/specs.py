"""What the simulated stations are made of."""

import uuid
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from .places import Place, others


@dataclass(frozen=True, slots=True, kw_only=True)
class StringSpec:
    """Panels in series; azimuth in degrees from the equator, positive to the west."""

    kwp: float
    azimuth_deg: float
    tilt_deg: float
    volts: float


@dataclass(frozen=True, slots=True, kw_only=True)
class InverterSpec:
    """One inverter. A hybrid carries the battery; the others feed the grid only."""

    sn: str
    name: str
    model: str
    rated_w: int
    phases: int
    strings: tuple[StringSpec, ...]
    hybrid: bool = False
    firmware: str = "04.02.1.11"


@dataclass(frozen=True, slots=True, kw_only=True)
class BatterySpec:
    """One battery with its limits, energies in Wh and powers in W."""

    sn: str
    rack_sn: str
    model: str = "LX F10.2-H"
    capacity_wh: int = 10_200
    reserve_percent: int = 20
    off_grid_percent: int = 20  # what stays when the grid is gone
    # A gentle limit, as many owners set it: the battery is still filling at noon.
    charge_w: int = 1_000
    discharge_w: int = 5_000
    efficiency: float = 0.96
    soh_percent: int = 98

    @property
    def floor_wh(self) -> float:
        """What stays in reserve."""
        return self.capacity_wh * self.reserve_percent / 100

    @property
    def off_grid_wh(self) -> float:
        """What stays even without a grid."""
        return self.capacity_wh * self.off_grid_percent / 100


@dataclass(frozen=True, slots=True, kw_only=True)
class Tariff:
    """What a kWh is worth."""

    feed_in: float = 0.11
    price: float = 0.29
    currency: str = "EUR"


@dataclass(frozen=True, slots=True, kw_only=True)
class StationSpec:
    """One station; ``created`` is the local midnight from which books are kept."""

    station_id: str
    name: str
    place: Place
    inverters: tuple[InverterSpec, ...]
    battery: BatterySpec | None
    meter_sn: str | None
    dongle_sn: str
    tariff: Tariff | None
    created: datetime
    house_scale: float = 1.0
    offset_style_zone: bool = False

    @property
    def capacity_kwp(self) -> float:
        """All panels together."""
        return round(sum(s.kwp for i in self.inverters for s in i.strings), 3)

    @property
    def rated_kw(self) -> float:
        """All inverters together."""
        return sum(i.rated_w for i in self.inverters) / 1000


def _strings(*rows: tuple[float, float, float, float]) -> tuple[StringSpec, ...]:
    return tuple(
        StringSpec(kwp=k, azimuth_deg=a, tilt_deg=t, volts=v) for k, a, t, v in rows
    )


def _hybrid(no: int) -> InverterSpec:
    return InverterSpec(
        sn=f"DEMO10KETU{no:06d}",
        name="Hybrid",
        model="GW10K-ET",
        rated_w=10_000,
        phases=3,
        strings=_strings((3.6, -15, 32, 365.0), (3.1, 70, 28, 318.0)),
        hybrid=True,
    )


def _string_inverter(no: int, name: str, kwp: float = 3.4) -> InverterSpec:
    return InverterSpec(
        sn=f"DEMO5000DNS{no:05d}",
        name=name,
        model="GW5000-DNS",
        rated_w=5_000,
        phases=1,
        strings=_strings((kwp, -75, 24, 352.0)),
        firmware="1.31.28.18",
    )


def _three_phase(no: int, name: str) -> InverterSpec:
    return InverterSpec(
        sn=f"DEMO6000DTN{no:05d}",
        name=name,
        model="GW6000-DT",
        rated_w=6_000,
        phases=3,
        strings=_strings((3.9, -60, 30, 610.0), (3.9, 60, 30, 612.0)),
    )


def _identity(no: int) -> str:
    # Looks like the portal's ids, says what it is, and is the same for ever.
    return str(uuid.uuid5(uuid.NAMESPACE_DNS, f"station-{no}.demo.invalid"))


def _midnight(place: Place, at: datetime) -> datetime:
    local = at.astimezone(place.timezone)
    return local.replace(hour=0, minute=0, second=0, microsecond=0, fold=0)


def house(place: Place, now: datetime, *, no: int = 1) -> StationSpec:
    """Return the demo house: two inverters, a battery and a meter."""
    start = _midnight(place, now)
    return StationSpec(
        station_id=_identity(no),
        name="Demo House",
        place=place,
        inverters=(_hybrid(no), _string_inverter(no, "Garage")),
        battery=BatterySpec(sn=f"DEMOBATSYS{no:06d}", rack_sn=f"DEMOLXRACK{no:06d}"),
        meter_sn=f"DEMOGM3000{no:06d}",
        dongle_sn=f"DEMOWLAN10{no:06d}",
        tariff=Tariff(),
        created=start.replace(year=start.year - 1, month=9, day=1),
    )


def roof(
    place: Place,
    now: datetime,
    *,
    no: int,
    name: str,
    age_days: int = 60,
    meter: bool = False,
    three_phase: bool = False,
    tariff: Tariff | None = None,
) -> StationSpec:
    """Return a station without a battery, with or without a meter."""
    inverter = _three_phase(no, "East and west")
    if not three_phase:
        inverter = _string_inverter(no, "Roof", kwp=4.4)
    return StationSpec(
        station_id=_identity(no),
        name=name,
        place=place,
        inverters=(inverter,),
        battery=None,
        meter_sn=f"DEMOGM1000{no:06d}" if meter else None,
        dongle_sn=f"DEMOWLAN10{no:06d}",
        tariff=tariff,
        created=_midnight(place, now - timedelta(days=age_days)),
        offset_style_zone=three_phase,
    )


def fleet(
    scenario: str, place: Place, now: datetime, *, alone: bool = False
) -> tuple[StationSpec, ...]:
    """Return the account's stations for a scenario, the main one first.

    Where the place is ``alone``, all stand there.
    """
    if scenario == "pv-only":
        return (
            roof(place, now, no=2, name="Demo Roof", age_days=500, tariff=Tariff()),
        )
    main = house(place, now)
    if scenario != "multi":
        return (main,)
    far = (place,) * 3 if alone else others(place)
    eur = Tariff()
    cabin = house(place, now, no=5)
    return (
        main,
        roof(place, now, no=2, name="Demo Roof", tariff=eur),
        roof(far[0], now, no=3, name="Far Side", tariff=eur),
        roof(place, now, no=4, name="Workshop", meter=True, tariff=eur),
        replace(
            cabin,
            name="Cabin",
            inverters=cabin.inverters[:1],
            place=far[-1],
            tariff=None,
            created=_midnight(far[-1], now - timedelta(days=45)),
            house_scale=0.5,
        ),
        roof(place, now, no=6, name="Barn", three_phase=True, tariff=eur),
        roof(far[1], now, no=7, name="Shop", meter=True, three_phase=True),
        roof(far[2], now, no=8, name="School", age_days=30),
    )
