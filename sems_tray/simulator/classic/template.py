"""What a classic monitor reply says beside what lives, in the portal's own names.

The file holds, by the reply's parts, what is the same whatever the plant does; its
``invert_full`` and ``inverter`` are those of an inverter without a battery, whose
sentinels ("not fitted") are no measurements.  Facts, section 5.1.
"""

import json
from functools import cache

from sems_tray.resources import resource
from sems_tray.simulator.http import Json
from sems_tray.simulator.station.electric import InverterValues
from sems_tray.simulator.station.specs import InverterSpec

from .envelope import number


@cache
def _parts() -> dict[str, Json]:
    path = resource("simulator/classic_monitor.json")
    if path is None:
        msg = "the simulator's resources are not installed"
        raise FileNotFoundError(msg)
    found: dict[str, Json] = json.loads(path.read_text("utf-8"))
    return found


def part(name: str) -> Json:
    """Return what one part of the reply always says; not to be changed."""
    return _parts()[name]


def rows(spec: InverterSpec, values: InverterValues, connected: str) -> Json:
    """Return ``dict``: two columns of what the old page showed; "--" is not fitted."""
    phases, strings = values.phases, values.strings
    right = [_row("innerTemp", f"{values.temperature_c:.1f}", "℃")]
    for n in range(4):
        fitted = n < len(strings)
        text = f"{strings[n].volts:.1f}/{strings[n].amps:.1f}" if fitted else "--"
        right.append(_row(f"dcVandC{n + 1}", text, "V/A"))
    return {
        "left": [
            _row("dmDeviceType", spec.model),
            _row("serialNum", spec.sn),
            _row("laCheckcode", "026848"),
            _row("capacity", number(spec.rated_w / 1000), "kW"),
            _row("laConnected", connected),
            _row("InverterPowerOfPlantMonitor", number(values.ac_w / 1000), "kW"),
            _row("outputV", "/".join(number(p.volts) for p in phases), "V"),
            _row("acCurrent", "/".join(number(p.amps) for p in phases), "A"),
            _row("acFrequency", "/".join(f"{p.hertz:.2f}" for p in phases), "Hz"),
        ],
        "right": right,
    }


def _row(key: str, value: str, unit: str = "") -> Json:
    return {
        "isHT": False,
        "isStoreSkip": False,
        "key": key,
        "value": value,
        "unit": unit,
        "isFaultMsg": 0,
        "faultMsgCode": 0,
    }
