"""Alarms in plain words: what they mean and what to do."""

import pytest

from sems_tray.domain.alarm_advice import advice, explanation, is_bare, meaning


@pytest.mark.parametrize(
    ("name", "means"),
    [
        ("Utility Loss", "The inverter sees no power from the grid."),
        ("Loss of grid", "The inverter sees no power from the grid."),
        ("Grid Overvoltage", "The grid's voltage is too high, so the inverter has"),
        ("Grid Undervoltage", "The grid's voltage is too low, so the inverter has"),
        ("Grid Waveform Abnormal", "The grid's voltage is distorted."),
        ("PV over voltage", "The panels give a higher voltage than the inverter"),
        ("Isolation Failure", "The inverter has stopped because current could leak"),
        ("Over temperature", "A device is too hot"),
        ("DSP communication failure", "A self-check inside the inverter"),
    ],
)
def test_a_known_name_says_what_it_means_and_then_what_to_do(name, means):
    found = explanation(name)
    assert found.startswith(means)
    assert found.endswith(advice(name))


def test_a_grid_alarm_clears_by_itself():
    assert "clears by itself when the grid is back" in explanation("Utility Loss")


@pytest.mark.parametrize("name", ["", "Alarm", "E-G3-0-5", "Alarm E-G3-0-5"])
def test_a_code_alone_is_called_a_code(name):
    assert is_bare(name, "E-G3-0-5")
    said = explanation(name, "E-G3-0-5")
    assert said.startswith("The portal gives only a code and no name.")


def test_an_unknown_name_has_no_invented_meaning():
    assert meaning("Flux capacitor") == ""
    assert explanation("Flux capacitor") == advice("Flux capacitor")
