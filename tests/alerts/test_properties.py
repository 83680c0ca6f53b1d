"""What holds for every sequence of outcomes, sensible or not."""

import json
from dataclasses import replace
from datetime import timedelta

from hypothesis import given
from hypothesis import strategies as st

from sems_tray.alerts.alert_center import AlertCenter, from_json, to_json
from sems_tray.alerts.delivery import Muting, Outbox, ShowNotification, deliver
from sems_tray.alerts.engine import step
from sems_tray.alerts.model import AlertRules, AlertState, Context, Kind, Rule
from sems_tray.alerts.topics import problems, restored
from sems_tray.alerts.wording import MOST_TITLE
from sems_tray.domain.model import (
    Alarm,
    AlarmLevel,
    Battery,
    DeviceState,
    Inverter,
    Powers,
    Reading,
)
from sems_tray.domain.poll_result import PollFailed, Trouble
from sems_tray.i18n.formatting import UNSAFE
from tests.alerts.told import saved_and_read
from tests.kit.readings import (
    HOME,
    NOW,
    any_darkness,
    any_failures,
    any_readings,
    reading,
)

MINUTE = timedelta(minutes=1)

# -- a house in which anything may change at any time, in believable ways -----------

_inverters = st.lists(
    st.builds(
        Inverter,
        sn=st.sampled_from(["A", "B"]),
        state=st.sampled_from(DeviceState),
        power_w=st.sampled_from([0.0, 2000.0]),
    ),
    max_size=2,
    unique_by=lambda it: it.sn,
).map(tuple)
_alarms = st.lists(
    st.builds(
        Alarm,
        id=st.sampled_from(["1", "2", "3"]),
        name=st.sampled_from(["Fan Failure", "Utility Loss", "Over Temperature"]),
        level=st.sampled_from(AlarmLevel),
        device_sn=st.sampled_from(["A", "B", None]),
        active=st.booleans(),
        happened_at=st.sampled_from([None, NOW - timedelta(hours=2), NOW + MINUTE]),
        recovered_at=st.sampled_from([None, NOW - timedelta(hours=1)]),
    ),
    max_size=3,
).map(tuple)


@st.composite
def believable(draw):
    trouble = draw(st.sampled_from([None, None, None, *Trouble]))
    if trouble is not None:
        return PollFailed(trouble=trouble)
    return reading(
        station=replace(
            HOME,
            id=draw(st.sampled_from(["home", "cabin"])),
            state=draw(st.sampled_from(DeviceState)),
        ),
        power=Powers(
            pv_w=draw(st.sampled_from([None, 0.0, 3000.0])),
            grid_w=draw(st.sampled_from([None, -900.0, 900.0])),
            battery_w=draw(st.sampled_from([0.0, 0.0, 500.0])),
        ),
        battery=draw(
            st.none()
            | st.builds(
                Battery, soc_percent=st.sampled_from([None, 5.0, 15.0, 60.0, 100.0])
            )
        ),
        inverters=draw(_inverters),
        alarms=draw(_alarms),
        grid_connected=draw(st.sampled_from([None, True, True, False])),
        stale=draw(st.sampled_from([(), (), ("alarms",), ("devices",)])),
    )


_gaps = st.sampled_from(
    [timedelta(minutes=it) for it in (2, 2, 2, 10, 40, 600)] + [timedelta(minutes=-3)]
)
_ages = st.sampled_from([timedelta(), timedelta(minutes=1), timedelta(hours=2)])


@st.composite
def histories(draw):
    """Return outcomes with their times; the readings measured a while before."""
    now, found = NOW, []
    for outcome in draw(st.lists(believable(), min_size=1, max_size=40)):
        now += draw(_gaps)
        event = outcome
        if isinstance(event, Reading):
            event = replace(event, received_at=now, measured_at=now - draw(_ages))
        found.append((now, event))
    return found


def after(history, context):
    """Return the state after a history."""
    state = AlertState()
    for now, outcome in history:
        state, _, _ = step(state, outcome, now, context)
    return state


def raised(state):
    """Return what is announced and not over, by station and topic."""
    return {
        (memory.station, topic.id)
        for memory in state.memories
        for topic in memory.topics
        if topic.raised
    }


def _contexts():
    return st.builds(
        Context,
        dark_at=any_darkness,
        rules=st.builds(
            AlertRules,
            off=st.frozensets(st.sampled_from(Rule), max_size=2),
            portal_after=st.sampled_from([timedelta(), timedelta(hours=1)]),
        ),
        woke_at=st.sampled_from([None, NOW + 5 * MINUTE]),
        height_at=st.sampled_from([lambda _: None, lambda _: 30.0]),
        several=st.booleans(),
    )


@given(
    st.lists(any_readings | any_failures, max_size=8), _contexts(), st.integers(-5, 90)
)
def test_whatever_comes_is_folded_and_said_in_one_short_line(outcomes, context, gap):
    state, now = AlertState(), NOW
    for outcome in outcomes * 3:
        now += timedelta(minutes=gap)
        state, notices, _ = step(state, outcome, now, context)
        for notice in notices:
            assert 0 < len(notice.title) <= MOST_TITLE
            assert notice.text
            assert not UNSAFE.search(notice.title + notice.text)
            assert "{" not in notice.title


@given(histories(), _contexts())
def test_a_topic_is_raised_and_cleared_in_turn(history, context):
    state, open_topics, said = AlertState(), set(), {}
    for now, outcome in history:
        state, notices, gone = step(state, outcome, now, context)
        for notice in notices:
            place = notice.station, notice.topic
            match notice.kind:
                case Kind.RAISED:
                    assert place not in open_topics
                    open_topics.add(place)
                    said[place] = {notice.key}
                case Kind.CHANGED:
                    assert place in open_topics
                    assert notice.key not in said[place]
                    said[place].add(notice.key)
                case Kind.CLEARED:
                    assert place in open_topics
                    open_topics.remove(place)
        for it in gone:
            open_topics.discard((it.station, it.topic))
        assert raised(state) == open_topics
        assert {it.id for it in problems(state, "home")} <= {
            it for _, it in open_topics
        }
    assert saved_and_read(state) == restored(state)


@given(histories(), _contexts(), st.data())
def test_the_first_reading_of_a_run_announces_nothing(history, context, data):
    place = data.draw(st.integers(0, len(history)))
    state = after(history[:place], context)
    is_lost = data.draw(st.booleans())
    state = AlertState(adopting=True) if is_lost else restored(state)
    seen = set()
    for now, outcome in history[place:]:
        state, notices, _ = step(state, outcome, now, context)
        if isinstance(outcome, Reading) and outcome.station.id not in seen:
            seen.add(outcome.station.id)
            # What ended meanwhile is closed quietly.
            assert [it for it in notices if it.station == outcome.station.id] == []


@given(histories(), _contexts(), st.lists(st.booleans(), min_size=40, max_size=40))
def test_a_bubble_is_shown_for_what_is_true_and_only_once(history, context, snoozed):
    state, outbox, shown = AlertState(), Outbox(), set()
    for (now, outcome), quiet in zip(history, snoozed, strict=False):
        muting = Muting(snoozed_until=now + MINUTE if quiet else None)
        state, notices, gone = step(state, outcome, now, context)
        outbox, deliveries = deliver(outbox, notices, gone, muting, now)
        for it in deliveries:
            if isinstance(it, ShowNotification) and it.notice.kind is not Kind.CLEARED:
                mark = (it.notice.station, it.notice.topic, it.notice.at, it.notice.key)
                assert mark not in shown
                shown.add(mark)
                assert not quiet or it.notice.needs_owner
        open_topics = raised(state)
        assert set(outbox.told) <= open_topics
        assert {(it.station, it.topic) for it in outbox.owed} <= open_topics


_json = st.recursive(
    st.none() | st.booleans() | st.floats() | st.integers() | st.text(max_size=5),
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(
            st.sampled_from(
                ["version", "memories", "adopting", "topics", "id", "owed"]
            ),
            inner,
            max_size=4,
        )
    ),
    max_leaves=8,
)


@given(_json)
def test_damaged_json_gives_a_state_that_adopts(found):
    centre = from_json({"alerts": found, "outbox": found}, Muting())
    sensible = isinstance(found, dict) and found.get("version") == 1
    if found is not None and not sensible:
        assert centre.alerts == AlertState(adopting=True)
    assert centre.outbox.owed == ()


@given(histories(), st.data())
def test_one_damaged_field_is_noticed_or_does_no_harm(history, data):
    context = Context(dark_at=lambda _: False)
    centre = AlertCenter(alerts=after(history, context))
    whole = json.loads(json.dumps(to_json(centre)))
    spot, path = whole, []
    while isinstance(spot, (dict, list)) and spot:
        keys = list(spot) if isinstance(spot, dict) else list(range(len(spot)))
        path.append((spot, data.draw(st.sampled_from(keys))))
        spot = path[-1][0][path[-1][1]]
    holder, key = path[-1]
    holder[key] = data.draw(_json)
    found = from_json(whole, Muting()).alerts
    for now, outcome in history:
        found, _, _ = step(found, outcome, now, context)
