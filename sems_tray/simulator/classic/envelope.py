"""The envelope around classic replies, and the portal's many time formats."""

from datetime import datetime, tzinfo
from zoneinfo import ZoneInfo

from sems_tray.simulator.http import Json, Reply

# Internal addresses that real replies leak; never to be used (facts, section 5).
INTERNAL = "http://eu.semsportal.com:82/api/"
SOCKET = "https://eu-xxzx.semsportal.com"
US, ACCOUNT = "%m/%d/%Y %H:%M:%S", "%d/%m/%Y %H:%M:%S"
CHINA = ZoneInfo("Asia/Shanghai")


def success(data: object, *, para: str | None = None) -> Reply:
    """Wrap data; the code is text in newer replies."""
    return Reply(
        body={
            "language": "en",
            "function": ["ADD", "VIEW"],
            "hasError": False,
            "msg": "success",
            "code": "0",
            "data": data,
            "components": {
                "para": para,
                "langVer": 179,
                "timeSpan": 50,
                "msgSocketAdr": None,
            },
        }
    )


def refused(code: int, text: str, path: str = "") -> Reply:
    """Refuse: HTTP 200, a number as code, hasError false all the same."""
    return Reply(
        body={
            "hasError": False,
            "code": code,
            "msg": text,
            "data": None,
            "components": components(path),
        }
    )


def components(path: str) -> Json:
    """Return the block with the internal address."""
    return {
        "para": None,
        "langVer": 179,
        "timeSpan": 0,
        "api": INTERNAL + path,
        "msgSocketAdr": SOCKET,
    }


def headerless() -> Reply:
    """Answer a call without a Token header."""
    return Reply(
        body={
            "language": "zh_CN",
            "function": None,
            "hasError": True,
            "msg": "ver is not fund",
            "code": "100000",
            "data": None,
            "components": {
                "para": None,
                "langVer": 306,
                "timeSpan": 0,
                "msgSocketAdr": None,
            },
        }
    )


def inner_exception() -> Reply:
    """Answer an unknown station the way the server's null reference does."""
    return Reply(
        body={
            "language": "en",
            "function": None,
            "hasError": True,
            "msg": "未将对象引用设置到对象的实例。",
            "code": "innerexception",
            "data": None,
            "components": {
                "para": None,
                "langVer": 179,
                "timeSpan": 0,
                "msgSocketAdr": None,
            },
        }
    )


def throttled(retry_after_s: int) -> Reply:
    """Ask for a pause in HTTP's own words."""
    return Reply(
        body={"msg": "Too Many Requests"},
        status=429,
        headers={"Retry-After": str(retry_after_s)},
    )


def us_time(at: datetime, zone: tzinfo) -> str:
    """Return local time in US order, which ``info.time`` always has."""
    return at.astimezone(zone).strftime(US)


def account_time(at: datetime, zone: tzinfo) -> str:
    """Return local time in the account's date_format."""
    return at.astimezone(zone).strftime(ACCOUNT)


def number(value: float) -> str:
    """Return a number for a text with a unit: no needless decimals."""
    text = f"{value:.3f}".rstrip("0").rstrip(".")
    return "0" if text in ("", "-0") else text
