import base64
import json

import pytest

from tests.simulator.callers import FLOW, IOS, LOGIN, MONITOR, Old, Plus, signature

GONE = {"error_msg": "404 Route Not Found"}


@pytest.fixture
def sim(at_noon):
    return at_noon()


def test_the_signature_is_the_one_of_the_facts():
    ms = 1700000000000
    assert signature({"uid": "u-1", "token": "t-1"}, ms) == (
        "Y2EyYjE2NWYyYzY4YTRmNzc1Zjc3YTUxY2YxNjhhYTVmYWU1NTdiNzA1MDBmNDFmMzIwMTEx"
        "ZTQ2NjI1OTU0MEAxNzAwMDAwMDAwMDAw"
    )


def test_semsplus_refuses_another_password(sim):
    reply = Plus(sim.url).sign_in("Demo")
    assert reply["code"] == "C0501"
    assert reply["description"]


@pytest.mark.parametrize("pwd", ["demo", "", "ZGVtbw==", "ä"])
def test_semsplus_wants_the_password_hashed(sim, pwd):
    assert Plus(sim.url).sign_in(pwd=pwd)["code"] == "100004"


def test_without_the_agreement_there_is_no_token(sim):
    reply = Plus(sim.url).sign_in(agreement=0)
    assert reply["code"] == "00000"
    assert reply["data"].keys() == {"agreement", "api"}


@pytest.mark.parametrize(
    "headers",
    [
        {"X-Signature": ""},
        {"X-Signature": "bm9uc2Vuc2U="},
        {"X-Signature": signature({"uid": "x", "token": "y"})},
        {"token": ""},
        {"token": base64.b64encode(json.dumps({"uid": "", "token": ""}).encode())},
        {"token": json.dumps({"uid": "", "token": "", "client": "web"})},
    ],
)
def test_semsplus_checks_the_headers_at_sign_in(sim, headers):
    caller = Plus(sim.url)
    reply = caller.send("POST", LOGIN, json={}, headers=headers).json()
    assert reply["code"] == "C0602"


@pytest.mark.parametrize("name", ["uid", "timestamp", "token", "client", "language"])
def test_semsplus_wants_the_whole_login_object_back(sim, plus, name):
    caller = plus(sim)
    whole = caller.token
    shortened = {key: value for key, value in whole.items() if key != name}
    headers = {"token": json.dumps(shortened), "X-Signature": signature(whole)}
    reply = caller.send("GET", FLOW, params={"stationId": "x"}, headers=headers)
    assert reply.json()["code"] == "C0602"


def test_six_keys_of_the_login_object_are_enough(sim, plus):
    caller = plus(sim)
    keys = ("uid", "timestamp", "token", "client", "version", "language")
    caller.token = {key: caller.token[key] for key in keys}
    assert caller.flow(sim.books.station_ids[0])["soc"]


def test_a_station_of_somebody_else_is_refused(sim, plus, old):
    assert plus(sim).get(FLOW, stationId="somebody-elses")["code"] == "100025"
    reply = old(sim).post(f"v2/{MONITOR}", powerStationId="somebody-elses")
    assert (reply["code"], reply["hasError"]) == ("innerexception", True)


def test_a_second_sign_in_ends_the_first_session(sim, plus):
    first, second = plus(sim), plus(sim)
    stranger = plus(sim, account="other@example.com")
    assert first.get(FLOW, stationId="x")["code"] == "C0602"
    assert second.get(FLOW, stationId="x")["code"] == "100025"
    assert stranger.get(FLOW, stationId="x")["code"] == "100025"


def test_sessions_are_shared_by_the_dialects(sim, plus, old):
    first = plus(sim)
    second = old(sim)
    assert first.get(FLOW, stationId="x")["code"] == "C0602"
    station = second.station()
    plus(sim)
    reply = second.post(f"v3/{MONITOR}", powerStationId=station)
    assert reply["code"] == 100002


def test_signing_out_ends_the_session(sim, plus):
    caller = plus(sim)
    assert caller.get("sems-user/api/v1/user/get-user")["data"]["account"]
    assert caller.post("sems-user/api/v1/auth/remove-token")["code"] == "00000"
    assert caller.get("sems-user/api/v1/user/get-user")["code"] == "C0602"


def test_tokens_can_be_expired(sim, plus, old):
    caller = plus(sim)
    sim.expire_tokens()
    assert caller.get(FLOW, stationId="x")["code"] == "C0602"
    veteran = old(sim)
    sim.expire_tokens()
    assert veteran.post(f"v2/{MONITOR}", powerStationId="x")["code"] == 100002


def test_tokens_last_six_hours(sim, plus):
    caller = plus(sim)
    clock = sim.world.sessions._clock_s
    sim.world.sessions._clock_s = lambda: clock() + 6 * 3600 - 5
    assert caller.get(FLOW, stationId="x")["code"] == "100025"
    sim.world.sessions._clock_s = lambda: clock() + 6 * 3600
    assert caller.get(FLOW, stationId="x")["code"] == "C0602"


def test_a_wrong_clock_is_refused_where_a_tolerance_is_set(at_noon):
    sim = at_noon(clock_tolerance_s=300)  # its clock stands in April
    assert Plus(sim.url).sign_in()["code"] == "C0602"


def test_classic_takes_the_plain_password_as_json_and_as_form(sim):
    caller = Old(sim.url)
    assert caller.sign_in()["code"] == 0
    form = caller.send("v2/Common/CrossLogin", data={"account": "a", "pwd": "demo"})
    assert form.json()["api"] == f"{sim.url}/api/"
    assert caller.sign_in("wrong")["code"] == 100005


def test_classic_takes_its_header_as_base64_too(sim):
    caller = Old(sim.url)
    data = caller.sign_in()["data"]
    header = base64.b64encode(json.dumps(data).encode()).decode()
    path = "PowerStation/GetPowerStationIdByOwner"
    reply = caller.send(path, headers={"Token": header}, json={}).json()
    assert reply["data"] == sim.books.station_ids[0]


def test_classic_holds_a_caller_to_its_client(sim, old):
    caller = old(sim)
    caller.token = caller.token | {"client": "web"}
    reply = caller.post("PowerStation/GetPowerStationIdByOwner")
    assert reply["code"] == 100002


def test_classic_without_a_token_is_told_to_log_in(sim):
    reply = Old(sim.url).post(f"v3/{MONITOR}", powerStationId="x")
    assert reply["code"] == 100001
    header = {"Token": json.dumps(IOS | {"uid": "u", "token": "t"})}
    reply = Old(sim.url).send(f"v3/{MONITOR}", headers=header, json={}).json()
    assert reply["code"] == 100002


@pytest.mark.parametrize("path", ["/", "/web/sems/x", "/api/v3/Nothing", "/web/sems"])
def test_an_unknown_path_is_a_404_without_a_code(sim, path):
    reply = Plus(sim.url).http.get(sim.url + path, timeout=5)
    assert (reply.status_code, reply.json()) == (404, GONE)


def test_refused_refuses_everybody(at_noon):
    sim = at_noon("refused")
    assert Plus(sim.url).sign_in()["code"] == "C0501"
    assert Old(sim.url).sign_in()["code"] == 100005
    assert sim.sign_ins == 2


def test_the_api_of_a_sign_in_can_be_foreign(sim):
    sim.foreign_api = "https://evil.example/api"
    assert Plus(sim.url).sign_in()["data"]["api"] == "https://evil.example/api"
    assert Old(sim.url).sign_in()["api"] == "https://evil.example/api/"


def test_a_sign_in_can_end_in_other_ways(sim):
    plus, old = Plus(sim.url), Old(sim.url)
    sim.login_reply = "no-token"
    assert plus.sign_in()["data"].keys() == {"agreement", "api"}
    assert old.sign_in()["data"].keys() == {"agreement_agreement"}
    sim.login_reply = "mfa"
    assert plus.sign_in()["data"]["mfaRequired"] is True
    sim.login_reply = "no-api"
    assert "api" not in plus.sign_in()["data"]
    assert "api" not in old.sign_in()
    sim.login_reply = "trailing-slash"
    assert plus.sign_in()["data"]["api"].endswith("/web/sems/")
    sim.login_reply = "api-on-top"
    reply = plus.sign_in()
    assert "api" not in reply["data"]
    assert reply["api"] == f"{sim.url}/web/sems"


def test_the_region_can_be_asked_for(sim):
    reply = Plus(sim.url).get("sems-user/api/v1/auth/default-service")
    assert reply["data"]["region"] == "eu"
