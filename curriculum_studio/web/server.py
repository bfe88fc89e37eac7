"""Hides the server that answers for pages: how gunicorn runs here, and what the studio does beside while nobody asks."""

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
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, NoReturn

import structlog
from gunicorn.app.base import BaseApplication

from curriculum_studio.actions.notices import send_mails
from curriculum_studio.actions.review_lists import follow_everywhere
from curriculum_studio.actions.search import catch_up
from curriculum_studio.collector import keep_what_stands, look_seldom, pass_on_quickly
from curriculum_studio.domain.errors import StudioError
from curriculum_studio.domain.notices import Mail
from curriculum_studio.settings import Settings
from curriculum_studio.storage.mail import send_mail
from curriculum_studio.studio import open_studio
from curriculum_studio.web.app import create_app
from curriculum_studio.web.keeper import Keeper
from curriculum_studio.web.logs import configure_logs

_UPKEEP_SECONDS = 300.0
_RECORD_SECONDS, _MAIL_SECONDS = 2.0, 30.0


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
    # Every page waits for the texts, and only who searches for the index: that is opened after them.
    _tried("texts are read", studio.curriculum)
    _tried("search catches up", lambda: catch_up(studio))
    keep_what_stands()
    while True:
        time.sleep(_UPKEEP_SECONDS)
        _tried("the store is packed", studio.content.upkeep_if_due)


def _tried(what: str, act: Callable[[], object]) -> None:
    """Does something that nobody waits for; whatever befalls it, it is tried again, and the others go on."""
    try:
        act()
    except StudioError:
        # A full disk, a busy database: said where people meet it.
        return
    except Exception as error:
        # Nobody else does it, and nobody would notice that it is done no more. Its words may hold some of a lesson.
        structlog.get_logger().error(
            "nobody waited for it, and it failed", what=what, kind=type(error).__name__
        )


def _write_record(studio: Any) -> None:
    """What a running studio puts down again and again: see `look_after`."""
    mailed, tried = 0.0, dict[str, str]()
    while True:
        due = time.monotonic() - mailed > _MAIL_SECONDS
        mailed = time.monotonic() if due else mailed
        look_after(studio, tried, slowly=due)
        time.sleep(_RECORD_SECONDS)


def look_after(studio: Any, tried: dict[str, str], *, slowly: bool) -> None:
    """Lets the record of review follow the database and puts down who looked at what; `slowly`, now and then, threads follow
    their words and mails go out. `tried` is kept by whoever calls again."""
    _tried("the record is written", studio.record.write_all)
    _tried("looks are written", studio.looks.write)
    if slowly:
        _tried("threads follow their words", lambda: follow_everywhere(studio, tried))
        _tried("mails are sent", lambda: _send_mails(studio))


def _send_mails(studio: Any) -> None:
    settings = studio.settings
    with _one_at_a_time(settings.folder / ".mailing") as mine:
        if mine:
            send_mails(studio, datetime.now(UTC), lambda mail: _send(settings, mail))


def _send(settings: Settings, mail: Mail) -> None:
    """Sends one mail. Whoever runs the studio reads why none go out: nobody else meets a mail that did not come."""
    try:
        send_mail(settings.mail_server, settings.mail_from, mail)
    except StudioError as error:
        cause = error.__cause__
        code = getattr(cause, "smtp_code", None)
        structlog.get_logger().error("a mail did not go out", why=type(cause).__name__, code=code)
        raise


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
        "post_fork": lambda server, worker: die_with_parent(),
        "post_worker_init": lambda worker: leave_to_supervisor(),
        "loglevel": "warning",
        "proc_name": "curriculum-studio",
    }


def leave_to_supervisor() -> None:
    """A terminal tells Ctrl-C and its end to every process; only the supervisor knows in which order they end."""
    for number in (signal.SIGINT, signal.SIGHUP):
        signal.signal(number, signal.SIG_IGN)


def _ready(server: Any) -> None:
    """The listeners stand."""
    # gunicorn has set its own answers to signals by now: at once at Ctrl-C, requests or not.
    leave_to_supervisor()
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


def serve_pages(settings: Settings, host: str, port: int) -> NoReturn:
    try:
        _Server(settings.folder, options_of(settings, host, port)).run()
    except SystemExit as error:
        os._exit(error.code if isinstance(error.code, int) else 1)
    os._exit(0)


def die_with_parent() -> None:
    """Linux: a child ends when whoever started it ends, even by a kill that nothing can catch."""
    if sys.platform == "linux":
        ctypes.CDLL(None, use_errno=True).prctl(1, signal.SIGKILL)
