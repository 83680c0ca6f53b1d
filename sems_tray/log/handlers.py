"""Logging: to a small file, and to the terminal when asked for; always redacted.

What a handler writes is masked as a whole, traceback included: nothing that is logged
gets past it.  Account and password, and whatever else ``hide`` is told, are masked by
value; e-mail addresses, tokens, serial numbers, places and addresses by their looks.
"""

from __future__ import annotations

import logging
import os
import platform
import sys
from contextlib import contextmanager, suppress
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

import sems_tray

if TYPE_CHECKING:
    from collections.abc import Hashable, Iterator
    from pathlib import Path


log = logging.getLogger(__name__)

LOG_NAME = "sems-tray.log"
_FORMAT = "%(asctime)s %(levelname)s %(name)s: %(message)s"
_EVERY_S = timedelta(minutes=15).total_seconds()
_SHORTEST = 3
_hidden: set[str] = set()


def redact_from_now_on(*texts: str | None) -> None:
    """Mask these in every line from now on: an account, a station's name or id."""
    # A shorter one is part of too many words.
    _hidden.update(text for text in texts if text and len(text) >= _SHORTEST)


def redacted(text: str) -> str:
    """Return the text without anything that is secret or personal."""
    # Imported at the first line, not at the start: most runs log little.
    from .redaction import MASK, mask, redact

    for secret in sorted(_hidden, key=len, reverse=True):
        text = text.replace(secret, MASK)  # before a long text is cut
    return redact(mask(text), frozenset(_hidden))


class _Redacting(logging.Formatter):
    """Masks the whole of a record: message, traceback and stack."""

    def format(self, record: logging.LogRecord) -> str:
        return redacted(super().format(record))


class _Brief(_Redacting):
    """One line, no traceback; who knows what an error's own words give away."""

    def format(self, record: logging.LogRecord) -> str:
        kind = record.exc_info[0] if record.exc_info else None
        cause = f" ({kind.__name__}; --verbose tells more)" if kind else ""
        return redacted(f"sems-tray: {record.getMessage()}{cause}")


class _Filed(logging.Formatter):
    """A line of the file: by UTC; what goes on in further lines is indented."""

    def format(self, record: logging.LogRecord) -> str:
        from sems_tray.i18n.formatting import UNSAFE, utc_text

        # The time is no serial number, whatever it looks like.
        at = utc_text(datetime.fromtimestamp(record.created, UTC))
        said = logging.Formatter.format(self, record)
        lines = [UNSAFE.sub(" ", it) for it in redacted(said).splitlines()]
        return f"{at} {record.levelname} [{os.getpid()}] " + "\n  ".join(lines)


class _FileHandler(logging.Handler):
    """Writes to the log; a log that cannot be written is no reason to stop."""

    def __init__(self, path: Path) -> None:
        super().__init__()
        self.file = LogFile(path)

    def emit(self, record: logging.LogRecord) -> None:
        try:
            line = self.format(record)
        except Exception:  # noqa: BLE001 (an odd argument; say that much)
            line = f"a line of {record.name} cannot be written"
        self.file.write(line)


def log_to_stderr(*, verbose: bool) -> None:
    """Send our own records to standard error; without ``verbose`` only what matters.

    The HTTP library is never heard: its lines hold query strings.
    """
    logger = logging.getLogger("sems_tray")
    logger.setLevel(logging.DEBUG if verbose else logging.WARNING)
    logger.propagate = False
    handler = logging.StreamHandler(sys.stderr)
    handler.setFormatter(_Redacting(_FORMAT) if verbose else _Brief())
    logger.handlers = [handler]


def log_to_file(folder: Path, *hidden: str | None) -> None:
    """Write our own records to the profile's log, too, from INFO on.

    ``hidden`` is masked in it by value: see ``hide``.  A demo leaves no trace: do not
    call it there.
    """
    redact_from_now_on(*hidden)
    logger = logging.getLogger("sems_tray")
    before = logger.getEffectiveLevel()
    for other in logger.handlers:  # what is logged for the file is not for the terminal
        other.setLevel(max(other.level, before))
    handler = _FileHandler(log_path(folder))
    handler.setLevel(min(logging.INFO, before))
    handler.setFormatter(_Filed("%(name)s: %(message)s"))
    logger.setLevel(min(logging.INFO, before))
    logger.handlers = [
        known for known in logger.handlers if not isinstance(known, _FileHandler)
    ] + [handler]
    log.info(
        "SEMS Tray %s begins (%s)", sems_tray.__version__, platform.python_version()
    )


def log_path(folder: Path) -> Path:
    """Return where a profile's log is."""
    return folder / LOG_NAME


# A log file of limited size that several programs may write to.
#
# It is opened for every line: nothing is held, so another program (or the owner) may
# rename or delete it at any time.  One write in append mode keeps lines whole.


if sys.platform != "win32":
    import fcntl

LIMIT_BYTES = 500 * 1024
OLD = 2  # with the current one, three
# Never wait: a pipe of that name, or a lock that somebody forgot.
_FLAGS = os.O_WRONLY | os.O_APPEND | os.O_CREAT | getattr(os, "O_NONBLOCK", 0)


class LogFile:
    """Appends lines; what cannot be written is counted, and told when it can again."""

    def __init__(self, path: Path, limit: int = LIMIT_BYTES) -> None:
        self._path = path
        self._limit = limit
        self._lost = 0
        self._why = ""

    def write(self, line: str) -> None:
        """Write a line with its end."""
        text = f"{line}\n"
        if self._lost:
            text = f"[{self._lost} lines were lost: {self._why}]\n{text}"
        try:
            self._append(text.encode("utf-8", "replace"))
        except OSError as exc:
            self._lost += 1
            self._why = exc.strerror or type(exc).__name__
        else:
            self._lost = 0

    def _append(self, raw: bytes) -> None:
        size = self._size()
        most = self._limit - len(raw)
        if size > most and not self._turn(most) and size > 2 * self._limit:
            raise OSError(None, "the log is full and cannot be renamed")
        with self._opened() as file:
            _write_whole(file, raw)

    def _size(self) -> int:
        try:
            return self._path.stat().st_size
        except FileNotFoundError:
            return 0

    @contextmanager
    def _opened(self) -> Iterator[int]:
        try:
            file = os.open(self._path, _FLAGS, 0o600)
        except FileNotFoundError:
            self._path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
            file = os.open(self._path, _FLAGS, 0o600)
        try:
            yield file
        finally:
            os.close(file)

    def _turn(self, most: int) -> bool:
        """Begin a new file, unless another program does or nobody can.

        Then this one grows; the next line tries again.
        """
        try:
            if sys.platform == "win32":  # where an open file cannot be renamed
                self._rename()
                return True
            with self._opened() as file:
                fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
                mine = os.fstat(file)
                # Else another has just done so, before or after it was opened here.
                if mine.st_size > most and os.path.samestat(mine, self._path.stat()):
                    self._rename()
        except OSError:
            return False
        return True

    def _rename(self) -> None:
        names = [self._path, *older(self._path)]
        for old, new in zip(names[:0:-1], names[-2::-1], strict=True):
            with suppress(FileNotFoundError):
                new.replace(old)


def older(path: Path) -> list[Path]:
    """Return the names of the files before this one, the newest first."""
    return [path.with_name(f"{path.name}.{number}") for number in range(1, OLD + 1)]


def last_lines(path: Path, count: int, most_bytes: int = 256 * 1024) -> list[str]:
    """Return the last lines that were written, oldest first. Raises OSError.

    No file is no line.
    """
    lines: list[str] = []
    for file in (path, *older(path)):
        if len(lines) >= count:
            break
        with suppress(FileNotFoundError):
            lines = _tail(file, most_bytes) + lines
    return lines[-count:]


def _tail(path: Path, most_bytes: int) -> list[str]:
    if not path.is_file():
        raise OSError(None, "it is no file") if path.exists() else FileNotFoundError
    with path.open("rb") as file:
        size = file.seek(0, os.SEEK_END)
        start = max(size - most_bytes, 0)
        file.seek(start)
        raw = file.read(most_bytes)
    lines = raw.decode("utf-8", "replace").split("\n")
    return [it for it in lines[1 if start else 0 :] if it]


def _write_whole(file: int, raw: bytes) -> None:
    """Write, and take back what a full disk left half."""
    written = os.write(file, raw)
    if written < len(raw):
        with suppress(OSError):
            os.write(file, b"\n")
        raise OSError(None, "No space left on device")


# Which of many equal events are worth telling: a log is not to be filled by one.


_KINDS_AT_MOST = 500


class Repeats:
    """Counts what happens again and again: the 1st, 10th, 100th … time is told."""

    def __init__(self) -> None:
        self._counts: dict[Hashable, int] = {}

    def count(self, kind: Hashable) -> int | None:
        """Note one more; return how many there were if that is to be told now."""
        if kind not in self._counts and len(self._counts) >= _KINDS_AT_MOST:
            # Ever other ones: forget the oldest, which may be told again.
            del self._counts[next(iter(self._counts))]
        number = self._counts[kind] = self._counts.get(kind, 0) + 1
        return number if str(number).rstrip("0") == "1" else None
