"""Published sites on real servers, as `docs/hosting.md` writes them; and no reader meets half a site while it is published."""

from __future__ import annotations

import gzip
import hashlib
import http.client
import json
import os
import random
import re
import shutil
import subprocess
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

import pytest

from curriculum_studio.publishing.build import publish
from curriculum_studio.publishing.output import late_files
from tests.browser.sites import served, small_school
from tests.laws.test_serving import SLOW, free_port

ROOT = Path(__file__).resolve().parents[2]
CAMPAIGN = bool(os.environ.get("CAMPAIGN"))
PUBLISHES = 300 if CAMPAIGN else 25
READERS, PAUSE = 12 if CAMPAIGN else 5, 0.1
"""Five readers ask fifty times a second where answers take no time, twelve still do on a busy machine."""
WORDS = {"ratios/one": "syrup", "ratios/two": "ice", "shapes/three": "squares"}


def _program(name: str) -> str | None:
    return shutil.which(name) or shutil.which(name, path="/usr/sbin:/usr/local/sbin:/sbin")


def _block(name: str) -> str:
    chapter = (ROOT / "docs" / "hosting.md").read_text("utf-8")
    found = re.search(rf"```{name}\n(.*?)```", chapter, re.DOTALL)
    assert found
    return found[1]


@contextmanager
def _running(command: list[str], port: int, folder: Path) -> Iterator[int]:
    environment = {
        **os.environ,
        "HOME": str(folder),
        "XDG_DATA_HOME": str(folder),
        "XDG_CONFIG_HOME": str(folder),
    }
    with (folder / "server.log").open("wb") as log:
        process = subprocess.Popen(command, stdout=log, stderr=log, cwd=folder, env=environment)
    try:
        end = time.monotonic() + SLOW
        while time.monotonic() < end:
            with suppress(OSError):
                ask(port, "/")
                break
            assert process.poll() is None, (folder / "server.log").read_text()[-2000:]
            time.sleep(0.05)
        yield port
    finally:
        process.terminate()
        process.wait(timeout=SLOW)


@contextmanager
def by_nginx(site: Path, folder: Path) -> Iterator[int]:
    """nginx with the block of the page, on a free port of this machine."""
    program, port = _program("nginx"), free_port()
    if program is None:
        pytest.skip("no nginx on this machine: its block in docs/hosting.md is not tried")
    block = _block("nginx").replace("listen 80;", f"listen 127.0.0.1:{port};")
    block = block.replace("/srv/lessons/student", str(site))
    places = "".join(
        f"{one}_temp_path {folder}/{one};\n" for one in ("client_body", "proxy", "fastcgi", "uwsgi", "scgi")
    )
    user = "user root;\n" if os.geteuid() == 0 else ""
    (folder / "nginx.conf").write_text(
        f"{user}daemon off;\nworker_processes 1;\npid {folder}/pid;\nerror_log {folder}/error.log;\nevents {{ }}\n"
        f"http {{\ninclude /etc/nginx/mime.types;\naccess_log off;\n{places}{block}\n}}\n"
    )
    with _running([program, "-p", str(folder), "-c", str(folder / "nginx.conf")], port, folder) as there:
        yield there


@contextmanager
def by_caddy(site: Path, folder: Path) -> Iterator[int]:
    """Caddy with the block of the page."""
    program, port = _program("caddy"), free_port()
    if program is None:
        pytest.skip("no Caddy on this machine: its block in docs/hosting.md is not tried")
    block = _block("caddy").replace("http://lessons.example.org:80", f"http://127.0.0.1:{port}")
    block = block.replace("/srv/lessons/student", str(site))
    (folder / "Caddyfile").write_text(f"{{\n\tadmin off\n\tauto_https off\n}}\n{block}")
    command = [program, "run", "--config", str(folder / "Caddyfile"), "--adapter", "caddyfile"]
    with _running(command, port, folder) as there:
        yield there


@contextmanager
def by_python(site: Path, folder: Path) -> Iterator[int]:
    """Python's own server of files, which is everywhere."""
    with served(site) as port:
        yield port


def ask(port: int, address: str, **headers: str) -> tuple[int, dict[str, str], bytes]:
    """Status, headers and body as sent."""
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=SLOW)
    try:
        connection.request(
            "GET", address, headers={name.replace("_", "-"): value for name, value in headers.items()}
        )
        answer = connection.getresponse()
        return answer.status, {name.lower(): value for name, value in answer.getheaders()}, answer.read()
    finally:
        connection.close()


@pytest.mark.parametrize("server", [by_nginx, by_caddy])
def test_a_server_sends_what_the_page_says(server: Callable[..., object], tmp_path: Path) -> None:
    words = dict(WORDS)
    source = small_school(words)
    source["ratios/one.md"] = source["ratios/one.md"].replace(
        b"minutes: 10\n", b"minutes: 10\nformerly: [old/place]\n"
    )
    assert publish(source, tmp_path / "out").done
    site = tmp_path / "out" / "student"
    folder = tmp_path / "server"
    folder.mkdir()
    page = (site / "ratios/one/index.html").read_bytes()
    with server(site, folder) as port:  # type: ignore[attr-defined]
        status, headers, body = ask(port, "/ratios/one/", Accept_Encoding="gzip")
        assert (status, headers["content-encoding"], gzip.decompress(body)) == (200, "gzip", page)
        assert headers["cache-control"] == "no-cache"
        assert headers["content-type"].lower() == "text/html; charset=utf-8"
        assert "default-src 'none'" in headers["content-security-policy"]
        assert headers["x-content-type-options"] == "nosniff"
        status, headers, body = ask(port, "/ratios/one/")
        assert body == page
        status, _, body = ask(port, "/ratios/one/", If_None_Match=headers["etag"])
        assert (status, body) == (304, b"")
        for path in sorted(site.glob("assets/*")):
            status, headers, body = ask(port, f"/assets/{path.name}")
            assert (status, body) == (200, path.read_bytes())
            assert headers["cache-control"] == "public, max-age=31536000, immutable"
        kinds = {
            "/worker.js": "javascript",
            "/site.webmanifest": "application/manifest+json",
            "/release.json": "json",
            "/ratios/unit.zip": "zip",
        }
        for address, kind in kinds.items():
            status, headers, body = ask(port, address, Accept_Encoding="gzip")
            assert status == 200
            assert kind in headers["content-type"], address
            assert headers["cache-control"] == "no-cache"
        packed = ask(port, "/ratios/unit.zip", Accept_Encoding="gzip")[2]
        assert gzip.decompress(packed) == (site / "ratios/unit.zip").read_bytes()
        status, headers, body = ask(port, "/assets/gone.12345678.css")
        assert status == 404
        assert "immutable" not in headers.get("cache-control", "")
        assert b"<h1>" in body
        (site / ".aside.html.new").write_text("half a page")
        assert ask(port, "/.aside.html.new")[0] == 404
        status, headers, _ = ask(port, "/ratios/one")
        assert status in (301, 302, 308)
        assert headers["location"].rstrip("/").endswith("/ratios/one")
        assert "example.org" not in headers["location"]
        status, _, body = ask(port, "/old/place/")
        assert status == 200
        assert b'http-equiv="refresh"' in body


class Reader(threading.Thread):
    """Opens pages as a browser does and notes what is missing or torn; ten requests a second at most."""

    def __init__(self, port: int, seed: int, stop: threading.Event) -> None:
        super().__init__(daemon=True)
        self.port, self.rng, self.stop = port, random.Random(seed), stop
        self.asked, self.wrong, self.seen = 0, list[str](), set[str]()

    def get(self, address: str) -> bytes:
        status, _, body = ask(self.port, address)
        self.asked += 1
        if status != 200:
            self.wrong.append(f"{address}: {status}")
        self.stop.wait(PAUSE)
        return body if status == 200 else b""

    def run(self) -> None:
        while not self.stop.is_set():
            try:
                self.look()
            except OSError as error:
                self.wrong.append(repr(error))

    def look(self) -> None:
        address = self.rng.choice(
            ["/ratios/one/", "/ratios/two/", "/shapes/three/", "/", "/ratios/", "search"]
        )
        if address == "search":
            index = json.loads(self.get("/search/index.json") or b"{}")
            if index:
                json.loads(self.get(f"/search/t-{self.rng.choice(index['shards'])}.json") or b"{}")
            return
        page = self.get(address)
        if not page.rstrip().endswith(b"</html>"):
            self.wrong.append(f"{address}: torn")
        words = set(re.findall(rb"edition(\d+)x", page))
        if len(words) > 1:
            self.wrong.append(f"{address}: of several releases {words}")
        self.seen |= {word.decode() for word in words}
        assets = re.findall(rb'(?:href|src)="(?:\.\./|\./)*(assets/[^"]+)"', page)
        for name in self.rng.sample(assets, min(3, len(assets))):
            body = self.get(f"/{name.decode()}")
            digest = hashlib.sha256(body).hexdigest()[:8]
            if body and f".{digest}." not in name.decode():
                self.wrong.append(f"{name.decode()}: other bytes")


def release(number: int) -> dict[str, bytes]:
    """A release in which every lesson, a picture and the search words are those of its number."""
    word = f"edition{number}x"
    source = small_school(dict.fromkeys(WORDS, f"{word} ![{word}](figures/a.svg)"))
    picture = f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {number + 1} 9"><path d="M0 0h{number}"/></svg>'
    for unit in ("ratios", "shapes"):
        source[f"{unit}/figures/a.svg"] = picture.encode()
    for path in WORDS:
        text = source[f"{path}.md"].decode()
        source[f"{path}.md"] = (text + f"\n## Lesson summary\n{word} letters{number * 7919}q\n").encode()
    return source


def tree(site: Path) -> dict[str, bytes]:
    late = late_files(site)
    found = {p.relative_to(site).as_posix(): p.read_bytes() for p in site.rglob("*") if p.is_file()}
    return {name: content for name, content in found.items() if name not in late}


@pytest.mark.parametrize("server", [by_nginx, by_python])
def test_no_reader_meets_half_a_site(server: Callable[..., object], tmp_path: Path) -> None:
    seed = random.randrange(10**6)
    print(f"seed {seed}")
    assert publish(release(0), tmp_path / "out").done
    site, folder = tmp_path / "out" / "student", tmp_path / "server"
    folder.mkdir()
    first = tree(site)
    stop = threading.Event()
    with server(site, folder) as port:  # type: ignore[attr-defined]
        readers = [Reader(port, seed + number, stop) for number in range(READERS)]
        for reader in readers:
            reader.start()
        started = time.monotonic()
        for number in range(1, PUBLISHES):
            assert publish(release(number), tmp_path / "out").done
        began = time.monotonic()
        assert publish(release(0), tmp_path / "out").done
        back = time.monotonic() - began
        while sum(reader.asked for reader in readers) < 100:
            time.sleep(0.05)
        lasted = time.monotonic() - started
        stop.set()
        for reader in readers:
            reader.join(timeout=SLOW)
    asked = sum(reader.asked for reader in readers)
    print(f"{PUBLISHES} publishes, {asked} requests, {asked / lasted:.0f} a second, back in {back:.2f} s")
    assert [one for reader in readers for one in reader.wrong] == []
    assert len(set().union(*(reader.seen for reader in readers))) > 1
    assert tree(site) == first, "going back gives the bytes of that release"
