"""What stands in the way of GoodWe speaks for itself."""

import pytest

from sems_tray.domain.failures import FailureCause, sentence, words
from sems_tray.domain.poll_result import PollFailed, Trouble

USUAL = words(Trouble.UNREACHABLE).sentence


def told(detail, trouble=Trouble.UNREACHABLE):
    return sentence(PollFailed(trouble=trouble, detail=detail))


@pytest.mark.parametrize("cause", FailureCause)
def test_each_cause_has_a_sentence_of_its_own(cause):
    text = told(cause)
    assert text.endswith(".")
    assert "\n" not in text
    assert USUAL not in text
    assert cause not in text
    assert ": " not in cause


def test_no_two_causes_sound_the_same():
    assert len({told(cause) for cause in FailureCause}) == len(FailureCause)


def test_what_names_a_cause_more_closely_follows():
    assert told(f"{FailureCause.CERTIFICATES}: SSL_CERT_FILE").endswith(
        ". (SSL_CERT_FILE)"
    )


@pytest.mark.parametrize("detail", ["", "no connection", "HTTP 502", "a: b"])
def test_other_details_follow_the_usual_sentence(detail):
    assert told(detail) == (f"{USUAL} ({detail})" if detail else USUAL)


def test_the_portals_own_words_are_no_cause_of_another_trouble():
    said = told(FailureCause.PROXY_SILENT, Trouble.REFUSED)
    assert said.startswith(words(Trouble.REFUSED).sentence)
