"""The window for what is kept: fetch the whole past, export, import, prices."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QDate, Qt, Signal, Slot
from PySide6.QtWidgets import (
    QComboBox,
    QDateEdit,
    QDialog,
    QFileDialog,
    QFormLayout,
    QGroupBox,
    QHBoxLayout,
    QLabel,
    QProgressBar,
    QPushButton,
    QVBoxLayout,
)

from sems_tray.history.transfer.export_model import ExportRequest
from sems_tray.i18n.language import markc, tr, trc
from sems_tray.widgets.time_fields import speak_in

if TYPE_CHECKING:
    from collections.abc import Callable
    from datetime import date

    from PySide6.QtCore import SignalInstance
    from PySide6.QtWidgets import QWidget


# Translators: what a row of an exported table stands for: days, months.
_EVERY = (
    (markc("export", "Days"), "day"),
    (markc("export", "Months"), "month"),
    (markc("export", "Five minutes"), "5min"),
    (markc("export", "Everything, to move to another computer"), "everything"),
)
_FORMATS = ((markc("export", "CSV, for spreadsheets"), "csv"), ("JSON", "json"))
_WIDTH = 460


@dataclass(frozen=True, slots=True, kw_only=True)
class TransferView:
    """What the window shows. ``total`` is None while nobody knows how much there is."""

    kept: str
    past: str
    fetching: bool = False
    done: int = 0
    total: int | None = None
    said: str = ""
    busy: bool = False  # a file is being written or read
    can_cancel: bool = False  # an export that is under way
    lacking: bool = False  # it is asked whether to download what an export lacks
    downloading: bool = False
    steps: tuple[int, int | None] = (0, None)  # of the downloading, done and in all
    possible: bool = True  # a station is known


class HistoryDialog(QDialog):
    """Shows a view and says what the owner wants."""

    fetch_wanted = Signal()
    stop_wanted = Signal()
    export_wanted = Signal(object)  # Chosen
    download_wanted = Signal()
    anyway_wanted = Signal()
    cancel_wanted = Signal()
    import_wanted = Signal(object)  # Path

    def __init__(self, first: date | None, today: date, name: str) -> None:
        super().__init__()
        self.setWindowTitle(tr("History - SEMS Tray"))
        self.setMinimumWidth(_WIDTH)
        self._name = name
        self._view: TransferView | None = None
        self._kept = _label("kept")
        self._past = _label("past")
        self._said = _label("said")
        self._bar = QProgressBar()
        self._bar.setObjectName("progress")
        self._bar.setAccessibleName(tr("Fetching the past"))
        self._fetch = _button("fetch", "", self._on_fetch)
        self._from = _date_field("from", first or today)
        self._to = _date_field("to", today)
        self._every = _choice("every", _EVERY)
        self._format = _choice("format", _FORMATS)
        self._every.currentIndexChanged.connect(self._on_every)
        self._save = _button("export", tr("&Export …"), self._on_export)
        download = trc("button", "&Download")
        self._download = _button("download", download, self.download_wanted)
        anyway = trc("button", "Export &anyway")
        self._anyway = _button("anyway", anyway, self.anyway_wanted)
        self._part = QProgressBar()
        self._part.setObjectName("part")
        self._part.setAccessibleName(tr("Downloading what is missing"))
        self._cancel = _button("cancel", tr("&Cancel"), self.cancel_wanted)
        self._cancel.setAccessibleName(tr("Cancel the export"))
        self._open = _button("import", tr("&Import a file …"), self._on_import)
        self._build()

    def _build(self) -> None:
        layout = QVBoxLayout(self)
        layout.addWidget(self._kept)
        past = _group(tr("The whole past"), self._past, self._bar, self._fetch)
        layout.addWidget(past)
        form = QFormLayout()
        form.addRow(trc("first date", "&From"), self._from)
        form.addRow(trc("last date", "&To"), self._to)
        form.addRow(trc("of an exported table", "&Rows"), self._every)
        form.addRow(trc("of a file", "F&ormat"), self._format)
        files = QHBoxLayout()
        files.addWidget(self._open)
        files.addStretch(1)
        for button in (self._cancel, self._anyway, self._download, self._save):
            files.addWidget(button)
        group = QGroupBox(tr("Export and import"))
        inner = QVBoxLayout(group)
        inner.addLayout(form)
        inner.addWidget(self._said)
        inner.addWidget(self._part)
        inner.addLayout(files)
        layout.addWidget(group)
        layout.addStretch(1)
        close = QPushButton(trc("button", "Close"))
        close.clicked.connect(self.close)
        row = QHBoxLayout()
        row.addStretch(1)
        row.addWidget(close)
        layout.addLayout(row)

    def show_view(self, view: TransferView) -> None:
        """Show a view; what did not change is not painted again."""
        if view == self._view:
            return
        self._view = view
        self._kept.setText(view.kept)
        self._past.setText(view.past)
        self._said.setText(view.said)
        self._said.setVisible(bool(view.said))
        _show_steps(self._bar, view.done, view.total, shown=view.fetching)
        _show_steps(self._part, *view.steps, shown=view.downloading)
        stop, fetch = trc("button", "Stop"), tr("Fetch the whole &past")
        self._fetch.setText(stop if view.fetching else fetch)
        self._fetch.setEnabled(view.possible)
        self._cancel.setVisible(view.can_cancel)
        self._download.setVisible(view.lacking)
        self._anyway.setVisible(view.lacking or view.downloading)
        self._save.setHidden(view.lacking or view.downloading)
        if view.lacking:
            self._download.setDefault(True)
        for button in (self._save, self._open):
            button.setEnabled(view.possible and not view.busy)

    @Slot()
    def _on_fetch(self) -> None:
        if self._view is not None and self._view.fetching:
            self.stop_wanted.emit()
        else:
            self.fetch_wanted.emit()

    @Slot(int)
    def _on_every(self, _: int) -> None:
        """Only JSON can hold everything."""
        everything = self._every.currentData() == "everything"
        if everything:
            self._format.setCurrentIndex(self._format.findData("json"))
        self._format.setEnabled(not everything)

    @Slot()
    def _on_export(self) -> None:
        kind = str(self._format.currentData())
        first, last = _date(self._from), _date(self._to)
        if last < first:
            first, last = last, first
        # Translators: part of a file's name; no slashes, please.
        span = trc("dates", "{first} to {last}").format(first=first, last=last)
        named, _ = QFileDialog.getSaveFileName(
            self,
            tr("Export the history"),
            str(Path.home() / f"{self._name} {span}.{kind}"),
            f"{kind.upper()} (*.{kind})",
        )
        if named:
            every = str(self._every.currentData())
            self.export_wanted.emit(
                ExportRequest(
                    first=first, last=last, every=every, format=kind, path=Path(named)
                )
            )

    @Slot()
    def _on_import(self) -> None:
        named, _ = QFileDialog.getOpenFileName(
            self,
            tr("Import an exported history"),
            str(Path.home()),
            trc("kind of file", "Exported history") + " (*.json)",
        )
        if named:
            self.import_wanted.emit(Path(named))


def _show_steps(
    bar: QProgressBar, done: int, total: int | None, *, shown: bool
) -> None:
    bar.setVisible(shown)
    bar.setRange(0, 0 if total is None else max(total, 1))
    if total is not None:
        bar.setValue(min(done, total))


def _label(name: str) -> QLabel:
    label = QLabel()
    label.setObjectName(name)
    label.setWordWrap(True)
    label.setTextFormat(Qt.TextFormat.PlainText)
    return label


def _button(
    name: str, text: str, slot: Callable[[], None] | SignalInstance
) -> QPushButton:
    button = QPushButton(text)
    button.setObjectName(name)
    button.clicked.connect(slot)
    return button


def _date_field(name: str, day: date) -> QDateEdit:
    field = QDateEdit(QDate(day.year, day.month, day.day))
    field.setObjectName(name)
    field.setCalendarPopup(True)
    speak_in(field.calendarWidget())
    field.setDisplayFormat("yyyy-MM-dd")
    return field


def _choice(name: str, rows: tuple[tuple[str, str], ...]) -> QComboBox:
    box = QComboBox()
    box.setObjectName(name)
    for label, value in rows:
        box.addItem(trc("export", label), value)
    return box


def _date(field: QDateEdit) -> date:
    found: date = field.date().toPython()  # type: ignore[assignment]
    return found


def _group(title: str, *widgets: QWidget) -> QGroupBox:
    group = QGroupBox(title)
    layout = QVBoxLayout(group)
    for widget in widgets:
        layout.addWidget(widget)
    return group
