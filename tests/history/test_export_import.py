"""Files that are not ours, cut short or impossible; and what an import may add."""

import json
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sems_tray.domain.energy import HistoryRow, InverterSample, Period, PeriodTotals
from sems_tray.domain.model import EnergySums, Powers
from sems_tray.history.import_formats import read_csv, read_json
from sems_tray.history.import_model import BadExportError, ReadTotals
from sems_tray.history.importer import missing_rows, missing_sums
from tests.kit.speaking import pseudo  # noqa: F401

AT = datetime(2026, 6, 21, 10, tzinfo=UTC)
CURVE = "Time,Local time,PV (W),Battery (%)\n"
TIME = "2026-06-21T12:40:00+02:00,2026-06-21 12:40"
DAYS = "Date,PV (kWh),Income,Currency,Final\n"
ROW: dict[str, object] = {
    "time": "2026-06-21T12:40:00+02:00",
    "span_min": 5,
    **dict.fromkeys(("pv_w", "load_w", "grid_w", "battery_w", "ev_w"), 1),
    "soc_percent": None,
    "inverters": [],
}


def csv_items(text):
    return list(read_csv(text.splitlines(keepends=True)).items)


def head(**changes):
    told = {
        "schema": 1,
        "program": "sems-tray",
        "station": {"id": "plant-1", "name": "Home"},
        "every": "5min",
        "rows": [],
    }
    return told | changes


def json_items(**changes):
    return list(read_json([json.dumps(head(**changes))]).items)


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("", "line 1: it is no export of SEMS Tray"),
        ("a,b\n1,2\n", "line 1: it is no export of SEMS Tray"),
        ('"Time\n', "line 1: it is no export of SEMS Tray"),
        ("Time,PV (kW)\n", "line 1: there is no column 'PV (kW)' in an export"),
        ("Date,Final,Final\n", "line 1: the column 'Final' is there twice"),
        (f"{CURVE}{TIME},1", "line 2: it is cut short"),
        (f"{CURVE}{TIME},1,7", "line 2: it is cut short"),
        (f"{CURVE}{TIME},1\n", "line 2: 3 cells instead of 4"),
        (f"{CURVE}{TIME},nan,\n", "line 2: PV (W): 'nan' is no number"),
        (f"{CURVE}{TIME},inf,\n", "line 2: PV (W): 'inf' is no number"),
        (f"{CURVE}{TIME},1e999,\n", "line 2: PV (W): inf cannot be true"),
        (f'{CURVE}{TIME},"1,5",\n', "line 2: PV (W): '1,5' is no number"),
        (f"{CURVE}{TIME},٣,\n", "line 2: PV (W): '٣' is no number"),
        (f"{CURVE}{TIME},1,536\n", "line 2: Battery (%): 536.0 cannot be true"),
        (f"{CURVE}2026-06-21T12:40:00,,1,\n", "has no offset from UTC"),
        (f"{CURVE}2026-06-31T12:40:00Z,,1,\n", "is no time"),
        (f"{CURVE}0001-01-01T00:00:00+14:00,,1,\n", "cannot be true"),
        (f"{CURVE}2026-06-21T12:41:00Z,,1,\n", "is not at a whole 5 minutes"),
        (f"{CURVE}{TIME},1,\n{TIME},1,\n", "line 3: it is not later than the row"),
        (f"{DAYS}2026-02-30,1,,,no\n", "line 2: '2026-02-30' is no date like"),
        (f"{DAYS}20260228,1,,,no\n", "line 2: '20260228' is no date like"),
        (f"{DAYS}0009-02-28,1,,,no\n", "line 2: the date 0009-02-28 cannot be true"),
        (f"{DAYS}2026-02-28,-1,,,no\n", "line 2: PV (kWh): -1.0 cannot be true"),
        (f"{DAYS}2026-02-28,1,,,maybe\n", "line 2: Final: 'maybe' is neither"),
        (f'{DAYS}2026-02-28,1,,"\n', "line 2: it is no proper CSV"),
    ],
)
def test_a_bad_csv_file_is_refused_with_its_line(text, reason):
    with pytest.raises(BadExportError) as caught:
        csv_items(text)
    assert reason in str(caught.value)
    assert "\n" not in str(caught.value)


@pytest.mark.parametrize(
    ("changes", "reason"),
    [
        ({"program": "other"}, "it is no export of SEMS Tray"),
        ({"schema": True}, "it is no export of SEMS Tray"),
        ({"schema": 2}, "it comes from a newer version"),
        ({"every": "hour"}, "it comes from a newer version"),
        ({"every": ["5min"]}, "it comes from a newer version"),
        ({"station": None}, "station is no object"),
        ({"station": {"id": "", "name": ""}}, "the station has no id"),
        ({"station": {"id": "\ud800", "name": ""}}, "station id: it is no text"),
        ({"rows": 7}, "it is no export of SEMS Tray"),
        ({"rows": [7]}, "the row is no object"),
        ({"rows": [ROW | {"soc_percent": 536}]}, "soc_percent: 536 cannot be true"),
        ({"rows": [ROW | {"pv_w": True}]}, "pv_w: True is no number"),
        ({"rows": [ROW | {"pv_w": "1"}]}, "pv_w: '1' is no number"),
        ({"rows": [ROW | {"pv_w": float("nan")}]}, "it is no proper JSON"),
        ({"rows": [ROW | {"pv_w": 10**400}]}, "cannot be true"),
        ({"rows": [ROW | {"span_min": 7}]}, "time and span_min do not belong"),
        ({"rows": [ROW | {"time": 5}]}, "time: 5 is no time"),
        ({"rows": [{"time": ROW["time"], "span_min": 5}]}, "pv_w is missing"),
        ({"rows": [ROW, ROW]}, "it is not later than the row before it"),
        ({"rows": [ROW | {"inverters": [{"sn": None}]}]}, "sn: None is no text"),
        ({"every": "everything", "alarms": [{"level": []}]}, "level or active"),
        ({"every": "everything", "years": [{"final": True}]}, "pv_kwh is missing"),
    ],
)
def test_a_bad_json_file_is_refused(changes, reason):
    with pytest.raises(BadExportError, match=r"^line 1: ") as caught:
        json_items(**changes)
    assert reason in str(caught.value)


@pytest.mark.parametrize("text", ["{", '{"a"', "{}", "[]", '{"a": tru}', "{" * 10**5])
def test_other_json_is_refused(text):
    with pytest.raises(BadExportError):
        list(read_json([text]).items)


def test_1e999_is_refused():
    text = json.dumps(head(rows=[ROW])).replace('"pv_w": 1', '"pv_w": 1e999')
    with pytest.raises(BadExportError, match="pv_w: inf cannot be true"):
        list(read_json([text]).items)


@given(st.data())
def test_json_that_is_cut_short_anywhere_is_refused(data):
    text = json.dumps(head(rows=[ROW]))
    cut = data.draw(st.integers(0, len(text) - 1))
    with pytest.raises(BadExportError):
        list(read_json([text[:cut]]).items)


@given(st.text() | st.binary().map(lambda raw: raw.decode("latin-1")))
def test_any_text_is_read_or_refused(text):
    for read in (read_csv, read_json):
        with pytest.raises(BadExportError):
            list(read(text.splitlines(keepends=True)).items)


def test_the_line_of_a_bad_row_is_told():
    bad = ROW | {"soc_percent": -1, "time": "2026-06-21T12:45:00+02:00"}
    text = json.dumps(head(rows=[ROW, bad]), indent=1)
    with pytest.raises(BadExportError) as caught:
        list(read_json([text]).items)
    line = int(str(caught.value).split()[1].rstrip(":"))
    assert text.splitlines()[:line].count('   "soc_percent": -1,') == 1


def row(minute=0, span=1, **values):
    inverters = values.pop("inverters", ())
    return HistoryRow(
        at=AT + timedelta(minutes=minute),
        span_min=span,
        power=Powers(**values),
        inverters=inverters,
    )


def test_only_what_is_not_known_is_added():
    heard = (InverterSample(sn="A", power_w=1),)
    held = [row(pv_w=100, load_w=None), row(5, pv_w=3, inverters=heard)]
    read = [
        row(pv_w=7, load_w=8),
        row(1, pv_w=9),
        row(5, pv_w=4, inverters=(InverterSample(sn="B", power_w=2),)),
    ]
    assert missing_rows(read, held) == [row(load_w=8), row(1, pv_w=9)]


def test_rows_of_another_width_stay_away_from_what_is_known():
    minutes = [row(2, pv_w=1)]
    assert missing_rows([row(0, span=5, load_w=1)], minutes) == []
    assert missing_rows(minutes, [row(0, span=5, load_w=1)]) == []
    assert missing_rows([row(5, span=5, pv_w=1)], minutes) == [row(5, span=5, pv_w=1)]


def totals(final, **sums):
    return ReadTotals(
        period=Period.DAY, key="2026-06-21", sums=EnergySums(**sums), final=final
    )


def held(final, **sums):
    return PeriodTotals(key="2026-06-21", sums=EnergySums(**sums), final=final)


@pytest.mark.parametrize(
    ("read", "before", "expected"),
    [
        (totals(True, pv_kwh=5), None, EnergySums(pv_kwh=5)),
        (totals(True, pv_kwh=5), held(False, pv_kwh=9), EnergySums(pv_kwh=5)),
        (totals(True, pv_kwh=5), held(True, pv_kwh=4), None),
        (totals(True, load_kwh=5), held(True, pv_kwh=4), EnergySums(load_kwh=5)),
        (totals(False, pv_kwh=5), held(True, pv_kwh=4), None),
        (totals(False, pv_kwh=5), held(False, pv_kwh=4), EnergySums(pv_kwh=5)),
        (totals(False, pv_kwh=3), held(False, pv_kwh=4), None),
        (
            totals(False, income=9, currency="USD", pv_kwh=5),
            held(False, income=1, currency="EUR"),
            EnergySums(pv_kwh=5),
        ),
    ],
)
def test_totals_add_what_is_missing_or_better(read, before, expected):
    assert missing_sums(read, before) == expected


@pytest.mark.usefixtures("pseudo")
@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("", "⟦line 1: ⟦it is no export of SEMS Tray⟧⟧"),
        (f"{CURVE}{TIME},x,\n", "⟦line 2: ⟦PV (W): 'x' is no number⟧⟧"),
        (f"{DAYS}2026,1,,,no\n", "⟦line 2: ⟦'2026' is no date like 2026-06-21⟧⟧"),
    ],
)
def test_reasons_are_told_in_another_language(text, reason):
    with pytest.raises(BadExportError) as caught:
        csv_items(text)
    assert str(caught.value) == reason


@pytest.mark.usefixtures("pseudo")
def test_files_are_read_in_any_language():
    assert len(csv_items(f"{CURVE}{TIME},1.5,\n")) == 1
    assert len(json_items(rows=[ROW])) == 1
    with pytest.raises(BadExportError, match=r"^⟦line 1: ⟦it comes from a newer"):
        json_items(schema=2)
