"""The one table from a trouble to its words, its action and its exit code."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING

from .outcome import Trouble
from .words import one_line

if TYPE_CHECKING:
    from .outcome import Failed


class Action(StrEnum):
    """What a button beside a trouble does."""

    SIGN_IN = "sign_in"
    OPEN_PORTAL = "open_portal"
    RETRY = "retry"
    CHOOSE_STATION = "choose_station"


@dataclass(frozen=True, slots=True)
class TroubleWords:
    """A title for menus, a sentence for people, at most one action, an exit code."""

    title: str
    sentence: str
    action: Action | None
    exit_code: int


_TABLE: dict[Trouble, TroubleWords] = {
    Trouble.REFUSED: TroubleWords(
        "Sign-in refused",
        "GoodWe does not accept this account and password.",
        Action.SIGN_IN,
        3,
    ),
    Trouble.SIGN_IN: TroubleWords(
        "Sign-in needed", "Sign in with your SEMS account.", Action.SIGN_IN, 3
    ),
    Trouble.AGREEMENT: TroubleWords(
        "User agreement not accepted",
        "GoodWe answered without a key. Sign in once on the SEMS portal or app, accept "
        "the user agreement (or change a weak password there), then try again.",
        Action.OPEN_PORTAL,
        3,
    ),
    Trouble.MFA: TroubleWords(
        "Two-step verification",
        "This account asks for a second step at sign-in. "
        "Use a visitor account without it.",
        Action.SIGN_IN,
        3,
    ),
    Trouble.CLOCK: TroubleWords(
        "Computer clock is wrong",
        "GoodWe refuses sign-ins from a computer whose clock is far off. Set it right.",
        Action.RETRY,
        3,
    ),
    Trouble.NO_STATION: TroubleWords(
        "No such station",
        "This account has no station, or not the chosen one.",
        Action.CHOOSE_STATION,
        3,
    ),
    Trouble.OFFLINE: TroubleWords(
        "No network", "This computer has no network connection.", Action.RETRY, 4
    ),
    Trouble.UNREACHABLE: TroubleWords(
        "GoodWe does not answer",
        "GoodWe's service cannot be reached right now. Your inverter is not affected.",
        Action.RETRY,
        4,
    ),
    Trouble.PORTAL_CHANGED: TroubleWords(
        "GoodWe changed its service",
        "GoodWe's service answers differently than this version knows. "
        "Your password is not the cause; look for a newer version of SEMS Tray.",
        None,
        5,
    ),
    Trouble.UNREADABLE: TroubleWords(
        "Reply not understood",
        "GoodWe's service sent something that cannot be read.",
        Action.RETRY,
        5,
    ),
    Trouble.THROTTLED: TroubleWords(
        "GoodWe asks for a pause",
        "GoodWe's service says it was asked too often.",
        None,
        6,
    ),
}


def words(trouble: Trouble) -> TroubleWords:
    """Return the words for one trouble; every trouble has an entry."""
    return _TABLE[trouble]


def sentence(failed: Failed) -> str:
    """Return one line for the owner: our sentence, then the portal's own words."""
    text = words(failed.trouble).sentence
    detail = one_line(failed.detail)
    return f"{text} ({detail})" if detail else text
