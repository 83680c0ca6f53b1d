"""The one table from a trouble to its words, its action and its exit code."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from enum import StrEnum
from typing import TYPE_CHECKING

from sems_tray.i18n.formatting import labelled, one_line
from sems_tray.i18n.language import mark, tr

from .poll_result import Trouble

if TYPE_CHECKING:
    from .poll_result import PollFailed


# What Action.OPEN_PORTAL opens.
PORTAL_PAGE = "https://semsplus.goodwe.com"


class Action(StrEnum):
    """What a button beside a trouble does."""

    SIGN_IN = "sign_in"
    OPEN_PORTAL = "open_portal"
    RETRY = "retry"
    CHOOSE_STATION = "choose_station"
    SHOW_ALARMS = "show_alarms"


class FailureCause(StrEnum):
    """What stands in the way of GoodWe: a detail with a sentence of its own.

    A detail is one of these, or one and ": " and what names it more closely.
    """

    # Translators: why GoodWe was not reached; in brackets, at the end of a sentence.
    SIGN_IN_PAGE = mark("the network asks for a sign-in first")
    WEB_PAGE = mark("a web page instead of data")
    UNVERIFIED = mark("the secure connection could not be verified")
    OUT_OF_DATE = mark("the certificate is not valid at this time")
    CERTIFICATES = mark("the trusted certificates cannot be read")
    NO_NAMES = mark("the name cannot be looked up")
    PROXY_SILENT = mark("the proxy does not answer")
    PROXY_SIGN_IN = mark("the proxy asks for a password")
    PROXY_REFUSES = mark("the proxy does not let this through")
    PROXY_CUT_OFF = mark("the proxy does not get through")
    PROXY_ODD = mark("the proxy answers oddly")
    PROXY_SETTING = mark("the proxy setting cannot be used")
    SOCKS = mark("SOCKS proxies are not supported")


@dataclass(frozen=True, slots=True)
class TroubleWords:
    """A title for menus, a sentence for people, at most one action, an exit code."""

    title: str
    sentence: str
    action: Action | None
    exit_code: int


# Exit codes (design, section 9).
_OWNER, _PAUSE = 3, 6

_TABLE: dict[Trouble, TroubleWords] = {
    Trouble.REFUSED: TroubleWords(
        mark("Sign-in refused"),
        mark("GoodWe does not accept this account and password."),
        Action.SIGN_IN,
        3,
    ),
    Trouble.SIGN_IN: TroubleWords(
        mark("Sign-in needed"),
        mark("Sign in with your SEMS account."),
        Action.SIGN_IN,
        3,
    ),
    Trouble.AGREEMENT: TroubleWords(
        mark("User agreement not accepted"),
        mark(
            "GoodWe answered without a key. Sign in once on the SEMS portal or app, "
            "accept the user agreement (or change a weak password there), then try "
            "again."
        ),
        Action.OPEN_PORTAL,
        3,
    ),
    Trouble.MFA: TroubleWords(
        mark("Two-step verification"),
        mark(
            "This account asks for a second step at sign-in. "
            "Use a visitor account without it."
        ),
        Action.SIGN_IN,
        3,
    ),
    Trouble.CLOCK: TroubleWords(
        mark("Computer clock is wrong"),
        mark(
            "GoodWe refuses sign-ins from a computer whose clock is far off. "
            "Set it right."
        ),
        Action.RETRY,
        3,
    ),
    Trouble.NO_STATION: TroubleWords(
        mark("No such station"),
        mark("This account has no station, or not the chosen one."),
        Action.CHOOSE_STATION,
        3,
    ),
    Trouble.OFFLINE: TroubleWords(
        mark("No network"),
        mark("This computer has no network connection."),
        Action.RETRY,
        4,
    ),
    Trouble.UNREACHABLE: TroubleWords(
        mark("GoodWe does not answer"),
        mark(
            "GoodWe's service cannot be reached right now. "
            "Your inverter is not affected."
        ),
        Action.RETRY,
        4,
    ),
    Trouble.PORTAL_CHANGED: TroubleWords(
        mark("GoodWe changed its service"),
        mark(
            "GoodWe's service answers differently than this version knows. "
            "Your password is not the cause; look for a newer version of SEMS Tray."
        ),
        None,
        5,
    ),
    Trouble.UNREADABLE: TroubleWords(
        mark("Reply not understood"),
        mark("GoodWe's service sent something that cannot be read."),
        Action.RETRY,
        5,
    ),
    Trouble.THROTTLED: TroubleWords(
        mark("GoodWe asks for a pause"),
        mark("GoodWe's service says it was asked too often."),
        None,
        6,
    ),
}


_CAUSES: dict[FailureCause, str] = {
    FailureCause.SIGN_IN_PAGE: mark(
        "The network asks you to sign in first (hotel, train): "
        "open a web page, sign in there, then try again."
    ),
    FailureCause.WEB_PAGE: mark(
        "A web page came instead of GoodWe's data. The network may ask you "
        "to sign in first (hotel, train): open a web page to see. Otherwise GoodWe's "
        "service is being worked on."
    ),
    FailureCause.UNVERIFIED: mark(
        "The secure connection to GoodWe could not be verified, so "
        "nothing was sent. A network that asks you to sign in first, a company's proxy "
        "or a virus scanner may be in the way."
    ),
    FailureCause.OUT_OF_DATE: mark(
        "The secure connection to GoodWe has a certificate that is not "
        "valid at this computer's time, so nothing was sent. Check date and time."
    ),
    FailureCause.CERTIFICATES: mark(
        "The trusted certificates that are set for this computer are "
        "missing or cannot be read, so nothing was sent."
    ),
    FailureCause.NO_NAMES: mark(
        "This computer has a network, but GoodWe's address cannot be "
        "looked up. Check the internet connection (DNS)."
    ),
    FailureCause.PROXY_SILENT: mark(
        "The proxy that is set for this computer does not answer. "
        "Check the proxy settings and the network."
    ),
    FailureCause.PROXY_SIGN_IN: mark(
        "The proxy asks for a user name and password. Put them into "
        "the proxy setting: http://name:password@proxy:port."
    ),
    FailureCause.PROXY_REFUSES: mark("The proxy does not allow connections to GoodWe."),
    FailureCause.PROXY_CUT_OFF: mark(
        "The proxy answers, but cannot reach GoodWe right now."
    ),
    FailureCause.PROXY_ODD: mark(
        "The proxy answers with something else than a secure connection "
        "to GoodWe, so nothing was sent. Check the proxy settings."
    ),
    FailureCause.PROXY_SETTING: mark(
        "The proxy setting of this computer cannot be used. It should "
        "look like http://proxy:port."
    ),
    FailureCause.SOCKS: mark(
        "The proxy setting names a SOCKS proxy, which SEMS Tray cannot use. "
        "Set an http proxy (https_proxy)."
    ),
}


def words(trouble: Trouble) -> TroubleWords:
    """Return the words for one trouble; every trouble has an entry."""
    told = _TABLE[trouble]
    return replace(told, title=tr(told.title), sentence=tr(told.sentence))


def is_told_at_once(trouble: Trouble) -> bool:
    """Say whether the portal or the owner is asked for something.

    Anything else may be one lost reply.
    """
    return _TABLE[trouble].exit_code in {_OWNER, _PAUSE}


def sentence(failed: PollFailed) -> str:
    """Return one line for the owner: our sentence, then the portal's own words.

    What is known to be in the way speaks for itself, in place of the trouble.
    """
    text = words(failed.trouble).sentence
    detail = one_line(failed.detail)
    if failed.trouble is Trouble.UNREACHABLE:
        cause, _, rest = detail.partition(": ")
        if cause in _CAUSES:
            text, detail = tr(_CAUSES[FailureCause(cause)]), rest
    return f"{text} ({mishap(detail)})" if detail else text


# What the client says of a call that failed, in the language spoken.
#
# A detail is English where it is made, for the log and for helpers: it is the key to
# what is shown.  The portal's own words and what nobody knows here stay as they are.


# Translators: why GoodWe was not reached; in brackets, at the end of a sentence.
_KNOWN = frozenset(
    {
        *FailureCause,
        mark("no answer in time"),
        mark("no connection"),
        mark("the connection broke off"),
        mark("the address cannot be used"),
        mark("the reply took too long"),
        mark("an empty reply"),
        mark("a reply without a code"),
        mark("broken JSON"),
        mark("redirected in a circle"),
        mark("redirected to another host"),
        mark("sign-in names a host that is not trusted"),
        mark("the reply is larger than 4 MB"),
        mark("the reply's compression is broken"),
        mark("stopped"),
        mark("an error in SEMS Tray itself"),
        mark("another program seems to sign in with the same account"),
        mark("neither months nor years in the statistics"),
        mark("no data in the alarm list"),
        mark("no data in the device page"),
        mark("no data in the device states"),
        mark("no data in the energy chart"),
        mark("no data in the live power"),
        mark("no data in the monitor reply"),
        mark("no data in the production"),
        mark("no data in the station information"),
        mark("no data in the sign-in"),
        mark("no data in the station list"),
        mark("no data in the statistics"),
        mark("no data in the warning list"),
        mark("the path is gone"),
        mark("the portal changed its dialect"),
    }
)
_OFF = re.compile(r"it is (?P<length>.+) (?P<way>behind|ahead)")


def mishap(detail: str) -> str:
    """Return a detail as it is shown; what names it more closely stays."""
    off = _OFF.fullmatch(detail)
    if off is not None:
        is_behind = off["way"] == "behind"
        text = tr("it is {length} behind") if is_behind else tr("it is {length} ahead")
        return text.format(length=off["length"])
    known, _, more = detail.partition(": ")
    if known not in _KNOWN:
        return detail
    return labelled(tr(known), more) if more else tr(known)
