"""Looking back through the pages: by person, named, compared as rendered, a part or a unit brought back, undone."""

from __future__ import annotations

import re
from datetime import UTC, datetime

from flask import Flask

from curriculum_studio.storage.content_changes import Author, Change
from curriculum_studio.studio import Studio
from tests.web.cast import LESSON, send, signed_in

PATH = "grade-6/ratios/01-introducing-ratios.md"


def write(app: Flask, studio: Studio, name: str, old: str, new: str) -> str:
    """Changes words of the lesson in somebody's name; gives the version."""
    text = studio.content.read(PATH).decode()
    assert old in text
    answer = send(
        signed_in(app, name), LESSON + "/edit", LESSON + "/edit", text=text.replace(old, new, 1),
        base=studio.content.blob_id(PATH), note=f"{name} wrote {new[:20]}",
    )  # fmt: skip
    assert answer.status_code == 303
    tip = studio.content.tip()
    assert tip
    return tip


def test_by_person_and_by_name(app: Flask, studio: Studio) -> None:
    ada = signed_in(app, "ada")
    first = write(app, studio, "ada", "## Warm-up", "Words of Ada.\n\n## Warm-up")
    write(app, studio, "carla", "Words of Ada.", "Words of Ada. Words of Carla.")
    page = ada.get(f"{LESSON}/history").get_data(as_text=True)
    assert page.index("carla wrote") < page.index("ada wrote") < page.index("The starter curriculum")
    key = studio.people.by_account("ada").person.key
    only = ada.get(f"{LESSON}/history?by={key}").get_data(as_text=True)
    assert "ada wrote" in only
    assert "carla wrote" not in only
    send(ada, f"{LESSON}/history", f"{LESSON}/history/name", version=first, name="First <pilot>")
    assert "First &lt;pilot&gt;" in ada.get(f"{LESSON}/history").get_data(as_text=True)
    whole = ada.get("/units/grade-6/ratios/unit/history?whole=yes").get_data(as_text=True)
    assert "carla wrote" in whole
    who = ada.get(f"{LESSON}/who").get_data(as_text=True)
    assert re.search(r"Carla.*?Words of Carla", who, re.DOTALL)
    # The header stands folded above the words, and marks of headings and addresses of links do not show.
    particulars, words = who.split("</details>")
    assert "Minutes: 50" in particulars
    assert "Minutes: 50" not in words
    assert "<strong>Warm-up" in words
    assert "## " not in words
    assert re.search(r"They describe the\s+same picture", words), "words of two lines stay apart"
    assert "glossary.md#" not in words


def test_compared_as_readers_see_it(app: Flask, studio: Studio) -> None:
    start = studio.content.tip()
    write(app, studio, "ada", "## Warm-up", "New words with $\\frac{3}{4}$ and <b>.\n\n## Warm-up")
    ada = signed_in(app, "ada")
    page = ada.get(f"{LESSON}/compare?from={start}&as=teacher").get_data(as_text=True)
    added = re.search(r"<ins>.*?New words with.*?</ins>", page, re.DOTALL)
    assert added
    assert "<math" in added[0]
    assert "</math>" in added[0]
    assert "<b>" not in page
    for edition in ("student", "family", "nobody", ""):
        assert ada.get(f"{LESSON}/compare?from={start}&as={edition}").status_code == 200


def test_every_word_is_in_words_and_the_newest_version_is_the_texts_own(app: Flask, studio: Studio) -> None:
    start = studio.content.tip()
    write(app, studio, "ada", "minutes: 50", "minutes: 55")
    ada = signed_in(app, "ada")
    send(
        ada, "/units/grade-6/ratios", "/units/grade-6/ratios/add", kind="lesson", title="Another", section="0"
    )
    page = ada.get(f"{LESSON}/compare?from={start}&as=words").get_data(as_text=True)
    shown = page.partition('class="diff"')[2].partition("Bring something back")[0]
    assert re.search(r"Minutes: <del>.*?50</del><ins>.*?55</ins>\nBuilds on: 4\.OA\.A\.2", shown)
    for mark in ("---", "k7f3q9m2", "building-on", "[^", "$", "**"):
        assert mark not in shown, mark
    # A lesson that somebody added since is no version of this one.
    assert "ada wrote" in page.partition('id="to"')[2].partition(" selected")[2].partition("</option>")[0]
    # What nobody reads is said to be nothing.
    before = studio.content.tip()
    write(app, studio, "ada", "## Warm-up", "\n\n## Warm-up")
    assert "Nothing changed that anybody reads" in ada.get(
        f"{LESSON}/compare?from={before}&as=words"
    ).get_data(as_text=True)


def test_a_part_comes_back_and_goes_again(app: Flask, studio: Studio) -> None:
    ada = signed_in(app, "ada")
    start = studio.content.tip()
    assert start
    before = studio.content.read(PATH).decode()
    part = re.search(r"^## [^\n]*\{#([\w-]+)", before, re.MULTILINE)
    assert part
    heading = before[part.start() : before.index("\n", part.start())]
    write(app, studio, "ada", heading, heading + "\n\nAn idea that did not work.")
    write(app, studio, "ada", "## Learning goals", "A good idea.\n\n## Learning goals")
    answer = send(ada, f"{LESSON}/history", f"{LESSON}/restore", version=start, part=part[1])
    now = studio.content.read(PATH).decode()
    assert "did not work" not in now
    assert now == before.replace("## Learning goals", "A good idea.\n\n## Learning goals", 1)
    undo = answer.headers["Location"]
    assert "undo=" in undo
    assert "Undo this" in ada.get(undo).get_data(as_text=True)
    send(ada, undo, f"{LESSON}/restore", version=undo.partition("undo=")[2].partition("&")[0])
    assert "did not work" in studio.content.read(PATH).decode()


def test_a_part_that_was_deleted_comes_back_in_its_place(app: Flask, studio: Studio) -> None:
    ada = signed_in(app, "ada")
    start = studio.content.tip()
    assert start
    before = studio.content.read(PATH).decode()
    ids = re.findall(r"^## [^\n]*\{#([\w-]+)", before, re.MULTILINE)
    starts = [m.start() for m in re.finditer(r"^## ", before, re.MULTILINE)]
    at = before.index("## ", before.index("{#" + ids[1]) - 60)
    following = next(s for s in [*starts, len(before)] if s > before.index("{#" + ids[1]))
    write(app, studio, "ada", before[at:following], "")
    send(ada, f"{LESSON}/history", f"{LESSON}/restore", version=start, part=ids[1])
    assert studio.content.read(PATH).decode().split() == before.split()


def test_a_unit_as_of_a_day_and_back(app: Flask, studio: Studio) -> None:
    ada = signed_in(app, "ada")
    start = studio.content.tip()
    assert start
    before = {path: studio.content.read(path) for path in studio.snapshot()}
    write(app, studio, "ada", "## Warm-up", "Later.\n\n## Warm-up")
    send(ada, "/units/grade-6/ratios", "/units/grade-6/ratios/add", kind="lesson", title="New", section="0")
    today = datetime.now(UTC).date().isoformat()
    page = ada.get(f"/units/grade-6/ratios/as-of?day={today}").get_data(as_text=True)
    assert "New" in page
    assert "did not stand here yet" in ada.get("/units/grade-6/ratios/as-of?day=2001-01-01").get_data(
        as_text=True
    )
    assert ada.get("/units/grade-6/ratios/as-of?day=x").status_code == 200
    assert ada.get(f"{LESSON}?version={start}").status_code == 200
    assert "Later." not in ada.get(f"{LESSON}?version={start}&edition=teacher").get_data(as_text=True)
    back = send(ada, "/units/grade-6/ratios", "/units/grade-6/ratios/as-of", version=start)
    assert "Undo this" in ada.get(back.headers["Location"]).get_data(as_text=True)
    now = {path: studio.content.read(path) for path in studio.snapshot()}
    assert {path: now[path] for path in before} == before
    assert "grade-6/ratios/13-new.md" in now
    ben = signed_in(app, "ben")
    assert ben.get("/units/grade-6/ratios/as-of?day=" + today).status_code == 200
    assert send(ben, "/", "/units/grade-6/ratios/as-of", version=start).status_code == 404


def test_every_word_names_no_lesson_of_a_private_unit(app: Flask, studio: Studio) -> None:
    """A text that all read may name one by its short name: who may not read the lesson reads no more of it than that."""
    ada, ben = signed_in(app, "ada"), signed_in(app, "ben")
    facts = studio.curriculum()[1].facts[PATH]
    start, text, author = studio.content.tip(), studio.content.read("glossary.md"), Author("Test", "p-test")
    for words in ("First words", "Other words"):
        told = text + f"\n{words} {{from={facts.id}}}\n".encode()
        change = Change("glossary.md", told, studio.content.blob_id("glossary.md"))
        studio.content.save([change], author, "", datetime.now(UTC))
        if words == "First words":
            ben.get("/units/glossary")
    team = next(one for one in studio.teams.all() if one.name == "Ratios")
    studio.teams.change(team.key, team.name, team.members, "p-test", private=True)
    compare = f"compare?from={start}&as=words"
    for address in (compare, "since?as=words", "who"):
        page = ben.get(f"/units/glossary/{address}").get_data(as_text=True)
        assert f"(from “{facts.id}”)" in page, address
        assert facts.title not in page, address
    assert f"(from “{facts.title}”)" in ada.get(f"/units/glossary/{compare}").get_data(as_text=True)
