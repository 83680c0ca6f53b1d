"""What a station usually does, learned from its own history.

Learned in the network thread, about once a day, and handed as one value to whoever
judges the station: verdict, alert rules, cadence, estimates.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from sems_tray.domain.statistics import UsualCharge, UsualPower

    from .roof_place import RoofPlace
    from .waking import Waking


@dataclass(frozen=True, slots=True, kw_only=True)
class Habits:
    """What was learned of one station; None where too little is known.

    ``power`` is the PV power by the sun's height, ``charge`` the battery's by the hour,
    ``waking`` the light that wakes the roof.
    ``place`` is where the roof stands, by the hours of its production.
    """

    power: UsualPower | None = None
    waking: Waking | None = None
    charge: UsualCharge | None = None
    place: RoofPlace | None = None


UNKNOWN = Habits()
