"""Whose word counts for TLS: the owner's own certificates, and never nobody's."""

import os

import pytest

from sems_tray.domain.poll_result import Trouble
from sems_tray.portal.http.trusted_hosts import Certificates, own_certificates
from tests.portal.hostile import OK, Server, answer, fails, post
from tests.portal.networks import PORTAL, TRUSTED, portal_behind_proxy, told

HERE = "127.0.0.1"


pytestmark = pytest.mark.usefixtures("plain_network")


@pytest.fixture
def portal(authority):
    with Server(answer(OK), authority.wrap(HERE)) as server:
        server.url = f"https://{HERE}:{server.port}"
        yield server


@pytest.mark.parametrize("name", TRUSTED[:3])
def test_a_file_of_own_certificates_is_taken(
    name, quick, portal, authority, monkeypatch
):
    monkeypatch.setenv(name, str(authority.certificate(HERE)[1]))
    assert quick.send(post(portal.url)).body == OK
    quick.rest()


@pytest.mark.parametrize("name", TRUSTED)
def test_without_them_nobody_is_trusted(name, quick, portal, authority, monkeypatch):
    monkeypatch.setenv(name, str(authority.certificate("other.test")[1]))
    error = fails(quick, post(portal.url))
    assert error.trouble is Trouble.UNREACHABLE
    assert "could not be verified, so nothing was sent" in told(error)
    assert portal.requests == []


@pytest.mark.parametrize("name", TRUSTED)
def test_certificates_that_are_missing(name, quick, portal, monkeypatch, tmp_path):
    monkeypatch.setenv(name, str(tmp_path / "gone"))
    error = fails(quick, post(portal.url))
    assert error.trouble is Trouble.UNREACHABLE
    assert told(error).endswith(f"so nothing was sent. ({name})")
    assert portal.connections == 0


@pytest.mark.parametrize("words", [b"", b"no certificate", b"\x00\xff" * 99])
def test_certificates_that_are_broken(words, quick, portal, monkeypatch, tmp_path):
    broken = tmp_path / "broken.pem"
    broken.write_bytes(words)
    monkeypatch.setenv("SSL_CERT_FILE", str(broken))
    error = fails(quick, post(portal.url))
    assert told(error).startswith("The trusted certificates that are set")
    assert told(error).endswith("(SSL_CERT_FILE)")
    assert portal.requests == []


def test_the_most_particular_setting_counts(tmp_path, monkeypatch):
    monkeypatch.setattr(os, "environ", dict.fromkeys(TRUSTED, "x"))
    os.environ["REQUESTS_CA_BUNDLE"] = ""
    assert own_certificates() == Certificates(name="CURL_CA_BUNDLE", path="x")
    monkeypatch.setattr(os, "environ", {"SSL_CERT_DIR": f"/not/there:{tmp_path}"})
    assert own_certificates() == Certificates(name="SSL_CERT_DIR", path=str(tmp_path))
    monkeypatch.setattr(os, "environ", {})
    assert own_certificates() is None


def test_a_certificate_of_another_host_is_a_sign_in_page(quick, authority, monkeypatch):
    name = "login.hotel.test"
    with portal_behind_proxy(answer(OK), authority, monkeypatch, name) as (_, portal):
        error = fails(quick, post(f"https://{PORTAL}"))
    assert error.trouble is Trouble.UNREACHABLE
    assert told(error).startswith("The network asks you to sign in first (hotel, train")
    assert portal.requests == []


def test_a_certificate_out_of_date_asks_for_the_clock(quick, authority, monkeypatch):
    name = f"old.{PORTAL}"
    authority.expired(name)
    with portal_behind_proxy(answer(OK), authority, monkeypatch, name) as (_, portal):
        error = fails(quick, post(f"https://{PORTAL}"))
    assert "Check date and time." in told(error)
    assert portal.requests == []
