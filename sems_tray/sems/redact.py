"""Take what is secret or personal out of a text before it is shown or logged."""

from __future__ import annotations

import re
from html import escape
from urllib.parse import quote, quote_plus

_MASK = "•••"
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
            text = _without_end(text.replace(secret, _MASK), secret)
    for pattern in _PATTERNS:
        text = pattern.sub(
            lambda found: f"{found[1]}{found[2]}{_MASK}" if found.re.groups else _MASK,
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
            return text[:-length] + _MASK
    return text
