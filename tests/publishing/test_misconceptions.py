"""What a wrong answer may show, on a teacher's page of a text that another lesson explains it for: its title, and the way there."""

from __future__ import annotations

from pathlib import Path

from curriculum_studio.formats.check import check
from curriculum_studio.publishing.build import publish
from tests.laws.test_builds import tree
from tests.publishing.test_translated_unit import write

QUIZ = "a/assessments/quiz.md"
FILES = {
    "curriculum.md": "---\nid: the-root\ntitle: School\nlanguage: en\nformat: 1\n---\nWelcome.\n",
    "a/unit.md": "---\nid: unit-a\ntitle: Ratios\ngrade: 6\nsections: [{title: All, lessons: [01-one, 02-two]}]\n---\nWords.\n",
    "a/01-one.md": "---\nid: lesson-one\ntitle: One\n---\n## Warm-up\n### Student task\nLook.\n"
    "### Misconception: Adds $\\frac{1}{2}$ to *both* {#m-adds}\nThey add.\n",
    "a/02-two.md": "---\nid: lesson-two\ntitle: Two\n---\n## Cool-down\n### Problem {#p1}\nWhich?\n\n- [x] 1\n- [ ] 2 {misconception=m-own}\n"
    "### Misconception: Turns it round {#m-own}\nThey turn it.\n",
    QUIZ: "---\nid: quiz-a\ntitle: Quiz\npurpose: end-of-unit\n---\n### Problem {#q1}\nWhich?\n\n- [x] 4\n"
    "- [ ] 5 {misconception=m-adds}\n- [ ] 6 {misconception=m-nowhere}\n",
}


def page(folder: Path, address: str) -> str:
    return (folder / "teacher" / address / "index.html").read_text("utf-8")


def test_a_misconception_of_another_lesson_is_named_and_linked(tmp_path: Path) -> None:
    assert publish(write(tmp_path / "in", FILES), tmp_path / "out", ("student", "teacher")).done
    quiz = page(tmp_path / "out", "a/assessments/quiz")
    assert 'Misconception: <a href="../../../a/01-one/#m-adds">Adds <math' in quiz
    assert "<em>both</em></a>" in quiz
    # What no lesson explains stays as it was written.
    assert '<span class="choice-key">Misconception: m-nowhere</span>' in quiz
    assert '<a href="#m-own">Turns it round</a>' in page(tmp_path / "out", "a/02-two")
    for file in (tmp_path / "out" / "student").rglob("*"):
        assert file.is_dir() or not any(
            word in file.read_bytes() for word in (b"Turns it", b"m-adds", b"to both")
        )


def test_its_new_title_reaches_the_page_that_names_it(tmp_path: Path) -> None:
    publish(write(tmp_path / "in", FILES), tmp_path / "grown", ("teacher",))
    said = FILES["a/01-one.md"].replace("to *both*", "twice")
    snapshot = write(tmp_path / "in", FILES | {"a/01-one.md": said})
    publish(snapshot, tmp_path / "grown", ("teacher",))
    publish(snapshot, tmp_path / "fresh", ("teacher",))
    assert "twice</a>" in page(tmp_path / "grown", "a/assessments/quiz")
    assert tree(tmp_path / "grown") == tree(tmp_path / "fresh")


def test_a_page_in_another_language_names_it_in_that_language(tmp_path: Path) -> None:
    spanish = {
        "a/01-one.es.md": "---\ntitle: Uno\nlanguage: es\ntranslates: {id: lesson-one}\n---\n## Calentamiento\n### Tarea\nMira.\n"
        "### Concepto erróneo: Suma a los dos {#m-adds}\nSuman.\n",
        "a/02-two.md": FILES["a/02-two.md"].replace("m-own}\n", "m-adds}\n", 1),
        "a/02-two.es.md": "---\ntitle: Dos\nlanguage: es\ntranslates: {id: lesson-two}\n---\n## Boleto de salida\n### Problema {#p1}\n¿Cuál?\n\n"
        "- [x] 1\n- [ ] 2 {misconception=m-adds}\n",
    }
    assert publish(write(tmp_path / "in", FILES | spanish), tmp_path / "out", ("teacher",)).done
    assert '<a href="../../../es/a/01-one/#m-adds">Suma a los dos</a>' in page(
        tmp_path / "out", "es/a/02-two"
    )


def test_questions_say_for_which_misconception_they_are_meant(tmp_path: Path) -> None:
    asks = "### Advancing student thinking {for=m-own}\nWhy?\n### Advancing student thinking {for=m-adds,m-none}\nHow?\n"
    files = FILES | {"a/02-two.md": FILES["a/02-two.md"] + asks}
    assert publish(write(tmp_path / "in", files), tmp_path / "out", ("student", "family", "teacher")).done
    two = page(tmp_path / "out", "a/02-two")
    assert '<p class="meant-for">Meant for: <a href="#m-own">Turns it round</a></p>' in two
    assert 'Meant for: <a href="../../a/01-one/#m-adds">Adds <math' in two
    assert "</a>, m-none</p>" in two
    for edition in ("student", "family"):
        for file in (tmp_path / "out" / edition).rglob("*"):
            assert file.is_dir() or not any(
                word in file.read_bytes()
                for word in (b"Meant for", b'meant-for"', b"Turns it", b"m-own", b"m-adds")
            )


def test_a_name_that_nothing_explains_is_found(tmp_path: Path) -> None:
    own = FILES["a/02-two.md"].replace("=m-own}", "=m-adds}")
    snapshot = write(tmp_path / "in", FILES | {"a/02-two.md": own})
    found = [one for one in check(snapshot) if one.code == "misconception-unknown"]
    # A lesson explains its own; an assessment rests on the lessons of its unit.
    assert [(one.file, one.message) for one in found] == [
        ("a/02-two.md", "No misconception “m-adds” is explained in this lesson."),
        (QUIZ, "No misconception “m-nowhere” is explained in the lessons of this unit."),
    ]
