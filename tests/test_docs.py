"""The documentation names nothing that is not there."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent
PAGES = sorted(
    it
    for folder in (ROOT, *(ROOT / it for it in ("docs", ".github")))
    for it in (folder.glob("*.md") if folder == ROOT else folder.rglob("*.md"))
)
PACKAGE = ROOT / "sems_tray"
FOLDERS = sorted(
    f"{it.relative_to(ROOT).as_posix()}/"
    for it in PACKAGE.iterdir()
    if it.is_dir() and any(it.glob("*.py"))
)
MOST_LINES = 150

_FENCE = re.compile(r"^```.*?^```", re.MULTILINE | re.DOTALL)
_CODE = re.compile(r"`([^`\n]+)`")
_LINK = re.compile(r"\]\(([^)\s]+)\)")
_OUTSIDE = re.compile(r"[a-z][a-z+.-]*:")
_PATH = re.compile(r"(?:sems_tray|tests|docs|tools|requirements|resources)/[\w./*-]*")
_HEADING = re.compile(r"^#+ +(.+?) *$", re.MULTILINE)


def _prose(page: Path) -> str:
    return _FENCE.sub("", page.read_text(encoding="utf-8"))


def _anchors(page: Path) -> set[str]:
    """Return what the headings are called in links."""
    plain = (
        re.sub(r"[^\w -]", "", it.lower()) for it in _HEADING.findall(_prose(page))
    )
    return {it.replace(" ", "-") for it in plain}


def _is_there(page: Path, link: str) -> bool:
    name, _, anchor = link.partition("#")
    target = page.parent / name if name else page
    if not target.exists():
        return False
    return not anchor or (target.suffix == ".md" and anchor in _anchors(target))


def _name(page: Path) -> str:
    return page.relative_to(ROOT).as_posix()


every_page = pytest.mark.parametrize("page", PAGES, ids=_name)


@every_page
def test_every_link_leads_somewhere(page):
    links = _LINK.findall(_CODE.sub("", _prose(page)))
    assert [
        it for it in links if not _OUTSIDE.match(it) and not _is_there(page, it)
    ] == []


@every_page
def test_every_file_that_is_named_is_there(page):
    named = [it for it in _CODE.findall(_prose(page)) if _PATH.fullmatch(it)]
    assert [it for it in named if not any(ROOT.glob(it.rstrip("/")))] == []


def test_the_readme_is_short():
    text = (ROOT / "README.md").read_text(encoding="utf-8")
    assert len(text.splitlines()) <= MOST_LINES


@pytest.mark.parametrize("folder", FOLDERS)
def test_the_architecture_names_every_folder(folder):
    assert f"`{folder}`" in (ROOT / "ARCHITECTURE.md").read_text(encoding="utf-8")


@pytest.mark.parametrize("folder", ["docs/manual", "docs/decisions"])
def test_an_index_names_every_page_of_its_folder(folder):
    pages = {it.name for it in (ROOT / folder).glob("*.md")} - {"README.md"}
    index = (ROOT / folder / "README.md").read_text(encoding="utf-8")
    assert pages <= set(_LINK.findall(index))


@pytest.mark.parametrize(
    ("link", "there"),
    [
        ("docs/manual/README.md", True),
        ("docs/manual/command-line.md#exit-codes", True),
        ("docs/manual/command-line.md#no-such-part", False),
        ("docs/no-such-page.md", False),
        ("#install", True),
        ("#uninstall", False),
    ],
)
def test_a_dead_link_is_noticed(link, there):
    assert _is_there(ROOT / "README.md", link) is there
