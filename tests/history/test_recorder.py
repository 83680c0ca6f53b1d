"""The history's writer: readings, missed days, and the whole past, really fetched."""

from __future__ import annotations

import csv
from contextlib import closing
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest

from sems_tray.domain.credentials import Credentials, PortalChoice
from sems_tray.domain.energy import days_between
from sems_tray.domain.model import Dialect, EnergySums, Station
from sems_tray.domain.poll_result import PollFailed, PollSucceeded, Trouble
from sems_tray.history.backfill import Backfill, CatchUp
from sems_tray.history.plan import WHOLE
from sems_tray.history.recorder import HistoryRecorder
from sems_tray.history.transfer.export_model import Every, ExportRequest
from sems_tray.history.transfer.missing import part_of
from sems_tray.portal.request_queue import RequestCount
from sems_tray.runtime import jobs
from sems_tray.runtime.context import AppContext
from sems_tray.runtime.jobs import BackfillJobs
from sems_tray.runtime.network_services import NetworkServices
from sems_tray.runtime.options import Options
from sems_tray.runtime.portal_service import SignInAttempt
from sems_tray.simulator.simulator import Simulator
from sems_tray.simulator.station.income import income as of_books
from sems_tray.storage.history.reader import HistoryReader
from sems_tray.storage.paths import profile_paths
from sems_tray.storage.settings import Loaded, Settings
from sems_tray.window.transfer.exports import dates_not_fetched, write_export
from tests.kit.clock import Clock
from tests.kit.history_data import ZONE

NOW = datetime(2026, 6, 21, 10, tzinfo=UTC)
DIALECTS = ("semsplus", "classic")
HOUSE = Station(id="1", timezone="Europe/Amsterdam")


@pytest.fixture(autouse=True)
def clock(monkeypatch):
    made = Clock(NOW)
    for module in (
        *("runtime.context", "runtime.portal_service", "runtime.network_services"),
        *("history.local_reader", "window.transfer.exports"),
    ):
        monkeypatch.setattr(f"sems_tray.{module}.utc_now", made)
    return made


@pytest.fixture
def portal(clock):
    where = "Europe/Amsterdam"
    with Simulator(now=clock, place=where, limit_per_minute=None) as simulator:
        yield simulator


def made_services(portal, folder, dialect="semsplus"):
    options = Options(
        portal=portal.url, dialect=dialect, account="a@example.com", password="demo"
    )
    paths = profile_paths(folder)
    return NetworkServices(
        AppContext(options=options, paths=paths, loaded=Loaded(Settings()))
    )


@pytest.fixture(params=DIALECTS)
def services(request, portal, tmp_path):
    made = made_services(portal, tmp_path, request.param)
    yield made
    made.close()


@pytest.fixture
def reader(tmp_path):
    with HistoryReader(profile_paths(tmp_path).history) as reading:
        yield reading


def poll(services) -> PollSucceeded:
    outcome = services.portal.poll()
    assert isinstance(outcome, PollSucceeded), outcome
    assert jobs.record_poll(outcome).run(services) == ""
    return outcome


def is_requested(services) -> bool:
    return jobs.is_backfill_requested().run(services)


def to_the_end(services, part=WHOLE):
    """Fetch; return how far it was after each step."""
    found, begun = [], BackfillJobs(part)
    for _ in range(500):
        progress = begun.step().run(services)
        assert progress.failed is None, progress
        found.append(progress)
        if progress.finished:
            return found
    raise AssertionError("it never ends")


def young(portal, days: int) -> None:
    """Let the station be built so many days ago."""
    site = portal.world.sites[0]
    where = site.spec.place.timezone
    midnight = NOW.astimezone(where).replace(hour=0, minute=0)
    site.spec = replace(site.spec, created=midnight - timedelta(days=days))
    site.ledger.spec = site.spec


def test_the_days_requests_are_counted_over_restarts(portal, tmp_path, clock):
    wrong = SignInAttempt(
        Credentials(account="a@example.com", password="wrong"), PortalChoice()
    )
    for _ in range(2):
        services = made_services(portal, tmp_path)
        clock.at += timedelta(minutes=2)
        poll(services)
        services.portal.sign_in(wrong)
        outcome = services.portal.poll()
        assert outcome.requests_today == len(portal.requests)
        jobs.record_poll(outcome).run(services)
        services.close()
    clock.at += timedelta(days=1)
    before = len(portal.requests)
    services = made_services(portal, tmp_path)
    assert services.portal.poll().requests_today == len(portal.requests) - before
    services.close()


def test_a_process_that_has_kept_no_reading_yet_knows_what_is_kept(tmp_path):
    for count in (3, 6):
        requests = RequestCount()
        for _ in range(3):
            requests.add(NOW.astimezone().date())
        with closing(
            HistoryRecorder(tmp_path / "history.sqlite3", now=lambda: NOW)
        ) as recorder:
            recorder.save_request_count(requests)
        assert requests.on(NOW.astimezone().date()) == count


def test_days_when_nobody_listened_are_made_up_for(services, reader, portal, clock):
    station = poll(services).reading.station
    clock.at += timedelta(days=3)
    for _ in range(12):
        poll(services)
        clock.at += timedelta(minutes=2)
    days = {it.day: it for it in reader.days(station.id, date(2026, 6, 20), date.max)}
    for day in (date(2026, 6, 21), date(2026, 6, 22), date(2026, 6, 23)):
        assert days[day].final
        assert days[day].sums.pv_kwh == pytest.approx(
            portal.books.day(day).pv_kwh, abs=0.06
        )
        assert len(reader.day(station.id, day, ZONE)) > 100
    where = ZONE
    gaps = reader.gaps(station.id, date(2026, 6, 21), date(2026, 6, 23), where)
    assert gaps == ()


def test_a_finished_days_income_is_the_whole_days(services, reader, portal, clock):
    station = poll(services).reading.station  # at noon, and then the computer was off
    day = NOW.date()
    at_noon = reader.days(station.id, day, day)[0].sums.income
    clock.at = datetime(2026, 6, 21, 21, 50, tzinfo=UTC)
    earned = portal.books.income_today()
    assert earned > at_noon * 1.5
    clock.at = NOW + timedelta(days=1)
    for _ in range(6):
        poll(services)
        clock.at += timedelta(minutes=2)
    (found,) = reader.days(station.id, day, day)
    assert found.final
    assert found.sums.income == pytest.approx(earned, abs=0.1)
    asked = portal.count("/stations/production")
    for _ in range(3):
        poll(services)
        clock.at += timedelta(minutes=1)
    assert portal.count("/stations/production") - asked <= 3


def test_nothing_is_fetched_of_what_was_before_the_first_start(services, portal):
    poll(services)
    before = len(portal.requests)
    poll(services)
    assert len(portal.requests) - before <= 2


def test_the_whole_past_is_fetched_to_the_first_day(services, reader, portal):
    young(portal, days=25)
    station = poll(services).reading.station
    found = to_the_end(services)
    totals = [it.total for it in found if it.total is not None]
    assert max(totals) - min(totals) <= 31  # the first month's dates before it
    assert found[-1].done == found[-1].total
    first, yesterday = portal.books.site().ledger.first_day, date(2026, 6, 20)
    days = {it.day: it for it in reader.days(station.id, first, yesterday)}
    day = first
    while day <= yesterday:
        assert days[day].final
        assert days[day].sums.pv_kwh == pytest.approx(
            portal.books.day(day).pv_kwh, abs=0.06
        )
        day += timedelta(days=1)
    assert reader.gaps(station.id, first, yesterday, ZONE) == ()
    again = to_the_end(services)
    assert len(again) <= 2


def test_what_an_export_lacks_is_fetched_and_the_file_is_whole(
    services, portal, tmp_path
):
    young(portal, days=400)
    station = poll(services).reading.station
    chosen = ExportRequest(
        first=date(2026, 4, 20),
        last=date(2026, 6, 21),
        every="day",
        format="csv",
        path=tmp_path / "days.csv",
    )
    path = profile_paths(tmp_path).history
    yesterday = date(2026, 6, 20)
    lacking = dates_not_fetched(path, station, chosen)
    assert lacking == tuple(days_between(chosen.first, yesterday))
    progress = to_the_end(services, part_of(Every.DAY, chosen.first, chosen.last))[-1]
    # Three months; on SEMS+ what the last fortnight earned is a request a date.
    by_date = poll(services).reading.dialect is Dialect.SEMSPLUS
    assert progress.done == progress.total == 3 + by_date * 14
    assert not jobs.is_backfill_requested().run(
        services
    )  # the whole past is another matter
    assert dates_not_fetched(path, station, chosen) == ()
    said = write_export(path, station, chosen, lambda _: True)
    assert said == "days.csv: 63 rows written."
    rows = csv.DictReader(chosen.path.read_text(encoding="utf-8").splitlines())
    for row in list(rows)[:-1]:
        true = portal.books.day(date.fromisoformat(row["Date"])).pv_kwh
        assert float(row["PV (kWh)"]) == pytest.approx(true, abs=0.06)
        assert row["Final"] == "yes"
        if row["Income"]:
            assert float(row["Income"]) == pytest.approx(
                income(portal, row["Date"]), abs=0.1
            )
        assert bool(row["Income"]) or (by_date and row["Date"] < "2026-06-07")


def income(portal, day):
    """Return what the books say that a date earned."""
    return of_books(portal.books.site(), portal.books.day(date.fromisoformat(day)))


def test_a_back_fill_goes_on_where_it_ended_until_it_is_stopped(
    portal, tmp_path, services
):
    young(portal, days=8)
    poll(services)
    begun = BackfillJobs()
    for _ in range(5):
        begun.step().run(services)
    portal.fail("", "throttle", times=1)
    failed = begun.step().run(services).failed
    assert failed is not None
    assert failed.trouble is Trouble.THROTTLED
    services.close()
    asked = len(portal.requests)
    second = made_services(portal, tmp_path, "semsplus")
    assert not is_requested(second)  # before the first reading nobody knows
    poll(second)
    assert is_requested(second)
    jobs.give_up_backfill().run(second)
    assert not is_requested(second)
    to_the_end(second)
    assert not is_requested(second)
    dates = [it for it in portal.requests[asked:] if "statisticsAndPre" in it.path]
    assert len(dates) <= 8
    second.close()


class NoAnswers:
    """A portal that fails, whatever date it is asked for."""

    def __init__(self, trouble: Trouble) -> None:
        self.failed = PollFailed(trouble=trouble)
        self.asked: list[date] = []

    def day_curve(self, day):
        self.asked.append(day)
        return self.failed

    def income(self, day):
        raise AssertionError(day)

    def month(self, first):
        return self.day_curve(first)

    def year(self, year):
        raise AssertionError(year)


@pytest.fixture
def recorder(tmp_path, clock):
    """A history that has the totals of ten days, and no curves."""
    with closing(HistoryRecorder(tmp_path / "history.sqlite3", now=clock)) as made:
        for day in range(10, 21):
            made.history.put_day(HOUSE.id, date(2026, 6, day), EnergySums(pv_kwh=1))
            made.history.record_asked(HOUSE.id, "totals", date(2026, 6, day))
        made._save_backfill_state(HOUSE, first="2026-06-10")
        yield made


def test_one_odd_reply_does_not_end_the_way_back(recorder):
    walk = Backfill(recorder, HOUSE)
    odd = NoAnswers(Trouble.UNREADABLE)
    assert walk.step(odd).failed is None
    assert walk.step(odd).failed is None
    assert walk.step(odd).failed is not None
    assert odd.asked == [date(2026, 6, 20), date(2026, 6, 19), date(2026, 6, 18)]


def test_a_missed_day_that_fails_is_not_asked_for_again_before_tomorrow(
    recorder, clock
):
    down = NoAnswers(Trouble.UNREACHABLE)
    catch_up = CatchUp(recorder)
    for _ in range(20):
        catch_up.step(down, HOUSE)
    assert down.asked == [date(2026, 6, day) for day in range(20, 9, -1)]
    clock.at += timedelta(days=1)
    for _ in range(2):
        catch_up.step(down, HOUSE)
    assert down.asked[-2:] == [date(2026, 6, 1), date(2026, 6, 21)]
