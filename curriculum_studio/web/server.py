"""Runs the studio on a production server behind one address: a small supervisor that starts, watches and stops it."""

from __future__ import annotations

import contextlib
import ctypes
import fcntl
import os
import signal
import socket
import sys
import threading
import time
import urllib.request
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any, NoReturn

from gunicorn.app.base import BaseApplication

from curriculum_studio.actions.search import catch_up
from curriculum_studio.domain.errors import Refused, StudioError
from curriculum_studio.settings import Settings, load_settings
from curriculum_studio.studio import open_studio
from curriculum_studio.web.app import create_app
from curriculum_studio.web.logs import configure_logs

_FIRST_PAUSE, _LONGEST_PAUSE = 0.2, 5.0
_STOP_SECONDS = 15.0
_READY_SECONDS = 60.0
_UPKEEP_SECONDS = 300.0


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
        studio = open_studio(self._folder)
        threading.Thread(target=_keep, args=(studio,), name="upkeep", daemon=True).start()
        return create_app(studio)


def _keep(studio: Any) -> None:
    """What a running studio does when nobody asks: lets search catch up, then packs the store now and then."""
    with contextlib.suppress(StudioError):
        catch_up(studio)
    while True:
        time.sleep(_UPKEEP_SECONDS)
        with contextlib.suppress(StudioError):
            studio.content.upkeep_if_due()


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
        "when_ready": _wait_for_words,
        "post_fork": lambda server, worker: _die_with_parent(),
        "loglevel": "warning",
        "proc_name": "curriculum-studio",
    }


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
    with _alone(settings.folder):
        free_port(host, port)
        open_studio(folder).close()
        _supervise(settings, host, port, announce)


@contextlib.contextmanager
def _alone(folder: Path) -> Iterator[None]:
    path = folder / ".serving"
    with path.open("a+") as held:
        try:
            fcntl.flock(held, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError as error:
            held.seek(0)
            raise Refused(
                f"Another studio serves this workspace already (process {held.read().strip() or 'unknown'}). Stop it first; this one changed nothing."
            ) from error
        held.truncate(0)
        held.write(str(os.getpid()))
        held.flush()
        yield


def _supervise(settings: Settings, host: str, port: int, announce: Callable[[], None]) -> None:
    stopping = threading.Event()
    for number in (signal.SIGTERM, signal.SIGINT, signal.SIGHUP):
        signal.signal(number, lambda *_: stopping.set())
    pause, told = _FIRST_PAUSE, False
    while not stopping.is_set():
        began = time.monotonic()
        child = _start(settings, host, port)
        if not told and _answers(host, port, child, stopping):
            announce()
            told = True
        status = _watch(child, stopping)
        if status is None:
            return
        if not told and time.monotonic() - began < _READY_SECONDS and pause > 1:
            raise Refused("The studio could not start; the lines above say why. Nothing was changed.")
        pause = _FIRST_PAUSE if time.monotonic() - began > 60 else min(pause * 2, _LONGEST_PAUSE)
        print(f"The web process ended ({status}); it is started again.", file=sys.stderr, flush=True)
        stopping.wait(pause)


def _start(settings: Settings, host: str, port: int) -> int:
    child = os.fork()
    if child == 0:
        _serve_pages(settings, host, port)
    return child


def _serve_pages(settings: Settings, host: str, port: int) -> NoReturn:
    for number in (signal.SIGTERM, signal.SIGINT, signal.SIGHUP):
        signal.signal(number, signal.SIG_DFL)
    _die_with_parent()
    try:
        _Server(settings.folder, options_of(settings, host, port)).run()
    except SystemExit as error:
        os._exit(error.code if isinstance(error.code, int) else 1)
    os._exit(0)


def _watch(child: int, stopping: threading.Event) -> str | None:
    """Waits for a child; how it ended, or None once it was stopped in good order."""
    while True:
        done, status = os.waitpid(child, os.WNOHANG)
        if done:
            return _said(status)
        if stopping.wait(0.1):
            break
    os.kill(child, signal.SIGTERM)
    end = time.monotonic() + _STOP_SECONDS
    while time.monotonic() < end:
        if os.waitpid(child, os.WNOHANG)[0]:
            return None
        time.sleep(0.05)
    os.kill(child, signal.SIGKILL)
    os.waitpid(child, 0)
    return None


def _said(status: int) -> str:
    code = os.waitstatus_to_exitcode(status)
    return f"signal {-code}" if code < 0 else f"code {code}"


def _answers(host: str, port: int, child: int, stopping: threading.Event) -> bool:
    """Waits until the pages answer, or the child has ended."""
    there = {"0.0.0.0": "127.0.0.1", "::": "[::1]"}.get(host, f"[{host}]" if ":" in host else host)  # noqa: S104
    end = time.monotonic() + _READY_SECONDS
    while time.monotonic() < end and not stopping.is_set():
        try:
            with urllib.request.urlopen(f"http://{there}:{port}/healthz", timeout=2) as answer:
                return bool(answer.status == 200)
        except OSError:
            try:
                os.kill(child, 0)
            except ProcessLookupError:
                return False
            time.sleep(0.05)
    return False


def _die_with_parent() -> None:
    """Linux: a child ends when whoever started it ends, even by a kill that nothing can catch."""
    if sys.platform == "linux":
        ctypes.CDLL(None, use_errno=True).prctl(1, signal.SIGKILL)
