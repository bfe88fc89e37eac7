"""What readers take along: equal sources give equal bytes, and a change touches its own unit's kit alone."""

from __future__ import annotations

import hashlib
import json
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
