"""What the client says of a failed call can be told in every language."""

from __future__ import annotations

import re
from datetime import timedelta
from pathlib import Path

import msgspec
import pytest

import sems_tray.portal
from sems_tray.domain.failures import mishap, sentence
from sems_tray.domain.poll_result import PollFailed, Trouble
from sems_tray.log.redaction import redact
from sems_tray.portal.errors import PortalError
from sems_tray.portal.session import check_signed_in
from sems_tray.portal.wire.envelope import Envelope
from tests.kit.readings import NOW
from tests.kit.speaking import pseudo  # noqa: F401

SOURCES = sorted(Path(sems_tray.portal.__file__).parent.rglob("*.py"))
MARKED = sorted(
    {
        detail
        for path in SOURCES
        for detail in re.findall(r'mark\(\s*"([^"]+)"', path.read_text("utf-8"))
    }
)


def test_the_client_marks_what_it_says():
    assert "no answer in time" in MARKED
    assert "no data in the live power" in MARKED


@pytest.mark.usefixtures("pseudo")
@pytest.mark.parametrize("detail", MARKED)
def test_every_detail_of_ours_is_told_in_the_language_spoken(detail):
    assert mishap(redact(detail)) == f"⟦{detail}⟧"


@pytest.mark.usefixtures("pseudo")
def test_the_portals_own_words_are_told_as_they_are():
    failed = PollFailed(trouble=Trouble.REFUSED, detail="Email or password error.")
    assert sentence(failed).endswith("(Email or password error.)")


@pytest.mark.usefixtures("pseudo")
def test_a_wrong_clock_is_told_in_the_language_spoken():
    three_hours_on = NOW + timedelta(hours=3)
    odd = Envelope(
        code="E1", words="", data=msgspec.Raw(b""), api="", date=three_hours_on
    )
    with pytest.raises(PortalError) as caught:
        check_signed_in(odd, NOW)
    assert caught.value.trouble is Trouble.CLOCK
    failed = PollFailed(trouble=caught.value.trouble, detail=caught.value.detail)
    assert sentence(failed).endswith("(⟦it is ⟦3 h⟧ behind⟧)")
