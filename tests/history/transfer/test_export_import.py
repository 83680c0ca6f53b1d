"""Files that are not ours, cut short or impossible; and what an import may add."""

import json
from contextlib import suppress
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sems_tray.domain.energy import (
    AMOUNTS,
    HistoryRow,
    InverterSample,
    Period,
    PeriodTotals,
)
from sems_tray.domain.model import EnergySums, Powers
from sems_tray.history.transfer.import_format import (
    BadExportError,
    ReadTotals,
    read_export,
)
from sems_tray.history.transfer.importer import missing_rows, missing_sums
from tests.kit.speaking import pseudo  # noqa: F401

AT = datetime(2026, 6, 21, 10, tzinfo=UTC)
STATION = {"id": "plant-1", "name": "Home"}
TIME = "2026-06-21T12:40:00+02:00"
ROW: dict[str, object] = {
    "time": TIME,
    "span_min": 5,
    **dict.fromkeys(("pv_w", "load_w", "grid_w", "battery_w", "ev_w"), 1),
    "soc_percent": None,
    "inverters": [],
}
HEARD = {"sn": "A", "power_w": 1, "temperature_c": 2}
DAY: dict[str, object] = {
    "date": "2026-02-28",
    **dict.fromkeys(AMOUNTS),
    "currency": None,
    "final": False,
}


def export_text(*rows, section="rows", **head):
    told: dict[str, object] = {
        "schema": 1,
        "program": "sems-tray",
        "station": STATION,
        "every": "5min",
    }
    first = json.dumps(told | head)[:-1]
    lines = ",\n".join(json.dumps(it) for it in rows)
    return f'{first},\n"{section}": [\n{lines}\n],\n"missing": [\n]}}\n'


def items(text):
    return list(read_export(text.encode().splitlines(keepends=True)).items)


@pytest.mark.parametrize(
    ("head", "reason"),
    [
        ({"program": "other"}, "it is no export of SEMS Tray"),
        ({"schema": 0}, "it is no export of SEMS Tray"),
        ({"schema": 2}, "it comes from a newer version"),
        ({"every": "hour"}, "it comes from a newer version"),
        ({"station": {"id": "", "name": ""}}, "$.id"),
        ({"station": {"id": "\ud800", "name": ""}}, "it is no export of SEMS Tray"),
        ({"station": STATION | {"latitude": 91}}, "$.latitude"),
    ],
)
def test_a_bad_head_is_refused(head, reason):
    with pytest.raises(BadExportError, match=r"^line 1: ") as caught:
        items(export_text(**head))
    assert reason in str(caught.value)


@pytest.mark.parametrize(
    ("row", "reason"),
    [
        (ROW | {"soc_percent": 536}, "$.soc_percent"),
        (ROW | {"pv_w": 10**400}, "it is no export of SEMS Tray"),
        (ROW | {"span_min": 7}, "time and span_min do not belong together"),
        (ROW | {"time": "2026-06-21T12:40:00"}, "$.time"),
        (ROW | {"time": "0001-01-01T00:00:00+14:00"}, "cannot be true"),
        ({"time": TIME, "span_min": 5}, "`pv_w`"),
        (ROW | {"inverters": [HEARD, HEARD]}, "an inverter is there twice"),
        (
            dict.fromkeys(ROW) | {"time": TIME, "span_min": 5, "inverters": []},
            "nothing is known",
        ),
    ],
)
def test_a_bad_row_is_refused_with_its_line(row, reason):
    before = ROW | {"time": "2026-06-21T12:35:00+02:00"}
    with pytest.raises(BadExportError, match=r"^line 4: ") as caught:
        items(export_text(before, row))
    assert reason in str(caught.value)
    assert "\n" not in str(caught.value)


@pytest.mark.parametrize(
    ("section", "row", "reason"),
    [
        ("days", DAY | {"date": "20260228"}, "$.date"),
        ("days", DAY | {"date": "0009-02-28"}, "cannot be true"),
        ("days", DAY | {"pv_kwh": -1}, "$.pv_kwh"),
        ("months", DAY | {"month": "2026-13"}, "matching regex"),
        ("months", DAY | {"month": "٢٠٢٦-01"}, "matching regex"),
        ("other", DAY, "it is no export of SEMS Tray"),
    ],
)
def test_bad_totals_are_refused(section, row, reason):
    with pytest.raises(BadExportError, match=r"^line 3: ") as caught:
        items(export_text(row, section=section, every="everything"))
    assert reason in str(caught.value)


@pytest.mark.parametrize(
    ("text", "where"),
    [
        (export_text(ROW, ROW), "line 4: it is no export of SEMS Tray (not later than"),
        (export_text(ROW) + "{}\n", "line 7: "),
        ("", "line 1: it is no export of SEMS Tray"),
        ("[]", "line 1: it is no export of SEMS Tray"),
        ("{" * 10**5, "line 1: it is no export of SEMS Tray"),
        ("a,b\n1,2\n", "line 1: it is no export of SEMS Tray"),
        ("Time,PV (W)\n1,2\n", "line 1: a CSV file cannot be imported; export every"),
        ("\ufeffDate;PV\n1;2\n", "line 1: a CSV file cannot be imported; export ever"),
    ],
)
def test_what_is_no_whole_export_is_refused_with_its_line(text, where):
    with pytest.raises(BadExportError) as caught:
        items(text)
    assert str(caught.value).startswith(where)


@given(st.data())
def test_an_export_that_is_cut_short_anywhere_is_refused(data):
    text = export_text(ROW).rstrip()
    cut = data.draw(st.integers(0, len(text) - 1))
    with pytest.raises(BadExportError):
        items(text[:cut])


@given(st.data())
def test_any_change_of_a_row_is_read_or_refused(data):
    raw = bytearray(export_text(ROW, ROW).encode())
    raw[data.draw(st.integers(0, len(raw) - 1))] = data.draw(st.integers(0, 255))
    with suppress(BadExportError):
        list(read_export(bytes(raw).splitlines(keepends=True)).items)


def test_a_byte_order_mark_and_other_line_ends_are_no_matter():
    text = "\ufeff" + export_text(ROW).replace("\n", "\r\n") + "\n \n"
    assert len(items(text)) == 1


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
def test_a_reason_is_told_in_another_language():
    with pytest.raises(BadExportError) as caught:
        items(export_text(ROW)[:-3])
    assert ": ⟦it is cut short⟧⟧" in str(caught.value)
