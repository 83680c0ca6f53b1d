"""What helpers ask for first, as text to paste and as JSON."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

from .outcome import Trouble
from .words import one_line

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence

SCHEMA = 1
MOST_TROUBLES = 10
# What the program writes into its log, and is read here again.
_LINE = re.compile(r"(\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ) [A-Z]+ \[\d+\] [\w.]+: (.*)")
_TROUBLE = re.compile(r"no reading: (\w+)|(.+) not renewed: (\w+)")
_REQUESTS = re.compile(r"requests today: (\d+)")
_AGAIN = "readings come again"


@dataclass(frozen=True, slots=True, kw_only=True)
class Fact:
    """One thing that was found out, or why it was not."""

    name: str
    value: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Section:
    """Facts that belong together."""

    name: str
    facts: tuple[Fact, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Event:
    """A trouble as the log tells it; ``piece`` is what was not renewed, if a part."""

    at: str
    trouble: str
    piece: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Told:
    """What the log tells of the portal; None is what it does not tell."""

    troubles: tuple[Event, ...] = ()
    recovered_at: str | None = None
    requests_today: int | None = None
    requests_at: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Diagnosis:
    """All that is handed out; ``log`` is None where it cannot be read."""

    at: str
    sections: tuple[Section, ...]
    told: Told
    log: tuple[str, ...]


def unknown(why: str) -> str:
    """Return the value of what could not be found out."""
    return f"unknown ({one_line(why)})"


def told_by(lines: Iterable[str]) -> Told:
    """Read troubles and request counts out of a log's lines, oldest first."""
    troubles: list[Event] = []
    again = count = at = None
    for line in lines:
        found = _LINE.fullmatch(line)
        if found is None:
            continue
        when, said = found.groups()
        if said.endswith(_AGAIN):
            again = when
        elif asked := _REQUESTS.fullmatch(said):
            count, at = int(asked[1]), when
        elif (event := _event(when, said)) is not None:
            troubles.append(event)
    return Told(
        troubles=tuple(troubles[-MOST_TROUBLES:]),
        recovered_at=again,
        requests_today=count,
        requests_at=at,
    )


def _event(when: str, said: str) -> Event | None:
    found = _TROUBLE.fullmatch(said)
    if found is None:
        return None
    trouble = found[1] or found[3]
    if trouble not in {*Trouble}:
        return None
    return Event(at=when, trouble=trouble, piece=found[2] or "")


def to_text(diagnosis: Diagnosis) -> str:
    """Return the diagnosis as lines to paste."""
    lines = [f"SEMS Tray diagnostics, {diagnosis.at}"]
    for section in diagnosis.sections:
        lines += ["", section.name, *_rows(section.facts)]
    lines += ["", "Portal, by the log", *_rows(_facts(diagnosis.told))]
    lines += [
        "",
        "Log, the last lines",
        *(f"  {it}" for it in diagnosis.log or ["none"]),
    ]
    return "\n".join(lines) + "\n"


def to_json(diagnosis: Diagnosis) -> dict[str, object]:
    """Return the diagnosis as a JSON value; the keys are the facts' names."""
    told = diagnosis.told
    return {
        "schema": SCHEMA,
        "at": diagnosis.at,
        **{
            _key(section.name): {_key(it.name): it.value for it in section.facts}
            for section in diagnosis.sections
        },
        "troubles": [
            {"at": it.at, "trouble": it.trouble, "part": it.piece or None}
            for it in told.troubles
        ],
        "recovered_at": told.recovered_at,
        "requests_today": told.requests_today,
        "requests_at": told.requests_at,
        "log": list(diagnosis.log),
    }


def cleaned(diagnosis: Diagnosis, clean: Callable[[str], str]) -> Diagnosis:
    """Return the diagnosis with every value and every line of the log cleaned."""
    return Diagnosis(
        at=diagnosis.at,
        sections=tuple(
            Section(
                name=section.name,
                facts=tuple(
                    Fact(name=it.name, value=one_line(clean(it.value)))
                    for it in section.facts
                ),
            )
            for section in diagnosis.sections
        ),
        told=diagnosis.told,
        log=diagnosis.log,
    )


def _facts(told: Told) -> list[Fact]:
    requests = unknown("the log does not tell")
    if told.requests_today is not None:
        requests = f"{told.requests_today} (told {told.requests_at})"
    rows = [Fact(name="Requests today", value=requests)]
    if not told.troubles:
        rows.append(Fact(name="Last troubles", value="none"))
    for it in told.troubles:
        part = f" ({it.piece})" if it.piece else ""
        rows.append(Fact(name="Trouble", value=f"{it.at} {it.trouble}{part}"))
    if told.recovered_at is not None:
        rows.append(Fact(name="Readings came again", value=told.recovered_at))
    return rows


def _rows(facts: Sequence[Fact]) -> list[str]:
    width = max((len(it.name) for it in facts), default=0) + 1
    return [f"  {it.name + ':':<{width}} {one_line(it.value)}" for it in facts]


def _key(name: str) -> str:
    return re.sub(r"[^a-z0-9]+", "_", name.lower()).strip("_")
