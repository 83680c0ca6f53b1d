"""A failure that comes while the tray runs: told at once, last values kept."""

from __future__ import annotations

import pytest

pytestmark = pytest.mark.qt_log_ignore("systemTrayWindowChanged")

FIRST = "Battery 76 % ▲ 1.2 kW · PV 3.2 kW"
FAILURES = {
    "throttle": "GoodWe asks for a pause, next try in ",
    "500": "GoodWe does not answer",
    "html": "GoodWe does not answer",
    "redirect": "GoodWe changed its service",
    "broken-json": "Reply not understood",
}


@pytest.mark.parametrize("how", FAILURES)
def test_it_has_its_words_and_badge_and_ends_when_the_portal_is_well(
    program, portal, how
):
    calm = program.picture()
    portal.fail("", how)
    program.refreshes()
    first, second, *_ = program.tooltip.splitlines()
    assert first.startswith(FAILURES[how])
    assert second == FIRST
    assert program.picture() != calm
    assert portal.sign_ins == 1
    portal.heal()
    if how == "throttle":  # what the portal asked for is kept
        asked = len(portal.requests)
        assert any(it.startswith("Refresh possible in ") for it in program.labels())
        program.refreshes()
        assert len(portal.requests) == asked
        return
    program.refreshes()
    assert program.tooltip.startswith(FIRST)
    assert program.picture() == calm


def test_an_expired_token_is_renewed_with_one_sign_in(program, portal):
    portal.expire_tokens()
    portal.override(pv_w=100, soc_percent=20, battery_w=0, load_w=100)
    program.refreshes()
    assert program.tooltip.startswith("Battery 20 %")
    assert portal.sign_ins == 2


def test_tokens_that_never_hold_end_with_the_key_and_one_new_sign_in(program, portal):
    calm = program.picture()
    portal.fail("/flow", "expired")
    program.refreshes()
    assert program.tooltip.startswith("Sign-in needed")
    assert FIRST in program.tooltip  # what was measured stays
    assert program.picture() != calm
    assert portal.sign_ins == 2


def test_a_wrong_password_is_tried_once(starts, portal):
    program = starts(password="wrong")
    program.sees("Sign-in refused")
    assert program.labels()[0] == "Sign-in refused"
    for _ in range(2):
        program.refreshes()
    assert portal.sign_ins == 1


def test_a_refresh_while_one_is_under_way_is_not_sent(program, portal, monkeypatch):
    network, submitted = program.poller._network, []
    submit = network.submit

    def noting(job, done=None):
        submitted.append(job.name)
        return submit(job, done)

    monkeypatch.setattr(network, "submit", noting)
    before = len(portal.requests)
    portal.fail("", "hang")
    for _ in range(3):
        program.middle_click()
    program.until(lambda: len(portal.requests) > before)
    assert "Refreshing …" in program.labels()
    with pytest.raises(AssertionError):
        program.click("Refreshing …")
    assert submitted.count("the poll") == 1


def test_refresh_now_asks_for_everything_again(program, portal):
    flows, alarms = portal.count("/flow"), portal.count("/alarm/page")
    portal.override(soc_percent=50, pv_w=0, battery_w=0, load_w=500)
    program.click("Refresh now")
    program.sees("Battery 50 % · PV 0 W")
    program.rests()
    assert portal.count("/flow") == flows + 1
    assert portal.count("/alarm/page") == alarms + 1
    assert portal.sign_ins == 1
