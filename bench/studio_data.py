"""Workspaces with many lessons and many versions for measurements: made once into `.cache/bench`, copied for each run."""

from __future__ import annotations

import os
import random
import re
import shutil
import subprocess
from collections.abc import Iterator
from datetime import UTC, datetime
from itertools import islice
from pathlib import Path

from bench.curricula import generate
from curriculum_studio.actions.search import rebuild_search
from curriculum_studio.actions.workspaces import new_workspace, upgrade_workspace
from curriculum_studio.publishing.sources import FolderSnapshot
from curriculum_studio.storage.content import Content
from curriculum_studio.storage.content_git import commit_stream
from curriculum_studio.studio import open_studio

FORM = 4
"""Raised when what is made changes, so that an older one is made anew."""
LONG_VERSIONS = 2000
LONG_BYTES = 30_000
_BEGAN = 1_750_000_000
_PLACE = Path(".cache/bench/studio")


def workspace(lessons: int, versions: int) -> Path:
    """A workspace of so many lessons and about so many versions, Ada's team owning three units of it. Not to be
    changed: see `copy_of`."""
    done = _PLACE / f"work-{FORM}-{lessons}-{versions}"
    if done.is_dir():
        _follow_program(done)
        return done
    source = _PLACE / f"source-{lessons}"
    if not (source / ".whole").is_file():
        generate(source, lessons)
        (source / ".whole").touch()
    files = FolderSnapshot(source)
    part = done.with_name(done.name + ".part")
    shutil.rmtree(part, ignore_errors=True)
    new_workspace(part, {path: files[path] for path in ("curriculum.md", "glossary.md")}, samples=True)
    texts = {path: files[path] for path in sorted(files) if path.count("/") == 2}
    _import(part, texts, versions)
    _give_units(part)
    _derive(part)
    done.parent.mkdir(parents=True, exist_ok=True)
    part.rename(done)
    return done


def _derive(folder: Path) -> None:
    """The search index and what was read of each text, so that a copy starts as a studio does that ran before."""
    studio = open_studio(folder)
    try:
        rebuild_search(studio)
        studio.curriculum()
    finally:
        studio.close()


def _follow_program(made: Path) -> None:
    """What an update of the program makes anew in a workspace is made once here, and not in each copy: the schema, and what
    was read of each text."""
    upgrade_workspace(made)
    studio = open_studio(made)
    studio.curriculum()
    studio.close()


def copy_of(made: Path, place: Path) -> Path:
    """A copy to measure in; packs, which nothing changes, are linked."""

    def put(old: str, new: str) -> None:
        if "/objects/pack/" in old:
            os.link(old, new)
        else:
            shutil.copy2(old, new)

    place.parent.mkdir(parents=True, exist_ok=True)
    shutil.copytree(made, place, copy_function=put)
    return place


def long_lesson(made: Path) -> str:
    """The path of the lesson that has most versions, 30 KB long."""
    return (made / "long").read_text().strip()


def _import(folder: Path, texts: dict[str, bytes], versions: int) -> None:
    store = folder / "curriculum.git"
    content = Content.open(store)
    tip = content.tip()
    content.close()
    lessons = [path for path in texts if not path.endswith("/unit.md")]
    chance = random.Random(f"versions:{len(texts)}")
    long = lessons[len(lessons) // 2]
    (folder / "long").write_text(long)
    texts[long] = _lengthened(texts[long])
    process = subprocess.Popen(
        ["git", "-C", str(store), "fast-import", "--quiet", "--date-format=raw"], stdin=subprocess.PIPE
    )
    assert process.stdin is not None
    at = datetime.fromtimestamp(_BEGAN, UTC)
    process.stdin.write(commit_stream("main", tip, "Ada", "p-import", at, "All lessons", list(texts.items())))
    for stream in _versions(texts, lessons, long, versions, chance):
        process.stdin.write(stream)
    process.stdin.close()
    if process.wait():
        raise RuntimeError("git fast-import failed")
    subprocess.run(
        ["git", "-C", str(store), "commit-graph", "write", "--reachable", "--changed-paths"], check=True
    )


def _versions(
    texts: dict[str, bytes], lessons: list[str], long: str, versions: int, chance: random.Random
) -> Iterator[bytes]:
    """Each version changes one sentence of one lesson; the long lesson's are spread over all the years."""
    every = max(2, versions // LONG_VERSIONS)
    for number in range(versions):
        path = long if number % every == 0 else chance.choice(lessons)
        texts[path] = _changed(texts[path], number, chance)
        who = number % 40
        at = datetime.fromtimestamp(_BEGAN + number * 600, UTC)
        yield commit_stream(
            "main", None, f"Teacher {who}", f"p-t{who:02d}", at, f"Changed {number}", [(path, texts[path])]
        )


def _changed(text: bytes, number: int, chance: random.Random) -> bytes:
    """The text with the end of one of its sentences said otherwise."""
    ends = [match.end() for match in islice(re.finditer(rb"[a-z]{4,}\.(?= )", text), 400)]
    if not ends:
        return text + b"\nMore.\n"
    end = chance.choice(ends)
    begin = text.rfind(b" ", 0, end)
    return text[:begin] + f" case{number % 997}x.".encode() + text[end:]


def _lengthened(text: bytes) -> bytes:
    """A lesson of 30 KB: its teacher's paragraphs once more, under other headings."""
    words = re.findall(rb"(?m)^[A-Z][a-z].{60,}$", text)
    number = 0
    while len(text) < LONG_BYTES:
        text += b"\n" + words[number % len(words)] + b"\n"
        number += 1
    return text


def _give_units(folder: Path) -> None:
    studio = open_studio(folder)
    keys = {account: person.key for account, person in studio.people.samples()}
    team = studio.teams.add("Measured", [keys["ada"], keys["carla"]], "p-studio")
    snapshot = studio.snapshot()
    units = [path for path in snapshot if path.endswith("/unit.md")]
    for path in units[len(units) // 2 :][:3]:
        found = re.search(rb"(?m)^id: (\S+)$", snapshot[path])
        assert found is not None, path
        studio.teams.own(found[1].decode(), team.key, "p-studio")
    studio.close()
