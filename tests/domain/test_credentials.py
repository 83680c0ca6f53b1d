"""Where the password is: what is said of it, and whether it lasts."""

from __future__ import annotations

import pytest

from sems_tray.domain.credentials import PasswordStorage
from tests.kit.speaking import pseudo  # noqa: F401

RUN_ONLY = [it for it in PasswordStorage if it is not PasswordStorage.KEYRING]


def test_it_says_where_the_password_is():
    assert PasswordStorage.KEYRING.lasts
    assert PasswordStorage.KEYRING.line == "The password is kept in the system keyring."
    assert PasswordStorage.NO_KEYRING.sentence == (
        "The password is kept for this run only (this system has no keyring)."
    )
    assert PasswordStorage.NO_KEYRING.line == (
        "The password is kept for this run only, because this system has no keyring."
        " You will be asked for it at the next start."
    )


@pytest.mark.parametrize("password_storage", RUN_ONLY)
def test_why_a_password_is_not_kept_is_told_as_a_reason(password_storage):
    why = password_storage.where.removeprefix("for this run only (").removesuffix(")")
    assert not password_storage.lasts
    assert f"for this run only, because {why}. You" in password_storage.line


@pytest.mark.usefixtures("pseudo")
@pytest.mark.parametrize("password_storage", PasswordStorage)
def test_it_is_told_in_the_language_spoken(password_storage):
    assert (
        password_storage.sentence == f"⟦The password is kept {password_storage.where}.⟧"
    )
    for sentence in password_storage.line.split("⟧ "):
        assert sentence.startswith("⟦")
