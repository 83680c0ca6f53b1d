"""What the portal's status numbers mean; one that nobody knows is never a fault."""

import pytest

from sems_tray.domain.model import DeviceState as S
from sems_tray.portal.classic import stations as classic
from sems_tray.portal.semsplus import stations as plus


@pytest.mark.parametrize(
    ("state_of", "states"),
    [
        (plus.state_of, {0: S.OFFLINE, 1: S.RUNNING, 2: S.FAULT, 3: S.WAITING}),
        (plus.state_of, {5: S.RUNNING, 4: S.UNKNOWN, -1: S.UNKNOWN}),
        (classic.state_of, {-1: S.OFFLINE, 0: S.WAITING, 1: S.RUNNING, 2: S.FAULT}),
        (classic.state_of, {3: S.UNKNOWN, 5: S.UNKNOWN}),
    ],
)
def test_known_numbers(state_of, states):
    assert {number: state_of(str(number)) for number in states} == states


@pytest.mark.parametrize("state_of", [plus.state_of, classic.state_of])
@pytest.mark.parametrize("leaf", [42, "42", -7, 4294967295, 1.5, None, "", True, []])
def test_an_unknown_number_is_no_state(state_of, leaf):
    assert state_of(leaf) is S.UNKNOWN
