"""A campaign on anchors: words are chosen in real lessons, the lessons are edited as people edit, and the truth is kept.

A text is a list of tokens, each with a mark that says whether it belongs to the chosen words; edits carry the marks along.
"""

from __future__ import annotations

import random
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from curriculum_studio.domain.anchors import Anchor, Place, anchor_at, find_all

UNITS = Path(__file__).resolve().parents[2] / "units"
_TOKEN = re.compile(r"\$[^$\n]+\$|\[[^\]\n]*\]\([^)\n]*\)|\w+|\s+|.", re.DOTALL)
_FRESH = [
    "the tiles that were left over stay in the box until somebody asks",
    "each pair writes down what it expects before anything is measured",
    "a drawing is enough here and nobody needs to calculate yet",
    "students who finish early compare their tables with a neighbor",
    "this question comes back at the end of the week",
    "some groups notice that both amounts grow together",
    "let them argue about the order before you say anything",
    "leave the second column empty on purpose",
]
_VOCABULARY = sorted({word for line in _FRESH for word in line.split() if len(word) > 3})


@dataclass(slots=True)
class Token:
    """A word, a space or a mark; `chosen` where it belongs to the chosen words."""

    text: str
    chosen: bool = False


Text = list[Token]


@cache
def corpus() -> tuple[str, ...]:
    """The starter curriculum's lessons in English, bodies alone."""
    found = []
    for path in sorted(UNITS.glob("grade-*/*/*.md")):
        text = path.read_text("utf-8")
        if "translates:" not in text and len(text) > 3000:
            found.append(text.split("\n---\n", 1)[-1])
    return tuple(found)


def words_of(text: str) -> Text:
    """A text in tokens."""
    return [Token(one) for one in _TOKEN.findall(text)]


def plain(text: Text) -> str:
    """The text again."""
    return "".join(token.text for token in text)


def copied(text: Text) -> Text:
    """A copy that can be edited."""
    return [Token(token.text, token.chosen) for token in text]


def truth(text: Text) -> tuple[int, int] | None:
    """Where the chosen words are, from the first to the last."""
    at, first, last = 0, -1, -1
    for token in text:
        if token.chosen and not token.text.isspace():
            first = at if first < 0 else first
            last = at + len(token.text)
        at += len(token.text)
    return (first, last) if first >= 0 else None


def paragraphs(text: Text) -> list[tuple[int, int]]:
    """The paragraphs of prose, as ranges of tokens without the space after them."""
    found, start = [], 0
    for n, token in enumerate([*text, Token("\n\n")]):
        if token.text.isspace() and token.text.count("\n") > 1:
            if n - start > 25 and text[start].text not in "#|`:>":
                found.append((start, n))
            start = n + 1
    return found


def sentences(text: Text, start: int, end: int) -> list[tuple[int, int]]:
    """The sentences of a paragraph, as ranges of tokens with their last mark."""
    found, at = [], start
    for n in range(start, end):
        if text[n].text in ".?!" and (n + 1 == end or text[n + 1].text.isspace()):
            found.append((at, n + 1))
            at = n + 2
    return [one for one in found if one[1] - one[0] > 7]


def choose(rng: random.Random, text: Text, least: int, most: int) -> bool:
    """Chooses words somewhere in a paragraph; whether it could."""
    places = paragraphs(text)
    rng.shuffle(places)
    for start, end in places:
        # The number before an item of a list is no word of it.
        inside = [
            n
            for n in range(start, end)
            if text[n].text[0].isalnum()
            and not (text[n].text.isdigit() and n + 1 < end and text[n + 1].text == ".")
        ]
        size = rng.randint(least, most)
        if len(inside) <= size + 2:
            continue
        first = rng.randrange(len(inside) - size)
        for token in text[inside[first] : inside[first + size - 1] + 1]:
            token.chosen = True
        return True
    return False


def chosen_range(text: Text) -> tuple[int, int]:
    """The tokens from the first to the last chosen one."""
    inside = [n for n, token in enumerate(text) if token.chosen]
    return inside[0], inside[-1] + 1


def edit_elsewhere(rng: random.Random, text: Text, count: int) -> None:
    """Words replaced, put in and taken out, whole sentences too, never among the chosen ones."""
    for _ in range(count):
        free = [n for n, token in enumerate(text) if token.text[0].isalnum() and not token.chosen]
        if not free:
            return
        n = rng.choice(free)
        how = rng.random()
        if how < 0.35:
            text[n].text = rng.choice(_VOCABULARY)
        elif how < 0.55:
            text[n:n] = [Token(rng.choice(_VOCABULARY)), Token(" ")]
        elif how < 0.75 and n + 1 < len(text) and not text[n + 1].chosen:
            del text[n : n + 2]
        else:
            _whole_sentence(rng, text)


def _whole_sentence(rng: random.Random, text: Text) -> None:
    places = [one for place in paragraphs(text) for one in sentences(text, *place)]
    places = [one for one in places if not any(token.chosen for token in text[slice(*one)])]
    if not places:
        return
    start, end = rng.choice(places)
    if rng.random() < 0.5:
        line = words_of(rng.choice(_FRESH).capitalize() + ". ")
        text[start:start] = line
    else:
        del text[start:end]


def reword(rng: random.Random, text: Text, share: float) -> None:
    """Changes a share of the chosen words: other words, other forms, words put in or taken out."""
    start, end = chosen_range(text)
    inside = [n for n in range(start, end) if text[n].text[0].isalnum()]
    for n in sorted(rng.sample(inside, max(1, round(len(inside) * share))), reverse=True):
        how = rng.random()
        if how < 0.3:
            text[n].text = rng.choice(_VOCABULARY)
        elif how < 0.55:
            word = text[n].text
            text[n].text = word[:-1] if word.endswith("s") and len(word) > 3 else word + "s"
        elif how < 0.8 and len(inside) > 3:
            text[n].text = rng.choice(("", rng.choice(_VOCABULARY)))
        else:
            text[n:n] = [Token(rng.choice(_VOCABULARY), True), Token(" ", True)]
    text[:] = [token for token in text if token.text]


def replace(rng: random.Random, text: Text) -> None:
    """Puts wholly other words in place of the chosen ones, or none."""
    start, end = chosen_range(text)
    size = sum(token.text[0].isalnum() for token in text[start:end])
    fresh = " ".join(rng.choice(_VOCABULARY) for _ in range(size)) if rng.random() < 0.5 else ""
    text[start:end] = words_of(fresh)


def move_paragraph(rng: random.Random, text: Text) -> bool:
    """Moves the paragraph of the chosen words to another place, sometimes with words changed in it; whether it could."""
    at = chosen_range(text)[0]
    start, end = next((one for one in paragraphs(text) if one[0] <= at < one[1]), (0, 0))
    if not end or len(paragraphs(text)) < 3:
        return False
    block = text[start:end]
    del text[start : end + 1]
    if rng.random() < 0.5:
        edit_elsewhere(rng, block, 2)
    others = paragraphs(text)
    place = rng.choice(others)[0]
    text[place:place] = [*block, Token("\n\n")]
    return True


def move_sentence(rng: random.Random, text: Text) -> bool:
    """Moves the sentence of the chosen words into another paragraph; whether there was one."""
    at, to = chosen_range(text)
    for place in paragraphs(text):
        for start, end in sentences(text, *place):
            if start <= at and to <= end and end < place[1]:
                block = text[start:end]
                del text[start : end + 1]
                others = [
                    one
                    for other in paragraphs(text)
                    if not other[0] <= start <= other[1]
                    for one in sentences(text, *other)
                ]
                if not others:
                    return False
                where = rng.choice(others)[0]
                text[where:where] = [*block, Token(" ")]
                return True
    return False


def split_or_join(rng: random.Random, text: Text) -> bool:
    """Splits the paragraph of the chosen words at the end of a sentence, or joins it with the next."""
    at = chosen_range(text)[0]
    places = paragraphs(text)
    n = next((n for n, one in enumerate(places) if one[0] <= at < one[1]), -1)
    if n < 0:
        return False
    start, end = places[n]
    ends = [one[1] for one in sentences(text, start, end) if one[1] < end]
    if rng.random() < 0.5 and ends:
        text[rng.choice(ends)].text = "\n\n"
        return True
    if n + 1 < len(places) and places[n + 1][0] == end + 1:
        text[end].text = " "
        return True
    return False


@dataclass(frozen=True, slots=True)
class Row:
    """How a kind of edit came out: of `trials`, how many on the right words, on wrong ones, and lost."""

    name: str
    trials: int
    right: int
    wrong: int

    @property
    def lost(self) -> int:
        """Told as lost."""
        return self.trials - self.right - self.wrong


def overlap(one: tuple[int, int], other: tuple[int, int]) -> float:
    """The common length of two ranges as a share of what they cover together."""
    common = min(one[1], other[1]) - max(one[0], other[0])
    return max(common, 0) / (max(one[1], other[1]) - min(one[0], other[0]))


def judged(found: Place | None, real: tuple[int, int] | None, *, exactly: bool) -> str:
    """`right`, `wrong` or `lost`. Words that are gone are rightly lost; a place is right from half of it on."""
    if real is None:
        return "right" if found is None else "wrong"
    if found is None:
        return "lost"
    at = (found.start, found.end)
    return "right" if (at == real if exactly else overlap(at, real) >= 0.5) else "wrong"


def started(rng: random.Random, least: int, most: int) -> tuple[Text, Anchor]:
    """A lesson with words chosen in it, and their anchor. The words are chosen so that no formula or link is cut."""
    while True:
        text = words_of(_excerpt(rng))
        if choose(rng, text, least, most):
            start, end = truth(text) or (0, 0)
            anchor = anchor_at(plain(text), start, end, "first")
            if (anchor.start, anchor.end) == (start, end):
                return text, anchor


def _excerpt(rng: random.Random) -> str:
    """Some paragraphs of a lesson, one after another: as much as a trial needs."""
    blocks = rng.choice(corpus()).split("\n\n")
    at = rng.randrange(max(len(blocks) - 16, 1))
    return "\n\n".join(blocks[at : at + 16])


def found_in(anchor: Anchor, texts: list[tuple[str, str]]) -> Place | None:
    """An anchor followed through versions of its text, (blob, words), as the studio does: from where it was last seen."""
    known = dict(texts)
    last, found = Place(anchor.blob, anchor.start, anchor.end), None
    for blob, words in texts[1:]:
        found = find_all({"a": (anchor, last)}, known, blob, words)["a"]
        last = found or last
    return found


def simple(change: Callable[[random.Random, Text], bool | None], least: int, most: int) -> Callable[[random.Random], tuple[Place | None, tuple[int, int] | None]]:  # fmt: skip
    """A trial of one change together with some edits elsewhere."""

    def trial(rng: random.Random) -> tuple[Place | None, tuple[int, int] | None]:
        while True:
            text, anchor = started(rng, least, most)
            before = plain(text)
            edit_elsewhere(rng, text, rng.randint(0, 12))
            if change(rng, text) is not False:
                return found_in(anchor, [("first", before), ("now", plain(text))]), truth(text)

    return trial


def back_again(how: str) -> Callable[[random.Random], tuple[Place | None, tuple[int, int] | None]]:
    """A trial in which the words are deleted and come back: by undo, redo and undo, restore, or pasted elsewhere."""

    def trial(rng: random.Random) -> tuple[Place | None, tuple[int, int] | None]:
        text, anchor = started(rng, 4 if how == "paste" else 1, 25)
        versions = [plain(text)]
        edit_elsewhere(rng, text, rng.randint(0, 6))
        versions.append(plain(text))
        whole = copied(text)
        start, end = chosen_range(text)
        cut = text[start:end]
        del text[start:end]
        versions.append(plain(text))
        if how == "redo":
            versions += [plain(whole), plain(text)]
        if how == "paste":
            edit_elsewhere(rng, text, rng.randint(0, 3))
            place = rng.choice(paragraphs(text) or [(len(text), 0)])[0]
            text[place:place] = [*cut, Token(" ")]
            versions.append(plain(text))
        else:
            if how == "restore":
                edit_elsewhere(rng, text, 5)
                versions.append(plain(text))
            text = whole
            if how != "restore":
                edit_elsewhere(rng, text, rng.randint(0, 3))
            versions.append(plain(text))
        return found_in(anchor, [("first", versions[0]), *((f"v{n}", one) for n, one in enumerate(versions[1:]))]), truth(text)  # fmt: skip

    return trial


def _replaced(rng: random.Random, text: Text) -> None:
    replace(rng, text)
    for token in text:
        token.chosen = False


ROWS: dict[str, tuple[Callable[[random.Random], tuple[Place | None, tuple[int, int] | None]], bool]] = {
    "only elsewhere": (simple(lambda rng, text: edit_elsewhere(rng, text, rng.randint(1, 40)), 1, 30), True),
    "lightly reworded": (simple(lambda rng, text: reword(rng, text, 0.15), 5, 30), False),
    "heavily reworded": (simple(lambda rng, text: reword(rng, text, rng.uniform(0.35, 0.5)), 6, 30), False),
    "replaced or deleted": (simple(_replaced, 2, 30), False),
    "paragraph moved": (simple(move_paragraph, 1, 25), False),
    "sentence moved": (simple(move_sentence, 3, 12), False),
    "split and merged": (simple(split_or_join, 1, 25), False),
    "deleted, undone": (back_again("undo"), True),
    "deleted, redone, undone": (back_again("redo"), True),
    "restored": (back_again("restore"), True),
    "pasted elsewhere": (back_again("paste"), True),
}
"""Each kind of edit: its trial, and whether only the exact words are right."""


def campaign(trials: int, seed: int) -> Iterator[Row]:
    """Runs every row."""
    for name, (trial, exactly) in ROWS.items():
        rng = random.Random(f"{seed} {name}")
        out = [judged(*trial(rng), exactly=exactly) for _ in range(trials)]
        yield Row(name, trials, out.count("right"), out.count("wrong"))


GOALS = {
    "only elsewhere": (1.0, 0.0),
    "lightly reworded": (0.98, 0.02),
    "heavily reworded": (0.93, 0.02),
    "replaced or deleted": (0.98, 0.02),
    "paragraph moved": (0.97, 0.02),
    "sentence moved": (0.90, 0.02),
    "split and merged": (1.0, 0.0),
    "deleted, undone": (1.0, 0.0),
    "deleted, redone, undone": (1.0, 0.0),
    "restored": (1.0, 0.0),
    "pasted elsewhere": (0.98, 0.0),
}
"""Of each row: the least share on the right words, the greatest on wrong ones."""
