"""Clouds and house load: invented, but the same for one seed, station and date."""

import math
import random
from collections.abc import Sequence
from datetime import date
from functools import cache
from itertools import pairwise

STEP_MIN = 5
NODES = 300 + 1  # 25 hours, the longest day there is, and its closing node
_KNOT_NODES = 3


def _rng(seed: int, station_id: str, day: date, what: str) -> random.Random:
    return random.Random(f"{seed}|{station_id}|{day.isoformat()}|{what}")


def sky(seed: int, station_id: str, day: date) -> list[float]:
    """Return the share of clear-sky light for each node of a day, 0.15 to 1."""
    rng = _rng(seed, station_id, day, "sky")
    kind = rng.random()
    knots = NODES // _KNOT_NODES + 2
    if kind < 0.45:  # fair
        marks = [rng.uniform(0.93, 1.0) for _ in range(knots)]
    elif kind < 0.9:  # broken clouds
        cover = rng.uniform(0.12, 0.4)
        marks = [
            rng.uniform(0.35, 0.7) if rng.random() < cover else rng.uniform(0.85, 1.0)
            for _ in range(knots)
        ]
    else:  # overcast, with brighter spells
        base = rng.uniform(0.3, 0.5)
        marks = [base * rng.uniform(0.75, 1.25) for _ in range(knots)]
    return _stretched(marks)


def gloom(seed: int, station_id: str, day: date, latitude_deg: float) -> list[float]:
    """Return what a dull sky or a fog leaves of all light, for each node of a day.

    Dull days come in spells, and most of them in winter.
    """
    rng = _rng(seed, station_id, day, "gloom")
    spell = _rng(seed, station_id, date.fromordinal(day.toordinal() // 3 * 3), "spell")
    summer_day = 172 if latitude_deg >= 0 else 355
    turn = 2 * math.pi * (day.timetuple().tm_yday - summer_day) / 365
    winter = (1 - math.cos(turn)) / 2 * min(abs(latitude_deg) / 50, 1.0)
    knots = NODES // _KNOT_NODES + 2
    if spell.random() < 0.05 + 0.4 * winter and rng.random() < 0.85:
        base = rng.uniform(0.06, 0.35)
        return _stretched([base * rng.uniform(0.7, 1.3) for _ in range(knots)])
    if rng.random() < 0.03 + 0.12 * winter:  # fog that lifts in the morning
        lifts = rng.uniform(8.5, 12.5) * 60 / STEP_MIN / _KNOT_NODES
        return _stretched([0.08 if knot < lifts else 1.0 for knot in range(knots)])
    return [1.0] * NODES


def house_load(seed: int, station_id: str, day: date, scale: float) -> list[int]:
    """Return the house's power in W for each node of a day."""
    rng = _rng(seed, station_id, day, "load")
    morning = rng.uniform(0.6, 1.2)
    evening = rng.uniform(0.8, 1.25)
    base = rng.uniform(270, 340)
    watts = [base + morning * m + evening * e for m, e in zip(*_habits(), strict=True)]
    phase = rng.randrange(9)
    for start in range(phase, NODES, 9):  # the fridge
        for node in range(start, min(start + 4, NODES)):
            watts[node] += 85
    at_weekend = day.weekday() >= 5
    for _ in range(rng.randint(3, 5) + 2 * at_weekend):  # kettle, oven, washing
        first = int(rng.triangular(84, 252, 200 if rng.random() < 0.4 else 140))
        for node in range(first, min(first + rng.randint(1, 9), NODES)):
            watts[node] += 900 + 150 * rng.randrange(5)
    return [round(w * scale) for w in watts]


def _stretched(marks: Sequence[float]) -> list[float]:
    out: list[float] = []
    for left, right in pairwise(marks):
        step = (right - left) / _KNOT_NODES
        out += [left, left + step, left + 2 * step]
    return out[:NODES]


@cache
def _habits() -> tuple[list[float], list[float]]:
    def bump(height_w: float, hour: float, width_h: float) -> list[float]:
        return [
            height_w
            * math.exp(-(((node * STEP_MIN / 60) - hour) ** 2) / (2 * width_h**2))
            for node in range(NODES)
        ]

    day_long = bump(260, 13.5, 3.5)
    evening = bump(700, 19.3, 1.5)
    return bump(520, 7.4, 0.9), [a + b for a, b in zip(day_long, evening, strict=True)]
