"""Git's own processes as the door to the outside runs them: a clean surrounding, limits, and only the names that may be seen."""

from __future__ import annotations

import os
import re
import resource
import subprocess
import tempfile
import threading
from collections.abc import Collection, Iterator, Mapping
from contextlib import suppress
from typing import IO, cast

import git

from curriculum_studio.domain.errors import Refused, StoreError
from curriculum_studio.storage.content_git import OID, REFS, Bare
from curriculum_studio.storage.content_lines import FLUSH, line, wanted

RECORD = "refs/studio/record"
_SHOWN = ("main", "published")
"""What everybody sees who may take the folder. A list of its own: a name that the store gains is not shown by itself."""
MOST_ASKED = 8 * 1024 * 1024
"""Bytes that a request to take may have: it only names what is wanted and what is there."""
SECONDS = 600
"""Seconds that one exchange may last."""
_CPU_SECONDS = 120
_MEMORY = 2 * 1024**3
_PIECE = 64 * 1024
_RECEIVES = b"report-status delete-refs side-band-64k ofs-delta object-format=sha1 agent=curriculum-studio"
_QUIET = ("gc.auto=0", "pack.threads=1", "pack.windowMemory=64m", "core.packedGitWindowSize=16m", "core.packedGitLimit=256m", "core.bigFileThreshold=16m")  # fmt: skip


def surroundings(**more: str) -> dict[str, str]:
    """What a Git process may know of its surroundings: no settings, names or secrets of whoever runs the studio."""
    return {
        "PATH": os.environ.get("PATH", os.defpath), "HOME": os.devnull, "LC_ALL": "C.UTF-8", "GIT_CONFIG_NOSYSTEM": "1",
        "GIT_CONFIG_GLOBAL": os.devnull, "GIT_TERMINAL_PROMPT": "0", "GIT_NO_REPLACE_OBJECTS": "1", **more,
    }  # fmt: skip


def start(
    store: Bare, *arguments: str, settings: Collection[str] = (), env: Mapping[str, str] | None = None, stdin: int | IO[bytes] = subprocess.DEVNULL, stderr: int = subprocess.DEVNULL
) -> subprocess.Popen[bytes]:  # fmt: skip
    """Starts Git on the store, with limits on what it may use up."""
    options = [part for one in (*_QUIET, *settings) for part in ("-c", one)]
    command = [git.Git.GIT_PYTHON_GIT_EXECUTABLE or "git", *options, f"--git-dir={store.folder}", *arguments]
    process = subprocess.Popen(
        command, env={**surroundings(), **(env or {})}, stdin=stdin, stdout=subprocess.PIPE, stderr=stderr, start_new_session=True
    )  # fmt: skip
    if hasattr(resource, "prlimit"):
        # Set from outside and before it gets its input: code between fork and exec is not safe beside threads.
        with suppress(ProcessLookupError):
            resource.prlimit(process.pid, resource.RLIMIT_CPU, (_CPU_SECONDS, _CPU_SECONDS))
            resource.prlimit(process.pid, resource.RLIMIT_AS, (_MEMORY, _MEMORY))
    return process


class Door:
    """How the store is seen from outside: `main` and `published`, and the record by those who may."""

    def __init__(self, store: Bare) -> None:
        self._store = store

    def seen(self, *, record: bool) -> dict[str, str]:
        """The names that are shown, each with the version that it stands for."""
        tips = {name: self._store.tip(short) for short, name in REFS.items() if short in _SHOWN}
        if record:
            with suppress(git.GitCommandError):
                tips[RECORD] = self._store.run("rev_parse", "--verify", "--quiet", RECORD)
        return {name: tip for name, tip in tips.items() if tip}

    def offer_to_receive(self, fetched: str | None = None) -> bytes:
        """What a client is told before it sends something in; `fetched`, a version of `main`, stands for the newest one.

        Where people save all the time, nobody could fetch and send so fast that nobody saved in between.
        """
        seen = self.seen(record=False)
        main = REFS["main"]
        if fetched and main in seen and self.is_before(fetched, seen[main]):
            seen[main] = fetched
        seen = seen or {"capabilities^{}": "0" * 40}
        rows = [f"{tip} {name}".encode() for name, tip in seen.items()]
        rows[0] += b"\0" + _RECEIVES
        return (
            line(b"# service=git-receive-pack\n")
            + FLUSH
            + b"".join(line(row + b"\n") for row in rows)
            + FLUSH
        )

    def offer_to_send(self, protocol: str, *, record: bool) -> bytes:
        """What a client is told before it takes something. Raises `StoreError`."""
        process = self._sending(protocol, record, "--advertise-refs")
        out, _ = process.communicate(timeout=SECONDS)
        if process.returncode:
            raise StoreError("The store of texts cannot be read now. Nothing was changed; try again.")
        return line(b"# service=git-upload-pack\n") + FLUSH + out

    def send(self, body: bytes, protocol: str, *, record: bool) -> Iterator[bytes]:
        """Answers a request to take; piece by piece, never whole in memory."""
        if not self._reached(wanted(body), self.seen(record=record)):
            yield line(b"ERR What was asked for is not among what is shown here. Fetch again.\n")
            return
        with tempfile.TemporaryFile() as asked:
            asked.write(body)
            asked.seek(0)
            process = self._sending(protocol, record, stdin=asked)
        late = threading.Timer(SECONDS, process.kill)
        late.start()
        out = cast(IO[bytes], process.stdout)
        try:
            while piece := out.read(_PIECE):
                yield piece
        finally:
            # Whoever hangs up ends the work that was done for them.
            late.cancel()
            process.kill()
            out.close()
            process.wait()

    def _reached(self, wants: set[str], seen: Mapping[str, str]) -> bool:
        """Whether all that is wanted belongs to a name that is shown: the newer protocol does not ask this itself."""
        return all(OID.match(one) for one in wants) and all(
            one in seen.values() or any(self.is_before(one, tip) for tip in seen.values()) for one in wants
        )

    def is_before(self, old: str, new: str, env: Mapping[str, str] | None = None) -> bool:
        """Whether a version is another one or came before it."""
        process = start(self._store, "merge-base", "--is-ancestor", old, new, env=env)
        process.communicate(timeout=SECONDS)
        return process.returncode == 0

    def _sending(
        self, protocol: str, record: bool, *more: str, stdin: int | IO[bytes] = subprocess.DEVNULL
    ) -> subprocess.Popen[bytes]:
        shown = [*(REFS[one] for one in _SHOWN), *([RECORD] if record else [])]
        hidden = ["transfer.hideRefs=refs/", *(f"transfer.hideRefs=!{name}" for name in shown)]
        env = {"GIT_PROTOCOL": protocol} if re.fullmatch(r"version=[012]", protocol) else {}
        arguments = ("upload-pack", "--stateless-rpc", "--strict", *more, str(self._store.folder))
        return start(self._store, *arguments, settings=hidden, env=env, stdin=stdin)


def whole(read: Iterator[bytes], most: int) -> bytes:
    """All pieces together. Raises `Refused` where they are more than `most` bytes."""
    out = bytearray()
    for piece in read:
        out += piece
        if len(out) > most:
            raise Refused("More was asked for than a request may hold.")
    return bytes(out)
