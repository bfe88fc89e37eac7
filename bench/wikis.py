"""The wikis that the studio's figures stand beside: how each is installed, filled with the same texts, started and asked.

`python -m bench.wikis install` puts them into `.cache/bench`, which Git ignores. They are used for measuring only.
"""

from __future__ import annotations

import argparse
import html
import json
import os
import re
import shutil
import subprocess
import sys
import time
import urllib.error
import urllib.parse
import urllib.request
import venv
from abc import ABC, abstractmethod
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from http.cookiejar import CookieJar
from pathlib import Path

from bench.peers import CACHE

_FIELD = re.compile(r"<(?:input|button)\b[^>]*>")
_PUT = Path(__file__).parent / "peers" / "moin_put.py"
_WANTED = {"otter": "otterwiki==2.26.1", "moin": "moin==2.0.0b5"}


class Browser:
    """Somebody's browser: cookies kept, redirects not followed when a form is sent."""

    def __init__(self, address: str) -> None:
        self.address = address
        self._open = urllib.request.build_opener(urllib.request.HTTPCookieProcessor(CookieJar()), _Stay())

    def get(self, place: str) -> str:
        """A page's text; raises where there is none."""
        with self._open.open(self.address + place, timeout=600) as answer:
            return str(answer.read().decode())

    def send(self, place: str, fields: Mapping[str, str]) -> int:
        """Sends a form; gives the code of the answer, 0 where none came in two minutes."""
        asked = urllib.request.Request(self.address + place, urllib.parse.urlencode(fields).encode())  # noqa: S310
        asked.add_header("Origin", self.address)
        asked.add_header("Referer", self.address + place)
        try:
            with self._open.open(asked, timeout=120) as answer:
                return int(answer.status)
        except urllib.error.HTTPError as error:
            return error.code
        except TimeoutError:
            return 0


class _Stay(urllib.request.HTTPRedirectHandler):
    def redirect_request(self, req, fp, code, msg, headers, newurl):  # type: ignore[no-untyped-def]
        if req.get_method() != "POST":
            return super().redirect_request(req, fp, code, msg, headers, newurl)
        return None


def fields_of(page: str) -> dict[str, str]:
    """What the fields of a page hold."""
    found = {}
    for field in _FIELD.findall(page):
        name, value = re.search(r'name="([^"]+)"', field), re.search(r'value="([^"]*)"', field)
        if name:
            found[html.unescape(name[1])] = html.unescape(value[1]) if value else ""
    return found


class Wiki(ABC):
    """A wiki filled with texts, page `number` for each; `page` 0 has a long history where the wiki was given one."""

    name: str

    @abstractmethod
    def fill(self, folder: Path, texts: Sequence[str], earlier: Sequence[str]) -> None:
        """Fills it; `earlier` are the older versions of page 0, the oldest first."""

    @abstractmethod
    def started(self, folder: Path, port: int) -> list[str]:
        """The command that serves what lies in a folder."""

    @abstractmethod
    def surroundings(self, folder: Path) -> dict[str, str]:
        """The environment of that command."""

    def browser(self, address: str, number: int) -> Browser:
        """The browser of editor `number`, signed in where one has to be."""
        return Browser(address)

    def page(self, number: int) -> str:
        """The address of a page."""
        return f"/page{number}"

    @abstractmethod
    def search(self, words: str) -> str:
        """The address of what is found for words."""

    def history(self) -> str:
        """The address of the history of page 0; "" where it has none."""
        return ""

    @abstractmethod
    def prepared(self, browser: Browser, number: int, text: str) -> tuple[str, dict[str, str]]:
        """The form that saves a text: its address and fields, as the page that somebody writes in gives them."""

    def saved(self, code: int) -> bool:
        """Whether an answer says that a text was saved."""
        return code in (302, 303)

    @contextmanager
    def serving(self, folder: Path, port: int) -> Iterator[str]:
        """The address at which it answers, until the block ends."""
        env = {**os.environ, **self.surroundings(folder)}
        with (folder / "log").open("wb") as log:
            process = subprocess.Popen(
                self.started(folder, port), cwd=folder, env=env, stdout=log, stderr=log
            )
            address = f"http://127.0.0.1:{port}"
            try:
                _answers(address + self.page(1), process, folder / "log")
                yield address
            finally:
                process.terminate()
                process.wait(30)


def _answers(place: str, process: subprocess.Popen[bytes], log: Path) -> None:
    for _ in range(600):
        try:
            urllib.request.urlopen(place, timeout=60).read()  # noqa: S310
        except (OSError, urllib.error.URLError):
            if process.poll() is not None:
                raise RuntimeError(f"{place} does not answer: {log.read_text()[-600:]}") from None
            time.sleep(0.2)
        else:
            return
    raise RuntimeError(f"{place} does not answer")


class Otter(Wiki):
    """An Otter Wiki over a Git repository, served by gunicorn with one process and four threads, as ours."""

    name = "Otter Wiki"

    def fill(self, folder: Path, texts: Sequence[str], earlier: Sequence[str]) -> None:
        repo = folder / "pages"
        subprocess.run(["git", "init", "-q", "-b", "main", str(repo)], check=True)
        stream: list[bytes] = []
        for number, text in enumerate([*earlier, texts[0]]):
            head = f"commit refs/heads/main\ncommitter Ada <ada@studio.invalid> {1_700_000_000 + number * 600} +0000\ndata 1\nx"
            stream.append(head.encode())
            pages = [("page0.md", text)] + (
                [(f"page{n}.md", one) for n, one in enumerate(texts) if n] if not number else []
            )
            stream += [
                f"M 100644 inline {name}\ndata {len(content := words.encode())}\n".encode() + content
                for name, words in pages
            ]
        subprocess.run(
            ["git", "-C", str(repo), "fast-import", "--quiet"], input=b"\n".join(stream), check=True
        )
        subprocess.run(["git", "-C", str(repo), "reset", "-q", "--hard"], check=True)
        settings = {
            "REPOSITORY": str(repo), "SECRET_KEY": "measured and thrown away", "COMMIT_MESSAGE": "OPTIONAL",
            "SQLALCHEMY_DATABASE_URI": f"sqlite:///{folder / 'db.sqlite'}",
        }  # fmt: skip
        (folder / "settings.cfg").write_text("\n".join(f"{key}={value!r}" for key, value in settings.items()))

    def started(self, folder: Path, port: int) -> list[str]:
        return [str(CACHE / "otter/bin/gunicorn"), "--threads", "4", "--timeout", "600", "-b", f"127.0.0.1:{port}", "otterwiki.server:app"]  # fmt: skip

    def surroundings(self, folder: Path) -> dict[str, str]:
        return {"OTTERWIKI_SETTINGS": str(folder / "settings.cfg")}

    def search(self, words: str) -> str:
        return f"/-/search/{urllib.parse.quote(words)}"

    def history(self) -> str:
        return "/page0/history"

    def prepared(self, browser: Browser, number: int, text: str) -> tuple[str, dict[str, str]]:
        kept = fields_of(browser.get(f"/page{number}/edit"))
        return f"/page{number}/save", {
            "csrf_token": kept["csrf_token"],
            "content": text,
            "commit": "Measured",
        }


class Moin(Wiki):
    """MoinMoin 2 with its usual store and index, served by its own threaded server."""

    name = "MoinMoin 2"

    def fill(self, folder: Path, texts: Sequence[str], earlier: Sequence[str]) -> None:
        env = {**os.environ, **self.surroundings(folder)}
        moin = str(CACHE / "moin/bin/moin")
        for act in (["create-instance", "--path", str(folder)], ["index-create"]):
            subprocess.run([moin, *act], cwd=folder, env=env, check=True, capture_output=True)
            settings = folder / "wikiconfig.py"
            usual = "YOUR-TRUSTED-EDITORS-GROUP:read,write,create All:read"
            settings.write_text(settings.read_text().replace(usual, "All:read,write,create"))
        (folder / "texts.json").write_text(json.dumps(list(texts)))
        put = [str(CACHE / "moin/bin/python"), str(_PUT), str(folder)]
        for command in (put, [moin, "index-build"]):
            subprocess.run(command, cwd=folder, env=env, check=True, capture_output=True)

    def started(self, folder: Path, port: int) -> list[str]:
        return [str(CACHE / "moin/bin/moin"), "run", "-h", "127.0.0.1", "-p", str(port), "--with-threads"]

    def surroundings(self, folder: Path) -> dict[str, str]:
        return {"MOINCFG": str(folder / "wikiconfig.py")}

    def search(self, words: str) -> str:
        return f"/+search?q={urllib.parse.quote(words)}"

    def prepared(self, browser: Browser, number: int, text: str) -> tuple[str, dict[str, str]]:
        place = f"/+modify/page{number}"
        kept = fields_of(browser.get(place))
        fields = {key: value for key, value in kept.items() if key.startswith(("meta_form", "extra"))}
        return place, {
            **fields,
            "meta_form_acl": "None",
            "comment": "Measured",
            "content_form_data_text": text,
        }


def install() -> None:
    """Installs both into `.cache/bench`; raises `CalledProcessError`."""
    for name, wanted in _WANTED.items():
        place = CACHE / name
        shutil.rmtree(place, ignore_errors=True)
        venv.create(place, with_pip=True)
        more = ["gunicorn"] if name == "otter" else []
        subprocess.run([place / "bin" / "pip", "install", "--quiet", wanted, *more], check=True)


def installed() -> bool:
    """Whether both can be run."""
    return (CACHE / "otter/bin/gunicorn").is_file() and (CACHE / "moin/bin/moin").is_file()


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("act", choices=["install"])
    parser.parse_args()
    install()
    print("Installed.", file=sys.stderr)
