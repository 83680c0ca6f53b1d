"""A notification as it is shown, whoever shows it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from sems_tray.alerts.model import Level


@dataclass(frozen=True, slots=True, kw_only=True)
class Notification:
    """What is shown; it replaces the bubble of the same key."""

    key: str
    title: str
    text: str
    level: Level
    buttons: tuple[Button, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Button:
    """What can be done at once; ``default`` is the id of the bubble itself."""

    id: str
    label: str
