"""Fetch the feed of this program's releases: no token, no account, no cookie."""

from __future__ import annotations

from http import HTTPStatus
from typing import TYPE_CHECKING

from .errors import PortalError
from .transport import HttpTransport, Request

if TYPE_CHECKING:
    from .transport import Transport


def fetch_feed(address: str, transport: Transport | None = None) -> bytes | None:
    """Return the feed's bytes; None if it cannot be had now.

    A transport of its own: nothing that the portal gave goes there.
    """
    transport = transport or HttpTransport()
    try:
        reply = transport.send(
            Request(
                method="GET",
                url=address,
                headers={"Accept": "application/atom+xml, application/xml;q=0.9"},
            )
        )
    except PortalError:
        return None
    finally:
        transport.rest()
    return reply.body if reply.status == HTTPStatus.OK else None
