"""What search shows of a text that it found: the words as people read them."""

from __future__ import annotations

from pathlib import Path

from curriculum_studio.actions.search import search_document
from curriculum_studio.storage.search import SearchIndex


def test_what_was_found_reads_as_on_the_page(tmp_path: Path) -> None:
    quiz = b"---\nid: quiz-a\ntitle: Quiz\n---\n### Problem {#q1}\nWhich *word* of **two**? Say `so`.\n\n- [x] left\n- [ ] right {misconception=m-a}\n"
    terms = b"### ratio {#ratio}\nA comparison.\n\n- es: raz\xc3\xb3n\n"
    index = SearchIndex(tmp_path / "search")
    index.rebuild(
        lambda: (2, [search_document("a/assessments/quiz.md", quiz), search_document("glossary.md", terms)])
    )
    assert index.search("left").hits[0].snippet == "Which word of two? Say so. left right"
    assert index.search("comparison").hits[0].snippet == "A comparison. Español: razón"
    index.close()
