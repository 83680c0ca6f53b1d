"""The parts of a classic inverter entry that hardly ever say anything.

Names are the portal's, spelling included (facts, section 5.1).
"""

from sems_tray.simulator.http import Json
from sems_tray.simulator.station.electric import InverterValues
from sems_tray.simulator.station.specs import InverterSpec

from .envelope import number

# What a battery-less inverter reports as its battery's warnings: all there are.
EVERY_BMS_WARNING = (
    "Over Temperature/Under Temperature/Cell Voltage Differences/"
    "Over Total Voltage/Discharge Over Current/Charge Over Current/Under SOC/"
    "Under Total Voltage/Communication Fail/Output Short/SOC Too High/"
    "BMS Module Fault/BMS System Fault/BMS Internal Fault/TBD/TBD"
)
# "Not fitted" in the portal's words: none of these is a measurement.
NO_BATTERY: Json = {
    "vbattery1": 65535.0,
    "ibattery1": 6553.5,
    "soc": 400.0,
    "soh": -0.1,
    "bms_alarm": 65535,
    "battary_work_mode": 2,
    "vload": 4294967.295,
    "iload": 4294901.76,
}
_ZERO = (
    "hour_stat_eday pac tempperature vpv1 vpv2 vpv3 vpv4 ipv1 ipv2 ipv3 ipv4 "
    "vac1 vac2 vac3 iac1 iac2 iac3 fac1 fac2 fac3 istr1 istr2 istr3 istr4 "
    "istr5 istr6 istr7 istr8 istr9 istr10 istr11 istr12 istr13 istr14 istr15 "
    "istr16 vbattery1 ibattery1 pmeter bms_charge_i_max vload iload pbackup "
    "seller buy yesterdaybuytotal yesterdaysellertotal outputpower pv_power "
    "reactive_power backUpPload_S backUpVload_S backUpIload_S backUpPload_T "
    "backUpVload_T backUpIload_T eDayBuy eChargeDay eDischargeDay "
    "mtActivepowerR mtActivepowerS mtActivepowerT current_hour_pv total_sell "
    "total_buy total_pbattery genset_eday canBusTotalSoc canBusTotalPVPower "
    "canBusBatteryPower canBusMeterPower canBusLoadPower "
    "hour_stat_output_eday current_hour_output micro_grid_power"
)
_NULL = (
    "cts battery1_capacity battery2_capacity bms_discharge_i_max bms_alarm "
    "bmssoftwareversion yesterdayct2sellertotal yesterdayetotal battery1sn "
    "battery2sn battery3sn battery4sn battery5sn battery6sn battery7sn "
    "battery8sn leakage_current isoLimit eTotalBuy eBatteryCharge "
    "eBatteryDischarge meterConnectStatus ezPro_connect_status "
    "equipment_name meter_type pre_hour_lasttotal pre_hour_time "
    "extend_properties eP_connect_status_happen eP_connect_status_recover "
    "deratingMode master parallel_code battery_count more_batterys "
    "genset_start_mode genset_mode genset_etotal genset_yeasterdayTotal "
    "genset_power battery_index batterycabinets communicateBox dspSvnVersion "
    "armSvnVersion phase_sequence canBusMaster parallelSnList "
    "pre_hour_totaloutput activePowerPhaseA activePowerPhaseB "
    "activePowerPhaseC meterRPhasePower meterSPhasePower meterTPhasePower "
    "cumulativeTime setAsMeter arm_function escportmode meter_connect_type "
    "meshNetworkingStatus arm_function2 battery_index2 phase_sequence_index "
    "three_phase_switch"
)
_FALSE = (
    "isbuettey isbuetteybps isbuetteybpu isESUOREMU isConnectSTS hasmeter "
    "micro_grid_flag isMicroGrid double_meter_flag isDoubleMeterSet"
)
INVERT_FULL: Json = {
    **dict.fromkeys(_ZERO.split(), 0.0),
    **dict.fromkeys(_NULL.split()),
    **dict.fromkeys(_FALSE.split(), False),
    "check_code": "026848",
    "ct_solution_type": 0,
    "change_type": 0,
    "change_time": 0,
    "hour_total": 6759.0,
    "bms_warning": 0,
    "battary_work_mode": 0,
    "workmode": 1,
    "firmwareversion": 1818.0,
    "yesterdayetotalload": 6553.5,
    "yesterdaylastime": 0,
    "ram": 9.0,
    "pf": -0.001,
    "battStrings": 6553.5,
    "dataloggersn": "",
    "safetyConutry": 20.0,
    "inverter_type": 0,
    "output_yeasterdayTotal": 0.0,
    "grid_conn_status": "",
    "current_hour_upload": {
        "pre_hour_last_total_sell": 0.0,
        "pre_hour_last_total_buy": 0.0,
        "current_hour_sell": 0.0,
        "current_hour_buy": 0.0,
        "hour_stat_buy": 0.0,
        "hourt_stat_sell": 0.0,
    },
    "stat_info": {
        "microgrid_energy_total": None,
        "microgrid_yesterday_total": None,
        "microgrid_energy_day": 0.0,
        "microgrid_current_hour": None,
        "microgrid_hour_stat": None,
        "microgrid_pre_hour_total": None,
    },
}
SHARED_WITH_D = (
    "pac",
    "pf",
    "pv_power",
    "reactive_power",
    "fault_messge",
    "outputpower",
    "workmode",
    "bms_charge_i_max",
    "bms_discharge_i_max",
    "grid_conn_status",
    "errors",
    *(f"{name}{n}" for name in ("vpv", "ipv") for n in range(1, 5)),
    *(f"{name}{n}" for name in ("vac", "iac", "fac") for n in range(1, 4)),
    *(f"istr{n}" for n in range(1, 17)),
)
TAIL: Json = {
    "backup_pload_s": 0.0,
    "backup_vload_s": 0.0,
    "backup_iload_s": 0.0,
    "backup_pload_t": 0.0,
    "backup_vload_t": 0.0,
    "backup_iload_t": 0.0,
    "etotal_buy": None,
    "eday_buy": 0.0,
    "ebattery_charge": None,
    "echarge_day": 0.0,
    "ebattery_discharge": None,
    "edischarge_day": 0.0,
    "batt_strings": 6553.5,
    "meter_connect_status": None,
    "mtactivepower_r": 0.0,
    "mtactivepower_s": 0.0,
    "mtactivepower_t": 0.0,
    "has_tigo": False,
    "canStartIV": False,
    "master": None,
}


def _point(index: int, name: str, unit: str, chinese: str) -> Json:
    return {
        "target_index": index,
        "target_name": name,
        "display": f"{name}({unit})",
        "unit": unit,
        "target_key": name,
        "text_cn": chinese,
        "target_sn_six": None,
        "target_sn_seven": None,
        "target_type": None,
        "storage_name": None,
    }


POINTS: list[Json] = [
    _point(1, "Vpv1", "V", "直流电压1"),
    _point(5, "Ipv1", "A", "直流电流1"),
    _point(9, "Vac1", "V", "交流电压1"),
    _point(12, "Iac1", "A", "交流电流1"),
    _point(15, "Fac1", "Hz", "频率1"),
    _point(18, "Pac", "W", "功率"),
    _point(20, "Tempperature", "℃", "温度"),
]


def rows(spec: InverterSpec, values: InverterValues, connected: str) -> Json:
    """Return ``dict``: two columns of what the old page showed; "--" is not fitted."""
    phases, strings = values.phases, values.strings
    right = [_row("innerTemp", f"{values.temperature_c:.1f}", "℃")]
    for n in range(4):
        fitted = n < len(strings)
        text = f"{strings[n].volts:.1f}/{strings[n].amps:.1f}" if fitted else "--"
        right.append(_row(f"dcVandC{n + 1}", text, "V/A"))
    return {
        "left": [
            _row("dmDeviceType", spec.model),
            _row("serialNum", spec.sn),
            _row("laCheckcode", "026848"),
            _row("capacity", number(spec.rated_w / 1000), "kW"),
            _row("laConnected", connected),
            _row("InverterPowerOfPlantMonitor", number(values.ac_w / 1000), "kW"),
            _row("outputV", "/".join(number(p.volts) for p in phases), "V"),
            _row("acCurrent", "/".join(number(p.amps) for p in phases), "A"),
            _row("acFrequency", "/".join(f"{p.hertz:.2f}" for p in phases), "Hz"),
        ],
        "right": right,
    }


def _row(key: str, value: str, unit: str = "") -> Json:
    return {
        "isHT": False,
        "isStoreSkip": False,
        "key": key,
        "value": value,
        "unit": unit,
        "isFaultMsg": 0,
        "faultMsgCode": 0,
    }
