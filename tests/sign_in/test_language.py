"""Signing in in another language: every sentence is asked for."""

from __future__ import annotations

from datetime import timedelta

import pytest

from sems_tray.domain.failures import FailureCause
from sems_tray.domain.model import DeviceState, Station
from sems_tray.domain.poll_result import PollFailed, Trouble
from sems_tray.sign_in.advice import advice, station_line, where_the_icon_is
from sems_tray.sign_in.dialog import SignIn
from sems_tray.widgets.forms import WrappedLabel
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


def test_a_wrong_clock_is_told_by_how_much():
    told = advice(PollFailed(trouble=Trouble.CLOCK, detail="it is 3 h behind"))
    sentence = "⟦This computer's clock is far from GoodWe's: ⟦it is 3 h behind⟧.⟧"
    assert told.text.startswith(sentence)


@pytest.mark.parametrize("cause", FailureCause)
def test_what_is_in_the_way_is_told_in_the_language_spoken(cause):
    told = advice(PollFailed(trouble=Trouble.UNREACHABLE, detail=f"{cause}: a.example"))
    assert f"(⟦⟦{cause}⟧: a.example⟧)" in told.text


def test_a_station_is_described_in_the_language_spoken():
    house = Station(id="1", capacity_kwp=9.9, state=DeviceState.RUNNING)
    assert station_line(house) == "9,9 kWp · ⟦running⟧"


@pytest.mark.parametrize("platform", ["win32", "darwin", "linux"])
@pytest.mark.parametrize("has_tray", [True, False])
def test_where_the_icon_is_is_told_in_the_language_spoken(platform, has_tray):
    told = where_the_icon_is(platform, "GNOME", has_tray=has_tray)
    assert bare(told) == ""


def test_the_window_speaks_it(qtbot):
    dialog = SignIn("owner@example.com")
    qtbot.addWidget(dialog)
    dialog.show()
    pause = timedelta(minutes=5)
    dialog.show_trouble(
        advice(PollFailed(trouble=Trouble.THROTTLED, retry_after=pause))
    )
    said = [it.text() for it in dialog.findChildren(WrappedLabel) if it.text()]
    assert said
    assert [bare(it) for it in said if bare(it)] == []
    assert dialog.windowTitle() == "⟦Sign in - SEMS Tray⟧"
    assert dialog._ok.text() == "⟦Sign in⟧"
