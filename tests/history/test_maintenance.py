"""Looking after the history, and a disk that keeps nothing."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

import pytest

from sems_tray.domain.energy import (
    CurveStep,
    DayTotals,
    MonthStep,
    Period,
    PeriodStatistics,
    PeriodTotals,
    YearStep,
    days_between,
    month_end,
)
from sems_tray.domain.model import EnergySums, Station
from sems_tray.history.backfill import Backfill, fetch_and_store
from sems_tray.history.maintenance import HistoryWriteError, Maintenance, StoppedError
from sems_tray.history.plan import pause_after
from sems_tray.history.recorder import HistoryRecorder
from sems_tray.history.transfer.export_model import Every, ExportRange, Format
from sems_tray.history.transfer.exporter import export_file
from sems_tray.history.transfer.importer import import_file
from sems_tray.storage.history.store import History
from sems_tray.storage.paths import HISTORY
from sems_tray.window.transfer.view_model import past_words
from tests.kit.clock import Clock
from tests.kit.history_data import (
    HOME,
    MINUTE,
    NOON,
    ZONE,
    ZONE_NAME,
    filled,
    inverter,
    point,
    reading,
)

STATION = Station(id=HOME, name="Home", timezone=ZONE_NAME)
OLD = NOON - timedelta(days=500)


@pytest.fixture
def clock():
    return Clock(NOON)


def old_rows(recorder):
    rows = recorder.reader.iter_rows(HOME, OLD, NOON - timedelta(days=401))
    return sum(it.span_min == 1 for it in rows)


def test_a_program_that_never_runs_over_midnight_thins_too(tmp_path, clock):
    for day in range(2):
        clock.at = NOON + timedelta(days=day)
        recorder = HistoryRecorder(tmp_path / HISTORY, now=clock)
        recorder.record_reading(reading(clock.at))
        filled(recorder.history, 60, OLD + timedelta(days=day))
        assert old_rows(recorder) == 60
        clock.at += timedelta(minutes=6)
        recorder.record_reading(reading(clock.at))
        assert old_rows(recorder) == 0
        recorder.close()


def test_a_second_start_on_the_same_day_does_it_no_more(tmp_path, clock):
    for left in (0, 60):
        recorder = HistoryRecorder(tmp_path / HISTORY, now=clock)
        filled(recorder.history, 60, OLD + timedelta(days=left))
        clock.at += timedelta(minutes=6)
        recorder.record_reading(reading(clock.at))
        assert old_rows(recorder) == left
        recorder.close()


def test_long_thinning_is_done_a_slice_a_poll(tmp_path, clock):
    ticks = [0.0]

    def tick():
        ticks[0] += 0.4
        return ticks[0]

    with History(tmp_path / HISTORY, now=clock) as history:
        filled(history, 60 * 24 * 9, OLD)
        history.add(reading(NOON))
        upkeep = Maintenance(history, now=clock, stop=lambda: False, tick=tick)
        clock.at += timedelta(minutes=6)
        left = []
        for _ in range(8):
            upkeep.run_due()
            rows = history.reader.iter_rows(HOME, OLD, NOON)
            left.append(sum(it.span_min == 1 and it.at < NOON for it in rows))
    assert left[0] > left[1] > left[2] > 0
    assert left[-1] == 0


class Full:
    """A portal that counts what it is asked for."""

    def __init__(self):
        self.asked = 0

    def day_curve(self, day):
        self.asked += 1
        return (point(datetime(day.year, day.month, day.day, 12, tzinfo=UTC)),)

    def income(self, day):
        raise AssertionError(day)

    def month(self, first):
        self.asked += 1
        return PeriodStatistics(days=(DayTotals(day=first, sums=EnergySums(pv_kwh=1)),))

    def year(self, year):
        self.asked += 1
        return PeriodStatistics()


@pytest.fixture
def full(tmp_path, clock):
    recorder = HistoryRecorder(tmp_path / HISTORY, now=clock)
    recorder.record_reading(reading(NOON))
    filled(recorder.history, 300)
    recorder._save_backfill_state(STATION, first="2026-06-01")
    con = recorder.history._file.con
    assert con is not None
    pages = con.execute("PRAGMA page_count").fetchone()[0]
    con.execute(f"PRAGMA max_page_count={pages}")
    while recorder.history.add(reading(clock.at)):
        clock.at += timedelta(minutes=1)
    yield recorder
    recorder.close()


@pytest.mark.parametrize(
    "step", [CurveStep(date(2026, 6, 1)), MonthStep(date(2026, 6, 1))]
)
def test_nothing_is_fetched_that_cannot_be_kept(full, step):
    portal = Full()
    with pytest.raises(HistoryWriteError, match="the disk is full"):
        fetch_and_store(full, portal, STATION, step)
    assert portal.asked == 0


def test_the_way_back_waits_for_room_on_the_disk_and_says_so(full):
    portal = Full()
    progress = Backfill(full, STATION).step(portal)
    assert portal.asked == 0
    assert not progress.finished
    wait = pause_after(progress, timedelta(seconds=5))
    assert wait == timedelta(minutes=5)
    said = past_words(progress, wanted=True, wait=wait)
    assert "the disk is full" in said
    assert said.endswith("Goes on in 5 min.")


def zeros(*days):
    nothing = EnergySums(pv_kwh=0.0)
    return tuple(DayTotals(day=it, sums=nothing, final=True) for it in days)


class Snow(Full):
    """A roof under snow from the first of March on."""

    def month(self, first):
        days = (DayTotals(day=date(2026, 3, 3), sums=EnergySums(pv_kwh=2), final=True),)
        return PeriodStatistics(
            days=days, zeros=zeros(date(2026, 3, 1), date(2026, 3, 2))
        )


def test_days_without_energy_are_true_only_once_the_station_was_there(tmp_path, clock):
    recorder = HistoryRecorder(tmp_path / HISTORY, now=clock)
    march = MonthStep(date(2026, 3, 1))
    span = (HOME, date(2026, 3, 1), date(2026, 3, 31))
    fetch_and_store(recorder, Snow(), STATION, march)
    assert [it.day.day for it in recorder.reader.days(*span)] == [3]
    recorder.history.put_day(HOME, date(2026, 2, 20), EnergySums(pv_kwh=5))
    fetch_and_store(recorder, Snow(), STATION, march)
    assert [it.day.day for it in recorder.reader.days(*span)] == [1, 2, 3]
    recorder.close()


class PolarNight(Full):
    """A roof without a meter at 69 degrees north."""

    def month(self, first):
        days = zeros(*days_between(first, month_end(first)))
        nothing = EnergySums(pv_kwh=0.0)
        month = PeriodTotals(key=Period.MONTH.key(first), sums=nothing, final=True)
        return PeriodStatistics(zeros=days, zero_months=(month,))

    def year(self, year):
        (first,) = self.month(date(year, 1, 1)).zero_months
        some = EnergySums(pv_kwh=40.0)
        later = PeriodTotals(key=f"{year}-03", sums=some, final=True)
        return PeriodStatistics(months=(later,), zero_months=(first,))


def test_a_month_of_polar_night_is_0_once_the_station_was_there(tmp_path, clock):
    recorder = HistoryRecorder(tmp_path / HISTORY, now=clock)
    january = MonthStep(date(2026, 1, 1))

    def held():
        months = recorder.reader.periods(HOME, Period.MONTH, "2026-01", "2026-01")
        days = recorder.reader.days(HOME, date(2026, 1, 1), date(2026, 1, 31))
        return [(it.sums.pv_kwh, it.final) for it in months] + [
            (it.sums.pv_kwh, it.final) for it in days
        ]

    fetch_and_store(recorder, PolarNight(), STATION, january)
    fetch_and_store(recorder, PolarNight(), STATION, YearStep(2026))
    assert held() == []
    made = EnergySums(pv_kwh=300.0)
    recorder.history.put_period(HOME, Period.MONTH, "2025-09", made)
    fetch_and_store(recorder, PolarNight(), STATION, YearStep(2026))
    assert held() == [(0.0, True)]
    fetch_and_store(recorder, PolarNight(), STATION, january)
    assert held() == [(0.0, True)] * 32
    recorder.close()


def selected(every, first=date(2024, 1, 1)):
    return ExportRange(
        station=STATION,
        where=ZONE,
        every=every,
        first=first,
        last=date(2026, 6, 21),
        today=date(2026, 6, 21),
    )


@pytest.mark.parametrize("form", list(Format))
def test_an_export_can_be_stopped_at_any_day(tmp_path, form):
    file = tmp_path / "out"
    file.write_text("old")
    with History(tmp_path / HISTORY) as history:
        for n in range(10):
            filled(history, 30, NOON - timedelta(days=n))
        days = []

        def watch(day):
            days.append(day)
            return len(days) < 6

        with pytest.raises(StoppedError):
            export_file(history.reader, selected(Every.MINUTES), form, file, watch)
    assert len(days) == 6
    assert file.read_text() == "old"
    assert {it.name for it in tmp_path.iterdir() if it.suffix == ".part"} == set()


def test_the_head_names_the_inverters_of_the_range(tmp_path):
    file = tmp_path / "out.csv"
    with History(tmp_path / HISTORY) as history:
        heard = [inverter(f"SN{n}", 100 + n) for n in range(3)]
        history.add(reading(NOON, inverters=heard[:2]))
        history.add(reading(NOON + 10 * MINUTE, inverters=heard[1:2]))
        history.add(reading(NOON - timedelta(days=900), inverters=heard[2:]))
        for first, serials in (
            (date(2023, 1, 1), ["SN0", "SN1", "SN2"]),
            (date(2026, 1, 1), ["SN0", "SN1"]),
        ):
            chosen = selected(Every.MINUTES, first)
            export_file(history.reader, chosen, Format.CSV, file)
            head = file.read_text().splitlines()[0]
            assert [it for it in ("SN0", "SN1", "SN2") if it in head] == serials


def test_an_import_can_be_stopped_and_goes_on_later(tmp_path):
    file = tmp_path / "all.json"
    with History(tmp_path / "one" / HISTORY) as one:
        for n in range(5):
            filled(one, 30, NOON - timedelta(days=n))
        chosen = selected(Every.EVERYTHING)
        rows = export_file(one.reader, chosen, Format.JSON, file).rows
    with History(tmp_path / "two" / HISTORY) as two:
        asked = 0

        def stop():
            nonlocal asked
            asked += 1
            return asked > rows + 80

        with pytest.raises(StoppedError):
            import_file(two, file, stop=stop)
        assert 0 < import_file(two, file) < rows
        assert import_file(two, file) == 0
