"""The page "Devices": a card for each inverter, battery, meter and logger."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QPointF, Qt
from PySide6.QtWidgets import QVBoxLayout

from sems_tray.i18n.language import tr, trc
from sems_tray.widgets.cards import Card, CardHead, Facts, Note, paragraph
from sems_tray.widgets.pages import CardPage, discard
from sems_tray.widgets.table import Table
from sems_tray.widgets.theme import STEP, Text

if TYPE_CHECKING:
    from PySide6.QtCore import QPoint
    from PySide6.QtWidgets import QWidget

    from .view_model import DeviceCard, DevicesView


_PAD = 12
_MESSAGE = "message"


class DevicePanel(Card):
    """One device; tables are kept while their number stays."""

    def __init__(self) -> None:
        super().__init__()
        self._card: DeviceCard | None = None
        self._head = CardHead()
        self._trouble = paragraph()
        self._facts = Facts()
        self._tables: list[Table] = []
        self._notes = Note()
        self._box = QVBoxLayout(self)
        self._box.setContentsMargins(_PAD, _PAD, _PAD, _PAD)
        self._box.setSpacing(STEP)
        for part in (self._head, self._trouble, self._facts, self._notes):
            self._box.addWidget(part)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)

    @property
    def copy_text(self) -> str:
        """Everything on the card."""
        return self._card.copy_text if self._card else ""

    @property
    def serial(self) -> str:
        """The whole serial number."""
        return self._card.serial if self._card else ""

    @property
    def tables(self) -> tuple[Table, ...]:
        """The tables as they stand."""
        return tuple(self._tables)

    def show_card(self, card: DeviceCard) -> bool:
        """Show a device; return whether there are more or fewer tables now."""
        if card == self._card:
            return False
        self._card = card
        sub = " · ".join(it for it in (card.model, card.short_serial) if it)
        self._head.show_head(card.title, sub, card.sign)
        state = card.sign.word if card.sign else ""
        whole = (card.title, card.model, card.serial, state)
        self._head.setToolTip("\n".join(dict.fromkeys(it for it in whole if it)))
        self._trouble.setText(card.trouble)
        self._trouble.setVisible(bool(card.trouble))
        self._facts.show_facts(card.facts, old=card.old)
        self._facts.setVisible(bool(card.facts))
        self._notes.show_text("\n".join(card.notes))
        self._notes.setVisible(bool(card.notes))
        changed = self._fit(len(card.grids))
        for table, grid in zip(self._tables, card.grids, strict=True):
            table.show_grid(grid, owner=card.title, old=card.old)
        self.setAccessibleName(card.sentence)
        # Translators: what a screen reader says of the tables "Strings" or "Phases".
        below = tr("{table} below.")
        tables = (below.format(table=it.name) for it in card.grids)
        said = [card.trouble, *card.notes, *tables]
        self.setAccessibleDescription(" ".join(it for it in said if it))
        return changed

    def _fit(self, count: int) -> bool:
        if count == len(self._tables):
            return False
        while len(self._tables) > count:
            discard(self._tables.pop())
        while len(self._tables) < count:
            table = Table()
            self._box.insertWidget(self._box.count() - 1, table)
            self._tables.append(table)
        return True


class DevicesPage(CardPage):
    """Shows a view of the devices."""

    def __init__(self) -> None:
        super().__init__()
        self._view: DevicesView | None = None
        self.setAccessibleName(trc("page", "Devices"))

    def show_view(self, view: DevicesView) -> None:
        """Show a view; what did not change is not painted again."""
        if view == self._view:
            return
        self._view = view
        wanted = [(it.key, DevicePanel) for it in view.cards]
        self.arrange(
            [*([(_MESSAGE, _message)] if view.message else []), *wanted],
        )
        message = self.part(_MESSAGE)
        if isinstance(message, Note):
            message.show_text(view.message)
        changed = False
        for card in view.cards:
            panel = self.part(card.key)
            if isinstance(panel, DevicePanel):
                changed |= panel.show_card(card)
        if changed:
            self.chain()

    def copies(self, under: QWidget | None, point: QPoint) -> list[tuple[str, str]]:
        """Return what can be copied at a point."""
        value = ""
        if isinstance(under, (Table, Facts)):
            value = under.value_at(QPointF(under.mapFrom(self, point)))
        found = [(tr("Copy value"), value)]
        if isinstance(under, Table):
            found.append((tr("Copy table"), under.table_text))
        panel = under
        while panel is not None and not isinstance(panel, DevicePanel):
            panel = panel.parentWidget()
        if panel is not None:
            found.append((tr("Copy serial number"), panel.serial))
            found.append((tr("Copy device"), panel.copy_text))
        return found


def _message() -> Note:
    return Note(Text.BODY)
