"""What is known of alarms, by the portal's English names, and what to do.

GoodWe publishes no table of the "E-G3-..." codes (facts, section 8), and the one bit
pattern that is known contradicts the local protocol's; the names alone are relied on.
"""

from __future__ import annotations

import re

_INSTALLER = "If it stays, call your installer."
UNKNOWN = f"It may clear by itself. {_INSTALLER}"

_GRID_GONE = "It clears by itself when the grid is back."
_GRID_ODD = (
    "The grid is outside the inverter's limits. It clears by itself when the grid is "
    "steady again. If it comes often, tell your installer."
)
_MOISTURE = (
    "Moisture in panels or cables is a common cause, then it clears when they dry. Do "
    "not touch panels or cables. If it comes back, call your installer."
)
_HEAT = "Make sure that air can reach the device. It starts again when it has cooled."
_FAN = f"Look whether something blocks the fan. {_INSTALLER}"
_BATTERY = f"Look whether the battery's switch is on. {_INSTALLER}"
_OVERLOAD = "Switch off some appliances on the back-up supply."
_PANELS = "Leave panels and cables alone and call your installer."
_METER = f"Figures of house and grid may be wrong meanwhile. {_INSTALLER}"
_INSIDE = (
    f"Switching the inverter off and on, as its manual says, may help. {_INSTALLER}"
)

# The first that fits; narrow ones come first.
_TABLE: tuple[tuple[str, str], ...] = (
    (r"(?:utility|grid|mains) (?:power )?(?:loss|lost|outage)", _GRID_GONE),
    (r"(?:loss of|no) (?:the )?(?:utility|grid|mains)", _GRID_GONE),
    (r"isolation|insulation|\biso\b|leakage|ground (?:current|fault)", _MOISTURE),
    (r"over.?temperature|overheat|too hot|temperature (?:too )?high", _HEAT),
    (r"\bfan\b", _FAN),
    (r"battery|\bbms\b", _BATTERY),
    (r"meter|\bct\b", _METER),
    (r"back-?up|over.?load", _OVERLOAD),
    (r"\bpv\b.*over.?voltage|over.?voltage.*\bpv\b|string|\barc\b|afci", _PANELS),
    (r"consistency|communication|\bdsp\b|eeprom|relay|\bdci\b|\bhct\b", _INSIDE),
    (r"internal|dc bus|injection|gfci", _INSIDE),
    (r"\b(?:grid|utility|mains|vac|fac|phase)\b", _GRID_ODD),
)
_KNOWN = tuple((re.compile(pattern, re.IGNORECASE), what) for pattern, what in _TABLE)


def advice(alarm_name: str) -> str:
    """Return a sentence or two on what an alarm means for its owner."""
    return next((text for it, text in _KNOWN if it.search(alarm_name)), UNKNOWN)
