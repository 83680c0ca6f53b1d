"""GoodWe out of reach, and sign-ins: when it is told, and in whose words."""

from __future__ import annotations

import json
from datetime import timedelta
from typing import TYPE_CHECKING

import pytest

from sems_tray.alerts.codec import alerts_from_json, alerts_to_json
from sems_tray.alerts.engine import step
from sems_tray.alerts.model import AlertState, Context
from sems_tray.alerts.topics import restored
from sems_tray.domain.failures import FailureCause
from sems_tray.domain.poll_result import PollFailed, Trouble
from tests.kit.readings import NOW, reading

if TYPE_CHECKING:
    from sems_tray.alerts.model import Notice

MINUTE = timedelta(minutes=1)


class Account:
    """An account that has been seen once, and what is told of it."""

    def __init__(self) -> None:
        self.at = NOW
        self.notices: list[Notice] = []
        self.state, _, _ = step(AlertState(), reading(), NOW, Context())

    def fails(self, trouble, after, **more):
        self.at += after
        self.state, notices, _ = step(
            self.state, PollFailed(trouble=trouble, **more), self.at, Context()
        )
        self.notices += notices


@pytest.mark.parametrize("detail", ["C0602", "系统繁忙", "op fail: E-17", ""])
@pytest.mark.parametrize("trouble", [Trouble.UNREACHABLE, Trouble.THROTTLED])
def test_codes_and_foreign_words_stay_out_of_a_bubble(trouble, detail):
    account = Account()
    for _ in range(5):
        account.fails(trouble, 30 * MINUTE, detail=detail)
    (notice,) = account.notices
    assert notice.text.endswith(".")
    assert not detail or detail not in notice.text


def test_a_known_cause_has_its_own_sentence():
    account = Account()
    for _ in range(5):
        detail = f"{FailureCause.PROXY_CUT_OFF}: HTTP 502"
        account.fails(Trouble.UNREACHABLE, 30 * MINUTE, detail=detail)
    (notice,) = account.notices
    assert notice.text == "The proxy answers, but cannot reach GoodWe right now."


@pytest.mark.parametrize("hours", [1.5, 2, 6])
def test_a_long_pause_that_the_portal_asks_for_is_told(hours):
    account = Account()
    pause = timedelta(hours=hours)
    account.fails(Trouble.THROTTLED, MINUTE, retry_after=pause)
    for _ in range(4):
        account.fails(Trouble.THROTTLED, pause + 2 * MINUTE, retry_after=pause)
    (notice,) = account.notices
    assert notice.title == "GoodWe asks for a pause"


def test_a_gap_that_nobody_asked_for_is_not_in_a_row():
    account = Account()
    for _ in range(6):
        account.fails(Trouble.UNREACHABLE, timedelta(hours=2))
    assert account.notices == []


def test_a_stumble_at_sign_in_after_success_is_given_a_quarter_of_an_hour():
    account = Account()
    for _ in range(5):
        account.fails(Trouble.SIGN_IN, 3 * MINUTE)
    assert account.notices == []
    account.fails(Trouble.SIGN_IN, 3 * MINUTE)
    assert [it.title for it in account.notices] == ["Sign-in needed"]


def test_without_a_success_in_this_run_two_are_enough():
    account = Account()
    kept = json.loads(json.dumps(alerts_to_json(account.state)))
    account.state = restored(alerts_from_json(kept))
    account.fails(Trouble.SIGN_IN, 3 * MINUTE)
    account.fails(Trouble.SIGN_IN, 3 * MINUTE)
    assert len(account.notices) == 1


def test_a_refusal_is_told_at_once():
    account = Account()
    account.fails(Trouble.REFUSED, MINUTE)
    assert len(account.notices) == 1


def test_a_state_without_the_later_fields_is_read():
    account = Account()
    account.fails(Trouble.REFUSED, MINUTE)
    kept = json.loads(json.dumps(alerts_to_json(account.state)))
    for memory in kept["memories"]:
        del memory["worked"]
        for topic in memory["topics"]:
            del topic["ids"], topic["pause_s"]
    found = alerts_from_json(kept)
    assert not found.adopting
    assert found.memory("").raised("sign-in")
