"""Rubrics: the library is read, in our own words and whole; what is amiss is said with its line."""

from __future__ import annotations

import pytest

from curriculum_studio.domain.errors import FormatError
from curriculum_studio.domain.ratings import gate_holds
from curriculum_studio.formats.rubrics import read_rubric, rubric_texts

GOOD = b"""id: r
title: T
version: "1.10"
scale: [{value: 0, label: no}, {value: 1, label: yes}]
criteria:
  - id: a
    title: A
    question: Is it: so?
    gate: yes
    levels: {0: not, 1: yes}
"""


def test_the_library_is_whole() -> None:
    texts = rubric_texts({})
    assert set(texts) == {"alignment", "rigor", "relevance", "language", "accessibility", "material-quality"}
    for name, text in texts.items():
        rubric = read_rubric(text)
        assert rubric.id == name
        assert len(rubric.criteria) >= 3
        assert all(one.question.endswith("?") for one in rubric.criteria)
        assert all(set(one.levels) == set(rubric.values) for one in rubric.criteria), name
    alignment = read_rubric(texts["alignment"])
    assert [one.gate for one in alignment.criteria] == [True, False, False, False]
    assert not gate_holds(alignment, {"claims": 1, "shifts": 3, "support": 3, "checks": 3})
    assert gate_holds(alignment, {"claims": 2})


def test_the_curriculums_own_stands_first() -> None:
    assert rubric_texts({"rubrics/rigor.yml": GOOD})["rigor"] == GOOD
    rubric = read_rubric(GOOD)
    assert rubric.version == "1.10"
    assert rubric.criteria[0].question == "Is it: so?"


@pytest.mark.parametrize(
    ("old", "new", "words"),
    [
        (b"id: r\n", b"", "Line 1: an id"),
        (b"title: T\n", b"", "title is missing"),
        (b'version: "1.10"\n', b"", "version is missing"),
        (b"value: 1", b"value: 0", "Line 4: the values of the scale rise"),
        (b", {value: 1, label: yes}", b"", "at least two"),
        (b"value: 0", b"value: x", "a step of the scale"),
        (b"gate: yes", b"gate: perhaps", "Line 9: gate is yes or no"),
        (b"1: yes}\n", b"7: yes}\n", "the scale has no 7"),
        (b"    question: Is it: so?\n", b"", "question is missing"),
        (b"    gate: yes", b"    weight: 3", "is no part of a criterion"),
        (b"scale:", b"skale:", "is no part of a rubric"),
        (b"id: r\n", b"id: &a r\n", "Anchors"),
        (b"id: r\n", b"id: r\nid: r\n", "twice"),
        (b"id: r\n", b"\xff\n", "not text"),
    ],
)
def test_what_is_amiss_is_said(old: bytes, new: bytes, words: str) -> None:
    with pytest.raises(FormatError, match=words):
        read_rubric(GOOD.replace(old, new, 1))
