"""What tells desktops and software centres of the program."""

from __future__ import annotations

import configparser
import shutil
import subprocess
from pathlib import Path
from xml.etree import ElementTree as ET

import pytest

from sems_tray.i18n.locale import LANGUAGES, locale_for
from sems_tray.resources import resource

RESOURCES = Path(__file__).resolve().parents[1] / "resources"
DESKTOP = RESOURCES / "sems-tray.desktop"
METAINFO = RESOURCES / "io.github.sems_tray.metainfo.xml"
OTHERS = [it for it in LANGUAGES if it != "en"]
ABOUT = "Shows your GoodWe solar station in the system tray."
LANG = "{http://www.w3.org/XML/1998/namespace}lang"


def about(language: str) -> str:
    said = locale_for(language, (), "").catalogue.gettext(ABOUT)
    return said.removesuffix(".")


def validated(*command: str | Path) -> tuple[int, str]:
    if shutil.which(str(command[0])) is None:
        pytest.skip(f"needs {command[0]}")
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    return done.returncode, done.stdout


@pytest.fixture
def entry():
    parser = configparser.RawConfigParser(strict=True, delimiters=("=",))
    parser.optionxform = str  # type: ignore[assignment, method-assign]
    parser.read_string(DESKTOP.read_text(encoding="utf-8"))
    return parser["Desktop Entry"]


@pytest.fixture
def metainfo():
    return ET.parse(METAINFO).getroot()  # noqa: S314 (our own)


def test_the_validator_accepts_the_desktop_entry():
    assert validated("desktop-file-validate", DESKTOP) == (0, "")


def test_the_desktop_entry_starts_the_program_and_names_its_icon(entry):
    assert entry["Exec"] == "sems-tray"
    assert resource(f"{entry['Icon']}.svg") is not None


@pytest.mark.parametrize("language", OTHERS)
def test_the_desktop_entry_is_translated(entry, language):
    assert entry["Comment"] == about("en")
    assert entry[f"Comment[{language}]"] == about(language) != about("en")
    for key in ("GenericName", "Keywords"):
        assert entry[f"{key}[{language}]"] != entry[key]


def test_the_validator_accepts_the_metainfo():
    code, said = validated("appstreamcli", "validate", "--no-net", METAINFO)
    assert code == 0, said


def test_the_metainfo_belongs_to_the_desktop_entry_and_the_bundle(metainfo):
    assert metainfo.get("type") == "desktop-application"
    name = metainfo.findtext("id")
    assert name == METAINFO.name.removesuffix(".metainfo.xml")
    spec = (RESOURCES.parent / "build.spec").read_text(encoding="utf-8")
    assert f'bundle_identifier="{name}"' in spec
    assert metainfo.findtext("launchable") == DESKTOP.name
    assert metainfo.findtext("project_license") == "MIT"


def test_the_metainfo_says_in_every_language_what_it_is(metainfo):
    told = {it.get(LANG, "en"): it.text for it in metainfo.findall("summary")}
    assert told == {it: about(it) for it in LANGUAGES}
