"""Fetch the feed of this program's releases: no token, no account, no cookie."""

from __future__ import annotations

from http import HTTPStatus
from typing import TYPE_CHECKING

from sems_tray.portal.http.transport import HttpTransport, Request

from .errors import PortalError

if TYPE_CHECKING:
    from sems_tray.portal.http.transport import Transport


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
