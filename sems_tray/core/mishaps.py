"""What the client says of a call that failed, in the language spoken.

A detail is English where it is made, for the log and for helpers: it is the key to
what is shown.  The portal's own words and what nobody knows here stay as they are.
"""

from __future__ import annotations

import re

from .language import mark, tr
from .words import labelled

# Translators: why GoodWe was not reached; in brackets, at the end of a sentence.
_KNOWN = frozenset(
    {
        mark("the network asks for a sign-in first"),
        mark("a web page instead of data"),
        mark("the secure connection could not be verified"),
        mark("the certificate is not valid at this time"),
        mark("the trusted certificates cannot be read"),
        mark("the name cannot be looked up"),
        mark("the proxy does not answer"),
        mark("the proxy asks for a password"),
        mark("the proxy does not let this through"),
        mark("the proxy does not get through"),
        mark("the proxy answers oddly"),
        mark("the proxy setting cannot be used"),
        mark("SOCKS proxies are not supported"),
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
    off = _clock_off(detail)
    if off is not None:
        length, behind = off
        text = tr("it is {length} behind") if behind else tr("it is {length} ahead")
        return text.format(length=length)
    known, _, more = detail.partition(": ")
    if known not in _KNOWN:
        return detail
    return labelled(tr(known), more) if more else tr(known)


def _clock_off(detail: str) -> tuple[str, bool] | None:
    """Return by how much this computer's clock is wrong, and whether it is behind."""
    found = _OFF.fullmatch(detail)
    return None if found is None else (found["length"], found["way"] == "behind")
