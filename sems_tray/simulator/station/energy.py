"""Energies of a span of time, and how they come from powers on nodes."""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import reduce

KWH_PER_W_STEP = 5 / 60 / 1000


@dataclass(frozen=True, slots=True, kw_only=True)
class Energy:
    """Energies in kWh; ``pv_kwh_each`` has one entry per inverter."""

    pv_kwh_each: tuple[float, ...]
    load_kwh: float = 0.0
    import_kwh: float = 0.0
    export_kwh: float = 0.0
    charge_kwh: float = 0.0
    discharge_kwh: float = 0.0

    @property
    def pv_kwh(self) -> float:
        """What all inverters' panels made."""
        return sum(self.pv_kwh_each)

    @property
    def ac_kwh(self) -> float:
        """What the inverters gave out, battery included (the portal's production)."""
        return self.pv_kwh + self.discharge_kwh - self.charge_kwh

    @property
    def self_use_kwh(self) -> float:
        """The portal's self-use: what the inverters gave out and was not sold.

        What the battery took is not in it, what it gave is: a recorded day says 17.24,
        of 27.0 (AC output) - 9.76 (export), while the panels made 31.4 kWh.
        """
        return self.ac_kwh - self.export_kwh

    def __add__(self, other: "Energy") -> "Energy":
        """Return both spans together."""
        return Energy(
            pv_kwh_each=tuple(
                a + b for a, b in zip(self.pv_kwh_each, other.pv_kwh_each, strict=True)
            ),
            load_kwh=self.load_kwh + other.load_kwh,
            import_kwh=self.import_kwh + other.import_kwh,
            export_kwh=self.export_kwh + other.export_kwh,
            charge_kwh=self.charge_kwh + other.charge_kwh,
            discharge_kwh=self.discharge_kwh + other.discharge_kwh,
        )

    def scaled(self, part: float) -> "Energy":
        """Return a share of the span."""
        return Energy(
            pv_kwh_each=tuple(kwh * part for kwh in self.pv_kwh_each),
            load_kwh=self.load_kwh * part,
            import_kwh=self.import_kwh * part,
            export_kwh=self.export_kwh * part,
            charge_kwh=self.charge_kwh * part,
            discharge_kwh=self.discharge_kwh * part,
        )


def nothing(inverters: int) -> Energy:
    """Return an empty span for a station of so many inverters."""
    return Energy(pv_kwh_each=(0.0,) * inverters)


def total(spans: Sequence[Energy], inverters: int) -> Energy:
    """Return all spans together."""
    return reduce(lambda a, b: a + b, spans, nothing(inverters))


def area(nodes: Sequence[float]) -> float:
    """Return the trapezoid sum of nodes, in W steps."""
    return sum(nodes) - (nodes[0] + nodes[-1]) / 2


def split_area(nodes: Sequence[float]) -> tuple[float, float]:
    """Return the areas above and below zero, both positive, in W steps."""
    above = below = 0.0
    left = nodes[0]
    for right in nodes[1:]:
        if left >= 0 and right >= 0:
            above += left + right
        elif left <= 0 and right <= 0:
            below -= left + right
        elif left > 0:
            above += left * left / (left - right)
            below += right * right / (left - right)
        else:
            above += right * right / (right - left)
            below += left * left / (right - left)
        left = right
    return above / 2, below / 2
