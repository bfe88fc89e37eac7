"""The studio's search: what is found however it is typed, what narrows it down, and how the index heals."""

from __future__ import annotations

import random
import shutil
import threading
import time
from collections.abc import Iterable, Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from curriculum_studio.actions import search as finding
from curriculum_studio.actions.lessons import read_lesson, save_version
from curriculum_studio.actions.search import Ask, find, rebuild_search, search_document
from curriculum_studio.domain.errors import NotFound
from curriculum_studio.domain.people import Person
from curriculum_studio.storage.search import (
    Found,
    SearchDocument,
    SearchIndex,
    SearchPart,
    Source,
    Standing,
)
from curriculum_studio.studio import Studio
from curriculum_studio.web.search import desk
from tests.storage.test_search_damage import HARMS
from tests.web.cast import app_of, opened, signed_in

RATIOS = b"""---
id: ratio001
title: Equivalent ratios in recipes
standards:
  addressing: [6.RP.A.3]
---

## Warm-up: Fruit punch {#warm-up}

### Student task

Mix $\\frac{3}{4}$ cup of juice. The ratio of cups to spoons is two to one.

## Cool-down: Lemonade {#cool-down}

### Student task

Is the lemonade the same <b>bold</b>?
"""
LINES = b"""---
id: lines001
title: Lines
standards:
  addressing: [CCSS.MATH.CONTENT.8.EE.B.6]
---

## Activity 1: Slope {#slope}

### Student task

The equation $y = mx + b$ has the slope $m$. Cups of every ratio.
"""


def document(path: str, content: bytes) -> SearchDocument:
    return search_document(path, content, path.encode().hex()[:8], ("p-ada", "Ada"))


DOCUMENTS = (document("grade-6/a/01-ratios.md", RATIOS), document("grade-8/b/01-lines.md", LINES))


def source(documents: Iterable[SearchDocument] = DOCUMENTS) -> Source:
    rows = list(documents)
    return lambda: (len(rows), rows)


@pytest.fixture
def index(tmp_path: Path) -> Iterator[SearchIndex]:
    one = SearchIndex(tmp_path / "search")
    one.rebuild(source())
    yield one
    one.close()


def paths(found: Found) -> list[str]:
    return [hit.path.rpartition("/")[2] for hit in found.hits]


@pytest.mark.parametrize(
    "code", ["6.RP.3", "6.RP.A.3", "CCSS.MATH.CONTENT.6.RP.A.3", "6.rp.a.3", "6RP3", "6.RP", "6.RP.A"]
)
def test_codes_in_every_form(index: SearchIndex, code: str) -> None:
    assert paths(index.search(code)) == ["01-ratios.md"]


@pytest.mark.parametrize(
    ("typed", "expected"),
    [
        ("recipe", ["01-ratios.md"]),
        ("exit ticket", ["01-ratios.md"]),
        ("exit ticket lemonade", ["01-ratios.md"]),
        ("3/4", ["01-ratios.md"]),
        (r"\frac{3}{4}", ["01-ratios.md"]),
        ("3/4 cup", ["01-ratios.md"]),
        ("y = mx + b", ["01-lines.md"]),
        ("y=mx+b", ["01-lines.md"]),
        ("slope y = mx+b", ["01-lines.md"]),
        ('"ratio of cups"', ["01-ratios.md"]),
        ('"cups of ratio"', []),
        ("“two to one”", ["01-ratios.md"]),
        ("lemona", ["01-ratios.md"]),
        ("8.EE.6", ["01-lines.md"]),
        ("y", ["01-lines.md"]),
        ("m y", ["01-lines.md"]),
        ("<script>", []),
        ('"', ["01-lines.md", "01-ratios.md"]),
        ("\\", []),
    ],
)
def test_what_is_found(index: SearchIndex, typed: str, expected: list[str]) -> None:
    found = index.search(typed)
    assert found.ready
    if typed == "\\":
        return
    if typed == '"':
        assert sorted(paths(found)) == expected
    else:
        assert paths(found) == expected


def test_mistyped_words_are_put_right_and_said(index: SearchIndex) -> None:
    found = index.search("equivelent ratios")
    assert paths(found) == ["01-ratios.md"]
    assert found.corrected == "equivalent ratios"
    assert index.search("equivalent ratios").corrected == ""


def test_some_of_the_words(index: SearchIndex) -> None:
    found = index.search("slope lemonade")
    assert found.some
    assert sorted(paths(found)) == ["01-lines.md", "01-ratios.md"]
    found = index.search("slope xyzzyxyzzy")
    assert found.some
    assert found.missing == ("xyzzyxyzzy",)


def test_snippets_are_pieces_that_lead_to_their_part(index: SearchIndex) -> None:
    hit = index.search("lemonade bold").hits[0]
    assert hit.anchor == "cool-down"
    assert "lemonade" in [piece.text for piece in hit.pieces if piece.marked]
    assert "<b " not in hit.snippet
    hit = index.search("3/4").hits[0]
    assert hit.anchor == "warm-up"
    assert [piece.text for piece in hit.pieces if piece.marked] == ["3/4"]
    assert index.search("6.RP.A.3").hits[0].pieces


def test_filters_and_counts(index: SearchIndex) -> None:
    standings = {
        one.path: Standing(one.path[6], one.path[:9], "lesson", one.codes, "p-ada", state)
        for one, state in zip(DOCUMENTS, ("draft", "changed"), strict=True)
    }
    found = index.search("cups", standings=standings)
    assert found.total == 2
    assert found.facets["grade"] == (("6", 1), ("8", 1))
    found = index.search("cups", standings=standings, filters={"grade": frozenset("6")})
    assert paths(found) == ["01-ratios.md"]
    assert found.facets["grade"] == (("6", 1), ("8", 1))
    assert found.facets["state"] == (("draft", 1),)
    assert index.search("", standings=standings, filters={"grade": frozenset("9")}).total == 0
    hidden = {DOCUMENTS[0].path: standings[DOCUMENTS[0].path]}
    assert index.search("equation", standings=hidden).total == 0
    assert index.search("equasion", standings=hidden).corrected == ""


def test_ties_follow_the_path(index: SearchIndex) -> None:
    same = [SearchDocument(f"x/{n:02d}.md", "", "Twin", "lesson", (), ()) for n in (7, 3, 5)]
    index.later(same)
    assert index.flush(120)
    assert [hit.path for hit in index.search("twin").hits] == ["x/03.md", "x/05.md", "x/07.md"]


def test_updates_return_at_once_and_are_joined(index: SearchIndex) -> None:
    gate = threading.Event()

    def slow() -> Iterator[SearchDocument]:
        gate.wait(120)
        yield document("z/slow.md", b"---\ntitle: Slowpoke\n---\nSlowly.")

    began = time.perf_counter()
    index.later(slow())
    for n in range(20):
        part = SearchPart("", "", "", f"Turn number{n}")
        index.later([SearchDocument("z/same.md", "", "Same", "lesson", (part,))])
    index.later([], ["grade-8/b/01-lines.md"])
    # It would wait for the gate otherwise, which nobody has opened yet.
    assert time.perf_counter() - began < 60
    assert index.pending
    assert paths(index.search("slope")) == ["01-lines.md"]
    gate.set()
    assert index.flush(120)
    assert not index.pending
    assert paths(index.search("slowpoke")) == ["slow.md"]
    assert paths(index.search("number19")) == ["same.md"]
    assert index.search('"turn number18"').total == 0
    assert not any("lines" in path for path in index.cards())


def test_many_updates_keep_every_text(index: SearchIndex) -> None:
    for n in range(40):
        index.later([SearchDocument(f"m/{n % 30:02d}.md", "", f"Title {n}", "lesson", ())])
        assert index.flush(120)
    cards = index.cards()
    assert len(cards) == 32
    assert cards["m/05.md"].title == "Title 35"
    assert index.search("title").total == 30


def test_a_writer_outlives_a_text_that_cannot_be_read(index: SearchIndex) -> None:
    def broken() -> Iterator[SearchDocument]:
        raise NotFound("It went while search was about to read it.")
        yield

    index.later(broken())
    index.later([SearchDocument("n/1.md", "", "Nimble", "lesson", ())])
    assert index.flush(120)
    assert paths(index.search("nimble")) == ["1.md"]


def test_a_fault_of_the_program_costs_nobody_the_index(
    index: SearchIndex, monkeypatch: pytest.MonkeyPatch
) -> None:
    with monkeypatch.context() as patch:
        patch.setattr("curriculum_studio.storage.search.answer", lambda *args: 1 // 0)
        with pytest.raises(ZeroDivisionError):
            index.search("slope")
    assert index.ready
    with monkeypatch.context() as patch:
        patch.setattr("curriculum_studio.storage.search.fields_of", lambda one: 1 // 0)
        index.later([SearchDocument("n/1.md", "", "Nimble", "lesson", ())])
        assert index.flush(120)
    assert paths(index.search("slope")) == ["01-lines.md"]


def test_close_writes_what_was_asked(tmp_path: Path) -> None:
    first = SearchIndex(tmp_path)
    first.rebuild(source())
    first.later([SearchDocument("n/1.md", "", "Nimble", "lesson", ())])
    first.close()
    second = SearchIndex(tmp_path)
    assert paths(second.search("nimble")) == ["1.md"]
    second.close()


def test_readers_go_on_while_all_is_made_anew(index: SearchIndex) -> None:
    go, begun = threading.Event(), threading.Event()

    def slowly() -> Iterator[SearchDocument]:
        begun.set()
        go.wait(20)
        yield DOCUMENTS[0]

    done = index.rebuild_later(lambda: (1, slowly()))
    assert begun.wait(20)
    assert index.progress == (0, 1)
    assert paths(index.search("slope")) == ["01-lines.md"]
    go.set()
    assert done.result(20) == 1
    assert index.search("slope").total == 0


def test_two_processes_see_each_others_texts(tmp_path: Path) -> None:
    first, second = SearchIndex(tmp_path), SearchIndex(tmp_path)
    first.rebuild(source())
    assert second.search("slope").total == 1
    second.later([SearchDocument("n/1.md", "", "Nimble", "lesson", ())])
    assert second.flush(120)
    first._looked = 0
    assert first.search("nimble").total == 1
    first.close()
    second.close()


@pytest.fixture(scope="module")
def studio(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Studio]:
    one = opened(tmp_path_factory.mktemp("search"))
    rebuild_search(one)
    yield one
    one.close()


def test_every_working_text_is_found(studio: Studio) -> None:
    kinds = dict(find(studio, Ask("")).found.facets["kind"])
    assert {"lesson", "unit", "glossary", "charter", "curriculum"} <= kinds.keys()
    _, curriculum = studio.curriculum()
    assert set(studio.search.cards()) == set(curriculum.facts)


def test_a_save_is_found_and_stands_where_it_should(studio: Studio) -> None:
    path = "grade-6/ratios/01-introducing-ratios.md"
    lesson = read_lesson(studio, path)
    ada = studio.people.samples()[0][1]
    text = lesson.text.replace("Lena's snowball", "Quokka's snowball")
    assert text != lesson.text
    save_version(studio, ada, path, text, lesson.blob, "A quokka")
    studio.search.flush(120)
    answer = find(studio, Ask("quokka", {"person": frozenset([ada.key])}))
    assert [hit.path for hit in answer.found.hits] == [path]
    assert answer.people[ada.key] == ada.name
    assert dict(answer.found.facets["state"]) == {"in-unit": 1}
    assert find(studio, Ask("quokka"), lambda one: not one.startswith("grade-6/")).found.total == 0
    # What follows a save by what changed is what is worked out from all.
    found = finding._where_all_stand(studio)
    finding._known.clear()
    assert finding._where_all_stand(studio) == found


def test_what_was_missed_is_followed(studio: Studio, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("curriculum_studio.actions.lessons.index_lesson", lambda *args: None)
    path = "grade-6/ratios/01-introducing-ratios.md"
    lesson = read_lesson(studio, path)
    dana = Person("p-dana", "Dana", "lead")
    save_version(studio, dana, path, lesson.text + "\nXylophone.\n", lesson.blob, "x")
    find(studio, Ask("xylophone"))
    studio.search.flush(120)
    assert find(studio, Ask("xylophone")).found.total == 1


def test_a_save_where_there_is_no_index_makes_it(tmp_path: Path) -> None:
    one = opened(tmp_path)
    path = "grade-6/ratios/01-introducing-ratios.md"
    lesson = read_lesson(one, path)
    dana = next(person for account, person in one.people.samples() if account == "dana")
    save_version(one, dana, path, lesson.text + "\nXylophone.\n", lesson.blob, "x")
    assert one.search.flush(60)
    assert one.search.search("xylophone").total == 1
    assert len(one.search.cards()) == len(one.curriculum()[1].facts)
    one.close()


def test_the_pages(studio: Studio) -> None:
    app = app_of(studio)
    if "search" not in app.blueprints:
        app.register_blueprint(desk)
    ada = signed_in(app, "ada")
    page = ada.get("/search?q=equivelent").get_data(as_text=True)
    assert "Showing results for <strong>equivalent</strong>" in page
    assert "<mark>equivalent</mark>" in page
    part = ada.get("/search/results?q=exit+ticket&grade=6")
    assert part.headers["HX-Replace-Url"] == "/search?q=exit+ticket&grade=6"
    text = part.get_data(as_text=True)
    assert "<html" not in text
    assert "/units/grade-6/" in text
    assert "Cool-down" in text
    assert "#" in ada.get("/search/results?q=how+much+for+one").get_data(as_text=True)
    hostile = ada.get(
        "/search?q=%3Cscript%3Ealert(1)%3C/script%3E&grade=%22%3E%3Cb%3E&page=99999999&unit=%00"
    )
    assert hostile.status_code == 200
    assert "<script>alert" not in hostile.get_data(as_text=True)
    assert '"><b>' not in hostile.get_data(as_text=True)


def test_states_are_named_in_the_page() -> None:
    from curriculum_studio.web import search as page

    assert set(page._STATES) == set(finding.STATES)


@pytest.mark.filterwarnings("ignore::pytest.PytestUnraisableExceptionWarning")
def test_people_are_told_plainly_of_damage_and_find_again(studio: Studio, tmp_path: Path) -> None:
    seed = random.randrange(10**6)
    print(f"seed {seed}")
    rng = random.Random(seed)
    folder = tmp_path / "search"
    shutil.copytree(studio.settings.search, folder)
    for kind in rng.sample(sorted(HARMS), 2):
        path = rng.choice(
            sorted(path for path in folder.glob("*/*") if path.suffix in (".seg", ".toc", ".json"))
        )
        path.write_bytes(HARMS[kind](path.read_bytes(), rng))
        print(f"{path.name} {kind}")
        started = replace(studio, search=SearchIndex(folder))
        ada = signed_in(app_of(started), "ada")
        told = ada.get("/search?q=fractions")
        assert told.status_code == 200
        words = told.get_data(as_text=True)
        assert "put in order" in words or "<mark>fractions</mark>" in words
        assert started.search.flush(60)
        assert "<mark>fractions</mark>" in ada.get("/search?q=fractions").get_data(as_text=True)
        started.search.close()
