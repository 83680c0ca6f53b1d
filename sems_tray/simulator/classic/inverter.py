"""One entry of the monitor reply's ``inverter`` list, with its odd spellings."""

from datetime import datetime, timedelta

from sems_tray.simulator.http import Json
from sems_tray.simulator.station.alarms import Alarm
from sems_tray.simulator.station.electric import (
    BatteryValues,
    InverterValues,
    battery_values,
    inverter_values,
)
from sems_tray.simulator.station.income import income
from sems_tray.simulator.station.site import Counters, Live, Site

from . import template
from .envelope import CHINA, US, account_time, number, us_time

STATUS = {"offline": -1, "waiting": 0, "running": 1, "fault": 2}
CHARGE, DISCHARGE, STANDBY = 3, 2, 1


def inverter(site: Site, index: int, now: datetime, counters: Counters) -> Json:
    """Return one inverter: texts, ``d``, ``dict`` and ``invert_full``."""
    spec, zone = site.spec.inverters[index], site.spec.place.timezone
    live = site.live(now)
    values = inverter_values(site, index, live)
    battery = battery_values(site, live) if spec.hybrid else None
    status = STATUS[site.inverter_state(index, now)]
    full = _full(site, index, now, counters, values, battery)
    soc = f"{_soc(full)}%"
    refreshed = site.stamp(site.inverter_seen_at(now))
    active = [a for a in site.alarms(now) if a.active(now) and a.device == spec]
    strings = [f"{number(s.volts)}V/{number(s.amps)}A" for s in values.strings] + [
        "0V/0A"
    ]
    backup = "0V/0W" if battery else "4294967.295V/0W"
    pack = _pack(battery)
    warning = template.EVERY_BMS_WARNING if battery is None else "--"
    limit = "25A" if battery else "1A"
    bms = "" if battery and battery.watts < 0 else "DischargingOfBattery"
    eday, etotal = full["eday"], full["etotal"]
    amps, volts = number(values.phases[0].amps), number(values.phases[0].volts)
    texts: Json = {
        "soc": soc,
        "soh": f"{spec_soh(battery)}%",
        "output_power": f"{values.ac_w}W",
        "output_current": f"{amps}A",
        "bms_status": bms,
    }
    details: Json = {
        "pw_id": site.spec.station_id,
        "capacity": f"{number(spec.rated_w / 1000)}kW",
        "model": spec.model,
        "grid_voltage": f"{volts}V",
        "backup_output": backup,
        # Here in the account's format, elsewhere in US order (facts, 5.1).
        "last_refresh_time": account_time(refreshed, zone),
        "work_mode": "Normal Mode" if battery else "Wait Mode",
        "dc_input1": strings[0],
        "dc_input2": strings[1],
        "battery": pack,
        "warning": warning,
        "charge_current_limit": limit,
        "discharge_current_limit": "25A" if battery else "0A",
        "firmware_version": 181809.0,
        "creationDate": refreshed.astimezone(CHINA).strftime(US),
        "eDay": eday,
        "eTotal": etotal,
        "hTotal": full["hour_total"],
        "battery_power": float(battery.watts) if battery else 0.0,
    } | texts
    details |= {k: full[k] for k in template.SHARED_WITH_D}
    return (
        {
            "sn": spec.sn,
            "dict": template.rows(spec, values, account_time(site.spec.created, zone)),
            "is_stored": spec.hybrid,
            "name": spec.name,
            "in_pac": round(values.pv_w / 1000, 3) if battery else 6554.3,
            "out_pac": float(values.ac_w),
            "eday": eday,
            "emonth": full["thismonthetotle"],
            "etotal": etotal,
            "status": status,
            "turnon_time": us_time(site.spec.created, zone),
            "releation_id": site.spec.station_id[::-1],
            "type": spec.model,
            "capacity": spec.rated_w / 1000,
            "d": details,
            "it_change_flag": False,
            "tempperature": values.temperature_c,
            "check_code": "026848",
            "next": None,
            "prev": None,
            "next_device": {"sn": None, "isStored": False},
            "prev_device": {"sn": None, "isStored": False},
            "invert_full": full,
            "time": us_time(now, zone),
            "battery": pack,
            "firmware_version": 181809.0,
            "warning_bms": warning,
            "discharge_current_limit_bms": details["discharge_current_limit"],
            "charge_current_limit_bms": limit,
            "pv_input_1": strings[0],
            "pv_input_2": strings[1],
            "back_up_output": backup,
            "output_voltage": f"{volts}V",
            "backup_voltage": backup.partition("/")[0],
            "total_generation": f"{etotal}kWh",
            "daily_generation": f"{eday}kWh",
            "battery_charging": pack,
            "last_refresh_time": us_time(refreshed, zone),
            "pw_id": site.spec.station_id,
            "fault_message": _fault_message(active),
            "warning_code": None,
            "battery_power": float(battery.watts) if battery else 429483622.5,
            "point_index": "3",
            "points": template.POINTS,
            "battery_count": 1 if battery else None,
        }
        | texts
        | template.TAIL
    )


def _fault_message(active: list[Alarm]) -> str:
    return f"{active[0].code.replace('E-', 'e-', 1)}_warning" if active else ""


def spec_soh(battery: BatteryValues | None) -> int:
    """Return the state of health, 0 where there is no battery (as recorded)."""
    return 0 if battery is None else battery.soh_percent


def _pack(battery: BatteryValues | None) -> str:
    if battery is None:
        return "65535V/6553.5A/429483622W"
    return f"{number(battery.volts)}V/{number(battery.amps)}A/{battery.watts}W"


def _soc(full: Json) -> str:
    soc = full["soc"]
    return number(soc) if isinstance(soc, float) else "0"


def _full(
    site: Site,
    index: int,
    now: datetime,
    counters: Counters,
    values: InverterValues,
    battery: BatteryValues | None,
) -> Json:
    spec, live = site.spec.inverters[index], site.live(now)
    eday = round(counters.today.pv_kwh_each[index], 1)
    etotal = round(counters.total.pv_kwh_each[index], 1)
    # Without today: the portal adds today itself (facts, 5.1).
    this_month = round(
        counters.month.pv_kwh_each[index] - counters.today.pv_kwh_each[index], 1
    )
    active = [a for a in site.alarms(now) if a.active(now) and a.device == spec]
    recent = [
        a
        for a in site.alarms(now)
        if a.device == spec and now - a.since < timedelta(days=1)
    ]
    full: Json = template.INVERT_FULL | {
        "relation_id": site.spec.station_id[::-1],
        "sn": spec.sn,
        "powerstation_id": site.spec.station_id,
        "name": spec.name,
        "model_type": spec.model,
        "capacity": spec.rated_w / 1000,
        "eday": eday,
        "iday": round(income(site, counters.today), 2),
        "etotal": etotal,
        "itotal": round(income(site, counters.total), 2),
        "status": STATUS[site.inverter_state(index, now)],
        "turnon_time": int(site.spec.created.timestamp() * 1000),
        "pac": float(values.ac_w),
        "outputpower": float(values.ac_w),
        "tempperature": values.temperature_c,
        "last_time": int(site.stamp(site.inverter_seen_at(now)).timestamp() * 1000),
        "thismonthetotle": this_month,
        # The lifetime before this month, whatever the name says.
        "lastmonthetotle": round(etotal - this_month - eday, 1),
        "all_eday": eday,
        "output_etotal": etotal,
        "output_eday": eday,
        "fault_messge": sum(alarm.error_code for alarm in active),
        "errors": [
            {
                "error_code": alarm.code,
                "time": int(alarm.since.timestamp() * 1000),
                "show": True,
            }
            for alarm in recent
        ],
        "soc": 400.0,
        "soh": -0.1,
        "pmeter": float(values.ac_w),
    }
    full |= _electric(values)
    return full | _stored(site, live, counters, battery, has_meter=index == 0)


def _stored(
    site: Site,
    live: Live,
    counters: Counters,
    battery: BatteryValues | None,
    *,
    has_meter: bool,
) -> Json:
    # One meter, on the first inverter; the other says nothing about the grid.
    meter: Json = {"hasmeter": site.has_load and has_meter}
    if live.grid_w is not None and has_meter:
        meter |= {
            "pmeter": float(live.grid_w),  # below zero is import (recorded)
            "seller": round(counters.today.export_kwh, 2),
            "buy": round(counters.today.import_kwh, 2),
            "total_sell": round(counters.total.export_kwh, 2),
            "total_buy": round(counters.total.import_kwh, 2),
        }
    if battery is None:
        return meter | template.NO_BATTERY
    mode = STANDBY
    if battery.watts:
        mode = DISCHARGE if battery.watts > 0 else CHARGE
    return meter | {
        "vbattery1": battery.volts,
        "ibattery1": battery.amps,
        "total_pbattery": float(battery.watts),
        "soc": float(battery.soc_percent),
        "soh": float(battery.soh_percent),
        "bms_discharge_i_max": 25.0,
        "bms_charge_i_max": 25.0,
        "bms_alarm": 0,
        "bms_warning": 0,
        "battary_work_mode": mode,
        "isbuettey": True,
        "battery_count": 1,
        "eChargeDay": round(counters.today.charge_kwh, 2),
        "eDischargeDay": round(counters.today.discharge_kwh, 2),
        "eBatteryCharge": round(counters.total.charge_kwh, 2),
        "eBatteryDischarge": round(counters.total.discharge_kwh, 2),
        "more_batterys": [
            {
                "pbattery": float(battery.watts),
                "vbattery": battery.volts,
                "ibattery": battery.amps,
                "soc": float(battery.soc_percent),
                "soh": float(battery.soh_percent),
                "bms_temperature": battery.temperature_c,
                "battary_work_mode": mode,
            }
        ],
    }


def _electric(values: InverterValues) -> Json:
    out: Json = {}
    for number_ in range(1, 5):
        fitted = number_ <= len(values.strings)
        string = values.strings[number_ - 1] if fitted else None
        missing = 0.0 if number_ == 2 else 6553.5
        out[f"vpv{number_}"] = string.volts if string else missing
        out[f"ipv{number_}"] = string.amps if string else missing
    for number_ in range(1, 4):
        fitted = number_ <= len(values.phases)
        phase = values.phases[number_ - 1] if fitted else None
        out[f"vac{number_}"] = phase.volts if phase else 6553.5
        out[f"iac{number_}"] = phase.amps if phase else 6553.5
        out[f"fac{number_}"] = phase.hertz if phase else 655.35
    return out
