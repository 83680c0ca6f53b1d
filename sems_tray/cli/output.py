"""Standard streams that take any text, whatever the terminal, open or closed."""

from __future__ import annotations

import codecs
import io
import os
import sys

from sems_tray.i18n.formatting import DASH

_HANDLER = "sems-tray"
# What a terminal without Unicode shows instead; anything else becomes "?".
_PLAIN = {"─": "-", DASH: "-", "…": "...", "°": "", "·": "|", "•": "*"}


def prepare_streams() -> None:
    """Make ``print`` safe: no text and no closed stream may end the program."""
    codecs.register_error(_HANDLER, _plain)
    for name in ("stdout", "stderr"):
        stream = getattr(sys, name)
        if stream is None:  # closed by the caller, or a program without a console
            nowhere = os.open(os.devnull, os.O_WRONLY)
            stream = io.FileIO(nowhere, "w", closefd=False)
            setattr(sys, name, io.TextIOWrapper(stream, encoding="utf-8"))
        elif isinstance(stream, io.TextIOWrapper):
            stream.reconfigure(errors=_HANDLER)


def json_line(value: object) -> str:
    """Return JSON as one line that standard output can carry without loss."""
    from sems_tray.history.transfer.export_formats import json_text

    wide = codecs.lookup(sys.stdout.encoding or "ascii").name == "utf-8"
    return json_text(value, ascii_only=not wide)


def _plain(error: UnicodeError) -> tuple[str, int]:
    if not isinstance(error, UnicodeEncodeError):
        raise error
    lost = error.object[error.start : error.end]
    return "".join(_PLAIN.get(char, "?") for char in lost), error.end
