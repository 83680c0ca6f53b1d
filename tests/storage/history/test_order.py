"""Whatever order readings, back-fills, restarts and thinning come in."""

import tempfile
from datetime import date, timedelta
from pathlib import Path

from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, rule

from sems_tray.domain.energy import ValueSource
from sems_tray.domain.model import EnergySums
from sems_tray.storage.history.samples import Sample, means, merged, stored
from sems_tray.storage.history.store import History
from sems_tray.storage.paths import HISTORY
from tests.kit.history_data import (
    HOME,
    NOON,
    minutes_of,
    point,
    reading,
)

DAY = date(2026, 6, 21)
WATTS = st.none() | st.integers(0, 9000)
MOMENTS = st.integers(0, 300).map(lambda n: NOON + n * timedelta(seconds=20))
GRADES = st.sampled_from([0, 32, 64, 65, 96, 127])
CELLS = st.tuples(
    *[st.none() | st.integers(-9000, 9000)] * 6,
    st.none() | st.sampled_from([b"\0" * 7, b"\1" * 7]),
)


@st.composite
def samples(draw):
    values = draw(CELLS)
    grades = [0 if it is None else draw(GRADES.filter(bool)) for it in values]
    return Sample(5, 1, values, tuple(grades))


@given(samples(), samples(), samples())
def test_merging_is_blind_to_order_and_repetition(a, b, c):
    assert merged(a, b) == merged(b, a)
    assert merged(merged(a, b), c) == merged(a, merged(b, c))
    assert merged(a, a) == a


@given(samples())
def test_a_sample_comes_back_as_it_was_stored(a):
    assert stored(a.row) == a


@given(samples(), samples())
def test_the_mean_of_means_is_itself(a, b):
    once = means([a, b._replace(minute=9)], 15)
    assert means(once, 15) == once
    assert once[0].span == 15


class AnyOrder(RuleBasedStateMachine):
    """Writes in any order, against a plain model of what must come out."""

    def __init__(self):
        super().__init__()
        self.folder = tempfile.TemporaryDirectory()
        self.history = self.opened()
        self.best: dict[object, tuple[tuple[int, int], int]] = {}
        self.live: dict[date, float] = {}
        self.final: dict[date, float] = {}

    def opened(self):
        history = History(Path(self.folder.name) / HISTORY)
        history.open()
        assert not history.message
        return history

    def model(self, at, pv_w, source):
        if pv_w is not None:
            minute = at.replace(second=0)
            rank = ((source, at.second // 2), pv_w)
            self.best[minute] = max(self.best.get(minute, rank), rank)

    @rule(at=MOMENTS, pv_w=WATTS, today=st.none() | st.integers(0, 400))
    def a_reading(self, at, pv_w, today):
        kwh = None if today is None else today / 10
        assert self.history.add(reading(at, pv_w=pv_w, today=kwh))
        self.model(at, pv_w, ValueSource.LIVE)
        if kwh is not None:
            self.live[DAY] = max(self.live.get(DAY, 0), kwh)

    @rule(moments=st.lists(st.tuples(MOMENTS, WATTS), max_size=12))
    def a_back_fill(self, moments):
        assert self.history.add_curve(HOME, [point(at, w) for at, w in moments])
        for at, pv_w in moments:
            self.model(at, pv_w, ValueSource.PORTAL)

    @rule(back=st.integers(0, 3), kwh=st.integers(0, 400).map(lambda n: n / 10))
    def a_statistic(self, back, kwh):
        day = DAY - timedelta(days=back)
        assert self.history.put_day(HOME, day, EnergySums(pv_kwh=kwh))
        self.final[day] = kwh

    @rule()
    def a_restart(self):
        self.history.close()
        self.history = self.opened()

    @rule()
    def thinning(self):
        self.history.thin()

    @invariant()
    def each_instant_is_there_once(self):
        known = {
            at: pv_w
            for at, pv_w in minutes_of(self.history.reader).items()
            if pv_w is not None
        }
        assert known == {at: pv_w for at, (_, pv_w) in self.best.items()}

    @invariant()
    def totals_are_the_sums(self):
        days = self.history.reader.days(HOME, DAY - timedelta(days=9), DAY)
        assert {it.day: it.sums.pv_kwh for it in days} == self.live | self.final

    def teardown(self):
        self.history.close()
        self.folder.cleanup()


TestAnyOrder = AnyOrder.TestCase
TestAnyOrder.settings = settings(max_examples=25, stateful_step_count=15)
