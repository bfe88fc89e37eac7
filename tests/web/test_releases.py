"""The publishing desk: for whom something changes, what stops it, notes, the way back byte for byte."""

from __future__ import annotations

import hashlib
import re
import threading
import time
from collections.abc import Callable
from pathlib import Path

import pytest
from flask import Flask

from curriculum_studio.actions.releases import begin, progress
from curriculum_studio.domain.errors import Refused
from curriculum_studio.domain.kinds import EDITIONS
from curriculum_studio.publishing.build import Report
from curriculum_studio.publishing.output import late_files
from curriculum_studio.studio import Studio
from tests.web.cast import LESSON, publish, send, signed_in

PATH = "grade-6/ratios/01-introducing-ratios.md"


def bytes_of(studio: Studio) -> dict[str, str]:
    """Every file of the three sites and the hash of its bytes; what stays for those who opened a page before aside."""
    folder = studio.settings.sites
    late = {folder / edition / name for edition in EDITIONS for name in late_files(folder / edition)}
    files = [p for p in folder.rglob("*") if p.is_file() and not p.name.startswith(".") and p not in late]
    return {p.relative_to(folder).as_posix(): hashlib.sha256(p.read_bytes()).hexdigest() for p in files}


def write(app: Flask, studio: Studio, old: str, new: str) -> None:
    text = studio.content.read(PATH).decode()
    assert old in text
    base = studio.content.blob_id(PATH)
    answer = send(
        signed_in(app, "ada"), LESSON + "/edit", LESSON + "/edit", text=text.replace(old, new, 1), base=base
    )
    assert answer.status_code == 303


def test_changes_are_told_by_reader(app: Flask, studio: Studio) -> None:
    dana = signed_in(app, "dana")
    publish(dana, note="First\nThe first of all releases.")
    page = dana.get("/publish").get_data(as_text=True)
    assert "The sites show the newest text" in page
    # Without a change there is no release, so nobody writes notes that would be lost.
    assert "Build all editions again" in page
    assert "Notes for this release" not in page
    write(
        app, studio, "## Learning goals", "::: teacher\nA note for teachers only.\n:::\n\n## Learning goals"
    )
    page = dana.get("/publish").get_data(as_text=True)
    row = page[page.index("Introducing ratios</a></th>") :].partition("</tr>")[0]
    assert 'Seen by">teachers</td>' in row
    write(app, studio, "## Warm-up", "## Lesson summary\n\nFor everybody.\n\n## Warm-up")
    page = dana.get("/publish").get_data(as_text=True)
    row = page[page.index("Introducing ratios</a></th>") :].partition("</tr>")[0]
    assert "students, families, teachers" in row
    compare = row.partition('href="')[2].partition('"')[0]
    assert "For everybody." in dana.get(compare).get_data(as_text=True)


def test_what_nobody_would_see_says_why(app: Flask, studio: Studio) -> None:
    dana = signed_in(app, "dana")
    publish(dana, note="First")
    send(dana, "/units/new", "/units/new", title="Percents", grade="6", team="")
    unit = "/units/grade-6/percents"
    send(dana, unit, f"{unit}/add", kind="lesson", title="Put aside", section="-1")
    page = dana.get("/publish").get_data(as_text=True)
    rows = {
        row.partition("</th>")[0].rpartition('">')[2].removesuffix("</a>"): row for row in page.split("<tr>")
    }
    assert "nobody: a draft" in rows["Put aside"]
    # The front page of each site lists the units.
    front = next(row for title, row in rows.items() if "tarter curriculum" in title)
    assert "students, families, teachers" in front
    assert "still stands here from the beginning" in page
    # Who works in the unit is not told that it was published already.
    team = studio.teams.add("Percents", [studio.people.by_account("ada").person.key], "p-test")
    unit_id = next(one for one in studio.curriculum()[1].units if one.folder == "grade-6/percents").facts.id
    studio.teams.own(unit_id, team.key, "p-test")
    home = signed_in(app, "ada").get("/").get_data(as_text=True)
    waiting = home.partition('id="h-waiting"')[2].partition("</section>")[0]
    assert "Not published yet." in waiting
    assert "Changed since it was published." not in waiting


def test_back_to_an_earlier_release_byte_for_byte(app: Flask, studio: Studio) -> None:
    dana = signed_in(app, "dana")
    publish(dana, note="First")
    first, version = bytes_of(studio), studio.content.published()
    assert first
    assert version
    write(app, studio, "## Warm-up", "## Lesson summary\n\nSecond thoughts.\n\n## Warm-up")
    publish(dana, note="Second")
    assert bytes_of(studio) != first
    assert "Published" in publish(dana, "/publish/back", version=version)
    assert bytes_of(studio) == first
    assert "Second thoughts" in studio.content.read(PATH).decode()
    page = dana.get("/publish").get_data(as_text=True)
    back = re.search(r"<strong>(Back to “First”, of \d+ \w+ \d{4})</strong>", page)
    assert back
    assert back.start() < page.index("<strong>Second") < page.index("<strong>First")
    # Going on to it once more gives it no longer name.
    publish(dana, "/publish/back", version=studio.content.releases(2)[1].id)
    publish(dana, "/publish/back", version=studio.content.releases(2)[1].id)
    assert studio.content.releases(1)[0].note == back[1]
    assert [e.detail.get("note") for e in studio.audit.entries() if e.act == "published"][3:] == [
        "Second",
        "First",
    ]
    for wrong in ("0" * 40, "HEAD", studio.content.tip() or ""):
        answer = send(dana, "/publish", "/publish/back", version=wrong)
        assert answer.status_code in (303, 404)
        assert bytes_of(studio) == first


def test_what_is_grave_stops_and_changes_nothing(app: Flask, studio: Studio) -> None:
    dana = signed_in(app, "dana")
    publish(dana, note="First")
    before, version = bytes_of(studio), studio.content.published()
    write(app, studio, "## Warm-up", "$\\nonsense{$ and an open fence\n\n```\n\n## Warm-up")
    page = dana.get("/publish").get_data(as_text=True)
    assert "What stops publishing" in page
    assert "disabled" in page
    assert "Nothing was published" in publish(dana, note="Second")
    assert bytes_of(studio) == before
    assert studio.content.published() == version


def test_one_at_a_time_and_told_while_it_works(studio: Studio) -> None:
    told, go = threading.Event(), threading.Event()

    def slow(tell: Callable[[str, int, int], None]) -> Report:
        time.sleep(0.35)
        tell("building", 3, 10)
        told.set()
        go.wait(120)
        raise Refused("It was only a try.")

    begin(studio, slow, wait=0.6)
    assert told.wait(120)
    now = progress(studio)
    assert now
    assert (now.working, now.step, now.done, now.total) == (True, "building", 3, 10)
    with pytest.raises(Refused, match="at work already"):
        begin(studio, slow)
    go.set()
    end = time.monotonic() + 120
    while (ended := progress(studio)) and ended.working:
        assert time.monotonic() < end
        time.sleep(0.02)
    assert ended
    assert not ended.working
    assert ended.error == "It was only a try."


def test_a_publication_that_was_killed_is_told_as_cut_off(studio: Studio, tmp_path: Path) -> None:
    assert progress(studio) is None
    (studio.settings.folder / ".publishing.json").write_text('{"working": true, "at": 1.0}')
    found = progress(studio)
    assert found
    assert not found.working
    assert "cut off" in found.error
    (studio.settings.folder / ".publishing.json").write_text("{")
    assert progress(studio) is None
