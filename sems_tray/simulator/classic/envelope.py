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
    return _reply("0", "success", data, function=["ADD", "VIEW"], para=para, span=50)


def refused(code: int | str, text: str, path: str = "") -> Reply:
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
    return _components() | {"api": INTERNAL + path, "msgSocketAdr": SOCKET}


def headerless() -> Reply:
    """Answer a call without a Token header."""
    return _reply("100000", "ver is not fund", language="zh_CN", version=306)


def inner_exception() -> Reply:
    """Answer an unknown station the way the server's null reference does."""
    return _reply("innerexception", "未将对象引用设置到对象的实例。")


def _reply(
    code: str,
    text: str,
    data: object = None,
    *,
    language: str = "en",
    function: list[str] | None = None,
    para: str | None = None,
    version: int = 179,
    span: int = 0,
) -> Reply:
    return Reply(
        body={
            "language": language,
            "function": function,
            "hasError": code != "0",
            "msg": text,
            "code": code,
            "data": data,
            "components": _components()
            | {"para": para, "langVer": version, "timeSpan": span},
        }
    )


def _components() -> Json:
    return {"para": None, "langVer": 179, "timeSpan": 0, "msgSocketAdr": None}


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
