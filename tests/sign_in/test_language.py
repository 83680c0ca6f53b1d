"""Signing in in another language: every sentence is asked for."""

from __future__ import annotations

import pytest

from sems_tray.domain.failures import FailureCause
from sems_tray.domain.poll_result import PollFailed, Trouble
from sems_tray.sign_in.advice import advice
from tests.kit.speaking import LEFT, RIGHT, pseudo  # noqa: F401

pytestmark = pytest.mark.usefixtures("pseudo")


def bare(text: str) -> str:
    """Return what is not translated: nothing, but for spaces between sentences."""
    left, depth = "", 0
    for letter in text:
        depth += (letter == LEFT) - (letter == RIGHT)
        left += letter if depth == 0 and letter != RIGHT else ""
    return left.strip()


@pytest.mark.parametrize("trouble", Trouble)
@pytest.mark.parametrize(
    "detail", ["", "it is 3 h behind", "redirected to another host", "HTTP 503"]
)
def test_every_advice_is_told_in_whole_sentences(trouble, detail):
    told = advice(PollFailed(trouble=trouble, detail=detail))
    assert (bare(told.title), bare(told.text)) == ("", "")


@pytest.mark.parametrize("cause", FailureCause)
def test_what_is_in_the_way_is_told_in_the_language_spoken(cause):
    told = advice(PollFailed(trouble=Trouble.UNREACHABLE, detail=f"{cause}: a.example"))
    assert f"(⟦⟦{cause}⟧: a.example⟧)" in told.text
