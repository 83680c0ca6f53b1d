"""Alarms explained to their owner: what one means, and what to do.

What to do comes from the table that the notices use; what it means is added here,
where there is room for it.  Both go by the portal's English names.
"""

from __future__ import annotations

import re

from sems_tray.i18n import formatting
from sems_tray.i18n.language import mark, tr

from .station_state import GRID_LOSS

_NAMELESS = mark("The portal gives only a code and no name.")
_SELF_CHECK = (
    r"consistency|communication|\bdsp\b|eeprom|relay|\bdci\b|\bhct\b"
    r"|internal|dc bus|injection|gfci"
)

# The first that fits; narrow ones come first.  Grid limits are explained by the advice.
_TABLE: tuple[tuple[str, str], ...] = (
    (GRID_LOSS.pattern, mark("The inverter sees no power from the grid.")),
    (
        r"isolation|insulation|\biso\b",
        mark("The inverter has stopped because current could leak to earth."),
    ),
    (
        r"leakage|ground (?:current|fault)",
        mark("The inverter has stopped because current leaks to earth."),
    ),
    (
        r"over.?temperature|overheat|too hot|temperature (?:too )?high",
        mark("A device is too hot and gives less power or none."),
    ),
    (r"\bfan\b", mark("A fan does not turn as it should.")),
    (r"battery|\bbms\b", mark("The battery or its electronics report a trouble.")),
    (
        r"back-?up|over.?load",
        mark("More power is drawn than the back-up supply can give."),
    ),
    (
        r"\bpv\b.*over.?voltage|over.?voltage.*\bpv\b",
        mark("The panels give a higher voltage than the inverter may take."),
    ),
    (r"\barc\b|afci", mark("Sparks were detected on the side of the panels.")),
    (r"string", mark("A string of panels gives less than it should, or nothing.")),
    (_SELF_CHECK, mark("A self-check inside the inverter has failed.")),
    (
        r"over.?voltage|voltage (?:too )?high",
        mark("The grid's voltage is too high, so the inverter has to disconnect."),
    ),
    (
        r"under.?voltage|voltage (?:too )?low",
        mark("The grid's voltage is too low, so the inverter has to disconnect."),
    ),
    (r"\bfac\b|frequency", mark("The grid's frequency is not what it should be.")),
    (r"waveform|harmonic", mark("The grid's voltage is distorted.")),
    (r"meter|\bct\b", mark("The grid meter does not answer or is wired wrongly.")),
)
_KNOWN = tuple((re.compile(pattern, re.IGNORECASE), what) for pattern, what in _TABLE)


def explanation(name: str, code: str = "") -> str:
    """Return in plain words what an alarm means and what to do about it."""
    line = formatting.one_line(name)
    parts = [meaning(line, code), advice(line)]
    return " ".join(it for it in parts if it)


def meaning(name: str, code: str = "") -> str:
    """Return what an alarm means; "" where its name says all that is known."""
    if is_bare(name, code):
        return tr(_NAMELESS)
    return next((tr(what) for it, what in _KNOWN if it.search(name)), "")


def is_bare(name: str, code: str = "") -> bool:
    """Say whether a name is none: nothing, or only the alarm's code.

    The dialects make up the word: it is a key here, the same in every language.
    """
    return name in {"", "Alarm", code, f"Alarm {code}"}


def title(name: str, code: str = "") -> str:
    """Return the portal's name of an alarm, or what stands for one that has none."""
    line = formatting.one_line(name)
    if not is_bare(line, code):
        return line
    return (
        tr("Alarm {code}").format(code=formatting.one_line(code))
        if code
        else tr("Alarm")
    )


# What is known of alarms, by the portal's English names, and what to do.
#
# GoodWe publishes no table of the "E-G3-..." codes (facts, section 8), and the one
# bit pattern that is known contradicts the local protocol's; the names alone are
# relied on.


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
_ADVICE_TABLE: tuple[tuple[str, Advice], ...] = (
    (GRID_LOSS.pattern, _GRID_GONE),
    (r"isolation|insulation|\biso\b|leakage|ground (?:current|fault)", _MOISTURE),
    (r"over.?temperature|overheat|too hot|temperature (?:too )?high", _HEAT),
    (r"\bfan\b", _FAN),
    (r"battery|\bbms\b", _BATTERY),
    (r"meter|\bct\b", _METER),
    (r"back-?up|over.?load", _OVERLOAD),
    (r"\bpv\b.*over.?voltage|over.?voltage.*\bpv\b|string|\barc\b|afci", _PANELS),
    (_SELF_CHECK, _INSIDE),
    (r"\b(?:grid|utility|mains|vac|fac|phase)\b", _GRID_ODD),
)
_KNOWN_ADVICE = tuple(
    (re.compile(pattern, re.IGNORECASE), what) for pattern, what in _ADVICE_TABLE
)


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
    return next((said for it, said in _KNOWN_ADVICE if it.search(alarm_name)), _UNKNOWN)
