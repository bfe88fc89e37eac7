"""Edits by spans: what was asked for changes, and nothing else."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from curriculum_studio.formats.facts import facts_of
from curriculum_studio.formats.lesson_markdown import read_document
from curriculum_studio.formats.rewriting import scalar, slug, with_key, with_links, with_sections

UNIT = """---
id: unit-one        # never changed
title: One
sections:
  - title: First
    goals: [see]
    lessons: [a, b]

# a comment of the school
weeks: 2
---

Body: sections: stay
"""
words = st.text(st.characters(categories=("L", "N", "P", "S", "Zs")), min_size=1, max_size=40).filter(
    str.strip
)


@given(words)
def test_a_title_comes_back_as_typed(title: str) -> None:
    text = with_key(UNIT, "title", scalar(title))
    assert facts_of(read_document("u/unit.md", text.encode())).title == " ".join(title.split())
    assert text.replace(f"title: {scalar(title)}\n", "title: One\n", 1) == UNIT


@given(st.lists(st.tuples(words, st.lists(words, max_size=2), st.lists(st.from_regex(r"[a-z][a-z0-9-]{0,8}", fullmatch=True), max_size=4)), min_size=1, max_size=4))  # fmt: skip
def test_sections_come_back_as_arranged(sections: list[tuple[str, list[str], list[str]]]) -> None:
    text = with_sections(UNIT, sections)
    facts = facts_of(read_document("u/unit.md", text.encode()))
    assert not [one for one in facts.findings if one.severity == "grave"]
    assert [(one.title, [use.target for use in one.lessons]) for one in facts.sections] == [
        (" ".join(title.split()), lessons) for title, _, lessons in sections
    ]
    assert "# never changed" in text
    assert "# a comment of the school" in text
    assert text.endswith("weeks: 2\n---\n\nBody: sections: stay\n")


def test_links_lead_where_they_led() -> None:
    text = "See [b](b.md#warm) and [c](../v/c.md), ![p](figures/p.svg), [me](#top), [web](https://x.org/a.md).\n\n[ref]: b.md\n"
    moved = with_links(text, "u/a.md", "w/x/a.md", {"u/a.md": "w/x/a.md"})
    assert moved == (
        "See [b](../../u/b.md#warm) and [c](../../v/c.md), ![p](../../u/figures/p.svg), [me](#top), "
        "[web](https://x.org/a.md).\n\n[ref]: ../../u/b.md\n"
    )
    assert (
        with_links("[a](a.md#one) [c](c.md)", "u/b.md", "u/b.md", {"u/a.md": "w/x/a.md"})
        == "[a](../w/x/a.md#one) [c](c.md)"
    )


def test_slugs() -> None:
    assert slug("Ratio & rate: ¿Razón?") == "ratio-rate-razon"
    assert slug("比") == "text"
