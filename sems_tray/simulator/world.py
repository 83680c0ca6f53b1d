"""All that both dialects share: the account's stations, the sessions, the options."""

import threading
import time
from collections import deque
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime

from sems_tray.simulator.station.site import Site

from .sessions import Sessions

RETRY_AFTER_S = 300


@dataclass(slots=True)
class World:
    """The portal's state. ``now`` is the simulated instant, always aware UTC."""

    now: Callable[[], datetime]
    url: str = ""
    scenario: str = "day"
    sites: tuple[Site, ...] = ()
    foreign_api: str | None = None
    login_reply: str = "ok"
    limit_per_minute: int | None = 240
    clock_tolerance_s: float | None = None
    sessions: Sessions = field(default_factory=lambda: Sessions(time.monotonic))
    _recent: deque[float] = field(default_factory=deque)
    _lock: threading.Lock = field(default_factory=threading.Lock)

    def site(self, station_id: object) -> Site | None:
        """Return a station of the account, or None."""
        return next((s for s in self.sites if s.spec.station_id == station_id), None)

    def site_of_device(self, sn: str, station_id: str = "") -> Site | None:
        """Return the station that a serial number belongs to, or None."""
        for site in self.sites:
            spec = site.spec
            owned = {i.sn for i in spec.inverters} | {spec.dongle_sn, spec.meter_sn}
            if spec.battery is not None:
                owned |= {spec.battery.sn, spec.battery.rack_sn}
            if sn in owned and station_id in ("", spec.station_id):
                return site
        return None

    def too_many(self) -> bool:
        """Count one request; say whether it is one too many this minute."""
        if self.limit_per_minute is None:
            return False
        with self._lock:
            now_s = time.monotonic()
            while self._recent and now_s - self._recent[0] > 60:
                self._recent.popleft()
            self._recent.append(now_s)
            return len(self._recent) > self.limit_per_minute

    def now_ms(self) -> int:
        """Return the simulated instant in milliseconds."""
        return int(self.now().astimezone(UTC).timestamp() * 1000)

    def api(self, base: str) -> str | None:
        """Return the ``api`` that a sign-in reply names; None: none at all."""
        if self.login_reply == "no-api":
            return None
        address = self.foreign_api or self.url + base
        return address.rstrip("/") + "/" * (
            self.login_reply == "trailing-slash" or base.endswith("/")
        )
