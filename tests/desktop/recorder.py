"""A notification daemon that shows nothing: it records, and misbehaves when told to.

Run as a process of its own.  The tests talk to it by the interface ``tests.Recorder``.
"""

from __future__ import annotations

import json
import os
import sys
from typing import Any

from jeepney import DBusAddress, message_bus, new_error, new_method_return, new_signal
from jeepney.io.blocking import open_dbus_connection
from jeepney.low_level import HeaderFields, MessageFlag, MessageType

NAME = "org.freedesktop.Notifications"
PATH = "/org/freedesktop/Notifications"
EMITTER = DBusAddress(PATH, interface=NAME)
REPLACE = 2 | 1  # replace the owner of the name, let another one replace us
CAN = ["body", "body-markup", "actions", "persistence"]


class Recorder:
    def __init__(self) -> None:
        self.bus = open_dbus_connection()
        self.calls: list[dict[str, Any]] = []
        self.mode = "obey"
        self.can = CAN
        self.next_id = 1
        self.held: list[Any] = []

    def run(self) -> None:
        # Who made the bus start us has called already: wait for no reply alone.
        self.bus.send(message_bus.RequestName(NAME, REPLACE))
        while True:
            message = self.bus.receive()
            if message.header.message_type is not MessageType.method_call:
                continue
            if message.header.fields[HeaderFields.interface] == "tests.Recorder":
                self.control(message)
            else:
                self.note(message)
                self.serve(message)

    def note(self, message: Any) -> None:
        fields = message.header.fields
        call = {
            "method": fields[HeaderFields.member],
            "signature": fields.get(HeaderFields.signature, ""),
            "arguments": message.body,
            "flags": int(message.header.flags),
            "sender": fields[HeaderFields.sender],
        }
        self.calls.append(call)

    def serve(self, message: Any) -> None:
        match self.mode:
            case "hang":
                self.held.append(message)
            case "die":
                os._exit(1)
            case "refuse":
                self.bus.send(new_error(message, "tests.Error.Refused"))
            case "refuse Notify" if self.method(message) == "Notify":
                self.bus.send(new_error(message, "tests.Error.Refused"))
            case "hang at Notify" if self.method(message) == "Notify":
                self.held.append(message)
            case "die at Notify" if self.method(message) == "Notify":
                os._exit(1)
            case _:
                self.answer(message)

    def method(self, message: Any) -> str:
        return str(message.header.fields[HeaderFields.member])

    def answer(self, message: Any) -> None:
        match self.method(message):
            case "GetServerInformation":
                self.reply(message, "ssss", "recorder", "tests", "1.0", "1.2")
            case "GetCapabilities":
                self.reply(message, "as", self.can)
            case "Notify":
                self.reply(message, "u", self.number(message.body[1]))
            case "CloseNotification":
                self.reply(message, "")
                self.emit("NotificationClosed", "uu", message.body[0], 3)

    def number(self, replaces: int) -> int:
        if self.mode.startswith("always "):
            return int(self.mode.removeprefix("always "))
        if replaces and self.mode != "never the same":
            return replaces
        self.next_id += 1
        return self.next_id

    def control(self, message: Any) -> None:
        body = message.body
        match self.method(message):
            case "Calls":
                self.reply(message, "s", json.dumps(self.calls))
                return
            case "Mode":
                self.mode = body[0]
            case "Can":
                self.can = body[0]
            case "Release":
                self.mode = "obey"
                held, self.held = self.held, []
                for each in held:
                    self.answer(each)
            case "Emit":
                self.emit(body[0], body[1], *json.loads(body[2]))
        self.reply(message, "")

    def emit(self, name: str, signature: str, *values: Any) -> None:
        self.bus.send(new_signal(EMITTER, name, signature, values))

    def reply(self, message: Any, signature: str, *values: Any) -> None:
        if not message.header.flags & MessageFlag.no_reply_expected:
            self.bus.send(new_method_return(message, signature or None, values))


if __name__ == "__main__":
    try:
        Recorder().run()
    except (ConnectionError, KeyboardInterrupt):
        sys.exit(0)
