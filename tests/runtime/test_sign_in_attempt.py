"""An attempt to sign in is stopped or accepted, never both."""

from __future__ import annotations

import pytest

from sems_tray.domain.credentials import Credentials, PortalChoice
from sems_tray.runtime.portal_service import SignInAttempt


class Watched(SignInAttempt):
    """An attempt that counts how often its request was ended."""

    def __init__(self) -> None:
        super().__init__(
            Credentials(account="owner@example.com", password="demo"), PortalChoice()
        )
        self.aborts = 0

    def abort(self) -> None:
        self.aborts += 1


@pytest.fixture
def attempt():
    return Watched()


def test_an_accepted_attempt_cannot_be_stopped_any_more(attempt):
    assert attempt.begin(attempt.abort)
    assert attempt.accept()
    assert not attempt.stop()
    assert attempt.aborts == 0


def test_an_attempt_stopped_under_way_is_aborted_and_not_accepted(attempt):
    assert attempt.begin(attempt.abort)
    assert attempt.stop()
    assert attempt.aborts == 1
    assert not attempt.accept()


def test_an_attempt_stopped_before_it_began_never_begins(attempt):
    assert attempt.stop()
    assert not attempt.begin(attempt.abort)
    assert attempt.aborts == 0


def test_an_attempt_that_failed_may_be_stopped_afterwards(attempt):
    assert attempt.begin(attempt.abort)
    assert attempt.stop()
