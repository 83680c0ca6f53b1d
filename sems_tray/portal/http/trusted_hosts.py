"""Which hosts may hear the token, and where the two dialects live.

Facts, section 2: the host named in a login reply must be checked before the token is
sent there.
"""

from __future__ import annotations

import ipaddress
import os
import re
from dataclasses import dataclass
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from sems_tray.domain.credentials import known_region

if TYPE_CHECKING:
    from urllib.parse import SplitResult


_GOODWE = ("semsportal.com", "goodwe.com", "sems.com.cn")
# Letters, digits, dots and dashes, or an IPv6 address: whatever else stands in a host
# is read differently by different URL parsers.
_HOST = re.compile(r"[a-z0-9](?:[a-z0-9.-]*[a-z0-9])?|[0-9a-f:.]+")
_REGION = re.compile(r"[a-z]{2,6}")

SEMSPLUS_SIGN_IN = "https://semsplus.goodwe.com/web/sems"
_REGIONAL = "https://{region}-semsplus.goodwe.com/web/sems"
CLASSIC_SIGN_IN = "https://www.semsportal.com/api"

# requests knows the first two, OpenSSL the others; the most particular one counts.
_CERTIFICATES = (
    "REQUESTS_CA_BUNDLE",
    "CURL_CA_BUNDLE",
    "SSL_CERT_FILE",
    "SSL_CERT_DIR",
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Certificates:
    """Whom the owner wants trusted: a file or folder, and the variable's name."""

    name: str
    path: str


def own_certificates() -> Certificates | None:
    """Return the environment's certificates, or None for those that we bring along."""
    for name in _CERTIFICATES:
        path = os.environ.get(name, "")
        if name == "SSL_CERT_DIR":  # OpenSSL takes several; the HTTP stack takes one
            folders = [it for it in path.split(os.pathsep) if it]
            path = next(filter(os.path.isdir, folders), path)
        if path:
            return Certificates(name=name, path=path)
    return None


def _split(url: str) -> SplitResult | None:
    """Take a plain http(s) URL apart; None for any other.

    A backslash or an "@" before the path makes URL parsers disagree about the host.
    """
    if any(ord(char) <= ord(" ") or char == "\\" for char in url):
        return None
    try:
        parts = urlsplit(url)
        parts.port  # noqa: B018 (a bad port raises only when read)
    except ValueError:
        return None
    usual = parts.scheme in {"http", "https"} and "@" not in parts.netloc
    return parts if usual and _HOST.fullmatch(parts.hostname or "") else None


def _split_base(url: str) -> SplitResult | None:
    """Take a URL apart behind which paths can be put; None for any other."""
    parts = _split(url)
    return None if parts is None or parts.query or parts.fragment else parts


def origin(url: str) -> tuple[str, str, int] | None:
    """Return (scheme, host, port), or None for what is no plain http(s) URL."""
    parts = _split(url)
    if parts is None:
        return None
    usual = 443 if parts.scheme == "https" else 80
    return parts.scheme, parts.hostname or "", parts.port or usual


def is_loopback(url: str) -> bool:
    """Say whether the URL's host can only be this computer."""
    host = (origin(url) or ("", "", 0))[1]
    if host == "localhost":
        return True
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False


def is_goodwe(url: str) -> bool:
    """Say whether the URL is https under one of GoodWe's own domains."""
    found = origin(url)
    return (
        found is not None
        and found[0] == "https"
        and any(found[1] == name or found[1].endswith(f".{name}") for name in _GOODWE)
    )


def check_portal(url: str) -> str:
    """Return ``--portal``'s URL without a trailing slash.

    Raises ``ValueError`` with a sentence for the owner: http is for loopback only.
    """
    text = url.strip().rstrip("/")
    parts = _split_base(text)
    if parts is None:
        # An address with a password in it is one of these: do not repeat it.
        shown = "" if "@" in url else f": {url!r}"
        raise ValueError(f"not an http or https address{shown}")
    if parts.scheme != "https" and not is_loopback(text):  # "HTTP:" is http too
        raise ValueError("http is allowed for this computer only; use https")
    return text


@dataclass(frozen=True, slots=True)
class Hosts:
    """Where both dialects sign in; ``portal`` replaces the hosts of both.

    ``region`` is whose SEMS+ is asked; an unknown one is GoodWe's address for all.
    """

    portal: str | None = None
    region: str = ""

    @property
    def semsplus(self) -> str:
        """The base under which SEMS+ signs in."""
        if self.portal:
            return f"{self.portal}/web/sems"
        region = known_region(self.region)
        # Facts, section 2: the regions' twins of the address for everybody.
        return _REGIONAL.format(region=region) if region else SEMSPLUS_SIGN_IN

    @property
    def classic(self) -> str:
        """The base under which the classic dialect signs in."""
        return f"{self.portal}/api" if self.portal else CLASSIC_SIGN_IN

    def gateway(self, region: str) -> str:
        """Return a region's SEMS+ base, for a login reply that names no ``api``."""
        if self.portal:
            return self.semsplus
        chosen = known_region(self.region) or "eu"
        code = region if _REGION.fullmatch(region) else chosen
        return f"https://{code}-gateway.semsportal.com/web/sems"

    def may_hear_token(self, url: str) -> bool:
        """Say whether the token may be sent to this URL (design, section 3)."""
        if _split_base(url) is None:
            return False
        if self.portal and not is_goodwe(self.portal):
            return origin(url) == origin(self.portal)
        return is_goodwe(url)
