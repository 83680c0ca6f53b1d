"""One large JSON object, read piece by piece."""

from __future__ import annotations

import json
import re
from typing import TYPE_CHECKING, NoReturn

from sems_tray.i18n.language import tr

from .import_model import CUT_SHORT, FOREIGN, BadExportError

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator


_SPACE = re.compile(r"[ \t\r\n]*")
# A row with its 256 inverters has a tenth of it.
_MOST_CHARACTERS = 1_000_000
_DELIMITERS = frozenset(" \t\r\n,:]}")


def _broken() -> str:
    return tr("it is no proper JSON")


def _refuse(word: str) -> NoReturn:
    raise ValueError(word)


_DECODER = json.JSONDecoder(parse_constant=_refuse)


class JsonStream:
    """Takes an object apart; raises BadExportError with the line."""

    def __init__(self, chunks: Iterable[str]) -> None:
        self._chunks = iter(chunks)
        self._buffer, self._at = "", 0
        self._before = 1  # the line at which the buffer begins
        self._seen_key = False

    @property
    def line(self) -> int:
        """The line of what comes next."""
        return self._before + self._buffer.count("\n", 0, self._at)

    def take(self, wanted: str) -> None:
        """Take one character that must come next."""
        found = self._peek()
        if found != wanted:
            self._fail(FOREIGN if found else CUT_SHORT)
        self._at += 1

    def key(self) -> str | None:
        """Take the next key of the object; None at its end."""
        if self._peek() == "}":
            self._at += 1
            return None
        if self._seen_key:
            self.take(",")
        self._seen_key = True
        found = self.value()
        if not isinstance(found, str):
            self._fail(FOREIGN)
        self.take(":")
        return found

    def value(self) -> object:
        """Take a whole value."""
        self._peek()
        while True:
            try:
                value, end = _DECODER.raw_decode(self._buffer, self._at)
            except json.JSONDecodeError as exc:
                if not self._more():
                    self._fail(CUT_SHORT if self._unfinished(exc) else _broken())
            except (ValueError, RecursionError):
                self._fail(_broken())
            else:
                # A number may go on in the next chunk.
                if self._buffer[end : end + 1] in _DELIMITERS or not self._more():
                    self._at = end
                    return value

    def values(self) -> Iterator[object]:
        """Take the elements of an array, one by one."""
        self.take("[")
        if self._peek() == "]":
            self._at += 1
            return
        while True:
            yield self.value()
            if self._peek() == "]":
                self._at += 1
                return
            self.take(",")

    def end(self) -> None:
        """Make sure that nothing follows."""
        if self._peek():
            self._fail(tr("something follows the end of the export"))

    def _peek(self) -> str:
        """Skip space; return the next character, "" at the end."""
        while True:
            found = _SPACE.match(self._buffer, self._at)
            self._at = self._at if found is None else found.end()
            if self._at < len(self._buffer):
                return self._buffer[self._at]
            if not self._more():
                return ""

    def _more(self) -> bool:
        if len(self._buffer) - self._at > _MOST_CHARACTERS:
            return False
        chunk = next(self._chunks, "")
        if chunk:
            self._before = self.line
            self._buffer, self._at = self._buffer[self._at :] + chunk, 0
        return bool(chunk)

    def _unfinished(self, exc: json.JSONDecodeError) -> bool:
        """Say whether a value that cannot be read only lacks its end."""
        if len(self._buffer) - self._at > _MOST_CHARACTERS:
            return False
        reached = exc.pos >= len(self._buffer.rstrip())
        return reached or exc.msg.startswith("Unterminated")

    def _fail(self, reason: str) -> NoReturn:
        raise BadExportError(reason, self.line)
