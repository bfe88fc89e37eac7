"""When the journal says what: others may see a word once no killed process can lose it, "saved" is said once the disk has it."""

from __future__ import annotations

import asyncio
import contextlib
import os
import signal
import subprocess
import sys
import threading
from pathlib import Path

import pytest

from curriculum_studio.domain.errors import Refused
from curriculum_studio.live import journal, journal_writer
from curriculum_studio.live.journal import Entry, Kept
from curriculum_studio.live.journal_writer import Batch, Journal

KEPT = Kept("epoch", "blob", b"", 0, {})
WRITING = """
import asyncio, sys, threading
from pathlib import Path
from curriculum_studio.live import journal, journal_writer
from tests.live.test_journal import KEPT, entry

async def main():
    journal_writer._sync = lambda _: threading.Event().wait()
    book = journal_writer.Journal(Path(sys.argv[1]), lambda _: print("written", flush=True), lambda _: None, lambda _: None)
    book.ask(journal.begin("a.md", KEPT, 0.0), lambda _: None)
    book.ask(journal.append(entry("a word")), lambda _: print("settled", flush=True))
    await asyncio.sleep(60)

asyncio.run(main())
"""


def entry(words: str) -> Entry:
    """A change that Ada made."""
    return Entry("a.md", "epoch", "p-ada", "Ada", words.encode(), 1.0)


def bodies(path: Path) -> list[bytes]:
    """What the file holds of the document."""
    with contextlib.closing(journal.connect(path)) as connection:
        kept = journal.load("a.md")(connection)
    return [one.body for one in kept.entries] if kept else []


def test_others_hear_before_the_disk_has_it_and_the_writer_afterwards(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    synced, sync = threading.Event(), journal_writer._sync

    def slow(file: int) -> None:
        synced.wait(120)
        sync(file)

    monkeypatch.setattr(journal_writer, "_sync", slow)

    async def main() -> list[str]:
        heard: list[str] = []
        settled = asyncio.Event()

        def written(batch: Batch) -> None:
            heard.extend(f"written {one.first is not None}" for one, _ in batch)

        def answered(batch: Batch) -> None:
            for one, found in batch:
                one.answer(found)
            settled.set()

        book = Journal(tmp_path / "journal.db", written, answered, lambda _: None)
        book.ask(journal.append(entry("a word")), lambda n: heard.append(f"durable as {n}"), lambda _: None)
        while not heard:
            await asyncio.sleep(0.001)
        await asyncio.sleep(0.05)
        assert heard == ["written True"]
        synced.set()
        await settled.wait()
        book.close()
        return heard

    assert asyncio.run(main()) == ["written True", "durable as 1"]


def test_what_others_heard_outlives_a_killed_process(tmp_path: Path) -> None:
    path = tmp_path / "journal.db"
    process = subprocess.Popen([sys.executable, "-c", WRITING, str(path)], stdout=subprocess.PIPE, text=True)
    with process:
        assert process.stdout
        assert process.stdout.readline() == "written\n"
        os.kill(process.pid, signal.SIGKILL)
        assert process.stdout.read() == "", "nobody is told that it is saved before the disk has it"
    assert bodies(path) == [b"a word"]


def test_a_disk_that_loses_what_it_was_given_is_told_and_nothing_is_promised(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def failing(_: int) -> None:
        raise OSError(5, "Input/output error")

    monkeypatch.setattr(journal_writer, "_sync", failing)
    answers: list[object] = []
    broken = threading.Event()

    async def main() -> None:
        book = Journal(tmp_path / "journal.db", lambda _: None, answers.extend, lambda _: broken.set())
        book.ask(journal.append(entry("a word")), answers.append)
        while not broken.is_set():
            await asyncio.sleep(0.001)
        await asyncio.sleep(0.02)
        book.close()

    asyncio.run(main())
    assert answers == []


def test_what_queued_is_done_in_order_and_closing_waits_for_the_disk(tmp_path: Path) -> None:
    path = tmp_path / "journal.db"

    async def main() -> None:
        book = Journal(path, lambda _: None, lambda _: None, lambda _: None)
        book.ask(journal.begin("a.md", KEPT, 0.0), lambda _: None)
        for number in range(50):
            book.pace = 0.001 * (number % 3)
            book.ask(journal.append(entry(str(number))), lambda _: None)
            await asyncio.sleep(0.0005 * (number % 4))
        book.close()

    asyncio.run(main())
    assert bodies(path) == [str(number).encode() for number in range(50)]


def test_a_log_that_always_grows_is_begun_again(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = tmp_path / "journal.db"
    monkeypatch.setattr(journal_writer, "_SYNC_SECONDS", 0.0)
    monkeypatch.setattr(journal_writer, "_COPY_SECONDS", 0.0)
    monkeypatch.setattr(journal_writer, "_MOST_PAGES", 40)

    log = path.with_name("journal.db-wal")

    async def main() -> int:
        book = Journal(path, lambda _: None, lambda _: None, lambda _: None)
        book.ask(journal.begin("a.md", KEPT, 0.0), lambda _: None)
        count = 0
        # Each entry is a page of the log at least.
        while count < 300 or log.stat().st_size > count * 2048:
            book.ask(journal.append(entry(str(count))), lambda _: None)
            await asyncio.sleep(0.0001)
            count += 1
            assert count < 100_000
        book.close()
        return count

    count = asyncio.run(main())
    assert bodies(path) == [str(number).encode() for number in range(count)]


def test_a_journal_that_is_none_any_more_is_left_alone_and_the_way_on_is_said(tmp_path: Path) -> None:
    path = tmp_path / "journal.db"
    path.write_bytes(b"torn" * 4096)
    with pytest.raises(Refused, match=r"journal\.db is damaged: .* move journal\.db, journal\.db-wal"):
        journal.connect(path)
    assert path.read_bytes() == b"torn" * 4096
