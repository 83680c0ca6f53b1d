from pathlib import Path

import pytest

from sems_tray.cli.arguments import parse
from sems_tray.runtime.options import UsageError, read_options
from sems_tray.simulator.scenarios import SCENARIOS


def read(*argv, **environment):
    variables = {f"SEMS_TRAY_{name}": value for name, value in environment.items()}
    return read_options(parse(argv), variables)


def test_nothing_asked_for_leaves_all_to_the_settings():
    options = read()
    assert (options.demo, options.portal, options.dialect, options.station) == (
        None,
        None,
        None,
        None,
    )
    assert options.credentials is None


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


@pytest.mark.parametrize("scenario", SCENARIOS)
def test_every_scenario_can_be_asked_for(scenario):
    assert read("--demo", scenario).demo == scenario


def test_the_demo_has_its_own_portal_account_and_station():
    options = read(
        "--demo",
        PORTAL="http://evil.example",
        ACCOUNT="me",
        PASSWORD="pw",
        STATION="mine",
    )
    assert options.portal is None
    assert options.credentials is None
    assert options.account is None
    assert options.station is None


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
        (("--portal", "http://127.0.0.1.a.example"), {}, "http is allowed for this"),
        *(
            (("--portal", url), {}, "--portal: not an http or https address")
            for url in (
                "",
                "garbage",
                "ftp://a.example",
                "http://",
                "https://a b",
                "http://[::1",
                "http://127.0.0.1:99999",
                "https://user:pw@a.example",
                "https://a.example/?q=1",
                "https://a.example\\@b.example",
            )
        ),
    ],
)
def test_a_wrong_wish_is_told_in_one_sentence(argv, environment, words):
    with pytest.raises(UsageError, match=r"^[^\n]+$") as caught:
        read(*argv, **environment)
    assert words in str(caught.value)


@pytest.mark.parametrize(
    "url",
    [
        "http://127.0.0.1:8080",
        "http://localhost:1",
        "http://[::1]:8080",
        "https://www.semsportal.com",
        "https://a.example/some/path",
    ],
)
def test_http_is_for_this_computer_and_https_for_all(url):
    assert read("--portal", f"{url}/").portal == url
