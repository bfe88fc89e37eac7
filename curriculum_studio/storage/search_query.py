"""What somebody means who types a few words: codes, formulas, phrases, names of parts, words and mistyped words."""

from __future__ import annotations

import heapq
import re
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import reduce
from itertools import chain
from operator import attrgetter

from rapidfuzz import process
from rapidfuzz.distance import OSA

from curriculum_studio.domain.standards import canonical
from curriculum_studio.formats.kinds import fold, names
from curriculum_studio.formats.math_keys import typed_keys
from curriculum_studio.formats.words import code_terms, codes_in, term, terms
from curriculum_studio.storage.search_texts import Piece, Wanted, best_part, runs, surface
from curriculum_studio.storage.search_view import Scores, View

FACETS = ("grade", "unit", "kind", "standard", "person", "state")
MAX_TYPED = 200
_QUOTED = re.compile(r"[\"“”„«]([^\"“”„«»]+)[\"“”»]")
_TOKEN = re.compile(r"[^\W_]+")
_LOOSE_CODE = re.compile(r"[K1-8]\.[A-Z]{1,3}\..*\d")
_EXPANSIONS = 30
_NAME_WORDS = 6


@dataclass(frozen=True, slots=True)
class Standing:
    """Where a text stands in the curriculum: what it may be filtered by."""

    grade: str = ""
    unit: str = ""
    kind: str = ""
    standard: tuple[str, ...] = ()
    person: str = ""
    state: str = ""


@dataclass(frozen=True, slots=True)
class Hit:
    """A text that was found, and the part of it that shows why: its anchor ("" for none) and heading."""

    path: str
    id: str
    title: str
    kind: str
    score: float
    anchor: str
    heading: str
    pieces: tuple[Piece, ...]

    @property
    def snippet(self) -> str:
        """The snippet as plain text."""
        return "".join(piece.text for piece in self.pieces)


@dataclass(frozen=True, slots=True)
class Found:
    """An answer. `corrected` is the query that was answered where another was typed; `some` is true where no
    text holds all of it, and `missing` are the words that stand nowhere. `ready` is false while there is no index."""

    hits: tuple[Hit, ...] = ()
    total: int = 0
    facets: Mapping[str, tuple[tuple[str, int], ...]] = field(default_factory=dict)
    corrected: str = ""
    some: bool = False
    missing: tuple[str, ...] = ()
    ready: bool = True


@dataclass(slots=True)
class _Group:
    """One thing that is looked for: the scores of the texts that have it, and whether it may not be left out."""

    typed: str
    scores: Scores
    must: bool = False


@dataclass(slots=True)
class _Meaning:
    standings: Mapping[str, Standing] | None = None
    groups: list[_Group] = field(default_factory=list)
    words: set[str] = field(default_factory=set)
    keys: set[str] = field(default_factory=set)
    kinds: set[str] = field(default_factory=set)
    corrections: dict[str, str] = field(default_factory=dict)

    @property
    def wanted(self) -> Wanted:
        return Wanted(frozenset(self.words), frozenset(self.keys), frozenset(self.kinds))


def _either(*all_scores: Scores) -> Scores:
    found: Scores = {}
    for scores in all_scores:
        for number, score in scores.items():
            if score > found.get(number, -1.0):
                found[number] = score
    return found


def _both(first: Scores, second: Scores) -> Scores:
    small, large = (first, second) if len(first) <= len(second) else (second, first)
    return {number: score + large[number] for number, score in small.items() if number in large}


def _meaning(view: View, typed: str, standings: Mapping[str, Standing] | None) -> _Meaning:
    """Reads a query from the surest to the vaguest: quotes, codes, formulas, names of parts, words."""
    meaning = _Meaning(standings)
    for quoted in _QUOTED.findall(typed):
        words = terms(quoted)
        meaning.words.update(words)
        if words:
            meaning.groups.append(_Group(quoted, view.phrase(words), must=True))
    rest = _QUOTED.sub(" ", typed)
    rest = _codes(view, rest, meaning)
    rest = _formulas(view, rest, meaning)
    _words(view, rest, meaning, typing=not rest.endswith((" ", '"')))
    return meaning


def _codes(view: View, text: str, meaning: _Meaning) -> str:
    found = codes_in(text)
    for token in text.split():
        usual = canonical(token)
        if usual != token and not codes_in(token) and _LOOSE_CODE.fullmatch(usual):
            found.append(token)
    for code in found:
        scores = _either(*(view.mark(mark, 4.0) for mark in code_terms(code)))
        if not scores and not re.search(r"\d.*[A-Za-z].*\d|[A-Za-z]-[A-Za-z]|MP", code, re.IGNORECASE):
            continue
        meaning.groups.append(_Group(code, scores))
        meaning.words.update(terms(code))
        text = text.replace(code, " ", 1)
    return text


def _formulas(view: View, text: str, meaning: _Meaning) -> str:
    for run in dict.fromkeys([text.strip(), *runs(text)]):
        if not run or run not in text:
            continue
        keys = [key for key in typed_keys(run) if view.mark(f"~{key}")]
        if not keys:
            continue
        scores = _either(*(view.mark(f"~{key}", 3.0) for key in keys))
        meaning.keys.update(keys)
        if _TOKEN.fullmatch(run):
            scores = _either(scores, view.word(term(run)))
            meaning.words.add(term(run))
        meaning.groups.append(_Group(run, scores))
        text = text.replace(run, " ")
    return text.replace("$", " ")


def _words(view: View, text: str, meaning: _Meaning, typing: bool) -> None:
    tokens = _TOKEN.findall(text)
    at = 0
    while at < len(tokens):
        for count in range(min(_NAME_WORDS, len(tokens) - at), 0, -1):
            kind = names().get(fold(" ".join(tokens[at : at + count])))
            if kind is not None:
                words = [word for token in tokens[at : at + count] if (word := term(token))]
                typed_scores = reduce(_both, [view.word(word) for word in words]) if words else {}
                scores = _either(typed_scores, view.mark(f"={kind}", 3.0))
                meaning.kinds.add(kind)
                meaning.words.update(words)
                if scores:
                    meaning.groups.append(_Group(" ".join(tokens[at : at + count]), scores))
                at += count
                break
        else:
            if word := term(tokens[at]):
                _word(view, tokens[at], word, meaning, typing and at == len(tokens) - 1)
            at += 1


def _word(view: View, token: str, word: str, meaning: _Meaning, last: bool) -> None:
    scores = view.word(word)
    used = [word] if scores else []
    if (last or not scores) and len(word) >= 3 and not (last and scores and len(word) < 4):
        longer = sorted(one for one in view.vocabulary if one.startswith(word) and one != word)
        longer = longer[:_EXPANSIONS]
        if longer:
            more = {n: s * 0.6 for n, s in _either(*(view.word(one) for one in longer)).items()}
            scores = _either(scores, more)
            used += longer
    if not scores and (near := _near(view, word, meaning.standings)):
        scores, used = view.word(near), [near]
        meaning.corrections[token] = near
    meaning.words.update(used)
    meaning.groups.append(_Group(token, scores))


def _near(view: View, word: str, standings: Mapping[str, Standing] | None) -> str:
    """The commonest of the words that are written most like this one; "" where none is near.

    A word that stands only in texts which are not to be found is never told.
    """
    reach = 0 if len(word) < 4 else 1 if len(word) < 6 else 2
    if not reach or any(ch.isdigit() for ch in word):
        return ""
    near = process.extract(word, view.vocabulary, scorer=OSA.distance, score_cutoff=reach, limit=12)
    worth = [
        (distance + (one[0] != word[0]) * 0.5, -len(view.word(one)), one)
        for one, distance, _ in near
        if len(one) >= 3 and _seen(view, one, standings)
    ]
    return min(worth)[2] if worth else ""


def _seen(view: View, word: str, standings: Mapping[str, Standing] | None) -> bool:
    holding = view.word(word)
    return bool(holding) if standings is None else any(view.cards[n].path in standings for n in holding)


def answer(
    view: View,
    typed: str,
    standings: Mapping[str, Standing] | None,
    filters: Mapping[str, frozenset[str]],
    first: int,
    limit: int,
) -> Found:
    """Finds, filters, counts and shows. Without `standings` all that is indexed is found."""
    typed = typed[:MAX_TYPED]
    meaning = _meaning(view, typed, standings)
    scores, some = _together(view, meaning)
    missing = tuple(group.typed for group in meaning.groups if not group.scores)
    numbers, facets = _filtered(view, scores, standings, filters)
    cards = view.cards
    best = heapq.nsmallest(
        first + limit, numbers, key=lambda number: (-round(scores[number], 6), cards[number].path)
    )[first:]
    wanted = meaning.wanted
    shown = [(number, view.parts(number)) for number in best]
    hits = tuple(_hit(view, number, parts, scores[number], wanted) for number, parts in shown)
    return Found(
        hits, len(numbers), facets, _corrected(view, typed, meaning, best), some and bool(hits), missing
    )


def _together(view: View, meaning: _Meaning) -> tuple[Scores, bool]:
    """The texts that have all that was meant; where none has, those that have some of it."""
    if not meaning.groups:
        nothing_typed = not (meaning.words or meaning.kinds)
        return (dict.fromkeys(view.cards, 0.0) if nothing_typed else {}), False
    groups = sorted(meaning.groups, key=lambda group: len(group.scores))
    scores = reduce(_both, (group.scores for group in groups))
    if scores or len(groups) == 1:
        return scores, False
    musts = [group.scores for group in groups if group.must]
    loose: Scores = {}
    for group in groups:
        for number, score in group.scores.items():
            loose[number] = loose.get(number, 0.0) + score
    if musts:
        allowed = reduce(_both, musts)
        loose = {number: score for number, score in loose.items() if number in allowed}
    return loose, True


def _filtered(
    view: View,
    scores: Scores,
    standings: Mapping[str, Standing] | None,
    filters: Mapping[str, frozenset[str]],
) -> tuple[list[int], dict[str, tuple[tuple[str, int], ...]]]:
    """The texts that pass every filter; and of each facet how many texts there are that pass all the others."""
    if standings is None:
        return list(scores), {}
    cards = view.cards
    placed = [(n, standing) for n in scores if (standing := standings.get(cards[n].path)) is not None]
    active = {name: values for name, values in filters.items() if values and name in FACETS}
    passing: list[tuple[int, Standing]] = placed
    but_one: dict[str, list[Standing]] = {name: [] for name in active}
    if active:
        passing = []
        for number, standing in placed:
            failed = [name for name, values in active.items() if not _passes(standing, name, values)]
            if not failed:
                passing.append((number, standing))
            elif len(failed) == 1:
                but_one[failed[0]].append(standing)
    kept = [standing for _, standing in passing]
    facets = {name: _counted([*kept, *but_one.get(name, ())], name) for name in FACETS}
    return [number for number, _ in passing], facets


def _passes(standing: Standing, name: str, values: frozenset[str]) -> bool:
    if name == "standard":
        return not values.isdisjoint(standing.standard)
    return getattr(standing, name) in values


def _counted(standings: list[Standing], name: str) -> tuple[tuple[str, int], ...]:
    if name == "standard":
        counts = Counter(chain.from_iterable(map(attrgetter(name), standings)))
    else:
        counts = Counter(map(attrgetter(name), standings))
    counts.pop("", None)
    return tuple(sorted(counts.items(), key=lambda row: (-row[1], row[0])))


def _hit(
    view: View, number: int, parts: list[tuple[str, str, str, str]], score: float, wanted: Wanted
) -> Hit:
    card = view.cards[number]
    at, pieces = best_part(parts, wanted)
    anchor, _, heading, _ = parts[at] if parts else ("", "", "", "")
    return Hit(card.path, card.id, card.title, card.kind, round(score, 6), anchor, heading, pieces)


def _corrected(view: View, typed: str, meaning: _Meaning, best: list[int]) -> str:
    """The query with its mistyped words put right, as they are written where they were found."""
    if not meaning.corrections:
        return ""
    for token, near in meaning.corrections.items():
        holding = [n for n in best if n in view.word(near)]
        word = near
        for number in holding[:1]:
            card = view.cards[number]
            word = surface([card.title, *(text for row in view.parts(number) for text in row[2:])], near)
        typed = re.sub(rf"(?<!\w){re.escape(token)}(?!\w)", word, typed)
    return typed
