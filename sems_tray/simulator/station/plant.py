"""The plant: sun, clouds, house and battery, on five-minute nodes of whole watts.

Everything is linear between nodes, so that one-minute curves, five-minute curves,
counters and totals agree with each other.
"""

import math
from collections.abc import Callable, Container, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, time, timedelta

from .places import Place
from .specs import BatterySpec, StationSpec, StringSpec
from .sun import SunDay, hour_angle_deg, sun_day
from .weather import STEP_MIN, gloom, house_load, sky

STEP_H = STEP_MIN / 60
STAYS_AWAKE = 0.4  # of the light that wakes it
REGULATION_W = 10  # the battery follows the house in steps of this size
SYSTEM_YIELD = 0.9


@dataclass(frozen=True, slots=True)
class Nodes:
    """One local day: nodes from midnight to midnight, powers in W, charge in Wh.

    ``awake_each`` says of each inverter when it is on; empty if the sun says that.
    """

    start: datetime
    pv_w_each: tuple[Sequence[float], ...]
    load_w: Sequence[float]
    battery_w: Sequence[float]
    charge_wh: Sequence[float]
    awake_each: tuple[Sequence[bool], ...] = ()

    @property
    def pv_w(self) -> list[float]:
        """All inverters together."""
        return [sum(each) for each in zip(*self.pv_w_each, strict=True)]

    @property
    def grid_w(self) -> list[float]:
        """What is left over: export above zero."""
        return [
            pv + battery - load
            for pv, battery, load in zip(
                self.pv_w, self.battery_w, self.load_w, strict=True
            )
        ]


def day_start(place: Place, day: date) -> datetime:
    """Return the instant at which a local date begins, in UTC."""
    return datetime.combine(day, time(), place.timezone).astimezone(UTC)


def month_end(day: date) -> date:
    """Return the last date of a date's month."""
    following = (day.replace(day=28) + timedelta(days=4)).replace(day=1)
    return following - timedelta(days=1)


# How much of a date's text names its day, month or year.
DATE_LENGTH = {"day": 10, "month": 7, "year": 4}


def period_of(day: date, kind: str) -> tuple[date, date]:
    """Return the first and the last date of the day, month or year of a date."""
    if kind == "day":
        return day, day
    if kind == "month":
        return day.replace(day=1), month_end(day)
    return date(day.year, 1, 1), date(day.year, 12, 31)


def sunlit(
    spec: StationSpec, day: date, seed: int, *, dull: bool = False
) -> tuple[list[int], ...]:
    """Return each inverter's PV power on the nodes of a day."""
    start = day_start(spec.place, day)
    end = day_start(spec.place, day + timedelta(days=1))
    count = round((end - start) / timedelta(minutes=STEP_MIN)) + 1
    path = sun_day(start + timedelta(hours=12))
    first = math.radians(hour_angle_deg(path, spec.place.longitude_deg, start))
    step = math.radians(STEP_MIN / 4)
    latitude = math.radians(spec.place.latitude_deg)
    up_0 = math.sin(latitude) * path.sin_declination
    up_1 = math.cos(latitude) * path.cos_declination
    clouds = sky(seed, spec.station_id, day)
    veil = [1.0] * count
    if dull:
        veil = gloom(seed, spec.station_id, day, spec.place.latitude_deg)
    light: list[tuple[int, float, float, float, float]] = []
    for node in range(count):
        angle = first + step * node
        cos_angle = math.cos(angle)
        up = up_0 + up_1 * cos_angle
        if up > 0:
            haze = up / (up + 0.13)
            direct = 1.04 * haze * clouds[node] ** 1.5 * veil[node]
            diffuse = 0.13 * haze * veil[node]
            light.append((node, cos_angle, math.sin(angle), direct, diffuse))
    out = []
    for inverter in spec.inverters:
        faces = [_face(string, latitude, path) for string in inverter.strings]
        watts = [0] * count
        for node, cos_angle, sin_angle, direct, diffuse in light:
            power = 0.0
            for kwp, a, b, c in faces:
                incidence = a + b * cos_angle + c * sin_angle
                power += kwp * (diffuse + (direct * incidence if incidence > 0 else 0))
            watts[node] = min(int(power * 1000 * SYSTEM_YIELD), inverter.rated_w)
        out.append(watts)
    return tuple(out)


def _face(
    string: StringSpec, latitude: float, path: SunDay
) -> tuple[float, float, float, float]:
    """Return size and the incidence's share that is constant, cosine and sine."""
    sin_d, cos_d = path.sin_declination, path.cos_declination
    tilt = math.radians(string.tilt_deg)
    azimuth = math.radians(string.azimuth_deg)
    side = math.sin(tilt) * math.cos(azimuth) * (1 if latitude >= 0 else -1)
    sin_l, cos_l = math.sin(latitude), math.cos(latitude)
    return (
        string.kwp,
        sin_d * (sin_l * math.cos(tilt) - cos_l * side),
        cos_d * (cos_l * math.cos(tilt) + sin_l * side),
        cos_d * math.sin(tilt) * math.sin(azimuth),
    )


def waking(light_w: Sequence[int], wake_w: float) -> list[bool]:
    """Say for each node whether an inverter without battery is on.

    It starts with enough light for its own needs, and goes on with a little less.
    """
    awake = light_w[0] >= wake_w
    found = []
    for watts in light_w:
        awake = watts >= (wake_w * STAYS_AWAKE if awake else wake_w)
        found.append(awake)
    return found


def demand(spec: StationSpec, day: date, seed: int, count: int) -> list[int]:
    """Return the house's power on the nodes of a day."""
    return house_load(seed, spec.station_id, day, spec.house_scale)[:count]


def on_grid(
    battery: BatterySpec,
    surplus_w: Sequence[float],
    charge_wh: float,
    *,
    idle: Container[int] = (),
    off_grid: Container[int] = (),
) -> tuple[list[int], list[float]]:
    """Let the battery follow the surplus; return its powers and charges.

    Discharging is positive. A node's power acts half in the step before it and half
    in the step after, so the room left decides what the next node may be. On ``idle``
    nodes it stands still, on ``off_grid`` ones it gives its reserve, too.
    """
    full_wh = battery.capacity_wh
    charge_w, discharge_w = battery.charge_w, battery.discharge_w
    in_gain, out_gain = battery.efficiency * STEP_H, STEP_H / battery.efficiency
    powers: list[int] = []
    charges: list[float] = []
    # Comparisons instead of min and max: a year is 420 000 turns of this loop.
    for node, surplus in enumerate(surplus_w):
        power, half = 0, 0.0
        if node in idle:
            pass
        elif surplus > REGULATION_W:
            wanted = surplus if surplus < charge_w else charge_w  # noqa: FURB136
            room = (full_wh - charge_wh) / in_gain
            if room > 0:
                taken = int(wanted if wanted < room else room)  # noqa: FURB136
                taken -= taken % REGULATION_W
                power, half = -taken, taken * in_gain / 2
        elif surplus < -REGULATION_W:
            wanted = -surplus if -surplus < discharge_w else discharge_w  # noqa: FURB136
            floor_wh = battery.off_grid_wh if node in off_grid else battery.floor_wh
            left = (charge_wh - floor_wh) / out_gain
            if left > 0:
                power = int(wanted if wanted < left else left)  # noqa: FURB136
                power -= power % REGULATION_W
                half = -power * out_gain / 2
        if powers:  # the step before the first node belongs to the day before
            charge_wh += half
        powers.append(power)
        charges.append(charge_wh)
        charge_wh += half
    return powers, charges


def islanded(
    spec: StationSpec, nodes: Nodes, cut_off: Callable[[datetime], bool]
) -> Nodes:
    """Return the day with nodes at which the grid is gone.

    What the house cannot take or store is not made, and what it cannot get is not
    used. Only a hybrid keeps running; an inverter without a battery needs the grid.
    """
    pv = [list(watts) for watts in nodes.pv_w_each]
    load, surplus = list(nodes.load_w), []
    off = []
    for node in range(len(load)):
        at = nodes.start + timedelta(minutes=STEP_MIN * node)
        off.append(cut_off(at))
        if off[-1]:
            for inverter, watts in zip(spec.inverters, pv, strict=True):
                watts[node] *= inverter.hybrid
            load[node] -= load[node] % REGULATION_W
            pv[0][node] -= pv[0][node] % REGULATION_W
        surplus.append(sum(watts[node] for watts in pv) - load[node])
    powers, charges = nodes.battery_w, nodes.charge_wh
    if spec.battery is not None:
        powers, charges = on_grid(
            spec.battery,
            surplus,
            nodes.charge_wh[0],
            off_grid={node for node, gone in enumerate(off) if gone},
        )
    for node, gone in enumerate(off):
        if gone:
            rest = surplus[node] + powers[node]
            pv[0][node] -= max(rest, 0)
            load[node] += min(rest, 0)
    return replace(
        nodes, pv_w_each=tuple(pv), load_w=load, battery_w=powers, charge_wh=charges
    )
