"""Axes with round numbers: steps of 1, 2 or 5 times a power of ten."""

from __future__ import annotations

import math
from dataclasses import dataclass

from . import words

_NEARLY = 1e-9  # of a step: what a float may miss a whole number by


@dataclass(frozen=True, slots=True, kw_only=True)
class Scale:
    """A value axis: where it begins and ends, and its round numbers."""

    low: float
    high: float
    ticks: tuple[float, ...]
    digits: int

    def text(self, value: float) -> str:
        """Return a tick's number."""
        return words.fixed(value, self.digits)


def scale(low: float, high: float, most_steps: int, *, fixed: bool = False) -> Scale:
    """Return an axis that holds ``low <= 0`` and ``high > 0``.

    It ends at a round number above, unless its end is ``fixed``, and at the low itself:
    a little import would else take a whole step from the rest.
    """
    low = min(low, 0.0)
    step, power = _step((high - low) / max(most_steps, 1))
    last = max(math.ceil(high / step - _NEARLY), 1)
    short = fixed and last * step > high * (1 + _NEARLY)
    first = math.ceil(low / step - _NEARLY)
    factor = 10.0**power
    mantissa = round(step / factor)
    return Scale(
        low=low,
        high=high if fixed else _tick(last, mantissa, power),
        ticks=tuple(
            _tick(n, mantissa, power) for n in range(first, last + (0 if short else 1))
        ),
        digits=max(-power, 0),
    )


def _step(least: float) -> tuple[float, int]:
    """Return the smallest round step of at least so much, and its power of ten."""
    least = max(least, 1e-6)
    power = math.floor(math.log10(least))
    for mantissa in (1, 2, 5):
        step = mantissa * 10.0**power
        if step >= least * (1 - _NEARLY):
            return step, power
    return 10.0 ** (power + 1), power + 1


def _tick(n: int, mantissa: int, power: int) -> float:
    """Return n steps without what floats add up to (0.30000000000000004)."""
    return round(n * mantissa * 10.0**power, max(-power, 0)) + 0.0
