"""Search whose files are really damaged, in every way that disks and people have: it says so, finds nothing wrong, and heals.

Random ones print their seed."""

from __future__ import annotations

import json
import pickle
import random
import shutil
import threading
from collections.abc import Callable
from pathlib import Path

import pytest

from curriculum_studio.storage import search
from curriculum_studio.storage.search import SearchDocument, SearchIndex, SearchPart
from curriculum_studio.storage.search_folder import current

TEXTS = 40
WORDS = ("ratio", "slope", "table", "prism", "fraction", "lemonade")


def _texts(first: int, last: int) -> list[SearchDocument]:
    parts = [
        SearchPart("a", "activity", f"Activity {n}", f"{WORDS[n % 6]} number{n} common") for n in range(last)
    ]
    return [
        SearchDocument(f"u/{n:02}.md", f"id{n}", f"Text {n}", "lesson", (parts[n],))
        for n in range(first, last)
    ]


def _made(folder: Path) -> None:
    """An index in three pieces, one of them with a text that is gone."""
    one = SearchIndex(folder)
    one.rebuild(lambda: (TEXTS - 2, _texts(0, TEXTS - 2)))
    for n in (TEXTS - 2, TEXTS - 1):
        one.later(_texts(n, n + 1), ["u/07.md"])
        one.flush()
    one.later(_texts(7, 8))
    one.close()


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("made") / "search"
    _made(folder)
    return folder


def _flipped(content: bytes, rng: random.Random) -> bytes:
    changed = bytearray(content)
    for _ in range(rng.choice([1, 1, 3, 200])):
        changed[rng.randrange(len(changed))] ^= 1 << rng.randrange(8)
    return bytes(changed)


def _patched(content: bytes, rng: random.Random) -> bytes:
    at = rng.randrange(len(content))
    return content[:at] + rng.randbytes(rng.randint(1, 600)) + content[at + rng.randint(0, 600) :]


HARMS: dict[str, Callable[[bytes, random.Random], bytes]] = {
    "flipped": _flipped,
    "patched": _patched,
    "cut": lambda content, rng: content[: rng.randrange(len(content))],
    "longer": lambda content, rng: content + rng.randbytes(rng.randint(1, 5000)),
    "emptied": lambda content, rng: b"",
    "zeroed": lambda content, rng: bytes(len(content)),
    "noise": lambda content, rng: rng.randbytes(len(content)),
    "nested": lambda content, rng: b"[" * 200_000,
    "of another shape": lambda content, rng: json.dumps(
        rng.choice([None, 7, [], {}, {"a": None}, {"a": [1]}])
    ).encode(),
    "of a stranger": lambda content, rng: pickle.dumps({"version": rng.random()}),
}


def _harm(path: Path, rng: random.Random) -> str:
    """Does something to a file, and says what."""
    kind = rng.choice([*HARMS, "gone", "a folder"])
    content = path.read_bytes()
    made = HARMS[kind](content, rng) if kind in HARMS else b""
    # What becomes shorter is another file, as tools that copy make it: a map of a file that was cut where it lies ends the program.
    if len(made) < len(content):
        path.unlink()
    if kind in HARMS:
        path.write_bytes(made)
    elif kind == "a folder":
        path.mkdir()
    return f"{path.name} {kind}"


def _unvouched(folder: Path, rng: random.Random) -> None:
    """As a power failure may leave it: whoever wrote last did not come to write down what each file is."""
    sums = json.loads((folder / "sums.json").read_text())
    for name in [name for name in sums if name.endswith(".toc") or rng.random() < 0.5]:
        del sums[name]
    (folder / "sums.json").write_text(json.dumps(sums))


QUERIES = {
    "common": TEXTS,
    "number7": 1,
    "number39": 1,
    '"prism number3"': 1,
    "=activity": TEXTS,
    "Text 9": 1,
    "": TEXTS,
}


def _answers(index: SearchIndex) -> None:
    """All texts are found, and their parts read."""
    for typed, total in QUERIES.items():
        found = index.search(typed, TEXTS)
        assert found.ready
        assert found.total == total, typed
        assert all(hit.anchor == "a" for hit in found.hits if typed)


def _answers_or_says(index: SearchIndex, opened_since: bool) -> None:
    """It answers rightly or says that it is not ready. What is damaged under a state that is open already may be found or not."""
    for typed, total in QUERIES.items():
        found = index.search(typed, TEXTS)
        assert not (found.ready and opened_since) or found.total == total, typed


# Whoosh leaves a file open that it cannot read; it closes as soon as nobody knows it any more.
@pytest.mark.filterwarnings("ignore::pytest.PytestUnraisableExceptionWarning")
@pytest.mark.parametrize("turn", range(24))
def test_whatever_is_damaged_is_said_and_made_anew(tmp_path: Path, made: Path, turn: int) -> None:
    seed = random.randrange(10**6)
    print(f"seed {seed}")
    rng = random.Random(seed)
    folder = tmp_path / "search"
    shutil.copytree(made, folder)
    within = folder / current(folder)
    running = SearchIndex(folder) if turn % 3 == 0 else None
    if running is not None:
        _answers(running)
    if turn % 2:
        _unvouched(within, rng)
    files = [path for path in (folder / "current", *sorted(within.iterdir())) if path.stat().st_size]
    print([_harm(path, rng) for path in rng.sample(files, rng.choice([1, 1, 2, len(files)]))])
    index = running or SearchIndex(folder)
    try:
        _answers_or_says(index, running is None)
        # A save comes meanwhile: it goes in, or the index is given up; the writer lives on.
        index.later(_texts(3, 4), ["u/nowhere.md"])
        assert index.flush(60)
        _answers_or_says(index, running is None)
        assert index.rebuild(lambda: (TEXTS, _texts(0, TEXTS))) == TEXTS
        _answers(index)
        index.later([SearchDocument("u/new.md", "", "Nimble", "lesson", ())])
        assert index.flush(60)
        assert [hit.path for hit in index.search("nimble").hits] == ["u/new.md"]
        assert len([path for path in folder.iterdir() if path.is_dir()]) == 1
    finally:
        index.close()


@pytest.mark.filterwarnings("ignore::pytest.PytestUnraisableExceptionWarning")
@pytest.mark.parametrize("harm", ["cut", "flipped", "pointer", "gone", "version", "unwritten", "of no state"])
def test_a_damaged_index_is_never_read(tmp_path: Path, made: Path, harm: str) -> None:
    folder = tmp_path / "search"
    shutil.copytree(made, folder)
    pointer, within = folder / "current", folder / current(folder)
    segment = max(within.glob("*.seg"), key=lambda path: path.stat().st_size)
    if harm in HARMS:
        segment.write_bytes(HARMS[harm](segment.read_bytes(), random.Random(7)))
    elif harm == "pointer":
        pointer.write_bytes(b"\xff\x00")
    elif harm == "version":
        pointer.write_text(pointer.read_text().replace('"version": ', '"version": 9'))
    elif harm == "of no state":
        _unvouched(within, random.Random(7))
        for path in within.glob("*.toc"):
            path.unlink()
    else:
        (segment if harm == "gone" else within / "sums.json").unlink()
    index = SearchIndex(folder)
    assert not index.ready
    assert not index.search("slope").ready
    told: list[tuple[int, int]] = []
    assert index.rebuild(lambda: (2, _texts(0, 2)), lambda done, total: told.append((done, total))) == 2
    assert told == [(1, 2), (2, 2)]
    assert index.search("slope").total == 1
    index.close()


def test_a_fault_of_ours_while_others_write_costs_nobody_the_index(
    tmp_path: Path, made: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """For a moment there is a state that nobody has written down yet; that is no damage."""
    shutil.copytree(made, tmp_path / "search")
    one = SearchIndex(tmp_path / "search")
    number = one.generation
    writing, go_on, keep_sums = threading.Event(), threading.Event(), search.keep_sums

    def slowly(folder: Path) -> None:
        writing.set()
        assert go_on.wait(30)
        keep_sums(folder)

    def failing(*_: object) -> None:
        raise RuntimeError("a fault of ours")

    monkeypatch.setattr(search, "keep_sums", slowly)
    one.later(_texts(TEXTS, TEXTS + 1))
    assert writing.wait(30)
    with monkeypatch.context() as patched:
        patched.setattr(search, "answer", failing)
        with pytest.raises(RuntimeError, match="a fault of ours"):
            one.search("common")
    go_on.set()
    one.flush()
    assert number
    assert one.ready
    assert one.search(f"number{TEXTS}").hits
    one.close()
