"""What is known of alarms, by the portal's English names, and what to do.

GoodWe publishes no table of the "E-G3-..." codes (facts, section 8), and the one bit
pattern that is known contradicts the local protocol's; the names alone are relied on.
"""

from __future__ import annotations

import re

from sems_tray.core.language import mark, tr

Advice = tuple[str, ...]

_INSTALLER = mark("If it stays, call your installer.")
_UNKNOWN: Advice = (mark("It may clear by itself."), _INSTALLER)
_GRID_GONE: Advice = (mark("It clears by itself when the grid is back."),)
_GRID_ODD: Advice = (
    mark("The grid is outside the inverter's limits."),
    mark("It clears by itself when the grid is steady again."),
    mark("If it comes often, tell your installer."),
)
_MOISTURE: Advice = (
    mark(
        "Moisture in panels or cables is a common cause, then it clears when they dry."
    ),
    mark("Do not touch panels or cables."),
    mark("If it comes back, call your installer."),
)
_HEAT: Advice = (
    mark("Make sure that air can reach the device."),
    # Translators: "it" is the device that was too hot.
    mark("It starts again when it has cooled."),
)
_FAN: Advice = (mark("Look whether something blocks the fan."), _INSTALLER)
_BATTERY: Advice = (mark("Look whether the battery's switch is on."), _INSTALLER)
_OVERLOAD: Advice = (mark("Switch off some appliances on the back-up supply."),)
_PANELS: Advice = (mark("Leave panels and cables alone and call your installer."),)
_METER: Advice = (
    mark("Figures of house and grid may be wrong meanwhile."),
    _INSTALLER,
)
_INSIDE: Advice = (
    mark("Switching the inverter off and on, as its manual says, may help."),
    _INSTALLER,
)

# The first that fits; narrow ones come first.
_TABLE: tuple[tuple[str, Advice], ...] = (
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
    return " ".join(tr(it) for it in _sentences(alarm_name))


def first_advice(alarm_name: str) -> str:
    """Return the first sentence of the advice, where there is room for one."""
    return tr(_sentences(alarm_name)[0])


def is_about_grid(alarm_name: str) -> bool:
    """Say whether an alarm tells of the grid, which may be lost or only odd."""
    return _sentences(alarm_name) in {_GRID_GONE, _GRID_ODD}


def _sentences(alarm_name: str) -> Advice:
    return next((said for it, said in _KNOWN if it.search(alarm_name)), _UNKNOWN)
