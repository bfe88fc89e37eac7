"""Laws of blame: the sentences make up the newest text, and each stands in the version it is credited to."""

from __future__ import annotations

import time

from hypothesis import given, settings
from hypothesis import strategies as st

from curriculum_studio.domain.blame import blame

FORMULAS = ["$x_1 + 2. 5$", "$$\ny = 2x. Then! z $$", "[the band. Again](band.md)"]
PARTS = [*FORMULAS, "Lena mixes.", "Is it sweet?", "- an item", "## Mix it! {#m}", "minutes: 45", "word"]
texts = st.lists(
    st.tuples(st.sampled_from(PARTS), st.sampled_from([" ", "\n", "\n\n"])).map("".join), max_size=10
).map("".join)
wild = st.text(alphabet="ab.! \n$`[](){}#\\-1", max_size=40)
histories = st.lists(texts | wild, max_size=6).map(lambda many: list(enumerate(many)))


def flat(text: str) -> str:
    return " ".join(text.split())


def who(*versions: tuple[str, str]) -> list[tuple[str, str]]:
    return [(sentence.strip(), key) for sentence, key in blame(versions)]


@given(histories)
@settings(deadline=None, max_examples=400)
def test_sentences_make_up_the_newest_text(versions: list[tuple[int, str]]) -> None:
    assert "".join(sentence for sentence, _ in blame(versions)) == (versions[-1][1] if versions else "")


@given(histories)
@settings(deadline=None, max_examples=400)
def test_each_sentence_stands_in_its_version_and_all_later_ones(versions: list[tuple[int, str]]) -> None:
    for sentence, key in blame(versions):
        assert all(flat(sentence) in flat(text) for number, text in versions if number >= key)


@given(st.lists(texts, min_size=1, max_size=4))
def test_formulas_and_links_are_never_cut(many: list[str]) -> None:
    sentences = [sentence for sentence, _ in blame(list(enumerate(many)))]
    for formula in FORMULAS:
        assert sum(sentence.count(formula) for sentence in sentences) == many[-1].count(formula)


@given(texts)
def test_a_single_version_wrote_everything(text: str) -> None:
    assert {key for _, key in blame([("only", text)])} <= {"only"}


def test_a_changed_sentence_belongs_to_whoever_changed_it() -> None:
    assert who(
        ("Ana", "Lena mixes syrup. It is $0. 5$ sweet.\n"), ("Ben", "Lena mixes syrup. It is $0. 7$ sweet.\n")
    ) == [("Lena mixes syrup.", "Ana"), ("It is $0. 7$ sweet.", "Ben")]


def test_a_moved_sentence_keeps_its_author() -> None:
    assert who(
        ("Ana", "One here. Two here.\n"), ("Ben", "Three here. One here. Two here.\n"),
        ("Cleo", "Two here. Three here.\n\nOne here."),
    ) == [("Two here.", "Ana"), ("Three here.", "Ben"), ("One here.", "Ana")]  # fmt: skip


def test_a_sentence_put_back_belongs_to_whoever_put_it_back() -> None:
    assert who(("Ana", "One. Two."), ("Ben", "One."), ("Cleo", "One. Two.")) == [
        ("One.", "Ana"),
        ("Two.", "Cleo"),
    ]


def test_a_sentence_written_again_belongs_to_its_second_writer() -> None:
    assert who(("Ana", "Start.\n\nSay why.\n"), ("Ben", "Say why.\n\nStart.\n\nSay why.\n")) == [
        ("Say why.", "Ben"), ("Start.", "Ana"), ("Say why.", "Ana"),
    ]  # fmt: skip


def test_new_line_breaks_make_no_new_author() -> None:
    assert {
        key
        for _, key in blame([("Ana", "A long sentence here. Two."), ("Ben", "A long\nsentence here.\nTwo.")])
    } == {"Ana"}


def test_headings_and_items_stand_alone() -> None:
    assert who(("Ana", "## Mix\n1. Do it.\n2. Do more.\n"), ("Ben", "## Mix\n1. Do it.\n2. Do less.\n")) == [
        ("## Mix", "Ana"), ("1. Do it.", "Ana"), ("2. Do less.", "Ben"),
    ]  # fmt: skip


def test_no_versions_no_sentences() -> None:
    assert blame(()) == ()


def test_a_long_history_is_read_quickly() -> None:
    lines = [f"Sentence {n} speaks of $x_{{{n}}}$ and of ratio {n}. " for n in range(700)]
    versions = []
    for version in range(200):
        lines[version * 3] = f"Version {version} wrote this one anew. "
        lines.insert(version, lines.pop())
        versions.append((version, "".join(lines)))
    start = time.process_time()
    result = blame(versions)
    # Measured well under a second; a busy machine gets more.
    assert time.process_time() - start < 3
    assert "".join(sentence for sentence, _ in result) == versions[-1][1]
