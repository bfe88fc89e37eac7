"""Hides which words a new text begins with: they say what to write, and wait for whoever writes it."""

from __future__ import annotations

from collections.abc import Iterator

WAITING = frozenset(
    {
        "For teachers: what this lesson is about, and how it sits in the unit.",
        "Say what students will understand or be able to do.",
        "I can …",
        "Show students …",
        "Students may notice …",
        "What we learned, in words that students can keep.",
        "The story of this unit, for teachers: what students bring, what they will meet, and in which order, and why.",
        "What you will find out in this unit.",
        "What your student is learning, and one thing to try together at home.",
        "v1: Write the first value here.",
        "g1: Write the first goal here.",
        "measure: how it is measured",
        "target: what should be reached",
        "Welcome. Say here whom these lessons are for, who wrote them, and how to find what one is looking for.",
    }
)


def starter_lines(source: str, first: int) -> Iterator[tuple[int, str]]:
    """The lines from line `first` on that still stand as a new text had them: number and words."""
    for number, line in enumerate(source.split("\n"), 1):
        words = line.strip().removeprefix("- ")
        if number >= first and words in WAITING:
            yield number, words
