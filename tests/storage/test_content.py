"""The store: versions, renames, merging, conflicts, hostile paths, threads and processes."""

from __future__ import annotations

import multiprocessing
import random
import threading
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest

from curriculum_studio.domain.errors import EditConflict, NotFound, Refused
from curriculum_studio.storage.content import Content
from curriculum_studio.storage.content_changes import Author, Change
from curriculum_studio.storage.content_git import Bare, commit_stream

ADA, BEN = Author("Ada <ada@example.org>", "p-ada"), Author("Ben", "p-ben")


def now() -> datetime:
    return datetime.now(UTC)


@pytest.fixture
def content(tmp_path: Path) -> Iterator[Content]:
    store = Content.create(tmp_path / "c.git")
    yield store
    store.close()


def test_versions_renames_and_restore(content: Content) -> None:
    first = content.save(
        [Change("u/a.md", b"---\nid: abcd1\n---\nOne.", None)], ADA, "first\x00\nline", now()
    )
    content.save(
        [Change("u/a.md", b"---\nid: abcd1\n---\nTwo.", first.blobs["u/a.md"])], BEN, "second", now()
    )
    blob = content.blob_id("u/a.md")
    content.save(
        [Change("u/b.md", content.read("u/a.md"), None), Change("u/a.md", None, blob)], ADA, "renamed", now()
    )
    notes = [version.note for version in content.history("u/b.md", lesson_id="abcd1")]
    assert notes == ["renamed", "second", "first\nline"]
    assert [v.author.key for v in content.history("u/b.md", lesson_id="abcd1")] == ["p-ada", "p-ben", "p-ada"]
    assert content.path_at("u/b.md", first.version, "abcd1") == "u/a.md"
    current = content.blob_id("u/b.md")
    content.save([Change("u/b.md", content.read("u/a.md", first.version), current)], ADA, "back", now())
    assert content.read("u/b.md").endswith(b"One.")


def test_two_people_one_text(content: Content) -> None:
    base = content.save([Change("a.md", b"One is here. Two is there.", None)], ADA, "start", now()).blobs[
        "a.md"
    ]
    content.save([Change("a.md", b"One was here. Two is there.", base)], ADA, "mine", now())
    merged = content.save([Change("a.md", b"One is here. Two was there.", base)], BEN, "theirs", now())
    assert merged.merged == ("a.md",)
    assert content.read("a.md") == b"One was here. Two was there."
    before = content.tip()
    with pytest.raises(EditConflict) as caught:
        content.save([Change("a.md", b"One xx here. Two is there.", base)], BEN, "clash", now())
    assert caught.value.mine.startswith("One xx")
    assert caught.value.theirs.startswith("One was")
    assert content.tip() == before


@pytest.mark.parametrize(
    "path",
    [
        "../a.md",
        "/a.md",
        "a/../b.md",
        ".git/config",
        "a/.git/x",
        "-rf.md",
        "a\x00.md",
        "a\nb.md",
        "a//b.md",
        "a/",
        "",
        "x.lock",
        "C:\\a.md",
        "~a.md",
        "e\u0301.md",
        "a" * 500,
    ],
)
def test_hostile_paths_are_refused(content: Content, path: str) -> None:
    with pytest.raises(Refused):
        content.save([Change(path, b"x", None)], ADA, "x", now())
    assert content.tip() is None


def test_other_refusals(content: Content) -> None:
    content.save([Change("a.md", b"x", None)], ADA, "x", now())
    for change in (
        Change("A.md", b"x", None),
        Change("b.md", b"\xff", None),
        Change("b.md", b"a\x00", None),
        Change("b.md", b"x" * (11 << 20), None),
        Change("a.md", b"y", "HEAD"),
    ):
        with pytest.raises(Refused):
            content.save([change], ADA, "x", now())
    for version in ("HEAD", "--all", "main", "0" * 40):
        with pytest.raises(NotFound):
            content.read("a.md", version)


def test_releases_hold_exactly_what_they_name(content: Content) -> None:
    saved = content.save([Change("a.md", b"1", None), Change("b.md", b"2", None)], ADA, "x", now())
    content.release({"a.md": saved.blobs["a.md"]}, ADA, "only a", now())
    assert dict(content.snapshot(content.published())) == {"a.md": b"1"}
    content.release(None, ADA, "all", now())
    assert dict(content.snapshot(content.published())) == {"a.md": b"1", "b.md": b"2"}


def test_many_threads_read_what_was_written(content: Content) -> None:
    changes = [Change(f"f{n}.md", f"text {n} ".encode() * (n % 50 + 1), None) for n in range(200)]
    blobs = content.save(changes, ADA, "many", now()).blobs
    wrong: list[str] = []

    def read(seed: int) -> None:
        rng = random.Random(seed)
        for _ in range(12_500):
            one = changes[rng.randrange(200)]
            if content.read_blob(blobs[one.path]) != one.content:
                wrong.append(one.path)

    threads = [threading.Thread(target=read, args=(seed,)) for seed in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert not wrong


def _saves(folder: str, name: str, count: int) -> None:
    store = Content.open(Path(folder))
    for number in range(count):
        while True:
            base = store.blob_id("one.md")
            text = store.read_blob(base) + f"\n\n{name} wrote line {number} here.".encode()
            try:
                store.save(
                    [Change("one.md", text, base)], Author(name, f"p-{name}"), f"{name} {number}", now()
                )
                break
            except EditConflict:
                continue
    store.close()


def test_eight_processes_one_lesson(tmp_path: Path) -> None:
    store = Content.create(tmp_path / "c.git")
    store.save([Change("one.md", b"Start.", None)], ADA, "start", now())
    each = 100
    context = multiprocessing.get_context("spawn")
    workers = [
        context.Process(target=_saves, args=(str(tmp_path / "c.git"), f"w{n}", each)) for n in range(8)
    ]
    for worker in workers:
        worker.start()
    for worker in workers:
        worker.join()
    text = store.read("one.md").decode()
    versions = {version.note for version in store.history("one.md", limit=5000)}
    for name in range(8):
        for number in range(each):
            assert text.count(f"w{name} wrote line {number} here.") == 1
            assert f"w{name} {number}" in versions
    assert len(versions) == 8 * each + 1
    store.close()


def test_what_differs_between_versions_is_what_their_lists_say(tmp_path: Path) -> None:
    store = Bare.create(tmp_path / "store")
    rng = random.Random(11)
    names = ("a", "a/b", "a/b/c.md", "a/b.md", "d.md", "d.md/e.md", "é/ü.md", "z/1.md", "z/2.md")
    versions: list[str] = []
    for turn in range(40):
        there = store.tree(versions[-1]) if versions else {}
        rows: list[tuple[str, bytes | str | None]] = []
        for name in rng.sample(names, 3):
            if name in there and rng.random() < 0.4:
                rows.append((name, None))
            else:
                rows.append((name, str(rng.randrange(4)).encode()))
        parent = versions[-1] if versions else None
        store.fast_import(commit_stream("main", parent, "Ada", "p-1", now(), f"turn {turn}", rows))
        versions.append(store.tip("main") or "")
    for _ in range(200):
        old, new = rng.choices(versions, k=2)
        before, after = store.tree(old), store.tree(new)
        assert store.tree_changes(old, new) == {
            path: after.get(path, "")
            for path in before.keys() | after.keys()
            if before.get(path) != after.get(path)
        }
    with pytest.raises(NotFound):
        store.tree_changes(versions[0], "0" * 40)
    store.close()


def test_whoever_asks_while_a_version_is_written_gets_the_one_before(
    content: Content, monkeypatch: pytest.MonkeyPatch
) -> None:
    """It is whole and at hand; the next one is taken up at once when it is written, and nobody reads its folders before."""
    content.save([Change("u/a.md", b"One.", None)], ADA, "first", now())
    before = content.snapshot()
    seen: list[object] = []
    write = Bare.fast_import

    def written(store: Bare, stream: bytes) -> None:
        write(store, stream)
        seen.append(content.snapshot())

    monkeypatch.setattr(Bare, "fast_import", written)
    content.save([Change("u/a.md", b"Two.", content.blob_id("u/a.md"))], ADA, "second", now())
    assert seen == [before]
    assert content.snapshot()["u/a.md"] == b"Two."


def test_few_texts_and_no_large_ones_are_kept_in_memory(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("curriculum_studio.storage.content_git._RECENT", 3)
    monkeypatch.setattr("curriculum_studio.storage.content_git._TEXT", 100)
    store = Bare.create(tmp_path / "store")
    rows: list[tuple[str, bytes | str | None]] = [(f"{n}.md", b"%d" % n * 9) for n in range(8)]
    rows.append(("large.md", b"x" * 101))
    store.fast_import(commit_stream("main", None, "Ada", "p-1", now(), "", rows))
    blobs = store.tree(store.tip("main") or "")
    for _ in range(2):
        for path, content in rows:
            assert store.blob(blobs[path]) == content
            assert len(store._blobs) <= 3
            assert blobs["large.md"] not in store._blobs
    store.close()


def test_a_branch_that_moves_twice_in_no_time_is_not_taken_for_what_it_was(tmp_path: Path) -> None:
    """Git puts a file in the place of another. Of two within one tick of the clock the second may get the number that the one
    before the first had: it would be told from it by nothing."""
    store = Bare.create(tmp_path / "store")
    branch = store.folder / "refs" / "heads" / "main"

    def move(number: int) -> None:
        aside = branch.with_name("main.lock")
        aside.write_text(f"{number:040x}\n")
        aside.replace(branch)

    for turn in range(0, 300, 3):
        move(turn)
        assert store.tip("main") == f"{turn:040x}"
        read = branch.stat().st_ino
        move(turn + 1)
        move(turn + 2)
        assert branch.stat().st_ino != read
        assert store.tip("main") == f"{turn + 2:040x}"
    assert len(list(Path("/proc/self/fd").iterdir())) < 100
    store.close()


def test_the_newest_versions_are_those_that_git_lists(content: Content, tmp_path: Path) -> None:
    rng = random.Random(7)
    names = ("u/a.md", "u/b.md", "v/ü.md", "w.md")
    for turn in range(60):
        name = rng.choice(names)
        there = content.tip() is not None and name in content.snapshot()
        blob = content.blob_id(name) if there else None
        gone = there and rng.random() < 0.2
        note = rng.choice(("one line", "two\nlines", "Ünïcode — “x”", "blank\n\nbetween"))
        others = (BEN,) if rng.random() < 0.3 else ()
        change = Change(name, None if gone else f"{turn}".encode(), blob)
        content.save([change], ADA, note, now(), others)
        if rng.random() < 0.5:
            fresh = Content.open(tmp_path / "c.git")
            assert content.recent(100) == fresh.recent(100)
            fresh.close()
