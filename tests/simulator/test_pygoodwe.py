"""Somebody else's client, unchanged, signs in and reads the station."""

import pytest

pygoodwe = pytest.importorskip("pygoodwe")


def test_pygoodwe_reads_the_station(at_noon):
    sim = at_noon()
    sim.override(pv_w=3210, soc_percent=76, battery_w=-1200, load_w=800)
    station = sim.books.station_ids[0]
    reader = pygoodwe.SingleInverter(
        system_id=station,
        account="owner@example.com",
        password="demo",
        api_url=f"{sim.url}/api/",
    )
    reader.session.close()
    books = sim.books
    assert reader.data["info"]["stationname"] == "Demo House"
    assert reader.getPVFlow() == 3210
    assert reader.getLoadFlow() == 800
    assert reader.get_battery_soc() == 76
    assert not reader.are_batteries_full()
    assert reader.getPmeter() == 1210
    assert reader.get_day_power() == pytest.approx(books.today().pv_kwh, abs=0.01)
    assert reader.get_total_power() == pytest.approx(books.total().pv_kwh, abs=0.01)
    assert reader.get_day_income() == pytest.approx(books.income_today(), abs=0.01)
    assert reader.get_inverter_temperature() > 20
    assert 225 < reader.getVoltage() < 240
    place = books.site().spec.place
    assert reader.get_station_location() == {
        "latitude": place.latitude_deg,
        "longitude": place.longitude_deg,
    }
    upload = reader.getDataPvoutput()
    assert (upload["d"], upload["t"], upload["v2"]) == ("20260421", "12:52", 3210)


def test_pygoodwe_is_refused_with_a_wrong_password(at_noon, caplog):
    sim = at_noon()
    reader = pygoodwe.API(
        system_id=sim.books.station_ids[0],
        account="owner@example.com",
        password="wrong",
        api_url=f"{sim.url}/api/",
        skipload=True,
    )
    assert reader.do_login() is False
    reader.session.close()
    assert "Email or password error." in caplog.text
