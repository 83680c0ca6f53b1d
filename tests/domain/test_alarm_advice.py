"""Alarms in plain words: what they mean and what to do."""

import pytest

from sems_tray.domain.alarm_advice import advice, explanation, is_bare, meaning


@pytest.mark.parametrize(
    ("name", "means", "advised"),
    [
        ("Utility Loss", "no power from the grid", "when the grid is back"),
        ("Loss of grid", "no power from the grid", "when the grid is back"),
        ("Grid Overvoltage", "grid's voltage is too high", "when the grid is steady"),
        ("Grid Undervoltage", "grid's voltage is too low", "when the grid is steady"),
        ("Grid Waveform Abnormal", "voltage is distorted", "when the grid is steady"),
        ("Vac Failure", "", "when the grid is steady"),
        ("Grid frequency failure", "grid's frequency", "when the grid is steady"),
        ("Over voltage", "grid's voltage is too high", "It may clear by itself"),
        ("PV over voltage", "panels give a higher", "call your installer"),
        ("Isolation Failure", "could leak", "Do not touch"),
        ("Ground current failure", "leaks to earth", "Do not touch"),
        ("Over temperature", "too hot", "air"),
        ("Internal Fan Failure", "A fan", "blocks the fan"),
        ("Back-up overload", "back-up supply can give", "Switch off some appliances"),
        ("Battery Communication Failure", "battery or its", "battery's switch"),
        ("DSP communication failure", "A self-check", "off and on"),
        ("Grid voltage consistency failure", "A self-check", "off and on"),
        ("Relay Check Failure", "A self-check", "off and on"),
        ("Meter Communication Failure", "A self-check", "Figures of house"),
        ("CT reversed", "The grid meter", "Figures of house"),
        ("Quantum Flux Abnormal", "", "It may clear by itself. If it stays, call"),
    ],
)
def test_an_alarm_says_what_it_means_and_then_what_to_do(name, means, advised):
    assert means in meaning(name)
    assert bool(means) is bool(meaning(name))
    assert advised in advice(name)
    assert explanation(name) == f"{meaning(name)} {advice(name)}".lstrip()


@pytest.mark.parametrize("name", ["", "Alarm", "E-G3-0-5", "Alarm E-G3-0-5"])
def test_a_code_alone_is_called_a_code(name):
    assert is_bare(name, "E-G3-0-5")
    said = explanation(name, "E-G3-0-5")
    assert said.startswith("The portal gives only a code and no name.")
