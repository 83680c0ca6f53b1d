"""What the portal says is what the tray shows."""

from __future__ import annotations

from .owner import FIRST, first_lines, labels, wait_for_answer
from .waiting import wait_until

LINES = [FIRST, "House 0.8 kW · exporting 1.2 kW"]


def test_icon_tooltip_and_menu_show_the_portals_values(owner):
    app = owner.starts()
    item = owner.desktop.item(app)
    assert (item.id, item.status) == ("SEMS Tray", "Active")
    owner.sees(LINES[0])
    lines = item.tooltip.splitlines()
    assert lines[:2] == LINES
    assert lines[2].startswith("Today ")
    assert lines[3].startswith("Measured ")
    assert lines[3].endswith("(just now)")
    assert {16, 20, 22, 24, 32, 48, 64} <= item.icon_pixmaps.keys()
    # GNOME shows no tooltip: the menu begins with its lines.
    wait_for_answer(item)
    assert first_lines(item) == item.tooltip.splitlines()
    assert labels(item)[5:] == [
        *("Details", "Refresh now", "Snooze notifications", "---"),
        *(
            "History and export …",
            "Open SEMS Portal",
            "Sign in …",
            "Settings …",
            "About SEMS Tray",
            "---",
            "Quit",
        ),
    ]
    assert not any(entry.enabled for entry in item.menu()[:4])
    assert app.stdout == app.stderr == ""


def test_a_changed_value_repaints_icon_and_tooltip_on_a_middle_click(owner):
    owner.starts()
    item = owner.sees(LINES[0])
    box = owner.desktop.icon_on_panel()
    sent, shown = item.icon_pixmaps, owner.desktop.look(box)
    owner.portal.override(pv_w=400, soc_percent=12, battery_w=900, load_w=1300)
    owner.desktop.click(*box.centre, button=2)
    owner.sees("Battery 12 % ▼ 0.9 kW · PV 0.4 kW")
    assert item.tooltip.splitlines()[1] == "House 1.3 kW · grid balanced"
    wait_until(lambda: item.icon_pixmaps[22] != sent[22])
    owner.desktop.hover(640, 300)
    wait_until(lambda: owner.desktop.look(box) != shown)
