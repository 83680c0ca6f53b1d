"""The settings' page about what the tray icon shows."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime
from typing import TYPE_CHECKING

from PySide6.QtCore import QPointF, QRectF, QSize, Qt
from PySide6.QtGui import QColor, QFontMetricsF, QGuiApplication, QPainter, QPen
from PySide6.QtWidgets import QSizePolicy, QWidget

from sems_tray.domain.model import Battery, Dialect, Powers, Reading, Station
from sems_tray.i18n.language import mark, markc, tr, trc
from sems_tray.polling.snapshot import MonitorSnapshot
from sems_tray.tray.icon_painter import Panel, pixmap
from sems_tray.tray.tray_icon import panel
from sems_tray.tray.view_model import IconMode, IconSpec, TrayInputs, tray_view
from sems_tray.widgets.forms import Radio, WrappedLabel
from sems_tray.widgets.theme import RADIUS, STEP, Text, font_of, theme_for

from .form import FieldKind, SettingRow
from .page import SettingsPage

if TYPE_CHECKING:
    from PySide6.QtGui import QPaintEvent

    from sems_tray.runtime.settings_repository import SettingsRepository
    from sems_tray.storage.settings import Settings

    from .page import SettingsEvents, SettingsInfo


_MODES = {
    IconMode.AUTO: (
        markc("icon mode", "Automatic"),
        mark("The battery's gauge; the sun where there is no battery."),
    ),
    IconMode.BATTERY: (
        markc("icon mode", "Battery gauge"),
        mark("How full the battery is, with an arrow while it charges or discharges."),
    ),
    IconMode.SOC: (
        markc("icon mode", "Battery in per cent"),
        mark("The state of charge as a number."),
    ),
    IconMode.PV: (
        markc("icon mode", "Solar power in kW"),
        mark("What the panels give now, as a number."),
    ),
    IconMode.SHARE: (
        markc("icon mode", "Sun"),
        mark("What the panels give now, as a share of the installed power."),
    ),
}
_BATTERY_MODES = frozenset({IconMode.BATTERY, IconMode.SOC})
_NO_BATTERY = mark("This station has no battery: the sun is shown instead.")
# Translators: these panels are the desktop's bars, in which the tray icon is.
_OWN = mark("Your station as it is now, in the sizes that panels use.")
# Translators: these panels are the desktop's bars, in which the tray icon is.
_SAMPLE = mark("A sample, in the sizes that panels use.")


class IconPage(SettingsPage):
    """Lets the owner choose a mode, with pictures of each."""

    def __init__(self, repository: SettingsRepository, events: SettingsEvents) -> None:
        super().__init__(repository, events)
        self._tray_inputs: TrayInputs | None = None
        self._radios: dict[IconMode, Radio] = {}
        self._pictures: dict[IconMode, IconPicture] = {}
        self._strips = IconStrips()
        self._what = WrappedLabel(tr(_SAMPLE))
        self._missing = WrappedLabel()
        self.section(tr("What the icon shows"), *(self._row(it) for it in _MODES))
        self.section(
            trc("settings section", "Preview"),
            self._strips,
            self._what,
            self._missing,
        )
        self.end()

    def _row(self, mode: IconMode) -> QWidget:
        name, about = _MODES[mode]
        row = self.form.build(
            SettingRow(
                FieldKind.RADIO,
                "icon",
                trc("icon mode", name),
                tr(about),
                name=f"icon_{mode.value}",
                value=mode.value,
            )
        )
        self._pictures[mode] = picture = IconPicture(_shown_panel())
        if isinstance(row, Radio):
            row.add(picture)
            self._radios[mode] = row
        return row

    def show_settings(self, settings: Settings) -> None:
        """Show the chosen mode in all sizes."""
        mode = IconMode(settings.icon)  # of a newer version: automatic here
        self._radios[mode].fill(True)
        self._repaint(mode)

    def show_info(self, info: SettingsInfo) -> None:
        """Show the station as it is now."""
        self._tray_inputs = info.tray_inputs
        self._repaint(IconMode(self._repository.settings.icon))

    def _repaint(self, chosen: IconMode) -> None:
        tray_inputs = self._tray_inputs
        for mode, picture in self._pictures.items():
            picture.show_icon(spec_of(tray_inputs, mode))
        self._strips.show_icon(spec_of(tray_inputs, chosen))
        name, about = _MODES[chosen]
        self._strips.setAccessibleDescription(f"{trc('icon mode', name)}. {tr(about)}")
        reading = tray_inputs.snapshot.reading if tray_inputs is not None else None
        self._what.show_text(tr(_SAMPLE if reading is None else _OWN))
        bare = reading is not None and reading.battery is None
        self._missing.show_text(
            tr(_NO_BATTERY) if bare and chosen in _BATTERY_MODES else ""
        )


def _shown_panel() -> Panel:
    """Return the panel of this desktop; where the system tints, that of the theme."""
    found = panel()
    if found is not Panel.MASK:
        return found
    dark = QGuiApplication.styleHints().colorScheme() is Qt.ColorScheme.Dark
    return Panel.DARK if dark else Panel.LIGHT


# Pictures of the tray icon as panels show it.


SIZES = (16, 22, 24, 32, 48)
_LARGEST = 48
_PANELS = {
    Panel.LIGHT: (QColor("#F4F5F6"), QColor("#4A4F55")),
    Panel.DARK: (QColor("#23272C"), QColor("#C3C8CE")),
}
_AT = datetime(2026, 6, 21, 10, 42, tzinfo=UTC)


def _daylight(_: datetime) -> bool:
    return False


# Shown until there is a reading of the owner's own.
SAMPLE = TrayInputs(
    snapshot=MonitorSnapshot(
        now=_AT,
        dark_at=_daylight,
        reading=Reading(
            dialect=Dialect.SEMSPLUS,
            station=Station(id="sample", capacity_kwp=10.1),
            received_at=_AT,
            measured_at=_AT,
            power=Powers(pv_w=3210, load_w=800, grid_w=1210, battery_w=-1200),
            battery=Battery(soc_percent=76),
        ),
    ),
)


def spec_of(tray_inputs: TrayInputs | None, mode: IconMode) -> IconSpec:
    """Return the icon that a mode shows now; a sample before the first reading."""
    known = (
        SAMPLE
        if tray_inputs is None or tray_inputs.snapshot.reading is None
        else tray_inputs
    )
    return tray_view(replace(known, mode=mode)).icon


class _Picture(QWidget):
    """Shows an icon, whichever is given."""

    _spec = IconSpec()

    def show_icon(self, spec: IconSpec) -> None:
        """Show another icon."""
        if spec != self._spec:
            self._spec = spec
            self.update()


class IconStrips(_Picture):
    """One icon in all sizes, on a light panel and on a dark one."""

    def __init__(self) -> None:
        super().__init__()
        self.setObjectName("preview")
        self.setAccessibleName(tr("Preview of the tray icon"))
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)

    def sizeHint(self) -> QSize:
        """Return the room for two strips."""
        wide = sum(SIZES) + (len(SIZES) + 1) * 2 * STEP
        return QSize(wide, 2 * self._high() + STEP)

    def minimumSizeHint(self) -> QSize:
        """Nothing is cut off."""
        wide = sum(SIZES) + (len(SIZES) + 1) * STEP
        return QSize(wide, self.sizeHint().height())

    def _high(self) -> int:
        caption = QFontMetricsF(font_of(Text.CAPTION, self.font())).height()
        return _LARGEST + 2 * STEP + round(caption)

    def paintEvent(self, _: QPaintEvent) -> None:
        """Paint both strips."""
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setFont(font_of(Text.CAPTION, self.font()))
        top = 0
        for ground in _PANELS:
            self._paint_strip(
                painter, ground, QRectF(0, top, self.width(), self._high())
            )
            top += self._high() + STEP
        painter.end()

    def _paint_strip(self, painter: QPainter, panel: Panel, box: QRectF) -> None:
        ground, ink = _PANELS[panel]
        painter.setPen(QPen(theme_for(self).border, 1.0))
        painter.setBrush(ground)
        painter.drawRoundedRect(box.adjusted(0.5, 0.5, -0.5, -0.5), RADIUS, RADIUS)
        painter.setPen(ink)
        room = self.width() - sum(SIZES)
        gap = min(room / (len(SIZES) + 1), 3.0 * STEP)
        left = (room - gap * (len(SIZES) - 1)) / 2
        for size in SIZES:
            # On whole pixels, as a panel does it.
            at = QPointF(round(left), box.top() + STEP + (_LARGEST - size) // 2)
            painter.drawPixmap(
                at, pixmap(self._spec, size, panel, self.devicePixelRatioF())
            )
            words = QRectF(left - gap / 2, 0, size + gap, box.height())
            words.moveBottom(box.bottom() - STEP / 2)
            painter.drawText(
                words,
                int(Qt.AlignmentFlag.AlignHCenter | Qt.AlignmentFlag.AlignBottom),
                str(size),
            )
            left += size + gap


class IconPicture(_Picture):
    """One icon at the size of most panels, on a piece of one."""

    _ICON, _SIDE = 24, 36

    def __init__(self, panel: Panel) -> None:
        super().__init__()
        self._panel = panel
        self.setFixedSize(self._SIDE, self._SIDE)

    def paintEvent(self, _: QPaintEvent) -> None:
        """Paint it."""
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(QPen(theme_for(self).border, 1.0))
        painter.setBrush(_PANELS[self._panel][0])
        box = QRectF(self.rect()).adjusted(0.5, 0.5, -0.5, -0.5)
        painter.drawRoundedRect(box, RADIUS - 2, RADIUS - 2)
        edge = (self._SIDE - self._ICON) // 2
        ratio = self.devicePixelRatioF()
        painter.drawPixmap(
            edge, edge, pixmap(self._spec, self._ICON, self._panel, ratio)
        )
        painter.end()
