"""Every kind of published page is valid HTML, as html-validate's standard rules have it."""

from __future__ import annotations

from pathlib import Path

from curriculum_studio.publishing.build import publish
from curriculum_studio.publishing.sources import FolderSnapshot
from tests.node import told_of

ROOT = Path(__file__).resolve().parents[2]
UNIT = "grade-6/ratios"
LESSON = f"{UNIT}/01-introducing-ratios"
KINDS = (
    *("student/", f"student/{UNIT}/", f"student/{LESSON}/", f"student/es/{LESSON}/", f"student/{UNIT}/print/", "student/old/place/"),
    *("student/glossary/", "student/standards/", "student/search/", "student/offline/", "student/404.html"),
    *("family/", f"family/{UNIT}/", f"family/{LESSON}/"),
    *("teacher/", f"teacher/{UNIT}/", f"teacher/{LESSON}/", "teacher/charter/", f"teacher/{UNIT}/assessments/mid-unit/"),
    *(f"teacher/{UNIT}/professional-learning/01-hearing-ratio-language/",),
    *(f"teacher/{UNIT}/print/{pack}" for pack in ("guide/", "key/", "copy/")),
)  # fmt: skip


def messages(pages: list[Path]) -> list[tuple[str, int, str, str]]:
    """Page, line, rule and words of everything that the validator finds."""
    return [tuple(row) for row in told_of("publishing/validate.mjs", pages, "html-validate")]


def test_every_kind_of_page_is_valid_html(tmp_path: Path) -> None:
    source = dict(FolderSnapshot(ROOT / "units"))
    text = source[f"{LESSON}.md"]
    source[f"{LESSON}.md"] = text.replace(b"\ntitle:", b"\nformerly: [old/place]\ntitle:", 1)
    assert publish(source, tmp_path, ("student", "family", "teacher")).done
    pages = [tmp_path / (kind if kind.endswith(".html") else f"{kind}index.html") for kind in KINDS]
    assert [page for page in pages if not page.is_file()] == []
    assert messages(pages) == []


def test_the_validator_sees_what_is_wrong(tmp_path: Path) -> None:
    page = tmp_path / "wrong.html"
    page.write_text(
        '<!doctype html>\n<html lang="en"><head><title>x</title></head><body><p><div></div></p></body></html>'
    )
    assert messages([page])
