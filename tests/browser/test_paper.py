"""Print packs as Chromium prints them: tagged, numbered, black on white, with no formula cut; looked at as images."""

from __future__ import annotations

import re
import shutil
import subprocess
from pathlib import Path

import pytest
from playwright.sync_api import Browser, expect

from curriculum_studio.publishing.build import publish
from curriculum_studio.publishing.sources import FolderSnapshot
from tests.browser.look_for import browser as found_browser

ROOT = Path(__file__).resolve().parents[2]
AXE = ROOT / "node_modules" / "axe-core" / "axe.min.js"
PACKS = ("student/{}/", "teacher/{}/", "teacher/{}/guide/", "teacher/{}/key/", "teacher/{}/copy/")
PRINT = "grade-6/ratios/print"
LETTER = (816, 1056)
LESSONS = sum(".es." not in path.name for path in (ROOT / "units/grade-6/ratios").glob("[0-9]*.md"))
pytestmark = pytest.mark.skipif(
    found_browser() is None or not AXE.is_file(),
    reason="no browser: set CHROMIUM, or as root run `make system`",
)


@pytest.fixture(scope="module")
def out(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("paper")
    source = dict(FolderSnapshot(ROOT / "units"))
    path = "grade-6/ratios/02-same-taste.md"
    long = " + ".join(rf"\frac{{{n}}}{{{n + 1}}}" for n in range(1, 15))
    text = (
        source[path]
        .decode()
        .replace(
            "## Lesson summary\n",
            f"## Lesson summary\n\n$$\n{long} = \\text{{a long sum of fractions}}\n$$\n",
        )
    )
    assert long in text
    assert publish({**source, path: text.encode()}, folder, ("student", "teacher")).done
    return folder


@pytest.mark.parametrize("width", [360, 768])
def test_a_pack_is_no_wider_than_a_screen(chromium: Browser, out: Path, width: int) -> None:
    page = chromium.new_page(viewport={"width": width, "height": 768})
    page.goto((out / PACKS[0].format(PRINT) / "index.html").as_uri())
    heads = page.evaluate(
        """[...document.querySelectorAll('.sheet')].flatMap(sheet => [...sheet.querySelectorAll('h2')].map(
            head => head.getBoundingClientRect().right - sheet.getBoundingClientRect().right))"""
    )
    assert max(heads) < 1
    wide = page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")
    assert wide <= 0
    page.close()


@pytest.mark.parametrize("pack", PACKS)
def test_a_pack_is_printed(chromium: Browser, out: Path, tmp_path: Path, pack: str) -> None:
    page = chromium.new_page(color_scheme="dark")
    page.goto((out / pack.format(PRINT) / "index.html").as_uri())
    page.evaluate("document.fonts.ready.then(() => true)")
    content = page.pdf(prefer_css_page_size=True, tagged=True)
    page.close()
    assert b"/StructTreeRoot" in content
    assert b"/Marked true" in content
    file = tmp_path / "pack.pdf"
    file.write_bytes(content)
    if shutil.which("pdftotext") is None or shutil.which("pdftoppm") is None:
        pytest.skip("printed and tagged; no pdftoppm on this machine, so its pages were not looked at")
    pages = subprocess.run(
        ["pdftotext", "-layout", file, "-"], capture_output=True, text=True, check=True
    ).stdout.split("\f")[:-1]
    assert len(pages) > 2
    for number, words in enumerate(pages, 1):
        assert re.search(rf"\b{number} ?/ ?{len(pages)}\s*$", words), f"page {number} has no number"
    if "student" in pack:
        assert sum(bool(re.match(r"\s*Name\s+Date\s", words)) for words in pages) == LESSONS
    subprocess.run(["pdftoppm", "-r", "50", file, tmp_path / "page"], check=True)
    images = sorted(tmp_path.glob("page-*.ppm"))
    assert len(images) == len(pages)
    for image in images:
        head, size, _, pixels = image.read_bytes().split(b"\n", 3)
        assert head == b"P6"
        width, height = map(int, size.split())
        rows = [pixels[at : at + width * 3] for at in range(0, width * height * 3, width * 3)]
        dark = sum(pixel < 110 for pixel in pixels[::3])
        assert 40 < dark < width * height / 4, f"{image.name} is empty or dark"
        margin = 12
        assert all(min(row[: margin * 3]) > 240 and min(row[-margin * 3 :]) > 240 for row in rows), (
            f"{image.name}: ink in the margin"
        )


@pytest.mark.parametrize("pack", PACKS)
def test_no_formula_or_figure_is_cut(chromium: Browser, out: Path, pack: str) -> None:
    # 816 px are a letter page; the margins of the sheet take 17 mm at each side.
    page = chromium.new_page(viewport={"width": LETTER[0] - 128, "height": LETTER[1]})
    page.emulate_media(media="print")
    page.goto((out / pack.format(PRINT) / "index.html").as_uri())
    wide = page.evaluate(
        "[...document.querySelectorAll('math, img, svg, table, .answer-grid')].filter(e => e.getBoundingClientRect().right > innerWidth + 1 "
        "|| e.getBoundingClientRect().left < -1).map(e => e.outerHTML.slice(0, 90))"
    )
    assert wide == []
    page.close()


def test_one_lesson_is_printed_alone(chromium: Browser, out: Path, tmp_path: Path) -> None:
    page = chromium.new_page()
    page.goto((out / f"student/{PRINT}/index.html").as_uri())
    page.get_by_role("link", name="The same taste").click()
    expect(page.locator("article.sheet:visible")).to_have_count(1)
    page.get_by_role("link", name="The whole unit").click()
    expect(page.locator("article.sheet:visible")).to_have_count(LESSONS)
    page.close()


@pytest.mark.parametrize("pack", PACKS)
def test_axe_finds_nothing(chromium: Browser, out: Path, pack: str) -> None:
    for scheme in ("light", "dark"):
        context = chromium.new_context(viewport={"width": 320, "height": 700}, color_scheme=scheme)  # type: ignore[arg-type]
        page = context.new_page()
        page.goto((out / pack.format(PRINT) / "index.html").as_uri())
        page.evaluate(AXE.read_text())
        tags = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"]
        result = page.evaluate("tags => axe.run(document, {runOnly: tags})", tags)
        assert [(row["id"], row["nodes"][0]["html"][:120]) for row in result["violations"]] == []
        context.close()


def test_formulas_are_printed_as_letters_and_figures_as_lines(
    chromium: Browser, out: Path, tmp_path: Path
) -> None:
    if shutil.which("pdfimages") is None:
        pytest.skip("no pdfimages on this machine")
    page = chromium.new_page()
    page.goto((out / f"student/{PRINT}/index.html").as_uri())
    file = tmp_path / "pack.pdf"
    page.evaluate("document.fonts.ready.then(() => true)")
    file.write_bytes(page.pdf(prefer_css_page_size=True, tagged=True))
    page.close()
    images = subprocess.run(["pdfimages", "-list", file], capture_output=True, text=True, check=True).stdout
    assert len(images.strip().splitlines()) == 2, images
    assert b"STIX" in file.read_bytes()
