"""Where the stations of the year stand, what they are made of, and their weather.

Nothing here is chosen to suit the rules: sizes, limits, thresholds, spells of snow and
pauses come from a seed.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from random import Random
from typing import TYPE_CHECKING

from sems_tray.simulator.simulator import Simulator
from sems_tray.simulator.station.behaviour import Behaviour, NightFlow
from sems_tray.simulator.station.events import PAUSE, SNOW, Event
from sems_tray.simulator.station.places import Place
from sems_tray.simulator.station.site import Site
from sems_tray.simulator.station.specs import house, roof

if TYPE_CHECKING:
    from collections.abc import Callable

    from sems_tray.simulator.station.specs import StationSpec

# Some stand far from the city that names their zone, as real ones do.
PLACES = {
    "69N": Place("Europe/Oslo", 69.65, 18.96),
    "65N": Place("Europe/Helsinki", 65.01, 25.47),
    "52N": Place("Europe/Amsterdam", 52.37, 4.90),
    "44N": Place("Asia/Shanghai", 43.83, 87.62),
    "23N": Place("Asia/Dhaka", 23.81, 90.41),
    "35S": Place("Australia/Adelaide", -34.93, 138.60),
}
PLANTS = ("battery", "roof", "meter")
DIALECTS = ("semsplus", "classic")
_SNOWY_DEG = 45.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Scene:
    """One station-year: everything that it depends on."""

    place: str = "52N"
    plant: str = "battery"
    dialect: str = "semsplus"
    night: NightFlow = NightFlow.ABSENT
    habit: str = "always"  # see station_year.HABITS
    start: datetime = datetime(2026, 1, 1, tzinfo=UTC)
    days: int = 365
    lasts: timedelta | None = None  # if it is over before its days are
    age_days: int = 420  # how long before the start the books begin
    seed: int = 1
    quiet: bool = False  # nothing is planted
    real_http: bool = False

    @property
    def end(self) -> datetime:
        """When it is over."""
        return self.start + (self.lasts or timedelta(days=self.days))

    @property
    def midnight(self) -> datetime:
        """The beginning of its first day, UTC."""
        return self.start.replace(hour=0, minute=0)

    @property
    def name(self) -> str:
        """What to call it in the table."""
        return f"{self.place} {self.plant} {self.dialect} {self.night} {self.habit}"

    def rng(self, what: str) -> Random:
        """Return the random numbers of one thing."""
        return Random(f"{self.seed}|{self.name}|{what}")


def site_of(scene: Scene) -> Site:
    """Return the station, with its weather and without any trouble."""
    rng = scene.rng("behaviour")
    behaviour = Behaviour(
        wake_share=rng.uniform(0.006, 0.02),
        counters_stand=True,
        night_flow=scene.night,
        meter_dead_w=rng.choice([0, 8, 15]),
        gloom=True,
        tells_place=rng.random() < 0.7,
    )
    site = Site(_spec(scene), scene.seed, midnight_glitch=True, behaviour=behaviour)
    site.set_events(weather(scene))
    return site


def simulator_of(site: Site, now: Callable[[], datetime]) -> Simulator:
    """Return a portal that has one station."""
    return Simulator(now=now, sites=[site], limit_per_minute=None)


def _spec(scene: Scene) -> StationSpec:
    rng, place, start = scene.rng("parts"), PLACES[scene.place], scene.start
    if scene.plant != "battery":
        return roof(
            place,
            start,
            no=2,
            name="Roof",
            age_days=scene.age_days,
            meter=scene.plant == "meter",
            three_phase=rng.random() < 0.6,
        )
    spec = house(place, start)
    assert spec.battery is not None
    battery = replace(
        spec.battery,
        capacity_wh=rng.choice([5_100, 10_200, 15_300]),
        reserve_percent=rng.choice([10, 20]),
        off_grid_percent=5,
        charge_w=rng.choice([1_000, 3_000, 5_000]),
    )
    began = start.astimezone(place.timezone) - timedelta(days=scene.age_days)
    return replace(
        spec,
        battery=battery,
        house_scale=rng.uniform(0.6, 1.5),
        created=began.replace(hour=0, minute=0, second=0, microsecond=0, fold=0),
    )


def weather(scene: Scene) -> tuple[Event, ...]:
    """Return spells of snow, and short pauses of the logger."""
    rng, place = scene.rng("weather"), PLACES[scene.place]
    found: list[Event] = []
    day = scene.start
    while day < scene.end:
        month = day.month if place.latitude_deg > 0 else (day.month + 5) % 12 + 1
        north = abs(place.latitude_deg) - _SNOWY_DEG
        cold = month in (12, 1, 2) or (month in (11, 3, 4) and north > 15)
        if north > 0 and cold and rng.random() < 0.05:
            span = timedelta(days=rng.choice([1, 2, 3, 3, 5]))
            found.append(_event(SNOW, day, span + timedelta(hours=rng.uniform(8, 16))))
            day += span
        for _ in range(rng.choice([0, 0, 0, 1, 2])):
            at = day + timedelta(hours=rng.uniform(0, 24))
            found.append(_event(PAUSE, at, timedelta(minutes=rng.uniform(3, 24))))
        day += timedelta(days=1)
    return tuple(found)


def _event(kind: str, since: datetime, span: timedelta) -> Event:
    since = since.replace(second=0, microsecond=0)
    return Event(kind=kind, since=since, until=since + span)
