"""Trials of credentials are stopped or kept, never both."""

from __future__ import annotations

import pytest

from sems_tray.domain.credentials import Credentials
from sems_tray.runtime.portal_service import SignInAttempts


def ours() -> Credentials:
    return Credentials(account="owner@example.com", password="demo")


@pytest.fixture
def aborted() -> list[str]:
    return []


@pytest.fixture
def trials() -> SignInAttempts:
    return SignInAttempts()


def test_a_good_trial_is_kept_and_cannot_be_stopped_any_more(trials, aborted):
    trial = ours()
    assert trials.begin(trial, lambda: aborted.append("now"))
    assert trials.settle(good=True)
    assert not trials.stop(trial)
    assert aborted == []


def test_a_trial_stopped_under_way_is_aborted_and_not_kept(trials, aborted):
    trial = ours()
    assert trials.begin(trial, lambda: aborted.append("now"))
    assert trials.stop(trial)
    assert aborted == ["now"]
    assert not trials.settle(good=True)


def test_a_trial_stopped_before_it_began_never_begins(trials, aborted):
    first, second = ours(), ours()
    assert trials.stop(first)
    assert trials.stop(second)
    assert not trials.begin(first, lambda: aborted.append("now"))
    assert not trials.begin(second, lambda: aborted.append("now"))
    third = ours()  # the same words, tried again
    assert trials.begin(third, lambda: aborted.append("now"))
    assert trials.settle(good=True)
    assert aborted == []


def test_a_trial_that_failed_may_be_stopped_afterwards(trials, aborted):
    trial = ours()
    assert trials.begin(trial, lambda: aborted.append("now"))
    assert not trials.settle(good=False)
    assert trials.stop(trial)
    assert aborted == []
    assert trials.begin(ours(), lambda: None)
    assert trials.settle(good=True)
