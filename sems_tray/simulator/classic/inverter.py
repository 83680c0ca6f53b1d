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

from .envelope import CHINA, US, account_time, number, us_time
from .template import part, rows

STATUS = {"offline": -1, "waiting": 0, "running": 1, "fault": 2}
CHARGE, DISCHARGE, STANDBY = 3, 2, 1


def inverter(site: Site, index: int, now: datetime, counters: Counters) -> Json:
    """Return one inverter: texts, ``d``, ``dict`` and ``invert_full``."""
    spec, zone = site.spec.inverters[index], site.spec.place.timezone
    live = site.live(now)
    values = inverter_values(site, index, live)
    battery = battery_values(site, live) if spec.hybrid else None
    full = _full(site, index, now, counters, values) | _electric(values)
    if site.has_load and index == 0:  # one meter, on the first inverter
        full |= _metered(live, counters)
    if battery is not None:
        full |= _stored(battery, counters)
    refreshed = site.stamp(site.inverter_seen_at(now))
    active = [a for a in site.alarms(now) if a.active(now) and a.device == spec]
    strings = [f"{number(s.volts)}V/{number(s.amps)}A" for s in values.strings]
    first, second, *_ = [*strings, "0V/0A"]
    eday, etotal = full["eday"], full["etotal"]
    amps, volts = number(values.phases[0].amps), number(values.phases[0].volts)
    texts = part("without_battery") | {
        "output_power": f"{values.ac_w}W",
        "output_current": f"{amps}A",
    }
    details = {key: full.get(key, usual) for key, usual in part("inverter_d").items()}
    details |= {
        "pw_id": site.spec.station_id,
        "capacity": f"{number(spec.rated_w / 1000)}kW",
        "model": spec.model,
        "grid_voltage": f"{volts}V",
        # Here in the account's format, elsewhere in US order (facts, 5.1).
        "last_refresh_time": account_time(refreshed, zone),
        "dc_input1": first,
        "dc_input2": second,
        "creationDate": refreshed.astimezone(CHINA).strftime(US),
        "eDay": eday,
        "eTotal": etotal,
    }
    entry = part("inverter") | {
        "sn": spec.sn,
        "dict": rows(spec, values, account_time(site.spec.created, zone)),
        "is_stored": spec.hybrid,
        "name": spec.name,
        "out_pac": float(values.ac_w),
        "eday": eday,
        "emonth": full["thismonthetotle"],
        "etotal": etotal,
        "status": full["status"],
        "turnon_time": us_time(site.spec.created, zone),
        "releation_id": site.spec.station_id[::-1],
        "type": spec.model,
        "capacity": spec.rated_w / 1000,
        "tempperature": values.temperature_c,
        "invert_full": full,
        "time": us_time(now, zone),
        "pv_input_1": first,
        "pv_input_2": second,
        "output_voltage": f"{volts}V",
        "total_generation": f"{etotal}kWh",
        "daily_generation": f"{eday}kWh",
        "last_refresh_time": us_time(refreshed, zone),
        "pw_id": site.spec.station_id,
        "fault_message": _fault_message(active),
    }
    if battery is not None:
        _put_battery(battery, values, entry, details, texts)
    return entry | texts | {"d": details | texts}


def _put_battery(
    battery: BatteryValues,
    values: InverterValues,
    entry: Json,
    details: Json,
    texts: Json,
) -> None:
    """Write what a hybrid says of its battery over what others say instead."""
    pack = f"{number(battery.volts)}V/{number(battery.amps)}A/{battery.watts}W"
    shared: Json = {"battery": pack, "battery_power": float(battery.watts)}
    texts |= {
        "soc": f"{battery.soc_percent}%",
        "soh": f"{battery.soh_percent}%",
        "bms_status": "" if battery.watts < 0 else "DischargingOfBattery",
    }
    details |= shared | {
        "backup_output": "0V/0W",
        "work_mode": "Normal Mode",
        "warning": "--",
        "charge_current_limit": "25A",
        "discharge_current_limit": "25A",
    }
    entry |= shared | {
        "in_pac": round(values.pv_w / 1000, 3),
        "warning_bms": "--",
        "discharge_current_limit_bms": "25A",
        "charge_current_limit_bms": "25A",
        "back_up_output": "0V/0W",
        "backup_voltage": "0V",
        "battery_charging": pack,
        "battery_count": 1,
    }


def _fault_message(active: list[Alarm]) -> str:
    return f"{active[0].code.replace('E-', 'e-', 1)}_warning" if active else ""


def _full(
    site: Site,
    index: int,
    now: datetime,
    counters: Counters,
    values: InverterValues,
) -> Json:
    spec = site.spec.inverters[index]
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
    return part("invert_full") | {
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
        "pmeter": float(values.ac_w),
        "hasmeter": site.has_load and index == 0,
    }


def _metered(live: Live, counters: Counters) -> Json:
    today, total = counters.today, counters.total
    return {
        "pmeter": float(live.grid_w or 0),  # below zero is import (recorded)
        "seller": round(today.export_kwh, 2),
        "buy": round(today.import_kwh, 2),
        "total_sell": round(total.export_kwh, 2),
        "total_buy": round(total.import_kwh, 2),
    }


def _stored(battery: BatteryValues, counters: Counters) -> Json:
    mode = STANDBY
    if battery.watts:
        mode = DISCHARGE if battery.watts > 0 else CHARGE
    return {
        "vbattery1": battery.volts,
        "ibattery1": battery.amps,
        "vload": 0.0,
        "iload": 0.0,
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
    for place, string in enumerate(values.strings, start=1):
        out |= {f"vpv{place}": string.volts, f"ipv{place}": string.amps}
    for place, phase in enumerate(values.phases, start=1):
        out |= {f"vac{place}": phase.volts, f"iac{place}": phase.amps}
        out[f"fac{place}"] = phase.hertz
    return out
