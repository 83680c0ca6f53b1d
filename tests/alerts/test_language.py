"""Notices in the language of the moment, whatever was spoken when they began."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import TYPE_CHECKING

import pytest

from sems_tray.alerts.codec import alerts_from_json, alerts_to_json
from sems_tray.alerts.engine import step
from sems_tray.alerts.model import AlertState, Context, Kind
from sems_tray.alerts.topics import problems, restored
from sems_tray.alerts.wording import described
from sems_tray.domain.alarm_advice import advice, first_advice
from sems_tray.domain.model import DeviceState, Inverter
from sems_tray.domain.poll_result import PollFailed, Trouble
from tests.kit.readings import NOW, reading
from tests.kit.speaking import pseudo  # noqa: F401

if TYPE_CHECKING:
    from sems_tray.alerts.model import Notice

MINUTE = timedelta(minutes=1)
HOME = reading().station.id
TWO = (
    Inverter(sn="A", state=DeviceState.RUNNING, power_w=1000.0),
    Inverter(sn="B", name="Garage", state=DeviceState.FAULT),
)


def told(*events, state=None):
    """Return the state and the notices after events, a minute apart."""
    state = state or step(AlertState(), reading(), NOW, Context())[0]
    found: list[Notice] = []
    for number, event in enumerate(events, start=1):
        state, notices, _ = step(state, event, NOW + number * MINUTE, Context())
        found += notices
    return state, found


def retold(state, station=HOME):
    """Return title and text of what a restart finds."""
    (topic,) = problems(restored(alerts_from_json(alerts_to_json(state))), station)
    return described(topic, NOW, None)


def broken(inverters=TWO):
    return reading(inverters=inverters)


def test_the_second_inverter_is_told_by_its_name():
    state, notices = told(broken(), broken())
    assert [it.title for it in notices] == ["Inverter Garage has a fault"]
    assert retold(state)[0] == "Inverter Garage has a fault"


def test_what_was_raised_in_english_is_told_in_the_language_spoken_now(request):
    state, _ = told(broken(), broken())
    request.getfixturevalue("pseudo")
    title, text = retold(state)
    assert title == "⟦⟦Inverter Garage⟧ has a fault⟧"
    assert text.startswith("⟦The portal gives no name for it; it began at ")


def test_what_was_raised_in_another_language_is_told_in_english_and_cleared(request):
    state, _ = told(broken(), broken())
    well = broken(tuple(replace(it, state=DeviceState.RUNNING) for it in TWO))
    request.getfixturevalue("pseudo")
    _, notices = told(*[well] * 5, state=state)
    assert [it.kind for it in notices] == [Kind.CLEARED]
    assert notices[0].title == "⟦⟦Inverter Garage⟧ is well again⟧"


@pytest.mark.usefixtures("pseudo")
def test_a_name_that_says_it_in_the_language_spoken_is_not_said_twice():
    own = replace(TWO[1], name="⟦inverter⟧ south")
    _, notices = told(broken((TWO[0], own)), broken((TWO[0], own)))
    assert [it.title for it in notices] == ["⟦⟦inverter⟧ south has a fault⟧"]


def test_a_portal_out_of_reach_is_told_in_the_language_spoken_now(request):
    failed = PollFailed(trouble=Trouble.REFUSED, detail="Email or password error.")
    state, (notice,) = told(failed)
    assert notice.title == "Sign-in refused"
    assert notice.text == "GoodWe does not accept this account and password."
    request.getfixturevalue("pseudo")
    assert retold(state, "") == (f"⟦{notice.title}⟧", f"⟦{notice.text}⟧")


def test_words_that_an_earlier_version_kept_are_told_as_they_are():
    state, _ = told(PollFailed(trouble=Trouble.REFUSED))
    (topic,) = problems(state, "")
    kept = replace(topic, name="Sign-in refused", detail="In its own words.")
    assert described(kept, NOW, None) == ("Sign-in refused", "In its own words.")


@pytest.mark.usefixtures("pseudo")
def test_advice_is_whole_sentences():
    assert first_advice("Fan failure") == "⟦Look whether something blocks the fan.⟧"
    assert advice("Fan failure").count("⟦") == 2
