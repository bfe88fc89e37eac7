"""Serves a workspace behind one address: hides how the processes for pages and for writing together are started, watched, and
stopped."""

from __future__ import annotations

import contextlib
import errno
import os
import shutil
import signal
import socket
import sys
import tempfile
import threading
import time
import urllib.request
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import NoReturn

from curriculum_studio.actions.holding import held_alone
from curriculum_studio.collector import keep_what_stands, look_seldom
from curriculum_studio.domain.errors import Refused
from curriculum_studio.live.client import Door, RoomsClient, new_door
from curriculum_studio.settings import Settings, load_settings
from curriculum_studio.studio import open_studio
from curriculum_studio.web.logs import configure_logs
from curriculum_studio.web.server import die_with_parent, leave_to_supervisor, serve_pages

_PRIVATE = "studio-"
_FIRST_PAUSE, _LONGEST_PAUSE, _RAN = 0.2, 5.0, 2.0
_STOP_SECONDS, _STOP_ROOMS = 15.0, 8.0
_READY_SECONDS = 60.0
_ASK_EVERY, _UNHEARD = 5.0, 8


def free_port(host: str, port: int) -> int:
    """The port itself. Raises `Refused` with the next free one where it is taken, or with what is wrong with the address."""
    fault = _in_the_way(host, port)
    if fault is None:
        return port
    if fault.errno == errno.EACCES:
        raise Refused(f"You may not open port {port}: ports below 1024 are the system's. Use --port 8000 and a front proxy.")  # fmt: skip
    if fault.errno != errno.EADDRINUSE:
        raise Refused(
            f"{host} is no address of this machine that the studio could listen at ({fault.strerror or fault}). "
            "Use --host 127.0.0.1, or --host 0.0.0.0 for all addresses."
        )
    following = next(
        (one for one in range(port + 1, min(port + 200, 65535)) if not _in_the_way(host, one)), None
    )
    hint = (
        f" Port {following} is free: use --port {following} (or PORT={following} with make run)."
        if following
        else ""
    )
    raise Refused(f"Port {port} is taken by another program.{hint}")


def _in_the_way(host: str, port: int) -> OSError | None:
    """Why nobody can listen there; None where somebody can."""
    with socket.socket(socket.AF_INET6 if ":" in host else socket.AF_INET) as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((host, port))
        except OSError as error:
            return error
    return None


def serve(folder: Path, host: str, port: int, announce: Callable[[], None]) -> None:
    """Serves a workspace until it is stopped; `announce` is called once it answers.

    Raises `Refused` where the port is taken, or another `serve` has the workspace.
    """
    settings = load_settings(folder)
    with _alone(settings.folder) as private:
        free_port(host, port)
        open_studio(folder).close()
        door = new_door(private)
        door.tell(os.environ)  # type: ignore[arg-type]
        _supervise(settings, host, port, door, announce)


@contextlib.contextmanager
def _alone(folder: Path) -> Iterator[Path]:
    """Holds the workspace; gives a private folder for this start, and takes away the one of a start that was killed."""
    with held_alone(folder) as held:
        held.seek(0)
        left = held.read().partition("\n")[2].strip()
        if left.startswith(_PRIVATE) and "/" not in left:
            shutil.rmtree(Path(tempfile.gettempdir()) / left, ignore_errors=True)
        with tempfile.TemporaryDirectory(prefix=_PRIVATE) as private:
            held.truncate(0)
            held.write(f"{os.getpid()}\n{Path(private).name}")
            held.flush()
            yield Path(private)


@dataclass
class Child:
    """A process that is kept alive: how it is started, and when again if it ended."""

    name: str
    start: Callable[[], NoReturn]
    pid: int = 0
    began: float = 0.0
    pause: float = _FIRST_PAUSE
    again: float = 0.0

    def begin(self) -> None:
        """Starts it."""
        self.began, self.pid = time.monotonic(), os.fork()
        if self.pid == 0:
            signal.signal(signal.SIGTERM, signal.SIG_DFL)
            leave_to_supervisor()
            die_with_parent()
            self.start()

    def look(self) -> bool:
        """Whether it runs; one that ended is started again after a pause that doubles."""
        if self.pid:
            done, status = os.waitpid(self.pid, os.WNOHANG)
            if not done:
                return True
            now, self.pid = time.monotonic(), 0
            # Who ran for a while is started at once; who cannot even start is tried less and less often.
            self.pause = _FIRST_PAUSE if now - self.began > _RAN else min(self.pause * 2, _LONGEST_PAUSE)
            self.again = now + self.pause
            print(f"{self.name} ended ({_said(status)}); it is started again.", file=sys.stderr, flush=True)
        elif time.monotonic() >= self.again:
            self.begin()
        return False

    def kill(self) -> None:
        """Ends it at once: it does not hear any more; `look` starts it again."""
        if self.pid:
            print(f"{self.name} does not answer any more; it is ended.", file=sys.stderr, flush=True)
            os.kill(self.pid, signal.SIGKILL)

    def end(self, seconds: float) -> None:
        """Stops it in good order, or by force after some seconds."""
        if not self.pid:
            return
        os.kill(self.pid, signal.SIGTERM)
        until = time.monotonic() + seconds
        while time.monotonic() < until:
            if os.waitpid(self.pid, os.WNOHANG)[0]:
                return
            time.sleep(0.05)
        os.kill(self.pid, signal.SIGKILL)
        os.waitpid(self.pid, 0)


@dataclass
class Hearing:
    """Whether a process still answers, asked now and then: one that answered before and leaves many questions in a row
    unanswered hangs, however busy the machine. Questions are counted and not seconds, for a machine can sleep."""

    answers: Callable[[], bool]
    every: float = _ASK_EVERY
    most: int = _UNHEARD
    pid: int = 0
    heard: bool = False
    unheard: int = 0
    asked: float = 0.0

    def hangs(self, pid: int) -> bool:
        """Whether the process of this number hangs; said once."""
        if pid != self.pid:
            self.pid, self.heard, self.unheard = pid, False, 0
        if not pid or time.monotonic() - self.asked < self.every:
            return False
        # At most the two seconds of a question are waited here, and only for one that does not answer.
        if self.answers():
            self.heard, self.unheard = True, 0
        else:
            self.unheard += self.heard
        self.asked = time.monotonic()
        if self.unheard < self.most:
            return False
        self.unheard = 0
        return True


def _supervise(settings: Settings, host: str, port: int, door: Door, announce: Callable[[], None]) -> None:
    stopping = threading.Event()
    for number in (signal.SIGTERM, signal.SIGINT, signal.SIGHUP):
        signal.signal(number, lambda *_: stopping.set())
    rooms = Child("The process for writing together", lambda: keep_rooms(settings, door))
    pages = Child("The web process", lambda: serve_pages(settings, host, port))
    rooms.begin()
    _wait_for_rooms(rooms, door, stopping)
    pages.begin()
    try:
        told = _answers(host, port, pages, stopping)
        if told:
            announce()
        hearing = Hearing(RoomsClient(door).answers)
        while not stopping.is_set():
            if hearing.hangs(rooms.pid):
                rooms.kill()
            rooms.look()
            if not pages.look() and not told and pages.pause > 1:
                raise Refused("The studio could not start; the lines above say why. Nothing was changed.")
            if not told and pages.pid:
                told = _answers(host, port, pages, stopping)
                if told:
                    announce()
            stopping.wait(0.1)
    finally:
        # The web process first: what it still does may need the rooms.
        pages.end(_STOP_SECONDS)
        rooms.end(_STOP_ROOMS)


def keep_rooms(settings: Settings, door: Door) -> NoReturn:
    """The rooms' own process; what they need is read here and not in the web processes."""
    from curriculum_studio.live.service import run

    configure_logs()
    look_seldom()
    keep_what_stands()
    run(settings.journal, door, settings.version_after)
    os._exit(0)


def _wait_for_rooms(child: Child, door: Door, stopping: threading.Event) -> None:
    client, end = RoomsClient(door), time.monotonic() + _READY_SECONDS
    while not client.answers() and time.monotonic() < end and not stopping.is_set():
        if not child.look() and child.pause > 1:
            raise Refused("Writing together could not start; the lines above say why. Nothing was changed.")
        time.sleep(0.02)


def _said(status: int) -> str:
    code = os.waitstatus_to_exitcode(status)
    return f"signal {-code}" if code < 0 else f"code {code}"


def _answers(host: str, port: int, child: Child, stopping: threading.Event) -> bool:
    """Waits until the pages answer, or the child has ended."""
    there = {"0.0.0.0": "127.0.0.1", "::": "[::1]"}.get(host, f"[{host}]" if ":" in host else host)  # noqa: S104
    end = time.monotonic() + _READY_SECONDS
    while time.monotonic() < end and not stopping.is_set():
        try:
            with urllib.request.urlopen(f"http://{there}:{port}/healthz", timeout=2) as answer:
                return bool(answer.status == 200)
        except OSError:
            if not child.look():
                return False
            time.sleep(0.05)
    return False
