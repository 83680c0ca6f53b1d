"""What an alarm is called: by the portal's own text, or by a table that is sure.

GoodWe publishes no table of its codes.  The error word of the local protocol has one
(facts, section 8), but the one event of which the portal's text is recorded denies it:
code 4096, bit 12 of word 0 (E-G3-0-12), is "Grid Waveform Abnormal" and no fan.  So a
bit has a name here only where the portal itself gives it, or acts by it; every other
one is told by its code alone, without a guess at its meaning.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from sems_tray.portal.wire.values import integer, text

if TYPE_CHECKING:
    from sems_tray.portal.wire.values import Leaf


UTILITY_LOSS = 9
_NAMES = {
    UTILITY_LOSS: "Utility Loss",
    12: "Grid Waveform Abnormal",  # recorded: both the code and the text
}
# A word whose bits are all set is a device that reports none (facts, section 5.1).
_NO_WORDS = frozenset({0xFFFF, 0xFFFFFFFF})
_WORD_BITS = 32
_FIRST_WORD = re.compile(r"(?:E-G\d+-0-|bit )(\d{1,2})", re.IGNORECASE)
# "warning_name_4096": the key of a translation that is not in the reply.
_KEY = re.compile(r"\w*_\w*")


def bits_of(word: Leaf) -> frozenset[int]:
    """Return the bits that are set in an error word."""
    found = integer(word)
    if not found or found < 0 or found in _NO_WORDS:
        return frozenset()
    return frozenset(bit for bit in range(_WORD_BITS) if found >> bit & 1)


def bit_of(code: str) -> int | None:
    """Return the bit of the first word that a code names: 18 for "E-G3-0-18"."""
    found = _FIRST_WORD.fullmatch(code)
    return int(found[1]) if found else None


def alarm_name(code: str, *told: Leaf, word: Leaf = None) -> str:
    """Return the name that the portal tells, or the sure one of a code or error word.

    Failing these, "Alarm" and the code: ``core.alarm_help`` knows that for no name.
    """
    for leaf in told:
        if (name := text(leaf)) and not _KEY.fullmatch(name):
            return name
    bit = bit_of(code)
    bits = bits_of(word) if bit is None else {bit}
    sure = _NAMES.get(min(bits), "") if len(bits) == 1 else ""
    return sure or (f"Alarm {code}" if code else "Alarm")
