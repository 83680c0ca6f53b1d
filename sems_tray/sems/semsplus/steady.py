"""Lifetime counters only grow (facts, section 3, "Midnight")."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from sems_tray.core.midnight import steady_total

if TYPE_CHECKING:
    from sems_tray.sems.held import Counters


def steady(before: Counters | None, new: Counters) -> Counters:
    """Return the new counters with lifetime totals that never shrink."""
    if before is None:
        return new
    was, now = before.energy.total, new.energy.total
    total = replace(
        now,
        pv_kwh=steady_total(was.pv_kwh, now.pv_kwh),
        charge_kwh=steady_total(was.charge_kwh, now.charge_kwh),
        discharge_kwh=steady_total(was.discharge_kwh, now.discharge_kwh),
        import_kwh=steady_total(was.import_kwh, now.import_kwh),
        export_kwh=steady_total(was.export_kwh, now.export_kwh),
    )
    return replace(new, energy=replace(new.energy, total=total))
