"""Sentences that the log keeps in English and the owner reads in another language.

Also the reasons why the disk refuses: the system's words for those follow the system's
language, or none, so the usual ones are told in ours.
"""

from __future__ import annotations

import errno
from typing import Self

from .language import ENGLISH, mark, speech, tr

_REASONS = {
    errno.ENOSPC: mark("No space left on device"),
    errno.EDQUOT: mark("Disk quota exceeded"),
    errno.EACCES: mark("Permission denied"),
    errno.EPERM: mark("Operation not permitted"),
    errno.EROFS: mark("Read-only file system"),
    errno.EIO: mark("Input/output error"),
    errno.ENOENT: mark("No such file or directory"),
    errno.EEXIST: mark("File exists"),
    errno.EISDIR: mark("Is a directory"),
    errno.ENOTDIR: mark("Not a directory"),
    errno.EFBIG: mark("File too large"),
    errno.ENAMETOOLONG: mark("File name too long"),
}
_ODD = mark("the disk reports an error")


class Saying(str):
    """An English sentence; ``said`` is the same in the language spoken.

    ``text`` is marked for translation; ``values``, sayings among them, fill it in.
    """

    __slots__ = ("_text", "_values")

    _text: str
    _values: dict[str, object]

    def __new__(cls, text: str, **values: object) -> Self:
        """Return the sentence, filled in."""
        it = super().__new__(cls, text.format(**values))
        it._text, it._values = text, values
        return it

    @property
    def said(self) -> str:
        """The sentence in the language spoken."""
        values = {name: _said(it) for name, it in self._values.items()}
        return tr(self._text).format(**values)


def said(text: str) -> str:
    """Return a text in the language spoken, if it knows itself in others."""
    return text.said if isinstance(text, Saying) else text


def refusal(exc: OSError) -> str:
    """Return why the disk refuses: "No space left on device", a saying if known."""
    known = _REASONS.get(exc.errno or 0)
    return Saying(known) if known else exc.strerror or str(exc) or Saying(_ODD)


def reason(exc: OSError) -> str:
    """Return why the disk refuses, in the language spoken."""
    return said(refusal(exc))


def reason_inside(exc: OSError) -> str:
    """Return why the disk refuses, within a sentence: "no space left on device"."""
    found = reason(exc)
    # Other languages have words that keep their capital.
    return found.lower() if speech().language == ENGLISH else found


def _said(value: object) -> object:
    return value.said if isinstance(value, Saying) else value
