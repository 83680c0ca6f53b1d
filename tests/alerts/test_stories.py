"""Each story in ``stories/`` happens as it is told."""

from pathlib import Path

import pytest

from tests.alerts.story import Story, Teller, parse

FOLDER = Path(__file__).parent / "stories"
STORIES = [
    pytest.param(story, id=f"{path.stem}: {story.title}")
    for path in sorted(FOLDER.glob("*.txt"))
    for story in parse(path.read_text(encoding="utf-8"))
]


def _told(text: str) -> None:
    for story in parse(text):
        Teller(story).tell()


@pytest.mark.parametrize("story", STORIES)
def test_a_story_happens_as_it_is_told(story: Story) -> None:
    Teller(story).tell()


def test_there_are_many_stories_and_no_two_have_one_name() -> None:
    names = [it.id for it in STORIES]
    assert len(names) >= 40
    assert len(set(names)) == len(names)


@pytest.mark.parametrize(
    "text",
    [
        "10:00 ok",  # no story to belong to
        "story: x\n10:00 inverter A explodes",
        "story: x\n10:00 inverter Z fault",
        "story: x\n10:00 ok\n  -> shout",
        "story: x\n10:00 ok\n10:00 ok",
        "story: x\nweather: rain",
        'story: x\n10:00 alarm "Never Heard Of" over',
    ],
)
def test_a_story_with_unknown_words_is_refused(text: str) -> None:
    with pytest.raises((ValueError, AssertionError)):
        _told(text)


@pytest.mark.parametrize(
    "expected",
    [
        "",  # a notice that nobody expected
        '-> notice warning fault:A "Inverter A has a fault"',
        '-> notice urgent fault:A "Inverter B has a fault"',
        '-> notice urgent fault:A "Inverter A has a fault" "no such words"',
        '-> 10:04 notice urgent fault:A "Inverter A has a fault"',
        '-> notice urgent fault:A "Inverter A has a fault"\n-> clear fault:A "x"',
        'tray: "All is well"',
    ],
)
def test_a_story_that_goes_differently_fails(expected: str) -> None:
    text = f"story: x\n10:00 ok\n10:02 inverter A fault\n{expected}\n10:04 ok"
    with pytest.raises(AssertionError):
        _told(text)
