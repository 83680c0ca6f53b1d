"""When to sign in and when not to: every sign-in is counted."""

from datetime import timedelta
from itertools import pairwise

import pytest

from sems_tray.domain.poll_result import PollFailed, PollSucceeded, Trouble
from sems_tray.portal.errors import PortalError
from tests.portal.scripted import (
    EXPIRED,
    PLUS_LOGIN,
    REFUSED,
    Desk,
    flow,
    plus_login,
    plus_portal,
)

UNREACHABLE = PortalError(Trouble.UNREACHABLE, "no connection")


def test_many_polls_need_one_sign_in():
    desk = Desk(plus_portal())
    assert set(desk.poll_until(180)) == {None}
    assert desk.script.sign_ins == 1


def test_each_expired_token_costs_one_sign_in():
    desk = Desk(plus_portal())
    assert desk.trouble() is None
    for n in range(1, 4):
        desk.clock.add(hours=6)
        desk.script.answers["*/stations/flow"] = [EXPIRED, flow()]
        assert desk.trouble() is None
        assert desk.script.sign_ins == 1 + n


def test_one_poll_signs_in_anew_once():
    desk = Desk(plus_portal())
    desk.fetch()
    desk.clock.add(hours=6)
    for path in ("*/stations/flow", "*/alarm/page"):
        desk.script.answers[path] = [EXPIRED, desk.script.answers[path]]
    assert desk.trouble() is None
    assert desk.script.sign_ins == 2


def test_a_token_fresh_from_a_sign_in_that_is_not_accepted_costs_no_second_one():
    script = dict.fromkeys(plus_portal(), EXPIRED) | {PLUS_LOGIN: plus_login()}
    desk = Desk(script)
    assert desk.trouble() is Trouble.SIGN_IN
    assert desk.script.sign_ins == 1


def test_a_portal_that_never_accepts_a_token_is_asked_less_and_less():
    script = dict.fromkeys(plus_portal(), EXPIRED) | {PLUS_LOGIN: plus_login()}
    desk = Desk(script)
    assert set(desk.poll_until(60, step_s=10)) == {Trouble.SIGN_IN}
    assert desk.script.sign_ins == 6  # after 0, 1, 3, 7, 15 and 30 minutes
    assert set(desk.poll_until(60)) == {Trouble.SIGN_IN}
    assert desk.script.sign_ins <= 10


@pytest.mark.parametrize("path", ["*/stations/flow", "*/alarm/page", "*/telecounting"])
def test_a_call_that_always_says_expired_does_not_sign_in_for_ever(path):
    desk = Desk(plus_portal(**{path: EXPIRED}))
    desk.poll_until(240)
    most = {"*/stations/flow": 20, "*/telecounting": 4}  # waits as above; two devices
    assert desk.script.sign_ins <= most.get(path, 2)


def test_a_refused_password_is_not_tried_again():
    desk = Desk(plus_portal(**{PLUS_LOGIN: REFUSED}))
    assert set(desk.poll_until(300)) == {Trouble.REFUSED}
    assert len(desk.script.asked) == 1
    failed = desk.fetch()
    assert isinstance(failed, PollFailed)
    assert failed.detail == "Wrong password."


def test_failed_sign_ins_wait_60_s_then_twice_as_long_up_to_15_minutes():
    desk = Desk(plus_portal(**{PLUS_LOGIN: UNREACHABLE}))
    tries, before = [], 0
    for second in range(0, 4 * 3600, 10):
        assert desk.trouble() is Trouble.UNREACHABLE
        if len(desk.script.asked) > before:
            before = len(desk.script.asked)
            tries.append(second)
        desk.clock.add(seconds=10)
    gaps = [b - a for a, b in pairwise(tries)]
    assert gaps[:4] == [60, 120, 240, 480]
    assert set(gaps[4:]) == {900}


def test_a_wait_says_how_long_it_is():
    desk = Desk(plus_portal(**{PLUS_LOGIN: UNREACHABLE}))
    desk.fetch()
    desk.clock.add(seconds=20)
    failed = desk.fetch()
    assert isinstance(failed, PollFailed)
    assert failed.retry_after == timedelta(seconds=40)


def test_an_outage_is_never_blamed_on_another_program():
    desk = Desk(plus_portal(**{PLUS_LOGIN: UNREACHABLE}), dialect=None)
    assert set(desk.poll_until(240)) == {Trouble.UNREACHABLE}


def test_without_network_nobody_waits_longer_for_the_next_try():
    desk = Desk(plus_portal(**{PLUS_LOGIN: PortalError(Trouble.OFFLINE)}))
    assert set(desk.poll_until(60)) == {Trouble.OFFLINE}
    desk.script.answers[PLUS_LOGIN] = plus_login()
    assert desk.trouble() is None


def test_two_programs_that_throw_each_other_out_stop_after_six_sign_ins_an_hour():
    desk = Desk(plus_portal())
    desk.script.answers["*/stations/flow"] = [flow()] + [EXPIRED, flow()] * 50
    found = [desk.fetch() for _ in range(30)]
    assert desk.script.sign_ins == 6
    last = found[-1]
    assert isinstance(last, PollFailed)
    assert "another program" in last.detail
    assert last.retry_after == timedelta(hours=1)
    desk.clock.add(hours=1)
    assert isinstance(desk.fetch(), PollSucceeded)
