"""Stories as they are written, line by line; what they mean is the teller's."""

from __future__ import annotations

import re
import shlex
from dataclasses import dataclass, field
from datetime import time

_TIME = re.compile(r"(next day )?(\d\d:\d\d)(?: (.*))?")
_EXPECTED = re.compile(r"-> (?:(\d\d:\d\d) )?(.+)")
_TRAY = re.compile(r'tray: "(.+)"')
_ABOUT = re.compile(r"(date|place|inverters|battery|usual|charge): (.+)")
_STORY = re.compile(r"story: (.+)")


@dataclass
class Line:
    """One line of a story and what is expected below it."""

    number: int
    next_day: bool
    clock: time
    what: str
    expected: list[tuple[int, str | None, list[str]]] = field(default_factory=list)
    tray: str | None = None


@dataclass
class Story:
    title: str
    about: dict[str, str] = field(default_factory=dict)
    lines: list[Line] = field(default_factory=list)


def parse(text: str) -> list[Story]:
    """Return the stories of a file; ValueError names a line that is none."""
    stories: list[Story] = []
    for number, raw in enumerate(text.splitlines(), start=1):
        line = raw.partition("#")[0].strip()
        if line:
            try:
                _put(stories, number, line)
            except (ValueError, IndexError) as exc:
                raise ValueError(f"line {number}: {raw!r}: {exc}") from exc
    return stories


def _put(stories: list[Story], number: int, line: str) -> None:
    if found := _STORY.fullmatch(line):
        stories.append(Story(found[1]))
    elif found := _ABOUT.fullmatch(line):
        if stories[-1].lines:
            raise ValueError("this belongs before the first time")
        stories[-1].about[found[1]] = found[2]
    elif found := _TIME.fullmatch(line):
        clock = time.fromisoformat(found[2])
        told = Line(number, bool(found[1]), clock, found[3] or "ok")
        stories[-1].lines.append(told)
    elif found := _EXPECTED.fullmatch(line):
        words = shlex.split(found[2], posix=True)
        stories[-1].lines[-1].expected.append((number, found[1], words))
    elif found := _TRAY.fullmatch(line):
        stories[-1].lines[-1].tray = found[1]
    else:
        raise ValueError("neither a time, an expectation nor a heading")
