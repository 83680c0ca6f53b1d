"""What devices measure and count; every value is a text (facts, section 3)."""

from sems_tray.simulator.http import Json, Reply, Request
from sems_tray.simulator.station.electric import (
    InverterValues,
    battery_values,
    inverter_values,
    phase_values,
)
from sems_tray.simulator.station.energy import Energy
from sems_tray.simulator.station.site import Site

from .envelope import kw, plain, success

PHASES = "ABC"


def telemetry(site: Site, request: Request, sn: str) -> Reply:
    """Return what a device measures; nothing from one that is off."""
    live = site.live(request.now)
    spec = site.spec
    for index, inverter in enumerate(spec.inverters):
        if inverter.sn == sn:
            if live.dark and not inverter.hybrid:
                return success([])  # counters still come (facts, section 3)
            return success(_inverter(site, index, inverter_values(site, index, live)))
    battery = battery_values(site, live)
    if battery is not None and spec.battery is not None:
        rows: list[Json] = [
            _factor("soh", plain(battery.soh_percent), "%", "soh"),
            _factor("soc", plain(battery.soc_percent), "%", "soc"),
            _factor("pBat", plain(battery.watts / 1000, 5), "kW", "power"),
            _factor("voltage", plain(battery.volts, 1), "V", "volt"),
            _factor("a", plain(battery.amps, 1), "A", "cur"),
            _factor("batSysTemp", plain(battery.temperature_c, 1), "℃", "batt_temp"),
            _factor("aMaxChar", "25", "A", "chargecur_limit"),
            _factor("aMaxDischar", "25", "A", "discharge_current_limit"),
        ]
        if sn == spec.battery.sn:
            return success([{"code": "runtime", "factors": rows}])
        if sn == spec.battery.rack_sn:
            cell = battery.volts / 96 * 1000
            rows += [
                _factor("tempMaxCell", plain(battery.temperature_c + 1, 1), "℃", "t1"),
                _factor("tempMinCell", plain(battery.temperature_c - 1, 1), "℃", "t2"),
                _factor("vMaxCell", plain(cell + 4, 0), "mV", "max_cell_volt"),
                _factor("vMinCell", plain(cell - 4, 0), "mV", "min_cell_volt"),
                _factor("pMaxChar", plain(spec.battery.charge_w / 1000), "kW", "p1"),
                _factor(
                    "pMaxDischar", plain(spec.battery.discharge_w / 1000), "kW", "p2"
                ),
            ]
            return success([{"code": "runtime", "factors": rows}])
    if sn == spec.meter_sn and live.grid_w is not None:
        count = max(inverter.phases for inverter in spec.inverters)
        phases = phase_values(live, live.grid_w, count)
        rows = [_shown("totalPac", plain(live.grid_w / 1000), "kW", "total_power")]
        for letter, phase in zip(PHASES, phases, strict=False):
            head = f"PHASE-{letter}:"
            rows.append(_shown(head + "pAc", plain(phase.watts / 1000), "kW", "power"))
            rows.append(_shown(head + "voltage", plain(phase.volts, 1), "V", "volt"))
            rows.append(_shown(head + "current", plain(phase.amps, 1), "A", "cur"))
        return success(
            [{"code": "runtime", "alias": "operating_param", "factors": rows}]
        )
    return success([])


def telecounting(site: Site, request: Request, sn: str) -> Reply:
    """Return a device's energy counters, as text."""
    spec, now = site.spec, request.now
    metered = sn == spec.meter_sn
    counters = site.meter_counters(now) if metered else site.counters(now)
    spans = {
        "today": ("Today", "day", counters.today),
        "week": ("Week", "week", counters.week),
        "month": ("Month", "month", counters.month),
        "year": ("Year", "year", counters.year),
        "lifetime": ("Total", "total", counters.total),
    }
    groups: list[Json] = []
    for index, inverter in enumerate(spec.inverters):
        if inverter.sn == sn:
            ac_w = inverter_values(site, index, site.live(request.now)).ac_w
            rated = plain(inverter.rated_w / 1000)
            groups.append(
                {
                    "code": "telecounting_real",
                    "alias": "realtime_data",
                    "factors": [
                        _shown("pAc", plain(kw(ac_w)), "kW", "active_power"),
                        _shown("ratedPower", rated, "kW", "rated_power"),
                    ],
                }
            )
            for code, (suffix, alias, span) in spans.items():
                rows = [_kwh("proPvStats" + suffix, span.pv_kwh_each[index])]
                if inverter.hybrid:
                    rows.append(_kwh("proCharStats" + suffix, span.charge_kwh))
                    rows.append(_kwh("proDischarStats" + suffix, span.discharge_kwh))
                groups.append(_counted(code, alias, rows))
    if metered:
        for code, (suffix, alias, span) in spans.items():
            groups.append(_counted(code, alias, _meter_rows(suffix, span)))
    return success(groups)


def _meter_rows(suffix: str, span: Energy) -> list[Json]:
    return [
        _kwh("proGridStats" + suffix, span.export_kwh),
        _kwh("proPurchaseStats" + suffix, span.import_kwh),
    ]


def _counted(code: str, alias: str, rows: list[Json]) -> Json:
    return {"code": f"telecounting_{code}", "alias": alias, "factors": rows}


def _inverter(site: Site, index: int, values: InverterValues) -> list[Json]:
    spec = site.spec.inverters[index]
    factor = "storagePF" if spec.hybrid else "gridPF"
    ac = [
        _shown("pAc", plain(values.ac_w / 1000), "kW", "active_power"),
        _shown("qAc", "-0.001", "kVar", "reactive_power"),
        _shown(factor, "0.99", None, "power_factor"),
    ]
    for letter, phase in zip(PHASES, values.phases, strict=False):
        head = "" if spec.phases == 1 else f"PHASE-{letter}:"
        ac.append(_shown(head + "Vac", plain(phase.volts, 1), "V", "volt"))
        ac.append(_shown(head + "Iac", plain(phase.amps, 1), "A", "current"))
        ac.append(_shown(head + "Fac", plain(phase.hertz, 2), "Hz", "grid_freq"))
    pv = [_shown("pDc", plain(values.pv_w / 1000, 5), "kW", "dc_input_total_power")]
    # An unmeasured value: null from one kind of inverter, missing from the other.
    pv.append(_shown("ISOLimit", None, "kΩ", "insulation_resistance"))
    if not spec.hybrid:
        del pv[-1]["data"]
    for number, string in enumerate(values.strings, start=1):
        head = f"MPPT-{number}:"
        pv.append(_shown(head + "Ppv", plain(string.watts / 1000, 5), "kW", "power"))
        pv.append(_shown(head + "Vpv", plain(string.volts, 1), "V", "volt"))
        pv.append(_shown(head + "Ipv", plain(string.amps, 1), "A", "cur"))
    system = [
        text_factor("sn", spec.sn, "serial_number_1"),
        _shown("Temperature", plain(values.temperature_c, 1), "℃", "temperature"),
        _shown("hTotal", "6759", "H", "total_worke_time"),
    ]
    groups: list[Json] = [
        {"code": "system", "alias": "system_parameters", "factors": system},
        {"code": "ac", "alias": "ac_parameters", "factors": ac},
    ]
    if spec.hybrid:
        backup = [
            _shown("pBackup", "0", "kW", "power"),
            _shown("vBackupPhA", plain(values.phases[0].volts, 1), "V", "volt"),
            _shown("aBackupPhA", "0", "A", "cur"),
        ]
        groups.append(
            {"code": "backup", "alias": "backup_parameters", "factors": backup}
        )
    groups.append({"code": "pv", "alias": "pv_parameters", "factors": pv})
    return groups


def _factor(code: str, data: str | None, unit: str | None, alias: str) -> Json:
    return {
        "code": code,
        "data": data,
        "dataType": "NUMERIC",
        "unit": unit,
        "alias": alias,
    }


def _shown(code: str, data: str | None, unit: str | None, alias: str) -> Json:
    return _factor(code, data, unit, alias) | {
        "defaultFlag": True,
        "hiddenInMore": False,
        "supportCurve": True,
    }


def text_factor(code: str, data: str, alias: str) -> Json:
    """Return a factor that is no number."""
    return _factor(code, data, None, alias) | {"dataType": "STRING"}


def _kwh(code: str, energy: float) -> Json:
    return _shown(code, plain(energy, 2), "kWh", "energy")
