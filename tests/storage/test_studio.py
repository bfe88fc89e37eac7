"""The opened studio keeps up with the store: what it works out step by step is what it would work out from nothing."""

from __future__ import annotations

import random
import sqlite3
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from datetime import UTC, datetime
from pathlib import Path

import pytest

from curriculum_studio.formats.curriculum import curriculum_of, is_text
from curriculum_studio.formats.facts import facts_of
from curriculum_studio.formats.lesson_markdown import read_document
from curriculum_studio.formats.rewriting import scalar, with_key
from curriculum_studio.storage.content import Content
from curriculum_studio.storage.content_changes import Author, Change
from curriculum_studio.storage.content_git import Bare
from curriculum_studio.storage.content_reading import ContentReading, ContentSnapshot
from curriculum_studio.studio import Studio, open_studio
from tests.web.cast import opened

AUTHOR = Author("Ada", "p-ada")


def changes_of(chance: random.Random, snapshot: ContentSnapshot, number: int) -> list[Change]:
    """Something that people do: mostly words, now and then a title, an id, a language, a file that comes, goes or moves."""
    texts = [path for path in snapshot if is_text(path)]
    path = chance.choice(texts)
    text, blob = snapshot[path].decode(), snapshot.blob(path)
    kind = chance.choice(("words",) * 5 + ("title", "id", "language", "new", "gone", "moved", "unit"))
    if kind == "words":
        return [Change(path, f"{text}\nMore {number}.\n".encode(), blob)]
    if kind in ("title", "id", "language"):
        value = {
            "title": scalar(f"Title {number}"),
            "id": f"id-{number}",
            "language": chance.choice(("en", "es")),
        }
        return [Change(path, with_key(text, kind, value[kind]).encode(), blob)]
    if kind == "new":
        return [
            Change(
                f"grade-6/ratios/9{number}-new.md", f"---\nid: new-{number}\ntitle: New\n---\n".encode(), None
            )
        ]
    if kind == "gone" and len(texts) > 4 and path != "curriculum.md":
        return [Change(path, None, blob)]
    if kind == "moved" and path.count("/") == 2:
        return [Change(path, None, blob), Change(path[:-3] + f"-{number}.md", text.encode(), None)]
    unit = "grade-6/ratios/unit.md"
    if unit not in snapshot:
        return []
    return [Change(unit, snapshot[unit] + f"\nUnit {number}.\n".encode(), snapshot.blob(unit))]


def assert_same(studio: Studio, store: Bare) -> None:
    snapshot, found = studio.curriculum()
    whole = ContentSnapshot(ContentReading(store), snapshot.version)
    assert list(snapshot) == list(whole)
    assert {path: snapshot.blob(path) for path in snapshot} == {path: whole.blob(path) for path in whole}
    facts = {path: facts_of(read_document(path, whole[path])) for path in whole if is_text(path)}
    wanted = curriculum_of(facts, whole)
    assert found == wanted
    assert found.placed == wanted.placed


def at_once(chance: random.Random, studio: Studio, number: int) -> None:
    """Four who save at the same moment, some of them the same text; the store writes them together."""
    snapshot = studio.snapshot()
    paths = [chance.choice([path for path in snapshot if is_text(path)]) for _ in range(4)]

    def save(path: str) -> None:
        change = Change(path, snapshot[path] + f"\nAt once {number}.\n".encode(), snapshot.blob(path))
        studio.content.save([change], AUTHOR, "At once", datetime.now(UTC))

    with ThreadPoolExecutor(4) as writers:
        list(writers.map(save, paths))


def test_step_by_step_is_from_nothing(tmp_path: Path) -> None:
    seed = random.randrange(10**6)
    print(f"seed {seed}")
    chance = random.Random(seed)
    with closing(opened(tmp_path)) as studio, closing(Content(Bare(studio.settings.content))) as outside:
        store = Bare(studio.settings.content)
        assert_same(studio, store)
        for number in range(40):
            changes = changes_of(chance, studio.snapshot(), number)
            if changes:
                # Another process may write as well: the studio meets versions that it has not made.
                writer = outside if chance.random() < 0.3 else studio.content
                writer.save(changes, AUTHOR, f"Change {number}", datetime.now(UTC))
            if chance.random() < 0.2:
                at_once(chance, studio, number)
            if chance.random() < 0.7:
                assert_same(studio, store)
        assert_same(studio, store)
        store.close()


def test_a_second_start_reads_no_text_again(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    with closing(opened(tmp_path)) as studio:
        first = studio.curriculum()[1]
        path = "grade-6/ratios/01-introducing-ratios.md"
        change = Change(path, studio.content.read(path) + b"\nMore.\n", studio.content.blob_id(path))
        studio.content.save([change], AUTHOR, "More", datetime.now(UTC))
        second = studio.curriculum()[1]
        assert first.facts[path] != second.facts[path]

    def refuse(document: object) -> None:
        raise AssertionError("read anew")

    monkeypatch.setattr("curriculum_studio.studio.facts_of", refuse)
    with closing(open_studio(tmp_path / "work")) as studio:
        assert studio.curriculum()[1] == second


@pytest.mark.parametrize("harm", ["garbage", "gone", "other program", "odd rows"])
def test_a_memory_that_is_no_use_is_begun_anew(tmp_path: Path, harm: str) -> None:
    with closing(opened(tmp_path)) as studio:
        wanted, place = studio.curriculum()[1], studio.settings.facts
    if harm == "garbage":
        place.write_bytes(b"SQLite format 3\0" + b"\xff" * 5000)
    elif harm == "gone":
        place.unlink()
    else:
        harms = {
            "other program": "update program set version = 'older'",
            "odd rows": "update facts set facts = '[1, 2'",
        }
        with closing(sqlite3.connect(place)) as database, database:
            database.execute(harms[harm])
    with closing(open_studio(tmp_path / "work")) as studio:
        assert studio.curriculum()[1] == wanted
