"""From whatever the HTTP stack raised to the trouble that it means.

What stands between this computer and GoodWe (no network, a proxy, a hotel's sign-in
page) is told apart from GoodWe's own silence: the owner can do something about it.
"""

from __future__ import annotations

import re
import socket
import ssl
from http.client import RemoteDisconnected
from pathlib import Path
from typing import TYPE_CHECKING

import requests
from requests.utils import get_environ_proxies, select_proxy
from urllib3.exceptions import HTTPError, NewConnectionError, ProtocolError
from urllib3.exceptions import TimeoutError as StackTimeout

from sems_tray.domain.failures import FailureCause
from sems_tray.domain.poll_result import Trouble
from sems_tray.i18n.language import mark
from sems_tray.portal.errors import PortalError, unreadable

from .abortable_session import SocksError, TunnelError, WebPageError
from .trusted_hosts import is_goodwe, is_loopback, own_certificates

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from .trusted_hosts import Certificates


# http.client's and urllib3's words for a proxy that does not open the tunnel.
_TUNNEL = re.compile(r"^Tunnel connection failed: (\d{3})\b")
_SIGN_IN, _NETWORK_SIGN_IN = 407, 511
_REDIRECTS = range(300, 400)
_SERVER_ERROR = 500
# OpenSSL's X509_V_ERR_...: CERT_NOT_YET_VALID, CERT_HAS_EXPIRED, HOSTNAME_MISMATCH and
# IP_ADDRESS_MISMATCH.
_OUT_OF_DATE = frozenset({9, 10})
_ANOTHER_HOST = frozenset({62, 64})


def blocked(
    cause: FailureCause, more: object = "", *, slow: bool = False
) -> PortalError:
    """Return the error for something in the way; ``more`` names it."""
    detail = f"{cause}: {more}" if more else str(cause)
    return PortalError(Trouble.UNREACHABLE, detail, slow=slow)


def too_late() -> PortalError:
    """Return the error for a reply that was not complete by the deadline."""
    return PortalError(Trouble.UNREACHABLE, mark("the reply took too long"), slow=True)


def elsewhere(url: str, target: str) -> PortalError:
    """Return the error for a redirect that is not followed.

    Only GoodWe can send one over verified TLS.  Where anybody can answer (http), or a
    company's own certificates are trusted, a redirect off GoodWe's hosts is the
    network's sign-in page.
    """
    forgeable = url.startswith("http:") or own_certificates() is not None
    if forgeable and not is_loopback(url) and target and not is_goodwe(target):
        return blocked(FailureCause.SIGN_IN_PAGE)
    return PortalError(Trouble.PORTAL_CHANGED, mark("redirected to another host"))


def explain(exc: Exception, url: str, *, late: bool) -> PortalError | None:
    """Return what an exception means; None for one that is a fault of ours."""
    chain = tuple(_chain(exc))
    answered = _answered(exc, chain, url)
    if answered is not None and not late:
        return answered
    if not isinstance(exc, HTTPError | OSError):  # all of requests' own are OSErrors
        return too_late() if late else _odd(exc)
    status = _tunnel_status(chain)
    # A proxy on this very computer answers without any network.
    unheard = status is None or status >= _SERVER_ERROR
    if unheard and not is_loopback(url) and not has_route():
        return PortalError(Trouble.OFFLINE, slow=late)
    if status is not None:
        return _proxy_said(status)
    return _silent(exc, chain, late=late)


def is_hang_up(exc: Exception) -> bool:
    """Say whether the other side closed the connection before any reply."""
    gone = (RemoteDisconnected, ConnectionResetError, BrokenPipeError, ssl.SSLEOFError)
    return _holds(_chain(exc), gone)


def has_route() -> bool:
    """Say whether this computer has a route to the world; sends nothing.

    "Connecting" a datagram socket only asks the routing table.  The addresses are
    public resolvers: documentation addresses are unroutable on some machines.
    """
    for family, address in (
        (socket.AF_INET, "9.9.9.9"),
        (socket.AF_INET6, "2620:fe::fe"),
    ):
        try:
            with socket.socket(family, socket.SOCK_DGRAM) as probe:
                probe.connect((address, 9))
        except OSError:
            continue
        return True
    return False


def _chain(exc: BaseException) -> Iterator[BaseException]:
    """Yield an exception and all that it was made of, each once."""
    seen: set[int] = set()
    left = [exc]
    while left:
        it = left.pop(0)
        if id(it) in seen:
            continue
        seen.add(id(it))
        yield it
        kin = (*it.args, getattr(it, "reason", None), it.__cause__, it.__context__)
        left.extend(more for more in kin if isinstance(more, BaseException))


def _holds(
    chain: Iterable[BaseException], kinds: tuple[type[BaseException], ...]
) -> bool:
    return any(isinstance(link, kinds) for link in chain)


def _is_proxied(url: str) -> bool:
    if is_loopback(url):
        return False
    return bool(select_proxy(url, get_environ_proxies(url)))


def _answered(
    exc: Exception, chain: tuple[BaseException, ...], url: str
) -> PortalError | None:
    """Explain what happened although somebody answered, or before anybody could."""
    if _holds(chain, (SocksError,)):
        return blocked(FailureCause.SOCKS)
    if _holds(chain, (WebPageError,)):
        return blocked(FailureCause.PROXY_ODD)
    if isinstance(exc, requests.exceptions.ContentDecodingError):
        return unreadable(mark("the reply's compression is broken"))
    proxied = _is_proxied(url)
    address = (requests.exceptions.InvalidURL, requests.exceptions.InvalidSchema)
    if proxied and isinstance(exc, address):
        return blocked(FailureCause.PROXY_SETTING)
    return _insecure(exc, chain, proxied=proxied) if isinstance(exc, OSError) else None


def _insecure(
    exc: Exception, chain: tuple[BaseException, ...], *, proxied: bool
) -> PortalError | None:
    """Explain why there is no secure connection; None where that is not the matter."""
    for link in chain:
        if isinstance(link, ssl.SSLCertVerificationError):
            return blocked(_unverified(link.verify_code))
    cut = (ssl.SSLEOFError, ssl.SSLZeroReturnError, ConnectionError, TimeoutError)
    if _holds(chain, cut):
        return None
    certificates = own_certificates()
    if certificates is not None and not _can_be_read(certificates):
        return blocked(FailureCause.CERTIFICATES, certificates.name)
    if not _holds(chain, (ssl.SSLError,)):
        return None
    if isinstance(exc, requests.exceptions.ProxyError):  # "https://" before its name
        return blocked(FailureCause.PROXY_SETTING)
    return blocked(FailureCause.PROXY_ODD if proxied else FailureCause.UNVERIFIED)


def _unverified(code: int) -> FailureCause:
    if code in _OUT_OF_DATE:
        return FailureCause.OUT_OF_DATE
    return (
        FailureCause.SIGN_IN_PAGE if code in _ANOTHER_HOST else FailureCause.UNVERIFIED
    )


def _can_be_read(certificates: Certificates) -> bool:
    """Say whether TLS could use these, by trying; asked only after a failure."""
    path = Path(certificates.path)
    try:
        if path.is_dir():
            return True
        ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT).load_verify_locations(cafile=path)
    except OSError:  # an SSLError is one
        return False
    return True


def _tunnel_status(chain: tuple[BaseException, ...]) -> int | None:
    """Return the HTTP status with which a proxy refused to open the tunnel."""
    for link in chain:
        if isinstance(link, OSError) and (found := _TUNNEL.match(str(link))):
            return int(found[1])
    return None


def _proxy_said(status: int) -> PortalError:
    if status == _SIGN_IN:
        return blocked(FailureCause.PROXY_SIGN_IN)
    if status == _NETWORK_SIGN_IN or status in _REDIRECTS:
        return blocked(FailureCause.SIGN_IN_PAGE)
    cut = status >= _SERVER_ERROR
    cause = FailureCause.PROXY_CUT_OFF if cut else FailureCause.PROXY_REFUSES
    return blocked(cause, f"HTTP {status}")


def _silent(
    exc: Exception, chain: tuple[BaseException, ...], *, late: bool
) -> PortalError:
    """Explain an answer that did not come, or not as a whole."""
    slow = late or any(_is_timeout(it) for it in chain)
    if _holds(chain, (requests.exceptions.ProxyError, TunnelError)):
        return blocked(FailureCause.PROXY_SILENT, slow=slow)
    if _holds(chain, (socket.gaierror,)):
        return blocked(FailureCause.NO_NAMES, slow=slow)
    if late:
        return too_late()
    if slow or isinstance(exc, requests.exceptions.Timeout):
        return PortalError(Trouble.UNREACHABLE, mark("no answer in time"), slow=True)
    broke = (ProtocolError, ConnectionResetError, BrokenPipeError, ssl.SSLEOFError)
    if _holds(chain, broke):
        return PortalError(Trouble.UNREACHABLE, mark("the connection broke off"))
    return PortalError(Trouble.UNREACHABLE, mark("no connection"))


def _is_timeout(exc: BaseException) -> bool:
    # urllib3 derives "refused" from "timed out".
    timeout = isinstance(exc, StackTimeout | TimeoutError)
    return timeout and not isinstance(exc, NewConnectionError)


def _odd(exc: Exception) -> PortalError | None:
    if isinstance(exc, ValueError):  # a host or header that cannot be encoded
        return PortalError(Trouble.UNREACHABLE, mark("the address cannot be used"))
    return None
