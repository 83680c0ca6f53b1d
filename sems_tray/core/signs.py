"""A state at a glance: a word, a shape and a tone, so that colour is never alone."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum


class Shape(StrEnum):
    """What is drawn before the word."""

    DOT = "dot"  # all is well, or a hint
    RING = "ring"  # nothing happens, or nobody knows
    MOON = "moon"  # asleep in the dark
    CROSS = "cross"  # not there
    TRIANGLE = "triangle"  # an alarm
    DIAMOND = "diamond"  # a fault


class Tone(StrEnum):
    """How it is coloured."""

    GOOD = "good"
    CALM = "calm"
    BAD = "bad"


@dataclass(frozen=True, slots=True, kw_only=True)
class Sign:
    """A state as it is shown."""

    word: str
    shape: Shape = Shape.RING
    tone: Tone = Tone.CALM
