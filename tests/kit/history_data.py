"""Readings and files for the tests of the history."""

from datetime import UTC, datetime, timedelta
from typing import Any

from sems_tray.domain.model import (
    Battery,
    CurvePoint,
    Dialect,
    Energy,
    EnergySums,
    Inverter,
    Powers,
    Reading,
    Station,
)
from sems_tray.domain.time_zones import zone

HOME = "plant-1"
ZONE_NAME = "Europe/Amsterdam"
found = zone(ZONE_NAME)
assert found is not None
ZONE = found
NOON = datetime(2026, 6, 21, 10, tzinfo=UTC)  # 12:00 in Amsterdam
MINUTE = timedelta(minutes=1)
EVER = (datetime(2000, 1, 1, tzinfo=UTC), datetime(2100, 1, 1, tzinfo=UTC))


def reading(at: datetime | None = NOON, **changes: Any) -> Reading:
    """Return a reading that was measured then; ``today`` is shorthand for PV today."""
    today = changes.pop("today", None)
    power = {
        name: changes.pop(name)
        for name in ("pv_w", "load_w", "grid_w", "battery_w")
        if name in changes
    }
    values: dict[str, Any] = {
        "dialect": Dialect.SEMSPLUS,
        "station": Station(
            id=changes.pop("id", HOME),
            name="Home",
            timezone=changes.pop("timezone", ZONE_NAME),
        ),
        "received_at": (at or NOON) + timedelta(seconds=20),
        "measured_at": at,
        "power": Powers(**({"pv_w": 3000, "load_w": 500} | power)),
        "battery": Battery(soc_percent=changes.pop("soc", 76.4)),
        "energy": Energy(today=EnergySums(pv_kwh=today)),
    }
    return Reading(**(values | changes))


def inverter(sn: str, power_w: float | None, temperature_c: float | None = None):
    return Inverter(sn=sn, power_w=power_w, temperature_c=temperature_c)


def point(at: datetime, pv_w: float | None = 100, **more: Any) -> CurvePoint:
    soc = more.pop("soc", None)
    return CurvePoint(at=at, power=Powers(pv_w=pv_w, **more), soc_percent=soc)


def filled(history, minutes=2000, start=NOON - timedelta(days=30), station=HOME):
    """Write so many minutes, each with a PV power of its own."""
    assert history.add_curve(
        station, [point(start + MINUTE * n, pv_w=n) for n in range(minutes)]
    )


def minutes_of(reader, station=HOME):
    """Return each stored minute's PV power; fail if an instant is there twice."""
    rows = list(reader.iter_rows(station, *EVER))
    table = {it.at: it.power.pv_w for it in rows}
    assert len(table) == len(rows)
    return table
