"""The page "Alarms": what holds now, what is over, and what the owner was told."""

from __future__ import annotations

from typing import TYPE_CHECKING, cast

from PySide6.QtCore import QCoreApplication, QEvent, QRectF, Qt, QTimer, Signal, Slot
from PySide6.QtWidgets import QHBoxLayout, QPushButton, QVBoxLayout

from sems_tray.i18n.formatting import labelled
from sems_tray.i18n.language import mark, tr, trc
from sems_tray.widgets.cards import Card, CardHead, Note, paragraph
from sems_tray.widgets.pages import CardPage, copy_text
from sems_tray.widgets.theme import (
    RADIUS,
    STEP,
    ColourRole,
    Text,
    smooth_painter,
    theme_for,
)

if TYPE_CHECKING:
    from collections.abc import Callable

    from PySide6.QtCore import QPoint
    from PySide6.QtGui import QKeyEvent, QMouseEvent, QPaintEvent, QShowEvent
    from PySide6.QtWidgets import QWidget

    from .view_model import AlarmRow, AlarmsView


_PAD = 12
_COPY, _COPIED = mark("Copy for installer"), mark("Copied")
_COPIED_MS = 2000
_LEVELS = 4
# Translators: buttons below an alarm.
_KNOWN, _REMIND = mark("I know of it"), mark("Tell me again")
_KNOWN_TIP = mark("No more notices of it until it changes or is over")
_ALARM, _NOTICE = "alarm ", "notice "


class AlarmPanel(Card):
    """One alarm or notice; what is over is folded until it is asked for."""

    known_wanted = Signal(str, bool)  # alarm id, whether to be silent about it

    def __init__(self) -> None:
        super().__init__()
        self._row: AlarmRow | None = None
        self._open = False
        self._marked = False
        self._head = CardHead(below=True)
        self._text = paragraph()
        self._button = QPushButton(tr(_COPY))
        self._button.setAutoDefault(False)
        self._button.clicked.connect(self.copy_for_installer)
        foot = QHBoxLayout()
        self._known = QPushButton()
        self._known.setObjectName("known")
        self._known.setAutoDefault(False)
        self._known.clicked.connect(self._on_known)
        foot.addWidget(self._button)
        foot.addWidget(self._known)
        foot.addStretch(1)
        box = QVBoxLayout(self)
        box.setContentsMargins(_PAD, _PAD - 2, _PAD, _PAD - 2)
        box.setSpacing(STEP)
        box.addWidget(self._head)
        box.addWidget(self._text)
        box.addLayout(foot)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self._back = QTimer(self)
        self._back.setSingleShot(True)
        self._back.setInterval(_COPIED_MS)
        self._back.timeout.connect(self._on_back)

    @property
    def copy_text(self) -> str:
        """The row as lines."""
        return self._row.copy_text if self._row else ""

    @property
    def installer_text(self) -> str:
        """All that an installer wants to know."""
        return self._row.installer_text if self._row else ""

    @property
    def opened(self) -> bool:
        """Whether the explanation is shown."""
        return self._open or bool(self._row and self._row.active)

    def show_row(self, row: AlarmRow) -> None:
        """Show a row; the same one is not painted again."""
        if row == self._row:
            return
        self._row = row
        self._text.setText(row.explanation)
        self._button.setAccessibleDescription(labelled(tr(_COPY), row.title))
        self.setAccessibleName(row.sentence)
        whole = "\n".join(it for it in (row.title, row.line) if it)
        self._head.setToolTip(whole)
        self._lay_out()

    def set_open(self, *, opened: bool) -> None:
        """Show or hide the explanation."""
        if opened != self._open:
            self._open = opened
            self._lay_out()

    def set_marked(self, *, marked: bool) -> None:
        """Lay a pale ground below: this is the one that was asked for."""
        if marked != self._marked:
            self._marked = marked
            self.update()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Open and close by Return or Space."""
        keys = {Qt.Key.Key_Return, Qt.Key.Key_Enter, Qt.Key.Key_Space}
        if event.key() in keys and self._foldable():
            self.set_open(opened=not self._open)
            return
        super().keyPressEvent(event)

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        """Open and close by a click on the card."""
        within = self.rect().contains(event.position().toPoint())
        left = event.button() is Qt.MouseButton.LeftButton
        if left and within and self._foldable():
            self.set_open(opened=not self._open)
        event.accept()

    def mousePressEvent(self, event: QMouseEvent) -> None:
        """Keep the release for this card."""
        event.accept()

    def paintEvent(self, event: QPaintEvent) -> None:
        """Paint the card, and the ground of a marked one."""
        super().paintEvent(event)
        if self._marked:
            painter = smooth_painter(self)
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(theme_for(self).wash(ColourRole.SOLAR))
            edge = QRectF(self.rect()).adjusted(2, 2, -2, -2)
            painter.drawRoundedRect(edge, RADIUS - 2, RADIUS - 2)
            painter.end()

    @Slot()
    def copy_for_installer(self) -> None:
        """Copy all facts, and say so for a moment."""
        copy_text(self.installer_text)
        self._button.setText(tr(_COPIED))
        self._back.start()

    @Slot()
    def _on_known(self) -> None:
        if self._row is not None:
            self.known_wanted.emit(self._row.id, not self._row.known)

    @Slot()
    def _on_back(self) -> None:
        self._button.setText(tr(_COPY))

    def _foldable(self) -> bool:
        row = self._row
        return row is not None and not row.active and bool(row.explanation)

    def _lay_out(self) -> None:
        row = self._row
        if row is None:
            return
        folded = not self._open if self._foldable() else None
        self._head.show_head(row.title, row.line, row.sign, folded=folded)
        self._text.setVisible(self.opened and bool(row.explanation))
        self._button.setVisible(self.opened and bool(row.installer_text))
        self._known.setVisible(self.opened and row.known is not None)
        self._known.setText(tr(_REMIND if row.known else _KNOWN))
        self._known.setToolTip("" if row.known else tr(_KNOWN_TIP))


class AlarmsPage(CardPage):
    """Shows a view of the alarms, and one of them on demand."""

    known_wanted = Signal(str, bool)  # alarm id, whether to be silent about it

    def __init__(self) -> None:
        super().__init__()
        self._view: AlarmsView | None = None
        self._wanted = ""
        self._chosen: AlarmPanel | None = None
        self.setAccessibleName(trc("page", "Alarms"))

    def show_view(self, view: AlarmsView) -> None:
        """Show a view; what did not change is not painted again."""
        if view == self._view:
            return
        self._view = view
        over = [(_ALARM + it.id, it) for it in view.history]
        told = [(_NOTICE + it.id, it) for it in view.notices]
        contents: list[tuple[str, AlarmRow | str]] = [
            ("message", view.message),
            *((_ALARM + it.id, it) for it in view.active),
            # Translators: a heading above alarms that are over.
            ("earlier", trc("heading", "Earlier") if over else ""),
            *over,
            ("note", view.note),
            ("told", tr("What SEMS Tray told you") if told else ""),
            *told,
        ]
        shown = {key: content for key, content in contents if content}
        self.arrange([(key, _maker(key)) for key in shown])
        for key, content in shown.items():
            part = self.part(key)
            if isinstance(content, str):
                cast("Note", part).show_text(content)
                continue
            panel = cast("AlarmPanel", part)
            panel.show_row(content)
            panel.known_wanted.connect(
                self.known_wanted, Qt.ConnectionType.UniqueConnection
            )
        if self._wanted:
            self.select(self._wanted)

    def select(self, alarm_id: str) -> bool:
        """Open, mark and scroll to an alarm; one that is not there yet is awaited."""
        chosen = self.part(_ALARM + alarm_id)
        self._wanted = "" if chosen is not None else alarm_id
        for panel in self.panels():
            panel.set_marked(marked=panel is chosen)
        if not isinstance(chosen, AlarmPanel):
            return False
        chosen.set_open(opened=True)
        chosen.setFocus(Qt.FocusReason.OtherFocusReason)
        self._chosen = chosen
        QTimer.singleShot(0, self._reveal)
        return True

    def showEvent(self, event: QShowEvent) -> None:
        """Scroll to what was asked for while the page was hidden."""
        super().showEvent(event)
        QTimer.singleShot(0, self._reveal)

    def panels(self) -> tuple[AlarmPanel, ...]:
        """Return the cards from top to bottom."""
        return tuple(it for it in self._parts.values() if isinstance(it, AlarmPanel))

    def copies(self, under: QWidget | None, point: QPoint) -> list[tuple[str, str]]:
        """Return what can be copied at a point."""
        del point
        panel = under
        while panel is not None and not isinstance(panel, AlarmPanel):
            panel = panel.parentWidget()
        found = []
        if panel is not None:
            found.append((trc("menu", "Copy"), panel.copy_text))
            if panel.installer_text:
                found.append((tr(_COPY), panel.installer_text))
        return found

    @Slot()
    def _reveal(self) -> None:
        chosen = self._chosen
        if chosen is None or not self.isVisible():
            return
        self._chosen = None
        if chosen in self.panels():
            # The layout comes first: what was just opened has no height yet, and each
            # level of the page asks the next one for room.
            for _ in range(_LEVELS):
                QCoreApplication.sendPostedEvents(None, QEvent.Type.LayoutRequest)
            self.ensureWidgetVisible(chosen, 0, 2 * STEP)


def _maker(key: str) -> Callable[[], QWidget]:
    if key.startswith((_ALARM, _NOTICE)):
        return AlarmPanel
    if key == "message":
        return lambda: Note(Text.BODY)
    if key == "note":
        return Note
    return lambda: Note(Text.STRONG)
