"""Settings, profile and keyring as the command line uses them."""

import json
from pathlib import Path

import pytest

FAKE = Path(__file__).resolve().parent.parent / "storage"


def settings(folder, **values):
    folder.mkdir(parents=True, exist_ok=True)
    file = folder / "settings.json"
    file.write_text(json.dumps({"version": 1, **values}), encoding="utf-8")
    return file


def test_one_reading_leaves_no_file_behind(program, portal):
    done = program.run("status", "--profile", "mine", portal=portal)
    assert done.code == 0
    assert not (program.folder / "mine").exists()
    assert program.traces() == []


def test_the_settings_are_used_and_options_go_first(program, portals):
    multi = portals("multi")
    wanted = multi.world.sites[1].spec
    profile = program.folder / "p"
    settings(profile, dialect="classic", station=wanted.station_id)
    chosen = program.run("status", "--json", "--profile", profile, portal=multi)
    assert chosen.json["dialect"] == "classic"
    assert chosen.json["station"]["name"] == wanted.name
    done = program.run(
        "status",
        "--json",
        "--profile",
        profile,
        "--dialect",
        "semsplus",
        portal=multi,
        SEMS_TRAY_STATION=multi.world.sites[0].spec.station_id,
    )
    assert done.json["dialect"] == "semsplus"
    assert done.json["station"]["name"] == "Demo House"


def test_an_unknown_dialect_in_the_settings_is_no_reason_to_fail(program, portal):
    profile = program.folder / "p"
    file = settings(profile, dialect="modbus", icon="hologram")
    before = file.read_bytes()
    done = program.run("status", "--json", "--profile", profile, portal=portal)
    assert (done.code, done.json["dialect"]) == (0, "semsplus")
    assert file.read_bytes() == before


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("{", "The settings file was damaged; it is kept as settings.json.damaged-"),
        ('{"version": 9}', "The settings come from a newer version;"),
    ],
)
def test_settings_that_are_not_ours_are_told_of_and_kept(text, words, program, portal):
    profile = program.folder / "p"
    settings(profile).write_text(text)
    done = program.run("status", "--json", "--profile", profile, portal=portal)
    assert (done.code, done.json["state"]) == (0, "ok")
    assert done.err.startswith(f"sems-tray: {words}")
    assert done.err.count("\n") == 1
    assert [it.read_text() for it in profile.iterdir()] == [text]


def test_the_keyring_signs_in_and_keeps_the_token_for_the_next_run(program, portal):
    profile = program.folder / "p"
    settings(profile, account="me@example.com")
    kept = program.folder / "keyring.json"
    ours = {
        "PYTHONPATH": f"{program.environment()['PYTHONPATH']}:{FAKE}",
        "PYTHON_KEYRING_BACKEND": "fake_keyring.Keyring",
        "FAKE_KEYRING_FILE": kept,
        "SEMS_TRAY_ACCOUNT": "unset",
        "SEMS_TRAY_PASSWORD": "unset",
    }

    def status(**more):
        return program.run(
            "status", "--json", "--profile", profile, portal=portal, **ours | more
        )

    nobody = status()
    assert (nobody.code, nobody.json["trouble"]) == (3, "sign_in")
    from sems_tray.storage.paths import profile_paths

    key = profile_paths(profile).key
    kept.write_text(json.dumps({f"{key} password/me@example.com": "demo"}))
    assert status().json["state"] == "ok"
    assert portal.sign_ins == 1
    assert f"{key} token/me@example.com" in json.loads(kept.read_text())
    assert status().json["state"] == "ok"
    assert portal.sign_ins == 1  # the kept token was good enough
    portal.expire_tokens()
    assert status().json["state"] == "ok"
    assert portal.sign_ins == 2
    locked = status(FAKE_KEYRING_DOES="locked")
    assert (locked.code, locked.json["trouble"]) == (3, "sign_in")
    assert [it.name for it in profile.iterdir()] == ["settings.json"]
    token = json.loads(json.loads(kept.read_text())[f"{key} token/me@example.com"])
    assert token["login"]["token"] not in (profile / "settings.json").read_text()
