"""Recorded and made-up replies, opened as the client opens them."""

import json

from sems_tray.domain.model import Phase, PvString
from sems_tray.portal.http.transport import Reply
from sems_tray.portal.wire.envelope import data_of, open_envelope

RECORDED: set[str] = set()  # the files that a test reads


def reads(*names):
    """Note that a test reads these files of the recordings."""

    def note(test):
        RECORDED.update(f"{name}.json" for name in names)
        return test

    return note


def text_of(recordings, name):
    return (recordings / f"{name}.json").read_bytes()


def json_of(recordings, name):
    return json.loads(text_of(recordings, name))


def reply(body, status=200, **more):
    """Return a reply with a body, whatever the body is."""
    if not isinstance(body, bytes):
        body = json.dumps(body).encode()
    return Reply(status=status, body=body, **more)


def envelope(body, **more):
    return open_envelope(reply(body, **more))


def data(recordings, name):
    """Return a recorded success's data as the parsers get it."""
    return data_of(envelope(text_of(recordings, name)))


def strings(*values):
    """Return PV strings "1", "2" … of volts, amperes and watts."""
    rows = enumerate(values, 1)
    return tuple(PvString(name=str(n), v=v, a=a, w=w) for n, (v, a, w) in rows)


def phases(*values, power=False):
    """Return phases "1", "2" … of volts, amperes, and Hz or watts."""
    last = "w" if power else "hz"
    rows = enumerate(values, 1)
    return tuple(Phase(name=str(n), v=v, a=a, **{last: it}) for n, (v, a, it) in rows)
