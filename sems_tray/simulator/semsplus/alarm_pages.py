"""Alarms: the list and its counts."""

from datetime import UTC, datetime, timedelta

from sems_tray.simulator.http import Json, Reply, Request, page_of, text_of
from sems_tray.simulator.station.alarms import Alarm
from sems_tray.simulator.station.site import Site
from sems_tray.simulator.world import World

from .envelope import millis, no_access, success, text_local


def page(world: World, request: Request) -> Reply:
    """List alarms of the named stations, the newest first."""
    fields = request.fields()
    sites = _named(world, fields)
    if sites is None:
        return no_access()
    rows = [(site, alarm) for site in sites for alarm in site.alarms(request.now)]
    wanted = text_of(fields, "status")
    if wanted in {"0", "1"}:
        rows = [r for r in rows if r[1].active(request.now) == (wanted == "0")]
    rows = [r for r in rows if _within(r[0], r[1], fields)]
    rows.sort(key=lambda row: row[1].since, reverse=True)
    number, size, part = page_of(rows, fields, "pageIndex", "pageSize", 20)
    return success(
        {
            "dataList": [_row(site, alarm, request.now) for site, alarm in part],
            "total": len(rows),
            "current": number,
            "size": size,
        }
    )


def statistics(world: World, request: Request) -> Reply:
    """Count the alarms of the named stations; the counts are texts."""
    sites = _named(world, request.fields())
    if sites is None:
        return no_access()
    return success(_counts(sites, request.now))


def count(world: World, request: Request) -> Reply:
    """Count the alarms of the account."""
    return success(_counts(list(world.sites), request.now))


def _counts(sites: list[Site], now: datetime) -> Json:
    active = [a.active(now) for site in sites for a in site.alarms(now)]
    return {
        "total": str(len(active)),
        "happened": str(sum(active)),
        "recovery": str(len(active) - sum(active)),
    }


def _named(world: World, fields: Json) -> list[Site] | None:
    asked = fields.get("stationIds")
    if not isinstance(asked, list) or not asked:
        return list(world.sites)
    sites = [world.site(station_id) for station_id in asked]
    found = [site for site in sites if site is not None]
    return found if len(found) == len(sites) else None


def _within(site: Site, alarm: Alarm, fields: Json) -> bool:
    start, end = (_instant(site, text_of(fields, n)) for n in ("startTime", "endTime"))
    return (start is None or alarm.since >= start) and (
        end is None or alarm.since <= end
    )


def _instant(site: Site, text: str) -> datetime | None:
    try:
        if text.isdigit():
            return datetime.fromtimestamp(int(text) / 1000, UTC)
        local = datetime.fromisoformat(text)
    except (ValueError, OverflowError, OSError):
        return None
    return local.replace(tzinfo=site.spec.place.timezone)


def _row(site: Site, alarm: Alarm, now: datetime) -> Json:
    zone = site.spec.place.timezone
    active = alarm.active(now)
    until = None if active else alarm.until
    lasted = (until or now) - alarm.since
    return {
        "warningid": alarm.alarm_id,
        "warning_code": alarm.code,
        "error_code": str(alarm.error_code),
        "warningNameEn": alarm.name_en,
        "warningNameZh": alarm.name_zh,
        # Translation keys, not text (facts, section 3).
        "warningname": f"warning_name_{alarm.error_code}",
        "cause": f"warning_cause_{alarm.error_code}",
        "solution": f"warning_solution_{alarm.error_code}",
        "alarmLevel": alarm.level,
        "status": 0 if active else 1,
        "devicesn": alarm.device.sn,
        "deviceName": alarm.device.name,
        "deviceType": "INVERTER",
        "faultClassification": "1",
        "stationId": site.spec.station_id,
        "stationName": site.spec.name,
        "stationTimeSpan": -site.offset_h(now),
        "happentime": millis(alarm.since),
        "happentimes": text_local(alarm.since, zone),
        "recoverytime": None if until is None else millis(until),
        "recoverytimes": None if until is None else text_local(until, zone),
        "duration": _lasted(lasted),
    }


def _lasted(span: timedelta) -> str:
    minutes, seconds = divmod(int(span.total_seconds()), 60)
    hours, minutes = divmod(minutes, 60)
    return f"{hours}h {minutes}m {seconds}s" if hours else f"{minutes}m {seconds}s"
