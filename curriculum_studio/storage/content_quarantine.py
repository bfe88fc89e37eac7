"""A push before anybody has looked at it: its objects lie apart from the store, and go without a trace unless taken in."""

from __future__ import annotations

import contextlib
import fcntl
import os
import re
import shutil
import subprocess
import tempfile
import threading
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import IO, cast

from curriculum_studio.domain.errors import Refused, StoreError
from curriculum_studio.storage.content_door import SECONDS, start
from curriculum_studio.storage.content_git import OID, Bare
from curriculum_studio.storage.content_lines import read_lines
from curriculum_studio.storage.content_packs import PackWatch

MOST_SENT = 256 * 1024 * 1024
"""Bytes that one push may have, packed as it comes."""
_PIECE = 64 * 1024
_FOLDER = "quarantine"
NOTHING = "0" * 40
_DAMAGE = {
    "hasDot": "A file or folder has a name that cannot be used (. or ..).",
    "hasDotgit": "A file or folder has a name that Git keeps for itself (.git, or what some computers take for it).",
    "fullPathname": "A file’s name holds a slash.",
    "emptyName": "A file or folder has no name.",
    "duplicateEntries": "Two files of one folder have the same name.",
    "treeNotSorted": "A folder’s list is out of order.",
    "gitmodules": "Links to other collections (submodules) cannot be taken in.",
    "zeroPaddedFilemode": "A file is of a kind that cannot be taken in.",
    "badFilemode": "A file is of a kind that cannot be taken in.",
}


class Lens:
    """Reads objects of the quarantine and of the store behind it, in one process; used by one thread."""

    def __init__(self, store: Bare, env: dict[str, str]) -> None:
        self._process = start(store, "cat-file", "--batch-command", env=env, stdin=subprocess.PIPE)
        self._ask, self._hear = cast(IO[bytes], self._process.stdin), cast(IO[bytes], self._process.stdout)

    def kind(self, oid: str) -> tuple[str, int]:
        """Kind and size of an object. Raises `Refused` where there is none."""
        return self._head("info", oid)

    def content(self, oid: str, kind: str, most: int) -> bytes:
        """An object’s bytes. Raises `Refused` where it is another kind, or larger than `most`."""
        found, size = self.kind(oid)
        if found != kind or size > most:
            raise Refused("A part of what was sent is of another kind or size than it should be.")
        self._head("contents", oid)
        content = self._hear.read(size + 1)
        if len(content) != size + 1:
            raise Refused("What was sent cannot be read.")
        return content[:-1]

    def _head(self, what: str, oid: str) -> tuple[str, int]:
        if not OID.match(oid):
            raise Refused("What was sent cannot be read.")
        try:
            self._ask.write(f"{what} {oid}\n".encode())
            self._ask.flush()
        except OSError as error:
            raise Refused("What was sent cannot be read.") from error
        head = self._hear.readline().split()
        if len(head) != 3:
            raise Refused("A part of what was sent is missing.")
        return head[1].decode(), int(head[2])

    def close(self) -> None:
        """Ends the process."""
        for pipe in (self._ask, self._hear):
            with contextlib.suppress(OSError):
                pipe.close()
        self._process.kill()
        self._process.wait()


class Quarantine:
    """One push as it came in: what it asks for, and its objects beside the store."""

    def __init__(self, store: Bare, folder: Path) -> None:
        self._store, self.folder = store, folder
        self.commands: dict[str, tuple[str, str]] = {}
        self.capabilities: frozenset[str] = frozenset()
        self.env = {
            "GIT_OBJECT_DIRECTORY": str(folder / "objects"),
            "GIT_ALTERNATE_OBJECT_DIRECTORIES": str(store.folder / "objects"),
        }

    def read_commands(self, read: Callable[[int], bytes]) -> None:
        """What the push asks for: each name with its old and new version. Raises `Refused`."""
        for number, row in enumerate(read_lines(read, 200)):
            text, _, more = row.partition(b"\0")
            if number == 0:
                self.capabilities = frozenset(more.decode("utf-8", "replace").split())
            words = text.decode("utf-8", "replace").split(" ", 2)
            if words[0] == "shallow":
                raise Refused(
                    "Your folder holds only the newest part of the history. Type: git fetch --unshallow"
                )
            if len(words) != 3 or not (OID.match(words[0]) and OID.match(words[1])):
                raise Refused("What was sent cannot be read.")
            self.commands[words[2]] = words[0], words[1]

    def take_pack(self, read: Callable[[int], bytes]) -> None:
        """Puts what was sent beside the store, each object examined by Git. Raises `Refused`, `StoreError`."""
        arguments = ("index-pack", "--stdin", "--fix-thin", "--strict", f"--max-input-size={MOST_SENT}")
        process = start(self._store, *arguments, env=self.env, stdin=subprocess.PIPE, stderr=subprocess.PIPE)
        late = threading.Timer(SECONDS, process.kill)
        late.start()
        said: list[bytes] = []
        listener = threading.Thread(target=_listen, args=(process.stderr, said), daemon=True)
        listener.start()
        try:
            size = _feed(read, cast(IO[bytes], process.stdin))
            _listen(process.stdout, [])
            code = process.wait()
        finally:
            late.cancel()
            process.kill()
            process.wait()
            listener.join(timeout=5)
            for pipe in (process.stdin, process.stdout, process.stderr):
                if pipe is not None and not pipe.closed:
                    with contextlib.suppress(OSError):
                        pipe.close()
        if code:
            raise _reason(b"".join(said).decode("utf-8", "replace"), size)

    def run(self, *arguments: str) -> list[str] | None:
        """The lines that a Git command gives over the store and what was sent; None where it failed."""
        process = start(self._store, *arguments, env=self.env)
        try:
            out, _ = process.communicate(timeout=SECONDS)
        except subprocess.TimeoutExpired:
            process.kill()
            process.communicate()
            return None
        return None if process.returncode else out.decode("utf-8", "replace").split("\n")[:-1]

    def lens(self) -> Lens:
        """A reader of what was sent."""
        return Lens(self._store, self.env)

    def move_in(self) -> None:
        """Moves the objects into the store, durably; nothing refers to them yet. Held by whoever writes."""
        packs = self._store.folder / "objects" / "pack"
        sent = self.folder / "objects" / "pack"
        # Git looks for the index: it comes last, when all that it speaks of is there.
        for ending in (".pack", ".rev", ".idx"):
            for file in sorted(sent.glob(f"pack-*{ending}")):
                _synced(file)
                file.replace(packs / file.name)
        _synced(packs)


def _listen(pipe: IO[bytes] | None, said: list[bytes]) -> None:
    while pipe is not None and (piece := pipe.read(_PIECE)):
        if sum(map(len, said)) < _PIECE:
            said.append(piece)


def _feed(read: Callable[[int], bytes], into: IO[bytes]) -> int:
    """Hands on all that comes in; reads on to the end where Git has heard enough, so that the sender hears the reason."""
    size, open_, watch = 0, True, PackWatch()
    refusal: Refused | None = None
    while piece := read(_PIECE):
        size += len(piece)
        if size > 2 * MOST_SENT:
            raise Refused(_TOO_MUCH)
        if open_:
            try:
                watch.see(piece)
                into.write(piece)
            except Refused as error:
                refusal, open_ = error, False
            except OSError:
                open_ = False
    with contextlib.suppress(OSError):
        into.close()
    if refusal is not None:
        raise refusal
    return size


_TOO_MUCH = f"More was sent than {MOST_SENT // 1024 // 1024} MB. Send it in several parts, and keep large files elsewhere."


def _reason(said: str, size: int) -> Refused | StoreError:
    if size > MOST_SENT or "exceeds maximum" in said:
        return Refused(_TOO_MUCH)
    if "No space left" in said or "File too large" in said or "unable to write" in said:
        return StoreError(
            "There is no room to take this in now. Nothing was changed; tell whoever runs the studio."
        )
    if re.search(r"[Oo]ut of memory|mmap failed|early EOF|inflate|SHA1 COLLISION", said) or not said.strip():
        return Refused(
            "What was sent is broken, or far larger unpacked than it came. Nothing of it was taken in."
        )
    for mark, sentence in _DAMAGE.items():
        if mark in said:
            return Refused(sentence)
    return Refused("Git finds that what was sent is damaged. Nothing of it was taken in.")


def _synced(path: Path) -> None:
    handle = os.open(path, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


@contextlib.contextmanager
def quarantined(store: Bare) -> Iterator[Quarantine]:
    """A place for one push; it is cleared away afterwards, whatever happens."""
    home = store.folder / _FOLDER
    home.mkdir(mode=0o700, exist_ok=True)
    folder = Path(tempfile.mkdtemp(prefix="push-", dir=home))
    try:
        with (folder / "held").open("wb") as held:
            fcntl.flock(held, fcntl.LOCK_EX)
            (folder / "objects" / "pack").mkdir(parents=True)
            yield Quarantine(store, folder)
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def clear_quarantines(folder: Path) -> None:
    """Clears away what killed processes left; what somebody still receives is held by its lock and stays."""
    for one in (folder / _FOLDER).glob("push-*"):
        with contextlib.suppress(OSError), (one / "held").open("ab") as held:
            fcntl.flock(held, fcntl.LOCK_EX | fcntl.LOCK_NB)
            shutil.rmtree(one, ignore_errors=True)
