"""Files that are written whole or not at all, and files that are read as ours."""

from __future__ import annotations

import codecs
import os
import secrets
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import TYPE_CHECKING, BinaryIO

from sems_tray.core.importing import FOREIGN, BadExportError
from sems_tray.core.importing_csv import read_csv
from sems_tray.core.importing_json import read_json

if TYPE_CHECKING:
    from collections.abc import Iterator

    from sems_tray.core.importing import Export

_CHUNK = 64 * 1024
_LONGEST_LINE = 1024 * 1024


@contextmanager
def whole_file(path: Path) -> Iterator[BinaryIO]:
    """Give a file that takes its name when all is written. Raises OSError.

    Whatever ends the writing, the name stands for what it stood for before.
    """
    # A link stays a link; a device or a pipe cannot be replaced.
    path = Path(os.path.realpath(path))
    if path.exists() and not path.is_file():
        with path.open("wb") as file:
            yield file
        return
    part = path.with_name(f".sems-tray-{secrets.token_hex(4)}.part")
    with part.open("xb") as file:
        try:
            yield file
            file.flush()
            os.fsync(file.fileno())
        except BaseException:
            with suppress(OSError):
                file.close()  # what could not be written is written again
            part.unlink(missing_ok=True)
            raise
    try:
        with suppress(FileNotFoundError):
            part.chmod(path.stat().st_mode & 0o777)
        part.replace(path)
    except BaseException:
        part.unlink(missing_ok=True)
        raise


@contextmanager
def read_export(path: Path) -> Iterator[Export]:
    """Open an export, CSV or JSON, whatever its name says.

    Raises OSError and, there and while it is read, BadExportError.
    """
    with path.open("rb") as file:
        start = file.read(_CHUNK)
        file.seek(len(codecs.BOM_UTF8) if start.startswith(codecs.BOM_UTF8) else 0)
        if not start.strip():
            raise BadExportError(f"{FOREIGN}: it is empty")
        text = start.removeprefix(codecs.BOM_UTF8).lstrip()
        if b"\0" in start or text.startswith(b"["):
            raise BadExportError(FOREIGN, 1)
        if text.startswith(b"{"):
            yield read_json(_chunks(file))
        else:
            yield read_csv(_lines(file))


def _chunks(file: BinaryIO) -> Iterator[str]:
    decoder = codecs.getincrementaldecoder("utf-8")()
    line = 1
    while True:
        raw = file.read(_CHUNK)
        try:
            text = decoder.decode(raw, final=not raw)
        except UnicodeDecodeError as exc:
            line += exc.object[: exc.start].count(b"\n")
            raise BadExportError("it is no UTF-8 text", line) from exc
        line += text.count("\n")
        if text:
            yield text
        if not raw:
            return


def _lines(file: BinaryIO) -> Iterator[str]:
    count = 0
    while raw := file.readline(_LONGEST_LINE):
        count += 1
        if len(raw) == _LONGEST_LINE:
            raise BadExportError(FOREIGN, count)
        try:
            yield raw.decode("utf-8")
        except UnicodeDecodeError as exc:
            raise BadExportError("it is no UTF-8 text", count) from exc
