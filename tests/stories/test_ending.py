"""It ends soon whatever hangs."""

from __future__ import annotations

import time

import pytest

pytestmark = pytest.mark.qt_log_ignore("systemTrayWindowChanged")

WITHIN_S = 3.0


@pytest.mark.parametrize("how", ["hang", "drip"])
@pytest.mark.parametrize("at_first", [True, False], ids=["sign-in", "poll"])
def test_quit_ends_it_in_time_while_a_request_hangs(starts, portal, how, at_first):
    if at_first:
        portal.fail("", how)
        program = starts()
    else:
        program = starts()
        program.sees("Battery 76 %")
        program.rests()
        portal.fail("", how)
    before = 0 if at_first else len(portal.requests)
    program.middle_click()
    program.until(lambda: len(portal.requests) > before)
    began = time.monotonic()
    program.click("Quit")
    assert time.monotonic() - began < WITHIN_S
    assert not program.app.stuck
