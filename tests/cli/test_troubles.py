"""Exit codes, words and manners when the portal misbehaves (design, section 9)."""

import json
import signal
import sys
import time
from pathlib import Path

import pytest

from .conftest import DOMAIN, at_once

BOTH = ("semsplus", "classic")


@pytest.mark.parametrize(
    ("how", "trouble", "code"),
    [
        ("500", "unreachable", 4),
        ("broken-json", "unreadable", 5),
        ("throttle", "throttled", 6),
        ("100005", "refused", 3),
    ],
)
def test_a_misbehaviour_has_its_exit_code_and_is_one_line(
    how, trouble, code, here, portal
):
    """All of them, by their troubles: tests/portal/test_troubles_of_the_simulator."""
    portal.fail("", how)
    done = here("status", "--json", portal=portal)
    assert done.code == code
    assert list(done.json) == ["schema", "trouble", "message"]
    assert (done.json["schema"], done.json["trouble"]) == (1, trouble)
    assert done.err == f"sems-tray: {done.json['message']}\n"
    page = here("stations", portal=portal)
    assert (page.code, page.out, page.err) == (code, "", done.err)


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
