"""The state as plain JSON, and back from whatever was found in a file.

Damaged or newer text gives a fresh state that announces nothing of what is already
wrong: it was most likely announced before.
"""

from __future__ import annotations

from dataclasses import fields
from datetime import UTC, datetime
from typing import TYPE_CHECKING, TypeVar

from .model import Kind, Level, Notice, Rule
from .topics import AlertState, Memory, Topic

if TYPE_CHECKING:
    from collections.abc import Callable


VERSION = 1
# Fields that came later: text of an earlier version lacks them.
_ADDED = frozenset(
    {
        "device",
        "ids",
        "pause_s",
        "worked",
        "rest_at",
        "low_at",
        "produced_at",
        "nothing_at",
    }
)
Json = dict[str, object]
T = TypeVar("T", Topic, Memory, Notice)


def to_json(state: AlertState) -> Json:
    """Return the state as values that ``json`` can write."""
    return {
        "version": VERSION,
        "adopting": state.adopting,
        "memories": [
            _plain(memory) | {"topics": [_plain(topic) for topic in memory.topics]}
            for memory in state.memories
        ],
    }


def from_json(found: object) -> AlertState:
    """Return the state that was kept; a fresh one if there was none or it is damaged.

    ``None`` stands for the first start ever.
    """
    if found is None:
        return AlertState()
    try:
        whole = _mapping(found)
        if _number(whole["version"]) != VERSION:
            return AlertState(adopting=True)
        memories = tuple(_memory(it) for it in _list(whole["memories"]))
        return AlertState(memories=memories, adopting=_truth(whole["adopting"]))
    except (KeyError, TypeError, ValueError, OverflowError):
        return AlertState(adopting=True)


def notice_to_json(notice: Notice) -> Json:
    """Return a notice as values that ``json`` can write."""
    return _plain(notice)


def notice_from_json(found: object) -> Notice:
    """Return a notice; raises KeyError, TypeError or ValueError for what is none."""
    return _value(Notice, _mapping(found))


def _memory(found: object) -> Memory:
    plain = _mapping(found)
    topics = tuple(_value(Topic, _mapping(it)) for it in _list(plain["topics"]))
    return _value(Memory, {k: v for k, v in plain.items() if k != "topics"}, topics)


def _value(cls: type[T], plain: Json, topics: tuple[Topic, ...] = ()) -> T:
    values: dict[str, object] = {
        field.name: _READ[str(field.type)](plain[field.name])
        for field in fields(cls)
        if field.name != "topics"
        and not (field.name in _ADDED and field.name not in plain)
    }
    if cls is Memory:
        values["topics"] = topics
    return cls(**values)  # type: ignore[arg-type]  # each was read as its type says


def _plain(value: Topic | Memory | Notice) -> Json:
    return {
        field.name: _written(getattr(value, field.name))
        for field in fields(value)
        if field.name != "topics"
    }


def _written(value: object) -> object:
    if isinstance(value, datetime):
        return value.astimezone(UTC).isoformat()
    if isinstance(value, Level):
        return int(value)
    if isinstance(value, (Rule, Kind)):
        return value.value
    return list(value) if isinstance(value, tuple) else value


def _mapping(found: object) -> Json:
    if not isinstance(found, dict):
        raise TypeError("not an object")
    return found


def _list(found: object) -> list[object]:
    if not isinstance(found, list):
        raise TypeError("not a list")
    return found


def _text(found: object) -> str:
    if not isinstance(found, str):
        raise TypeError("not a text")
    return found


def _truth(found: object) -> bool:
    if not isinstance(found, bool):
        raise TypeError("not true or false")
    return found


def _number(found: object) -> float:
    if isinstance(found, bool) or not isinstance(found, (int, float)):
        raise TypeError("not a number")
    if not -1e15 < found < 1e15:  # noqa: PLR2004 (keeps out NaN and infinities too)
        raise ValueError("no sensible number")
    return found


def _time(found: object) -> datetime:
    at = datetime.fromisoformat(_text(found))
    if at.tzinfo is None:
        raise ValueError("a time without a zone")
    return at.astimezone(UTC)


def _or_none(
    read: Callable[[object], object],
) -> Callable[[object], object]:
    return lambda found: None if found is None else read(found)


_READ: dict[str, Callable[[object], object]] = {
    "str": _text,
    "bool": _truth,
    "int": lambda found: int(_number(found)),
    "float": lambda found: float(_number(found)),
    "float | None": _or_none(_number),
    "datetime": _time,
    "datetime | None": _or_none(_time),
    "str | None": _or_none(_text),
    "tuple[str, ...]": lambda found: tuple(_text(it) for it in _list(found)),
    "Rule": lambda found: Rule(_text(found)),
    "Kind": lambda found: Kind(_text(found)),
    "Level": lambda found: Level(int(_number(found))),
}
