"""The portal's numbers: text or number, with or without a unit, or a sentinel.

Facts, section 5.1: absent hardware is reported as 6553.5 V, 655.35 Hz, 536 % and the
like.  Such values become ``None`` here and are never seen again.
"""

from __future__ import annotations

import math
import re
from typing import Any

# What a leaf of the portal's JSON may turn out to be; only this module looks inside.
Leaf = Any

# A number and at most one unit: "2337(W)", "76%", "29.2 ℃"; no "1,234", no "--".
_NUMBER = re.compile(r"\s*([-+]?[0-9]+(?:\.[0-9]+)?)\s*\(?[A-Za-z%°℃Ω]*\)?\s*")

# Words of the wire format that mean "65535 in some unit" (facts, section 5.1).
_SENTINELS = (6553.5, 65535.0, 655.35, 6553.7, 6554.3, 4294967.295, 4294901.76)
_SENTINELS_W = (*_SENTINELS, 429483622.5, 429483622.0)

_MOST_V = 2000.0
_MOST_A = 2000.0
_MOST_W = 50e6
_MOST_KWH = 1e9


def number(leaf: Leaf) -> float | None:
    """Return a finite number from 12.4, "12.4", "2337(W)" or "76%"; else ``None``."""
    match leaf:
        case bool() | None:
            return None
        case int() | float():
            value = _as_float(leaf)
        case str():
            found = _NUMBER.fullmatch(leaf)
            value = float(found[1]) if found else math.nan
        case _:
            return None
    return value if math.isfinite(value) else None


def _as_float(value: float) -> float:
    try:
        return float(value)
    except OverflowError:  # an integer of more than 308 digits
        return math.nan


def integer(leaf: Leaf) -> int | None:
    """Return a whole number from 5, 5.0 or "5"; else ``None``."""
    value = number(leaf)
    return int(value) if value is not None and value == int(value) else None


def text(leaf: Leaf) -> str:
    """Return a trimmed text; numbers become text, everything else is empty."""
    match leaf:
        case str():
            return leaf.strip()
        case bool() | None:
            return ""
        case int():
            return str(leaf)
        case _:
            return ""


def known_or(first: float | None, second: float | None) -> float | None:
    """Return the first value if it is known (0 is), else the second."""
    return second if first is None else first


def _within(leaf: Leaf, low: float, high: float) -> float | None:
    value = number(leaf)
    if value is None or not low <= value <= high:
        return None
    return value


def _is_sentinel(value: float, sentinels: tuple[float, ...]) -> bool:
    return any(math.isclose(abs(value), mark, abs_tol=1e-6) for mark in sentinels)


def _measured(
    leaf: Leaf, low: float, high: float, sentinels: tuple[float, ...] = _SENTINELS
) -> float | None:
    value = _within(leaf, low, high)
    return None if value is None or _is_sentinel(value, sentinels) else value


def watts(leaf: Leaf) -> float | None:
    """Return a power given in W."""
    return _measured(leaf, -_MOST_W, _MOST_W, _SENTINELS_W)


def kilowatts(leaf: Leaf) -> float | None:
    """Return a power given in kW, as W (to the mW, so that sums stay exact)."""
    value = _measured(leaf, -_MOST_W / 1000, _MOST_W / 1000)
    return None if value is None else round(value * 1000, 3)


def kwh(leaf: Leaf) -> float | None:
    """Return an energy in kWh; a negative energy is no energy."""
    return _measured(leaf, 0.0, _MOST_KWH, (4294967.295, 4294901.76, 429483622.5))


def money(leaf: Leaf) -> float | None:
    """Return an amount of money; losses may be negative."""
    return _within(leaf, -_MOST_KWH, _MOST_KWH)


def percent(leaf: Leaf) -> float | None:
    """Return 0 to 100 %; 400 % and 536 % come from stations without a battery."""
    return _within(leaf, 0.0, 100.0)


def health(leaf: Leaf) -> float | None:
    """Return a state of health; 0 and -0.1 mean that nobody measured it."""
    value = percent(leaf)
    return value or None


def volts(leaf: Leaf) -> float | None:
    """Return a voltage."""
    return _measured(leaf, 0.0, _MOST_V)


def millivolts(leaf: Leaf) -> float | None:
    """Return a cell's voltage in mV."""
    return _measured(leaf, 0.0, 10_000.0)


def amperes(leaf: Leaf) -> float | None:
    """Return a current; batteries' may be negative."""
    return _measured(leaf, -_MOST_A, _MOST_A)


def hertz(leaf: Leaf) -> float | None:
    """Return a grid frequency."""
    return _measured(leaf, 0.0, 100.0)


def celsius(leaf: Leaf) -> float | None:
    """Return a temperature."""
    return _measured(leaf, -60.0, 200.0)
