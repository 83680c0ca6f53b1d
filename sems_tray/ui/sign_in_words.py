"""What the sign-in window says: of a trouble what to do, and where the icon is."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from sems_tray.core import words
from sems_tray.core.model import DeviceState
from sems_tray.core.outcome import Trouble
from sems_tray.core.troubles import Action
from sems_tray.core.troubles import words as trouble_words

if TYPE_CHECKING:
    from datetime import timedelta

    from sems_tray.core.model import Station
    from sems_tray.core.outcome import Failed

WELCOME = "Welcome to SEMS Tray"
ABOUT = "See what your GoodWe solar station is doing, from the corner of your screen."
AGAIN = "Sign in"
AGAIN_ABOUT = "SEMS Tray uses this account from now on."
VISITOR = (
    "A visitor account is best: it can look but not change anything, and it does not"
    " sign you out of the phone app."
)
STEPS = (
    (
        "1. In the SEMS app or portal, open your station's settings and add a visitor,"
        " with an e-mail address that has no SEMS account yet."
    ),
    (
        "2. Sign in once with it, in the app or the portal: choose a password there and"
        " accept the user agreement."
    ),
    "3. Come back and sign in here with that address.",
)
ASKING = "Asking GoodWe …"
LISTING = "Signed in. Looking for your stations …"
STOPPED = "Stopped. Nothing was kept."
DEMO_STARTS = (
    "The demo is starting: look for a second icon in the tray. It ends with Quit in"
    " its menu."
)
DEMO_FAILED = (
    "The demo could not be started from here. In a terminal, type: sems-tray --demo"
)
NO_STATION = (
    "This account sees no station. In the SEMS app or portal, add it to your station"
    " as a visitor."
)
_INNOCENT = "Your password is not the cause."
_HOTSPOT = (
    "A guest Wi-Fi or company network may want you to sign in first: open any page in"
    " your web browser, do what it asks, then try again."
)
# The client's words for an answer that was not GoodWe's, or may not have been.
_NOT_GOODWE = {
    "a web page instead of data": "A web page came back instead of GoodWe's answer.",
    "redirected to another host": "The answer led to another address than GoodWe's.",
    "the secure connection could not be verified": (
        "Something between this computer and GoodWe spoils the secure connection."
    ),
}
_PROXY = "the proxy does not answer"
_OURS = "an error in SEMS Tray itself"
_CHECK = (
    "Check account and password for typing mistakes, or try them on GoodWe's own page."
)
_WAIT = "This need not be the password. Wait a minute, then try again."
_TEXTS = {
    Trouble.AGREEMENT: (
        "GoodWe answered without a key. Sign in once on the SEMS portal or app, accept"
        " the user agreement (or change a weak password there), then try again."
    ),
    Trouble.MFA: (
        "This account asks for a second step at sign-in, which a program in the tray"
        " cannot do. Use a visitor account without it."
    ),
    Trouble.NO_STATION: NO_STATION,
    Trouble.OFFLINE: (
        "This computer has no network connection. Connect it, then try again."
    ),
    Trouble.THROTTLED: f"GoodWe's service says it was asked too often. {_INNOCENT}",
}
_STATES = {
    DeviceState.RUNNING: "running",
    DeviceState.WAITING: "waiting",
    DeviceState.FAULT: "fault",
    DeviceState.OFFLINE: "offline",
    DeviceState.UNKNOWN: "",
}


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


def advice(failed: Failed) -> Advice:
    """Return what to say of a sign-in that failed; the portal's own words included.

    Only the portal may blame the password: what it does not say is not said here.
    """
    known = trouble_words(failed.trouble)
    detail = words.one_line(failed.detail)
    return Advice(
        title=known.title,
        text=_text(failed.trouble, detail),
        wait=failed.retry_after if failed.trouble is Trouble.THROTTLED else None,
        portal=failed.trouble is Trouble.REFUSED or known.action is Action.OPEN_PORTAL,
    )


def _text(trouble: Trouble, detail: str) -> str:
    if detail in _NOT_GOODWE or trouble is Trouble.UNREACHABLE:
        return _unreachable(detail)
    if detail == _OURS:
        return "Something went wrong in SEMS Tray itself. Please report it."
    text = _TEXTS.get(trouble)
    return text if text is not None else _with_detail(trouble, detail)


def _with_detail(trouble: Trouble, detail: str) -> str:
    match trouble:
        case Trouble.REFUSED:
            return f"{_said(detail, 'GoodWe gave no reason.')} {_CHECK}"
        case Trouble.SIGN_IN:
            refused = _said(detail, "GoodWe did not let this sign-in pass.")
            return f"{refused} {_WAIT}"
        case Trouble.CLOCK:
            found = detail.removeprefix("it is ")
            off = f": it is {found}" if found else ""
            return (
                f"This computer's clock is far from GoodWe's{off}. Set its date, time"
                f" and time zone right, then try again. {_INNOCENT}"
            )
        case Trouble.PORTAL_CHANGED:
            return (
                f"It answers differently than this version knows{_in_brackets(detail)}."
                f" Look for a newer version of SEMS Tray. {_INNOCENT}"
            )
        case _:
            return (
                "GoodWe's service sent something that cannot be read"
                f"{_in_brackets(detail)}. Try again later. {_INNOCENT}"
            )


def _unreachable(detail: str) -> str:
    if detail in _NOT_GOODWE:
        return f"{_NOT_GOODWE[detail]} {_HOTSPOT}"
    if detail == _PROXY:
        return (
            "The proxy that this system names does not answer. Look at the system's"
            " network settings, then try again."
        )
    return (
        f"GoodWe's service cannot be reached right now{_in_brackets(detail)}. Try"
        f" again in some minutes. {_INNOCENT}"
    )


def _said(detail: str, otherwise: str) -> str:
    if not detail:
        return otherwise
    return f"GoodWe says: “{detail}”{'' if detail[-1] in '.!?' else '.'}"


def _in_brackets(detail: str) -> str:
    return f" ({detail})" if detail else ""


def station_name(station: Station) -> str:
    """Return what a list calls a station."""
    return words.name(station.name) or station.id


def station_line(station: Station) -> str:
    """Return "9.9 kWp · running", as far as it is known."""
    size = station.capacity_kwp
    parts = ("" if size is None else f"{size:g} kWp", _STATES[station.state])
    return " · ".join(it for it in parts if it)


def is_lasting(kept: str) -> bool:
    """Say whether the password is still known at the next start."""
    return not kept.startswith("for this run only")


def kept_line(kept: str) -> str:
    """Return where the password is, and what that means for the next start."""
    why = kept.replace(" (", ", because ", 1).removesuffix(")")
    line = f"The password is kept {kept if is_lasting(kept) else why}."
    asked = " You will be asked for it at the next start."
    return line if is_lasting(kept) else line + asked


def where_the_icon_is(platform: str, desktop: str, *, has_tray: bool) -> str:
    """Return where to look for the icon; ``desktop`` as in XDG_CURRENT_DESKTOP."""
    if platform == "win32":
        return (
            "Look near the clock. Windows 11 may hide it behind the small arrow (^)"
            " there: drag it from there to the taskbar to see it always."
        )
    if platform == "darwin":
        return "Look in the menu bar, at the top of the screen."
    if not has_tray:
        return (
            "This desktop shows no tray icons, so a window opens instead. On GNOME,"
            " the AppIndicator extension adds a tray."
        )
    if "gnome" in desktop.lower().split(":"):
        return "Look in the top bar, at its right end. A click opens the window."
    return (
        "Look in the panel, near the clock; if it is not there, behind the panel's"
        " small arrow. A click opens the window."
    )
