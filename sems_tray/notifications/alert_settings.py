"""From the owner's switches and limits to what the alert rules work with."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import time, timedelta
from typing import TYPE_CHECKING

from sems_tray.alerts.delivery import QuietHours
from sems_tray.alerts.model import AlertRules, Rule
from sems_tray.i18n import formatting
from sems_tray.i18n.language import mark, tr
from sems_tray.storage.settings import AlertSettings, changed

if TYPE_CHECKING:
    from sems_tray.storage.settings import QuietSettings


_ALL = 100.0
_USUAL = AlertSettings()

NO_DAY = mark("Choose at least one day, or switch the quiet hours off.")


@dataclass(frozen=True, slots=True, kw_only=True)
class AlertChoice:
    """What the rules are to do; ``messages`` tell of what could not be followed."""

    rules: AlertRules
    quiet: QuietHours | None
    messages: tuple[str, ...] = ()


def alert_choice(settings: AlertSettings) -> AlertChoice:
    """Return what the owner wants; what is impossible gives way to the default.

    A settings file can be edited by hand: a wrong limit is no reason to watch nothing.
    """
    messages = []
    troubles = limit_troubles(settings)
    if troubles:
        sentences = dict.fromkeys(troubles.values())
        messages.append(" ".join((*sentences, tr("The usual limits are used."))))
        settings = changed(
            settings,
            low_percent=_USUAL.low_percent,
            critical_percent=_USUAL.critical_percent,
            full_percent=_USUAL.full_percent,
        )
    trouble = quiet_trouble(settings.quiet)
    if trouble:
        messages.append(" ".join((trouble, tr("There are no quiet hours now."))))
    return AlertChoice(
        rules=_rules(settings),
        quiet=None if trouble else _quiet_hours(settings.quiet),
        messages=tuple(messages),
    )


def limit_troubles(settings: AlertSettings) -> dict[str, str]:
    """Return a sentence for each limit that contradicts another, by its field."""
    troubles: dict[str, str] = {}
    low, critical = settings.low_percent, settings.critical_percent
    full = settings.full_percent
    if low >= _ALL:
        troubles["low_percent"] = tr("At 100 % the battery would always be low.")
    elif critical > low:
        text = tr("Low must not be less than critical, {percent}.")
        troubles["low_percent"] = text.format(percent=_percent(critical))
        text = tr("Critical must not be more than low, {percent}.")
        troubles["critical_percent"] = text.format(percent=_percent(low))
    if full <= low:
        text = tr("Full must be more than low, {percent}.")
        troubles["full_percent"] = text.format(percent=_percent(low))
        text = tr("Low must be less than full, {percent}.")
        troubles.setdefault("low_percent", text.format(percent=_percent(full)))
    return troubles


def _rules(settings: AlertSettings) -> AlertRules:
    return AlertRules(
        off=frozenset(it for it in Rule if it.value in settings.off),
        low_percent=settings.low_percent,
        critical_percent=settings.critical_percent,
        low_each_time=settings.low_each_time,
        full_percent=settings.full_percent,
        portal_after=timedelta(minutes=settings.portal_minutes),
    )


def quiet_trouble(quiet: QuietSettings) -> str:
    """Return why these quiet hours cannot be; "" if they can."""
    return tr(NO_DAY) if quiet.on and not quiet.weekdays else ""


def quiet_words(quiet: QuietSettings) -> str:
    """Return how long the quiet lasts, what a clock alone leaves open; "" if off."""
    if not quiet.on or not quiet.weekdays:
        return ""
    start, end = quiet.start, quiet.end
    if start == end:
        return tr("Quiet for a whole day, from {start}.").format(start=start)
    if start < end:  # two digits each: the order of words is that of times
        return tr("Quiet from {start} to {end}.").format(start=start, end=end)
    text = tr("Quiet from {start} to {end} of the next day.")
    return text.format(start=start, end=end)


def _quiet_hours(quiet: QuietSettings) -> QuietHours | None:
    if not quiet.on:
        return None
    return QuietHours(
        start=time.fromisoformat(quiet.start),
        end=time.fromisoformat(quiet.end),
        weekdays=frozenset(quiet.weekdays),
    )


def _percent(value: float) -> str:
    return f"{formatting.fixed(value, 0 if value == round(value) else 1)} %"
