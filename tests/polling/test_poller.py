"""When to poll: never twice at once, never against the portal's wish."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from sems_tray.domain.model import (
    Battery,
    Dialect,
    Powers,
    Reading,
    Station,
)
from sems_tray.domain.poll_result import PollFailed, PollSucceeded, Trouble
from sems_tray.polling.poller import Poller
from tests.kit.network import AskedNetwork

NOON = datetime(2026, 6, 21, 10, 42, tzinfo=UTC)
MINUTE = timedelta(minutes=1)


class Bench:
    """A poller, a clock set by hand, and a network that is answered by the test."""

    def __init__(self) -> None:
        self.at = NOON
        self.dark = False
        self.network = AskedNetwork()
        self.asked = self.network.polls  # everything, telemetry
        self.shown = 0
        self.poller = Poller(
            self.network,
            now=lambda: self.at,
            dark=lambda _, __: self.dark,
            live=2 * MINUTE,
            jitter=lambda: 0.0,
        )
        self.poller.changed.connect(self._count)

    def _count(self) -> None:
        self.shown += 1

    def answer(self, outcome: PollSucceeded | PollFailed) -> timedelta | None:
        """Let a poll end so; return after how long the next one comes."""
        if self.network.waiting:
            self.network.answer(outcome)
        else:
            self.poller.apply(outcome)
        return self.wait

    @property
    def wait(self) -> timedelta | None:
        timer = self.poller._timer
        return timedelta(milliseconds=timer.interval()) if timer.isActive() else None

    def timer_fires(self) -> None:
        self.poller._timer.stop()
        self.poller._poll()

    def tick_after(self, gap: timedelta) -> None:
        self.at += gap
        self.poller._on_tick()


def fresh(**changes) -> PollSucceeded:
    station = Station(id=changes.pop("station", "one"))
    told = {"battery", "power", "measured_at"} & changes.keys()
    reading = Reading(
        dialect=Dialect.SEMSPLUS,
        station=station,
        received_at=NOON,
        **{name: changes.pop(name) for name in told},
    )
    return PollSucceeded(reading=reading, **changes)


def failed(trouble=Trouble.UNREACHABLE, **changes) -> PollFailed:
    return PollFailed(trouble=trouble, **changes)


THROTTLED = failed(Trouble.THROTTLED, retry_after=7 * MINUTE)


@pytest.fixture
def bench(qapp):
    bench = Bench()
    yield bench
    bench.poller.stop()


@pytest.fixture
def polled(bench):
    """A poller that has its first reading."""
    bench.poller.start()
    bench.answer(fresh())
    bench.asked.clear()
    return bench


def test_it_polls_at_once_and_then_waits_for_the_answer(bench):
    bench.answer(failed())
    assert bench.poller.shown_failure == failed()  # nothing else is known
    bench.poller.start()
    assert bench.asked == [(False, False)]
    assert bench.poller.in_flight
    assert bench.wait is None
    assert bench.answer(fresh(requests_today=17)) == 2 * MINUTE
    assert not bench.poller.in_flight
    assert bench.poller.next_at == NOON + 2 * MINUTE
    assert bench.poller.requests_today == 17


def test_there_are_never_two_polls_at_once(bench):
    bench.poller.start()
    bench.poller.refresh()
    bench.poller.watch(True)
    bench.poller._poll()
    bench.poller.start()
    assert len(bench.asked) == 1


def test_a_refresh_asks_for_everything_and_unarms_the_timer(polled):
    polled.poller.refresh()
    assert polled.asked == [(True, False)]
    assert polled.wait is None


def test_the_timer_asks_for_what_is_due(polled):
    polled.timer_fires()
    assert polled.asked == [(False, False)]


def test_a_pause_that_the_portal_asked_for_is_kept(polled):
    assert polled.answer(THROTTLED) == 7 * MINUTE
    assert polled.poller.is_paused()
    polled.poller.refresh()
    polled.poller.watch(True)
    assert polled.asked == []
    polled.at += 7 * MINUTE
    assert not polled.poller.is_paused()
    polled.poller.refresh()
    assert polled.asked == [(True, False)]


def test_a_reading_may_bring_a_pause_too(polled):
    assert polled.answer(fresh(pause=6 * MINUTE)) == 6 * MINUTE
    assert polled.poller.is_paused()
    assert polled.poller.failed is None
    polled.answer(fresh())
    assert not polled.poller.is_paused()


def test_failures_back_off_and_one_reading_forgives_them_all(polled):
    waits = [polled.answer(failed()) for _ in range(6)]
    assert waits == [it * MINUTE for it in (1, 2, 4, 8, 15, 15)]
    assert polled.poller.reading is not None  # the last values stay
    assert polled.answer(fresh()) == 2 * MINUTE
    assert polled.answer(failed()) == MINUTE


def test_refused_credentials_stop_polling_until_asked(polled):
    assert polled.answer(failed(Trouble.REFUSED)) is None
    assert polled.poller.next_at is None
    polled.tick_after(10 * MINUTE)  # not even a sleep starts it again
    assert (polled.asked, polled.wait) == ([], None)
    polled.poller.refresh()
    assert polled.asked == [(True, False)]


def test_being_throttled_again_slows_the_day_and_the_next_day_is_new(polled):
    polled.answer(THROTTLED)
    assert polled.answer(fresh()) == 2 * MINUTE
    polled.answer(THROTTLED)
    assert polled.answer(fresh()) == 4 * MINUTE
    polled.at += timedelta(days=1)
    assert polled.answer(fresh()) == 2 * MINUTE


def test_in_the_dark_it_polls_less(polled):
    polled.dark = True
    assert polled.answer(fresh()) == 15 * MINUTE
    assert polled.answer(fresh(battery=Battery(soc_percent=50))) == 5 * MINUTE
    works = fresh(power=Powers(pv_w=40.0), measured_at=NOON)
    assert polled.answer(works) == 2 * MINUTE, "a dark day"


NO_NETWORK = failed(Trouble.OFFLINE)
AT_ONCE = (Trouble.REFUSED, Trouble.SIGN_IN, Trouble.NO_STATION, Trouble.THROTTLED)


@pytest.mark.parametrize(
    ("outcomes", "shown"),
    [
        ([failed()], None),
        ([failed(), NO_NETWORK], NO_NETWORK),
        ([failed(), NO_NETWORK, fresh(), failed()], None),
        *(([failed(it)], failed(it)) for it in AT_ONCE),  # it asks for something
    ],
)
def test_one_lost_reply_is_not_shown_and_two_are(polled, outcomes, shown):
    for outcome in outcomes:
        polled.answer(outcome)
    assert polled.poller.shown_failure == shown


def test_one_lost_reply_is_shown_once_the_last_answer_is_old(polled):
    polled.answer(fresh())
    polled.answer(failed())
    polled.at += timedelta(minutes=31)
    assert polled.poller.shown_failure == failed()


def test_what_the_owner_asked_for_is_shown_at_once_and_until_a_reading_comes(polled):
    polled.answer(fresh())
    polled.poller.refresh()
    polled.answer(failed())
    assert polled.poller.shown_failure == failed()
    polled.timer_fires()
    assert polled.poller.shown_failure == failed()
    polled.answer(fresh())
    assert polled.poller.shown_failure is None


def test_the_devices_own_measurements_are_asked_for_while_they_are_looked_at(polled):
    polled.poller.watch(True)
    polled.answer(fresh())
    polled.poller.watch(True, closely=True)
    assert polled.asked[-1] == (False, True)
    polled.answer(fresh())
    polled.poller.watch(True)
    polled.poller.refresh()
    assert polled.asked[-1] == (True, False)


def test_an_open_window_is_kept_fresh(polled):
    polled.at += MINUTE
    polled.poller.watch(True)
    assert polled.asked == [(False, False)]
    assert polled.answer(fresh()) == MINUTE
    polled.at += MINUTE / 2
    polled.poller.watch(True)  # raised, not opened
    assert len(polled.asked) == 1
    polled.poller.watch(False)
    polled.timer_fires()
    assert polled.asked[1:] == [(False, False)]
    assert polled.answer(fresh()) == 2 * MINUTE


def test_a_fresh_reading_is_shown_and_the_next_one_comes_sooner(polled):
    polled.at += timedelta(seconds=19)
    polled.poller.watch(True)
    assert (polled.asked, polled.wait) == ([], MINUTE)
    polled.poller.watch(True, closely=True)  # nothing is known of the devices yet
    assert polled.asked == [(False, True)]
    polled.answer(fresh())
    polled.poller.watch(True)
    polled.poller.watch(True, closely=True)  # to another page and back
    assert len(polled.asked) == 1


def test_a_window_that_is_opened_puts_no_poll_off(polled):
    polled.poller.set_live(MINUTE)
    polled.answer(fresh())
    polled.at += timedelta(seconds=19)
    polled.poller.watch(True)
    assert polled.poller.next_at == NOON + MINUTE


def test_a_pause_met_by_the_history_holds_for_the_polls_too(polled):
    polled.at += MINUTE
    polled.poller.record_pause(failed())  # any other trouble is no pause
    assert not polled.poller.is_paused()
    polled.poller.record_pause(THROTTLED)
    assert polled.poller.pause_until == polled.at + 7 * MINUTE
    assert polled.wait == 7 * MINUTE
    assert polled.shown == 2
    polled.poller.refresh()
    polled.poller.watch(True)
    assert polled.asked == []
    polled.poller.record_pause(failed(Trouble.THROTTLED, retry_after=MINUTE))
    assert polled.poller.pause_until == polled.at + 7 * MINUTE


def test_an_answer_under_way_does_not_end_the_historys_pause(polled):
    polled.poller.refresh()
    polled.poller.record_pause(THROTTLED)
    assert polled.answer(fresh()) == 7 * MINUTE
    assert polled.poller.is_paused()


def test_with_every_tick_only_ages_grow(polled, qtbot):
    before = polled.shown
    with qtbot.waitSignal(polled.poller.aged, timeout=0):
        polled.tick_after(timedelta(seconds=85))
    assert polled.shown == before
    assert polled.wait == 2 * MINUTE


@pytest.mark.parametrize("gap", [timedelta(hours=8), timedelta(hours=-1)])
def test_after_a_sleep_it_says_so_and_polls_soon(polled, qtbot, gap):
    with qtbot.waitSignal(polled.poller.woke, timeout=0):
        polled.tick_after(gap)
    assert polled.wait == timedelta(seconds=5)
    assert polled.asked == []


def test_a_sleep_during_a_poll_waits_for_its_end(polled):
    polled.poller.refresh()
    polled.tick_after(timedelta(hours=8))
    assert polled.wait is None
    assert len(polled.asked) == 1


def test_a_sleep_does_not_shorten_a_pause(polled):
    polled.answer(failed(Trouble.THROTTLED, retry_after=timedelta(hours=1)))
    polled.tick_after(10 * MINUTE)
    assert polled.wait == timedelta(hours=1)


def test_another_station_is_asked_for_at_once(polled):
    polled.poller.start_over()
    assert polled.poller.reading is None
    assert polled.asked == [(True, False)]


@pytest.mark.parametrize(
    ("outcome", "asked", "wait", "trouble"),
    [
        (fresh(station="old"), 2, None, None),
        (failed(Trouble.NO_STATION), 2, None, None),
        (failed(), 1, MINUTE, Trouble.UNREACHABLE),
        (
            failed(Trouble.NO_STATION, retry_after=MINUTE),
            1,
            MINUTE,
            Trouble.NO_STATION,
        ),
        (fresh(station="old", pause=6 * MINUTE), 1, 6 * MINUTE, Trouble.THROTTLED),
    ],
)
def test_of_the_old_station_only_what_holds_for_all_is_told(
    polled, outcome, asked, wait, trouble
):
    polled.poller.refresh()
    polled.poller.start_over()
    assert polled.answer(outcome) == wait
    assert polled.poller.reading is None
    assert len(polled.asked) == asked
    assert getattr(polled.poller.failed, "trouble", None) is trouble
    polled.answer(new := fresh(station="new"))
    assert polled.poller.reading is new.reading


def test_a_pause_holds_for_another_station_too(polled):
    polled.answer(THROTTLED)
    polled.poller.start_over()
    assert polled.asked == []
    assert polled.wait == 7 * MINUTE
    assert polled.poller.failed is not None
    assert polled.poller.failed.trouble is Trouble.THROTTLED


def test_after_stop_nothing_is_polled_whatever_comes(polled):
    polled.poller.refresh()
    polled.poller.stop()
    polled.answer(fresh())
    polled.poller.refresh()
    polled.poller.watch(True)
    polled.poller._poll()
    assert len(polled.asked) == 1
    assert polled.wait is None
    assert not polled.poller._tick.isActive()


def test_the_new_station_waits_for_a_pause_met_meanwhile(polled):
    polled.poller.refresh()
    polled.poller.start_over()
    polled.poller.record_pause(THROTTLED)
    assert polled.answer(fresh(station="old")) == 7 * MINUTE
    assert polled.poller.reading is None
    assert len(polled.asked) == 1
