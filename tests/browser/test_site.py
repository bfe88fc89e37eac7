"""The published site as its readers meet it: found, read without scripts, in two languages, on small and large screens."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, Response, expect

from curriculum_studio.publishing.build import publish
from curriculum_studio.publishing.sources import FolderSnapshot
from tests.browser.look_for import browser as found_browser
from tests.browser.sites import served

ROOT = Path(__file__).resolve().parents[2]
AXE = ROOT / "node_modules" / "axe-core" / "axe.min.js"
TAGS = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"]
LESSON = "grade-6/ratios/01-introducing-ratios/"
SPANISH = f"es/{LESSON}"
UNIT = "grade-6/ratios/"
FIRST_VISIT, PAGE_AND_STYLE, NEXT_LESSON, SCRIPTS, REQUESTS = 64_000, 15_000, 15_000, 20_000, 12
pytestmark = pytest.mark.skipif(
    found_browser() is None or not AXE.is_file(),
    reason="no browser: set CHROMIUM, or as root run `make system`",
)

ARABIC = """---
title: مقدمة في النسب
language: ar
translates: {id: k7f3q9m2, student: 00000000, whole: 00000000}
---
## أهداف التعلم
- أستطيع أن أصف كيف تتوافق كميتان.
"""


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    out = tmp_path_factory.mktemp("site")
    folder = FolderSnapshot(ROOT / "units")
    source = {path: folder[path] for path in folder}
    source["grade-6/ratios/01-introducing-ratios.ar.md"] = ARABIC.encode()
    report = publish(source, out, ("student", "family", "teacher"))
    assert report.done, [f for f in report.findings if f.severity == "grave"]
    with served(out) as port:
        yield f"http://127.0.0.1:{port}/"


PAGES = [
    *(f"student/{place}" for place in ("", UNIT, LESSON, SPANISH, f"ar/{LESSON}", "glossary/", "standards/", "search/?q=ratio", "404.html")),
    *(f"family/{place}" for place in ("", UNIT, LESSON)),
    *(f"teacher/{place}" for place in (UNIT, LESSON, "grade-6/ratios/assessments/readiness/", "charter/")),
]  # fmt: skip


def settle(page: Page) -> None:
    """Waits until fonts are there and nothing moves any more."""
    page.evaluate(
        "document.fonts.ready.then(() => new Promise((done) => requestAnimationFrame(() => done())))"
    )


# The colours of a scheme are the same at every width, and what a width changes is the same in both schemes.
@pytest.mark.parametrize(("scheme", "widths"), [("light", (320, 1366)), ("dark", (768,))])
def test_axe_finds_nothing_on_any_page(
    site: str, chromium: Browser, scheme: str, widths: tuple[int, ...]
) -> None:
    found: list[tuple[str, int, str, str]] = []
    for width in widths:
        context = chromium.new_context(
            viewport={"width": width, "height": 800},
            color_scheme="dark" if scheme == "dark" else "light",
            reduced_motion="reduce",
        )
        page = context.new_page()
        for place in PAGES:
            page.goto(site + place)
            settle(page)
            page.evaluate(Path(AXE).read_text("utf-8"))
            result = page.evaluate(f"axe.run(document, {{ runOnly: {json.dumps(TAGS)} }})")
            found += [
                (place, width, issue["id"], issue["nodes"][0]["html"][:160]) for issue in result["violations"]
            ]
            wide = page.evaluate(
                "document.documentElement.scrollWidth - document.documentElement.clientWidth"
            )
            if wide > 0:
                found.append((place, width, "wider than the screen", str(wide)))
        context.close()
    assert found == []


def test_every_formula_says_something_and_every_picture_has_words(site: str, chromium: Browser) -> None:
    page = chromium.new_page()
    formulas = 0
    for place in PAGES:
        page.goto(site + place)
        told = page.eval_on_selector_all(
            "math", "all => all.map((m) => m.getAttribute('aria-label') || m.textContent.trim())"
        )
        formulas += len(told)
        assert all(told), place
        assert page.eval_on_selector_all("img", "all => all.filter((i) => !i.alt.trim()).length") == 0, place
        unnamed = page.eval_on_selector_all(
            "svg[role=img]", "all => all.filter((s) => !s.querySelector('title')?.textContent.trim()).length"
        )
        assert unnamed == 0, place
    assert formulas > 20


def test_what_a_visit_costs(site: str, chromium: Browser) -> None:
    import gzip

    context = chromium.new_context()
    page = context.new_page()
    answers: list[Response] = []

    def read() -> list[tuple[str, str, int]]:
        """What came: its address, its kind, and its size as it is sent."""
        page.wait_for_load_state("networkidle")
        rows = []
        for response in answers:
            # What is here still is asked about, and not sent again.
            if response.status == 304:
                continue
            body, kind = response.body(), response.request.resource_type
            packed = len(body) if kind in ("font", "image") else len(gzip.compress(body, 6, mtime=0))
            rows.append((response.url, kind, packed))
        return rows

    page.on("response", lambda response: answers.append(response))
    page.goto(site + "student/" + LESSON)
    settle(page)
    fetched = read()
    by_kind: dict[str, int] = {}
    for _, kind, size in fetched:
        by_kind[kind] = by_kind.get(kind, 0) + size
    assert all(url.startswith(site) for url, _, _ in fetched)
    assert len(fetched) <= REQUESTS, fetched
    assert by_kind["document"] + by_kind["stylesheet"] <= PAGE_AND_STYLE, by_kind
    assert by_kind.get("script", 0) <= SCRIPTS, by_kind
    assert sum(by_kind.values()) <= FIRST_VISIT, by_kind
    assert context.cookies() == []
    assert not any("/search/" in url for url, _, _ in fetched)
    answers.clear()
    page.goto(site + "student/grade-6/ratios/02-same-taste/")
    settle(page)
    fresh = [row for row in read() if row[1] in ("document", "image")]
    assert fresh
    assert sum(size for _, _, size in fresh) <= NEXT_LESSON, fresh


def test_nothing_jumps_while_a_lesson_loads(site: str, chromium: Browser) -> None:
    for width in (360, 1366):
        page = chromium.new_context(viewport={"width": width, "height": 740}).new_page()
        page.add_init_script(
            "globalThis.shifted = 0; new PerformanceObserver((list) => { for (const e of list.getEntries()) shifted += e.value; })"
            ".observe({ type: 'layout-shift', buffered: true });"
        )
        page.goto(site + "student/" + LESSON)
        settle(page)
        page.mouse.wheel(0, 2000)
        settle(page)
        assert page.evaluate("shifted") <= 0.05
        page.context.close()


def test_a_lesson_is_found_by_words_and_by_code_with_the_keyboard_alone(site: str, chromium: Browser) -> None:
    page = chromium.new_page()
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    page.goto(site + "student/search/")
    page.wait_for_load_state("networkidle")
    assert not any(url.endswith(".json") for url in asked), "nothing is fetched before the first query"
    page.locator("#q").focus()
    page.keyboard.type("same tase")
    # The address is the query's once its results are there.
    page.wait_for_url("**?q=same%20tase")
    page.get_by_role("status").filter(has_text=re.compile(r"\d")).wait_for()
    page.keyboard.press("ArrowDown")
    assert page.evaluate("document.activeElement.textContent") == "The same taste"
    page.keyboard.press("ArrowUp")
    assert page.evaluate("document.activeElement.id") == "q"
    page.keyboard.press("Escape")
    assert page.input_value("#q") == ""
    expect(page.locator("[data-results] a")).to_have_count(0)
    page.keyboard.type("6.rp.1")
    page.wait_for_url("**?q=6.rp.1")
    page.locator("[data-results] a", has_text="Introducing ratios").first.wait_for()
    page.keyboard.press("ArrowDown")
    page.keyboard.press("Enter")
    page.wait_for_url(f"**/{LESSON}")
    page.go_back()
    page.locator("[data-results] a").first.wait_for()
    assert page.input_value("#q") == "6.rp.1"


def test_a_lesson_reads_without_scripts(site: str, chromium: Browser) -> None:
    page = chromium.new_context(java_script_enabled=False).new_page()
    page.goto(site + "student/")
    page.get_by_role("link", name=re.compile("Introducing ratios and rates")).click()
    page.get_by_role("link", name="Lesson 1: Introducing ratios").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Introducing ratios")
    page.get_by_text("Show a hint").first.click()
    expect(page.get_by_text("Which word comes first in the sentence?")).to_be_visible()
    page.get_by_role("link", name=re.compile("Next")).click()
    expect(page.get_by_role("heading", level=1)).to_have_text("The same taste")
    page.goto(site + "student/search/")
    expect(page.get_by_text("Search needs scripts")).to_be_visible()


def test_the_other_language_opens_at_the_same_part(site: str, chromium: Browser) -> None:
    page = chromium.new_context(viewport={"width": 1366, "height": 768}, reduced_motion="reduce").new_page()
    page.goto(site + "student/" + LESSON)
    page.evaluate("document.getElementById('draw-band').scrollIntoView()")
    page.get_by_role("link", name="Español").click()
    page.wait_for_url(f"**/{SPANISH}#draw-band")
    assert page.evaluate("document.documentElement.lang") == "es"
    expect(page.get_by_role("link", name="Glosario").first).to_be_visible()
    page.goto(site + f"student/ar/{LESSON}")
    assert page.evaluate("document.documentElement.dir") == "rtl"
    expect(page.get_by_text("هذه الترجمة متأخرة عن الدرس الأصلي")).to_be_visible()
    assert page.evaluate("getComputedStyle(document.querySelector('math')).direction") == "ltr"
    # What the translation lacks stands in English, and is set from left to right.
    assert page.evaluate("getComputedStyle(document.querySelector('.part[lang=en]')).direction") == "ltr"


def test_a_lesson_prints_whole(site: str, chromium: Browser) -> None:
    page = chromium.new_page()
    page.goto(site + "student/" + LESSON)
    page.emulate_media(media="print", color_scheme="dark")
    expect(page.get_by_text("Name", exact=True)).to_be_visible()
    expect(page.get_by_role("navigation").first).to_be_hidden()
    assert page.evaluate("getComputedStyle(document.body).color") == "rgb(0, 0, 0)"
    page.set_viewport_size({"width": 680, "height": 900})
    cut = page.evaluate(
        "[...document.querySelectorAll('math, svg, img, table')].filter((e) => e.getBoundingClientRect().right > innerWidth + 1).length"
    )
    assert cut == 0
    assert page.locator(".answer-space span").first.evaluate("(e) => e.offsetHeight") >= 30


@pytest.mark.parametrize("place", [LESSON, UNIT, ""])
def test_pages_tell_machines_what_they_are(site: str, chromium: Browser, place: str) -> None:
    page = chromium.new_page()
    page.goto(site + "student/" + place)
    told = json.loads(page.locator("script[type='application/ld+json']").inner_text())
    assert told["@context"] == "https://schema.org"
    assert "license" in told
    if place == LESSON:
        assert told["timeRequired"] == "PT50M"
        assert [term["termCode"] for term in told["teaches"]] == ["6.RP.A.1"]
        assert "6.RP.A.1" in [term["termCode"] for term in told["assesses"]]
        assert told["educationalLevel"] == "Grade 6"
        assert "MathML" in told["accessibilityFeature"]
