"""Git as the store uses it: GitPython's command interface only, every argument checked, readers kept for whoever comes next.

User text goes to Git on standard input, never among options; revisions are forty hex digits or our own refs.
"""

from __future__ import annotations

import os
import re
import subprocess
import threading
from collections.abc import Callable, Iterable
from contextlib import suppress
from datetime import datetime
from pathlib import Path
from typing import IO, Any, TypeVar

import git

from curriculum_studio.domain.errors import NotFound, StoreError

OID = re.compile(r"[0-9a-f]{40}\Z")
REFS = {"main": "refs/heads/main", "published": "refs/heads/published", "record": "refs/studio/record"}
_SETTINGS = (
    ("core.fsync", "committed,reference"),
    ("core.fsyncMethod", "fsync"),
    ("fastimport.unpackLimit", "1"),
    ("gc.auto", "0"),
    ("core.commitGraph", "true"),
    ("core.logAllRefUpdates", "true"),
)


_LITTLE = "core.deltaBaseCacheLimit=8m"
"""What a reader may keep of what it put together: by itself Git takes twelve times that, for each of them."""
_IDLE = 8
"""So many readers wait for whoever comes next; those that a rush needed beyond that end with it."""
_TEXT, _RECENT = 64 * 1024, 256
"""Bytes of a text that is kept in memory once it was read, and how many of them."""
_NOTHING = ("", "")
_Answer = TypeVar("_Answer")


class Reader:
    """A persistent `cat-file --batch`, used by one thread at a time."""

    def __init__(self, folder: Path) -> None:
        self._repo = git.Repo(folder)
        command = self._repo.git(c=_LITTLE)
        self._process: Any = command.cat_file("--batch", istream=subprocess.PIPE, as_process=True)

    def blob(self, oid: str) -> bytes:
        """The bytes of a blob. Raises `NotFound`."""
        return self._read(oid, b"blob")

    def commit(self, oid: str) -> bytes:
        """The raw text of a commit. Raises `NotFound`."""
        return self._read(oid, b"commit")

    def file_at(self, commit: str, path: str) -> bytes:
        """A file as it stood in a commit, without reading the whole tree. Raises `NotFound`."""
        if not OID.match(commit) or "\n" in path or "\0" in path:
            raise NotFound("There is no such version.")
        return self._ask(f"{commit}:{path}", b"blob")

    def tree_changes(self, old: str, new: str) -> dict[str, str]:
        """Path to blob of every file that differs between two commits; "" for one that is gone. Raises `NotFound`."""
        found: dict[str, str] = {}
        open_now: list[tuple[str, str, str]] = [("", f"{old}^{{tree}}", f"{new}^{{tree}}")]
        while open_now:
            folder, was, is_ = open_now.pop()
            before, now = (self._rows(name) if name else {} for name in (was, is_))
            for name in before.keys() | now.keys():
                one, other = before.get(name, _NOTHING), now.get(name, _NOTHING)
                if one == other:
                    continue
                if one[0] or other[0]:
                    open_now.append((f"{folder}{name}/", one[0], other[0]))
                if one[1] or other[1]:
                    found[folder + name] = other[1]
        return found

    def _rows(self, tree: str) -> dict[str, tuple[str, str]]:
        """What a folder holds: for each name the id of a folder, or that of a file."""
        content, at = self._ask(tree, b"tree"), 0
        found: dict[str, tuple[str, str]] = {}
        while at < len(content):
            end = content.index(b"\0", at)
            mode, _, name = content[at:end].partition(b" ")
            oid, at = content[end + 1 : end + 21].hex(), end + 21
            found[name.decode("utf-8", "surrogateescape")] = (oid, "") if mode == b"40000" else ("", oid)
        return found

    def _read(self, oid: str, kind: bytes) -> bytes:
        if not OID.match(oid):
            raise NotFound("There is no such version.")
        return self._ask(oid, kind)

    def _ask(self, what: str, kind: bytes) -> bytes:
        stdin: IO[bytes] = self._process.proc.stdin
        stdout: IO[bytes] = self._process.proc.stdout
        stdin.write(what.encode() + b"\n")
        stdin.flush()
        if not (line := stdout.readline()):
            raise OSError("the reading process has ended")
        # A name that is not found is repeated in the answer, spaces and all.
        head = line.split()
        if len(head) != 3 or not OID.match(head[0].decode("ascii", "replace")):
            raise NotFound("There is no such version.")
        content = stdout.read(int(head[2]))
        stdout.read(1)
        if head[1] != kind:
            raise NotFound("There is no such version.")
        return content

    def close(self) -> None:
        """Ends the process."""
        process = self._process.proc
        process.stdin.close()
        process.stdout.close()
        if process.stderr:
            process.stderr.close()
        process.wait()
        self._repo.close()


class Bare:
    """A bare repository: the few commands that the store needs."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self._local = threading.local()
        self._idle: list[Reader] = []
        self._parents: list[Reader] = []
        self._blobs: dict[str, bytes] = {}
        self._seen: dict[str, tuple[tuple[int, int, int], str, int]] = {}
        self._pid = os.getpid()
        self._lock = threading.Lock()
        self._closed = False

    @classmethod
    def create(cls, folder: Path) -> Bare:
        """Makes an empty one. Raises `StoreError`."""
        try:
            repo = git.Repo.init(folder, bare=True, initial_branch="main")
            for key, value in _SETTINGS:
                repo.git.config(key, value)
            repo.close()
        except git.GitCommandError as error:
            raise StoreError(f"Git could not make a store in {folder}.") from error
        return cls(folder)

    def run(self, command: str, *arguments: str, **options: Any) -> str:
        """Runs one Git command in a repository object of this thread."""
        repo = getattr(self._local, "repo", None)
        if repo is None:
            repo = self._local.repo = git.Repo(self.folder)
        return str(getattr(repo.git, command)(*arguments, **options))

    def blob(self, oid: str) -> bytes:
        """The bytes of a blob. Raises `NotFound`."""
        with self._lock:
            found = self._blobs.get(oid)
        if found is None:
            found = self._read(lambda reader: reader.blob(oid))
            if len(found) <= _TEXT:
                # A text that is being written on is read several times for each save; what an id names never changes.
                with self._lock:
                    self._blobs[oid] = found
                    if len(self._blobs) > _RECENT:
                        del self._blobs[next(iter(self._blobs))]
        return found

    def commit(self, oid: str) -> bytes:
        """The raw text of a commit. Raises `NotFound`."""
        return self._read(lambda reader: reader.commit(oid))

    def file_at(self, commit: str, path: str) -> bytes:
        """A file as it stood in a commit. Raises `NotFound`."""
        return self._read(lambda reader: reader.file_at(commit, path))

    def _read(self, ask: Callable[[Reader], _Answer]) -> _Answer:
        """Asks a reader that nobody uses now; one whose process has died is replaced, once."""
        for last in (False, True):
            with self._lock:
                if os.getpid() != self._pid:
                    # After a fork the readers are the parent's: never used here, and kept, for letting go ends them.
                    self._parents, self._idle, self._pid = self._idle, [], os.getpid()
                reader = self._idle.pop() if self._idle else None
            reader = reader or Reader(self.folder)
            try:
                found = ask(reader)
            except NotFound:
                self._put_back(reader)
                raise
            except (OSError, ValueError) as error:
                with suppress(OSError):
                    reader.close()
                if last:
                    raise StoreError("The store could not be read. Nothing was changed.") from error
            else:
                self._put_back(reader)
                return found
        raise AssertionError

    def _put_back(self, reader: Reader) -> None:
        with self._lock:
            if not self._closed and len(self._idle) < _IDLE:
                self._idle.append(reader)
                return
        # Somebody was still reading while the store was closed, or too many did at once.
        reader.close()

    def tip(self, ref: str) -> str | None:
        """The commit that a ref names, None where there is none yet. Reads the files themselves: no process."""
        name = REFS[ref]
        for last in (False, True):
            with suppress(FileNotFoundError):
                if text := self._loose(name):
                    return text
            if last:
                break
            # Upkeep puts refs together in one file, and takes their own files away after that: so these come first and last.
            with suppress(FileNotFoundError):
                for line in (self.folder / "packed-refs").read_text().splitlines():
                    oid, _, named = line.partition(" ")
                    if named == name and OID.match(oid):
                        return oid
        return None

    def _loose(self, name: str) -> str:
        """The commit that stands in a ref's own file, "" for none. Raises `FileNotFoundError`.

        Each page asks this several times, and Git never writes into the file: it puts another in its place. The one that was
        read stays open, so that no other can take its number, however soon it comes: whether it is the same costs one look.
        """
        place = self.folder / name
        seen, text, _ = self._seen.get(name, (None, "", -1))
        if seen == _mark(place.stat()):
            return text
        file = os.open(place, os.O_RDONLY)
        text = os.read(file, 64).decode("ascii", "replace").strip()
        with self._lock:
            left = file
            if OID.match(text) and not self._closed:
                _, _, left = self._seen.get(name, (None, "", -1))
                self._seen[name] = _mark(os.fstat(file)), text, file
        if left >= 0:
            os.close(left)
        return text if OID.match(text) else ""

    def tree(self, commit: str) -> dict[str, str]:
        """Path to blob of every file of a commit."""
        if not OID.match(commit):
            raise NotFound("There is no such version.")
        try:
            rows = self.run("ls_tree", "-r", "-z", "--full-tree", commit, strip_newline_in_stdout=False)
        except git.GitCommandError as error:
            raise NotFound("There is no such version.") from error
        found: dict[str, str] = {}
        for row in rows.split("\0"):
            if row:
                head, _, path = row.partition("\t")
                found[path] = head.split(" ")[2]
        return found

    def tree_changes(self, old: str, new: str) -> dict[str, str]:
        """Path to blob of every file that differs between two commits; "" for one that is gone. Reads the folders that
        differ: no process is started for it."""
        if not (OID.match(old) and OID.match(new)):
            raise NotFound("There is no such version.")
        return self._read(lambda reader: reader.tree_changes(old, new))

    def fast_import(self, stream: bytes) -> None:
        """Feeds one stream. Raises `StoreError`; the caller reads the ref before it judges."""
        process = subprocess.run(
            [
                git.Git.GIT_PYTHON_GIT_EXECUTABLE or "git",
                "-C",
                str(self.folder),
                "fast-import",
                "--quiet",
                "--date-format=raw",
            ],
            input=stream,
            capture_output=True,
            check=False,
        )
        if process.returncode:
            raise StoreError("Git refused to write the version.")

    def close(self) -> None:
        """Ends all readers."""
        with self._lock:
            self._closed = True
            idle, self._idle = self._idle, []
            seen, self._seen = self._seen, {}
        for reader in idle:
            reader.close()
        for _, _, file in seen.values():
            os.close(file)


def _mark(found: os.stat_result) -> tuple[int, int, int]:
    """What tells a file from any other that was in its place before or after."""
    return found.st_ino, found.st_mtime_ns, found.st_ctime_ns


def commit_stream(
    ref: str,
    parent: str | None,
    author: str,
    key: str,
    at: datetime,
    note: str,
    changes: Iterable[tuple[str, bytes | str | None]],
    joined: str | None = None,
) -> bytes:
    """One commit for `git fast-import`: path to new bytes, to the id of a blob that is there, or to None (gone).

    `joined` is a version from outside whose words this one takes in.
    """
    who = f"{author} <{key}@studio.invalid>".encode()
    when = f"{int(at.timestamp())} +0000".encode()
    message = note.encode()
    out = [
        b"commit ",
        REFS[ref].encode(),
        b"\n",
        b"author ",
        who,
        b" ",
        when,
        b"\ncommitter ",
        who,
        b" ",
        when,
        b"\n",
    ]
    out += [b"data ", str(len(message)).encode(), b"\n", message, b"\n"]
    if parent:
        out += [b"from ", parent.encode(), b"\n"]
    if joined:
        out += [b"merge ", joined.encode(), b"\n"]
    for path, content in changes:
        name = quoted(path)
        if content is None:
            out += [b"D ", name, b"\n"]
        elif isinstance(content, str):
            out += [b"M 100644 ", content.encode(), b" ", name, b"\n"]
        else:
            out += [b"M 100644 inline ", name, b"\ndata ", str(len(content)).encode(), b"\n", content, b"\n"]
    out.append(b"\n")
    return b"".join(out)


def quoted(path: str) -> bytes:
    """A path as fast-import reads it."""
    escaped = path.replace("\\", "\\\\").replace('"', '\\"')
    return f'"{escaped}"'.encode()
