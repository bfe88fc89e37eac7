"""A whole text in words: no mark of the source, no key that programs alone read, and whatever people chose is said."""

from __future__ import annotations

import re

import pytest

from curriculum_studio.domain.differences import difference
from curriculum_studio.publishing.worded import particular, worded
from tests.workspaces import UNITS

TEXT = """---
id: k7f3q9m2
title: Ratios
minutes: 45
standards:
  building-on: [4.OA.A.2]
  addressing: [6.RP.A.1, {framework: old, code: 6.X}]
materials: {gather: [snap cubes]}
goals: [g1]
language: es
extra: {room: 12}
---
They say *for
every* and **to**, `as is`, [a word](../glossary.md#ratio) and $\\frac{1}{2}$ of \\$5.[^1]

## Warm-up: Look {#w minutes=8}
### Student task
![Two cups](figures/cups.png)

1. One
*goes* on.

| a | b |
|---|:--|
| 1 | $2^3$ |

[[ ]]{lines=3}

$$
2:5
$$

::: teacher
Wait.
:::

```number-line {#nl width=3}
points: {A: 1/2}
alt: 'A line'
```

## Practice problems
### Problem {#p1 standard=6.RP.A.1 points=1}
Which?

- [x] 1
- [ ] 2 {misconception=m-adds}

### Advancing student thinking {for=m-adds}
Why? <!-- ask Ben -->

[^1]: Made up.
"""
NAMES = {"g1": "All explain", "m-adds": "Adds to both"}


def test_a_lesson_in_words() -> None:
    said = worded("a/01.md", TEXT, NAMES)
    for words in (
        "Title: Ratios", "Minutes: 45", "Builds on: 4.OA.A.2", "Teaches: 6.RP.A.1", "Teaches: 6.X", "Materials to gather: snap cubes",
        "Goals: All explain", "Language: Español", "They say for every and to, as is, a word and 1/2 of $5.", "Warm-up: Look (8 minutes)",
        "The picture: Two cups", "1. One goes on.", "a | b", "(space to write: 3 lines)", "2:5", "(For teachers)", "Wait.",
        "(Figure: number line)", "Points: A: 1/2", "Problem (standard 6.RP.A.1, 1 point)", "- (right) 1", "- 2 (shows: Adds to both)",
        "Advancing student thinking (meant for: Adds to both)", "(Seen by nobody: ask Ben)", "Footnote: Made up.",
    ):  # fmt: skip
        assert words in said, words
    for mark in ("---", "k7f3q9m2", "room", "building-on", "[", "{", "*", "`", "\\", "^", "#", ":::"):
        assert mark not in said, mark


def test_what_only_the_source_says_is_no_difference() -> None:
    other = TEXT.replace("k7f3q9m2", "a-new-one").replace("for\nevery", "for every").replace("#p1", "#p2")
    assert {
        piece.kind for piece in difference(worded("a/01.md", TEXT, {}), worded("a/01.md", other, {}))
    } == {"same"}
    later = TEXT.replace("minutes=8", "minutes=9")
    assert {piece.kind for piece in difference(worded("a/01.md", TEXT, {}), worded("a/01.md", later, {}))} > {
        "same"
    }


def test_a_header_that_cannot_be_read_is_shown_as_it_was_typed() -> None:
    assert "title: [Ratios" in worded("a/01.md", "---\ntitle: [Ratios\n---\nWords.\n", {})
    assert worded("a/01.md", "Words alone.\n", {}) == "Words alone.\n"


@pytest.mark.parametrize("path", sorted(UNITS.rglob("*.md")), ids=lambda path: path.name)
def test_no_mark_of_the_source_is_left_in_any_text(path) -> None:  # type: ignore[no-untyped-def]
    said = worded(path.relative_to(UNITS).as_posix(), path.read_text(), {})
    assert not re.search(r"\[\^|\]\(|\{#|\*\w|\\[a-z]|^#|^---|^id:|:::|```", said, re.MULTILINE)


def test_a_line_of_a_header_by_itself() -> None:
    assert particular("  building-toward: [6.RP.A.3]") == "  Prepares for: [6.RP.A.3]"
    assert particular("id: k7f3q9m2") == ""
