"""Golden pictures of every kind and option, and the pages that are made from the same text."""

from __future__ import annotations

import re
import xml.etree.ElementTree as ET

import pytest

from curriculum_studio.formats.figures.drawing import KINDS, draw
from curriculum_studio.formats.figures.gallery import Chapter, Example, chapters
from curriculum_studio.formats.html_rules import FIGURES
from tests.formats.figure_files import PAGE, PICTURES, page, picture, pictures

EXAMPLES = [one for chapter in chapters() for one in chapter.examples()]
AGAIN = "look at the difference, then run `python -m tests.formats.figure_files`"


def test_every_kind_is_drawn_and_shown() -> None:
    assert set(KINDS) == set(FIGURES)
    assert [chapter.title for chapter in chapters()[2:]] == list(FIGURES)
    assert {one.kind for one in EXAMPLES} == set(FIGURES)


def _told(chapter: Chapter) -> set[str]:
    """Every word that a chapter sets as code."""
    return set(
        re.findall(
            r"`([a-z][a-z-]*)[`:]", "\n".join(piece for piece in chapter.pieces if isinstance(piece, str))
        )
    )


def _known(one: Example, key: str) -> bool:
    """Whether the figure of an example takes one more key."""
    faults = draw(one.kind, one.info, f"{one.body}{key}: 1\n").faults
    return not any("is not known here" in fault.reason for fault in faults)


@pytest.mark.parametrize("chapter", chapters()[2:], ids=lambda chapter: chapter.title)
def test_every_key_is_told_and_shown(chapter: Chapter) -> None:
    """Of all keys of all kinds, the chapter tells those that this kind takes, and each is shown in an example."""
    words = {key for one in EXAMPLES for key in re.findall(r"^([a-z-]+):", one.body, re.MULTILINE)}
    words |= {key for other in chapters() for key in _told(other)}
    told = _told(chapter) | _told(chapters()[1]) | {"caption", "alt"}
    shown = "\n".join(one.body for one in chapter.examples())
    taken = {
        key
        for key in words
        if any(_known(one, key) for one in chapter.examples() if f"\n{key}:" not in f"\n{one.body}")
    }
    assert taken
    assert taken <= told
    for key in taken - {"alt", "caption"}:
        assert re.search(rf"\b{key}: ", shown), f"no example shows {key}"


@pytest.mark.parametrize("one", EXAMPLES, ids=lambda one: one.name)
def test_golden_picture(one: Example) -> None:
    path = PICTURES / f"{one.name}.svg"
    assert path.exists(), AGAIN
    assert picture(one) == path.read_text("utf-8"), AGAIN


@pytest.mark.parametrize("one", EXAMPLES, ids=lambda one: one.name)
def test_a_picture_is_whole_and_says_what_it_shows(one: Example) -> None:
    root = ET.fromstring(picture(one))  # noqa: S314 - our own drawing
    ns = "{http://www.w3.org/2000/svg}"
    assert root.get("role") == "img"
    title, desc = root.find(f"{ns}title"), root.find(f"{ns}desc")
    assert title is not None
    assert root.get("aria-labelledby") == title.get("id")
    words = f"{title.text} {desc.text if desc is not None else ''}"
    assert re.sub(r"\W", "", words) == re.sub(r"\W", "", one.alt)
    ids = [node.get("id") for node in root.iter() if node.get("id")]
    assert len(ids) == len(set(ids))
    for name in re.findall(r"url\(#([^)]+)\)", picture(one)):
        assert name in ids
    # One ink and one type size: light, dark, high contrast and paper all work.
    colors = {node.get(key) for node in root.iter() for key in ("fill", "stroke")}
    assert {color for color in colors if color and not color.startswith("url(")} <= {"currentColor", "none"}
    assert {node.get("font-size") for node in root.iter()} <= {None, "14", "12"}


def test_nothing_stands_beside_the_golden_pictures() -> None:
    assert {path.name for path in PICTURES.iterdir()} == set(pictures()), AGAIN


def test_the_page_of_the_docs_is_up_to_date() -> None:
    assert PAGE.read_text("utf-8") == page(), AGAIN
