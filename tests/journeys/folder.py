"""What the tests of the folder on one's own computer share: a served studio's address, tokens, and Git as a person types it."""

from __future__ import annotations

import os
import subprocess
import time
import urllib.parse
from dataclasses import dataclass
from pathlib import Path

from curriculum_studio.studio import Studio, open_studio


def token_of(studio: Studio, account: str, *, writes: bool = True) -> tuple[str, str]:
    """Key of a person, and a token of theirs."""
    key = studio.people.by_account(account).person.key
    now = int(time.time())
    return key, studio.tokens.make(key, "a test", now, now + 3600, writes=writes)


def tokens(workspace: Path, *accounts: str) -> dict[str, tuple[str, str]]:
    """Keys and tokens of several people, made while nothing is served."""
    studio = open_studio(workspace)
    try:
        return {account: token_of(studio, account) for account in accounts}
    finally:
        studio.close()


def surroundings(home: Path) -> dict[str, str]:
    """A person's computer: a home of its own, no settings of this machine."""
    home.mkdir(exist_ok=True)
    return {
        "PATH": os.environ["PATH"],
        "HOME": str(home),
        "GIT_TERMINAL_PROMPT": "0",
        "GIT_CONFIG_NOSYSTEM": "1",
    }


@dataclass
class Folder:
    """A person's folder with the curriculum in it."""

    place: Path
    home: Path

    @classmethod
    def clone(cls, place: Path, port: int, key: str, token: str, name: str, *more: str) -> Folder:
        """Clones as the page of tokens says, with the token where a person would paste it."""
        one = cls(place, place.parent / f"{place.name}-home")
        address = f"http://{key}:{urllib.parse.quote(token)}@127.0.0.1:{port}/git/curriculum.git"
        who = ["-c", f"user.name={name}", "-c", f"user.email={key}@studio.invalid"]
        done = one.git("clone", "-q", *who, *more, address, str(place), at=place.parent)
        assert done.returncode == 0, done.stderr
        return one

    def git(self, *words: str, at: Path | None = None) -> subprocess.CompletedProcess[str]:
        """Git in this folder; what it says is in `stderr`."""
        return subprocess.run(
            ["git", *words], cwd=at or self.place, env=surroundings(self.home), capture_output=True, text=True,
            timeout=600, check=False,
        )  # fmt: skip

    def keep(self, note: str) -> None:
        """Everything that changed becomes a version in this folder."""
        assert self.git("add", "--all").returncode == 0
        done = self.git("commit", "-q", "-m", note)
        assert done.returncode == 0, done.stderr + done.stdout

    def write(self, path: str, text: str) -> None:
        """Writes a file."""
        (self.place / path).parent.mkdir(parents=True, exist_ok=True)
        (self.place / path).write_text(text, "utf-8")

    def read(self, path: str) -> str:
        """Reads a file."""
        return (self.place / path).read_text("utf-8")

    def push(self, *more: str) -> tuple[int, str]:
        """Sends; gives Git's code and all that is said on the terminal."""
        done = self.git("push", *(more or ("origin", "HEAD:main")))
        return done.returncode, done.stderr

    def tip(self, name: str = "HEAD") -> str:
        """The version of a name."""
        return self.git("rev-parse", name).stdout.strip()
