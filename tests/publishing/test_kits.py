"""What readers take along: equal sources give equal bytes, and a change touches its own unit's kit alone."""

from __future__ import annotations

import hashlib
import json
import os
import random
import re
import zipfile
from pathlib import Path

from curriculum_studio.publishing.build import publish
from curriculum_studio.publishing.output import late_files
from tests.browser.sites import small_school

WORDS = {"ratios/one": "syrup", "ratios/two": "ice", "shapes/three": "squares"}


def tree(folder: Path) -> dict[str, tuple[str, int]]:
    """Every file with its hash and when it was written."""
    return {
        path.relative_to(folder).as_posix(): (
            hashlib.sha256(path.read_bytes()).hexdigest(),
            path.stat().st_mtime_ns,
        )
        for path in sorted(folder.rglob("*"))
        if path.is_file() and path.relative_to(folder).as_posix() not in late_files(folder)
    }


def test_a_change_touches_the_kit_of_its_unit_alone(tmp_path: Path) -> None:
    publish(small_school(WORDS), tmp_path / "a")
    before = tree(tmp_path / "a/student")
    publish(small_school({**WORDS, "ratios/one": "honey"}), tmp_path / "a")
    after = tree(tmp_path / "a/student")
    written = {name for name in after if after[name] != before.get(name)}
    assert {name for name in written if not name.startswith("search/")} == {
        "ratios/one/index.html", "ratios/print/index.html", "ratios/unit.json", "ratios/unit.zip", "release.json",
    }  # fmt: skip
    publish(small_school({**WORDS, "ratios/one": "honey"}), tmp_path / "b")
    assert {n: row[0] for n, row in tree(tmp_path / "b/student").items()} == {
        n: row[0] for n, row in after.items()
    }


def test_lists_tell_the_truth(tmp_path: Path) -> None:
    publish(small_school(WORDS), tmp_path)
    site = tmp_path / "student"
    release = json.loads((site / "release.json").read_bytes())
    assert set(release["units"]) == {"ratios/", "shapes/"}
    for unit, digest in release["units"].items():
        content = (site / unit / "unit.json").read_bytes()
        assert hashlib.sha256(content).hexdigest().startswith(digest)
        files = json.loads(content)["files"]
        assert {f"{unit}", *(f"{path}/" for path in WORDS if path.startswith(unit))} <= set(files)
        for name, expected in files.items():
            path = site / (f"{name}index.html" if name.endswith("/") else name)
            assert hashlib.sha256(path.read_bytes()).hexdigest() == expected, name


def test_a_withdrawn_unit_leaves_no_kit(tmp_path: Path) -> None:
    publish(small_school(WORDS), tmp_path)
    publish(small_school({"shapes/three": "squares"}), tmp_path)
    site = tmp_path / "student"
    assert not (site / "ratios").exists()
    assert set(json.loads((site / "release.json").read_bytes())["units"]) == {"shapes/"}


def test_only_the_student_edition_is_taken_along(tmp_path: Path) -> None:
    publish(small_school(WORDS), tmp_path, ("student", "family", "teacher"))
    for edition in ("family", "teacher"):
        names = {path.name for path in (tmp_path / edition).rglob("*")}
        assert not names & {"unit.zip", "unit.json", "release.json", "worker.js", "site.webmanifest"}


def test_a_zip_is_whole_and_of_one_time(tmp_path: Path) -> None:
    publish(small_school(WORDS), tmp_path)
    with zipfile.ZipFile(tmp_path / "student/ratios/unit.zip") as archive:
        assert archive.testzip() is None
        assert {row.date_time for row in archive.infolist()} == {(1980, 1, 1, 0, 0, 0)}
        assert archive.namelist() == sorted(archive.namelist())
        for name in archive.namelist():
            if name.endswith(".html"):
                assert not re.search(
                    r"worker|webmanifest|offline\.|unit\.zip|shapes", archive.read(name).decode()
                ), name


PARTS = (
    "## Warm-up {{#w minutes=10}}\n### Student task\nSay {word} twice.\n",
    "## Activity: {word} {{#a minutes=20}}\n### Launch\nShow {word}.\n### Student task\nDraw $\\frac{{{number}}}{{4}}$ of {word}.\n"
    "#### Solution\nThe {word} is $x = {number}$.\n",
    "## Cool-down {{#c minutes=5}}\n### Student task\nWhy {word}?\n#### Solution\nBecause {number}.\n",
    "## Practice problems {{#p}}\n### Problem {{#q}}\nHow many of {word}?\n#### Answer\n{number}\n",
    "## Lesson summary\nSee [the one before](01.md) and $\\sqrt{{{number}}}$ of {word}.\n",
)


def lesson(rng: random.Random, name: str) -> bytes:
    """A lesson whose title never changes, with some of the parts that its sheets are cut from."""
    words = ("syrup", "zebra", "quilt", "ice", "xylophone", "cups", "naïve", "7th")
    body = "".join(
        part.format(word=rng.choice(words), number=rng.randrange(2, 90))
        for part in PARTS
        if rng.random() < 0.75
    )
    return f"---\nid: lesson-{name}\ntitle: Lesson {name}\nminutes: 30\n---\n{body}".encode()


def test_kits_that_follow_changed_texts_are_those_of_a_fresh_build(tmp_path: Path) -> None:
    trials = 40 if os.environ.get("CAMPAIGN") else 4
    for seed in range(trials):
        rng = random.Random(seed)
        names = ["01", "02", "03", "04"]
        unit = f"---\nid: unit-u\ntitle: Unit\ngrade: 6\nsections: [{{title: All, lessons: [{', '.join(names)}]}}]\n---\n"
        files = {
            "curriculum.md": b"---\nid: the-root\ntitle: School\nlanguage: en\nformat: 1\n---\nWelcome.\n",
            "u/unit.md": unit.encode(),
            **{f"u/{name}.md": lesson(rng, name) for name in names},
        }
        publish(files, tmp_path / f"a{seed}", ("student", "teacher"))
        for step in range(6):
            for name in rng.sample(names, rng.randint(1, 2)):
                files[f"u/{name}.md"] = lesson(rng, name)
            assert publish(files, tmp_path / f"a{seed}", ("student", "teacher")).done
            publish(files, tmp_path / f"b{seed}-{step}", ("student", "teacher"))
            for edition in ("student", "teacher"):
                grown, fresh = (
                    {name: row[0] for name, row in tree(tmp_path / folder / edition).items()}
                    for folder in (f"a{seed}", f"b{seed}-{step}")
                )
                assert grown == fresh, f"seed {seed}, step {step}"


def test_a_changed_text_leaves_the_sheets_of_other_lessons_as_they_stand(tmp_path: Path) -> None:
    publish(small_school(WORDS), tmp_path, ("student", "teacher"))
    booklets = [tmp_path / edition / "ratios/print/index.html" for edition in ("student", "teacher")]
    for booklet in booklets:
        text = booklet.read_text("utf-8")
        assert "of ice" in text
        booklet.write_text(text.replace("of ice", "of ICE"), "utf-8")
    publish(small_school({**WORDS, "ratios/one": "honey"}), tmp_path, ("student", "teacher"))
    for booklet in booklets:
        assert "honey" in booklet.read_text("utf-8")
        assert "of ICE" in booklet.read_text("utf-8")


def test_a_damaged_kit_is_made_anew(tmp_path: Path) -> None:
    publish(small_school(WORDS), tmp_path)
    (tmp_path / "student/ratios/unit.zip").write_bytes(b"no zip")
    (tmp_path / "student/ratios/print/index.html").write_text("no booklet")
    publish(small_school({**WORDS, "ratios/one": "honey"}), tmp_path)
    with zipfile.ZipFile(tmp_path / "student/ratios/unit.zip") as archive:
        assert archive.testzip() is None
        assert b"honey" in archive.read("ratios/ratios/one/index.html")
    assert "honey" in (tmp_path / "student/ratios/print/index.html").read_text("utf-8")
