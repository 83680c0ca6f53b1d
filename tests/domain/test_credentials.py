"""Where the password is: what is said of it, and whether it lasts."""

import pytest

from sems_tray.domain.credentials import PasswordStorage
from tests.kit.speaking import pseudo  # noqa: F401

RUN_ONLY = [it for it in PasswordStorage if it is not PasswordStorage.KEYRING]


def test_a_password_in_the_keyring_lasts():
    assert PasswordStorage.KEYRING.lasts
    assert PasswordStorage.KEYRING.line == "The password is kept in the system keyring."


@pytest.mark.parametrize("storage", RUN_ONLY)
def test_why_a_password_is_not_kept_is_told_as_a_reason(storage):
    why = storage.where.removeprefix("for this run only (").removesuffix(")")
    assert not storage.lasts
    assert f"for this run only, because {why}. You" in storage.line


@pytest.mark.usefixtures("pseudo")
@pytest.mark.parametrize("storage", PasswordStorage)
def test_it_is_told_in_the_language_spoken(storage):
    assert storage.sentence == f"⟦The password is kept {storage.where}.⟧"
    assert all(it.startswith("⟦") for it in storage.line.split("⟧ "))
