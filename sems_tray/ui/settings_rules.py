"""The alert rules in words: what each watches, and the limit that belongs to it."""

from __future__ import annotations

from dataclasses import dataclass

from sems_tray.core.alerts.values import Rule
from sems_tray.core.language import mark, markc
from sems_tray.core.preferences import (
    LEAST_PORTAL_MINUTES,
    MOST_PORTAL_MINUTES,
    Limit,
)


@dataclass(frozen=True, slots=True)
class LimitWords:
    """A limit's name, its bounds and its unit."""

    limit: Limit
    name: str
    least: float
    most: float
    unit: str


@dataclass(frozen=True, slots=True)
class RuleWords:
    """A rule's name, one sentence, and its limit."""

    rule: Rule
    name: str
    about: str
    limit: LimitWords | None = None


def _percent(limit: Limit, name: str) -> LimitWords:
    return LimitWords(limit, name, 0, 100, "%")


GROUPS: tuple[tuple[str, tuple[RuleWords, ...]], ...] = (
    (
        markc("settings section", "Station"),
        (
            RuleWords(
                Rule.DEVICE_FAULT,
                markc("alert rule", "Device fault"),
                mark("An inverter or another device reports a fault."),
            ),
            RuleWords(
                Rule.NEW_ALARM,
                markc("alert rule", "New alarm"),
                mark("The portal lists an alarm that is active."),
            ),
            RuleWords(
                Rule.GRID_LOST,
                markc("alert rule", "Grid lost"),
                mark("The station is cut off from the grid. It passes quiet hours."),
            ),
            RuleWords(
                Rule.SILENT,
                markc("alert rule", "Station silent"),
                mark("By daylight no new figures come, while GoodWe can be reached."),
            ),
            RuleWords(
                Rule.NO_PRODUCTION,
                markc("alert rule", "No production"),
                mark("In good daylight the panels give nothing."),
            ),
        ),
    ),
    (
        markc("settings section", "Battery"),
        (
            RuleWords(
                Rule.BATTERY_LOW,
                markc("alert rule", "Battery low"),
                mark("The charge falls below a limit."),
                _percent(Limit.LOW, markc("limit", "Low below")),
            ),
            RuleWords(
                Rule.BATTERY_CRITICAL,
                markc("alert rule", "Battery critical"),
                mark("The charge falls so far that little is left for the night."),
                _percent(Limit.CRITICAL, markc("limit", "Critical below")),
            ),
            RuleWords(
                Rule.BATTERY_FULL,
                markc("alert rule", "Battery full"),
                mark(
                    "The charge reaches a limit: a good time for the washing machine."
                ),
                _percent(Limit.FULL, markc("limit", "Full from")),
            ),
            RuleWords(
                Rule.BATTERY_STUCK,
                markc("alert rule", "Battery not moving"),
                mark("The battery does nothing for hours, although it could."),
            ),
        ),
    ),
    (
        markc("settings section", "Portal and account"),
        (
            RuleWords(
                Rule.PORTAL,
                markc("alert rule", "GoodWe out of reach"),
                mark("For a long time no answer comes from the portal."),
                LimitWords(
                    Limit.PORTAL,
                    markc("limit", "Tell after"),
                    LEAST_PORTAL_MINUTES,
                    MOST_PORTAL_MINUTES,
                    markc("unit", "min"),
                ),
            ),
            RuleWords(
                Rule.SIGN_IN,
                markc("alert rule", "Sign-in needed"),
                mark("GoodWe does not accept the account any more."),
            ),
        ),
    ),
)
