"""Exports of a real history, imported into another one."""

import io
import json
import os
import resource
import subprocess
import sys
import tempfile
from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from sems_tray.domain.energy import (
    HistoryRow,
    InverterSample,
    Period,
    ValueSource,
    days_between,
)
from sems_tray.domain.model import (
    Alarm,
    AlarmLevel,
    Energy,
    EnergySums,
    Powers,
    Station,
)
from sems_tray.history.plan import PAST
from sems_tray.history.transfer.export_model import (
    Every,
    ExportRange,
    ExportRequest,
    Format,
)
from sems_tray.history.transfer.exporter import (
    export,
    export_file,
    whole_file,
    with_not_fetched,
)
from sems_tray.history.transfer.import_format import BadExportError
from sems_tray.history.transfer.importer import import_file
from sems_tray.storage.history.database import StorageError
from sems_tray.storage.history.store import History
from sems_tray.storage.paths import HISTORY
from sems_tray.window.transfer.exports import write_export
from tests.kit.history_data import (
    EVER,
    HOME,
    MINUTE,
    NOON,
    ZONE,
    ZONE_NAME,
    inverter,
    point,
    reading,
)

DAY = date(2026, 6, 21)
CHECKOUT = Path(__file__).resolve().parents[3]


def selected(every, first=date(2024, 1, 1), last=DAY, station=None):
    return ExportRange(
        station=station or Station(id=HOME, name="Home", timezone=ZONE_NAME),
        where=ZONE,
        every=every,
        first=first,
        last=last,
        today=DAY,
    )


def exported(history, every, form=Format.JSON):
    out = io.BytesIO()
    stations = [it for it in history.reader.stations() if it.id == HOME]
    chosen = selected(every, station=stations[0] if stations else None)
    export(history.reader, chosen, form, out)
    return out.getvalue()


def all_of(history):
    """Return all that a reader can be told."""
    reader = history.reader
    return (
        reader.stations(),
        [
            replace(it, inverters=tuple(sorted(it.inverters, key=lambda one: one.sn)))
            for it in reader.iter_rows(HOME, *EVER)
        ],
        [reader.periods(HOME, period) for period in Period],
        reader.alarms(HOME),
    )


@pytest.fixture
def make(tmp_path):
    made = []

    def history(name):
        made.append(History(tmp_path / name / HISTORY))
        made[-1].open()
        assert not made[-1].message
        return made[-1]

    yield history
    for it in made:
        it.close()


@pytest.fixture
def old(make):
    """A history with a bit of everything in it, thinned rows included."""
    history = make("old")
    years_ago = NOON - timedelta(days=700)
    history.add_curve(
        HOME, [point(years_ago + n * MINUTE, pv_w=n, soc=n % 100) for n in range(90)]
    )
    for n in range(45):
        heard = (inverter("SN2", n), inverter("SN1", 2 * n, 41.5))[n % 2 :]
        assert history.add(
            reading(
                NOON + n * timedelta(seconds=100),
                pv_w=n * 7,
                grid_w=-n,
                today=10 + n / 10,
                inverters=heard,
            )
        )
    over = Alarm(id="a", name="Füse", level=AlarmLevel.FAULT, active=False, code="E1")
    energy = Energy(
        today=EnergySums(pv_kwh=20, income=3.5, currency="EUR"),
        month=EnergySums(pv_kwh=300),
        year=EnergySums(load_kwh=2000),
        total=EnergySums(pv_kwh=16851.1),
    )
    station = Station(
        id=HOME,
        name="Home",
        timezone=ZONE_NAME,
        capacity_kwp=10.1,
        latitude=52.1,
        longitude=4.9,
    )
    later = NOON + timedelta(hours=2)
    history.add(replace(reading(NOON), alarms=(replace(over, active=True),)))
    history.add(replace(reading(later), station=station, energy=energy, alarms=(over,)))
    history.put_day(HOME, DAY - timedelta(days=1), EnergySums(pv_kwh=31.234))
    history.put_period(HOME, Period.MONTH, "2026-05", EnergySums(pv_kwh=412.5))
    history.put_period(HOME, Period.YEAR, "2025", EnergySums(pv_kwh=4000))
    assert history.thin() > 0
    assert history.waiting == 0
    return history


def write(tmp_path, raw, name="export"):
    path = tmp_path / name
    path.write_bytes(raw)
    return path


def test_moving_house_loses_nothing(old, make, tmp_path):
    new = make("new")
    raw = exported(old, Every.EVERYTHING)
    assert import_file(new, write(tmp_path, raw)) > 50
    assert all_of(new) == all_of(old)
    for every in Every:
        assert exported(new, every) == exported(old, every)
    for every in (Every.MINUTES, Every.DAY, Every.MONTH):
        csv = exported(new, every, Format.CSV)
        assert csv == exported(old, every, Format.CSV)


def test_an_import_into_its_own_history_changes_nothing(old, tmp_path):
    before = all_of(old)
    for every in Every:
        path = write(tmp_path, exported(old, every))
        import_file(old, path)
        rest = (all_of(old)[0], all_of(old)[1], all_of(old)[3])
        assert rest == (before[0], before[1], before[3]), every
        assert exported(old, every) == path.read_bytes()
        assert import_file(old, path) == 0


def test_what_is_there_stays_and_what_is_missing_comes(make, tmp_path):
    one, two = make("one"), make("two")
    one.add(reading(NOON, pv_w=1000, load_w=400, today=5.0))
    one.add(reading(NOON + 5 * MINUTE, pv_w=1100))
    one.put_day(HOME, date(2026, 6, 1), EnergySums(pv_kwh=10, load_kwh=7))
    two.add(reading(NOON, pv_w=2000, load_w=None, today=4.0))
    two.put_day(HOME, date(2026, 6, 1), EnergySums(pv_kwh=20))
    import_file(two, write(tmp_path, exported(one, Every.EVERYTHING)))
    rows = list(two.reader.iter_rows(HOME, *EVER))
    assert [(it.power.pv_w, it.power.load_w) for it in rows] == [
        (2000, 400),
        (1100, 500),
    ]
    first, today = two.reader.days(HOME, date(2026, 6, 1), DAY)
    assert (first.sums.pv_kwh, first.sums.load_kwh) == (20, 7)
    assert (today.sums.pv_kwh, today.final) == (5, False)


def test_a_live_reading_later_goes_before_what_was_imported(make, tmp_path):
    one, two = make("one"), make("two")
    one.add_curve(HOME, [point(NOON, pv_w=9000)])
    import_file(two, write(tmp_path, exported(one, Every.EVERYTHING)))
    two.add(reading(NOON, pv_w=5))
    assert [it.power.pv_w for it in two.reader.iter_rows(HOME, *EVER)] == [5]


MOMENTS = st.integers(0, 3000).map(lambda n: NOON - timedelta(days=1) + n * MINUTE)
POINTS = st.lists(
    st.builds(
        HistoryRow,
        at=MOMENTS,
        power=st.builds(
            Powers,
            pv_w=st.none() | st.integers(0, 9000),
            grid_w=st.none() | st.integers(-9000, 9000),
        ),
        soc_percent=st.none() | st.integers(0, 1000).map(lambda n: n / 10),
        inverters=st.lists(
            st.builds(
                InverterSample, sn=st.sampled_from("abc"), power_w=st.integers(0, 99)
            ),
            max_size=2,
            unique_by=lambda it: it.sn,
        ).map(tuple),
    ),
    max_size=20,
    unique_by=lambda it: it.at,
)


@settings(max_examples=25)
@given(POINTS, POINTS, st.sampled_from([Every.MINUTES, Every.EVERYTHING]))
def test_any_two_histories_merge_and_merge_again(mine, theirs, every):
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        with (
            History(folder / "1" / HISTORY) as one,
            History(folder / "2" / HISTORY) as two,
        ):
            one.add_curve(HOME, theirs, source=ValueSource.LIVE)
            two.add_curve(HOME, mine, source=ValueSource.GUESSED)
            before = {it.at: it for it in two.reader.iter_rows(HOME, *EVER)}
            path = write(folder, exported(one, every))
            import_file(two, path)
            after = {it.at: it for it in two.reader.iter_rows(HOME, *EVER)}
            assert import_file(two, path) == 0
            assert {it.at: it for it in two.reader.iter_rows(HOME, *EVER)} == after
            for at, row in before.items():
                now = after[at]
                assert now.span_min == row.span_min
                assert row.power.pv_w in (None, now.power.pv_w)
                assert row.power.grid_w in (None, now.power.grid_w)
                assert row.soc_percent in (None, now.soc_percent)


def test_a_line_longer_than_any_of_ours_is_refused(make, tmp_path):
    raw = b'{"schema": 1, "program": "sems-tray", "every": "%s"\n' % (2_000_000 * b"x")
    with pytest.raises(BadExportError, match=r"^line 1: it is no export of SEMS Tray$"):
        import_file(make("new"), write(tmp_path, raw))


def test_nothing_of_an_export_cut_short_is_imported(old, make, tmp_path):
    new = make("new")
    raw = exported(old, Every.EVERYTHING)
    for share in range(1, 10):
        with pytest.raises(BadExportError):
            import_file(new, write(tmp_path, raw[: len(raw) * share // 10]))
    assert all_of(new)[0] == ()


def test_a_history_that_cannot_be_written_says_so(old, make, tmp_path):
    path = write(tmp_path, exported(old, Every.DAY))
    (tmp_path / "file").touch()
    with History(tmp_path / "file" / HISTORY) as nowhere, pytest.raises(StorageError):
        import_file(nowhere, path)


def test_months_are_exported_without_being_held_in_memory(tmp_path, make):
    """A child may use little more memory for months than for a week."""
    history = make("big")
    for n in range(60):
        start = NOON - timedelta(days=n)
        history.add_curve(
            HOME, [point(start + 5 * MINUTE * k, pv_w=k) for k in range(280)]
        )
    history.close()
    code = (
        "import resource, sys; from datetime import date; from pathlib import Path\n"
        "from tests.history.transfer.test_transfer import *\n"
        "from sems_tray.storage.history.reader import HistoryReader\n"
        "reader = HistoryReader(Path(sys.argv[1]))\n"
        "def peak(): return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss\n"
        "def save(first, form): export_file(reader, selected(Every.MINUTES, first),"
        " form, Path(sys.argv[2]))\n"
        "for form in Format: save(date(2026, 6, 14), form)\n"
        "before = peak()\n"
        "for form in Format: save(date(2026, 4, 1), form)\n"
        "print(peak() - before)\n"
    )
    done = subprocess.run(
        [sys.executable, "-c", code, tmp_path / "big" / HISTORY, tmp_path / "out"],
        cwd=CHECKOUT,
        capture_output=True,
        text=True,
        check=True,
    )
    assert (tmp_path / "out").read_bytes().count(b"\n") > 16_000
    assert int(done.stdout) < 4 * 1024  # KiB


def test_a_file_is_written_whole_or_not_at_all(tmp_path):
    path = tmp_path / "x.csv"
    path.write_text("old")
    path.chmod(0o640)

    def interrupted():
        with whole_file(path) as file:
            file.write(b"half")
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        interrupted()
    assert [it.name for it in tmp_path.iterdir()] == ["x.csv"]
    assert path.read_text() == "old"
    with whole_file(path) as file:
        file.write(b"new")
    assert path.read_text() == "new"
    assert path.stat().st_mode & 0o777 == 0o640
    assert [it.name for it in tmp_path.iterdir()] == ["x.csv"]


@pytest.mark.skipif(os.name == "nt", reason="links and limits are POSIX's")
def test_a_link_stays_a_link(tmp_path):
    (tmp_path / "real").write_text("old")
    link = tmp_path / "link"
    link.symlink_to("real")
    with whole_file(link) as file:
        file.write(b"new")
    assert link.is_symlink()
    assert (tmp_path / "real").read_text() == "new"


@pytest.mark.skipif(os.name == "nt", reason="links and limits are POSIX's")
def test_a_full_disk_leaves_the_old_file(old, tmp_path):
    path = tmp_path / "x.json"
    path.write_text("old")
    limits = resource.getrlimit(resource.RLIMIT_FSIZE)
    try:
        resource.setrlimit(resource.RLIMIT_FSIZE, (2000, limits[1]))
        with pytest.raises(OSError, match="large"):
            export_file(old.reader, selected(Every.EVERYTHING), Format.JSON, path)
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, limits)
    assert path.read_text() == "old"
    assert not list(tmp_path.glob(".*"))


def test_what_was_never_fetched_is_not_fetched(make):
    history = make("one")
    first, last = date(2026, 4, 1), date(2026, 6, 21)
    for day in range(1, 21):
        history.put_day(HOME, date(2026, 6, day), EnergySums(pv_kwh=1.0))
    history.record_asked(HOME, "totals", date(2026, 5, 31))
    history.put_period(HOME, Period.MONTH, "2026-04", EnergySums(pv_kwh=30.0))

    def not_fetched(every):
        chosen = selected(every, first, last)
        return with_not_fetched(history.reader, chosen, NOON).not_fetched

    assert not_fetched(Every.DAY) == tuple(days_between(first, date(2026, 5, 30)))
    may = tuple(days_between(date(2026, 5, 1), date(2026, 5, 30)))
    assert not_fetched(Every.MONTH) == may
    assert not_fetched(Every.MINUTES)[-1] == date(2026, 6, 20)
    history.put_state(HOME, PAST, {"first": "2026-05-01"})
    assert not_fetched(Every.DAY) == may  # before that there was no station


def test_what_is_known_says_since_when_there_is_a_station(make):
    history = make("one")
    june = date(2026, 6, 1)

    def lived_since(first, claimed=None):
        chosen = replace(selected(Every.DAY, first, DAY), lived_since=claimed)
        return with_not_fetched(history.reader, chosen, NOON).lived_since

    assert (lived_since(june), lived_since(june, june)) == (None, june)
    history.put_day(HOME, date(2026, 6, 4), EnergySums(pv_kwh=1.0))
    assert (lived_since(june), lived_since(june, june)) == (date(2026, 6, 4), june)
    history.put_state(HOME, PAST, {"first": "2026-06-01"})  # in which it was built
    assert lived_since(june, june) == date(2026, 6, 4)
    history.put_state(HOME, PAST, {"first": "2025-03-01"})
    assert lived_since(june) == date(2025, 3, 31)


def test_what_is_missing_has_an_empty_row_or_is_listed(make):
    history = make("one")
    for day in (1, 3):
        noon = NOON.replace(day=day)
        history.add_curve(HOME, [point(noon + n * MINUTE) for n in range(5)])
        history.put_day(HOME, noon.date(), EnergySums(pv_kwh=1.0))

    def lines(every, form):
        out = io.BytesIO()
        chosen = selected(every, date(2026, 6, 1), date(2026, 6, 3))
        written = export(history.reader, chosen, form, out)
        assert written.missing == (date(2026, 6, 2),)
        return out.getvalue().decode().splitlines()

    assert lines(Every.MINUTES, Format.CSV)[2].startswith("2026-06-02T00:00:00+02:00,")
    assert lines(Every.DAY, Format.CSV)[2] == "2026-06-02,,,,,,,,,,no"
    for every in (Every.MINUTES, Every.DAY):
        found = json.loads("".join(lines(every, Format.JSON)))
        assert (len(found["rows"]), found["missing"]) == (2, ["2026-06-02"])


def test_the_window_is_told_how_many_rows_there_are_and_what_is_missing(make, tmp_path):
    history = make("one")
    for day in (1, 3):
        history.put_day(HOME, date(2026, 6, day), EnergySums(pv_kwh=1.0))
    path, file = tmp_path / "one" / HISTORY, tmp_path / "days.json"
    chosen = ExportRequest(
        first=date(2026, 6, 1),
        last=date(2026, 6, 3),
        every="day",
        format="json",
        path=file,
    )
    home = Station(id=HOME, timezone=ZONE_NAME)
    assert write_export(path, home, chosen, lambda _: True) == (
        "days.json: 2 rows written. 1 day is missing: 2 June 2026."
    )


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
