"""Take what is secret or personal out of a text before it is shown or logged."""

from __future__ import annotations

import re

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
)


def redact(text: str, secrets: frozenset[str] = frozenset()) -> str:
    """Return the text with known secrets, tokens, serials and addresses masked."""
    for secret in sorted(secrets, key=len, reverse=True):
        if len(secret) >= _SHORTEST:
            text = text.replace(secret, _MASK)
    for pattern in _PATTERNS:
        text = pattern.sub(
            lambda found: f"{found[1]}{found[2]}{_MASK}" if found.re.groups else _MASK,
            text,
        )
    return text
