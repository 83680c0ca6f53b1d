"""What stands in the way, in words: each trouble, and each cause of one."""

import pytest
from hypothesis import given

from sems_tray.domain.failures import (
    Action,
    FailureCause,
    is_told_at_once,
    mishap,
    sentence,
    words,
)
from sems_tray.domain.poll_result import PollFailed, Trouble
from tests.kit.readings import any_failures
from tests.kit.speaking import pseudo  # noqa: F401

SAID = {
    "refused": (3, Action.SIGN_IN),
    "sign_in": (3, Action.SIGN_IN),
    "agreement": (3, Action.OPEN_PORTAL),
    "mfa": (3, Action.SIGN_IN),
    "clock": (3, Action.RETRY),
    "no_station": (3, Action.CHOOSE_STATION),
    "offline": (4, Action.RETRY),
    "unreachable": (4, Action.RETRY),
    "portal_changed": (5, None),
    "unreadable": (5, Action.RETRY),
    "throttled": (6, None),
}
USUAL = words(Trouble.UNREACHABLE).sentence


def told(detail, trouble=Trouble.UNREACHABLE):
    return sentence(PollFailed(trouble=trouble, detail=detail))


def test_every_trouble_has_the_exit_code_of_the_design_and_the_action_that_helps():
    found = {it.value: (words(it).exit_code, words(it).action) for it in Trouble}
    assert found == SAID


@pytest.mark.parametrize("trouble", Trouble)
def test_what_asks_for_the_owner_or_a_pause_is_told_at_once(trouble):
    assert is_told_at_once(trouble) is (SAID[trouble][0] in {3, 6})


@pytest.mark.parametrize("trouble", Trouble)
def test_every_trouble_speaks_in_full_sentences(trouble):
    said = words(trouble)
    assert said.sentence.endswith(".")
    assert "\n" not in said.sentence
    assert 0 < len(said.title) <= 30
    assert not said.title.endswith(".")


def test_no_two_troubles_or_causes_sound_the_same():
    assert len({words(it).title for it in Trouble}) == len(Trouble)
    everything = {words(it).sentence for it in Trouble} | set(map(told, FailureCause))
    assert len(everything) == len(Trouble) + len(FailureCause)


def test_the_portals_own_words_follow_ours():
    assert told(" Email or\n password error. ", Trouble.REFUSED) == (
        "GoodWe does not accept this account and password. (Email or password error.)"
    )
    assert told("", Trouble.SIGN_IN) == "Sign in with your SEMS account."


@given(any_failures)
def test_a_sentence_is_one_line_that_commands_no_terminal(failed):
    line = sentence(failed)
    assert line.startswith(words(failed.trouble).sentence)
    assert all(char.isprintable() or ord(char) > 0x9F for char in line)
    line.encode()


@pytest.mark.parametrize("cause", FailureCause)
def test_each_cause_has_a_sentence_of_its_own(cause):
    text = told(cause)
    assert text.endswith(".")
    assert USUAL not in text
    assert cause not in text
    assert ": " not in cause
    assert told(f"{cause}: proxy.example") == f"{text} (proxy.example)"


@pytest.mark.parametrize("detail", ["", "no connection", "HTTP 502", "a: b"])
def test_other_details_follow_the_usual_sentence(detail):
    assert told(detail) == (f"{USUAL} ({detail})" if detail else USUAL)


def test_the_portals_own_words_are_no_cause_of_another_trouble():
    said = told(FailureCause.PROXY_SILENT, Trouble.REFUSED)
    assert said.startswith(words(Trouble.REFUSED).sentence)


@pytest.mark.parametrize("cause", FailureCause)
def test_a_cause_is_told_in_the_language_spoken(cause, request):
    assert mishap(f"{cause}: proxy.example") == f"{cause}: proxy.example"
    request.getfixturevalue("pseudo")
    assert mishap(cause) == f"⟦{cause}⟧"
    assert mishap(f"{cause}: proxy.example") == f"⟦⟦{cause}⟧: proxy.example⟧"


@pytest.mark.usefixtures("pseudo")
@pytest.mark.parametrize(
    ("detail", "text"),
    [
        ("", ""),
        ("HTTP 503", "HTTP 503"),
        ("The portal's own words.", "The portal's own words."),
        ("it is 3 h behind", "⟦it is 3 h behind⟧"),
        ("it is 3 h ahead", "⟦it is 3 h ahead⟧"),
    ],
)
def test_a_wrong_clock_is_told_and_what_nobody_knows_here_stays(detail, text):
    assert mishap(detail) == text
