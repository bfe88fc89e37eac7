"""Runs the studio on a production server behind one address: a small supervisor that starts, watches and stops it."""

from __future__ import annotations

import contextlib
import ctypes
import fcntl
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
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, NoReturn

from gunicorn.app.base import BaseApplication

from curriculum_studio.actions.notices import send_mails
from curriculum_studio.actions.review_lists import follow_everywhere
from curriculum_studio.actions.search import catch_up
from curriculum_studio.collector import keep_what_stands, look_seldom, pass_on_quickly
from curriculum_studio.domain.errors import Refused, StudioError
from curriculum_studio.live.client import Door, RoomsClient, new_door
from curriculum_studio.settings import Settings, load_settings
from curriculum_studio.storage.mail import send_mail
from curriculum_studio.studio import open_studio
from curriculum_studio.web.app import create_app
from curriculum_studio.web.keeper import Keeper
from curriculum_studio.web.logs import configure_logs

_PRIVATE = "studio-"
_FIRST_PAUSE, _LONGEST_PAUSE, _RAN = 0.2, 5.0, 2.0
_STOP_SECONDS, _STOP_ROOMS = 15.0, 8.0
_READY_SECONDS = 60.0
_UPKEEP_SECONDS = 300.0
_RECORD_SECONDS, _MAIL_SECONDS = 2.0, 30.0


def free_port(host: str, port: int) -> int:
    """The port itself. Raises `Refused` with the next free one where it is taken."""
    if not _taken(host, port):
        return port
    following = next((one for one in range(port + 1, min(port + 200, 65535)) if not _taken(host, one)), None)
    hint = (
        f" Port {following} is free: use --port {following} (or PORT={following} with make run)."
        if following
        else ""
    )
    raise Refused(f"Port {port} is taken by another program.{hint}")


def _taken(host: str, port: int) -> bool:
    with socket.socket(socket.AF_INET6 if ":" in host else socket.AF_INET) as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((host, port))
        except OSError:
            return True
    return False


class _Server(BaseApplication):  # type: ignore[misc]
    """gunicorn with our settings; the application is opened in the worker, after the fork."""

    def __init__(self, folder: Path, options: dict[str, Any]) -> None:
        self._folder, self._options = folder, options
        super().__init__()

    def load_config(self) -> None:
        for name, value in self._options.items():
            self.cfg.set(name, value)

    def load(self) -> Any:
        configure_logs()
        look_seldom()
        pass_on_quickly()
        studio = open_studio(self._folder)
        threading.Thread(target=_keep, args=(studio,), name="upkeep", daemon=True).start()
        threading.Thread(target=_write_record, args=(studio,), name="record", daemon=True).start()
        threading.Thread(target=Keeper(studio).run, name="keeper", daemon=True).start()
        return create_app(studio)


def _keep(studio: Any) -> None:
    """What a running studio does when nobody asks: lets search catch up, then packs the store now and then."""
    with contextlib.suppress(StudioError):
        # Every page waits for the texts, and only who searches for the index: that is opened after them.
        studio.curriculum()
        catch_up(studio)
    keep_what_stands()
    while True:
        time.sleep(_UPKEEP_SECONDS)
        with contextlib.suppress(StudioError):
            studio.content.upkeep_if_due()


def _write_record(studio: Any) -> None:
    """Lets the record of review follow the database, threads follow their words, and mails go out."""
    mailed, tried = 0.0, dict[str, str]()
    while True:
        with contextlib.suppress(StudioError):
            while studio.record.write():
                pass
        if time.monotonic() - mailed > _MAIL_SECONDS:
            mailed = time.monotonic()
            with contextlib.suppress(StudioError):
                follow_everywhere(studio, tried)
            _send_mails(studio)
        time.sleep(_RECORD_SECONDS)


def _send_mails(studio: Any) -> None:
    settings = studio.settings
    with contextlib.suppress(StudioError), _one_at_a_time(settings.folder / ".mailing") as mine:
        if mine:
            send_mails(
                studio,
                datetime.now(UTC),
                lambda mail: send_mail(settings.mail_server, settings.mail_from, mail),
            )


@contextlib.contextmanager
def _one_at_a_time(path: Path) -> Iterator[bool]:
    """Whether this process may send now: with two at it, people would get every mail twice."""
    with path.open("a") as held:
        try:
            fcntl.flock(held, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            yield False
            return
        yield True


def options_of(settings: Settings, host: str, port: int) -> dict[str, Any]:
    """How gunicorn runs."""
    return {
        "bind": f"[{host}]:{port}" if ":" in host else f"{host}:{port}",
        "worker_class": "gthread",
        "workers": settings.workers,
        "threads": settings.threads,
        "keepalive": 15,
        "graceful_timeout": 10,
        "timeout": 120,
        "control_socket_disable": True,
        # gunicorn believes forwarded headers from loopback by default; nobody is believed unless the settings say so.
        "forwarded_allow_ips": settings.trusted_proxies,
        "when_ready": _ready,
        "post_fork": lambda server, worker: _die_with_parent(),
        "post_worker_init": lambda worker: _leave_to_supervisor(),
        "loglevel": "warning",
        "proc_name": "curriculum-studio",
    }


def _leave_to_supervisor() -> None:
    """A terminal tells Ctrl-C and its end to every process; only the supervisor knows in which order they end."""
    for number in (signal.SIGINT, signal.SIGHUP):
        signal.signal(number, signal.SIG_IGN)


def _ready(server: Any) -> None:
    """The listeners stand."""
    # gunicorn has set its own answers to signals by now: at once at Ctrl-C, requests or not.
    _leave_to_supervisor()
    _wait_for_words(server)


def _wait_for_words(server: Any) -> None:
    """Lets the kernel hold silent connections, so that browsers' idle ones take no thread, and drops dripping ones."""
    wait = (20).to_bytes(8, sys.byteorder) + (0).to_bytes(8, sys.byteorder)
    for listener in server.LISTENERS:
        if listener.sock.family not in (socket.AF_INET, socket.AF_INET6):
            continue
        if hasattr(socket, "TCP_DEFER_ACCEPT"):
            listener.sock.setsockopt(socket.IPPROTO_TCP, socket.TCP_DEFER_ACCEPT, 10)
            for side in (socket.SO_RCVTIMEO, socket.SO_SNDTIMEO):
                listener.sock.setsockopt(socket.SOL_SOCKET, side, wait)


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
    with (folder / ".serving").open("a+") as held:
        try:
            fcntl.flock(held, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError as error:
            held.seek(0)
            raise Refused(
                f"Another studio serves this workspace already (process {held.readline().strip() or 'unknown'}). Stop it first; this one changed nothing."
            ) from error
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
class _Child:
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
            _leave_to_supervisor()
            _die_with_parent()
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


def _supervise(settings: Settings, host: str, port: int, door: Door, announce: Callable[[], None]) -> None:
    stopping = threading.Event()
    for number in (signal.SIGTERM, signal.SIGINT, signal.SIGHUP):
        signal.signal(number, lambda *_: stopping.set())
    rooms = _Child("The process for writing together", lambda: _keep_rooms(settings, door))
    pages = _Child("The web process", lambda: _serve_pages(settings, host, port))
    rooms.begin()
    _wait_for_rooms(rooms, door, stopping)
    pages.begin()
    try:
        told = _answers(host, port, pages, stopping)
        if told:
            announce()
        while not stopping.is_set():
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


def _keep_rooms(settings: Settings, door: Door) -> NoReturn:
    """The rooms' own process; what they need is read here and not in the web processes."""
    from curriculum_studio.live.service import run

    configure_logs()
    look_seldom()
    keep_what_stands()
    run(settings.journal, door, settings.version_after)
    os._exit(0)


def _wait_for_rooms(child: _Child, door: Door, stopping: threading.Event) -> None:
    client, end = RoomsClient(door), time.monotonic() + _READY_SECONDS
    while not client.answers() and time.monotonic() < end and not stopping.is_set():
        if not child.look() and child.pause > 1:
            raise Refused("Writing together could not start; the lines above say why. Nothing was changed.")
        time.sleep(0.02)


def _serve_pages(settings: Settings, host: str, port: int) -> NoReturn:
    try:
        _Server(settings.folder, options_of(settings, host, port)).run()
    except SystemExit as error:
        os._exit(error.code if isinstance(error.code, int) else 1)
    os._exit(0)


def _said(status: int) -> str:
    code = os.waitstatus_to_exitcode(status)
    return f"signal {-code}" if code < 0 else f"code {code}"


def _answers(host: str, port: int, child: _Child, stopping: threading.Event) -> bool:
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


def _die_with_parent() -> None:
    """Linux: a child ends when whoever started it ends, even by a kill that nothing can catch."""
    if sys.platform == "linux":
        ctypes.CDLL(None, use_errno=True).prctl(1, signal.SIGKILL)
