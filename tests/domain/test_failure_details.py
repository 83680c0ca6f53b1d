"""Details of failed calls: known ones in the language spoken, others as they are."""

from __future__ import annotations

import pytest

from sems_tray.domain.failures import FailureCause, mishap
from tests.kit.speaking import pseudo  # noqa: F401


@pytest.mark.parametrize("cause", FailureCause)
def test_english_details_stay_as_they_are(cause):
    assert mishap(f"{cause}: proxy.example") == f"{cause}: proxy.example"


@pytest.mark.usefixtures("pseudo")
@pytest.mark.parametrize("cause", FailureCause)
def test_every_cause_is_told_in_the_language_spoken(cause):
    assert mishap(cause) == f"⟦{cause}⟧"
    assert mishap(f"{cause}: proxy.example") == f"⟦⟦{cause}⟧: proxy.example⟧"


@pytest.mark.usefixtures("pseudo")
@pytest.mark.parametrize("detail", ["", "HTTP 503", "The portal's own words."])
def test_what_is_nobodys_words_here_stays(detail):
    assert mishap(detail) == detail


@pytest.mark.usefixtures("pseudo")
def test_a_wrong_clock_is_told_by_how_much():
    assert mishap("it is 3 h behind") == "⟦it is 3 h behind⟧"
    assert mishap("it is 3 h ahead") == "⟦it is 3 h ahead⟧"
