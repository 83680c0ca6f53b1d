"""The page "History": a day's curves, the bars of longer periods, and the figures."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import TYPE_CHECKING

from PySide6.QtCore import QSize, Qt, Signal, Slot
from PySide6.QtGui import QKeySequence, QShortcut

from sems_tray.domain.energy import Period, settled_until
from sems_tray.history.query import (
    HistoryData,
    Selection,
    StationClock,
    query_for,
    steps_to_fetch,
)
from sems_tray.i18n.language import tr, trc
from sems_tray.widgets.buttons import KINDS
from sems_tray.widgets.pages import PlainScrollArea

from .fetch_state import FetchState, FetchStatus, single_shot
from .layout import HistoryLayout
from .view_model import ChartOptions, chosen_by, history_view

if TYPE_CHECKING:
    from collections.abc import Callable
    from datetime import date, datetime

    from PySide6.QtGui import QHideEvent, QShowEvent

    from sems_tray.domain.energy import MissingDay, Step
    from sems_tray.domain.poll_result import PollFailed
    from sems_tray.history.local_reader import LocalHistory
    from sems_tray.history.query import ChartStation
    from sems_tray.widgets.charts.bar_layout import Bar

    from .view_model import HistoryView


_REREAD = timedelta(minutes=1)
_BEFORE_ASKING_MS = 250  # those who leaf through the days do not want them all
_KINDS = {key: kind for kind, (_, key) in KINDS.items()}


class HistoryPage(PlainScrollArea):
    """Shows what the store holds, and asks for what it lacks."""

    part_wanted = Signal(object)  # Step
    export_wanted = Signal()

    def __init__(
        self,
        history: LocalHistory,
        now: Callable[[], datetime],
        paused_until: Callable[[], datetime | None] = lambda: None,
    ) -> None:
        self._layout = HistoryLayout()
        super().__init__(self._layout)
        self._history = history
        self._now = now
        self._station: ChartStation | None = None
        self._selection: Selection | None = None
        self._follows = True  # today is shown, whatever day that is
        self._options = ChartOptions()
        self._data = HistoryData()
        self._view: HistoryView | None = None
        self._steps: tuple[Step, ...] = ()
        self._trouble = ""
        self._fetches = FetchState(now, paused_until)
        self._read_at: datetime | None = None
        self._asking = single_shot(self, self._ask)
        self._rereading = single_shot(self, self._read)
        self.setAccessibleName(trc("page", "History"))
        self._connect()

    def _connect(self) -> None:
        layout = self._layout
        layout.segments.chosen.connect(self._on_kind)
        layout.nav.wanted.connect(self.select)
        layout.trouble.again.connect(self.refresh)
        layout.chart.bar_chosen.connect(self._on_bar)
        layout.legend.chosen.connect(self._on_legend)
        layout.fixed.toggled.connect(self._on_fixed)
        layout.save.clicked.connect(self._on_save)
        layout.export.clicked.connect(self.export_wanted)
        for keys, slot in (
            ("Left", layout.nav.go_left),
            ("Right", layout.nav.go_right),
            ("PgUp", layout.nav.go_back),
            ("PgDown", layout.nav.go_forth),
            ("Home", layout.nav.go_today),
            ("T", layout.nav.go_today),
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

    def show_station(self, station: ChartStation | None) -> None:
        """Look at a station's past; the day that was looked at stays."""
        if station == self._station:
            if self._fetches.is_paused and self.isVisible():
                self._show_status()  # the time that is left grows shorter
            return
        before, self._station = self._station, station
        if station is None or before is None or station.id != before.id:
            self._data, self._view = HistoryData(), None
            self._fetches.begin_visit()
        if self.isVisible():
            self._read()

    @Slot(object)
    def select(self, selection: Selection) -> None:
        """Look at another day, month or year."""
        clock = self._clock()
        if clock is None:
            self._selection = selection
            return
        today = clock.today
        selection = selection.clamped(self._data.earliest(today), today)
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
        clock, here = self._clock(), self._selection
        if clock is None or here is None or not self.isVisible():
            return
        grows = here.kind in {Period.DAY, Period.MONTH} and here.holds(clock.today)
        over = self._follows and not here.holds(clock.today)  # past midnight
        if not grows and not over:
            return
        since = clock.now - (self._read_at or clock.now - _REREAD)
        wait = (_REREAD - since) / timedelta(milliseconds=1)
        if wait <= 0:
            self._read()
        elif not self._rereading.isActive():
            self._rereading.start(round(wait))

    def _clock(self) -> StationClock | None:
        if self._station is None:
            return None
        now, where = self._now(), self._station.where
        return StationClock(now=now, where=where, settled=settled_until(now, where))

    @Slot()
    def _read(self) -> None:
        """Read what is selected, show it, and see what is lacking."""
        clock, station = self._clock(), self._station
        self._rereading.stop()
        if clock is None or station is None:
            return
        today = clock.today
        here = self._selection or Selection(day=today)
        if self._follows and not here.holds(today):
            here = replace(here, day=today)
        self._selection, self._read_at = here, clock.now
        data = self._history.read(station.id, station.where, query_for(here, today))
        self._steps, self._trouble = (), data.trouble
        if not data.trouble:
            self._data = data
            self._steps = steps_to_fetch(here, data, clock, self._gaps)
        elif self._view is None or not self._view.selection.same(here):
            self._data = replace(self._data, points=(), days=())
        self._show()
        self._show_status()
        if self._fetches.next_step(self._steps) is not None and self.isVisible():
            self._asking.start(max(_BEFORE_ASKING_MS, self._fetches.wait_ms))

    def _gaps(self, first: date, last: date) -> tuple[MissingDay, ...]:
        """Return the dates of the station that could be fetched."""
        station = self._station
        if station is None:
            return ()
        return self._history.gaps(station.id, station.where, first, last)

    def _show(self) -> None:
        """Show what was read last."""
        clock, station, here = self._clock(), self._station, self._selection
        if clock is None or station is None or here is None:
            return
        self._view = history_view(here, self._data, clock, station, self._options)
        self._layout.show_view(self._view, station.capacity_kwp, self._message(here))
        self.updateGeometry()  # wide figures need a wider window

    def _message(self, here: Selection) -> str:
        """Return what stands in an empty chart; "" once the portal had nothing."""
        if self._view is None or not self._view.empty:
            return ""
        if self._trouble:
            return tr("Not readable now")
        return self._fetches.empty_chart_text(here.kind, self._steps)

    def _show_status(self) -> None:
        """Say what is fetched, or what is wrong."""
        if self._trouble:
            why = self._trouble.rstrip(".")
            text = tr("The history cannot be read now: {reason}.")
            status = FetchStatus(trouble=text.format(reason=why))
        else:
            status = self._fetches.status(self._steps)
        self._layout.show_status(status)

    def minimumSizeHint(self) -> QSize:
        """Return the width in which nothing is cut off."""
        bar = self.verticalScrollBar().sizeHint().width()
        width = self._layout.minimumSizeHint().width() + bar
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
            self._show_status()
            return
        self._fetches.begin(step)
        self._show_status()
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
        self._layout.show_status(FetchStatus())

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
        clock, here = self._clock(), self._selection
        if clock is not None and here is not None and bar.first <= clock.today:
            self.select(chosen_by(here, bar))

    @Slot(object)
    def _on_legend(self, shown: frozenset[object]) -> None:
        """Keep what is hidden hidden on other days, too."""
        offered = frozenset(it.key for it in self._layout.legend.buttons)
        self._options = self._options.chosen(offered, shown)
        self._show()

    @Slot(bool)
    def _on_fixed(self, on: bool) -> None:  # noqa: FBT001 (Qt's signal)
        self._options = replace(self._options, fixed_scale=on)
        self._show()

    @Slot()
    def _on_save(self) -> None:
        here, station = self._selection, self._station
        if here is not None and station is not None:
            self._layout.save_chart_as(f"{station.name} {here.key}".strip())
