"""The envelope around every SEMS+ reply, and the portal's number and time texts."""

import uuid
from datetime import datetime, tzinfo
from typing import TYPE_CHECKING

from sems_tray.simulator.http import Reply

if TYPE_CHECKING:
    from sems_tray.simulator.http import Json


def success(data: object, **more: object) -> Reply:
    """Wrap data; the description is Chinese on success whatever the language."""
    body: Json = {
        "code": "00000",
        "description": "成功",
        "traceId": uuid.uuid4().hex,
        "data": data,
    }
    return Reply(body=body | more)


def refused(code: str, description: str, translation: str = "") -> Reply:
    """Refuse: HTTP 200 and a code, as for nearly every error (facts, section 0)."""
    body: Json = {"code": code}
    if translation:
        body["translationCode"] = translation
    body |= {
        "description": description,
        "errorMsg": description,
        "traceId": uuid.uuid4().hex,
    }
    return Reply(body=body)


def abnormal() -> Reply:
    """Refuse the session, the signature or the client's identity."""
    return Reply(
        body={
            "code": "C0602",
            "description": "账号登录异常",
            "translationCode": "account_login_abnormal",
        }
    )


def throttled() -> Reply:
    """Ask for a pause."""
    return Reply(body={"code": "GY0429", "data": None})


def no_access() -> Reply:
    """Refuse a station that is not the account's."""
    return refused("100025", "No access or permission.", "no_access_or_permission")


def kw(watts: float) -> float:
    """Return W as the portal's kW, three decimals."""
    return round(watts / 1000, 3)


def kwh(energy: float) -> float:
    """Return an energy with the portal's two decimals."""
    return round(energy, 2)


def plain(value: float, digits: int = 3) -> str:
    """Return a number as telemetry's text: no trailing zeros."""
    text = f"{round(value, digits):.{digits}f}"
    text = text.rstrip("0").rstrip(".") if "." in text else text
    return "0" if text == "-0" else text


def iso_local(at: datetime, zone: tzinfo) -> str:
    """Return station local time, ISO without zone."""
    return at.astimezone(zone).replace(tzinfo=None).isoformat("T", "seconds")


def text_local(at: datetime, zone: tzinfo) -> str:
    """Return station local time with a blank."""
    return at.astimezone(zone).replace(tzinfo=None).isoformat(" ", "seconds")


def millis(at: datetime) -> str:
    """Return an instant in epoch milliseconds, as text."""
    return str(int(at.timestamp() * 1000))
