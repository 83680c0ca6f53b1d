"""SEMS+ as the client sees it: how to sign in, and the pieces of a poll."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sems_tray.core.model import Dialect

from . import calls, curve, past, pieces, sign_in, stations, urgency

if TYPE_CHECKING:
    from collections.abc import Callable
    from datetime import date, datetime, tzinfo

    import msgspec

    from sems_tray.core.credentials import Credentials
    from sems_tray.core.model import CurvePoint, EnergySums, Station
    from sems_tray.core.past import Past
    from sems_tray.sems.envelope import Envelope
    from sems_tray.sems.held import Held
    from sems_tray.sems.plan import Call, Poll
    from sems_tray.sems.session import Session
    from sems_tray.sems.transport import Request
    from sems_tray.sems.trust import Hosts


class SemsPlus:
    """The gateway that serves data today."""

    name = Dialect.SEMSPLUS
    pieces = pieces.PIECES

    def __init__(self, hosts: Hosts) -> None:
        self._hosts = hosts

    def sign_in(
        self,
        send: Callable[[Request], Envelope],
        credentials: Credentials,
        now: datetime,
    ) -> Session:
        """Try the password once, on one host."""
        request = sign_in.sign_in_request(self._hosts.semsplus, credentials, now)
        return sign_in.read_session(send(request), self._hosts, now)

    def request(self, session: Session, call: Call, now: datetime) -> Request:
        """Return the call as a request that carries the token."""
        return sign_in.call_request(session, call, now)

    def stations(self, ask: Callable[[Call], msgspec.Raw]) -> tuple[Station, ...]:
        """Return the account's stations, page by page."""
        return stations.list_stations(ask)

    def urgent(self, before: Held, after: Held) -> frozenset[str]:
        """Return the pieces that a change of the live part makes due at once."""
        return urgency.urgent(before, after)

    def day_curve(self, poll: Poll, day: date, zone: tzinfo) -> tuple[CurvePoint, ...]:
        """Return one day's powers, minute by minute."""
        raw = poll.ask(calls.day_curve(poll.station_id, day, zone))
        return curve.parse_curve(raw, zone)

    def income(self, poll: Poll, day: date) -> EnergySums:
        """Return what a date earned."""
        return past.income(poll, day)

    def month(self, poll: Poll, first: date, zone: tzinfo) -> Past:
        """Return the totals of a month's days, and of the month."""
        return past.month(poll, first, zone)

    def year(self, poll: Poll, year: int, zone: tzinfo) -> Past:
        """Return the totals of a year's months, and of the year."""
        return past.year(poll, year, zone)
