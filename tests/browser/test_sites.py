"""The published sites in a browser, as the studio serves them: found by keyboard, searched in every form, clean for axe."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import expect

from tests.browser.hands import Visit

PAGES = (
    "/sites/student/", "/sites/student/grade-6/ratios/", "/sites/student/grade-6/ratios/01-introducing-ratios/", "/sites/student/glossary/",
    "/sites/student/grade-6/ratios/02-same-taste/", "/sites/student/standards/", "/sites/student/search/?q=taste", "/sites/student/404.html",
    "/sites/family/grade-6/ratios/01-introducing-ratios/", "/sites/teacher/grade-6/ratios/01-introducing-ratios/",
    "/sites/teacher/grade-6/ratios/assessments/readiness/", "/sites/teacher/charter/",
)  # fmt: skip


def test_search_by_keyboard_alone(visit: Visit) -> None:
    student = visit("", 768, "keyboard")
    page = student.page
    student.go("/sites/student/search/")
    student.reach(page.get_by_role("searchbox"))
    page.keyboard.type("6.RP.3")
    # The address is the query's once its results are there.
    expect(page).to_have_url(re.compile(r"\?q=6\.RP\.3$"))
    expect(page.get_by_role("status")).to_contain_text(re.compile(r"\d+ results?"))
    title = page.locator("[data-results] a").first.inner_text()
    page.keyboard.press("ArrowDown")
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", level=1)).to_have_text(title)


@pytest.mark.parametrize(
    ("query", "title"),
    [
        ("exit ticket paw", "Introducing ratios"),
        ("6.RP.A.2", "How much for one?"),
        ("equivelent", "The same taste"),
        ("7/12", "Count the parts"),
        ("\\frac{7}{12}", "Count the parts"),
    ],
)
def test_search_finds(visit: Visit, query: str, title: str) -> None:
    student = visit("")
    student.go("/sites/student/search/")
    student.page.get_by_role("searchbox").fill(query)
    expect(student.page.locator("[data-results] li").filter(has_text=title).first).to_be_visible()


@pytest.mark.parametrize(("width", "scheme"), [(320, "light"), (768, "dark"), (1366, "light")])
def test_axe_finds_nothing(visit: Visit, width: int, scheme: str) -> None:
    dana = visit("Dana", width, scheme=scheme)
    for where in PAGES:
        dana.go(where)
        dana.page.wait_for_load_state("networkidle")
        dana.look(f"{where} at {width} px, {scheme}")
