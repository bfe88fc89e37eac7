"""The chapter for a district, tried as written: its nginx block in front of a served studio, HTTPS, forged headers."""

from __future__ import annotations

import http.client
import os
import re
import shutil
import ssl
import subprocess
import sys
import time
import urllib.parse
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path

import pytest

from tests.journeys.folder import Folder, tokens
from tests.laws.test_serving import SLOW, free_port
from tests.web.cast import LESSON
from tests.workspaces import new_sample

ROOT = Path(__file__).resolve().parents[2]
NGINX, OPENSSL = shutil.which("nginx") or shutil.which("nginx", path="/usr/sbin"), shutil.which("openssl")
pytestmark = pytest.mark.skipif(not (NGINX and OPENSSL), reason="no nginx and openssl on this machine")
_TOKEN = re.compile(r'name="csrf_token" value="([^"]+)"')


@dataclass
class Visitor:
    """A browser behind the proxy; its cookies, and headers that it forges."""

    port: int
    cookie: str = ""
    people: dict[str, tuple[str, str]] = field(default_factory=dict)

    def ask(
        self, method: str, address: str, form: dict[str, str] | None = None, **forged: str
    ) -> tuple[int, str, str]:
        """Status, page and the `Set-Cookie` header."""
        context = ssl.create_default_context()
        context.check_hostname, context.verify_mode = False, ssl.CERT_NONE
        connection = http.client.HTTPSConnection("127.0.0.1", self.port, context=context, timeout=SLOW)
        headers = {"Host": "studio.example.org", "Cookie": self.cookie, **forged}
        body = None
        if form is not None:
            body = urllib.parse.urlencode(form)
            headers |= {
                "Content-Type": "application/x-www-form-urlencoded",
                "Origin": "https://studio.example.org",
            }
        try:
            connection.request(method, address, body, headers)
            answer = connection.getresponse()
            text = answer.read().decode()
        finally:
            connection.close()
        cookies = answer.msg.get_all("Set-Cookie") or []
        kept = dict(pair.split("=", 1) for pair in self.cookie.split("; ") if pair)
        kept |= dict(one.split(";")[0].split("=", 1) for one in cookies)
        self.cookie = "; ".join(f"{name}={value}" for name, value in kept.items())
        return answer.status, text, "\n".join(cookies)


def _configuration(folder: Path, port: int, inner: int) -> Path:
    """The block of the chapter with this machine's ports and certificate, in an nginx of its own."""
    chapter = (ROOT / "docs" / "district.md").read_text("utf-8")
    block = next(
        text for text in re.findall(r"```\n(.*?)```", chapter, re.DOTALL) if "ssl_certificate_key" in text
    )
    assert OPENSSL
    command = [
        OPENSSL,
        "req",
        "-x509",
        "-newkey",
        "rsa:2048",
        "-nodes",
        "-days",
        "2",
        "-subj",
        "/CN=studio.example.org",
    ]
    subprocess.run([*command, "-keyout", str(folder / "key.pem"), "-out", str(folder / "cert.pem")], check=True, capture_output=True)  # fmt: skip
    changes = {
        "listen 443 ssl": f"listen 127.0.0.1:{port} ssl",
        "/etc/ssl/studio.pem": str(folder / "cert.pem"),
        "/etc/ssl/studio.key": str(folder / "key.pem"),
        "http://127.0.0.1:8000": f"http://127.0.0.1:{inner}",
    }
    for old, new in changes.items():
        assert old in block, old
        block = block.replace(old, new)
    temporary = "".join(f"{kind}_temp_path {folder}/{kind};\n" for kind in ("client_body", "proxy", "fastcgi", "uwsgi", "scgi"))  # fmt: skip
    path = folder / "nginx.conf"
    path.write_text(
        # Where root runs it, the workers would become somebody who may not write here.
        f"{'user root;' if os.getuid() == 0 else ''}\ndaemon off;\npid {folder}/pid;\nerror_log {folder}/error.log;\nevents {{}}\n"
        f"http {{\naccess_log off;\n{temporary}{block}}}\n"
    )
    return path


@pytest.fixture
def visitor(tmp_path: Path) -> Iterator[Visitor]:
    new_sample(tmp_path / "work")
    people = tokens(tmp_path / "work", "dana")
    port, inner = free_port(), free_port()
    env = {**os.environ, "STUDIO_SECURE_COOKIES": "true", "STUDIO_TRUSTED_PROXIES": "127.0.0.1"}
    command = [
        sys.executable,
        "-m",
        "curriculum_studio",
        "serve",
        str(tmp_path / "work"),
        "--port",
        str(inner),
    ]
    configuration = _configuration(tmp_path, port, inner)
    with (tmp_path / "log").open("w") as log:
        studio = subprocess.Popen(command, stdout=log, stderr=log, env=env)
        proxy = subprocess.Popen(
            [str(NGINX), "-c", str(configuration), "-p", str(tmp_path)], stdout=log, stderr=log
        )
    try:
        one, end = Visitor(port, people=people), time.monotonic() + 600
        while time.monotonic() < end:
            with suppress(OSError, http.client.HTTPException):
                if one.ask("GET", "/healthz")[0] == 200:
                    break
            time.sleep(0.1)
        yield one
    finally:
        for process in (proxy, studio):
            process.terminate()
            process.wait(timeout=SLOW)


def test_the_chapter_as_written(visitor: Visitor) -> None:
    status, page, _ = visitor.ask("GET", "/sign-in")
    token = _TOKEN.search(page)
    assert status == 200
    assert token
    form = {"csrf_token": token[1], "sample": "ada"}
    status, _, cookies = visitor.ask("POST", "/sign-in", form)
    assert status == 303
    assert all("Secure" in line for line in cookies.splitlines())
    assert "Change this lesson" in visitor.ask("GET", LESSON)[1]
    assert (
        visitor.ask("GET", "/sign-in", **{"X-Forwarded-Host": "evil.example"})[1].count("evil.example") == 0
    )
    too_large = visitor.ask("POST", f"{LESSON}/edit", {**form, "text": "x" * 4_000_000})
    assert too_large[0] == 413


def test_a_folder_through_the_proxy(visitor: Visitor, tmp_path: Path) -> None:
    """Clone and a push of 6 MB, more than any form may have: the chapter's limits for `/git/` hold."""
    key, token = visitor.people["dana"]
    folder = Folder(tmp_path / "folder", tmp_path / "folder-home")
    address = f"https://{key}:{token}@127.0.0.1:{visitor.port}/git/curriculum.git"
    who = ["-c", "user.name=Dana", "-c", f"user.email={key}@studio.invalid", "-c", "http.sslVerify=false"]
    done = folder.git("clone", "-q", *who, address, str(folder.place), at=tmp_path)
    assert done.returncode == 0, done.stderr
    (folder.place / "grade-6" / "ratios" / "large.png").write_bytes(os.urandom(6 * 1024 * 1024))
    folder.write("glossary.md", folder.read("glossary.md") + "\nA line through the proxy.\n")
    folder.keep("Through the proxy")
    code, said = folder.push()
    assert code == 0, said
    assert "Taken in: 2 files." in said
