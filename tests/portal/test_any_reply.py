"""Whatever the portal sends is read or refused: no crash, no made-up value."""

from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sems_tray.domain.poll_result import Trouble
from sems_tray.i18n.formatting import UNSAFE
from sems_tray.portal.classic.monitor import parse_monitor
from sems_tray.portal.errors import PortalError
from sems_tray.portal.http.transport import Reply
from sems_tray.portal.session import read_login
from sems_tray.portal.wire.envelope import data_of, open_envelope, read
from tests.portal.odd import JSON, fuzz, mutated, words_of
from tests.portal.replies import envelope, json_of
from tests.portal.test_recordings import READ

NOW = datetime(2026, 9, 30, tzinfo=UTC)


def read_monitor(raw):
    return parse_monitor(raw, "S", NOW)


# The parsers of recorded replies, by the files that they read; whole polls and months
# are read of any reply in ``test_any_poll`` and ``test_past_any``.
RECORDED = {name: read for name, (read, _) in READ.items()} | {
    "legacy_monitor_v2_running_DT_three_phase_sentinels": read_monitor,
    "legacy_monitor_v3_offline_night_NS_single": read_monitor,
}


def read_or_refuse(read_it, raw):
    try:
        return read_it(raw)
    except PortalError as refused:
        if not isinstance(refused.trouble, Trouble):
            raise
        return None


@given(st.integers(100, 599), st.binary(max_size=200))
def test_any_bytes_are_opened_or_refused(status, body):
    read_or_refuse(
        lambda it: data_of(open_envelope(it)), Reply(status=status, body=body)
    )


@given(st.fixed_dictionaries({"code": JSON, "data": JSON, "msg": JSON, "api": JSON}))
def test_any_envelope_is_opened_or_refused(body):
    found = read_or_refuse(envelope, body)
    if found is not None:
        read_or_refuse(data_of, found)
        read_or_refuse(read_login, found)


@pytest.mark.parametrize("depth", [100, 100_000])
def test_deep_nesting_is_read_or_refused(depth):
    for raw in (b"[" * depth + b"]" * depth, b'{"data":' * depth + b"1" + b"}" * depth):
        read_or_refuse(lambda it: read(it, dict), raw)


@pytest.mark.parametrize("name", RECORDED)
@fuzz
@given(draw=st.data())
def test_a_recorded_reply_that_changed_is_read_or_refused(name, draw, recordings):
    body = draw.draw(mutated(json_of(recordings, name)))
    opened = read_or_refuse(envelope, body) if isinstance(body, dict) else None
    raw = None if opened is None else read_or_refuse(data_of, opened)
    if raw is None:
        return
    found = read_or_refuse(RECORDED[name], raw)
    assert not any(UNSAFE.search(it) for it in words_of(found))
