"""Which pictures of the details window there are, and the page that shows them."""

from __future__ import annotations

import sys
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))

from sems_tray.simulator.scenarios import SCENARIOS
from sems_tray.window.header import Page

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

PICTURES = ROOT / "docs" / "pictures" / "window"
GUIDE = ROOT / "docs" / "window.md"
WHOLE = ("day", "fault", "multi")  # these are shown page by page
PERIODS = ("month", "year", "lifetime")
STATIONS = 8  # on the account of "multi"
_ACROSS = 4


@dataclass(frozen=True, slots=True)
class Look:
    """How the window is shown."""

    scheme: str  # "light" or "dark"
    percent: int

    @property
    def plain(self) -> bool:
        """Whether it is the look of most pictures."""
        return self.percent == 100

    def name(self, *parts: str) -> str:
        """Return a picture's name without its ending."""
        return "-".join((*parts, self.scheme, str(self.percent)))


LOOKS = tuple(Look(it, percent) for percent in (100, 200) for it in ("light", "dark"))


def write_guide(folder: Path) -> None:
    """Write the page that shows every picture."""
    lines = [
        "# The details window",
        "",
        "Every demo (`make demo SCENARIO=day`), in light and dark, at 100 % and 200 %;",
        "`make screenshots` takes these pictures again.",
        "",
    ]
    for title, rows in _chapters():
        shown = [(name, it) for name, it in rows if (folder / f"{it}.png").exists()]
        if not shown:
            continue
        lines += [f"## {title}", ""]
        for first in range(0, len(shown), _ACROSS):
            row = shown[first : first + _ACROSS]
            lines.append(_cells(name for name, _ in row))
            lines.append(_cells("---" for _ in row))
            lines.append(
                _cells(
                    f"![{title}, {name}](pictures/window/{it}.png)" for name, it in row
                )
            )
            lines.append("")
    GUIDE.write_text("\n".join(lines), encoding="utf-8")


def _cells(texts: Iterable[str]) -> str:
    return f"| {' | '.join(texts)} |"


def _chapters() -> Iterator[tuple[str, list[tuple[str, str]]]]:
    """Return what is shown together: titles, and pictures with their captions."""
    for scenario in SCENARIOS:
        yield f"Now, `{scenario}`", _in_all_looks(scenario, "now")
    for scenario in WHOLE:
        for page in (Page.HISTORY, Page.DEVICES, Page.ALARMS):
            title = f"{page.value.capitalize()}, `{scenario}`"
            yield title, _in_all_looks(scenario, page.value)
    for name in PERIODS:
        yield f"History of a {name}", _in_all_looks("day", "history", name)
    stations = [f"multi-station{it}" for it in range(2, STATIONS + 1)]
    shown = [(f"station {it[13:]}", LOOKS[0].name(it)) for it in stations]
    yield "The other stations of `multi`", shown


def _in_all_looks(*parts: str) -> list[tuple[str, str]]:
    return [(f"{it.scheme}, {it.percent} %", it.name(*parts)) for it in LOOKS]
