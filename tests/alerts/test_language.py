"""Notices in the language of the moment, whatever was spoken when they began."""

from dataclasses import replace
from datetime import timedelta

import pytest

from sems_tray.alerts.model import Kind
from sems_tray.alerts.topics import problems
from sems_tray.alerts.wording import described
from sems_tray.domain.alarm_advice import advice, first_advice
from sems_tray.domain.model import DeviceState, Inverter
from sems_tray.domain.poll_result import PollFailed, Trouble
from tests.kit.readings import HOME, NOW, reading
from tests.kit.speaking import pseudo  # noqa: F401

from .told import FINE, Told

TWO = (
    Inverter(sn="A", state=DeviceState.RUNNING, power_w=1000.0),
    Inverter(sn="B", name="Garage", state=DeviceState.FAULT),
)
BROKEN = reading(inverters=TWO)
REFUSED = PollFailed(trouble=Trouble.REFUSED, detail="Email or password error.")


def retold(told, station=HOME.id, at=NOW):
    """Return title and text of what a restart finds."""
    (topic,) = problems(told.restarted().centre.alerts, station)
    return described(topic, at, "Europe/Amsterdam")


def test_the_second_inverter_is_told_by_its_name_at_any_time():
    told = Told(FINE, BROKEN)
    assert told.titles == ["Inverter Garage has a fault"]
    title, text = retold(told, at=NOW + timedelta(days=1))
    assert title == "Inverter Garage has a fault"
    assert "began at yesterday 11:" in text


def test_what_was_raised_in_english_is_told_and_cleared_as_is_spoken_now(request):
    told = Told(FINE, BROKEN)
    request.getfixturevalue("pseudo")
    title, text = retold(told)
    assert title == "⟦⟦Inverter Garage⟧ has a fault⟧"
    assert text.startswith("⟦The portal gives no name for it; it began at ")
    well = tuple(replace(it, state=DeviceState.RUNNING) for it in TWO)
    told.poll(*[reading(inverters=well)] * 5)
    assert told.notices[-1].kind is Kind.CLEARED
    assert told.notices[-1].title == "⟦⟦Inverter Garage⟧ is well again⟧"


@pytest.mark.usefixtures("pseudo")
def test_a_name_that_says_it_in_the_language_spoken_is_not_said_twice():
    own = replace(TWO[1], name="⟦inverter⟧ south")
    told = Told(FINE, reading(inverters=(TWO[0], own)))
    assert told.titles == ["⟦⟦inverter⟧ south has a fault⟧"]


def test_a_refusal_is_told_at_once_and_in_the_language_spoken_now(request):
    told = Told(FINE, REFUSED)
    (notice,) = told.notices
    assert notice.title == "Sign-in refused"
    assert notice.text == "GoodWe does not accept this account and password."
    request.getfixturevalue("pseudo")
    assert retold(told, "") == (f"⟦{notice.title}⟧", f"⟦{notice.text}⟧")


def test_words_that_an_earlier_version_kept_are_told_as_they_are():
    (topic,) = problems(Told(FINE, REFUSED).centre.alerts, "")
    kept = replace(topic, name="Sign-in refused", detail="In its own words.")
    assert described(kept, NOW, None) == ("Sign-in refused", "In its own words.")


@pytest.mark.usefixtures("pseudo")
def test_advice_is_whole_sentences():
    assert first_advice("Fan failure") == "⟦Look whether something blocks the fan.⟧"
    assert advice("Fan failure").count("⟦") == 2
