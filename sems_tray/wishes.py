"""What the tray and the window need of the settings, before anything else is loaded."""

from __future__ import annotations

from typing import TYPE_CHECKING

from .core.tariffs import Tariffs
from .core.tray_icon import IconMode
from .ui.details_given import Wishes

if TYPE_CHECKING:
    from .store.settings import Settings


def tariffs_of(settings: Settings) -> Tariffs:
    """Return the owner's prices."""
    return Tariffs(
        import_price=settings.import_price,
        export_price=settings.export_price,
        currency=settings.currency,
    )


def wishes_of(settings: Settings) -> Wishes:
    """Return what the owner set for the details window."""
    return Wishes(
        tariffs=tariffs_of(settings),
        reserve_percent=settings.reserve_percent,
        geometry=settings.window,
        motion=settings.motion,
    )


def icon_mode(name: str) -> IconMode:
    """Return the tray icon's mode; what a newer version named is automatic here."""
    try:
        return IconMode(name)
    except ValueError:
        return IconMode.AUTO
