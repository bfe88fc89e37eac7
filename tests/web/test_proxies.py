"""Whose word about addresses is believed: that of the named proxies, heard from themselves."""

from __future__ import annotations

from typing import Any

import pytest
from werkzeug.test import Client, EnvironBuilder
from werkzeug.wrappers import Response

from curriculum_studio.web.app import believing


def heard(proxies: str, peer: str, **headers: str) -> tuple[str, str]:
    """The address and the scheme that the application sees."""

    def inner(environ: dict[str, Any], start: Any) -> Any:
        return Response(f"{environ['REMOTE_ADDR']} {environ['wsgi.url_scheme']}")(environ, start)

    builder = EnvironBuilder(environ_base={"REMOTE_ADDR": peer}, headers=headers)
    said = Client(believing(inner, proxies)).open(builder).get_data(as_text=True)
    address, _, scheme = said.partition(" ")
    return address, scheme


@pytest.mark.parametrize(
    ("proxies", "peer", "seen"),
    [
        ("127.0.0.1", "127.0.0.1", ("203.0.113.9", "https")),
        ("127.0.0.1, 10.0.0.5", "10.0.0.5", ("203.0.113.9", "https")),
        ("10.0.0.5", "127.0.0.1", ("127.0.0.1", "http")),
        ("10.0.0.5", "198.51.100.7", ("198.51.100.7", "http")),
        ("unix", "", ("203.0.113.9", "https")),
        ("unix", "127.0.0.1", ("127.0.0.1", "http")),
    ],
)
def test_only_named_proxies_are_believed(proxies: str, peer: str, seen: tuple[str, str]) -> None:
    forged = {"X-Forwarded-For": "203.0.113.9", "X-Forwarded-Proto": "https"}
    assert heard(proxies, peer, **forged) == seen


def test_only_the_last_hop_counts() -> None:
    said = {"X-Forwarded-For": "192.0.2.1, 203.0.113.9"}
    assert heard("127.0.0.1", "127.0.0.1", **said)[0] == "203.0.113.9"
