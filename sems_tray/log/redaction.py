"""Take out of a text what tells who or where somebody is.

It goes further than what is said to the owner needs: logs and diagnostics are shown to
strangers.  Better a harmless word too many than one serial number.
"""

from __future__ import annotations

import re
from html import escape
from ipaddress import ip_address
from urllib.parse import quote, quote_plus

MASK = "•••"
# A long text without a blank would keep the patterns busy; who logs one made a mistake.
_HEAD, _TAIL = 3_000, 5_000
_CUT = "\n[…]\n"

_URL = re.compile(
    r"(?i)\b([a-z][a-z0-9+.-]*://)([^\s/?#'\"<>]*)([^\s?#'\"<>]*)[^\s'\"<>]*"
)
_QUERY = re.compile(r"\?[\w.%\[\]-]+=[^\s'\"<>)]*")
_HOME = re.compile(r"(?i)(?:/home|/users)/[^/\s'\"]+|\b[a-z]:\\+users\\+[^\\/'\"\n]+")
_MAIL = re.compile(r"[^\s@<>\"'(),;:=]+(?:@|%40)[^\s@<>\"'(),;:=]+")
_BEARER = re.compile(r"(?i)\b(bearer|basic)\s+\S+")
# A label and its value: in JSON, in the repr of a dataclass, in a sentence.
_LABEL = re.compile(
    r"(?i)(?<![a-z])((?:[a-z]+[ _-]?)?(?:sn|serial(?:[ _-]?(?:no|number))?|accounts?"
    r"|user(?:[ _-]?name)?|e?-?mail|phone|mobile|address|addr|location|city|street"
    r"|lat|latitude|lon|lng|long|longitude|station[ _-]?(?:id|name)|pw_?id"
    r"|power_?station_?id|owner|token|pwd|password|secret|cookie|uid))"
    r"([\"']?\s?[:=]\s*)"
    r"(\"[^\"\n]*\"?|'[^'\n]*'?|[^\s,;&}\])]+)"
)
_NAMED = re.compile(r"\b(id|name|sn)(=|[\"']:\s*)(\"[^\"\n]*\"|'[^'\n]*')")
_UUID = re.compile(
    r"(?i)(?<![0-9a-z])[0-9a-f]{7,8}-[0-9a-fx]{4}(?:-[0-9a-fx]{4})*(?:-[0-9a-f]{8,12})?"
    r"(?![0-9a-z])"
)
# GoodWe's have 16 characters, four digits and more among them (9010KETU...).
_SERIAL = re.compile(
    r"(?<![A-Za-z0-9])(?!\d{8}T\d{6})(?=(?:[A-Za-z]*[0-9]){4})[A-Za-z0-9]{10,}"
    r"(?![A-Za-z0-9])"
)
_PLACE = re.compile(r"[-+]?\d{1,3}\.\d{3,}°?\s*[NS]?\s*[,;/ ]\s*[-+]?\d{1,3}\.\d{3,}")
_DEGREES = re.compile(r"\d{1,3}°\s?\d{1,2}['\u2032].{0,12}?[NSEWO]\b")
_IPV4 = re.compile(r"(?<![\d.])\d{1,3}(?:\.\d{1,3}){3}(?![\d.]*\d)")
_IPV6 = re.compile(r"(?<![\w:])[0-9A-Fa-f:]*:[0-9A-Fa-f:]*(?:\d{1,3}(?:\.\d{1,3}){3})?")
_MAC = re.compile(r"(?i)(?<![\w:])[0-9a-f]{2}(?:[:-][0-9a-f]{2}){5}(?![\w:])")
_PHONE = re.compile(r"\+\d[\d ()/-]{7,}\d")
_WORD = r"[A-ZÀ-ÖØ-ÞŁŚŻČŠŽ][\w'\u2019.-]*"
_STREETS = (
    # Solarstraße 12, Zonneweg 5a
    re.compile(
        r"\b[\w'\u2019-]*(?:stra(?:ß|ss)e|str\.|weg|laan|straat|gasse|allee|plein|gracht|kade"
        r"|ulice|dijk)\s+\d+\s?[a-z]?\b",
        re.IGNORECASE,
    ),
    # 12 Solar Street
    re.compile(
        rf"\b\d+[a-z]?,?\s+(?:{_WORD}\s+){{1,3}}"
        r"(?:Street|St|Road|Rd|Avenue|Ave|Lane|Ln|Drive|Dr|Close|Way|Court|Place)\b\.?"
    ),
    # 12 rue de la Paix, Via Roma 10, Calle Mayor 5, Rua das Flores 3, ul. Polna 3
    re.compile(
        r"(?i)(?:\b\d+(?: ?(?:bis|ter))?,?\s+)?\b(?:rue|avenue|boulevard|chemin|via"
        r"|viale|piazza|calle|avenida|plaza|rua|travessa|ulica|ul\.)\s+"
        rf"(?:(?:de|des|du|la|le|del|da|das|do|dos|della)\s+)*(?-i:{_WORD})"
        rf"(?:\s(?-i:{_WORD}))*(?:,?\s+\d+\s?[a-z]?\b)?"
    ),
    re.compile(r"\b\d{4} [A-Z]{2}\b"),  # a Dutch post code
)


def mask(text: str) -> str:
    """Return the text without persons, devices, places and addresses of any kind."""
    text = _URL.sub(_without_query, _shortened(text))
    text = _QUERY.sub(f"?{MASK}", text)
    text = _HOME.sub("~", text)
    text = _LABEL.sub(rf"\1\2{MASK}", text)
    text = _NAMED.sub(rf"\1\2{MASK}", text)
    text = _BEARER.sub(rf"\1 {MASK}", text)
    for pattern in (_MAIL, _UUID, _SERIAL, _PLACE, _DEGREES, _MAC, _PHONE, *_STREETS):
        text = pattern.sub(MASK, text)
    for pattern in (_IPV4, _IPV6):
        text = pattern.sub(_without_address, text)
    return text


def _without_query(found: re.Match[str]) -> str:
    """Keep scheme, host and path of an address; users and queries are private."""
    scheme, host, path = found[1], found[2].rpartition("@")[2], found[3]
    rest = found[0][len(found[1]) + len(found[2]) + len(path) :]
    return f"{scheme}{host}{path}" + (f"?{MASK}" if rest else "")


def _without_address(found: re.Match[str]) -> str:
    return MASK if _is_address(found[0]) else found[0]


def _is_address(text: str) -> bool:
    """Say whether it is an address, a colon of the sentence's behind it or not."""
    for word in {text, text.removesuffix(":")} - {"", ":", "::"}:
        try:
            ip_address(word)
        except ValueError:
            continue
        return True
    return False


def _shortened(text: str) -> str:
    """Leave out the middle of a long text, from blank to blank: no half secrets."""
    if len(text) <= _HEAD + _TAIL:
        return text
    head = re.split(r"\s+(?=\S*\Z)", text[:_HEAD])
    tail = re.split(r"\A\S*\s+", text[-_TAIL:])
    return (
        (head[0] if len(head) > 1 else "") + _CUT + (tail[1] if len(tail) > 1 else "")
    )


# Take what is secret or personal out of a text before it is shown or logged.


_SHORTEST = 3
_PATTERNS = (
    re.compile(r"[\w.+-]+@[\w-]+(?:\.[\w-]+)+"),  # e-mail addresses
    re.compile(
        r"(?i)(token|pwd|password|authorization|x-signature)([\"']?\s*[:=]\s*)"
        r"(\"[^\"]*\"|'[^']*'|[^\s,;&}]+)"
    ),
    re.compile(r"\b[0-9a-fA-F]{8}(?:-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}\b"),
    re.compile(r"\b[A-Z0-9]{13,20}\b"),  # serial numbers
    re.compile(r"[A-Za-z0-9+]{32,}={0,2}"),  # digests, tokens: no word is that long
)


def redact(text: str, secrets: frozenset[str] = frozenset()) -> str:
    """Return the text with known secrets, tokens, serials and addresses masked."""
    spellings = {it for secret in secrets for it in _spellings(secret)}
    for secret in sorted(spellings, key=len, reverse=True):
        if len(secret) >= _SHORTEST:
            text = _without_end(text.replace(secret, MASK), secret)
    for pattern in _PATTERNS:
        text = pattern.sub(
            lambda found: f"{found[1]}{found[2]}{MASK}" if found.re.groups else MASK,
            text,
        )
    return text


def _spellings(secret: str) -> tuple[str, ...]:
    """Return how a portal may repeat a secret; ours collapse blanks, see envelope."""
    plain = " ".join(secret.split())
    try:
        return secret, plain, escape(plain), quote(plain, safe=""), quote_plus(plain)
    except UnicodeEncodeError:  # surrogates of an odd environment variable
        return secret, plain, escape(plain)


def _without_end(text: str, secret: str) -> str:
    """Mask a secret that the text's own length limit cut off."""
    for length in range(len(secret) - 1, _SHORTEST - 1, -1):
        if text.endswith(secret[:length]):
            return text[:-length] + MASK
    return text
