"""The one builder of the settings' forms: from rows to fields that save themselves.

A page describes its rows, ``SettingRow``; the form makes the field that a row's kind
needs, shows in it what the settings hold, checks what the owner entered, and saves it.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum, auto
from functools import reduce
from typing import TYPE_CHECKING, Any, Protocol, cast

import msgspec
from PySide6.QtCore import QObject, Signal, Slot
from PySide6.QtWidgets import QButtonGroup

from sems_tray.storage.settings import Settings, changed
from sems_tray.widgets.fields import Choice, CurrencyEdit, NumberEdit, Spin
from sems_tray.widgets.forms import Radio, Row, Switch
from sems_tray.widgets.time_fields import ClockEdit, WeekButtons

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from PySide6.QtCore import SignalInstance
    from PySide6.QtWidgets import QWidget

    from sems_tray.runtime.settings_repository import SettingsRepository
    from sems_tray.widgets.forms import StackedRows


class FieldKind(Enum):
    """What a row is to the eye, and how its field and its setting belong together."""

    SWITCH = auto()  # the setting is a bool
    MEMBER = auto()  # a switch; off while ``value`` is in the setting, a tuple
    RADIO = auto()  # one of several rows; chosen while the setting is ``value``
    CHOICE = auto()  # one of ``options``
    NUMBER = auto()  # a number within the bounds of the setting's type
    OPTIONAL_NUMBER = auto()  # the same, or nothing
    CURRENCY = auto()  # three letters, or nothing
    TIME = auto()  # a time of day, "22:00"
    WEEKDAYS = auto()  # a tuple of weekdays, Monday is 0


@dataclass(frozen=True, slots=True)
class SettingRow:
    """One row of a form.

    ``setting`` is the field of ``Settings``, with dots into its parts.  ``name`` is the
    field's object name, without one the setting's last part.  ``below`` stands under
    the row's words.  While the switch of the setting ``needs`` is off, the row rests.

    ``check`` returns what contradicts another setting: sentences by setting.  Rows with
    the same check are saved together, once nothing is wrong with any of them.
    """

    kind: FieldKind
    setting: str
    label: str
    help: str = ""
    name: str = ""
    value: str = ""
    unit: str = ""
    options: tuple[tuple[str, object], ...] = ()
    check: Callable[[Settings], dict[str, str]] | None = None
    needs: str = ""
    below: SettingRow | None = None


class Field(Protocol):
    """A widget for one value, see ``widgets.fields``."""

    edited: SignalInstance

    def fill(self, value: Any) -> None:  # noqa: ANN401 (each field has its own type)
        """Show a value."""

    def read(self) -> tuple[Any, str]:
        """Return the value that was entered, and why it is none."""


@dataclass(frozen=True, slots=True, eq=False)
class _Entry:
    """A row with its field; switches have no place for what is wrong with them."""

    row: SettingRow
    field: Field
    widget: QWidget

    @property
    def trouble(self) -> str:
        return self.widget.trouble if isinstance(self.widget, Row) else ""

    def show_trouble(self, trouble: str) -> None:
        if isinstance(self.widget, Row):
            self.widget.show_trouble(trouble)

    def troubles(self, settings: Settings) -> dict[str, str]:
        """Return what is wrong with these settings, as far as the row looks."""
        return self.row.check(settings) if self.row.check is not None else {}

    def fill(self, settings: Settings) -> None:
        """Show what the settings hold, and what is wrong with that."""
        value = value_of(settings, self.row.setting)
        match self.row.kind:
            case FieldKind.MEMBER:
                value = self.row.value not in value
            case FieldKind.RADIO:
                value = value == self.row.value
            case _:
                pass
        self.field.fill(value)
        self.show_trouble(self.troubles(settings).get(self.row.setting, ""))

    def apply(self, settings: Settings) -> Settings:
        """Return the settings with what was entered; the caller has asked for it."""
        value, _ = self.field.read()
        match self.row.kind:
            case FieldKind.MEMBER:
                members = set(value_of(settings, self.row.setting)) - {self.row.value}
                value = tuple(sorted(members if value else {*members, self.row.value}))
            case FieldKind.RADIO:
                value = self.row.value
            case _:
                pass
        return with_value(settings, self.row.setting, value)


class Form(QObject):
    """The rows of one page, filled from the settings in force."""

    refused = Signal(object)  # Settings as they would be, but something is wrong

    def __init__(self, repository: SettingsRepository, parent: QObject) -> None:
        super().__init__(parent)
        self._repository = repository
        self._entries: list[_Entry] = []
        self._groups: dict[str, QButtonGroup] = {}  # of radio buttons, by setting
        repository.changed.connect(self._on_changed)

    @property
    def rows(self) -> tuple[SettingRow, ...]:
        """The rows that were built."""
        return tuple(it.row for it in self._entries)

    def build(self, row: SettingRow) -> QWidget:
        """Return the widget of a row, filled."""
        name = row.name or row.setting.rpartition(".")[2]
        field: QWidget
        widget: Switch | Radio | Row
        match row.kind:
            case FieldKind.SWITCH | FieldKind.MEMBER:
                field = widget = Switch(name, row.label, row.help)
            case FieldKind.RADIO:
                group = self._groups.setdefault(row.setting, QButtonGroup(self))
                field = widget = Radio(name, row.label, row.help, group)
            case _:
                field = _FIELDS[row.kind](row, name)
                widget = Row(row.label, field, row.help)
        if row.below is not None and isinstance(widget, Switch):
            widget.add_below(self.build(row.below))
        entry = _Entry(row, cast("Field", field), widget)
        entry.field.edited.connect(self._on_edited)
        self._entries.append(entry)
        entry.fill(self._repository.settings)
        self._update_enabled()
        return widget

    def replace(self, place: StackedRows, rows: Iterable[SettingRow]) -> None:
        """Show these rows at a place where rows come and go, and no others."""
        self._entries = [
            it for it in self._entries if not place.isAncestorOf(it.widget)
        ]
        place.fill([self.build(it) for it in rows])

    def fill(self) -> None:
        """Show the settings in force; what was half entered is dropped."""
        for entry in self._entries:
            entry.fill(self._repository.settings)
        self._update_enabled()

    def _update_enabled(self) -> None:
        """Let rows rest whose switch is off."""
        is_on = {
            it.row.setting: it.field.read()[0]
            for it in self._entries
            if it.row.kind is FieldKind.SWITCH
        }
        for entry in self._entries:
            if entry.row.needs:
                entry.widget.setEnabled(is_on.get(entry.row.needs, True))

    @Slot(object, object)
    def _on_changed(self, before: Settings, after: Settings) -> None:
        """Fill the fields whose setting changed: in others somebody may be typing."""
        for entry in self._entries:
            setting = entry.row.setting
            if value_of(before, setting) != value_of(after, setting):
                entry.fill(after)
        self._update_enabled()

    @Slot()
    def _on_edited(self) -> None:
        """Check what was entered, with all that is checked with it, and save it."""
        field: object = self.sender()
        edited = next(it for it in self._entries if it.field is field)
        setting, check = edited.row.setting, edited.row.check
        group = [
            it
            for it in self._entries
            if it is edited or (check is not None and it.row.check is check)
        ]
        self._update_enabled()
        unreadable = {it.row.setting: it.field.read()[1] for it in group}
        edited.show_trouble(unreadable[setting])
        if any(unreadable.values()):
            return
        settings = self._repository.settings
        for it in group:
            settings = it.apply(settings)
        troubles = edited.troubles(settings)
        for it in group:
            # It is said where it was made; elsewhere only if it is seen nowhere else.
            if it is edited or it.trouble or setting not in troubles:
                it.show_trouble(troubles.get(it.row.setting, ""))
        if troubles:
            self.refused.emit(settings)
        else:
            self._repository.save(settings)


# A setting by its name: "motion", or "alerts.quiet.on".


def value_of(settings: Settings, setting: str) -> Any:  # noqa: ANN401 (any setting)
    """Return the value of a setting."""
    return reduce(getattr, setting.split("."), settings)


def with_value(settings: Settings, setting: str, value: object) -> Settings:
    """Return the settings with another value of one of them."""
    inside, _, name = setting.rpartition(".")
    if not inside:
        return changed(settings, **{name: value})
    part: msgspec.Struct = value_of(settings, inside)
    return with_value(settings, inside, changed(part, **{name: value}))


def bounds_of(setting: str) -> tuple[float, float]:
    """Return the least and the greatest number that a setting's type allows."""
    kind: msgspec.inspect.Type = msgspec.inspect.type_info(Settings)
    for name in setting.split("."):
        assert isinstance(kind, msgspec.inspect.StructType)  # noqa: S101 (for mypy)
        kind = next(it.type for it in kind.fields if it.name == name)
    kinds = kind.types if isinstance(kind, msgspec.inspect.UnionType) else (kind,)
    number = next(it for it in kinds if isinstance(it, msgspec.inspect.FloatType))
    if number.ge is None or number.le is None:
        raise TypeError(f"{setting} has no bounds")
    return number.ge, number.le


# The fields of the rows that have their words beside them.
_FIELDS: dict[FieldKind, Callable[[SettingRow, str], QWidget]] = {
    FieldKind.CHOICE: lambda row, name: Choice(name, row.options),
    FieldKind.NUMBER: lambda row, name: Spin(name, *bounds_of(row.setting), row.unit),
    FieldKind.OPTIONAL_NUMBER: lambda row, name: NumberEdit(
        name, *bounds_of(row.setting)
    ),
    FieldKind.CURRENCY: lambda _, name: CurrencyEdit(name),
    FieldKind.TIME: lambda _, name: ClockEdit(name),
    FieldKind.WEEKDAYS: lambda _, name: WeekButtons(name),
}
