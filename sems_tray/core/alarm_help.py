"""Alarms explained to their owner: what one means, and what to do.

What to do comes from the table that the notices use; what it means is added here,
where there is room for it.  Both go by the portal's English names.
"""

from __future__ import annotations

import re

from . import words
from .advice import advice
from .language import mark, tr

_NAMELESS = mark("The portal gives only a code and no name.")

# The first that fits; narrow ones come first.  Grid limits are explained by the advice.
_TABLE: tuple[tuple[str, str], ...] = (
    (
        r"(?:utility|grid|mains) (?:power )?(?:loss|lost|outage)",
        mark("The inverter sees no power from the grid."),
    ),
    (
        r"(?:loss of|no) (?:the )?(?:utility|grid|mains)",
        mark("The inverter sees no power from the grid."),
    ),
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
    (
        r"consistency|communication|\bdsp\b|eeprom|relay|\bdci\b|\bhct\b",
        mark("A self-check inside the inverter has failed."),
    ),
    (
        r"internal|dc bus|injection|gfci",
        mark("A self-check inside the inverter has failed."),
    ),
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
    line = words.one_line(name)
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
    line = words.one_line(name)
    if not is_bare(line, code):
        return line
    return tr("Alarm {code}").format(code=words.one_line(code)) if code else tr("Alarm")
