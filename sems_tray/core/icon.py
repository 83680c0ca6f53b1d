"""What the tray icon says, as a value: equal specs paint equal pixels."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum


class Face(StrEnum):
    """The body of the icon."""

    BATTERY = "battery"  # a gauge filled by `level`
    SUN = "sun"  # PV as a share of installed power, `level`
    NUMBER = "number"  # `text`, at most three characters ("76", "100", "3.2", "12")
    EMPTY = "empty"  # no reading yet


class Mark(StrEnum):
    """The mark on the body: each has a shape of its own, not only a colour."""

    NONE = "none"
    CHARGING = "charging"
    DISCHARGING = "discharging"


class Badge(StrEnum):
    """What is wrong (or why it is quiet), as a shape in the corner."""

    NONE = "none"
    NIGHT = "night"
    WAITING = "waiting"
    SILENT = "silent"  # the station stopped reporting
    OFFLINE = "offline"  # this computer has no network
    UNREACHABLE = "unreachable"  # GoodWe down, changed or not understood
    THROTTLED = "throttled"  # GoodWe asks for a pause
    SIGN_IN = "sign_in"
    FAULT = "fault"
    GRID_LOST = "grid_lost"


@dataclass(frozen=True, slots=True, kw_only=True)
class IconSpec:
    """Everything the painter needs, and nothing else.

    ``level`` is 0..100 in steps that show (None: unknown, draw the outline only).
    ``low`` paints the gauge in the warning colour.  ``faded`` means that the numbers
    are old.  ``demo`` adds nothing to the picture today; the words say DEMO.
    """

    face: Face = Face.EMPTY
    level: int | None = None
    text: str = ""
    mark: Mark = Mark.NONE
    badge: Badge = Badge.NONE
    low: bool = False
    faded: bool = False
