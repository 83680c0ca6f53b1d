"""The language that the program speaks: words are asked for here when they are shown.

The English text is the key, as in gettext.  Text in a constant is marked with ``mark``
where it stands and translated with ``tr`` where it is used: the language may change
while the program runs.  What people and programs outside read again (the log, the
diagnostics, exports, JSON keys) stays English.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Protocol

ENGLISH = "en"


class Catalogue(Protocol):
    """What gettext's translations offer."""

    def gettext(self, message: str, /) -> str:
        """Return the translation, or the text itself."""

    def ngettext(self, one: str, many: str, count: int, /) -> str:
        """Return the form for a count."""

    def pgettext(self, context: str, message: str, /) -> str:
        """Return the translation for a context, or the text itself."""


class English:
    """The catalogue of the texts themselves."""

    def gettext(self, message: str, /) -> str:
        """Return the text."""
        return message

    def ngettext(self, one: str, many: str, count: int, /) -> str:
        """Return the form for a count."""
        return one if count == 1 else many

    def pgettext(self, _context: str, message: str, /) -> str:
        """Return the text."""
        return message


@dataclass(frozen=True, slots=True, kw_only=True)
class Forms:
    """How numbers are written: their marks, and degrees Fahrenheit or Celsius.

    ``group`` stands between thousands, in numbers of ``group_from`` digits or more.
    """

    decimal: str = "."
    group: str = ","
    group_from: int = 4
    fahrenheit: bool = False


@dataclass(frozen=True, slots=True)
class Speech:
    """A language with its words and its forms of numbers."""

    language: str
    catalogue: Catalogue
    forms: Forms


_now = Speech(ENGLISH, English(), Forms())


def speak(speech: Speech) -> None:
    """Speak another language from now on, in every thread."""
    global _now  # noqa: PLW0603 (one reference, swapped whole)
    _now = speech


def speech() -> Speech:
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
