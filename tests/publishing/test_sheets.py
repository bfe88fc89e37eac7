"""What is printed: each pack holds what its readers may see, and a sheet's names are its own."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from curriculum_studio.publishing.build import publish
from curriculum_studio.publishing.sheets import for_paper, for_students, key_only, pieces
from curriculum_studio.publishing.sources import FolderSnapshot
from tests.laws.test_editions import readable, without_grave
from tests.laws.twins import CANARY, Maker

UNITS = Path(__file__).resolve().parents[2] / "units"
PRINT = "grade-6/ratios/print"
LESSONS = [path for path in (UNITS / "grade-6/ratios").glob("[0-9]*.md") if ".es." not in path.name]
ASSESSMENTS = list((UNITS / "grade-6/ratios/assessments").glob("*.md"))


@pytest.fixture(scope="module")
def out(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("sheets")
    assert publish(FolderSnapshot(UNITS), folder, ("student", "family", "teacher")).done
    return folder


def text(html: str) -> str:
    return re.sub(r"\s+", " ", re.sub(r"<[^>]*>", " ", html))


def page(out: Path, name: str) -> str:
    return (out / name / "index.html").read_text("utf-8")


def test_students_have_a_booklet_and_no_other_pack(out: Path) -> None:
    assert sorted(
        p.relative_to(out / "student").as_posix() for p in (out / "student").rglob("print/**/*.html")
    ) == sorted(
        f"{unit.parent.relative_to(UNITS).as_posix()}/print/index.html" for unit in UNITS.rglob("unit.md")
    )
    assert not list((out / "family").rglob("print"))
    booklet = page(out, f"student/{PRINT}")
    assert booklet.count('class="name-lines"') == len(LESSONS)
    assert "pelicans" in booklet
    assert "data-keys" not in booklet
    assert "Think of batches" not in booklet
    assert 'loading="lazy"' not in booklet


def test_a_teachers_booklet_holds_nothing_that_the_students_does_not(out: Path) -> None:
    theirs, ours = page(out, f"student/{PRINT}"), page(out, f"teacher/{PRINT}")
    assert "choice-key" not in ours
    assert "teacher-passage" not in ours

    def sheets(html: str) -> list[str]:
        bodies = re.findall(r"<article class=\"sheet.*?</header>(.*?)</article>", html, re.DOTALL)
        # Numbers of parts and standards' badges differ; words and formulas may not.
        return [
            re.sub(r"\b(?:conceptual|procedural|application|,)+\b", "", text(body)).replace(" ", "")
            for body in bodies
        ]

    assert sheets(ours) == sheets(theirs)


def test_a_key_holds_the_answers_and_copy_masters_none(out: Path) -> None:
    key, copy = page(out, f"teacher/{PRINT}/key"), page(out, f"teacher/{PRINT}/copy")
    assert "so the boil needs" in key
    assert "5:3" in text(key)
    assert "Correct" in text(key)
    assert "pier" not in text(key)
    assert "king-cake" in copy
    assert "recipe cards" in copy
    assert copy.count('class="name-lines"') == len(LESSONS) + len(ASSESSMENTS)
    for word in ("so the boil needs", "choice-key", "part-solution", "part-answer", "It is not graded"):
        assert word not in copy


def test_names_are_unique_and_lead_somewhere(out: Path) -> None:
    for path in sorted(out.rglob("print/**/*.html")):
        html = path.read_text("utf-8")
        names = re.findall(r'\sid="([^"]+)"', html)
        assert len(names) == len(set(names)), path
        for target in re.findall(r'(?:href="#|url\(#)([^")]+)', html):
            assert target in names, f"{path}: {target}"
        for target in re.findall(r'(?:href|src)="(?!#|https:)([^"#]+)', html):
            there = path.parent / target
            assert (there / "index.html" if target.endswith("/") else there).is_file(), f"{path}: {target}"


@pytest.mark.parametrize("seed", range(12))
def test_the_teachers_booklet_of_twins_is_one(seed: int, tmp_path: Path) -> None:
    """Cut from a teacher's page, a booklet shows nothing of what is strewn in for teachers."""
    source = without_grave(Maker(seed, hidden=True).snapshot())
    assert publish(source, tmp_path, ("teacher", "student")).done
    found = []
    for edition in ("teacher", "student"):
        booklet = (tmp_path / edition / "grade-6/print/index.html").read_text("utf-8")
        sheets = re.findall(r"<article.*</article>", booklet, re.DOTALL)[0]
        found.append(readable(re.sub(r"<header.*?</header>", "", sheets, flags=re.DOTALL).encode()))
    assert CANARY not in found[0]
    assert found[0].replace("conceptual", "") == found[1]


def test_pieces_are_the_page_again() -> None:
    html = '<p>a</p><section class="part part-problem"><h3>P</h3><div class="prose"><span>x</span></div></section>\n<p>b</p>'
    assert pieces(html).html() == html
    assert key_only(pieces("<p>nothing</p>")) is not None
    assert "<p>a</p>" in for_students(pieces(html)).html()


def test_long_formulas_are_set_smaller() -> None:
    short = for_paper('<div class="math-display" tabindex="0"><math data-tex="y = mx + b"></math></div>')
    long = for_paper(f'<div class="math-display"><math data-tex="{"x + " * 60}"></math></div>')
    assert 'class="math-display"' in short
    assert "math-longest" in long


def problem(words: str) -> str:
    return f'<section class="part part-problem"><h3>P</h3><div class="prose">{words}</div></section>\n'


def test_two_short_problems_share_a_line() -> None:
    short, wide = problem("<p>How many?</p>"), problem("<figure></figure>")
    html = f'<section class="part part-practice-problems">{short}{wide}{short}{short}{short}</section>'
    made = for_students(pieces(html)).html()
    assert made.count('class="pair"') == 1
    assert made.count('part-problem"') == 5
    # The one before the picture stays alone, and so does the last, which has no other beside it.
    assert made.index("<figure") < made.index('class="pair"')
    long = problem("<p>" + "long " * 60 + "</p>")
    assert 'class="pair"' not in for_students(pieces(long * 2)).html()


def test_a_question_without_room_gets_a_line() -> None:
    room = '<div class="answer-space" data-lines="2"><span></span><span></span></div>'
    items = (
        "<li>How many?</li><li>Draw it.</li><li>Is ____ more?</li><li><p>Why?</p>"
        + room
        + "</li><li>Who is right?</li>"
    )
    html = (
        f'<section class="part part-student-task"><div class="prose"><ol>{items}</ol>\n{room}</div></section>'
    )
    made = for_students(pieces(html)).html()
    assert made.count("answer-space") == html.count("answer-space") + 1
    assert 'How many?<div class="answer-space" data-lines="1"><span></span></div></li>' in made
    untold = '<section class="part part-student-task"><div class="prose"><p>Look.</p></div></section>'
    assert 'data-lines="3"' in for_students(pieces(untold)).html()


def test_the_problems_of_an_assessment_are_numbered_through_its_sections(out: Path) -> None:
    html = page(out, "teacher/grade-6/ratios/assessments/mid-unit")
    heads = re.findall(r"<h3[^>]*>(Problem[^<]*?)\s*<", html)
    assert heads == [f"Problem {number}" for number in range(1, len(heads) + 1)]
    assert len(heads) > 5
