"""Two small callers, one per dialect, written for these tests alone."""

import base64
import hashlib
import json
import time
from typing import Any, ClassVar

import requests

WEB = {
    "uid": "",
    "timestamp": 0,
    "token": "",
    "client": "semsPlusWeb",
    "version": "",
    "language": "en",
}
IOS = {"version": "v2.1.0", "client": "ios", "language": "en"}
LOGIN = "sems-user/api/v1/auth/cross-login"
FLOW = "sems-plant/api/stations/flow"
MONITOR = "PowerStation/GetMonitorDetailByPowerstationId"


def encoded(password):
    digest = hashlib.md5(password.encode(), usedforsecurity=False).hexdigest()
    return base64.b64encode(digest.encode()).decode()


def signature(token, ms=None):
    ms = str(int(time.time() * 1000)) if ms is None else str(ms)
    digest = hashlib.sha256(f"{ms}@{token['uid']}@{token['token']}".encode())
    return base64.b64encode(f"{digest.hexdigest()}@{ms}".encode()).decode()


class Caller:
    """Somebody who signs in and sends what he got from then on."""

    first: ClassVar[dict[str, Any]]

    def __init__(self, url, account="owner@example.com"):
        self.url, self.account, self.token = url, account, dict(self.first)
        self.http = requests.Session()

    def keep(self, reply):
        """Keep the token of a sign-in's reply, if there is one."""
        if (reply.get("data") or {}).get("token"):
            self.token = reply["data"]
        return reply


class Plus(Caller):
    """Speaks SEMS+."""

    first = WEB

    def send(self, method, path, *, headers=None, **how):
        own = {
            "token": json.dumps(self.token),
            "X-Signature": signature(self.token),
        }
        return self.http.request(
            method,
            f"{self.url}/web/sems/{path}",
            headers=own | (headers or {}),
            timeout=5,
            allow_redirects=False,
            **how,
        )

    def get(self, path, **query):
        return self.send("GET", path, params=query).json()

    def post(self, path, body=None, **query):
        return self.send("POST", path, json=body or {}, params=query).json()

    def sign_in(self, password="demo", **fields):  # noqa: S107
        body = {
            "account": self.account,
            "pwd": encoded(password),
            "agreement": 1,
            "isLocal": False,
            "isChinese": False,
        }
        return self.keep(self.post(LOGIN, body | fields))

    def station(self):
        rows = self.post("sems-plant/api/portal/stations/page", {"current": 1})
        return rows["data"]["dataList"][0]["id"]

    def flow(self, station_id):
        return self.get(FLOW, stationId=station_id)["data"]

    def statistics(self, station_id, dimension, first, last, items=None):
        body = {
            "stationId": station_id,
            "isReport": False,
            "dimension": dimension,
            "startTime": f"{first} 00:00:00",
            "endTime": f"{last} 23:59:59",
        }
        if items is not None:
            body["items"] = items
        return self.post("sems-plant/api/stations/statistics", body)

    def curve(self, station_id, day):
        body = {
            "stationId": station_id,
            "items": ["pSystem", "soc", "pBat", "pConsum", "pGrid"],
            "timeScale": 1,
            "timeZone": -1,
            "startTime": f"{day} 00:00:00",
            "endTime": f"{day} 23:59:59",
        }
        reply = self.post("sems-plant/api/v1/hems/power/statisticsAndPreV2", body)
        return {row["item"]: row["powerData"] for row in reply["data"]["dataList"]}


class Old(Caller):
    """Speaks classic."""

    first = IOS

    def send(self, path, *, headers=None, **how):
        own = {"Token": json.dumps(self.token)}
        return self.http.post(
            f"{self.url}/api/{path}",
            headers=own if headers is None else headers,
            timeout=5,
            allow_redirects=False,
            **how,
        )

    def post(self, path, **body):
        return self.send(path, json=body).json()

    def sign_in(self, password="demo", version="v3"):  # noqa: S107
        body = {"account": self.account, "pwd": password}
        return self.keep(self.post(f"{version}/Common/CrossLogin", **body))

    def station(self):
        return self.post("PowerStation/GetPowerStationIdByOwner")["data"]

    def monitor(self, station_id):
        return self.post(f"v3/{MONITOR}", powerStationId=station_id)["data"]
