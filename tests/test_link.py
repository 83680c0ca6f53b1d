"""The link between the network thread and the portal: accounts and stations."""

from __future__ import annotations

import pytest

from sems_tray.compose import Run
from sems_tray.core.credentials import Credentials
from sems_tray.core.outcome import Fresh
from sems_tray.link import PortalLink
from sems_tray.options import Options
from sems_tray.simulator import Simulator
from sems_tray.store.paths import profile_paths
from sems_tray.store.secrets import KeyringVault, MemoryVault
from sems_tray.store.settings import Loaded, Settings


@pytest.fixture(scope="module")
def portal():
    with Simulator("multi") as simulator:
        yield simulator


@pytest.fixture
def link(portal, tmp_path, monkeypatch):
    monkeypatch.setattr(KeyringVault, "keep_password", lambda *_: False)
    options = Options(portal=portal.url)
    settings = Settings(account="old@example.com", station="of-the-old-account")
    made = PortalLink(
        Run(options=options, paths=profile_paths(tmp_path), loaded=Loaded(settings))
    )
    yield made
    made.close()


def shown(outcome) -> str:
    assert isinstance(outcome, Fresh), outcome
    return outcome.reading.station.id


def sign_in(link, account):
    return link.sign_in(Credentials(account=account, password="demo"))[0]


def test_another_account_begins_with_a_station_of_its_own(link, portal):
    assert shown(sign_in(link, "new@example.com")) in portal.books.station_ids


def test_signing_in_again_keeps_the_chosen_station(link, portal):
    sign_in(link, "new@example.com")
    second = portal.books.station_ids[1]
    link.choose(second)
    assert shown(sign_in(link, "new@example.com")) == second
    assert shown(link.fetch(everything=False, telemetry=False)) == second


@pytest.mark.parametrize(
    ("options", "kind"),
    [
        (Options(password="pw"), MemoryVault),  # the settings know the account
        (Options(account="a@b.c", password="pw"), MemoryVault),
        (Options(account="a@b.c"), KeyringVault),
        (Options(), KeyringVault),
    ],
)
def test_a_password_in_the_environment_goes_before_the_keyring(options, kind, tmp_path):
    loaded = Loaded(Settings(account="old@example.com"))
    run = Run(options=options, paths=profile_paths(tmp_path), loaded=loaded)
    assert isinstance(run.vault(), kind)
