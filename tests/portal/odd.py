"""Hypothesis strategies for what a portal may come to send."""

import copy
from dataclasses import fields, is_dataclass

from hypothesis import HealthCheck, settings
from hypothesis import strategies as st

# What a terminal obeys, what turns a line around, and what nobody sees.
MARKS = "\x00\x1b\x07\r\n\x85\x9b\u061c\u200b\u200e\u200f\u2028\u202e\u2066\u2069\ufeff"

WORDS = ("", "-", "--", "NaN", "Infinity", "1,5", "0", "-1", "6553.5", "536%", "3200W")
UNITS = ("6.77(kW)", "Power\uff1a3,2 kW", "12 MWh", "9e9 GW", "86°F", f"a{MARKS}b")
TIMES = ("9999-12-31T23:59:59", "0001-01-01 00:00:00", "12/31/9999 23:59:59")
STAMPS = (253402300799000, -62135596800000)
NUMBERS = (536, 400, -1, 0, 65535, 4294967295, 1e300, -1e300, 10**300)
HOLDERS: tuple[object, ...] = ([], {}, [[]], [None], {"": {}})
ODD = st.one_of(
    st.none(),
    st.booleans(),
    st.sampled_from([*WORDS, *UNITS, *TIMES, *STAMPS, *NUMBERS, *HOLDERS]),
    st.integers(),
    st.floats(allow_nan=False, allow_infinity=False),
    st.text(max_size=20),
)
JSON = st.recursive(
    ODD,
    lambda it: (
        st.lists(it, max_size=3) | st.dictionaries(st.text(max_size=5), it, max_size=3)
    ),
    max_leaves=8,
)


def places(value, path=()):
    """Return the ways to every part of a reply; of a list, to its first rows'."""
    yield path
    if isinstance(value, list):
        value = dict(enumerate(value[:40]))
    for key, inner in value.items() if isinstance(value, dict) else ():
        yield from places(inner, (*path, key))


@st.composite
def mutated(draw, body, most=3):
    """Change a reply in a few places, as portals do over the years."""
    body = copy.deepcopy(body)
    for _ in range(draw(st.integers(1, most))):
        spots = [path for path in places(body) if path]
        if not spots:
            break
        *way, last = draw(st.sampled_from(spots))
        holder = body
        for key in way:
            holder = holder[key]
        change = draw(st.sampled_from(["drop", "replace", "text", "twice", "nest"]))
        if change == "drop":
            del holder[last]
        elif change == "replace":
            # A copy: the lists and objects above are the strategy's own.
            holder[last] = copy.deepcopy(draw(JSON))
        elif change == "text":
            holder[last] = str(holder[last])
        elif change == "nest":
            holder[last] = {"data": [holder[last]]}
        elif isinstance(holder, list):
            holder.insert(last, copy.deepcopy(holder[last]))
    return body


def words_of(value):
    """Return every text inside a value, however deep."""
    if isinstance(value, str):
        yield value
    elif is_dataclass(value):
        yield from words_of([getattr(value, it.name) for it in fields(value)])
    elif isinstance(value, dict):
        yield from words_of([*value, *value.values()])
    elif isinstance(value, list | tuple | set | frozenset):
        for it in value:
            yield from words_of(it)


fuzz = settings(
    max_examples=25,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
