"""Exit codes, words and manners when the portal misbehaves (design, section 9)."""

import json
import re
import signal
import sys
import time
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from .conftest import DOMAIN, at_once

BOTH = ("semsplus", "classic")
# Without these there is no reading; before them something else takes the token.
ESSENTIAL = ("/stations/flow", "/GetMonitorDetailByPowerstationId")

# How every call is answered: the trouble, the exit code, how many sign-ins are
# tried in classic and in auto, which begins with SEMS+.
EVERY_CALL = [
    ("html", "unreachable", 4, (1, 2)),
    ("empty", "unreachable", 4, (1, 2)),
    ("500", "unreachable", 4, (1, 2)),
    ("503", "unreachable", 4, (1, 2)),
    ("redirect", "portal_changed", 5, (1, 2)),
    ("404", "portal_changed", 5, (3, 4)),  # classic walks v3, v2, v1
    ("broken-json", "unreadable", 5, (1, 2)),
    ("not-an-object", "unreadable", 5, (1, 2)),
    ("no-code", "unreadable", 5, (1, 2)),
    ("big", "unreadable", 5, (1, 2)),
    ("throttle", "throttled", 6, (1, 1)),
    ("429", "throttled", 6, (1, 1)),
    ("empty-data", "portal_changed", 5, (1, 2)),
    ("null-data", "portal_changed", 5, (1, 2)),
    ("100005", "refused", 3, (1, 1)),
    ("expired", "sign_in", 3, (1, 1)),
]


@pytest.mark.parametrize(
    ("how", "trouble", "code", "sign_ins"), EVERY_CALL, ids=[it[0] for it in EVERY_CALL]
)
def test_every_misbehaviour_has_its_exit_code(
    how, trouble, code, sign_ins, program, here, portals
):
    sims = [portals(), portals()]
    for sim in sims:
        sim.fail("", how)
    found = [
        here("status", "--json", "--dialect", "classic", portal=sims[0]),
        program.run("status", "--json", portal=sims[1]),
    ]
    for done in found:
        assert done.code == code
        assert list(done.json) == ["schema", "trouble", "message"]
        assert done.json["schema"] == 1
        assert done.json["trouble"] == trouble
        assert done.err == f"sems-tray: {done.json['message']}\n"
    assert tuple(sim.sign_ins for sim in sims) == sign_ins


SIGNED_IN = [
    ("html", "unreachable", 4),
    ("500", "unreachable", 4),
    ("404", "portal_changed", 5),
    ("redirect", "portal_changed", 5),
    ("broken-json", "unreadable", 5),
    ("big", "unreadable", 5),
    ("throttle", "throttled", 6),
    ("429", "throttled", 6),
    ("expired", "sign_in", 3),
]


@pytest.mark.parametrize("dialect", BOTH)
@pytest.mark.parametrize(("how", "trouble", "code"), SIGNED_IN)
def test_troubles_after_a_good_sign_in_cost_no_second(
    how, trouble, code, dialect, here, portal
):
    for path in ESSENTIAL:
        portal.fail(path, how)
    done = here("status", "--json", "--dialect", dialect, portal=portal)
    assert (done.json["trouble"], done.code) == (trouble, code)
    # A token that was good may have expired: that is worth one more sign-in.
    assert portal.sign_ins == (2 if how == "expired" else 1)


def test_an_empty_flow_beside_device_states_that_work_is_no_trouble(here, portal):
    for path in ESSENTIAL:
        portal.fail(path, "null-data")
    plus = here("status", "--json", "--dialect", "semsplus", portal=portal)
    assert (plus.code, plus.json["trouble"]) == (0, None)
    assert plus.json["power"]["pv_w"] is None
    assert [it["state"] for it in plus.json["inverters"]]
    classic = here("status", "--json", "--dialect", "classic", portal=portal)
    assert (classic.code, classic.json["trouble"]) == (5, "portal_changed")


@pytest.mark.parametrize("dialect", BOTH)
@pytest.mark.parametrize(
    ("kind", "trouble"), [("no-token", "agreement"), ("mfa", "mfa")]
)
def test_a_login_that_gives_no_token_has_a_trouble_of_its_own(
    kind, trouble, dialect, here, portal
):
    portal.login_reply = kind
    done = here("status", "--json", "--dialect", dialect, portal=portal)
    assert (done.code, done.json["trouble"], portal.sign_ins) == (3, trouble, 1)


@pytest.mark.parametrize("dialect", BOTH)
@pytest.mark.parametrize("kind", ["no-api", "trailing-slash", "api-on-top"])
def test_a_login_may_name_its_host_in_several_ways(dialect, kind, here, portal):
    portal.login_reply = kind
    done = here("status", "--json", "--dialect", dialect, portal=portal)
    assert (done.code, done.json.get("state")) == (0, "ok")


@pytest.mark.parametrize("dialect", BOTH)
def test_a_foreign_host_hears_nothing(dialect, program, portals):
    portal, foreign = portals(), portals()
    portal.foreign_api = foreign.url + "/web/sems"
    done = program.run("status", "--json", "--dialect", dialect, portal=portal)
    assert (done.code, done.json["trouble"]) == (5, "portal_changed")
    assert foreign.requests == []
    assert portal.sign_ins == 1


@pytest.mark.parametrize("dialect", [*BOTH, "auto"])
def test_a_wrong_password_is_tried_once(dialect, program, portal):
    page, listed = (
        program.run(
            command,
            "--dialect",
            dialect,
            portal=portal,
            SEMS_TRAY_PASSWORD="hunter2",
        )
        for command in ("status", "stations")
    )
    assert page.code == listed.code == 3
    assert portal.sign_ins == 2  # once each
    for done in (page, listed):
        assert done.out == ""
        assert done.err.startswith("sems-tray: GoodWe does not accept this account and")
        assert done.err.count("\n") == 1


def test_a_clock_that_is_far_off_is_named(program, portals):
    later = portals(
        now=lambda: datetime.now(UTC) + timedelta(hours=3), clock_tolerance_s=300
    )
    done = program.run("status", "--json", "--dialect", "semsplus", portal=later)
    assert (done.code, done.json["trouble"]) == (3, "clock")
    assert re.search(r"(2 h 59 min|3 h) behind", done.json["message"])


@pytest.mark.parametrize(
    ("scenario", "code", "trouble"),
    [("throttled", 6, "throttled"), ("refused", 3, "refused")],
)
def test_the_demo_shows_troubles_too(scenario, code, trouble, program):
    done = program.run("status", "--json", "--demo", scenario)
    assert (done.code, done.json["trouble"]) == (code, trouble)


def test_nobody_there_is_unreachable_and_no_credentials_is_sign_in(program, portal):
    url, sims = "http://127.0.0.1:9", portal
    nobody, stranger = at_once(
        [
            lambda: program.run("status", "--json", "--portal", url),
            lambda: program.run(
                "status",
                "--json",
                portal=sims,
                SEMS_TRAY_ACCOUNT="unset",
                SEMS_TRAY_PASSWORD="unset",
            ),
        ]
    )
    assert (nobody.code, nobody.json["trouble"]) == (4, "unreachable")
    assert (stranger.code, stranger.json["trouble"]) == (3, "sign_in")
    assert portal.requests == []


def test_the_portals_own_words_command_no_terminal(program, portal):
    portal.fail("", "\x1b[2J\x9b31m\nx")
    done = program.run("status", "--json", portal=portal)
    assert done.code == 3
    assert not set(done.out + done.err) & set("\x1b\x9b")
    assert done.err.count("\n") == 1


@pytest.mark.parametrize("how", ["expired", "100005"])
def test_no_secret_is_told_even_when_verbose(how, program, portals):
    secret = "hunter2-and-more"
    good, bad = portals(), portals()
    bad.fail("", how)
    found = at_once(
        [
            lambda: program.run("--verbose", "status", portal=good),
            lambda: program.run(
                "--verbose", "status", portal=bad, SEMS_TRAY_PASSWORD=secret
            ),
        ]
    )
    assert "signed in (semsplus)" in found[0].err
    tokens = [it.token for it in good.world.sessions._by_account.values()]
    assert tokens
    for done in found:
        for hidden in (secret, DOMAIN, *tokens):
            assert hidden not in done.out + done.err


@pytest.mark.skipif(sys.platform != "linux", reason="/proc is Linux's")
def test_a_process_listing_shows_no_secret(program, portal):
    portal.fail("", "hang")
    with program.popen(
        "status", portal=portal, SEMS_TRAY_PASSWORD="hunter2", TMPDIR=program.temporary
    ) as child:
        until = time.monotonic() + 20
        while not portal.requests and time.monotonic() < until:
            time.sleep(0.02)
        shown = Path(f"/proc/{child.pid}/cmdline").read_bytes().decode()
        child.send_signal(signal.SIGINT)
        out, err = child.communicate(timeout=10)
    assert portal.url in shown
    assert "hunter2" not in shown
    assert DOMAIN not in shown
    assert (child.returncode, out) == (130, "")
    assert "hunter2" not in err
    assert "Traceback" not in err


@pytest.mark.parametrize("dialect", BOTH)
def test_a_portal_that_hangs_is_given_up_after_15_seconds(dialect, hung):
    child, portal, began = hung[dialect]
    out, err = child.communicate(timeout=30)
    # Other tests may have kept us from looking sooner.
    assert time.monotonic() - began > 14
    assert child.returncode == 4
    assert json.loads(out)["trouble"] == "unreachable"
    assert err.count("\n") == 1
    assert portal.sign_ins == 1
    assert len(portal.requests) == 1


@pytest.mark.torture
def test_a_portal_that_drips_is_given_up_after_30_seconds(program, portals):
    sims = [portals() for _ in BOTH]
    for sim in sims:
        sim.fail("", "drip")
    began = time.monotonic()
    found = at_once(
        lambda sim=sim, it=it: program.run(
            "status", "--json", "--dialect", it, portal=sim
        )
        for sim, it in zip(sims, BOTH, strict=True)
    )
    for done, sim in zip(found, sims, strict=True):
        assert (done.code, done.json["trouble"]) == (4, "unreachable")
        assert sim.sign_ins == 1
    assert time.monotonic() - began < 40
