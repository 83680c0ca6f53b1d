"""Where the password is kept, in words.

Whoever keeps it says so in English, "in the system keyring"; that text is the key to
what is shown, and tells whether the next start finds the password.
"""

from __future__ import annotations

from sems_tray.core.language import mark, tr

_RUN_ONLY = "for this run only"
# Translators: completes "The password is kept {where}."
_WHERE = (
    mark("in the system keyring"),
    mark("for this run only (a demo leaves no trace)"),
    mark("for this run only (the keyring did not keep it)"),
    mark("for this run only (the keyring is locked)"),
    mark("for this run only (the keyring refused it)"),
    mark("for this run only (this system has no keyring)"),
    mark("for this run only (the keyring does not work)"),
)
_BECAUSE = {
    "for this run only (a demo leaves no trace)": mark(
        "The password is kept for this run only, because a demo leaves no trace."
    ),
    "for this run only (the keyring did not keep it)": mark(
        "The password is kept for this run only, because the keyring did not keep it."
    ),
    "for this run only (the keyring is locked)": mark(
        "The password is kept for this run only, because the keyring is locked."
    ),
    "for this run only (the keyring refused it)": mark(
        "The password is kept for this run only, because the keyring refused it."
    ),
    "for this run only (this system has no keyring)": mark(
        "The password is kept for this run only, because this system has no keyring."
    ),
    "for this run only (the keyring does not work)": mark(
        "The password is kept for this run only, because the keyring does not work."
    ),
}


def is_lasting(kept: str) -> bool:
    """Say whether the password is still known at the next start."""
    return not _key(kept).startswith(_RUN_ONLY)


def kept_sentence(kept: str) -> str:
    """Return where the password is, as a sentence."""
    return tr("The password is kept {where}.").format(where=tr(_key(kept)))


def kept_line(kept: str) -> str:
    """Return where the password is, and what that means for the next start."""
    if is_lasting(kept):
        return kept_sentence(kept)
    why = _BECAUSE.get(_key(kept))
    line = kept_sentence(kept) if why is None else tr(why)
    return " ".join((line, tr("You will be asked for it at the next start.")))


def _key(kept: str) -> str:
    """Return the English words; some other part may have translated them already."""
    return next((it for it in _WHERE if kept in {it, tr(it)}), kept)
