"""How a station and its portal behave from day to day, beside what the panels make.

The plain one is the demo's: it sleeps by the sun's height and always answers.
"""

from dataclasses import dataclass
from enum import StrEnum


class NightFlow(StrEnum):
    """What the live flow says of a station without battery and meter that sleeps.

    Facts, sections 3, 4 and 6: all of these were seen by somebody.
    """

    TOLD = "told"
    ABSENT = "absent"  # ``data`` is null
    EMPTY = "empty"  # ``data`` is {}
    POWERLESS = "powerless"  # name, status and time, but no powers
    FROZEN = "frozen"  # the last powers before it slept


@dataclass(frozen=True, slots=True, kw_only=True)
class Behaviour:
    """What differs between stations of the same parts.

    ``wake_share`` is the light that wakes an inverter without battery, as a share of
    its rated power; None wakes it by the sun's height.  With ``counters_stand`` its
    counters are those of its last report until it wakes: in the morning "today" is
    yesterday's.  A meter shows nothing below ``meter_dead_w``.  ``gloom`` brings dull
    days and morning fog, most in winter.  A portal that does not tell where the
    station stands has ``tells_place`` False.
    """

    wake_share: float | None = None
    counters_stand: bool = False
    night_flow: NightFlow = NightFlow.TOLD
    meter_dead_w: int = 0
    gloom: bool = False
    tells_place: bool = True


PLAIN = Behaviour()
