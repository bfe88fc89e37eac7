"""Grade 3, fractions: each key is computed again from the numbers in the problem's own text, choices and figures."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from fractions import Fraction
from itertools import pairwise
from typing import Any

import pytest

from curriculum_studio.domain.lessons import Part
from curriculum_studio.formats.lesson_markdown import Document
from tests.content.keys import (
    child,
    claims,
    documents,
    figures,
    items,
    keys,
    numbers,
    sign,
    stem,
    table,
    values,
)

UNIT = "grade-3/fractions"
PAGES: Mapping[str, Document] = {
    name.removeprefix("assessments/").partition("-")[0]: page for name, page in documents(UNIT)
}
Plot = Mapping[Fraction, Fraction]
Rule = Callable[..., Any]


def of(a: Any, b: Any) -> Fraction:
    return Fraction(a, b)


def whole(a: int, b: int, squares: int, *_: int) -> Fraction:
    """How far 1 is from 0 where a/b is so many squares from it."""
    return squares / of(a, b)


def missing(a: int, b: int, below: int) -> Fraction:
    """The number above that makes a fraction with another number below equal to a/b."""
    return of(a, b) * below


def first_mark(_start: int, _end: int, marks: int, *_: int) -> Fraction:
    return of(1, marks + 1)


# What is asked, from the numbers of the problem in the order in which they are read. Text: as it must be written.
ANSWERS: Mapping[tuple[str, str], Rule] = {
    ("01", "p2"): lambda parts: of(1, parts),
    ("01", "p3"): lambda one, parts: 1 / of(one, parts),
    ("01", "p6"): lambda cups, tables: of(cups, tables),
    ("02", "p2"): lambda parts, cut: of(1, parts * cut),
    ("02", "p5"): lambda squares, parts: of(squares, parts),
    ("03", "p1"): lambda a, b, scoops: scoops * of(a, b),
    ("03", "p4"): lambda a, b, c, d: of(c, d) / of(a, b),
    ("03", "p6"): lambda few, many: max(of(1, few), of(1, many)),
    ("04", "p2"): first_mark,
    ("04", "p5"): lambda a, b, scoops: scoops * of(a, b),
    ("04", "p6"): lambda parts, squares: parts * squares,
    ("05", "p1"): lambda start, a, b, hops: start + hops * of(a, b),
    ("05", "p3"): lambda a, b, start, end: (end - start) / of(a, b),
    ("05", "p5"): first_mark,
    ("05", "p6"): lambda parts, eaten: 1 - of(eaten, parts),
    ("06", "p1"): whole,
    ("06", "p2"): whole,
    ("06", "p5"): lambda start, a, b, hops: start + hops * of(a, b),
    ("06", "p6"): lambda rows, drummers: rows * drummers,
    ("07", "p3"): lambda a, b, start, inches, c, d: (inches + of(c, d) - start) / of(a, b),
    ("07", "p5"): whole,
    ("08", "p2"): missing,
    ("08", "p3"): lambda parts, eaten, _cut, below: (1 - of(eaten, parts)) * below,
    ("08", "p5"): lambda steps, a, b, start: start + steps * of(a, b),
    ("09", "p2"): missing,
    ("09", "p3"): missing,
    ("09", "p5"): whole,
    ("09", "p6"): lambda parts, cut: of(1, parts * cut),
    ("10", "p2"): lambda below, wholes: wholes / of(1, below),
    ("10", "p3"): lambda a, b: of(a, b),
    ("10", "p5"): missing,
    ("11", "p3"): lambda a, b, c, d, e, f: max(of(a, b), of(c, d), of(e, f)),
    ("11", "p5"): lambda below, wholes: wholes / of(1, below),
    ("11", "p6"): missing,
    ("12", "p2"): lambda bed, a, b, other, c, d: other * of(c, d) - bed * of(a, b),
    ("12", "p5"): lambda a, b: of(a, b),
    ("readiness", "q5"): lambda squares, parts: of(squares, parts),
    ("readiness", "q6"): lambda squares, steps: squares * steps,
    ("mid", "q2"): lambda stripes, green: of(green, stripes),
    ("mid", "q7"): whole,
    ("end", "q1"): lambda parts: of(1, parts),
    ("end", "q2"): lambda a, b, c, d: of(c, d) / of(a, b),
    ("end", "q4"): lambda _start, a, b, squares, _mile: squares / of(a, b),
    ("end", "q6"): missing,
    ("end", "q7"): lambda number, below: f"{number * below}/{below}",
    ("end", "q10"): lambda a, b, c, d: sign(of(a, b), of(c, d)),
    ("end", "q11"): lambda a, b, c, d: sign(of(a, b), of(c, d)),
}


def plot(figure: Mapping[str, str]) -> Plot:
    return {values(place)[0]: often for place, often in table(figure["values"]).items()}


def above(figure: Mapping[str, str], limit: Fraction) -> Fraction:
    return sum((often for place, often in plot(figure).items() if place > limit), Fraction(0))


def below(figure: Mapping[str, str], limit: Fraction) -> Fraction:
    return sum((often for place, often in plot(figure).items() if place < limit), Fraction(0))


def point(figure: Mapping[str, str]) -> str:
    """The one point of a number line, written in steps of the line: steps counted from 0, over steps in 1."""
    [place] = values(figure["points"])
    step = values(figure["step"])[0]
    steps, per_whole = (place - values(figure["from"])[0]) / step, 1 / step
    assert steps.denominator == 1
    return f"{steps}/{per_whole}" if per_whole != 1 else str(steps)


# The same where a figure holds the numbers.
DRAWN: Mapping[tuple[str, str], Rule] = {
    ("02", "p6"): lambda blocks, more: Fraction(blocks["number"]) + more,
    ("07", "p1"): lambda line, _pencils, limit: below(line, limit),
    ("07", "p6"): lambda graph: table(graph["bars"])["okra"] - table(graph["bars"])["peppers"],
    ("08", "p6"): lambda line, _days, a, b: above(line, of(a, b)),
    ("10", "p6"): lambda graph: sum(table(graph["bars"]).values()),
    ("12", "p6"): point,
    ("readiness", "q3"): lambda line: values(line["points"])[0],
    ("mid", "q8"): lambda line, inches, a, b: above(line, inches + of(a, b)),
    ("end", "q12"): lambda line, limit: below(line, limit),
}

Choice = Sequence[Fraction]
# Which choice is right: from its own numbers, those of all choices, and those of the question.
CHOICES: Mapping[tuple[str, str], Rule] = {
    ("01", "p1"): lambda c, _all, total, parts: len(c) == parts and len(set(c)) == 1 and sum(c) == total,
    ("01", "p5"): lambda c, _all, stripes: c == [of(1, stripes)],
    ("02", "p3"): lambda c, every: c == max(every),
    ("03", "p2"): lambda c, _all, parts, more: c == [1 + of(more, parts)],
    ("03", "p3"): lambda c, _all, beads, gold: c == [of(gold, beads)],
    ("04", "p3"): lambda c, _all, a, b, d, e, _zero: c == [min(of(a, b), of(d, e))],
    ("06", "p3"): lambda c, _all, a, b, squares, *_: c == [whole(a, b, squares)],
    ("07", "p2"): lambda c, _all, begin, end: c == [end - begin],
    ("08", "p1"): lambda c, _all, a, b: c == [of(a, b)],
    ("09", "p1"): lambda c, _all, a, b: c == [of(a, b)],
    ("10", "p1"): lambda c, _all, number: c == [number],
    ("11", "p2"): lambda c, _all, a, b: c[0] > of(a, b),
    ("12", "p3"): lambda c, _all: all(a < b for a, b in pairwise(c)),
    ("mid", "q1"): lambda c, _all, total, parts: c == [parts, of(total, parts)],
    ("mid", "q3"): lambda c, _all, a, b, scoops: c == [scoops * of(a, b)],
    ("end", "q5"): lambda c, _all, a, b: c == [of(a, b)],
    ("end", "q8"): lambda c, _all: c[0].denominator == 1,
}
STATED = {("11", "p1"), ("12", "p1")}  # each choice is a comparison that is true or false
POINTS = {("04", "p1"), ("05", "p2"), ("mid", "q5"), ("end", "q3")}  # the choice that names the point
IN_WORDS = {("02", "p1"), ("readiness", "q1"), ("readiness", "q4")}  # no number decides: read by people

# The cool-downs: from the numbers before the first item, those of each item, and the figure.
COOL_DOWNS: Mapping[tuple[str, int], Rule] = {
    ("01", 2): lambda n, i, _: of(n[0], i[2][0]),
    ("01", 3): lambda n, i, _: of(1, i[3][0]),
    ("02", 1): lambda n, i, _: of(1, n[0]),
    ("02", 2): lambda n, i, _: n[0],
    ("02", 3): lambda n, i, _: max(of(*i[3][1:3]), of(*i[3][3:5])),
    ("03", 1): lambda n, i, _: i[1][0] * of(*n),
    ("03", 2): lambda n, i, _: (i[1][0] + i[2][0]) * of(*n),
    ("04", 1): lambda n, i, line: 1 / values(line["step"])[0],
    ("04", 2): lambda n, i, line: point(line),
    ("05", 1): lambda n, i, _: i[1][0] * of(*n[1:]),
    ("05", 2): lambda n, i, _: i[2][0] * of(*n[1:]),
    ("05", 3): lambda n, i, _: i[3][0] / of(*n[1:]),
    ("06", 1): lambda n, i, _: whole(*n) * of(*i[1]),
    ("06", 2): lambda n, i, _: whole(*n) * i[2][0],
    ("07", 1): lambda n, i, line: sum(plot(line).values()),
    ("07", 2): lambda n, i, line: above(line, i[2][0] + of(*i[2][1:])),
    ("08", 1): lambda n, i, _: missing(*i[1]),
    ("08", 2): lambda n, i, _: missing(*i[2]),
    ("09", 1): lambda n, i, _: missing(*i[1]),
    ("09", 2): lambda n, i, _: missing(*i[2]),
    ("10", 1): lambda n, i, _: f"{i[1][1] * i[1][0]}/{i[1][0]}",
    ("10", 2): lambda n, i, _: of(*i[2]),
    ("10", 3): lambda n, i, _: f"{i[3][0]}/{i[3][1]}",
    ("11", 1): lambda n, i, _: sign(of(*i[1][:2]), of(*i[1][2:])),
    ("11", 2): lambda n, i, _: sign(of(*i[2][:2]), of(*i[2][2:])),
    ("12", 1): lambda n, i, _: sign(of(*i[1][:2]), of(*i[1][2:])),
    ("12", 2): lambda n, i, _: sorted(of(a, b) for a, b in zip(i[2][::2], i[2][1::2], strict=True)),
}
_VALUE = re.compile(r"\$?(?:\\frac\{(\d+)\}\{(\d+)\}|(\d+(?:/\d+)?)|([<>=]))")


def problems() -> list[tuple[str, str, Part]]:
    return [(name, p.id or "", p) for name, page in PAGES.items() for p in page.walk() if p.kind == "problem"]


def cool_downs() -> list[tuple[str, Part, Part]]:
    parts = [(name, part) for name, page in PAGES.items() for part in page.walk() if part.kind == "cool-down"]
    found = [(name, child(part, "student-task"), child(part, "student-responses")) for name, part in parts]
    return [(name, task, keyed) for name, task, keyed in found if task and keyed]


def written(text: str) -> str:
    """The value with which a keyed response begins, `3/4`, `12` or `<`; nothing where it begins with words."""
    match = _VALUE.match(text)
    return "" if match is None else f"{match[1]}/{match[2]}" if match[1] else match[3] or match[4]


def agree(keyed: str, expected: object) -> bool:
    keyed = keyed.strip("$")
    return keyed == expected if isinstance(expected, str) else Fraction(keyed) == expected


@pytest.mark.parametrize("place", [*ANSWERS, *DRAWN])
def test_answers(place: tuple[str, str]) -> None:
    page = PAGES[place[0]]
    part = page.part(place[1])
    assert part is not None
    given = numbers(stem(part))
    expected = ANSWERS[place](*given) if place in ANSWERS else DRAWN[place](figures(part)[0], *given)
    keyed = keys(page, place[1])
    assert keyed
    assert all(agree(key, expected) for key in keyed), f"{keyed}, computed {expected}"


@pytest.mark.parametrize("place", [*CHOICES, *STATED, *POINTS])
def test_choices(place: tuple[str, str]) -> None:
    part = PAGES[place[0]].part(place[1])
    assert part is not None
    every = [values(choice.text) for choice in part.choices]
    if place in STATED:
        right = [all(true for _, true in claims(choice.text)) for choice in part.choices]
    elif place in POINTS:
        right = [written(choice.text) == point(figures(part)[0]) for choice in part.choices]
    else:
        right = [CHOICES[place](one, every, *numbers(stem(part))) for one in every]
    assert right == [choice.right for choice in part.choices]
    assert right.count(True) == 1


@pytest.mark.parametrize("place", COOL_DOWNS)
def test_cool_downs(place: tuple[str, int]) -> None:
    [(task, keyed)] = [(task, keyed) for name, task, keyed in cool_downs() if name == place[0]]
    asked = {number: numbers(text) for number, text in items(task.text).items()}
    before = numbers(task.text.partition("1. ")[0])
    expected = COOL_DOWNS[place](before, asked, (figures(task) or [{}])[0])
    response = items(keyed.text)[place[1]]
    if isinstance(expected, list):
        assert values(response.partition(". ")[0]) == expected
    else:
        assert agree(written(response), expected), f"{response}, computed {expected}"


def test_every_numeric_key_is_computed_here() -> None:
    answers = {(name, id_) for name, id_, part in problems() if child(part, "answer")}
    assert answers == {*ANSWERS, *DRAWN}
    choices = {(name, id_) for name, id_, part in problems() if part.choices}
    assert choices == {*CHOICES, *STATED, *POINTS, *IN_WORDS}
    keyed = {
        (name, n) for name, _, part in cool_downs() for n, text in items(part.text).items() if written(text)
    }
    assert keyed == set(COOL_DOWNS)
    assert {name for name, _, _ in cool_downs()} == {name for name in PAGES if name.isdigit()}


def stated() -> list[tuple[str, str]]:
    """What the unit itself says, and no student in a task: solutions, responses, summaries."""
    kinds = ("solution", "student-responses", "lesson-summary")
    return [(page.path, part.text) for page in PAGES.values() for part in page.walk() if part.kind in kinds]


def test_what_solutions_and_summaries_state_is_true() -> None:
    found = [(path, text, true) for path, said in stated() for text, true in claims(said)]
    assert len(found) > 100
    assert [(path, text) for path, text, true in found if not true] == []


def test_what_is_said_to_lie_between_lies_between() -> None:
    pattern = re.compile(
        r"\$\\frac\{(\d+)\}\{(\d+)\}\$ is\s+(?:not a whole number. It is )?between (\d+) and (\d+)"
    )
    found = [tuple(map(int, match.groups())) for _, said in stated() for match in pattern.finditer(said)]
    assert len(found) >= 4
    assert [one for one in found if not one[2] < of(*one[:2]) < one[3]] == []


def test_the_cards_of_activities_have_right_keys() -> None:
    cards = re.findall(
        r"sign\s+\$\\frac\{(\d+)\}\{(\d+)\}\$\s+at\s+(\d+),\s+one\s+mile\s+at\s+(\d+)", PAGES["06"].source
    )
    assert len(cards) == 6
    assert all(whole(*map(int, card[:3])) == int(card[3]) for card in cards)
    source = PAGES["09"].source
    stated = re.findall(r"^\| ([A-F])\s+\| (\$.+?\$)", source, re.MULTILINE)
    judged = dict(re.findall(r"\b([A-F]) (true|false):", source))
    assert {card: "true" if true else "false" for card, text in stated for _, true in claims(text)} == judged
    source = PAGES["12"].source
    pairs = re.findall(
        r"\| ([A-H])\s+\| \$\\frac\{(\d+)\}\{(\d+)\}\\ \\square\\ \\frac\{(\d+)\}\{(\d+)\}\$", source
    )
    signs = dict(re.findall(r"\b([A-H]) \$([<>=])\$", source))
    assert {card: sign(of(int(a), int(b)), of(int(c), int(d))) for card, a, b, c, d in pairs} == signs
    assert len(signs) == 8


def test_the_pods_of_lesson_7_have_the_lengths_plot_and_answers_of_its_key() -> None:
    page = PAGES["07"]
    prepared, measured, shown = (
        re.search(r"Lengths in inches: (.+?)\. Check", page.source, re.DOTALL),
        *(child(page.part(id_), "student-responses") for id_ in ("how-long", "show-all")),
    )
    assert prepared is not None
    assert measured is not None
    assert shown is not None
    lengths = values(prepared[1])
    assert len(lengths) == 8
    assert values(items(measured.text)[1]) == lengths
    often = {length: lengths.count(length) for length in lengths}
    answers = items(shown.text)
    said = re.split(r"\b(one|three)\b", answers[1].lower())[1:]
    heights = zip(said[::2], said[1::2], strict=True)
    assert {
        place: {"one": 1, "three": 3}[word] for word, places in heights for place in values(places)
    } == often
    assert values(answers[2]) == [max(often, key=lambda length: often[length])]
    limit = Fraction(11, 4)
    assert "longer than $2\\frac{3}{4}$" in page.source
    assert values(answers[3]) == [sum(length > limit for length in lengths)]
    assert values(answers[4]) == [(max(lengths) - min(lengths)) / of(1, 4)]


def test_the_ten_cards_of_lesson_10_are_all_sorted_rightly() -> None:
    part = PAGES["10"].part("sort")
    task, keyed = child(part, "student-task"), child(part, "student-responses")
    assert task is not None
    assert keyed is not None
    pairs = re.compile(r"\\frac\{(\d+)\}\{(\d+)\}")
    cards = [(int(a), int(b)) for a, b in pairs.findall(task.text.partition("1. ")[0])]
    assert len(set(cards)) == 10
    answers = items(keyed.text)
    wholes, between = ([(int(a), int(b)) for a, b in pairs.findall(answers[n])] for n in (1, 2))
    assert sorted(wholes + between) == sorted(cards)
    assert all(of(*card).denominator == 1 for card in wholes)
    assert all(of(*card).denominator != 1 for card in between)


@pytest.mark.parametrize(
    ("name", "activity", "question"), [("02", "longest-shortest", 2), ("12", "compare-convince", 1)]
)
def test_what_activities_put_in_order_is_in_order(name: str, activity: str, question: int) -> None:
    part = PAGES[name].part(activity)
    task, keyed = child(part, "student-task"), child(part, "student-responses")
    assert task is not None
    assert keyed is not None
    asked, answered = (values(items(one.text)[question]) for one in (task, keyed))
    assert answered == sorted(asked)
    assert len(set(answered)) == len(answered) >= 3


def test_garden_beds_hold_the_squares_of_their_key() -> None:
    part = PAGES["12"].part("fair-to-compare")
    task, keyed = child(part, "student-task"), child(part, "student-responses")
    assert task is not None
    assert keyed is not None
    beds = [int(n) for n in re.findall(r"bed of (\d+) squares", task.text)]
    asked, answered = items(task.text), items(keyed.text)
    for number, bed in enumerate(beds, 1):
        assert values(answered[number]) == [bed * values(asked[number])[0]]
    assert answered[3] == "Class B."


@pytest.mark.parametrize("name", sorted(name for name in PAGES if name.isdigit()))
def test_teachers_have_a_key_of_every_extension(name: str) -> None:
    with_extension = [part for part in PAGES[name].walk() if child(part, "extension")]
    assert with_extension
    for part in with_extension:
        keyed = child(part, "student-responses")
        assert keyed is not None
        assert "\nExtension: " in keyed.text
