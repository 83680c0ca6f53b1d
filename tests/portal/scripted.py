"""A portal in memory: a script answers requests, a clock is set by hand."""

import json
from datetime import UTC, datetime, timedelta
from fnmatch import fnmatch

from sems_tray.domain.credentials import Credentials
from sems_tray.domain.model import Dialect
from sems_tray.domain.poll_result import PollSucceeded
from sems_tray.portal.client import SemsClient
from sems_tray.portal.http.transport import HttpTransport, Reply
from sems_tray.portal.http.trusted_hosts import Hosts
from sems_tray.portal.poll_plan import PollRequest
from tests.kit.clock import Clock

NOON = datetime(2026, 6, 21, 10, tzinfo=UTC)  # 12:00 in Amsterdam
ACCOUNT, PASSWORD = "owner@example.com", "hunter2 & friends"
EVERYTHING = PollRequest(everything=True, telemetry=True)

PLUS_LOGIN = "*/auth/cross-login"
CLASSIC_LOGIN = "*/Common/CrossLogin"
EXPIRED = {"code": "C0602", "description": "account_login_abnormal"}
REFUSED = {"code": "C0501", "description": "Wrong password."}
STATION = "00000000-0000-4000-8000-000000000001"


TOKEN = "t-1"


def ok(data):
    return {"code": "00000", "description": "success", "data": data}


def plus_login(token=TOKEN, **more):
    data = {"uid": "u-1", "token": token, "timestamp": "1", "region": "eu"}
    return ok(data | more)


def classic_login():
    data = {"uid": "u-1", "token": "c-1", "timestamp": 1, "client": "ios"}
    api = "https://eu.semsportal.com/api/"
    return {"code": 0, "msg": "Success", "data": data, "api": api}


def factors(**values):
    return ok(
        [{"code": "g", "factors": [{"code": k, "data": v}]} for k, v in values.items()]
    )


def statistics(value=1.0, item="proSystemTotalStats"):
    rows = [{"date": "2026-06-21", "val": value}]
    return ok({"dataList": [{"item": item, "statisticsList": rows}]})


def device(kind, sn, status=1, subtype="grid"):
    detail = {sn: {"name": sn, "subtype": subtype}}
    states = [{"status": status, "snList": [sn], "detailMap": detail}]
    return {"deviceType": kind, "statusDetailList": states}


def flow(**values):
    base = {
        "status": "1",
        "pSystem": 3.0,
        "pAc": 3.0,
        "refreshTime": "2026-06-21T11:59:00",
    }
    return ok(base | values)


def plus_portal(**parts):
    """Return the script of a SEMS+ portal with one inverter and a meter."""
    row = {"id": STATION, "name": "Roof", "status": "1", "timeZone": "Europe/Amsterdam"}
    devices = [device("INVERTER", "INV"), device("SMART_METER", "MET")]
    return {
        PLUS_LOGIN: plus_login(),
        "*/portal/stations/page": ok({"dataList": [row], "total": 1}),
        "*/stations/basic/info": ok({"name": "Roof", "zoneId": "Europe/Amsterdam"}),
        "*/stations/flow": flow(),
        "*/device/all-status": ok({"deviceDetailList": devices}),
        "*/device/station/page": ok({"dataList": [{"sn": "INV", "model": "GW5"}]}),
        "*/telecounting": factors(proPvStatsTotal="100", proPurchaseStatsTotal="7"),
        "*/telemetry": factors(pAc="3", Temperature="40"),
        "*/information": factors(modelType="GW5", softwareVersion="7"),
        "*/stations/statistics": statistics(),
        "*/stations/production": ok({"profitProStats": 2.0, "currency": "EUR"}),
        "*/alarm/page": ok({"dataList": [], "total": 0}),
    } | parts


def monitor(**parts):
    info = {"stationname": "Roof", "status": 1, "time_span": -2.0, "capacity": 5}
    entry = {"sn": "INV", "status": 1, "out_pac": 3000, "eday": 5.0, "etotal": 100.0}
    full = {"last_time": (NOON - timedelta(minutes=1)).timestamp() * 1000}
    body = {
        "info": info,
        "kpi": {"power": 5.0, "total_power": 100.0},
        "inverter": [entry | {"invert_full": full}],
        "powerflow": {"pv": "3000(W)", "load": "1000(W)", "grid": "2000(W)"},
    }
    return {"code": "0", "msg": "操作成功", "data": body | parts}


def classic_portal(**parts):
    """Return the script of a classic portal with one inverter."""
    rows = [{"powerstation_id": STATION, "stationname": "Roof", "status": 1}]
    return {
        CLASSIC_LOGIN: classic_login(),
        "*/QueryPowerStationMonitorForApp": {"code": 0, "data": rows},
        "*/GetMonitorDetailByPowerstationId": monitor(),
        "*/PowerstationWarningsQuery": {"code": 0, "data": []},
        "*/GetChartByPlant": {"code": 0, "data": {"lines": []}},
    } | parts


class Vault:
    """Secrets in memory."""

    def __init__(self, account=ACCOUNT, password=PASSWORD, token=None):
        self.who = Credentials(account=account, password=password)
        self.dumped = token
        self.kept = []

    def credentials(self):
        return self.who

    def token(self):
        return self.dumped

    def save_token(self, dumped):
        self.dumped = dumped
        self.kept.append(dumped)


class Script(HttpTransport):
    """A transport that answers by the first pattern that fits the URL.

    An answer is a body, bytes, a Reply, an exception, a list of these (the last stays)
    or a function of the request.
    """

    def __init__(self, answers):
        self.answers = dict(answers)
        self.asked = []

    def send(self, request):
        self.asked.append(request)
        for pattern, answer in self.answers.items():
            if fnmatch(request.url, pattern):
                return self._give(answer, request)
        return Reply(status=404, body=b"")

    def _give(self, answer, request):
        if isinstance(answer, list):
            answer = answer.pop(0) if len(answer) > 1 else answer[0]
        if callable(answer):
            answer = answer(request)
        if isinstance(answer, Exception):
            raise answer
        if isinstance(answer, Reply):
            return answer
        body = answer if isinstance(answer, bytes) else json.dumps(answer).encode()
        return Reply(status=200, body=body)

    def rest(self):
        pass

    def abort(self):
        pass

    def count(self, pattern):
        return sum(fnmatch(it.url, pattern) for it in self.asked)

    @property
    def sign_ins(self):
        return self.count(PLUS_LOGIN) + self.count(CLASSIC_LOGIN)

    def names(self):
        """Return the last part of every path asked, in order, and forget them."""
        found = [it.url.rsplit("/", 1)[1] for it in self.asked]
        self.asked.clear()
        return found


class Desk:
    """A client with everything around it within reach."""

    def __init__(self, answers, *, dialect=Dialect.SEMSPLUS, vault=None, **more):
        self.script = Script(answers)
        self.clock = Clock(NOON)
        self.vault = vault or Vault()
        self.client = SemsClient(
            transport=self.script,
            hosts=Hosts(more.pop("portal", None)),
            vault=self.vault,
            dialect=dialect,
            now=self.clock,
            **more,
        )

    def fetch(self, want=None):
        return self.client.fetch(want or PollRequest())

    def trouble(self):
        """Poll, and return the trouble or None."""
        return getattr(self.fetch(), "trouble", None)

    def poll_until(self, minutes, step_s=60):
        """Poll for a while; return the troubles."""
        found = []
        for _ in range(minutes * 60 // step_s):
            self.clock.add(seconds=step_s)
            found.append(self.trouble())
        return found


def reading(outcome):
    assert isinstance(outcome, PollSucceeded), outcome
    return outcome.reading


def alarm(warning_id, status=0, at=NOON):
    ms = str(int(at.timestamp() * 1000))
    row = {"warningid": warning_id, "status": status, "happentime": ms}
    return row | {"warningNameEn": "Isolation", "recoverytime": ms if status else None}
