"""The record of review: everything comes back, field by field, from a clone into an empty database; forged files do not."""

from __future__ import annotations

import json
import shutil
import sqlite3
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest

from curriculum_studio.actions.approvals import ask_for_review, give_verdict
from curriculum_studio.actions.reviews import Choice, close_thread, reply, start_thread
from curriculum_studio.actions.workspaces import rebuild_workspace
from curriculum_studio.domain.errors import FormatError
from curriculum_studio.formats.review_record import place_of, read_thread, schemas
from curriculum_studio.studio import Studio, open_studio
from tests.web.cast import opened

PATH = "grade-6/ratios/01-introducing-ratios.md"
ROOT = Path(__file__).resolve().parents[2]


@pytest.fixture(scope="module")
def studio(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Studio]:
    """A studio with threads in every state, a verdict and a request."""
    one = opened(tmp_path_factory.mktemp("record"))
    ada, ben, carla = (one.people.by_account(name).person for name in ("ada", "ben", "carla"))
    first = start_thread(one, carla, PATH, Choice("Nothing is calculated yet"), "Why not, @Ada? \u2003é 🙂")
    reply(one, ada, first, "Later.\nSee lesson 2.")
    close_thread(one, carla, first, "answered")
    start_thread(one, carla, PATH, Choice("the order of the words"), "", "how words follow")
    start_thread(one, ben, PATH, Choice(part="say-it"), "On the whole activity")
    start_thread(one, ben, PATH, Choice(), "On all of it")
    ask_for_review(one, ada, PATH, [ben.key, carla.key], "Is it clear?", "", "")
    give_verdict(one, ben, PATH, one.content.blob_id(PATH), "changes", "Say it shorter.")
    while one.record.write():
        pass
    yield one
    one.close()


def clone_of(studio: Studio, folder: Path) -> Path:
    """A workspace with the same store and a database without any review."""
    work = folder / "work"
    work.mkdir(parents=True)
    for name in ("studio.toml", "secret.key"):
        shutil.copy(studio.settings.folder / name, work / name)
    shutil.copytree(studio.settings.content, work / "curriculum.git")
    source = closing(sqlite3.connect(studio.settings.database))
    with source as kept, closing(sqlite3.connect(work / "studio.db")) as target, target:
        kept.backup(target)
        for table in ("remarks", "threads", "verdicts", "asked", "requests", "outbox", "notices"):
            target.execute(f"delete from {table}")  # noqa: S608
    return work


def test_everything_comes_back_field_by_field(studio: Studio, tmp_path: Path) -> None:
    assert not studio.record.waiting()
    work = clone_of(studio, tmp_path)
    _, restored = rebuild_workspace(work, lambda step, done, total: None)
    assert restored.refused == ()
    assert (restored.threads, restored.verdicts, restored.requests) == (4, 1, 1)
    again = open_studio(work)
    try:
        wanted = {one.key: one for one in studio.reviews.everywhere(only_open=False)}
        assert {one.key: one for one in again.reviews.everywhere(only_open=False)} == wanted
        key = next(iter(studio.approvals.requests(only_open=False))).text
        assert again.approvals.of_text(key) == studio.approvals.of_text(key)
        assert again.approvals.requests(only_open=False) == studio.approvals.requests(only_open=False)
        _, twice = rebuild_workspace(work, lambda step, done, total: None)
        assert twice.threads == 0
    finally:
        again.close()


def test_the_record_is_the_web_annotation_model(studio: Studio) -> None:
    files = studio.content.record()
    assert sorted({path.partition("/")[0] for path in files}) == ["requests", "threads", "verdicts"]
    for path, content in files.items():
        shown = json.loads(content)
        assert path == place_of(shown["id"])
        assert "@studio.invalid" not in content.decode()
    quotes = [json.loads(content) for path, content in files.items() if path.startswith("threads/")]
    one = next(row for row in quotes if row["target"]["selector"])
    assert one["@context"] == "http://www.w3.org/ns/anno.jsonld"
    assert [row["type"] for row in one["target"]["selector"]] == ["TextQuoteSelector", "TextPositionSelector"]


def _thread(studio: Studio) -> tuple[str, dict[str, object]]:
    files = studio.content.record()
    path = next(path for path in sorted(files) if json.loads(files[path]).get("replacement"))
    return path, json.loads(files[path])


@pytest.mark.parametrize(
    ("what", "why"),
    [
        ({"status": "approved"}, "status"),
        ({"more": 1}, "more"),
        ({"creator": "Ada <a@b.c>"}, "creator"),
        ({"created": "yesterday"}, "created"),
        ({"created": "2026-13-45T00:00:00Z"}, "no time"),
        ({"motivation": "commenting"}, "motivation"),
        ({"closed": "2026-01-01T00:00:00Z"}, "state"),
        ({"id": "t-" + "0" * 16}, "says that it is"),
        ({"id": "../../../etc/passwd"}, "id"),
        ({"path": ""}, "path"),
    ],
)  # fmt: skip
def test_malformed_files_are_refused_with_the_reason(
    studio: Studio, what: dict[str, object], why: str
) -> None:
    path, good = _thread(studio)
    read_thread(path, json.dumps(good).encode())
    with pytest.raises(FormatError) as told:
        read_thread(path, json.dumps(good | what).encode())
    assert why in str(told.value)


@pytest.mark.parametrize("content", [b"", b"[]", b"{", b"\xff\xfe", b'{"id": 3}', b"null", b"[" * 5000])
def test_what_is_no_file_of_the_record_is_refused(content: bytes) -> None:
    with pytest.raises(FormatError):
        read_thread("threads/ab/t-abababababababab.json", content)


def test_forged_words_are_refused_and_the_rest_comes_back(studio: Studio, tmp_path: Path) -> None:
    work = clone_of(studio, tmp_path)
    path, forged = _thread(studio)
    forged["target"]["selector"][0]["exact"] = "x" * len(forged["target"]["selector"][0]["exact"])  # type: ignore[index]
    other = json.loads(json.dumps(forged))
    other["id"] = "t-" + "a" * 16
    other["target"]["state"] = "f" * 40
    again = open_studio(work)
    again.content.write_record(
        {
            path: json.dumps(forged).encode(),
            place_of(other["id"]): json.dumps(other).encode(),
            "elsewhere/x.json": b"{}",
        }
    )
    again.close()
    _, restored = rebuild_workspace(work, lambda step, done, total: None)
    assert restored.threads == 3
    told = "\n".join(restored.refused)
    assert "the words do not stand there" in told
    assert "not in the store" in told
    assert "no file of the record" in told


def test_the_schema_in_the_documentation_is_the_code_s() -> None:
    shown = json.loads((ROOT / "docs" / "review-record.schema.json").read_text("utf-8"))
    assert shown == schemas()
