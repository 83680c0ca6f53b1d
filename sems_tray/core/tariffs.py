"""What energy costs and earns where the portal does not know."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class Tariffs:
    """What a kWh costs and what one earns, in the owner's currency."""

    import_price: float | None = None
    export_price: float | None = None
    currency: str | None = None
