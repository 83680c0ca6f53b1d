"""The alert rules in words: what each watches, and the limit that belongs to it."""

from __future__ import annotations

from dataclasses import dataclass

from sems_tray.core.alerts.values import Rule
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
        "Station",
        (
            RuleWords(
                Rule.DEVICE_FAULT,
                "Device fault",
                "An inverter or another device reports a fault.",
            ),
            RuleWords(
                Rule.NEW_ALARM, "New alarm", "The portal lists an alarm that is active."
            ),
            RuleWords(
                Rule.GRID_LOST,
                "Grid lost",
                "The station is cut off from the grid. It passes quiet hours.",
            ),
            RuleWords(
                Rule.SILENT,
                "Station silent",
                "By daylight no new figures come, while GoodWe can be reached.",
            ),
            RuleWords(
                Rule.NO_PRODUCTION,
                "No production",
                "In good daylight the panels give nothing.",
            ),
        ),
    ),
    (
        "Battery",
        (
            RuleWords(
                Rule.BATTERY_LOW,
                "Battery low",
                "The charge falls below a limit.",
                _percent(Limit.LOW, "Low below"),
            ),
            RuleWords(
                Rule.BATTERY_CRITICAL,
                "Battery critical",
                "The charge falls so far that little is left for the night.",
                _percent(Limit.CRITICAL, "Critical below"),
            ),
            RuleWords(
                Rule.BATTERY_FULL,
                "Battery full",
                "The charge reaches a limit: a good time for the washing machine.",
                _percent(Limit.FULL, "Full from"),
            ),
            RuleWords(
                Rule.BATTERY_STUCK,
                "Battery not moving",
                "The battery does nothing for hours, although it could.",
            ),
        ),
    ),
    (
        "Portal and account",
        (
            RuleWords(
                Rule.PORTAL,
                "GoodWe out of reach",
                "For a long time no answer comes from the portal.",
                LimitWords(
                    Limit.PORTAL,
                    "Tell after",
                    LEAST_PORTAL_MINUTES,
                    MOST_PORTAL_MINUTES,
                    "min",
                ),
            ),
            RuleWords(
                Rule.SIGN_IN,
                "Sign-in needed",
                "GoodWe does not accept the account any more.",
            ),
        ),
    ),
)
