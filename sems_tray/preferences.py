"""From the settings in the file to what the windows edit and show, and back."""

from __future__ import annotations

from datetime import time
from typing import TYPE_CHECKING

from .core.preferences import (
    CELSIUS,
    FAHRENHEIT,
    SYSTEM_TEMPERATURE,
    Limits,
    Preferences,
    QuietChoice,
)
from .store.settings import Alerts, Quiet, changed
from .wishes import icon_mode, tariffs_of

if TYPE_CHECKING:
    from .store.settings import Settings

_CLOCK = "%H:%M"


def preferences_of(settings: Settings, *, at_login: bool) -> Preferences:
    """Return what the window edits."""
    alerts, quiet = settings.alerts, settings.alerts.quiet
    return Preferences(
        station=settings.station,
        unwatched=frozenset(settings.unwatched),
        dialect=settings.dialect,
        live_minutes=settings.live_minutes,
        icon=icon_mode(settings.icon),
        rules_off=frozenset(alerts.off),
        limits=Limits(
            low_percent=alerts.low_percent,
            critical_percent=alerts.critical_percent,
            full_percent=alerts.full_percent,
            portal_minutes=alerts.portal_minutes,
        ),
        low_each_time=alerts.low_each_time,
        quiet=QuietChoice(
            on=quiet.on,
            start=time.fromisoformat(quiet.start),
            end=time.fromisoformat(quiet.end),
            weekdays=frozenset(quiet.weekdays),
        ),
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
        alerts=Alerts(
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
