"""Laws of reading: the text is the truth, the outline holds whatever a part contains, nothing is lost to teachers."""

from __future__ import annotations

import re

from hypothesis import given, settings
from hypothesis import strategies as st

from curriculum_studio.formats.facts import facts_of
from curriculum_studio.formats.html import render_text
from curriculum_studio.formats.lesson_markdown import Document, read_document
from curriculum_studio.formats.views import student_view, teacher_view

HEAD = "---\nid: lesson-1\ntitle: T\n---\n"
MARKS = (
    "## ", "### ", "#### ", " ### ", "- ", "> ", "```", "~~~", "::: teacher", ":::", "<!--", "-->", "$", "$$", "`", "1. ",
    "Activity", "Student task", "Solution", "Student responses", "Launch", "Problem", "Hint", "Lesson summary",
    "Practice problems", "[x] ", "- [ ] ", "{#a}", "{minutes=5}", "word", "é", "🙂", "\\", "[a]", "[a]: b", "    ", "\t", "---", "===",
    "[[ ]]", "___", "\u200b", "|", "*", "![p](q)", "<b>",
)  # fmt: skip
soup = st.lists(st.sampled_from((*MARKS, "\n", "\n", "\n", " ")), max_size=60).map("".join)
any_text = st.text(alphabet=st.characters(codec="utf-8"), max_size=300)


def read(text: str) -> Document:
    return read_document("u/one.md", text.encode())


@given(st.one_of(soup, any_text))
@settings(max_examples=400, deadline=None)
def test_reading_keeps_the_source(text: str) -> None:
    document = read(HEAD + text)
    if "\r" not in text and not re.search(
        "[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\x85\u2028\u2029\ue000-\uf8ff]", text
    ):
        kept = document.source
        if all(ord(ch) < 0xE000 for ch in text):
            assert kept == HEAD + text
    for part in document.walk():
        assert 0 <= part.start <= part.end <= len(document.source)
        assert len(part.lines) == (part.text.count("\n") + 1 if part.text else 0)
    facts_of(document)
    assert student_view(document) is None or isinstance(student_view(document), object)


def headings(document: Document) -> list[tuple[int, str, str]]:
    return [(part.level, part.kind, part.heading) for part in document.walk()]


@given(soup)
@settings(max_examples=400, deadline=None)
def test_outline_stands_whatever_a_closed_part_contains(inside: str) -> None:
    """Text without headings of its own, put into a teacher's part, changes no other part's heading or audience."""
    inside = re.sub(r"(?m)^(?:#{2,6} +)+", "", inside)
    frame = (
        HEAD
        + "## Activity: A {{#a}}\n### Launch\n{}\n## Lesson summary\nseen\n### More\ntext\n## Practice problems\n"
    )
    plain, filled = read(frame.format("x")), read(frame.format(inside))
    assert headings(plain)[2:] == headings(filled)[-len(headings(plain)[2:]) :]
    summary = next(part for part in filled.parts if part.kind == "lesson-summary")
    assert "seen" in summary.text
    assert summary.own == frozenset({"student", "family", "teacher"})


@given(soup)
@settings(max_examples=400, deadline=None)
def test_teachers_lose_no_word_unless_a_finding_says_so(body: str) -> None:
    words = [f"w{number}ord" for number in range(body.count("word"))]
    for word in words:
        body = body.replace("word", word[:2] + "\x01" + word[2:], 1)
    body = body.replace("\x01", "")
    document = read(HEAD + "## Lesson summary\n" + body)
    without_comments = re.sub(r"<!--.*?(-->|\Z)", "", document.source, flags=re.DOTALL)
    shown: list[str] = []
    view = teacher_view(document)
    stack = list(view.parts) if view else []
    while stack:
        part = stack.pop()
        shown += [part.heading, part.text, *(slot.text for slot in part.slots), repr(part.attributes)]
        stack += part.parts
    everything = "\n".join(shown)
    hidden = [p for p in document.walk() if "teacher" not in p.editions]
    for word in re.findall(r"w\d+ord", without_comments):
        if word not in everything and not hidden:
            assert facts_of(document).findings, f"{word} is gone from {body!r}"


@given(soup)
@settings(max_examples=300, deadline=None)
def test_rendering_never_fails(text: str) -> None:
    rendered = render_text(text)
    assert "<script" not in rendered.html
    assert rendered.html.count("<pre>") == rendered.html.count("</pre>")
