"""The language that the program speaks: words are asked for here when they are shown.

The English text is the key, as in gettext.  Text in a constant is marked with ``mark``
where it stands and translated with ``tr`` where it is used: the language may change
while the program runs.  What people and programs outside read again (the log, the
diagnostics, exports, JSON keys) stays English.
"""

from __future__ import annotations

import errno
from dataclasses import dataclass
from gettext import NullTranslations
from typing import Self

ENGLISH = "en"


@dataclass(frozen=True, slots=True, kw_only=True)
class NumberFormat:
    """How numbers are written: their marks, and degrees Fahrenheit or Celsius.

    ``group`` stands between thousands, in numbers of ``group_from`` digits or more.
    """

    decimal: str = "."
    group: str = ","
    group_from: int = 4
    fahrenheit: bool = False


@dataclass(frozen=True, slots=True)
class Locale:
    """A language with its words and its forms of numbers.

    The catalogue of gettext that translates nothing is that of English.
    """

    language: str
    catalogue: NullTranslations
    forms: NumberFormat


_now = Locale(ENGLISH, NullTranslations(), NumberFormat())


def set_locale(locale: Locale) -> None:
    """Speak another language from now on, in every thread."""
    global _now  # noqa: PLW0603 (one reference, swapped whole)
    _now = locale


def current_locale() -> Locale:
    """Return what is spoken now."""
    return _now


def tr(text: str, /) -> str:
    """Return a text in the language spoken."""
    return _now.catalogue.gettext(text) if text else ""  # gettext's "" is its header


def trn(one: str, many: str, count: int, /) -> str:
    """Return the form for a count, "{count}" still in it."""
    return _now.catalogue.ngettext(one, many, count)


def trc(context: str, text: str, /) -> str:
    """Return a text that means different things in different places."""
    return _now.catalogue.pgettext(context, text)


def mark(text: str, /) -> str:
    """Mark the text of a constant, to be translated with ``tr`` where it is used."""
    return text


def markc(_context: str, text: str, /) -> str:
    """Mark the text of a constant, to be translated with ``trc`` where it is used."""
    return text


# Sentences that the log keeps in English and the owner reads in another language.
#
# Also the reasons why the disk refuses: the system's words for those follow the
# system's language, or none, so the usual ones are told in ours.


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


class LocalizedText(str):
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
    return text.said if isinstance(text, LocalizedText) else text


def refusal(exc: OSError) -> str:
    """Return why the disk refuses: "No space left on device", a saying if known."""
    known = _REASONS.get(exc.errno or 0)
    return (
        LocalizedText(known)
        if known
        else exc.strerror or str(exc) or LocalizedText(_ODD)
    )


def reason(exc: OSError) -> str:
    """Return why the disk refuses, in the language spoken."""
    return said(refusal(exc))


def reason_inside(exc: OSError) -> str:
    """Return why the disk refuses, within a sentence: "no space left on device"."""
    found = reason(exc)
    # Other languages have words that keep their capital.
    return found.lower() if current_locale().language == ENGLISH else found


def _said(value: object) -> object:
    return value.said if isinstance(value, LocalizedText) else value
