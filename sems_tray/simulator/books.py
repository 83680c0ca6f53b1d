"""The plant's own books, for tests to compare with what clients show."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta

from sems_tray.simulator.station.energy import Energy
from sems_tray.simulator.station.income import income
from sems_tray.simulator.station.ledger import Powers
from sems_tray.simulator.station.plant import day_start
from sems_tray.simulator.station.site import Live, Site

from .world import World


@dataclass(frozen=True, slots=True)
class Books:
    """What truly happened, without the portal's quirks. Stations by id, else first."""

    world: World

    @property
    def station_ids(self) -> tuple[str, ...]:
        """The account's stations."""
        return tuple(site.spec.station_id for site in self.world.sites)

    def site(self, station_id: str | None = None) -> Site:
        """Return one station."""
        if station_id is None:
            return self.world.sites[0]
        found = self.world.site(station_id)
        if found is None:
            raise KeyError(station_id)
        return found

    def live(self, station_id: str | None = None) -> Live:
        """Return what the station reported last."""
        return self.site(station_id).live(self.world.now())

    def day(self, day: date, station_id: str | None = None) -> Energy:
        """Return the energies of a local date, up to now if it is today."""
        return self.between(day, day, station_id)

    def today(self, station_id: str | None = None) -> Energy:
        """Return the energies since local midnight."""
        site = self.site(station_id)
        return self.day(site.today(self.world.now()), station_id)

    def between(self, first: date, last: date, station_id: str | None = None) -> Energy:
        """Return the energies of local dates, both inclusive, up to now."""
        site = self.site(station_id)
        now = self.world.now().replace(second=0, microsecond=0)
        return site.ledger.span(first, last, now)

    def total(self, station_id: str | None = None) -> Energy:
        """Return everything since the station was created."""
        site = self.site(station_id)
        today = site.ledger.local_day(self.world.now())
        return self.between(site.ledger.first_day, today, station_id)

    def income_today(self, station_id: str | None = None) -> float:
        """Return today's money."""
        return income(self.site(station_id), self.today(station_id))

    def minutes(
        self, day: date, station_id: str | None = None
    ) -> list[tuple[datetime, Powers]]:
        """Return the powers of each minute of a local date, times in UTC."""
        site = self.site(station_id)
        at = day_start(site.spec.place, day)
        end = day_start(site.spec.place, day + timedelta(days=1))
        rows = []
        while at < end:
            rows.append((at, site.powers(at)))
            at += timedelta(minutes=1)
        return rows
