"""A trouble that comes while the tray runs: told at once, last values kept."""

from __future__ import annotations

import pytest

from .owner import labels, wait_for_answer
from .waiting import wait_until

FIRST = "Battery 76 % ▲ 1.2 kW · PV 3.2 kW"
TROUBLES = {
    "throttle": "GoodWe asks for a pause, next try in ",
    "500": "GoodWe does not answer",
    "html": "GoodWe does not answer",
    "redirect": "GoodWe changed its service",
    "broken-json": "Reply not understood",
}


@pytest.fixture
def item(owner):
    owner.starts()
    item = owner.sees(FIRST)
    wait_for_answer(item)
    return item


@pytest.mark.parametrize("how", TROUBLES)
def test_it_has_its_words_and_badge_and_ends_when_the_portal_is_well(owner, item, how):
    calm = item.icon_pixmaps
    owner.portal.fail("", how)
    item.secondary_activate()
    owner.sees(TROUBLES[how])
    said = item.tooltip.splitlines()
    assert said[0].startswith(TROUBLES[how])
    assert said[1] == FIRST
    assert item.icon_pixmaps[22] != calm[22]
    assert owner.portal.sign_ins == 1
    owner.portal.heal()
    if how == "throttle":  # what the portal asked for is kept
        asked = len(owner.portal.requests)
        assert any(it.startswith("Refresh possible in ") for it in labels(item))
        item.secondary_activate()
        wait_for_answer(item)
        assert len(owner.portal.requests) == asked
        return
    owner.refreshes(item)
    wait_until(lambda: item.tooltip.startswith(FIRST))
    assert item.icon_pixmaps[22] == calm[22]


@pytest.mark.parametrize("how", TROUBLES)
def test_refresh_now_tells_of_it_too(owner, item, how):
    owner.portal.fail("", how)
    owner.refreshes(item)
    assert item.tooltip.startswith(TROUBLES[how])
