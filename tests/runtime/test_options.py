from pathlib import Path

import pytest

from sems_tray.cli.arguments import parse
from sems_tray.runtime.options import Options, UsageError, read_options


def read(*argv, **environment):
    variables = {f"SEMS_TRAY_{name}": value for name, value in environment.items()}
    return read_options(parse(argv), variables)


def test_nothing_asked_for_leaves_all_to_the_settings():
    assert read() == Options()


@pytest.mark.parametrize(
    ("argv", "environment", "name", "expected"),
    [
        ((), {"STATION": "env"}, "station", "env"),
        (("--station", "opt"), {"STATION": "env"}, "station", "opt"),
        (("status", "--station", "opt"), {"STATION": "env"}, "station", "opt"),
        ((), {"DIALECT": "classic"}, "dialect", "classic"),
        (("--dialect", "auto"), {"DIALECT": "classic"}, "dialect", "auto"),
        ((), {"PORTAL": "https://a.example/"}, "portal", "https://a.example"),
        (
            ("--portal", "https://b.example"),
            {"PORTAL": "https://a.example"},
            "portal",
            "https://b.example",
        ),
        ((), {"PORTAL": "", "STATION": "", "DIALECT": ""}, "portal", None),
        ((), {"DIALECT": ""}, "dialect", None),
        (("--profile", "a"), {}, "profile", Path("a")),
        (("--demo",), {}, "demo", "day"),
        (("--demo", "night"), {}, "demo", "night"),
        (("--demo", "status"), {}, "demo", "day"),
        (("--demo", "stations", "--json"), {}, "demo", "day"),
        (("--demo", "night", "status"), {}, "demo", "night"),
        (("--demo", "night", "status", "--demo", "fault"), {}, "demo", "fault"),
    ],
)
def test_an_option_goes_before_the_environment(argv, environment, name, expected):
    assert getattr(read(*argv, **environment), name) == expected


@pytest.mark.parametrize("command", ["status", "stations"])
def test_options_may_stand_before_the_command_or_after_it(command):
    given = ("--portal", "https://a.example", "--dialect", "classic", "--verbose")
    assert read(*given, command) == read(command, *given)
    assert read(command, *given).verbose


def test_the_demo_has_its_own_portal_account_and_station():
    own = {"PORTAL": "http://evil.example", "ACCOUNT": "me", "PASSWORD": "pw"}
    assert read("--demo", STATION="mine", **own) == Options(demo="day")


def test_the_environment_may_sign_in():
    credentials = read(ACCOUNT="me", PASSWORD="pw").credentials
    assert credentials is not None
    assert (credentials.account, credentials.password) == ("me", "pw")


@pytest.mark.parametrize(
    "environment",
    [{"ACCOUNT": "me"}, {"PASSWORD": "pw"}, {"ACCOUNT": "me", "PASSWORD": ""}],
)
def test_half_of_the_credentials_is_none(environment):
    assert read(**environment).credentials is None


def test_no_repr_tells_account_or_password():
    options = read(ACCOUNT="me@example.com", PASSWORD="hunter2")
    for text in (repr(options), repr(options.credentials)):
        assert "me@example" not in text
        assert "hunter2" not in text


@pytest.mark.parametrize(
    ("argv", "environment", "words"),
    [
        (("--demo", "dawn"), {}, "no demo scenario 'dawn'; there are: day,"),
        (("--demo", ""), {}, "no demo scenario ''"),
        (("--demo", "day", "--portal", "https://a.example"), {}, "its own portal"),
        (("--dialect", "modbus"), {}, "--dialect: 'modbus' is none of auto,"),
        ((), {"DIALECT": "modbus"}, "SEMS_TRAY_DIALECT: 'modbus' is none of"),
        (("--portal", "http://a.example"), {}, "--portal: http is allowed for this"),
        ((), {"PORTAL": "http://a.example"}, "SEMS_TRAY_PORTAL: http is allowed"),
        (("--portal", ""), {}, "--portal: not an http or https address"),
        (("--portal", "garbage"), {}, "--portal: not an http or https address"),
    ],
)
def test_a_wrong_wish_is_told_in_one_sentence(argv, environment, words):
    with pytest.raises(UsageError, match=r"^[^\n]+$") as caught:
        read(*argv, **environment)
    assert words in str(caught.value)
