"""The tiles of the day: a few figures, each with its unit set apart.

A plant has the tiles that it can fill: without a battery nothing is charged, without a
meter nothing is exported.  What it has but does not tell today is a dash, never 0.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from . import words
from .flow import Part, fitted
from .language import tr, trc
from .records import savings, self_sufficiency
from .tariffs import Tariffs

if TYPE_CHECKING:
    from .model import EnergySums, Reading

_NO_TARIFFS = Tariffs()
_SIGNS = {"EUR": "€", "GBP": "£", "USD": "$", "JPY": "¥", "CNY": "¥", "INR": "₹"}
# Fewer tiles than this leave room for the longer periods.
_A_ROW = 4


@dataclass(frozen=True, slots=True, kw_only=True)
class Tile:
    """One figure: "Solar today", "18.4", "kWh"; ``old`` ones are grey."""

    label: str
    number: str = words.DASH
    unit: str = ""
    old: bool = False

    @property
    def text(self) -> str:
        """Return "18.4 kWh"."""
        return f"{self.number} {self.unit}".strip()


def tiles(
    reading: Reading, tariffs: Tariffs = _NO_TARIFFS, *, old: bool = False
) -> tuple[Tile, ...]:
    """Return the tiles of a station, most wanted first."""
    parts, sums = fitted(reading), reading.energy.today
    old = old or "energy" in reading.stale
    today = [(tr("Solar today"), sums.pv_kwh)]
    if Part.HOUSE in parts:
        today.append((trc("part of the plant", "House"), sums.load_kwh))
    if Part.GRID in parts:
        today.append((trc("energy", "Exported"), sums.export_kwh))
        today.append((trc("energy", "Imported"), sums.import_kwh))
    if Part.BATTERY in parts:
        today.append((trc("energy", "Charged"), sums.charge_kwh))
        today.append((trc("energy", "Discharged"), sums.discharge_kwh))
    worth = _money(sums, tariffs)
    if sums.income is not None and "income" in reading.stale:
        worth = [_aged(it) for it in worth]
    if Part.HOUSE in parts and Part.GRID in parts:
        worth = [
            _share(tr("Self-powered"), self_sufficiency(sums)),
            _share(tr("Self-used"), self_used(sums)),
            *worth,
        ]
    longer = _longer(reading) if len(today) + len(worth) < _A_ROW else []
    energy = words.energies(*(kwh for _, kwh in (*today, *longer)))
    found = [
        *(_tile(label, energy(kwh)) for label, kwh in today),
        *worth,
        *(_tile(label, energy(kwh)) for label, kwh in longer),
    ]
    return tuple(_aged(it) for it in found) if old else tuple(found)


def self_used(sums: EnergySums) -> float | None:
    """Return the share of the solar energy that was not sold, 0 to 1.

    It goes by the solar energy and the export that stand beside it.  The portal's own
    self-use is the inverter's AC output less the export (facts, section 3), so with a
    battery it is no part of the solar energy: 8134 of 6791 kWh in a recorded year.
    """
    if sums.pv_kwh is None or sums.pv_kwh <= 0:
        return None
    stores = sums.charge_kwh is not None or sums.discharge_kwh is not None
    if sums.export_kwh is not None:
        used = sums.pv_kwh - sums.export_kwh
    elif sums.self_use_kwh is not None and not stores:
        used = sums.self_use_kwh
    else:
        return None
    return min(max(used / sums.pv_kwh, 0.0), 1.0)


def _tile(label: str, text: str) -> Tile:
    """Return the tile of "18.4 kWh", or of a dash."""
    number, _, unit = text.partition(" ")
    return Tile(label=label, number=number, unit=unit)


def _share(label: str, share: float | None) -> Tile:
    return _tile(label, words.share(share))


def _money(sums: EnergySums, tariffs: Tariffs) -> list[Tile]:
    """Return what the portal says was earned, else what the tariffs say was saved."""
    worth = savings(sums, tariffs)
    if worth.total is not None:
        told = sums.income is not None
        label = trc("money", "Income") if told else trc("money", "Saved")
        return [_amount(label, worth.total, worth.currency)]
    if worth.saved is not None:
        return [_amount(trc("money", "Saved"), worth.saved, worth.currency)]
    if worth.earned is not None:
        return [_amount(trc("money", "Earned"), worth.earned, worth.currency)]
    # The owner gave prices; the energies are not known yet.
    known = tariffs.import_price is not None or tariffs.export_price is not None
    return [Tile(label=trc("money", "Saved"))] if known else []


def _amount(label: str, amount: float, currency: str | None) -> Tile:
    code = words.name(currency or "")
    return Tile(
        label=label, number=words.fixed(amount, 2), unit=_SIGNS.get(code.upper(), code)
    )


def _longer(reading: Reading) -> list[tuple[str, float | None]]:
    energy = reading.energy
    periods = (
        (tr("This month"), energy.month),
        (tr("This year"), energy.year),
        (trc("energy", "In all"), energy.total),
    )
    return [(label, it.pv_kwh) for label, it in periods if it.pv_kwh is not None]


def _aged(tile: Tile) -> Tile:
    return Tile(label=tile.label, number=tile.number, unit=tile.unit, old=True)
