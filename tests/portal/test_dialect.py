"""What both dialects go by when one thing is fetched after another."""

import pytest

from sems_tray.domain.poll_result import Trouble
from sems_tray.portal.dialect import for_each
from sems_tray.portal.errors import DialectChangedError, PortalError


@pytest.mark.parametrize(
    ("failure", "asked"),
    [
        (PortalError(Trouble.UNREADABLE), "AB"),
        (PortalError(Trouble.UNREADABLE, slow=True), "A"),
        (PortalError(Trouble.THROTTLED), "A"),
        (PortalError(Trouble.OFFLINE), "A"),
        (DialectChangedError(), "A"),
    ],
)
def test_a_failure_that_would_repeat_itself_ends_the_round(failure, asked):
    tried = []

    def fetch(key):
        tried.append(key)
        raise failure

    assert for_each("AB", fetch) == ({}, failure)
    assert "".join(tried) == asked
