"""The services between the network thread and the portal: accounts and stations."""

from __future__ import annotations

from datetime import date

import pytest

from sems_tray.alerts.model import AlertHistoryUpdate
from sems_tray.domain.credentials import Credentials, PortalChoice
from sems_tray.domain.energy import MonthStep, NotificationRecord
from sems_tray.domain.model import Dialect
from sems_tray.domain.poll_result import PollFailed, PollSucceeded
from sems_tray.portal.poll_plan import PollRequest
from sems_tray.runtime import jobs
from sems_tray.runtime.context import with_portal_choice
from sems_tray.runtime.network_services import NetworkServices
from sems_tray.runtime.options import Options
from sems_tray.runtime.portal_service import SignInAttempt
from sems_tray.simulator.simulator import Simulator
from sems_tray.storage.credentials import KeyringVault, MemoryVault
from sems_tray.storage.history.reader import HistoryReader
from sems_tray.storage.settings import Settings
from tests.kit.readings import NOW
from tests.kit.services import context_in
from tests.portal.scripted import PLUS_LOGIN, REFUSED, Script


@pytest.fixture(scope="module")
def portal():
    with Simulator("multi") as simulator:
        yield simulator


@pytest.fixture
def services(portal, tmp_path, monkeypatch):
    monkeypatch.setattr(KeyringVault, "save_password", lambda *_: False)
    options = Options(portal=portal.url)
    settings = Settings(account="old@example.com", station="of-the-old-account")
    made = NetworkServices(context_in(tmp_path, settings=settings, options=options))
    yield made
    made.close()


def shown(outcome) -> str:
    assert isinstance(outcome, PollSucceeded), outcome
    return outcome.reading.station.id


def attempt(account, password="demo", portal=PortalChoice()):  # noqa: B008, S107
    return SignInAttempt(Credentials(account=account, password=password), portal)


def sign_in(services, account):
    return services.portal.sign_in(attempt(account))[0]


def test_another_account_begins_with_a_station_of_its_own(services, portal):
    assert shown(sign_in(services, "new@example.com")) in portal.books.station_ids


def test_signing_in_again_keeps_the_chosen_station(services, portal):
    sign_in(services, "new@example.com")
    second = portal.books.station_ids[1]
    services.portal.show_station(second)
    assert shown(sign_in(services, "new@example.com")) == second
    assert shown(services.portal.poll()) == second


def test_a_refused_trial_leaves_the_good_password_for_another_dialect(portal, tmp_path):
    options = Options(portal=portal.url, account="a@b.c", password="demo")
    run = context_in(tmp_path, options=options)
    services = NetworkServices(run)
    shown(services.portal.poll())
    wrong = attempt("a@b.c", "wrong")
    assert isinstance(services.portal.sign_in(wrong)[0], PollFailed)
    services.apply_settings(
        with_portal_choice(run, PortalChoice(dialect=Dialect.CLASSIC))
    )
    shown(services.portal.poll())
    services.close()


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
    settings = Settings(account="old@example.com")
    run = context_in(tmp_path, settings=settings, options=options)
    assert isinstance(run.vault(), kind)


def asks(run, portal=None) -> list[str]:
    """Return where a run's client goes to sign in with a password that is refused."""
    script = Script({PLUS_LOGIN: REFUSED})
    vault = MemoryVault(Credentials(account="a@b.c", password="wrong"))
    assert isinstance(
        run.client(portal, vault, script).fetch(PollRequest()), PollFailed
    )
    return [
        it.url.removesuffix("/sems-user/api/v1/auth/cross-login") for it in script.asked
    ]


@pytest.mark.parametrize(
    ("region", "host"),
    [
        ("", "semsplus"),
        ("eu", "eu-semsplus"),
        ("hk", "hk-semsplus"),
        ("a newer version's", "semsplus"),
    ],
)
@pytest.mark.parametrize("dialect", ["auto", "semsplus"])
def test_the_chosen_regions_server_is_asked_and_no_other(
    region, host, dialect, tmp_path
):
    settings = Settings(dialect=dialect, region=region)
    run = context_in(tmp_path, settings=settings)
    assert asks(run) == [f"https://{host}.goodwe.com/web/sems"]


def test_a_portal_of_ones_own_goes_before_the_region(tmp_path):
    run = with_portal_choice(context_in(tmp_path), PortalChoice(region="eu"))
    assert asks(run, "https://sems.example") == ["https://sems.example/web/sems"]


def test_an_accepted_region_is_asked_from_then_on_and_a_refused_one_is_not(
    services, portal
):
    choice = PortalChoice(dialect="semsplus", region="au")
    before = portal.sign_ins
    account, service = "new@example.com", services.portal
    assert service.sign_in(attempt(account, "wrong", choice))[1] is None
    assert service._context.portal_choice == PortalChoice()
    shown(service.sign_in(attempt(account, portal=choice))[0])
    assert service._context.portal_choice == choice
    assert portal.sign_ins == before + 2


@pytest.mark.parametrize("how", ["chosen", "found out"])
def test_another_dialect_goes_on_with_the_same_station(how, portal, tmp_path):
    ids = portal.books.station_ids
    options = Options(portal=portal.url, account="a@b.c", password="demo")
    run = context_in(tmp_path, options=options)
    services = NetworkServices(run)
    outcome = services.portal.poll()
    assert shown(outcome) == ids[0]
    jobs.record_poll(outcome).run(services)
    portal.own([ids[1], ids[0]])
    try:
        if how == "chosen":
            services.apply_settings(
                with_portal_choice(run, PortalChoice(dialect="classic"))
            )
        else:
            portal.fail("auth/cross-login", "404")
            portal.expire_tokens()
        step = jobs.fetch_step(MonthStep(date(2026, 5, 1)))
        # What it brings is kept as the shown station's.
        assert step.run(services) is None
        after = services.portal.poll()
        assert isinstance(after, PollSucceeded)
        assert after.reading.dialect is Dialect.CLASSIC
        assert after.reading.station.id == ids[0]
    finally:
        portal.own()
        portal.heal()
        services.close()


def test_a_notice_that_comes_after_all_was_forgotten_is_not_kept(portal, tmp_path):
    options = Options(portal=portal.url, account="a@b.c", password="demo")
    run = context_in(tmp_path, options=options)
    services, paths = NetworkServices(run), run.paths
    notice = NotificationRecord(
        station="home", topic="fault", at=NOW, level="warning", title="A", text="B"
    )
    late = AlertHistoryUpdate(states={"alerts": {"home": 1}}, notices=(notice,))
    jobs.record_poll(services.portal.poll()).run(services)
    jobs.record_alerts(late).run(services)
    jobs.sign_out(everything=True).run(services)
    jobs.record_alerts(late).run(services)  # a poll had ended before
    with HistoryReader(paths.history) as reader:
        assert reader.notices("home", NOW) == ()
        assert reader.state("", "alerts") is None
    jobs.record_poll(services.portal.poll()).run(services)
    jobs.record_alerts(late).run(services)
    services.close()
    with HistoryReader(paths.history) as reader:
        assert len(reader.notices("home", NOW)) == 1
        assert reader.state("", "alerts") == {"home": 1}


def test_forgetting_everything_deletes_damaged_settings_that_were_kept(
    services, tmp_path
):
    aside = tmp_path / "settings.json.damaged-20260101-000000"
    aside.write_text('{"account": "old@example.com"')
    jobs.sign_out(everything=False).run(services)
    assert aside.exists()
    jobs.sign_out(everything=True).run(services)
    assert not aside.exists()


def test_an_attempt_is_accepted_or_stopped_and_never_both():
    aborts: list[str] = []

    def begun():
        made = attempt("a@b.c")
        assert made.begin(lambda: aborts.append("abort"))
        return made

    accepted, stopped, late = begun(), begun(), attempt("a@b.c")
    assert accepted.accept()
    assert not accepted.stop()
    assert aborts == []
    assert stopped.stop()
    assert aborts == ["abort"]
    assert not stopped.accept()
    assert late.stop()
    assert not late.begin(lambda: aborts.append("never begun"))
    assert aborts == ["abort"]
