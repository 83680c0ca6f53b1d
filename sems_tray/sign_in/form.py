"""The first page of the sign-in window: account, password, advice, and the demo."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import Qt, Signal, Slot
from PySide6.QtGui import QPainter, QPen
from PySide6.QtWidgets import (
    QHBoxLayout,
    QLineEdit,
    QProgressBar,
    QPushButton,
    QSizePolicy,
    QVBoxLayout,
    QWidget,
)

from sems_tray.domain.credentials import Credentials, PortalChoice
from sems_tray.i18n.language import mark, tr, trc
from sems_tray.widgets.cards import Card
from sems_tray.widgets.fields import Choice, dialects, regions
from sems_tray.widgets.forms import Ink, Row, WrappedLabel, flow
from sems_tray.widgets.theme import STEP, Text, theme_for

from . import advice as says
from .parts import Fold, Head, TroubleCard, label

if TYPE_CHECKING:
    from PySide6.QtGui import QPaintEvent

    from .advice import Advice


_GAP = STEP + STEP // 2
_PORTAL = mark(
    "GoodWe runs two portals. Leave this alone unless one of them does not know your"
    " account."
)
_REGION = mark(
    "SEMS+ has servers in several regions. Choose yours if GoodWe refuses an account"
    " that is right; trying all of them may lock it."
)


class FormPage(QWidget):
    """Asks for an account; says what became of it."""

    typed = Signal()
    demo_wanted = Signal()
    portal_wanted = Signal()
    turned = Signal()  # its height is another now

    def __init__(
        self, account: str | None, *, portal: PortalChoice, demo: bool
    ) -> None:
        super().__init__()
        self._head = Head(
            tr(says.AGAIN if account else says.WELCOME),
            tr(says.AGAIN_ABOUT if account else says.ABOUT),
        )
        self.account = _field("account")
        self.account.setText(account or "")
        self.account.setPlaceholderText("name@example.com")
        self.account.setInputMethodHints(
            Qt.InputMethodHint.ImhEmailCharactersOnly
            | Qt.InputMethodHint.ImhNoAutoUppercase
            | Qt.InputMethodHint.ImhNoPredictiveText
        )
        self.password = _field("password")
        self.password.setInputMethodHints(
            Qt.InputMethodHint.ImhSensitiveData
            | Qt.InputMethodHint.ImhNoAutoUppercase
            | Qt.InputMethodHint.ImhNoPredictiveText
        )
        self._show = _button("show_password", trc("password", "Show"))
        self._show.setAccessibleName(tr("Show the password"))
        self._show.setCheckable(True)
        self._show.toggled.connect(self._on_show)
        self._busy = QProgressBar()
        self._busy.setObjectName("busy")
        self._busy.setRange(0, 0)
        self._busy.setTextVisible(False)
        self._busy.setFixedHeight(STEP)
        self._busy.setAccessibleName(tr(says.ASKING))
        self._note = WrappedLabel(ink=Ink.PLAIN, step=Text.BODY)
        self._note.setObjectName("note")
        self.trouble = TroubleCard()
        self.trouble.portal_wanted.connect(self.portal_wanted)
        self._dialect = Choice("dialect", dialects())
        self._dialect.fill(portal.dialect)
        self._region = Choice("region", regions())
        self._region.fill(portal.region)
        self._demo = _button("demo", tr("Try the demo station"))
        self._demo.clicked.connect(self.demo_wanted)
        self._demo_note = WrappedLabel()
        self._build(demo=demo)
        self.password.setEchoMode(QLineEdit.EchoMode.Password)
        self._busy.hide()
        for field in (self.account, self.password):
            field.textChanged.connect(self.typed)

    def _build(self, *, demo: bool) -> None:
        box = QVBoxLayout(self)
        box.setContentsMargins(0, 0, 0, 0)
        box.setSpacing(_GAP)
        box.addWidget(self._head)
        box.addSpacing(STEP // 2)
        for widget in (self._fields(), self.trouble, self._note, self._busy):
            box.addWidget(widget)
        box.addWidget(self._visitor())
        advanced = Fold(
            "advanced",
            trc("settings section", "Advanced"),
            Card().filled_with(*self._portal_rows(), margin=_GAP),
        )
        advanced.turned.connect(self.turned)
        box.addWidget(advanced)
        if not demo:
            part = QWidget()
            line = QVBoxLayout(part)
            line.setContentsMargins(0, STEP // 2, 0, 0)
            line.setSpacing(STEP // 2)
            line.addWidget(
                WrappedLabel(tr("No account at hand?"), Ink.MUTED, Text.BODY)
            )
            line.addWidget(flow(self._demo))
            line.addWidget(self._demo_note)
            box.addWidget(part)
        box.addStretch(1)

    def _fields(self) -> QWidget:
        part = Card()
        part.setAccessibleName(tr("SEMS account"))
        rows = QVBoxLayout(part)
        rows.setContentsMargins(_GAP, _GAP, _GAP, _GAP)
        rows.setSpacing(STEP // 2)
        rows.addWidget(label(tr("SEMS account"), self.account))
        rows.addWidget(self.account)
        rows.addSpacing(STEP // 2)
        rows.addWidget(label(tr("Password"), self.password))
        line = QHBoxLayout()
        line.setSpacing(STEP)
        line.addWidget(self.password, 1)
        line.addWidget(self._show)
        rows.addLayout(line)
        self.setTabOrder(self.account, self.password)
        self.setTabOrder(self.password, self._show)
        return part

    def _visitor(self) -> QWidget:
        steps = [WrappedLabel(tr(it), Ink.PLAIN, Text.BODY) for it in says.STEPS]
        # Translators: a visitor account, of which the sentence before speaks.
        fold = Fold(
            "how", tr("How to make one"), Card().filled_with(*steps, margin=_GAP)
        )
        fold.turned.connect(self.turned)
        part = QWidget()
        box = QVBoxLayout(part)
        box.setContentsMargins(0, STEP // 2, 0, 0)
        box.setSpacing(0)
        box.addWidget(WrappedLabel(tr(says.VISITOR), Ink.MUTED, Text.BODY))
        box.addWidget(fold)
        return part

    def _portal_rows(self) -> tuple[Row, Row]:
        return (
            Row(trc("settings field", "Portal"), self._dialect, tr(_PORTAL)),
            Row(trc("settings field", "Region"), self._region, tr(_REGION)),
        )

    @property
    def is_filled(self) -> bool:
        """Whether there is something to sign in with."""
        return bool(self.account.text().strip() and self.password.text())

    @property
    def portal(self) -> PortalChoice:
        """The portal to ask."""
        return PortalChoice(
            dialect=self._dialect.currentData(), region=self._region.currentData()
        )

    def credentials(self) -> Credentials:
        """Return what was typed."""
        return Credentials(
            account=self.account.text().strip(), password=self.password.text()
        )

    def first_field(self) -> QLineEdit:
        """Return where to begin."""
        return self.password if self.account.text() else self.account

    def show_busy(self, text: str) -> None:
        """Show that GoodWe is asked; what was typed stays as it is."""
        self.trouble.clear()
        self._show.setChecked(False)
        self._note.show_text(text)
        self._freeze(on=True)

    def show_idle(self, note: str = "") -> None:
        """Show that nobody is asked any more."""
        self._note.show_text(note)
        self._freeze(on=False)

    def _freeze(self, *, on: bool) -> None:
        # Read-only, not disabled: who goes on typing must not land on a button.
        self.account.setReadOnly(on)
        self.password.setReadOnly(on)
        for widget in (self._show, self._dialect, self._region, self._demo):
            widget.setEnabled(not on)
        self._busy.setVisible(on)

    def show_advice(self, advice: Advice) -> None:
        """Show a trouble; the password can be typed again."""
        self.show_idle()
        self.trouble.show_advice(advice)
        for field in (self.account, self.password):
            field.setAccessibleDescription(self.trouble.text)
        self.password.selectAll()
        self.password.setFocus()

    def show_demo_note(self, text: str) -> None:
        """Say what became of the demo."""
        self._demo_note.show_text(text)

    def clear_password(self) -> None:
        """Keep no password, and nothing that was said of it."""
        self._show.setChecked(False)
        self.password.setText("")  # clear() could be undone
        self.show_idle()
        self.trouble.clear()
        self.show_demo_note("")
        for field in (self.account, self.password):
            field.setAccessibleDescription("")

    @Slot(bool)
    def _on_show(self, on: bool) -> None:  # noqa: FBT001 (Qt's signal)
        modes = QLineEdit.EchoMode
        self.password.setEchoMode(modes.Normal if on else modes.Password)
        self._show.setText(trc("password", "Hide") if on else trc("password", "Show"))


class _Field(QLineEdit):
    """A line to type in whose edge is seen on every palette."""

    def paintEvent(self, event: QPaintEvent) -> None:
        """Paint the edge that high contrast asks for."""
        super().paintEvent(event)
        theme = theme_for(self)
        if theme.high_contrast:
            painter = QPainter(self)
            wide = 2 if self.hasFocus() else 1
            painter.setPen(QPen(theme.accent if self.hasFocus() else theme.text, wide))
            painter.drawRect(self.rect().adjusted(1, 1, -2, -2))
            painter.end()


def _field(name: str) -> QLineEdit:
    made = _Field()
    made.setObjectName(name)
    made.setMinimumHeight(made.fontMetrics().height() + _GAP)
    return made


def _button(name: str, text: str) -> QPushButton:
    made = QPushButton(text)
    made.setObjectName(name)
    made.setAutoDefault(False)  # Enter signs in
    made.setSizePolicy(QSizePolicy.Policy.Maximum, QSizePolicy.Policy.Preferred)
    return made
