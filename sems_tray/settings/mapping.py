"""From the settings in the file to what the windows edit and show, and back."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sems_tray.domain.model import Tariffs
from sems_tray.runtime.settings_repository import limits_of, quiet_of
from sems_tray.storage.settings import AlertSettings, Quiet, changed
from sems_tray.tray.view_model import IconMode
from sems_tray.window.controller import WindowSettings

from .model import CELSIUS, FAHRENHEIT, SYSTEM_TEMPERATURE, Preferences

if TYPE_CHECKING:
    from sems_tray.storage.settings import Settings


_CLOCK = "%H:%M"


def preferences_of(settings: Settings, *, at_login: bool) -> Preferences:
    """Return what the window edits."""
    alerts = settings.alerts
    return Preferences(
        station=settings.station,
        unwatched=frozenset(settings.unwatched),
        dialect=settings.dialect,
        live_minutes=settings.live_minutes,
        icon=icon_mode(settings.icon),
        rules_off=frozenset(alerts.off),
        limits=limits_of(alerts),
        low_each_time=alerts.low_each_time,
        quiet=quiet_of(alerts),
        tariffs=tariffs_of(settings),
        reserve_percent=settings.reserve_percent,
        latitude=settings.latitude,
        longitude=settings.longitude,
        language=settings.language,
        temperature=temperature_unit(settings.temperature),
        motion=settings.motion,
        start_hidden=settings.start_hidden,
        start_at_login=at_login,
    )


def temperature_unit(kept: str) -> str:
    """Return the unit that a settings file names; an unknown one is the system's."""
    return kept if kept in {CELSIUS, FAHRENHEIT} else SYSTEM_TEMPERATURE


def settings_after(settings: Settings, wanted: Preferences) -> Settings:
    """Return the settings after a change; the station has a way of its own."""
    quiet, limits, tariffs = wanted.quiet, wanted.limits, wanted.tariffs
    return changed(
        settings,
        unwatched=tuple(sorted(wanted.unwatched)),
        dialect=wanted.dialect,
        live_minutes=wanted.live_minutes,
        icon=wanted.icon.value,
        alerts=AlertSettings(
            off=tuple(sorted(wanted.rules_off)),
            low_percent=limits.low_percent,
            critical_percent=limits.critical_percent,
            low_each_time=wanted.low_each_time,
            full_percent=limits.full_percent,
            portal_minutes=limits.portal_minutes,
            quiet=Quiet(
                on=quiet.on,
                start=quiet.start.strftime(_CLOCK),
                end=quiet.end.strftime(_CLOCK),
                weekdays=tuple(sorted(quiet.weekdays)),
            ),
        ),
        import_price=tariffs.import_price,
        export_price=tariffs.export_price,
        currency=tariffs.currency,
        reserve_percent=wanted.reserve_percent,
        latitude=wanted.latitude,
        longitude=wanted.longitude,
        language=wanted.language,
        temperature=wanted.temperature,
        motion=wanted.motion,
        start_hidden=wanted.start_hidden,
    )


# What the tray and the window need of the settings, before anything else is loaded.


def tariffs_of(settings: Settings) -> Tariffs:
    """Return the owner's prices."""
    return Tariffs(
        import_price=settings.import_price,
        export_price=settings.export_price,
        currency=settings.currency,
    )


def wishes_of(settings: Settings) -> WindowSettings:
    """Return what the owner set for the details window."""
    return WindowSettings(
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
