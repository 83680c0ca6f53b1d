"""From the owner's switches and limits to what the alert rules work with."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import time, timedelta
from enum import StrEnum
from typing import TYPE_CHECKING, Any

from sems_tray.i18n import formatting
from sems_tray.i18n.language import mark, tr

from .model import AlertRules, Rule
from .muting import EVERY_DAY, QuietHours

if TYPE_CHECKING:
    from collections.abc import Collection

LEAST_PORTAL_MINUTES, MOST_PORTAL_MINUTES = 5.0, 2880.0

# A battery at its limit goes to and fro by a percent: it must leave by more than that.
_LOW_BAND, _FULL_BAND = 5.0, 2.0
_ALL = 100.0

NO_DAY = mark("Choose at least one day, or switch the quiet hours off.")


@dataclass(frozen=True, slots=True, kw_only=True)
class AlertChoice:
    """What the rules are to do; ``messages`` tell of what could not be followed."""

    rules: AlertRules
    quiet: QuietHours | None
    messages: tuple[str, ...] = ()


def alert_choice(
    rules_off: Collection[str],
    limits: Limits,
    quiet: QuietChoice,
    *,
    low_each_time: bool = False,
) -> AlertChoice:
    """Return what the owner wants; what is impossible gives way to the default.

    A settings file can be edited by hand: a wrong limit is no reason to watch nothing.
    """
    messages = list(dict.fromkeys(limit_troubles(limits).values()))
    if messages:
        messages = [" ".join((*messages, tr("The usual limits are used.")))]
        limits = Limits()
    trouble = quiet_trouble(quiet)
    if trouble:
        messages.append(" ".join((trouble, tr("There are no quiet hours now."))))
    return AlertChoice(
        rules=alert_rules(rules_off, limits, low_each_time=low_each_time),
        quiet=None if trouble else quiet_hours(quiet),
        messages=tuple(messages),
    )


def limit_troubles(limits: Limits) -> dict[Limit, str]:
    """Return a sentence for each limit that cannot be; nothing if all can."""
    found: dict[Limit, str] = {}
    low, critical = limits.low_percent, limits.critical_percent
    for limit in (Limit.LOW, Limit.CRITICAL, Limit.FULL):
        if not 0 <= getattr(limits, limit.value) <= _ALL:
            found[limit] = tr("A charge is between 0 and 100 %.")
    if found:
        return _with_portal(found, limits)
    if low >= _ALL:
        found[Limit.LOW] = tr("At 100 % the battery would always be low.")
    elif critical > low:
        text = tr("Low must not be less than critical, {percent}.")
        found[Limit.LOW] = text.format(percent=_percent(critical))
        text = tr("Critical must not be more than low, {percent}.")
        found[Limit.CRITICAL] = text.format(percent=_percent(low))
    if limits.full_percent <= low:
        text = tr("Full must be more than low, {percent}.")
        found[Limit.FULL] = text.format(percent=_percent(low))
        text = tr("Low must be less than full, {percent}.")
        found.setdefault(Limit.LOW, text.format(percent=_percent(limits.full_percent)))
    return _with_portal(found, limits)


def _with_portal(found: dict[Limit, str], limits: Limits) -> dict[Limit, str]:
    if not LEAST_PORTAL_MINUTES <= limits.portal_minutes <= MOST_PORTAL_MINUTES:
        least, most = LEAST_PORTAL_MINUTES, MOST_PORTAL_MINUTES
        found[Limit.PORTAL] = tr("Wait between {least} and {most} minutes.").format(
            least=formatting.fixed(least), most=formatting.fixed(most)
        )
    return found


def alert_rules(
    rules_off: Collection[str], limits: Limits, *, low_each_time: bool = False
) -> AlertRules:
    """Return the rules; raises ValueError with a sentence for impossible limits."""
    troubles = limit_troubles(limits)
    if troubles:
        raise ValueError(" ".join(dict.fromkeys(troubles.values())))
    low, critical = limits.low_percent, limits.critical_percent
    full = limits.full_percent
    rules = AlertRules(
        low_percent=low,
        low_over_percent=min(low + _LOW_BAND, _ALL),
        critical_percent=critical,
        critical_over_percent=min(critical + _LOW_BAND, _ALL),
        low_each_time=low_each_time,
        full_percent=full,
        full_over_percent=max(full - _FULL_BAND, low),
        portal_after=timedelta(minutes=limits.portal_minutes),
    )
    # The rules are named after their switches.
    switches: dict[str, Any] = {it.value: it.value not in rules_off for it in Rule}
    return replace(rules, **switches)


def quiet_trouble(quiet: QuietChoice) -> str:
    """Return why these quiet hours cannot be; "" if they can."""
    return tr(NO_DAY) if quiet.on and not quiet.weekdays else ""


def quiet_hours(quiet: QuietChoice) -> QuietHours | None:
    """Return when to be quiet; None for never."""
    if not quiet.on or not quiet.weekdays:
        return None
    return QuietHours(start=quiet.start, end=quiet.end, weekdays=quiet.weekdays)


def quiet_words(quiet: QuietChoice) -> str:
    """Return how long the quiet lasts: what a clock alone leaves open."""
    start, end = (f"{it:%H:%M}" for it in (quiet.start, quiet.end))
    if quiet.start == quiet.end:
        return tr("Quiet for a whole day, from {start}.").format(start=start)
    if quiet.start < quiet.end:
        return tr("Quiet from {start} to {end}.").format(start=start, end=end)
    text = tr("Quiet from {start} to {end} of the next day.")
    return text.format(start=start, end=end)


def _percent(value: float) -> str:
    return f"{formatting.fixed(value, 0 if value == round(value) else 1)} %"


class Limit(StrEnum):
    """The thresholds of the alert rules, by the names of their fields."""

    LOW = "low_percent"
    CRITICAL = "critical_percent"
    FULL = "full_percent"
    PORTAL = "portal_minutes"


@dataclass(frozen=True, slots=True, kw_only=True)
class Limits:
    """From where on the battery is low, critical or full, and the portal long gone."""

    low_percent: float = 20.0
    critical_percent: float = 10.0
    full_percent: float = 100.0
    portal_minutes: float = 60.0


@dataclass(frozen=True, slots=True, kw_only=True)
class QuietChoice:
    """Hours of silence by this computer's clock; weekdays from Monday, 0."""

    on: bool = False
    start: time = time(22)
    end: time = time(7)
    weekdays: frozenset[int] = EVERY_DAY
