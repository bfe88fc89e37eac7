"""Laws of merging: nothing is lost, nothing is guessed, different sentences never quarrel."""

from __future__ import annotations

import os
import random

from hypothesis import given, settings
from hypothesis import strategies as st

from curriculum_studio.domain.merging import merge, sentences, stretches, words

TRIALS = 10_000 if os.environ.get("CAMPAIGN") else 300
LINES = [
    "Lena mixes 2 cups of syrup.",
    "She adds $\\frac{3}{4}$ cup of ice!",
    "Is it sweet?",
    "- a list item",
    "## Activity: Mix {#m}",
]
texts = st.lists(st.sampled_from([*LINES, "\n", "\n\n", " ", "word", "minutes: 45\n"]), max_size=12).map(
    " ".join
)


@given(texts, texts)
@settings(deadline=None)
def test_one_side_alone_wins(base: str, other: str) -> None:
    assert merge(base, other, base).text == other
    assert merge(base, base, other).text == other
    assert merge(base, other, other).text == other


@given(texts)
def test_pieces_make_up_the_text(text: str) -> None:
    assert "".join(sentences(text)) == text
    assert "".join(words(text)) == text


def random_text(rng: random.Random) -> list[str]:
    return [
        f"Sentence {n} has {rng.choice(['some', 'many', 'few'])} words about ratio{n}. "
        for n in range(rng.randint(3, 9))
    ]


def edited(rng: random.Random, sentence: str, token: str) -> str:
    parts = sentence.split(" ")
    parts.insert(rng.randrange(1, len(parts) - 2), token)
    return " ".join(parts)


def test_different_sentences_never_conflict_and_no_word_is_lost() -> None:
    for seed in range(TRIALS):
        rng = random.Random(seed)
        base = random_text(rng)
        first, second = rng.sample(range(len(base)), 2)
        mine, theirs = list(base), list(base)
        mine[first] = edited(rng, base[first], "MINE")
        theirs[second] = edited(rng, base[second], "THEIRS")
        merged = merge("".join(base), "".join(mine), "".join(theirs))
        if abs(first - second) > 1:
            assert merged.text is not None, f"seed {seed}"
        if merged.text is not None:
            assert "MINE" in merged.text, f"seed {seed}"
            assert "THEIRS" in merged.text, f"seed {seed}"
            expected = sorted([*"".join(base).split(), "MINE", "THEIRS"])
            assert sorted(merged.text.split()) == expected, f"seed {seed}"


def test_neighbouring_sentences_merge() -> None:
    base = "One is here. Two is there. Three is far."
    merged = merge(base, base.replace("One is", "One was"), base.replace("Two is", "Two was"))
    assert merged.text == "One was here. Two was there. Three is far."


def test_the_same_words_are_a_question() -> None:
    merged = merge("Mix 2 cups.", "Mix 3 cups.", "Mix 4 cups.")
    assert merged.text is None
    assert [(o.base, o.mine, o.theirs) for o in merged.overlaps] == [("2", "3", "4")]


def test_a_formula_is_one_piece() -> None:
    base = "The rate is $\\frac{3}{4}$ now."
    merged = merge(base, base.replace("3", "5"), base.replace("4", "8"))
    assert merged.text is None
    assert merged.overlaps[0].mine == "$\\frac{5}{4}$"


@given(texts, texts, texts)
@settings(deadline=None)
def test_stretches_are_the_merge_where_nobody_must_decide(base: str, mine: str, theirs: str) -> None:
    runs, whole = stretches(base, mine, theirs), merge(base, mine, theirs)
    assert (whole.text is None) == any(run.text is None for run in runs)
    if whole.text is not None:
        assert "".join(run.text or "" for run in runs) == whole.text
    assert "".join(run.mine for run in runs) == mine
    assert "".join(run.theirs for run in runs) == theirs
