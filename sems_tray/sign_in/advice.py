"""What the sign-in window says: of a trouble what to do, and where the icon is."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from sems_tray.domain.failures import Action, FailureCause, mishap
from sems_tray.domain.failures import words as trouble_words
from sems_tray.domain.model import DeviceState
from sems_tray.domain.poll_result import Trouble
from sems_tray.domain.wording import state_word
from sems_tray.i18n import formatting
from sems_tray.i18n.language import mark, tr

if TYPE_CHECKING:
    from datetime import timedelta

    from sems_tray.domain.model import Station
    from sems_tray.domain.poll_result import PollFailed


# Constants are marked here and translated where they are shown.
WELCOME = mark("Welcome to SEMS Tray")
ABOUT = mark(
    "See what your GoodWe solar station is doing, from the corner of your screen."
)
# Translators: the title of a window that asks for the account.
AGAIN = mark("Sign in")
AGAIN_ABOUT = mark("SEMS Tray uses this account from now on.")
VISITOR = mark(
    "A visitor account is best: it can look but not change anything, and it does not"
    " sign you out of the phone app."
)
STEPS = (
    mark(
        "1. In the SEMS app or portal, open your station's settings and add a visitor,"
        " with an e-mail address that has no SEMS account yet."
    ),
    mark(
        "2. Sign in once with it, in the app or the portal: choose a password there and"
        " accept the user agreement."
    ),
    mark("3. Come back and sign in here with that address."),
)
ASKING = mark("Asking GoodWe …")
LISTING = mark("Signed in. Looking for your stations …")
STOPPED = mark("Stopped. Nothing was kept.")
DEMO_STARTS = mark(
    "The demo is starting: look for a second icon in the tray. It ends with Quit in"
    " its menu."
)
DEMO_FAILED = mark(
    "The demo could not be started from here. In a terminal, type: sems-tray --demo"
)
NO_STATION = mark(
    "This account sees no station. In the SEMS app or portal, add it to your station"
    " as a visitor."
)
_INNOCENT = mark("Your password is not the cause.")
_HOTSPOT = mark(
    "A guest Wi-Fi or company network may want you to sign in first: open any page in"
    " your web browser, do what it asks, then try again."
)
# The client's words for an answer that was not GoodWe's, or may not have been.
_NOT_GOODWE = {
    "a web page instead of data": mark(
        "A web page came back instead of GoodWe's answer."
    ),
    "redirected to another host": mark(
        "The answer led to another address than GoodWe's."
    ),
    FailureCause.UNVERIFIED: mark(
        "Something between this computer and GoodWe spoils the secure connection."
    ),
}
_OURS = "an error in SEMS Tray itself"
_CHECK = mark(
    "Check account and password for typing mistakes, or try them on GoodWe's own page."
)
_WAIT = mark("This need not be the password. Wait a minute, then try again.")
_TEXTS = {
    Trouble.AGREEMENT: mark(
        "GoodWe answered without a key. Sign in once on the SEMS portal or app, accept"
        " the user agreement (or change a weak password there), then try again."
    ),
    Trouble.MFA: mark(
        "This account asks for a second step at sign-in, which a program in the tray"
        " cannot do. Use a visitor account without it."
    ),
    Trouble.NO_STATION: NO_STATION,
    Trouble.OFFLINE: mark(
        "This computer has no network connection. Connect it, then try again."
    ),
}
# What is wrong, the same with the {detail} that is known, and what to do.
_SENTENCES = {
    Trouble.CLOCK: (
        mark("This computer's clock is far from GoodWe's."),
        # Translators: {detail} is "it is 3 h behind".
        mark("This computer's clock is far from GoodWe's: {detail}."),
        mark("Set its date, time and time zone right, then try again."),
    ),
    Trouble.UNREACHABLE: (
        mark("GoodWe's service cannot be reached right now."),
        mark("GoodWe's service cannot be reached right now ({detail})."),
        mark("Try again in some minutes."),
    ),
    Trouble.PORTAL_CHANGED: (
        mark("It answers differently than this version knows."),
        mark("It answers differently than this version knows ({detail})."),
        mark("Look for a newer version of SEMS Tray."),
    ),
}
_UNREADABLE = (
    mark("GoodWe's service sent something that cannot be read."),
    mark("GoodWe's service sent something that cannot be read ({detail})."),
    mark("Try again later."),
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Advice:
    """A trouble while signing in: what it is, and what to do about it.

    ``wait`` is how long GoodWe wants to be left alone; ``portal`` whether a visit to
    its web page helps.
    """

    title: str
    text: str
    wait: timedelta | None = None
    portal: bool = False


def advice(failed: PollFailed) -> Advice:
    """Return what to say of a sign-in that failed; the portal's own words included.

    Only the portal may blame the password: what it does not say is not said here.
    """
    known = trouble_words(failed.trouble)
    return Advice(
        title=known.title,
        text=_text(failed),
        wait=failed.retry_after if failed.trouble is Trouble.THROTTLED else None,
        portal=failed.trouble is Trouble.REFUSED or known.action is Action.OPEN_PORTAL,
    )


def _text(failed: PollFailed) -> str:
    trouble, key = failed.trouble, formatting.one_line(failed.detail)
    if key in _NOT_GOODWE:
        return f"{tr(_NOT_GOODWE[key])} {tr(_HOTSPOT)}"
    if trouble is Trouble.UNREACHABLE and key == FailureCause.PROXY_SILENT:
        return tr(
            "The proxy that this system names does not answer. Look at the system's"
            " network settings, then try again."
        )
    if key == _OURS and trouble is not Trouble.UNREACHABLE:
        return tr("Something went wrong in SEMS Tray itself. Please report it.")
    text = _TEXTS.get(trouble)
    return tr(text) if text is not None else _with_detail(trouble, mishap(key))


def _with_detail(trouble: Trouble, detail: str) -> str:
    """Return whole sentences, with what is known more closely."""
    match trouble:
        case Trouble.REFUSED:
            said = _said(detail) or tr("GoodWe gave no reason.")
            return f"{said} {tr(_CHECK)}"
        case Trouble.SIGN_IN:
            said = _said(detail) or tr("GoodWe did not let this sign-in pass.")
            return f"{said} {tr(_WAIT)}"
        case Trouble.THROTTLED:
            said = tr("GoodWe's service says it was asked too often.")
            return f"{said} {tr(_INNOCENT)}"
    bare, detailed, then = _SENTENCES.get(trouble, _UNREADABLE)
    said = tr(detailed).format(detail=detail) if detail else tr(bare)
    return f"{said} {tr(then)} {tr(_INNOCENT)}"


def _said(detail: str) -> str:
    """Return the portal's own words; "" if it has none."""
    if not detail:
        return ""
    if detail[-1] in ".!?":
        return tr("GoodWe says: “{words}”").format(words=detail)
    return tr("GoodWe says: “{words}”.").format(words=detail)


def station_name(station: Station) -> str:
    """Return what a list calls a station."""
    return formatting.name(station.name) or station.id


def station_line(station: Station) -> str:
    """Return "9.9 kWp · running", as far as it is known."""
    size = station.capacity_kwp
    known = station.state is not DeviceState.UNKNOWN
    parts = (
        "" if size is None else f"{formatting.plain(size)} kWp",
        state_word(station.state) if known else "",
    )
    return " · ".join(it for it in parts if it)


def where_the_icon_is(platform: str, desktop: str, *, has_tray: bool) -> str:
    """Return where to look for the icon; ``desktop`` as in XDG_CURRENT_DESKTOP."""
    if platform == "win32":
        return tr(
            "Look near the clock. Windows 11 may hide it behind the small arrow (^)"
            " there: drag it from there to the taskbar to see it always."
        )
    if platform == "darwin":
        return tr("Look in the menu bar, at the top of the screen.")
    if not has_tray:
        return tr(
            "This desktop shows no tray icons, so a window opens instead. On GNOME,"
            " the AppIndicator extension adds a tray."
        )
    if "gnome" in desktop.lower().split(":"):
        return tr("Look in the top bar, at its right end. A click opens the window.")
    return tr(
        "Look in the panel, near the clock; if it is not there, behind the panel's"
        " small arrow. A click opens the window."
    )
