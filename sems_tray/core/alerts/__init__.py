"""Notifications that are right: what is wrong, when it is over, when to be silent.

``step`` folds each outcome of a poll into an ``AlertState`` and says what to announce;
``deliver`` says what of it is shown now.  Both are pure.
"""

from .codec import from_json, to_json
from .delivery import (
    Close,
    Delivery,
    Keep,
    Outbox,
    Show,
    deliver,
    given,
    outbox_from_json,
    outbox_to_json,
)
from .engine import step
from .silence import (
    EVERY_DAY,
    Acknowledged,
    QuietHours,
    Reason,
    Shown,
    Silence,
    Silenced,
    acknowledge,
    due,
    renewed,
    silence_from_json,
    silence_to_json,
)
from .state import ACCOUNT, AlertState, Topic, problems, restored
from .values import AlertRules, Context, Kind, Level, Notice, Rule, Withdrawal
from .wording import described

__all__ = [
    "ACCOUNT",
    "EVERY_DAY",
    "Acknowledged",
    "AlertRules",
    "AlertState",
    "Close",
    "Context",
    "Delivery",
    "Keep",
    "Kind",
    "Level",
    "Notice",
    "Outbox",
    "QuietHours",
    "Reason",
    "Rule",
    "Show",
    "Shown",
    "Silence",
    "Silenced",
    "Topic",
    "Withdrawal",
    "acknowledge",
    "deliver",
    "described",
    "due",
    "from_json",
    "given",
    "outbox_from_json",
    "outbox_to_json",
    "problems",
    "renewed",
    "restored",
    "silence_from_json",
    "silence_to_json",
    "step",
    "to_json",
]
