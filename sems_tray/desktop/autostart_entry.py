"""An entry among what starts at login."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from shutil import which


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """What is started: a command, and what tells profiles apart, "" by default."""

    command: tuple[str, ...]
    suffix: str = ""
    folder: Path | None = None  # where it starts: a checkout must be importable


def is_there(program: str) -> bool:
    """Say whether a program can be started: by its path, or found by its name."""
    return bool(program) and (Path(program).is_file() or which(program) is not None)
