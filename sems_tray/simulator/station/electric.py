"""Volts, amperes, hertz and degrees that fit the powers of a report."""

import math
from dataclasses import dataclass

from .site import Live, Site


@dataclass(frozen=True, slots=True, kw_only=True)
class StringValues:
    """One string: V, A, W."""

    volts: float
    amps: float
    watts: int


@dataclass(frozen=True, slots=True, kw_only=True)
class PhaseValues:
    """One phase: V, A, Hz, W."""

    volts: float
    amps: float
    hertz: float
    watts: int


@dataclass(frozen=True, slots=True, kw_only=True)
class InverterValues:
    """What an inverter measures. Powers in W, temperature in degrees Celsius."""

    pv_w: int
    ac_w: int
    temperature_c: float
    strings: tuple[StringValues, ...]
    phases: tuple[PhaseValues, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class BatteryValues:
    """What a battery measures."""

    watts: int
    volts: float
    amps: float
    soc_percent: int
    soh_percent: int
    temperature_c: float


def inverter_values(site: Site, index: int, live: Live) -> InverterValues:
    """Return the values of one inverter for a report."""
    spec = site.spec.inverters[index]
    pv_w = live.pv_w_each[index]
    ac_w = pv_w + (live.battery_w or 0) * spec.hybrid
    kwp = sum(string.kwp for string in spec.strings)
    strings = []
    rest = pv_w
    for number, string in enumerate(spec.strings, start=1):
        last = number == len(spec.strings)
        watts = rest if last else int(pv_w * string.kwp / kwp)
        rest -= watts
        volts = 0.0 if live.dark else string.volts + _wobble(live, number) * 3
        amps = watts / volts if volts else 0.0
        strings.append(
            StringValues(volts=round(volts, 1), amps=round(amps, 1), watts=watts)
        )
    grid_off = live.dark and not spec.hybrid
    return InverterValues(
        pv_w=pv_w,
        ac_w=ac_w,
        temperature_c=0.0 if grid_off else round(24 + abs(ac_w) * 0.003, 1),
        strings=tuple(strings),
        phases=phase_values(live, ac_w, spec.phases, off=grid_off),
    )


def phase_values(
    live: Live, watts: int, count: int, *, off: bool = False
) -> tuple[PhaseValues, ...]:
    """Return phases that carry a power between them."""
    out = []
    rest = watts
    for number in range(count):
        share = rest if number == count - 1 else int(watts / count)
        rest -= share
        volts = 0.0 if off else 231.4 + number * 1.1 + _wobble(live, 7 + number)
        amps = abs(share) / volts if volts else 0.0
        out.append(
            PhaseValues(
                volts=round(volts, 1),
                amps=round(amps, 1),
                hertz=0.0 if off else round(50 + 0.02 * _wobble(live, 11), 2),
                watts=share,
            )
        )
    return tuple(out)


def battery_values(site: Site, live: Live) -> BatteryValues | None:
    """Return the values of the battery, or None without one."""
    spec = site.spec.battery
    if spec is None or live.battery_w is None or live.soc_percent is None:
        return None
    volts = round(310 + live.soc_percent * 0.25, 1)
    return BatteryValues(
        watts=live.battery_w,
        volts=volts,
        amps=round(live.battery_w / volts, 1),
        soc_percent=live.soc_percent,
        soh_percent=spec.soh_percent,
        temperature_c=round(22 + abs(live.battery_w) * 0.001, 1),
    )


def _wobble(live: Live, salt: int) -> float:
    # Smooth in time and the same for one minute in both dialects.
    minute = live.at.timestamp() / 60
    return math.sin(minute / 7.3 + salt * 1.7)
