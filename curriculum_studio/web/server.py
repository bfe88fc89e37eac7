"""Runs the studio on a production server, one address, by the rules that were measured for it."""

from __future__ import annotations

import socket
from pathlib import Path
from typing import Any

from gunicorn.app.base import BaseApplication

from curriculum_studio.domain.errors import Refused
from curriculum_studio.settings import load_settings
from curriculum_studio.studio import open_studio
from curriculum_studio.web.app import create_app


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
        return create_app(open_studio(self._folder))


def serve(folder: Path, host: str, port: int) -> None:
    """Serves a workspace until it is stopped. Raises `Refused` where the port is taken."""
    settings = load_settings(folder)
    free_port(host, port)
    _Server(
        folder,
        {
            "bind": f"[{host}]:{port}" if ":" in host else f"{host}:{port}",
            "worker_class": "gthread",
            "workers": settings.workers,
            "threads": settings.threads,
            "keepalive": 15,
            "graceful_timeout": 10,
            "timeout": 120,
            "control_socket_disable": True,
            "forwarded_allow_ips": "",
            "when_ready": _wait_for_words,
            "loglevel": "warning",
            "proc_name": "curriculum-studio",
        },
    ).run()


def _wait_for_words(server: Any) -> None:
    """Lets the kernel hold silent connections, so that browsers' idle ones take no thread."""
    for listener in server.LISTENERS:
        if hasattr(socket, "TCP_DEFER_ACCEPT") and listener.sock.family in (socket.AF_INET, socket.AF_INET6):
            listener.sock.setsockopt(socket.IPPROTO_TCP, socket.TCP_DEFER_ACCEPT, 10)
