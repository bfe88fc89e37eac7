"""Law of releases: whatever was edited, released and taken back, the sites are those of a publish from nothing."""

from __future__ import annotations

import os
import random
from contextlib import closing
from datetime import UTC, datetime
from pathlib import Path

from curriculum_studio.actions.releases import EDITIONS, publish_release, releases, take_back
from curriculum_studio.actions.workspaces import new_workspace
from curriculum_studio.domain.people import Person
from curriculum_studio.publishing.build import publish
from curriculum_studio.storage.content_changes import Author, Change
from curriculum_studio.studio import Studio, open_studio
from tests.laws.test_builds import change, drop_orphans, school, tree

LEAD = Person("p-studio", "Curriculum Studio", "lead")
WRITER = Author("Ada", "p-ada")


def save(studio: Studio, files: dict[str, str]) -> None:
    """Makes the working text these files."""
    snapshot = studio.snapshot()
    paths = sorted({*files, *snapshot})
    changes = [
        Change(path, files[path].encode() if path in files else None, snapshot.blobs.get(path))
        for path in paths
        if path not in snapshot or path not in files or files[path].encode() != snapshot[path]
    ]
    if changes:
        studio.content.save(changes, WRITER, "Edited", datetime.now(UTC))


def small_edit(rng: random.Random, files: dict[str, str]) -> None:
    """An edit that no other page can see, as most are."""
    path = rng.choice([p for p in files if "/" in p and "unit.md" not in p and ".es." not in p])
    files[path] = files[path].replace("bye", f"bye {rng.randrange(100)}", 1)


def test_releases_and_the_way_back_equal_a_fresh_publish(tmp_path: Path) -> None:
    seed = random.randrange(10**9)
    rng = random.Random(seed)
    compared = 0
    for trial in range(20 if os.environ.get("CAMPAIGN") else 2):
        files = school(rng)
        work = tmp_path / f"work{trial}"
        new_workspace(work, {path: text.encode() for path, text in files.items()})
        studio = open_studio(work)
        for step in range(10):
            told = f"seed {seed}, trial {trial}, step {step}"
            if rng.random() < 0.15:
                # Another process: nothing is remembered but what lies on the disk.
                studio.close()
                studio = open_studio(work)
            past = releases(studio)
            before = tree(studio.settings.sites)
            if past and rng.random() < 0.3:
                report = take_back(studio, LEAD, rng.choice(past).id)
                assert report.done, told
            else:
                for _ in range(rng.randint(1, 2)):
                    rng.choice([small_edit, small_edit, change])(rng, files)
                drop_orphans(files)
                save(studio, files)
                report = publish_release(studio, LEAD, "Released")
            sites = tree(studio.settings.sites)
            if not report.done:
                assert sites == before, told
                continue
            fresh = tmp_path / f"fresh{trial}-{step}"
            publish(dict(studio.snapshot(studio.content.published())), fresh, EDITIONS)
            assert sites == tree(fresh), f"{told}: {set(sites.items()) ^ set(tree(fresh).items())}"
            compared += 1
        studio.close()
    assert compared > 8, f"seed {seed}"


def test_a_release_of_one_lesson_writes_what_changed_alone(tmp_path: Path) -> None:
    files = school(random.Random(1))
    new_workspace(tmp_path / "work", {path: text.encode() for path, text in files.items()})
    with closing(open_studio(tmp_path / "work")) as studio:
        assert publish_release(studio, LEAD, "First").built > 3
        first, version = tree(studio.settings.sites), studio.content.published()
        files["a/01.md"] = files["a/01.md"].replace("bye", "farewell", 1)
        save(studio, files)
        report = publish_release(studio, LEAD, "Second")
        # The cool-down is not in the family edition.
        assert (report.built, report.removed) == (2, 0)
        second = tree(studio.settings.sites)
        differ = {path for path in {*first, *second} if first.get(path) != second.get(path)}
        assert not any("/b/" in path for path in differ)
        # The unit's own print pages and its zip hold the lesson too; no other lesson's page is touched.
        pages = {path for path in differ if path.endswith("/index.html") and "/print/" not in path}
        assert pages == {f"{edition}/a/01/index.html" for edition in ("student", "teacher")}
        assert version is not None
        assert take_back(studio, LEAD, version).built == 2
        assert tree(studio.settings.sites) == first
