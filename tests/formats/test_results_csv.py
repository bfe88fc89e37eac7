"""Tables of results: what is read, and what is refused whole because it could say who a student is."""

from __future__ import annotations

import time

import pytest

from curriculum_studio.domain.errors import ResultsRefused
from curriculum_studio.domain.evidence import Item, Option, tally_answers, tally_counts, tally_rows
from curriculum_studio.domain.identity import in_heading, throw_away
from curriculum_studio.formats.results_csv import MOST_FINDINGS, Vocabulary, read_results
from tests.formats.identity_files import HEADINGS, bad_files

WORDS = Vocabulary(frozenset({"q1", "q2", "lemonade"}), frozenset({"m-additive", "m-order"}))
CHOICES = Item(
    "q1", "", "choices", (Option("A", "", True), Option("B", "", False, "m-order"), Option("C", "", False))
)
POINTS = Item("q2", "", "points", (), 3)
ITEMS = {"q1": CHOICES, "q2": POINTS}


def refused(content: bytes) -> ResultsRefused:
    with pytest.raises(ResultsRefused) as error:
        read_results(content, WORDS)
    return error.value


@pytest.mark.parametrize("seed", range(8))
def test_files_that_name_students_are_refused_and_nothing_of_them_is_repeated(seed: int) -> None:
    for bad in bad_files(seed, 63):
        error = refused(bad.content)
        assert error.identity, (seed, bad.why, bad.content[:300], error.findings)
        assert error.findings
        assert len(error.findings) <= MOST_FINDINGS
        said = f"{error} {error.findings} {error.__cause__} {error.__context__}"
        assert not [one for one in bad.secrets if one in said], (seed, bad.why)


@pytest.mark.parametrize("heading", [one for words in HEADINGS.values() for one in words])
def test_headings_about_persons(heading: str) -> None:
    assert in_heading(heading), heading
    # A heading alone is enough, whatever stands below it.
    assert refused(f"row,q1,{heading}\n1,A,B\n2,B,B\n".encode()).identity


@pytest.mark.parametrize(
    "heading",
    ["q1", "Q 12", "Question 3", "3", "item_4", "Problem 5b", "Pregunta 2", "exit ticket", "cool-down"],
)
def test_labels_of_problems(heading: str) -> None:
    assert in_heading(heading) is None


def test_the_three_shapes_are_read() -> None:
    rows = read_results("row;q1;q2\n1;A;3\n2;B;\n3;a;0\n".encode("utf-8-sig"), WORDS)
    assert (rows.shape, rows.lines, rows.items) == ("rows", 3, (1, 2))
    results, mistakes = tally_rows([CHOICES, POINTS], rows.rows())
    assert not mistakes
    assert (results.students, results.total, results.squares) == (3, 5, 17)
    assert results.tallies[0].counts == {"A": 2, "B": 1}
    assert results.tallies[0].sums == {"A": 5, "B": 0}
    assert results.tallies[1].counts == {"3": 1, "": 1, "0": 1}

    counts = read_results(b"item,choice,count\nq1,A,20\nq1,B,11\nq2,3,31\n", WORDS)
    assert counts.shape == "counts"
    found, wrong = tally_counts(ITEMS.get, counts.rows())
    assert not wrong
    assert [one.counts for one in found.tallies] == [{"A": 20, "B": 11}, {"3": 31}]
    assert found.total is None

    single = read_results(b"code\titem\tanswer\nk7f3\tq1\tA\nk7f3\tq2\t2\nm2p9\tq1\tC\n", WORDS)
    assert single.shape == "answers"
    told, wrong = tally_answers(ITEMS.get, single.rows())
    assert not wrong
    assert (told.students, told.total) == (2, 3)
    assert [one.counts for one in told.tallies] == [{"A": 1, "C": 1}, {"2": 1, "": 1}]


def test_no_code_of_a_row_leaves_the_reader() -> None:
    file = read_results(b"code,item,answer\nk7f3,q1,A\nm2p9,q1,C\n", WORDS)
    assert list(file.rows()) == [("0", "q1", "A"), ("1", "q1", "C")]
    assert "k7f3" not in repr(file)
    assert list(read_results(b"code,q1\nk7f3,A\nm2p9,C\n", WORDS).rows()) == [("A",), ("C",)]


def test_codes_lead_to_nobody() -> None:
    assert throw_away(["1", "2", "3"])
    assert throw_away(["0", "1", "2"])
    assert throw_away(["s01", "s02", "s03"])
    assert throw_away(["k7f3", "m2p9", "b8"]) is False
    assert throw_away(["k7f3", "m2p9"])
    assert not throw_away(["1", "2", "4"])
    assert not throw_away(["4821", "4822", "4823"])
    assert not throw_away(["a1", "b2"])
    assert not throw_away(["Maria", "Jo"])


@pytest.mark.parametrize(
    ("content", "says"),
    [
        (b"", "empty"),
        (b"row,q1\n", "no line"),
        (b"A,B,C\nA,B,C\n", "holds answers"),
        (b"row,q1\n1,A,B\n", "3 cells"),
        (b'row,q1\n1,"A\n', "quotation"),
        (b"row,q1\n1,A\n1,B\n", "same number"),
        (b"PK\x03\x04xxxx", "CSV"),
        (b"row,q1\n1,\xff\n", "UTF-8"),
        (b"row,q1\n1,A\x00\n", "UTF-8"),
        (b"row\n1\n2\n", "no column"),
        (b",".join(b"q%d" % n for n in range(201)), "more than 200"),
    ],
)
def test_what_cannot_be_read_says_why(content: bytes, says: str) -> None:
    error = refused(content)
    shown = " ".join(str(words) for _, _, _, words in error.findings)
    assert says in shown, (shown, error.identity)


def test_totals_are_left_out_and_answers_checked() -> None:
    file = read_results(b"row,q1,q2,Total\n1,A,3,4/4\n2,B,9,1\n", WORDS)
    assert file.items == (1, 2)
    _, mistakes = tally_rows([CHOICES, POINTS], file.rows())
    assert [(one.item.id, one.line, one.place) for one in mistakes] == [("q2", 3, 1)]


def test_marks_of_answers() -> None:
    several = Item(
        "q", "", "choices", (Option("A", "", True), Option("B", "", False), Option("C", "", True)), 2
    )
    assert several.mark("C;A") == "AC"
    assert several.worth("AC") == 2
    assert several.worth("A") == 0
    assert several.mark("D") is None
    assert CHOICES.mark("B;A") is None
    assert (CHOICES.mark("1"), CHOICES.mark("wrong"), CHOICES.mark(" n/a ")) == ("A", "wrong", "")
    piles = Item(
        "lemonade", "", "piles", (Option("right", "", True), Option("m-additive", "", False, "m-additive"))
    )
    assert (piles.mark("right"), piles.mark("m-additive"), piles.mark("other"), piles.mark("m-x")) == (
        "right",
        "m-additive",
        "other",
        None,
    )
    assert (piles.worth("right"), piles.worth("m-additive")) == (1, 0)


def test_a_file_of_many_different_faults_is_refused_at_once() -> None:
    content = "item,choice,count\n" + "".join(f"q{number},A,{number}\n" for number in range(40_000))
    start = time.process_time()
    error = refused(content.encode())
    assert time.process_time() - start < 5
    lines = [place[0] for place in error.findings]
    assert lines == list(range(lines[0], lines[0] + MOST_FINDINGS))
