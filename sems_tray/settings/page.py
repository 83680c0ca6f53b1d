"""A page of the settings: cards of rows under titles, one above the other."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import Slot
from PySide6.QtWidgets import QVBoxLayout, QWidget

from sems_tray.widgets.cards import Card
from sems_tray.widgets.forms import Ink, WrappedLabel
from sems_tray.widgets.scroller import Scroller
from sems_tray.widgets.theme import STEP, Text

from .form import Form, SettingRow

if TYPE_CHECKING:
    from sems_tray.runtime.settings_repository import SettingsRepository
    from sems_tray.storage.settings import Settings

    from .model import SettingsInfo


_MARGIN = 2 * STEP
_GAP = STEP + STEP // 2


class SettingsPage(Scroller):
    """A column of cards that scrolls up and down only."""

    def __init__(self, repository: SettingsRepository) -> None:
        super().__init__()
        self._repository = repository
        self.form = Form(repository, self)
        self.form.refused.connect(self.show_settings)
        self.column.setContentsMargins(_MARGIN, STEP, _MARGIN, _MARGIN)
        self.column.setSpacing(STEP)
        repository.changed.connect(self._on_changed)

    def section(
        self, title: str, *parts: SettingRow | QWidget, about: str = ""
    ) -> QWidget:
        """Add a card under a title; returns both, so that they can be hidden."""
        part = QWidget()
        column = QVBoxLayout(part)
        column.setContentsMargins(0, STEP // 2, 0, STEP // 2)
        column.setSpacing(STEP - 2)
        head = WrappedLabel(title, Ink.PLAIN, Text.STRONG)
        column.addWidget(head)
        column.addWidget(WrappedLabel(about))
        widgets = (
            self.form.build(it) if isinstance(it, SettingRow) else it for it in parts
        )
        card = Card().filled_with(*widgets, margin=_GAP, spacing=_GAP)
        card.setAccessibleName(title)
        column.addWidget(card)
        self.column.addWidget(part)
        return part

    def end(self) -> None:
        """Nothing follows: what room is left stays below."""
        self.column.addStretch(1)
        self.show_settings(self._repository.settings)

    def reset(self) -> None:
        """Show the settings in force; what was half entered is dropped."""
        self.form.fill()
        self.show_settings(self._repository.settings)

    def show_settings(self, settings: Settings) -> None:
        """Show what follows from the settings beside the rows of the form."""

    def show_info(self, info: SettingsInfo) -> None:
        """Show what comes from elsewhere."""

    @Slot(object, object)
    def _on_changed(self, _: Settings, after: Settings) -> None:
        self.show_settings(after)
