"""The page "History": a day's curves, the bars of longer periods, and the figures."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import TYPE_CHECKING

from PySide6.QtCore import QSize, Qt, Signal, Slot
from PySide6.QtGui import QKeySequence, QShortcut
from PySide6.QtWidgets import QFrame, QScrollArea

from sems_tray.domain.energy import Period, settled_until
from sems_tray.history.query import HistoryData, Selection, StationClock, needed, wanted
from sems_tray.i18n.language import tr, trc

from .fetch_state import FetchState, single_shot
from .layout import HistoryFace
from .view_model import ChartOptions, chosen_by, history_view

if TYPE_CHECKING:
    from collections.abc import Callable
    from datetime import date, datetime

    from PySide6.QtGui import QHideEvent, QShowEvent
    from PySide6.QtWidgets import QWidget

    from sems_tray.domain.energy import MissingDay, Step
    from sems_tray.domain.poll_result import PollFailed
    from sems_tray.history.local_reader import LocalHistory
    from sems_tray.history.query import ChartStation
    from sems_tray.widgets.charts.bar_layout import Bar

    from .view_model import HistoryView


_REREAD = timedelta(minutes=1)
_BEFORE_ASKING_MS = 250  # those who leaf through the days do not want them all
_KINDS = {"D": Period.DAY, "M": Period.MONTH, "Y": Period.YEAR, "L": Period.TOTAL}


class HistoryPage(QScrollArea):
    """Shows what the store holds, and asks for what it lacks."""

    part_wanted = Signal(object)  # Step
    export_wanted = Signal()

    def __init__(
        self,
        history: LocalHistory,
        now: Callable[[], datetime],
        paused_until: Callable[[], datetime | None] = lambda: None,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self._history = history
        self._now = now
        self._plant: ChartStation | None = None
        self._selection: Selection | None = None
        self._follows = True  # today is shown, whatever day that is
        self._looks = ChartOptions()
        self._held = HistoryData()
        self._view: HistoryView | None = None
        self._steps: tuple[Step, ...] = ()
        self._trouble = ""
        self._fetches = FetchState(now, paused_until)
        self._read_at: datetime | None = None
        self._asking = single_shot(self, self._ask)
        self._rereading = single_shot(self, self._read)
        self._face = HistoryFace()
        self.setWidget(self._face)
        self.setWidgetResizable(True)
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.viewport().setAutoFillBackground(False)
        self._face.setAutoFillBackground(False)
        self.setAccessibleName(trc("page", "History"))
        self._connect()

    def _connect(self) -> None:
        face = self._face
        face.segments.chosen.connect(self._on_kind)
        face.nav.wanted.connect(self.select)
        face.trouble.again.connect(self.refresh)
        face.chart.bar_chosen.connect(self._on_bar)
        face.legend.chosen.connect(self._on_legend)
        face.fixed.toggled.connect(self._on_fixed)
        face.save.clicked.connect(self._on_save)
        face.export.clicked.connect(self.export_wanted)
        for keys, slot in (
            ("Left", face.nav.go_left),
            ("Right", face.nav.go_right),
            ("PgUp", face.nav.go_back),
            ("PgDown", face.nav.go_forth),
            ("Home", face.nav.go_today),
            ("T", face.nav.go_today),
            *((key, self._on_kind_key) for key in _KINDS),
        ):
            shortcut = QShortcut(QKeySequence(keys), self)
            shortcut.setContext(Qt.ShortcutContext.WidgetWithChildrenShortcut)
            shortcut.activated.connect(slot)

    # -- what is shown ---------------------------------------------------------

    @property
    def selection(self) -> Selection | None:
        """What is looked at; None before a station is known."""
        return self._selection

    @property
    def view(self) -> HistoryView | None:
        """What is shown."""
        return self._view

    def show_station(self, plant: ChartStation | None) -> None:
        """Look at a station's past; the day that was looked at stays."""
        if plant == self._plant:
            if self._fetches.is_paused and self.isVisible():
                self._tell()  # the time that is left grows shorter
            return
        other = plant is None or self._plant is None or plant.id != self._plant.id
        self._plant = plant
        if other:
            self._held, self._view = HistoryData(), None
            self._fetches.begin_visit()
        if self.isVisible():
            self._read()

    @Slot(object)
    def select(self, selection: Selection) -> None:
        """Look at another day, month or year."""
        present = self._present()
        if present is None:
            self._selection = selection
            return
        today = present.today
        selection = selection.clamped(self._held.earliest(today), today)
        self._follows = selection.holds(today)
        self._selection = selection
        self._read()

    @Slot()
    def refresh(self) -> None:
        """Read anew, and ask the portal again for what is lacking: F5, "Try again"."""
        self._fetches.retry(self._steps)
        self._read()

    @Slot(object, object)
    def on_brought(self, step: Step, failed: PollFailed | None) -> None:
        """Show what was fetched, or why it was not."""
        self._fetches.record_answer(step, failed)
        if self.isVisible():
            self._read()

    @Slot()
    def on_reading(self) -> None:
        """Let today's curve grow, once a minute."""
        present, here = self._present(), self._selection
        if present is None or here is None or not self.isVisible():
            return
        grows = here.kind in {Period.DAY, Period.MONTH} and here.holds(present.today)
        over = self._follows and not here.holds(present.today)  # past midnight
        if not grows and not over:
            return
        since = present.now - (self._read_at or present.now - _REREAD)
        wait = (_REREAD - since) / timedelta(milliseconds=1)
        if wait <= 0:
            self._read()
        elif not self._rereading.isActive():
            self._rereading.start(round(wait))

    def _present(self) -> StationClock | None:
        if self._plant is None:
            return None
        now, where = self._now(), self._plant.where
        return StationClock(now=now, where=where, settled=settled_until(now, where))

    @Slot()
    def _read(self) -> None:
        """Read what is selected, show it, and see what is lacking."""
        present, plant = self._present(), self._plant
        self._rereading.stop()
        if present is None or plant is None:
            return
        today = present.today
        here = self._selection or Selection(day=today)
        if self._follows and not here.holds(today):
            here = replace(here, day=today)
        self._selection, self._read_at = here, present.now
        held = self._history.read(plant.id, plant.where, wanted(here, today))
        self._steps, self._trouble = (), held.trouble
        if not held.trouble:
            self._held = held
            self._steps = needed(here, held, present, self._gaps)
        elif self._view is None or not self._view.selection.same(here):
            self._held = replace(self._held, points=(), days=())
        self._show()
        self._tell()
        if self._fetches.next_step(self._steps) is not None and self.isVisible():
            self._asking.start(max(_BEFORE_ASKING_MS, self._fetches.wait_ms))

    def _gaps(self, first: date, last: date) -> tuple[MissingDay, ...]:
        """Return the dates of the station that could be fetched."""
        plant = self._plant
        return self._history.gaps(plant.id, plant.where, first, last) if plant else ()

    def _show(self) -> None:
        """Show what was read last."""
        present, plant, here = self._present(), self._plant, self._selection
        if present is None or plant is None or here is None:
            return
        self._view = history_view(here, self._held, present, plant, self._looks)
        self._face.show_view(self._view, plant.capacity_kwp, self._message(here))
        self.updateGeometry()  # wide figures need a wider window

    def _message(self, here: Selection) -> str:
        """Return what stands in an empty chart; "" once the portal had nothing."""
        if self._view is None or not self._view.empty:
            return ""
        if self._trouble:
            return tr("Not readable now")
        return self._fetches.empty_chart_text(here.kind, self._steps)

    def _tell(self) -> None:
        """Say what is fetched, or what is wrong."""
        if self._trouble:
            why = self._trouble.rstrip(".")
            text = tr("The history cannot be read now: {reason}.")
            self._face.say(trouble=text.format(reason=why))
            return
        status = self._fetches.status(self._steps)
        self._face.say(status.text, running=status.running, trouble=status.trouble)

    def minimumSizeHint(self) -> QSize:
        """Return the width in which nothing is cut off."""
        bar = self.verticalScrollBar().sizeHint().width()
        width = self._face.minimumSizeHint().width() + bar
        return super().minimumSizeHint().expandedTo(QSize(width, 0))

    # -- what is asked for -----------------------------------------------------

    @Slot()
    def _ask(self) -> None:
        step = self._fetches.next_step(self._steps)
        if step is None or not self.isVisible():
            return
        wait_ms = self._fetches.wait_ms
        if wait_ms:  # a pause began meanwhile
            self._asking.start(wait_ms)
            self._show()
            self._tell()
            return
        self._fetches.begin(step)
        self._tell()
        self.part_wanted.emit(step)

    def showEvent(self, event: QShowEvent) -> None:
        """Begin a visit: what failed before may be asked for again."""
        super().showEvent(event)
        self._fetches.begin_visit()
        self._read()

    def hideEvent(self, event: QHideEvent) -> None:
        """Ask for nothing that nobody sees."""
        super().hideEvent(event)
        self._asking.stop()
        self._rereading.stop()
        self._face.say()

    # -- what the owner does ---------------------------------------------------

    @Slot(object)
    def _on_kind(self, kind: Period) -> None:
        if self._selection is not None and self._selection.kind is not kind:
            self.select(replace(self._selection, kind=kind))

    @Slot()
    def _on_kind_key(self) -> None:
        shortcut = self.sender()
        if isinstance(shortcut, QShortcut):
            self._on_kind(_KINDS[shortcut.key().toString()])

    @Slot(object)
    def _on_bar(self, bar: Bar) -> None:
        present, here = self._present(), self._selection
        if present is not None and here is not None and bar.first <= present.today:
            self.select(chosen_by(here, bar))

    @Slot(object)
    def _on_legend(self, shown: frozenset[object]) -> None:
        """Keep what is hidden hidden on other days, too."""
        offered = frozenset(it.key for it in self._face.legend.buttons)
        self._looks = self._looks.chosen(offered, shown)
        self._show()

    @Slot(bool)
    def _on_fixed(self, on: bool) -> None:  # noqa: FBT001 (Qt's signal)
        self._looks = replace(self._looks, fixed_scale=on)
        self._show()

    @Slot()
    def _on_save(self) -> None:
        here, plant = self._selection, self._plant
        if here is not None and plant is not None:
            self._face.save_chart_as(f"{plant.name} {here.key}".strip())
