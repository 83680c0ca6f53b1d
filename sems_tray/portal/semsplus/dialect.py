"""SEMS+ as the client sees it: how to sign in, and the pieces of a poll."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sems_tray.domain.model import Dialect

from . import calls, day_curve, flow, pieces, sign_in, stations, statistics

if TYPE_CHECKING:
    from collections.abc import Callable
    from datetime import date, datetime, tzinfo

    import msgspec

    from sems_tray.domain.credentials import Credentials
    from sems_tray.domain.energy import PeriodStatistics
    from sems_tray.domain.model import CurvePoint, EnergySums, Station
    from sems_tray.portal.dialect import Call, Poll
    from sems_tray.portal.http.transport import Request
    from sems_tray.portal.http.trusted_hosts import Hosts
    from sems_tray.portal.session import Session
    from sems_tray.portal.station_cache import StationCache
    from sems_tray.portal.wire.envelope import Envelope


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

    def urgent(self, before: StationCache, after: StationCache) -> frozenset[str]:
        """Return the pieces that a change of the live part makes due at once."""
        return flow.urgent(before, after)

    def day_curve(self, poll: Poll, day: date, zone: tzinfo) -> tuple[CurvePoint, ...]:
        """Return one day's powers, minute by minute."""
        raw = poll.ask(calls.day_curve(poll.station_id, day, zone))
        return day_curve.parse_curve(raw, zone)

    def income(self, poll: Poll, day: date) -> EnergySums:
        """Return what a date earned."""
        return statistics.income(poll, day)

    def month(self, poll: Poll, first: date, zone: tzinfo) -> PeriodStatistics:
        """Return the totals of a month's days, and of the month."""
        return statistics.month(poll, first, zone)

    def year(self, poll: Poll, year: int, zone: tzinfo) -> PeriodStatistics:
        """Return the totals of a year's months, and of the year."""
        return statistics.year(poll, year, zone)
