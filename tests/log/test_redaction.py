"""No person, device or place is left in a text for strangers."""

import string

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sems_tray.log.redaction import MASK, mask

DIGITS = st.text(string.digits, min_size=4, max_size=4)
CODE = st.text(string.digits + string.ascii_uppercase, min_size=8, max_size=8)
HEX = "0123456789abcdef"
SERIALS = st.builds(
    lambda head, kind, tail: f"{head}{kind}{tail}",
    DIGITS,
    st.sampled_from(["KETU", "DNSX", "ESUU", "BPSA", "0SSN"]),
    CODE,
)
MAILS = st.builds(
    lambda user, host: f"{user}@{host}.example",
    st.text(string.ascii_letters + string.digits + "._+-", min_size=1, max_size=12),
    st.text(string.ascii_lowercase, min_size=1, max_size=8),
)
PRIVATE = st.one_of(
    SERIALS,
    MAILS,
    st.uuids().map(str),
    st.uuids().map(lambda it: str(it).upper()),
    st.ip_addresses(v=4).map(str),
    st.ip_addresses(v=6).map(str).filter(lambda it: len(it) > 2),
    st.binary(min_size=6, max_size=6).map(lambda it: it.hex(":")),
    st.builds(
        lambda lat, lon: f"{lat:.5f}, {lon:.5f}",
        st.floats(-90, 90).map(lambda it: it or 1.5),
        st.floats(-180, 180),
    ),
)
# What a sentence may put before and after it.
BEFORE = st.sampled_from(["", "it is ", "(", "'", '"', "sn=", "[", "<", "key: ", "/ "])
AFTER = st.sampled_from(
    ["", " again", ")", "'", '"', ",", "]", ">", ". Next", "\nmore"]
)
WORDS = st.text(string.ascii_lowercase + " \n", max_size=80)


@given(PRIVATE, WORDS, BEFORE, AFTER, WORDS)
def test_what_is_private_is_gone_whatever_surrounds_it(it, start, before, after, end):
    shown = mask(f"{start} {before}{it}{after} {end}")
    assert it not in shown
    assert MASK in shown


@pytest.mark.parametrize(
    "text",
    [
        "Station(id='Roof-7', name='House of the Lindens', latitude=52.37)",
        '{"stationName": "House of the Lindens", "latitude": "52.37"}',
        "address: Lindens 3; next",
        "at Lindenstraße 12, 1011 AB",
        "Lindenweg 5a does not answer",
        "12 Linden Street",
        "12 rue de la Linden, Paris",
        "via Linden 10",
        "ul. Lindena 3",
        "52.37021, 4.89517",
        "52°22'13\" N",
        "/home/linden/.config",
        "/Users/linden/Library",
        r"C:\Users\Linden Tree\AppData\Roaming",
        "https://linden:secret@example.com/path?pw=1",
        "https://example.com/path?linden=1#52.37",
        "GET /path?pwId=linden&x=52.37 failed",
        "Authorization: Bearer linden",
        "phone +31 6 12345678",
        "user=linden",
        "linden%40example.com",
        "10.0.0.12:443 and [2001:db8::12]:443 and ::ffff:10.0.0.12",
        "aa:bb:cc:dd:ee:12",
        "5c4e9558-12ab",
    ],
)
def test_places_and_persons(text):
    shown = mask(text)
    assert shown != text
    for part in ("inden", "52.37", "12345678", "db8", ":12", ".12", "12ab", "Roof-7"):
        assert part not in shown


@pytest.mark.parametrize(
    "text",
    [
        "no reading: unreachable",
        "requests today: 1234",
        "SEMS Tray 0.1.0 begins (3.11.7)",
        "signed in (semsplus)",
        "bubbles are shown by: dunst 1.9.0 (knopwob)",
        "it is kept as settings.json.damaged-20261121-080246.",
        '  File "sems_tray/sems/client.py", line 269, in fetch',
        "KeyError: 'data'",
        "until 2026-11-21T08:02:46Z or 08:02:46",
        "https://eu-gateway.semsportal.com/web/sems/sems-plant/api/stations/flow",
        "Debian GNU/Linux 12 (bookworm), Linux 6.1.0-18-amd64 x86_64",
        "GW10K-ET gave 3210 W, 76 %",
        "std::abs and a :: b",
    ],
)
def test_what_helps_stays(text):
    assert mask(text) == text


def test_a_long_text_loses_its_middle_quickly_and_leaves_no_half_serials():
    serial = "9010KETU22100001"
    for size in range(2_980, 3_010):
        shown = mask(f"{'x ' * (size // 2)}{serial} {'y ' * 9_000}")
        assert "9010" not in shown
        assert len(shown) < 9_000
    assert len(mask("a" * 5_000_000)) < 10
