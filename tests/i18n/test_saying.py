"""Sentences that are English in the log and in the language spoken on the screen."""

from __future__ import annotations

import errno

import pytest

from sems_tray.i18n.language import LocalizedText, reason, reason_inside, refusal, said
from tests.kit.speaking import pseudo  # noqa: F401

FULL = OSError(errno.ENOSPC, "what the system calls it")


def test_a_saying_is_english_text():
    saying = LocalizedText("kept as {file}.", file="settings.json")
    assert saying == "kept as settings.json."
    assert saying.said == saying
    assert said("plain") == "plain"


@pytest.mark.usefixtures("pseudo")
def test_a_saying_is_told_in_the_language_spoken():
    saying = LocalizedText("not saved ({reason}).", reason=refusal(FULL))
    assert saying == "not saved (No space left on device)."
    assert said(saying) == "⟦not saved (⟦No space left on device⟧).⟧"
    assert said("plain") == "plain"


def test_the_disk_refuses_in_words_of_ours():
    assert reason(FULL) == "No space left on device"
    assert reason_inside(FULL) == "no space left on device"
    assert reason(OSError(errno.ELOOP, "Too many links")) == "Too many links"
    assert reason(OSError()) == "the disk reports an error"


@pytest.mark.usefixtures("pseudo")
def test_words_of_other_languages_keep_their_capitals():
    assert reason_inside(FULL) == "⟦No space left on device⟧"
