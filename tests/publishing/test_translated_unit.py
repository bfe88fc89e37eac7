"""A unit's page in another language: the family reads it, its lessons are named in that language where they can be."""

from __future__ import annotations

from pathlib import Path

from curriculum_studio.publishing.build import publish
from curriculum_studio.publishing.sources import FolderSnapshot
from tests.laws.test_builds import tree

FILES = {
    "curriculum.md": "---\nid: the-root\ntitle: School\nlanguage: en\nformat: 1\n---\nWelcome.\n",
    "a/unit.md": "---\nid: unit-a\ntitle: Ratios\ngrade: 6\nsections: [{title: All, lessons: [01-one, 02-two]}]\n---\nTeachers only.\n\n## The plan\nTwo days.\n\n## For students\nYou will compare.\n\n## For families\nCook together.\n",
    "a/unit.es.md": "---\ntitle: Razones\nlanguage: es\ntranslates: {id: unit-a}\n---\nSolo docentes.\n\n## Para los estudiantes\nVas a comparar.\n\n## Para las familias\nCocinen juntos.\n",
    "a/01-one.md": "---\nid: lesson-one\ntitle: One for two\nmaterials: {student: [cups]}\n---\n## Lesson summary\nA ratio.\n",
    "a/01-one.es.md": "---\ntitle: Uno por dos\nlanguage: es\ntranslates: {id: lesson-one}\n---\n## Resumen\nUna razón.\n",
    "a/02-two.md": "---\nid: lesson-two\ntitle: Two for three\n---\n## Lesson summary\nAnother.\n",
}


def write(folder: Path, files: dict[str, str]) -> FolderSnapshot:
    for name, text in files.items():
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_text(text, "utf-8")
    return FolderSnapshot(folder)


def test_each_edition_of_the_translated_page(tmp_path: Path) -> None:
    report = publish(write(tmp_path / "in", FILES), tmp_path / "out", ("student", "family", "teacher"))
    assert report.done
    page = {
        edition: (tmp_path / "out" / edition / "es/a/index.html").read_text("utf-8")
        for edition in ("student", "family", "teacher")
    }
    for text in page.values():
        assert "<h1>Razones</h1>" in text
        assert 'lang="es"' in text
        assert "Vas a comparar." in text
        assert "You will compare." not in text
        assert "Uno por dos" in text
        assert "es/a/01-one/" in text
        # A title in another language is marked; the words of the page around it are not.
        assert ': </span><span lang="en">Two for three</span></a>' in text
    assert "Cocinen juntos." in page["family"]
    assert "Cocinen juntos." not in page["student"]
    assert "docentes" not in page["student"] + page["family"]
    assert "Two days." not in page["student"] + page["family"]
    assert "Two days." in page["teacher"]


def test_a_changed_title_of_a_translated_lesson_reaches_the_page(tmp_path: Path) -> None:
    snapshot = write(tmp_path / "in", FILES)
    publish(snapshot, tmp_path / "grown", ("family",))
    changed = FILES | {"a/01-one.es.md": FILES["a/01-one.es.md"].replace("Uno por dos", "Uno para dos")}
    snapshot = write(tmp_path / "in", changed)
    publish(snapshot, tmp_path / "grown", ("family",))
    publish(snapshot, tmp_path / "fresh", ("family",))
    assert "Uno para dos" in (tmp_path / "grown/family/es/a/index.html").read_text("utf-8")
    assert tree(tmp_path / "grown") == tree(tmp_path / "fresh")


def test_a_lessons_translation_with_a_part_for_students_shows_it_nowhere(tmp_path: Path) -> None:
    """A lesson has no such part, so there is nothing that it could stand for."""
    text = FILES["a/01-one.es.md"] + "\n## Para los estudiantes\nPerdido.\n"
    publish(
        write(tmp_path / "in", FILES | {"a/01-one.es.md": text}), tmp_path / "out", ("student", "teacher")
    )
    for path in (tmp_path / "out").rglob("*.html"):
        assert "Perdido" not in path.read_text("utf-8")


def test_a_translation_lasts_as_long_as_its_lesson(tmp_path: Path) -> None:
    timed = FILES | {"a/01-one.md": FILES["a/01-one.md"].replace("title:", "minutes: 35\ntitle:")}
    publish(write(tmp_path / "in", timed), tmp_path / "grown", ("student",))
    assert "35 minutos" in (tmp_path / "grown/student/es/a/index.html").read_text("utf-8")
    longer = timed | {"a/01-one.md": timed["a/01-one.md"].replace("35", "45")}
    snapshot = write(tmp_path / "in", longer)
    publish(snapshot, tmp_path / "grown", ("student",))
    publish(snapshot, tmp_path / "fresh", ("student",))
    assert "45 minutos" in (tmp_path / "grown/student/es/a/index.html").read_text("utf-8")
    assert tree(tmp_path / "grown") == tree(tmp_path / "fresh")


def test_assessments_stand_in_the_order_in_which_a_class_meets_them(tmp_path: Path) -> None:
    made = {
        f"a/assessments/{name}.md": f"---\nid: check-{name}\ntitle: Check {name}\npurpose: {purpose}\n---\n## Directions\nDo it.\n"
        for name, purpose in (("a", "end-of-unit"), ("b", "mid-unit"), ("c", "readiness"), ("d", "readiness"))
    }
    publish(write(tmp_path / "in", FILES | made), tmp_path / "grown", ("teacher",))
    page = (tmp_path / "grown/teacher/a/index.html").read_text("utf-8")
    assert sorted("abcd", key=lambda name: page.index(f"Check {name}")) == ["c", "d", "b", "a"]
    turned = made | {"a/assessments/a.md": made["a/assessments/a.md"].replace("end-of-unit", "readiness")}
    snapshot = write(tmp_path / "in", FILES | turned)
    publish(snapshot, tmp_path / "grown", ("teacher",))
    publish(snapshot, tmp_path / "fresh", ("teacher",))
    page = (tmp_path / "grown/teacher/a/index.html").read_text("utf-8")
    assert sorted("abcd", key=lambda name: page.index(f"Check {name}")) == ["a", "c", "d", "b"]
    assert tree(tmp_path / "grown") == tree(tmp_path / "fresh")


def test_formulas_are_said_in_the_language_of_their_part(tmp_path: Path) -> None:
    """What a translation lacks stands on its page in the source's language, and is said in it."""
    more = {
        "a/01-one.md": FILES["a/01-one.md"].replace("A ratio.", "A ratio, $2:5$.")
        + "\n## Activity 1: Half of $7:1$ {#b minutes=5}\n### Student task\nFind ____ of $3:4$.\n",
        "a/01-one.es.md": FILES["a/01-one.es.md"].replace("Una razón.", "Hay ____ en $2:5$."),
    }
    publish(write(tmp_path / "in", FILES | more), tmp_path / "out", ("student",))
    spanish = (tmp_path / "out/student/es/a/01-one/index.html").read_text("utf-8")
    assert 'aria-label="2 a 5"' in spanish
    assert 'aria-label="espacio en blanco">____<' in spanish
    assert 'aria-label="3 to 4"' in spanish
    assert 'aria-label="7 to 1"' in spanish
    assert 'aria-label="blank">____<' in spanish
    english = (tmp_path / "out/student/a/01-one/index.html").read_text("utf-8")
    assert 'aria-label="2 to 5"' in english
    assert " a 5" not in english


def test_what_a_translated_lesson_has_in_the_language_of_its_source_says_so(tmp_path: Path) -> None:
    publish(write(tmp_path / "in", FILES), tmp_path / "out", ("student",))
    spanish = (tmp_path / "out/student/es/a/01-one/index.html").read_text("utf-8")
    assert '<dd lang="en">cups</dd>' in spanish
    assert '<bdi lang="en">Two for three</bdi>' in spanish
    assert '<h2 lang="en">All</h2>' in (tmp_path / "out/student/es/a/index.html").read_text("utf-8")
    assert "<h2>All</h2>" in (tmp_path / "out/student/a/index.html").read_text("utf-8")
    english = (tmp_path / "out/student/a/01-one/index.html").read_text("utf-8")
    assert "<dd>cups</dd>" in english
    assert "<bdi" not in english


def test_a_reader_of_a_translation_goes_on_in_its_language(tmp_path: Path) -> None:
    more = FILES | {
        "a/02-two.es.md": "---\ntitle: Dos por tres\nlanguage: es\ntranslates: {id: lesson-two}\n---\n## Resumen\nOtra.\n"
    }
    every = ("student", "family", "teacher")
    publish(write(tmp_path / "in", more), tmp_path / "grown", every)
    for edition in every:
        first = (tmp_path / "grown" / edition / "es/a/01-one/index.html").read_text("utf-8")
        assert '<a href="../../../es/a/">Razones</a>' in first
        assert '<a class="after" rel="next" href="../../../es/a/02-two/">' in first
        assert "Dos por tres</a>" in first
        english = (tmp_path / "grown" / edition / "a/01-one/index.html").read_text("utf-8")
        assert '<a href="../../a/">Ratios</a>' in english
        assert "Dos por tres" not in english
    changed = more | {"a/02-two.es.md": more["a/02-two.es.md"].replace("Dos por tres", "Dos para tres")}
    snapshot = write(tmp_path / "in", changed)
    publish(snapshot, tmp_path / "grown", every)
    publish(snapshot, tmp_path / "fresh", every)
    assert "Dos para tres" in (tmp_path / "grown/student/es/a/01-one/index.html").read_text("utf-8")
    assert tree(tmp_path / "grown") == tree(tmp_path / "fresh")
