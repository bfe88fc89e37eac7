"""The law of editions: what an edition does not show leaves no trace in it, however it is hidden."""

from __future__ import annotations

import os
import re
import unicodedata
from html import unescape
from pathlib import Path

import pytest

from curriculum_studio.publishing.build import Report, publish
from tests.laws.twins import CANARY, Maker

TRIALS = 1000 if os.environ.get("CAMPAIGN") else 300


def bundle(snapshot: dict[str, bytes], out: Path, edition: str) -> tuple[dict[str, bytes], Report]:
    """All files of an edition, and what publishing it said."""
    report = publish(snapshot, out, (edition,))  # type: ignore[arg-type]
    folder = out / edition
    files = {p.relative_to(folder).as_posix(): p.read_bytes() for p in folder.rglob("*") if p.is_file()}
    return files, report


def readable(content: bytes) -> str:
    """The letters of a file without tags, folded, so that a word set letter by letter is still found."""
    text = unescape(re.sub(r"<[^>]*>", "", content.decode("utf-8", "ignore")))
    folded = unicodedata.normalize("NFKD", text).casefold()
    return "".join(ch for ch in folded if ch.isalnum())


def without_grave(snapshot: dict[str, bytes]) -> dict[str, bytes]:
    """The snapshot; twins use definitions out of reach on purpose, which is grave and stops a release."""
    lesson = snapshot["grade-6/one.md"].decode()
    for label in ("[hid]: https://example.org/" + CANARY, "[^t]: " + CANARY, "[^z]: " + CANARY):
        lesson = lesson.replace(label, "")
    return {**snapshot, "grade-6/one.md": lesson.replace("[plan][p]", "plan").encode()}


def test_twins_give_equal_bundles(tmp_path: Path) -> None:
    compared = 0
    for seed in range(TRIALS):
        plain = without_grave(Maker(seed, hidden=False).snapshot())
        strewn = without_grave(Maker(seed, hidden=True).snapshot())
        for edition in ("student", "family"):
            one, first = bundle(plain, tmp_path / f"a{seed}", edition)
            two, second = bundle(strewn, tmp_path / f"b{seed}", edition)
            graves = [f.as_text() for r in (first, second) for f in r.findings if f.severity == "grave"]
            assert not graves, f"seed {seed}: {graves}"
            assert one.keys() == two.keys(), f"seed {seed}, {edition}"
            for path in one:
                assert one[path] == two[path], f"seed {seed}, {edition}, {path}"
            for path, content in two.items():
                assert CANARY not in readable(content), f"seed {seed}, {edition}, {path}"
                assert CANARY not in path, f"seed {seed}, {edition}, {path}"
            compared += 1
    assert compared == 2 * TRIALS


def test_teachers_see_what_is_theirs(tmp_path: Path) -> None:
    seen = 0
    for seed in range(20):
        strewn = without_grave(Maker(seed, hidden=True).snapshot())
        files, _ = bundle(strewn, tmp_path / f"t{seed}", "teacher")
        seen += CANARY in readable(files["grade-6/one/index.html"])
    assert seen >= 18


@pytest.mark.parametrize("seed", range(5))
def test_twins_do_differ(seed: int) -> None:
    plain, strewn = Maker(seed, hidden=False).snapshot(), Maker(seed, hidden=True).snapshot()
    assert plain != strewn
    assert any(CANARY.encode() in content for content in strewn.values())
