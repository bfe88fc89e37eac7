"""What the site's search finds, asked in a browser as readers ask it: real queries over units/, planted formulas."""

from __future__ import annotations

import random
import re
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect

from curriculum_studio.formats.math import formula_key
from curriculum_studio.publishing.build import publish
from curriculum_studio.publishing.shards import packed
from curriculum_studio.publishing.sources import FolderSnapshot
from tests.browser.look_for import browser as found_browser
from tests.browser.sites import served

ROOT = Path(__file__).resolve().parents[2]
QUERIES = ROOT / "tests" / "publishing" / "fixtures" / "site-queries.tsv"
pytestmark = pytest.mark.skipif(
    found_browser() is None, reason="no browser: set CHROMIUM, or as root run `make system`"
)


def found(page: Page, query: str, count: int = 3) -> list[str]:
    """The addresses of the first results, relative to the search page's site."""
    page.evaluate("document.querySelector('[data-status]').textContent = ''")
    page.fill("#q", query)
    expect(page.get_by_role("status")).to_have_text(re.compile("[^…]$"))
    links = page.eval_on_selector_all(
        "[data-results] a", f"all => all.slice(0, {count}).map((a) => a.getAttribute('href'))"
    )
    return [link.removeprefix("../") for link in links]


def queries() -> list[tuple[str, list[str]]]:
    rows = [line.split("\t") for line in QUERIES.read_text("utf-8").splitlines() if not line.startswith("#")]
    return [(query, places.split("|")) for query, places in rows]


def test_real_queries_find_their_lesson_among_the_first_three(chromium: Browser, tmp_path: Path) -> None:
    assert len(queries()) >= 60
    publish(FolderSnapshot(ROOT / "units"), tmp_path)
    glossary = (tmp_path / "student" / "glossary" / "index.html").read_text("utf-8")

    def there(place: str) -> bool:
        if place.startswith("glossary/#"):
            return f'id="{place.partition("#")[2]}"' in glossary
        return (tmp_path / "student" / place / "index.html").is_file()

    missed: list[tuple[str, list[str]]] = []
    asked = 0
    with served(tmp_path / "student") as port:
        page = chromium.new_page()
        page.goto(f"http://127.0.0.1:{port}/search/")
        for query, places in queries():
            # A lesson that units/ no longer has cannot be found.
            if not any(there(place) for place in places):
                continue
            asked += 1
            first = found(page, query)
            if not {link.rstrip("/") for link in first} & set(places):
                missed.append((query, first))
    assert asked >= 60
    assert missed == []


def planted(seed: int = 7) -> list[str]:
    """A hundred and more formulas, no two with the same key."""
    rng = random.Random(seed)
    shapes = (
        lambda a, b, c: rf"\frac{{{a}}}{{{b}}}", lambda a, b, c: rf"{a} \frac{{{b}}}{{{c}}}", lambda a, b, c: f"y = {a}x + {b}",
        lambda a, b, c: f"{a}:{b}", lambda a, b, c: rf"\sqrt{{{a}}} + {b}", lambda a, b, c: f"x^{{{a}}} - {b}",
        lambda a, b, c: rf"{a} \times {b} = {c}", lambda a, b, c: rf"\frac{{x + {a}}}{{{b}}}", lambda a, b, c: rf"{a} \le x < {b}",
        lambda a, b, c: rf"\overline{{A_{{{a}}}B}}",
    )  # fmt: skip
    found: dict[str, str] = {}
    while len(found) < 120:
        latex = rng.choice(shapes)(rng.randint(2, 97), rng.randint(2, 97), rng.randint(2, 97))
        found.setdefault(formula_key(latex), latex)
    return list(found.values())


def formula_school(formulas: list[str]) -> dict[str, bytes]:
    """One lesson for each formula, all full of other fractions and of words that they share."""
    names = [f"l{number:03}" for number in range(len(formulas))]
    files = {
        "curriculum.md": "---\nid: the-root\ntitle: School\nlanguage: en\nformat: 1\n---\nWelcome.\n",
        "u/unit.md": f"---\nid: unit-one\ntitle: Unit\ngrade: 6\nsections: [{{title: All, lessons: [{', '.join(names)}]}}]\n---\n",
    }
    for number, (name, latex) in enumerate(zip(names, formulas, strict=True)):
        files[f"u/{name}.md"] = (
            f"---\nid: lesson-{name}\ntitle: Lesson about numbers\n---\n## Lesson summary\n"
            f"Compare ${latex}$ with $\\frac{{{number + 100}}}{{{number + 201}}}$ and 3 of 4.\n"
        )
    return {path: text.encode() for path, text in files.items()}


def test_each_formula_is_found_by_its_own_latex_and_as_students_type_it(
    chromium: Browser, tmp_path: Path
) -> None:
    formulas = planted()
    publish(formula_school(formulas), tmp_path)
    missed: list[tuple[str, list[str]]] = []
    with served(tmp_path / "student") as port:
        page = chromium.new_page()
        page.goto(f"http://127.0.0.1:{port}/search/")
        for number, latex in enumerate(formulas):
            # Spacing and needless braces do not count.
            asked = latex.replace(" ", "  ") if number % 2 else f"{{{latex}}}"
            if f"u/l{number:03}/" not in (first := found(page, asked)):
                missed.append((asked, first))
            typed = {"\\frac{": "", "}{": "/", "}": ""}
            if latex.startswith("\\frac{") and latex.count("{") == 2 and "x" not in latex:
                plain = latex
                for old, new in typed.items():
                    plain = plain.replace(old, new)
                if f"u/l{number:03}/" not in (first := found(page, plain)):
                    missed.append((plain, first))
        assert missed == []
        assert len(found(page, "\\frac{3}{401}", 99)) == 0
        assert len(found(page, "\\frac{100}{201}", 99)) == 1


def test_what_surrounds_a_result_has_its_formulas_in_readable_signs(
    chromium: Browser, tmp_path: Path
) -> None:
    formula = r"\frac{3}{4}"
    publish(formula_school([formula]), tmp_path)
    with served(tmp_path / "student") as port:
        page = chromium.new_page()
        page.goto(f"http://127.0.0.1:{port}/search/")
        assert found(page, "compare")
        expect(page.locator("[data-results] p").first).to_contain_text("Compare 3/4 with 100/201 and 3 of 4.")


def test_a_copy_from_disk_searches_too(chromium: Browser, tmp_path: Path) -> None:
    publish(FolderSnapshot(ROOT / "units"), tmp_path)
    site = tmp_path / "student"
    files = {
        path.relative_to(site).as_posix(): path.read_bytes() for path in site.rglob("*") if path.is_file()
    }
    (site / "search" / "packed.js").write_bytes(packed(files))
    page = chromium.new_page()
    page.goto((site / "search" / "index.html").as_uri())
    assert "grade-6/ratios/01-introducing-ratios/index.html" in found(page, "6.RP.A.1")
