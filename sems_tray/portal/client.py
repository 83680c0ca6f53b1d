"""The client: one poll in, one outcome out; nothing is ever raised past it."""

from __future__ import annotations

import logging
from copy import copy
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from functools import partial
from typing import TYPE_CHECKING, TypeVar

from sems_tray.domain.lifetime_counters import settled
from sems_tray.domain.logger_clock import LoggerClock, after, words
from sems_tray.domain.model import Dialect, Lifetimes, Station
from sems_tray.domain.poll_result import PollFailed, PollSucceeded, Trouble
from sems_tray.domain.shown_reading import so_far
from sems_tray.domain.time_zones import counters_are_held, zone
from sems_tray.log.redaction import redact
from sems_tray.portal.classic.dialect import Classic
from sems_tray.portal.semsplus.dialect import SemsPlus
from sems_tray.portal.wire.envelope import data_of

from .assemble_reading import assemble, brought_up
from .dialect import PlanTime, Poll, stops_all
from .errors import DialectChangedError, PortalError, SessionExpiredError
from .plausibility import Bounds
from .poll_plan import PollPlan, PollRequest, PollRun
from .request_queue import RequestCount, RequestQueue
from .sign_in_policy import THROTTLED_WAIT, SignInPolicy
from .station_cache import StationCache

if TYPE_CHECKING:
    from collections.abc import Callable
    from datetime import date, tzinfo

    import msgspec

    from sems_tray.domain.energy import PeriodStatistics
    from sems_tray.domain.model import CurvePoint, EnergySums, Reading
    from sems_tray.domain.poll_result import PollOutcome
    from sems_tray.portal.http.transport import HttpTransport
    from sems_tray.portal.http.trusted_hosts import Hosts

    from .dialect import Call, DialectClient, Piece
    from .session import Session
    from .sign_in_policy import CredentialStore


T = TypeVar("T")

log = logging.getLogger(__name__)


# Daylight that nobody saw is looked for so finely, and no further back than a day.
_STEP, _MOST_STEPS = timedelta(minutes=20), 72


def _zone_by_name(station: Station, _: datetime) -> tzinfo | None:
    return zone(station.timezone)


def _no_lifetimes(_: str) -> Lifetimes:
    return Lifetimes()


class SemsClient:
    """Talks to the portal for one account. Lives in one thread."""

    def __init__(  # noqa: PLR0913
        self,
        *,
        transport: HttpTransport,
        hosts: Hosts,
        vault: CredentialStore,
        dialect: Dialect | None = None,
        station_id: str | None = None,
        now: Callable[[], datetime] = lambda: datetime.now(UTC),
        dark: Callable[[Station, datetime], bool | None] = lambda _, __: None,
        where: Callable[[Station, datetime], tzinfo | None] = _zone_by_name,
        behind: Callable[[str], timedelta] = lambda _: timedelta(),
        recall: Callable[[str], Lifetimes | None] = _no_lifetimes,
        sleep: Callable[[float], object] = lambda _: None,
        requests: RequestCount | None = None,
    ) -> None:
        self.requests = requests or RequestCount()
        self._queue = RequestQueue(
            transport=transport, now=now, sleep=sleep, requests=self.requests
        )
        self._now = now
        self._dark = dark
        self._where = where
        self._behind = behind
        self._recall = recall
        self._station_id = station_id
        self._dialects: dict[Dialect, DialectClient] = {
            Dialect.SEMSPLUS: SemsPlus(hosts),
            Dialect.CLASSIC: Classic(hosts),
        }
        self._policy = SignInPolicy(
            dialects=self._dialects,
            dialect=dialect,
            hosts=hosts,
            vault=vault,
            send=self._queue.send,
            now=now,
        )
        self._dialect: Dialect | None = None
        self._clock: LoggerClock | None = None
        self._reset()

    def fetch(self, request: PollRequest) -> PollOutcome:
        """Poll once."""
        return self._outcome(lambda: self._poll_or_leave(request))

    def stations(self) -> tuple[Station, ...] | PollFailed:
        """Return the account's stations."""
        return self._outcome(self._stations)

    def day_curve(self, day: date) -> tuple[CurvePoint, ...] | PollFailed:
        """Return one day's powers of the chosen station."""
        found = self._past(
            lambda dialect, poll, where: poll.bounds.curve(
                dialect.day_curve(poll, day, where)
            )
        )
        if isinstance(found, PollFailed):
            return found
        # Its points are stamped by the logger's clock, too.
        behind = self._logger_clock().behind
        return tuple(replace(it, at=it.at + behind) for it in found)

    def income(self, day: date) -> EnergySums | PollFailed:
        """Return what a date earned, where the month's rows do not tell."""
        return self._past(lambda dialect, poll, _: dialect.income(poll, day))

    def month(self, first: date) -> PeriodStatistics | PollFailed:
        """Return the totals of a month and of its days, of the chosen station."""
        return self._past(
            lambda dialect, poll, where: dialect.month(poll, first, where)
        )

    def year(self, year: int) -> PeriodStatistics | PollFailed:
        """Return the totals of a year and of its months, of the chosen station."""
        return self._past(lambda dialect, poll, where: dialect.year(poll, year, where))

    def choose(self, station_id: str | None) -> None:
        """Turn to another station; what is held of the old one is forgotten."""
        self._station_id = station_id
        self._reset()

    def beside(self, station_id: str) -> SemsClient:
        """Return a client for another station, on the same line and session."""
        other = copy(self)
        other.choose(station_id)
        return other

    def set_vault(self, vault: CredentialStore) -> None:
        """Keep secrets in another vault from now on."""
        self._policy.set_vault(vault)

    def _outcome(self, ask: Callable[[], T]) -> T | PollFailed:
        """Return what was asked for; once more if the dialect changed meanwhile."""
        try:
            self._policy.begin()
            try:
                return ask()
            except DialectChangedError:
                return ask()
        except PortalError as exc:
            return self._failed(exc)
        finally:
            self._queue.rest()

    def _poll_or_leave(self, request: PollRequest) -> PollSucceeded:
        try:
            return self._poll(request)
        except PortalError as exc:
            if request.is_other_station or not self._policy.leave(exc):
                raise
        return self._poll(request)

    def _stations(self) -> tuple[Station, ...]:
        session = self._policy.session()
        return self._dialects[session.dialect].stations(self._ask)

    def _past(self, ask: Callable[[DialectClient, Poll, tzinfo], T]) -> T | PollFailed:
        """Ask for what is over; dates in a wrong zone would lie: ask for that first."""

        def asked() -> T:
            dialect = self._ready_dialect()
            where = self._zone()
            if where is None:
                self._poll(PollRequest())
                where = self._zone() or UTC
            return ask(dialect, self._poll_of(), where)

        return self._outcome(asked)

    def _failed(self, exc: PortalError) -> PollFailed:
        throttled = exc.trouble is Trouble.THROTTLED
        return PollFailed(
            trouble=exc.trouble,
            detail=redact(exc.detail, self._policy.secrets),
            retry_after=exc.retry_after or (THROTTLED_WAIT if throttled else None),
            requests_today=self._queue.requests_today,
            nothing_sent=not self._queue.has_sent,
        )

    def _zone(self) -> tzinfo | None:
        station = self._cache.station
        return self._where(station, self._now()) if station else None

    def _logger_clock(self) -> LoggerClock:
        """Return the clock of the station's logger; at first as it was kept."""
        if self._clock is None:
            station = self._cache.station
            behind = self._behind(station.id) if station else timedelta()
            self._clock = LoggerClock(behind=behind)
        return self._clock

    def _compare_clock(self, now: datetime) -> None:
        """Compare the logger's clock with the portal's, by a report just read."""
        before, live = self._logger_clock(), self._cache.live
        stamp = live.measured_at if live else None
        self._clock = clock = after(before, stamp, now)
        if clock.behind != before.behind:
            log.info("the logger's clock is %s", words(clock.behind))

    def _reset(self) -> None:
        self._cache, self._plan = StationCache(), PollPlan()
        self._live_at: datetime | None = None
        self._clock = None
        self._lifetimes: Lifetimes | None = None
        self._refusing_paths: set[str] = set()

    def _ready_dialect(self) -> DialectClient:
        """Make sure of a session and a station; return the dialect."""
        session = self._policy.session()
        if session.dialect is not self._dialect:
            self._dialect = session.dialect
            self._reset()
        if self._cache.station is None:
            own = self._station_id
            station = Station(id=own) if own else self._stations()[0]
            self._cache = StationCache(station=station)
            self._station_id = station.id  # another dialect may list another first
        return self._dialects[session.dialect]

    def _poll_of(self) -> Poll:
        now = self._now() + self._queue.ahead
        station = self._cache.station or Station(id="")
        return Poll(
            ask=self._ask,
            station_id=station.id,
            now=now,
            holding=self._holds_counters(now),
            currency=self._cache.income.currency,
            bounds=Bounds(station.capacity_kwp),
            dark=lambda it: self._dark(it, now),
        )

    def _holds_counters(self, now: datetime) -> bool:
        live = self._cache.live
        at = self._logger_clock().corrected(live.measured_at) if live else None
        return counters_are_held(now, at, self._cache.zone)

    def _plan_time(self) -> PlanTime:
        now, station = self._now(), self._cache.station
        at = now + self._queue.ahead
        return PlanTime(
            now=now,
            today=at.astimezone(self._zone() or UTC).date(),
            cache=self._cache,
            dark=station is not None and self._dark(station, at) is True,
        )

    def _poll(self, request: PollRequest) -> PollSucceeded:
        dialect = self._ready_dialect()
        self._drop_earlier_day()
        run = PollRun()
        queue = self._plan.due(dialect.pieces, request, self._plan_time())
        asked = {piece.name for piece in queue}
        while queue:
            piece = queue.pop(0)
            before = self._cache
            self._fetch_piece(piece, run)
            # What is due anyway comes in its turn, and nothing is asked for twice.
            due = dialect.urgent(before, self._cache) - asked
            asked |= due
            queue = [*(it for it in dialect.pieces if it.name in due), *queue]
        poll = self._poll_of()
        reading = assemble(
            self._cache,
            dialect=dialect.name,
            received_at=self._now(),
            portal_ahead_s=self._queue.ahead.total_seconds(),
            clock=self._logger_clock(),
            stale=self._plan.stale_parts(dialect.pieces, holding=poll.holding),
            telemetry_is_new=run.telemetry_is_new,
        )
        self._cache = replace(self._cache, last_awake=reading.last_awake)
        dark_at = partial(self._dark, reading.station)
        reading = brought_up(self._settled(reading), self._cache)
        return PollSucceeded(
            reading=so_far(reading, poll.now, dark_at),
            pause=run.pause,
            requests_today=self._queue.requests_today,
        )

    def _drop_earlier_day(self) -> None:
        """Forget live power and counters if the sun has shone since, unseen.

        What rests in the dark would be yesterday's until the next morning.
        """
        since, now, station = self._live_at, self._now(), self._cache.station
        if since is None or station is None or not self._dark(station, now):
            return
        steps = min((now - since) // _STEP, _MOST_STEPS)
        if any(self._dark(station, now - n * _STEP) is False for n in range(1, steps)):
            self._cache = replace(self._cache, live=None, counters={})

    def _settled(self, reading: Reading) -> Reading:
        """Return the reading with the lifetimes that are believed.

        Without a look at what was kept of them the portal's stand for now.
        """
        known = self._lifetimes or self._recall(reading.station.id)
        if known is None:
            return reading
        reading = settled(known, reading)
        self._lifetimes = reading.lifetimes
        return reading

    def _fetch_piece(self, piece: Piece, run: PollRun) -> None:
        """Fetch one piece into what is held; raise only if it is essential."""
        poll = self._poll_of()
        if not piece.essential and (run.stopped or (piece.counters and poll.holding)):
            self._plan.postponed(piece)
            return
        try:
            self._cache, error = piece.fetch(poll, self._cache)
        except PortalError as exc:
            # What stops the poll before live power is there leaves no new reading.
            if piece.essential or (stops_all(exc) and not run.live_is_new):
                raise
            error = exc
        if error is None:
            self._plan.done(piece, self._plan_time())
            if piece.essential:
                self._live_at = self._now()
                self._compare_clock(poll.now)
            run.live_is_new |= piece.essential
            run.telemetry_is_new |= piece.telemetry
            return
        log.info("%s not renewed: %s", piece.name, error.trouble)
        run.record(error)
        self._plan.failed(piece, self._plan_time())

    def _ask(self, call: Call) -> msgspec.Raw:
        """Send one call and return its data; sign in again once for an old token."""
        session = self._policy.session()
        try:
            return self._data(session, call)
        except SessionExpiredError as exc:
            if call.path in self._refusing_paths and self._policy.is_accepted:
                raise PortalError(Trouble.SIGN_IN, exc.detail) from exc
            dialect, session = session.dialect, self._policy.renew(exc)
        if session.dialect is not dialect:
            raise DialectChangedError
        try:
            return self._data(session, call)
        except SessionExpiredError as exc:
            # This call may refuse tokens that others accept: it gets no new sign-in
            # again unless the others refuse them too.
            self._refusing_paths.add(call.path)
            raise PortalError(Trouble.SIGN_IN, exc.detail) from exc

    def _data(self, session: Session, call: Call) -> msgspec.Raw:
        dialect = self._dialects[session.dialect]
        data = data_of(self._queue.send(dialect.request(session, call, self._now())))
        self._policy.accepted()
        self._refusing_paths.discard(call.path)
        return data
