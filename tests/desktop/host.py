"""A whole desktop of our own: X server, bus, window manager, panel.

Nothing of the owner's desktop is touched: home, configuration and runtime folders
lie in a folder of their own, and the display and the bus are private. All programs
come from Debian's packages (requirements/debian-test).
"""

from __future__ import annotations

import contextlib
import shutil
import subprocess
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING, Self

from .configuration import BUS_XML, PANEL_HEIGHT, PANEL_XML, environment
from .program import Program
from .screen import Box, look, patches
from .tray import WATCHER, Bus, registered
from .waiting import wait_until

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from .screen import Picture
    from .tray import Item

CHECKOUT = Path(__file__).resolve().parents[2]
SCREEN = (1280, 800)
PROGRAMS = ("Xvfb", "dbus-daemon", "openbox", "xfce4-panel", "xdotool", "wmctrl")


def missing_programs() -> list[str]:
    """Return what is not installed of what a desktop needs."""
    return [name for name in PROGRAMS if shutil.which(name) is None]


class Desktop:
    """A desktop to test on; use it as a context manager."""

    def __init__(self) -> None:
        # Short, because the path of a socket may have 107 characters only.
        self.folder = Path(tempfile.mkdtemp(prefix="sems-desk-"))
        self.env = environment(self.folder)
        self._programs: list[Program] = []
        self._apps: list[Program] = []
        self._panel: Program | None = None
        self._started = 0

    # ------------------------------------------------------------ life

    def __enter__(self) -> Self:
        try:
            self._start_display()
            self._start_bus()
            self._spawn(["openbox", "--sm-disable"])
            self.start_panel()
        except BaseException:
            self.close()
            raise
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def close(self) -> None:
        """End every program and remove every file."""
        self.stop_apps()
        if hasattr(self, "bus"):
            self.bus.close()
        for program in reversed(self._programs):
            program.stop()
        self._programs.clear()
        shutil.rmtree(self.folder, ignore_errors=True)

    # ------------------------------------------------------------ programs under test

    def run_app(
        self,
        args: Iterable[str | Path],
        env: Mapping[str, str] | None = None,
        *,
        cwd: Path = CHECKOUT,
    ) -> Program:
        """Start a program on this desktop; it is ended after the test.

        ``this_python(...)`` gives the command for a Python script or module.
        """
        app = self._program(map(str, args), {**self.env, **(env or {})}, cwd)
        self._apps.append(app)
        return app

    def start_service(
        self, args: Iterable[str], bus_name: str, *, stdin: bytes = b""
    ) -> Program:
        """Start a program and wait for its name on the bus; ended after the test.

        For example ``dunst`` as ``org.freedesktop.Notifications``.
        """
        service = self._program(args, self.env, self.folder, stdin=stdin)
        self._apps.append(service)
        wait_until(lambda: self.bus.owner_pid(bus_name))
        return service

    def stop_apps(self) -> None:
        """End what run_app and start_service started."""
        for app in self._apps:
            app.stop()
        self._apps.clear()

    def forget(self) -> None:
        """Delete what programs left behind in their usual folders."""
        for name in ("home", "data", "cache", "state", "tmp"):
            for left in (self.folder / name).iterdir():
                if left.is_dir():
                    shutil.rmtree(left, ignore_errors=True)
                else:
                    left.unlink(missing_ok=True)

    # ------------------------------------------------------------ the tray

    def items(self) -> list[Item]:
        """Return the icons registered now, by any program."""
        return registered(self.bus)

    def item(self, app: Program | None = None, timeout: float = 5.0) -> Item:
        """Return the icon of ``app`` (or the only one), waiting for it."""

        def find() -> Item | None:
            if app is not None and app.exit_code is not None:
                raise RuntimeError(f"exit code {app.exit_code}: {app.stderr[-2000:]}")
            mine = [i for i in self.items() if app is None or i.pid == app.pid]
            return mine[0] if mine else None

        found = wait_until(find, timeout)
        assert found is not None
        return found

    def restart_panel(self) -> None:
        """End the panel and start another, as an update or a crash does."""
        self.stop_panel()
        self.start_panel()

    def stop_panel(self) -> None:
        """Leave the desktop without a tray."""
        assert self._panel is not None
        self._panel.stop()
        self._programs.remove(self._panel)
        self._panel = None
        wait_until(lambda: not self.bus.owner_pid(WATCHER.bus_name))

    def start_panel(self) -> None:
        """Start the panel, unless it runs, and wait for its tray."""
        if self._panel is not None:
            return
        settings = self.folder / "config" / "xfce4" / "xfconf"
        channel = settings / "xfce-perchannel-xml" / "xfce4-panel.xml"
        if not channel.exists():
            channel.parent.mkdir(parents=True)
            channel.write_text(PANEL_XML)
        self._panel = self._spawn(["xfce4-panel", "--disable-wm-check"])
        wait_until(lambda: self.bus.get(WATCHER, "IsStatusNotifierHostRegistered"), 10)

    # ------------------------------------------------------------ the screen

    def look(self, box: Box | None = None) -> Picture:
        """Return what the screen (or a part of it) shows now."""
        picture = look(self.folder / "Xvfb_screen0")
        return picture.crop(box) if box else picture

    def screenshot(self, path: Path, box: Box | None = None) -> Path:
        """Write a PNG of the screen."""
        self.look(box).save(path)
        return path

    def wait_for_rest(self, moment: float = 0.1) -> None:
        """Wait until the screen stands still: a new window hears keys only then.

        A flow picture never does; then a second must be enough.
        """
        shown = [self.look()]

        def is_still() -> bool:
            shown.append(self.look())
            return shown.pop(0) == shown[0]

        with contextlib.suppress(AssertionError):
            wait_until(is_still, 1.0, pause=moment)

    def panel_box(self) -> Box:
        """Return where the panel is."""
        return Box(0, SCREEN[1] - PANEL_HEIGHT, SCREEN[0], PANEL_HEIGHT)

    def window_box(self) -> Box | None:
        """Return where the windows are, frames included, above the panel."""
        return self.look(Box(0, 0, SCREEN[0], self.panel_box().y)).outline()

    def icons_on_panel(self) -> list[Box]:
        """Return where the tray shows something, left to right."""
        panel = self.panel_box()
        inner = Box(panel.x, panel.y + 2, panel.width, panel.height - 4)
        return [
            Box(b.x + inner.x, b.y + inner.y, b.width, b.height)
            for b in patches(self.look(inner))
        ]

    def icon_on_panel(self, timeout: float = 5.0) -> Box:
        """Return where the only icon of the tray is, waiting for it."""
        return wait_until(self.icons_on_panel, timeout)[0]

    def click(self, x: int, y: int, button: int = 1) -> None:
        """Click with a mouse: 1 left, 2 middle, 3 right."""
        self.xdotool("mousemove", str(x), str(y), "click", str(button))

    def hover(self, x: int, y: int) -> None:
        """Move the mouse there, in two steps so that a tooltip wakes up."""
        self.xdotool("mousemove", str(x - 3), str(y), "mousemove", str(x), str(y))

    def xdotool(self, *args: str) -> str:
        return self._output("xdotool", *args)

    def windows(self) -> list[str]:
        """Return the titles of the windows that the window manager knows."""
        lines = self._output("wmctrl", "-l").splitlines()
        titles = (line.split(maxsplit=3)[3:] for line in lines)
        return [t[0] for t in titles if t and t[0] != "xfce4-panel"]

    def close_window(self, title: str) -> None:
        """Ask a window to close, as its button does."""
        self._output("wmctrl", "-F", "-c", title)

    # ------------------------------------------------------------ inside

    def _program(
        self,
        args: Iterable[str],
        env: Mapping[str, str],
        cwd: Path,
        *,
        stdin: bytes = b"",
    ) -> Program:
        words = [*args]
        self._started += 1
        log = self.folder / f"{self._started:02}-{Path(words[0]).name}.log"
        return Program(words, env, log, cwd=cwd, stdin=stdin)

    def _spawn(self, args: Iterable[str]) -> Program:
        program = self._program(args, self.env, self.folder)
        self._programs.append(program)
        return program

    def _output(self, *args: str) -> str:
        done = subprocess.run(
            args, env=self.env, capture_output=True, text=True, timeout=5, check=True
        )
        return done.stdout

    def _start_display(self) -> None:
        width, height = SCREEN
        server = self._spawn(
            [
                *("Xvfb", "-displayfd", "1", "-screen", "0", f"{width}x{height}x24"),
                *("-fbdir", str(self.folder), "-nolisten", "tcp", "-noreset"),
            ]
        )
        number = wait_until(lambda: _first_line(server))
        self.env["DISPLAY"] = f":{number}"

    def _start_bus(self) -> None:
        services = self.folder / "services"
        wanted = Path("/usr/share/dbus-1/services/org.xfce.Xfconf.service")
        shutil.copy(wanted, services)
        socket = self.folder / "run" / "bus"
        config = self.folder / "bus.conf"
        config.write_text(BUS_XML.format(socket=socket, services=services))
        self.env["DBUS_SESSION_BUS_ADDRESS"] = f"unix:path={socket}"
        daemon = ["dbus-daemon", "--nofork", f"--config-file={config}"]
        self._spawn([*daemon, "--print-address"])
        wait_until(socket.exists)
        self.bus = Bus(f"unix:path={socket}")


def _first_line(program: Program) -> str:
    text = program.stdout
    return text.strip() if text.endswith("\n") else ""
