"""The envelope around every reply, and what its code means.

Facts, section 0: judge a reply by ``code``, never by its text, ``hasError`` or HTTP
status; a body without ``code`` is no success.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, TypeVar

import msgspec

from sems_tray.domain.failures import FailureCause
from sems_tray.domain.poll_result import Trouble
from sems_tray.i18n.language import mark
from sems_tray.portal.errors import (
    NoDataError,
    PathGoneError,
    PortalError,
    SessionExpiredError,
    unreadable,
)
from sems_tray.portal.http.failures import blocked
from sems_tray.portal.http.transport import http_date

from .values import Leaf, exact, text

if TYPE_CHECKING:
    from sems_tray.portal.http.transport import Reply


T = TypeVar("T")

_SUCCESS = frozenset({"0", "00000"})
THROTTLED = "GY0429"
# 100001 and 100002 are classic, the others the gateway's (facts, section 4).
EXPIRED = frozenset({"100001", "100002", "C0602", "C0607", "Z0100", "A0301"})
PARAMETERS = frozenset({"100004", "100000"})  # "parameter_error", "ver is not fund"
_NO_ACCESS = frozenset({"100025", "innerexception"})

_MOST_WAIT = timedelta(hours=1)
_SERVER_ERROR = 500


class _Body(msgspec.Struct):
    code: Leaf = None
    data: msgspec.Raw = msgspec.Raw(b"null")
    msg: Leaf = None
    description: Leaf = None
    errorMsg: Leaf = None
    translationCode: Leaf = None
    error_msg: Leaf = None
    api: Leaf = None


class _Rows(msgspec.Struct):
    list: msgspec.Raw = msgspec.Raw(b"null")


@dataclass(frozen=True, slots=True, kw_only=True)
class Envelope:
    """A reply's code, its words for people, and its data, still unread."""

    code: str
    words: str
    data: msgspec.Raw
    api: str
    date: datetime | None

    @property
    def ok(self) -> bool:
        """Whether the portal says success."""
        return self.code in _SUCCESS


def open_envelope(reply: Reply) -> Envelope:
    """Open any reply, successful or not.

    Raises PortalError: throttled, unreachable (5xx, HTML, empty), portal_changed (404)
    or unreadable.
    """
    _check_status(reply)
    content = reply.body.removeprefix(b"\xef\xbb\xbf").strip()
    if not content:
        raise PortalError(Trouble.UNREACHABLE, mark("an empty reply"))
    if content.startswith(b"<"):
        raise blocked(FailureCause.WEB_PAGE)
    body = read(content, _Body)
    code = _code(body.code)
    if not code:
        if "404" in text(body.error_msg):
            raise PathGoneError
        raise unreadable(mark("a reply without a code"))
    if code == THROTTLED:
        raise throttled(reply)
    return Envelope(
        code=code,
        words=_words(body),
        data=body.data,
        api=exact(body.api),
        date=reply.date,
    )


def _check_status(reply: Reply) -> None:
    """Raise PortalError where the HTTP status says all that there is to say."""
    match reply.status:
        case 429:
            raise throttled(reply)
        case 404 | 405 | 410:
            raise PathGoneError
        case 407:  # a proxy's; for https it comes as a failed tunnel
            raise blocked(FailureCause.PROXY_SIGN_IN)
        case 511:  # "Network Authentication Required": RFC 6585, section 6
            raise blocked(FailureCause.SIGN_IN_PAGE)
        case status if status >= _SERVER_ERROR:
            raise PortalError(
                Trouble.UNREACHABLE, f"HTTP {status}", retry_after=retry_after(reply)
            )


def data_of(envelope: Envelope) -> msgspec.Raw:
    """Return a successful reply's data.

    Raises SessionExpiredError, or PortalError for every other code.
    """
    code = envelope.code
    if envelope.ok:
        return envelope.data
    if code in EXPIRED:
        raise SessionExpiredError(envelope.words)
    if code in _NO_ACCESS:
        raise PortalError(Trouble.NO_STATION, envelope.words)
    if code in PARAMETERS:
        raise PortalError(Trouble.PORTAL_CHANGED, envelope.words)
    raise unreadable(envelope.words)


def read(raw: bytes | msgspec.Raw, kind: type[T]) -> T:
    """Read JSON into a wire struct; raises PortalError (unreadable)."""
    try:
        return msgspec.json.decode(raw, type=kind, strict=False)
    except msgspec.ValidationError as exc:
        # msgspec names the path and the types, never the values.
        raise unreadable(str(exc)) from None
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError):
        raise unreadable(mark("broken JSON")) from None


def read_rows(raw: bytes | msgspec.Raw, row: type[T]) -> list[T] | None:
    """Read rows that come bare or in an object's ``list``; None for none at all."""
    if not bytes(raw).lstrip().startswith(b"["):
        raw = (read_if_any(raw, _Rows) or _Rows()).list
    return read(raw, list[row] | None)  # type: ignore[arg-type,valid-type] # a runtime type


def read_data(raw: bytes | msgspec.Raw, kind: type[T], lacking: str) -> T:
    """Read a success's data; null, {} and [] are a success without data: ``lacking``.

    That is marked for translation.
    """
    found = read_if_any(raw, kind)
    if found is None:
        raise NoDataError(lacking)
    return found


def read_if_any(raw: bytes | msgspec.Raw, kind: type[T]) -> T | None:
    """Read data that may be null, {}, [] or "": None where the portal has none."""
    nothing = {b"null", b"{}", b"[]", b'""'}
    if bytes(raw).translate(None, b" \t\r\n") in nothing:
        return None
    return read(raw, kind)


def throttled(reply: Reply) -> PortalError:
    """Return the trouble that asks for a pause."""
    return PortalError(Trouble.THROTTLED, retry_after=retry_after(reply))


def retry_after(reply: Reply) -> timedelta | None:
    """Read ``Retry-After``: seconds or a date, at most an hour (facts, section 2)."""
    words = reply.retry_after.strip()
    if re.fullmatch(r"[0-9]{1,9}(\.[0-9]*)?", words):
        wait = timedelta(seconds=float(words))
    else:
        until = http_date(words)
        if until is None:
            return None
        wait = until - (reply.date or datetime.now(UTC))
    return min(max(wait, timedelta(seconds=1)), _MOST_WAIT)


def _code(leaf: Leaf) -> str:
    if isinstance(leaf, float) and leaf.is_integer():
        leaf = int(leaf)
    return text(leaf)


def _words(body: _Body) -> str:
    """Return the portal's own words, shortened: the first text that is not empty."""
    found = (body.msg, body.description, body.errorMsg, body.translationCode)
    return next((words for leaf in found if (words := text(leaf))), "")[:200]
