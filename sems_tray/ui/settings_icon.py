"""The settings' page about what the tray icon shows."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import Qt, Slot
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QButtonGroup

from sems_tray.core.language import mark, markc, tr, trc
from sems_tray.core.tray_icon import IconMode

from .icon import Panel
from .panel import panel
from .settings_page import SettingsPage
from .settings_parts import Tick, Words
from .settings_preview import IconPicture, IconStrips, spec_of
from .settings_ticks import RadioTick

if TYPE_CHECKING:
    from sems_tray.core.preferences import PreferencesInfo
    from sems_tray.core.present import Scene

    from .settings_draft import Draft

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

    def __init__(self, draft: Draft) -> None:
        super().__init__(draft)
        self._scene: Scene | None = None
        self._group = QButtonGroup(self)
        self._buttons: dict[IconMode, RadioTick] = {}
        self._pictures: dict[IconMode, IconPicture] = {}
        rows = []
        for number, (mode, (name, about)) in enumerate(_MODES.items()):
            button = RadioTick()
            button.setObjectName(f"icon_{mode.value}")
            self._group.addButton(button, number)
            self._buttons[mode] = button
            row = Tick(button, trc("icon mode", name), tr(about))
            self._pictures[mode] = picture = IconPicture(_shown_panel())
            row.add(picture)
            rows.append(row)
        self._group.idToggled.connect(self._on_toggled)
        self._strips = IconStrips()
        self._what = Words(tr(_SAMPLE))
        self._missing = Words()
        self.section(tr("What the icon shows"), *rows)
        self.section(
            trc("settings section", "Preview"),
            self._strips,
            self._what,
            self._missing,
        )
        self.end()
        self.fill()

    def fill(self) -> None:
        """Show what is chosen."""
        self._group.blockSignals(True)
        self._buttons[self._draft.value.icon].setChecked(True)
        self._group.blockSignals(False)
        self._repaint()

    def show_info(self, info: PreferencesInfo) -> None:
        """Show the station as it is now."""
        self._scene = info.scene
        self._repaint()

    def _repaint(self) -> None:
        scene, chosen = self._scene, self._draft.value.icon
        for mode, picture in self._pictures.items():
            picture.show_icon(spec_of(scene, mode))
        self._strips.show_icon(spec_of(scene, chosen))
        name, about = _MODES[chosen]
        self._strips.setAccessibleDescription(f"{trc('icon mode', name)}. {tr(about)}")
        reading = scene.reading if scene is not None else None
        self._what.say(tr(_SAMPLE if reading is None else _OWN))
        bare = reading is not None and reading.battery is None
        self._missing.say(tr(_NO_BATTERY) if bare and chosen in _BATTERY_MODES else "")

    @Slot(int, bool)
    def _on_toggled(self, number: int, on: bool) -> None:  # noqa: FBT001 (Qt's signal)
        if on:
            self._draft.put(icon=tuple(_MODES)[number])
            self._repaint()


def _shown_panel() -> Panel:
    """Return the panel of this desktop; where the system tints, that of the theme."""
    found = panel()
    if found is not Panel.MASK:
        return found
    dark = QGuiApplication.styleHints().colorScheme() is Qt.ColorScheme.Dark
    return Panel.DARK if dark else Panel.LIGHT
