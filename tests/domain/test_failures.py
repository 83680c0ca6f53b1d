import pytest
from hypothesis import given

from sems_tray.domain.failures import Action, is_told_at_once, sentence, words
from sems_tray.domain.poll_result import PollFailed, Trouble
from tests.kit.readings import any_failures

EXIT_CODES = {
    "refused": 3,
    "sign_in": 3,
    "agreement": 3,
    "mfa": 3,
    "clock": 3,
    "no_station": 3,
    "offline": 4,
    "unreachable": 4,
    "portal_changed": 5,
    "unreadable": 5,
    "throttled": 6,
}


def test_the_table_knows_every_trouble_with_the_exit_code_of_the_design():
    assert {it.value: words(it).exit_code for it in Trouble} == EXIT_CODES


def test_what_asks_for_the_owner_or_a_pause_is_told_at_once():
    at_once = {it.value for it in Trouble if is_told_at_once(it)}
    assert at_once == {name for name, code in EXIT_CODES.items() if code in {3, 6}}


@pytest.mark.parametrize("trouble", Trouble)
def test_every_trouble_speaks_in_full_sentences(trouble):
    told = words(trouble)
    assert told.sentence.endswith(".")
    assert "\n" not in told.sentence
    assert 0 < len(told.title) <= 30
    assert not told.title.endswith(".")
    assert told.action is None or isinstance(told.action, Action)


def test_no_two_troubles_sound_the_same():
    assert len({words(it).title for it in Trouble}) == len(Trouble)
    assert len({words(it).sentence for it in Trouble}) == len(Trouble)


@pytest.mark.parametrize(
    ("trouble", "action"),
    [
        (Trouble.REFUSED, Action.SIGN_IN),
        (Trouble.SIGN_IN, Action.SIGN_IN),
        (Trouble.AGREEMENT, Action.OPEN_PORTAL),
        (Trouble.NO_STATION, Action.CHOOSE_STATION),
        (Trouble.OFFLINE, Action.RETRY),
        (Trouble.THROTTLED, None),
        (Trouble.PORTAL_CHANGED, None),
    ],
)
def test_the_action_helps(trouble, action):
    assert words(trouble).action is action


def test_the_portals_own_words_follow_ours():
    refused = PollFailed(trouble=Trouble.REFUSED, detail=" Email or\n password error. ")
    assert sentence(refused) == (
        "GoodWe does not accept this account and password. (Email or password error.)"
    )
    assert sentence(PollFailed(trouble=Trouble.SIGN_IN)) == (
        "Sign in with your SEMS account."
    )


@given(any_failures)
def test_a_sentence_is_one_line_that_commands_no_terminal(failed):
    line = sentence(failed)
    assert line.startswith(words(failed.trouble).sentence)
    assert all(char.isprintable() or ord(char) > 0x9F for char in line)
    line.encode()
