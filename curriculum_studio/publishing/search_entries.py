"""What the site's search knows of each page, and how the shards of an edition follow what changed."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from html import unescape
from pathlib import Path
from typing import TYPE_CHECKING, Any

from curriculum_studio.domain.kinds import KINDS
from curriculum_studio.formats.html import plain_words, with_formulas
from curriculum_studio.formats.kinds import search_names
from curriculum_studio.formats.math import formula_key
from curriculum_studio.publishing.output import late_files
from curriculum_studio.publishing.parts import Leaf
from curriculum_studio.publishing.shards import (
    LEAD,
    Posting,
    SearchEntry,
    amended,
    clashes,
    index_of,
    posting_of,
)
from curriculum_studio.publishing.state import State

if TYPE_CHECKING:
    from curriculum_studio.publishing.render import Pages


_PICTURED = re.compile(r'<title[^>]*>([^<]*)|<img [^>]*?alt="([^"]*)"')
"""What figures and pictures say of themselves: part of what a page can be found by."""


_NOTE_MARKS = re.compile(
    r'<sup class="footnote-ref">.*?</sup>|<a [^>]*class="footnote-backref".*?</a>', re.DOTALL
)
_BEFORE_MARK = re.compile(r"\s+([.,;:!?)])")
"""Where the tags around a formula were, a space stands before the mark that ends it."""


def _tidy(text: str) -> str:
    """Words as a sentence sets them."""
    return _BEFORE_MARK.sub(r"\1", text)


def entry_of(builder: Pages, address: str, leaf: Leaf) -> SearchEntry:
    """What search must know of the page at an address: from its leaf and its card alone."""
    path = builder.plan.pages[address]
    card = builder.plan.card(path)
    facts = builder.plan.curriculum.facts[path]
    words: list[str] = []
    for part in leaf.walk():
        words.append(part.label)
        words.append(plain_words(part.heading))
        words.append(plain_words(part.body))
        if "<title" in part.body or "<img" in part.body:
            words += [unescape(found[0] or found[1]) for found in _PICTURED.findall(part.body)]
    kinds = dict.fromkeys(part.kind for part in leaf.walk())
    for kind in kinds:
        # An exit ticket is a cool-down to whoever looks for one: the kind's own name is found too.
        if kind in KINDS:
            words.append(search_names(kind))
    source = builder.plan.curriculum.translated_from(path) if facts.kind == "translation" else None
    base = builder.plan.curriculum.facts[source] if source else facts
    unit = builder.plan.curriculum.unit_of.get(source or path)
    language = card.language
    codes = builder.plan.card(source or path).codes
    # Our own short words for what a page teaches: who looks for a topic may use them where the lesson does not.
    words += [builder.plan.code(code).label for relation, code in codes if relation == "addressing"]
    return SearchEntry(
        key=f"{base.id}.{language}" if facts.kind == "translation" else base.id,
        address=address,
        title=facts.title,
        unit=unit.facts.title if unit else facts.title,
        grade=unit.facts.grade if unit else facts.grade,
        language=language,
        kind=base.kind,
        codes=tuple(dict.fromkeys(code for relation, code in codes if relation == "addressing")),
        practices=base.practices,
        routines=base.routines,
        text=" ".join(filter(None, words)),
        formulas=tuple(dict.fromkeys(formula_key(latex) for latex in leaf.formulas)),
        touched=tuple(dict.fromkeys(code for relation, code in codes if relation != "addressing")),
        lead=_lead(leaf),
    )


def _lead(leaf: Leaf) -> str:
    """How a page begins, as it is shown with a result: the index knows words alone, who reads wants the formulas."""
    found, length = list[str](), 0
    for part in leaf.walk():
        for html in (part.label, part.heading, part.body):
            if words := plain_words(with_formulas(_NOTE_MARKS.sub("", html))):
                found.append(words)
                length += len(words) + 1
        if length > LEAD:
            break
    return _tidy(" ".join(found)[:LEAD])


def term_entries(builder: Pages) -> list[SearchEntry]:
    """What search must know of the glossary: one entry a term, with its words in other languages."""
    plan = builder.plan
    if "glossary.md" not in plan.curriculum.facts:
        return []
    language = plan.curriculum.facts["glossary.md"].language or builder.site.language
    return [
        SearchEntry(
            key=f"term:{term.id}",
            address=f"glossary/#{term.id}",
            title=term.word,
            unit="",
            grade="",
            language=language,
            kind="term",
            codes=(),
            practices=(),
            routines=(),
            text=" ".join([plain_words(term.definition), *(word for _, word in term.translations)]),
            formulas=(),
            lead=_tidy(plain_words(with_formulas(term.definition))),
        )
        for term in builder.terms([])
    ]


class SearchOutput:
    """The search files of one edition, following what changed since the last publish.

    `take` is told of every page that is built; `files` then says what must be written. After it, `gone` names the
    search files that have nothing left to hold.
    """

    def __init__(self, state: State, folder: Path) -> None:
        self.state, self.folder = state, folder
        self.gone: frozenset[str] = frozenset()
        self.whole = state.fresh
        self._late = late_files(folder)
        self._changes: dict[str, tuple[Posting, Posting]] = {}

    def take(self, address: str, key: str, posting: Posting) -> None:
        """Keeps what a page that was built gives to the index, under the page's key."""
        if not self.whole:
            before = next(_postings(self.state, [address]), None)
            if before is None or self.state.posting_key(address) != key:
                self.whole, self._changes = True, {}
            elif before != posting:
                self._changes[key] = before, posting
        self.state.put_posting(address, key, _row(posting))

    def take_terms(self, entries: Sequence[SearchEntry]) -> set[str]:
        """Keeps what search knows of the glossary; gives the addresses of the terms that are gone."""
        for entry in entries:
            self.take(entry.address, entry.key, posting_of(entry))
        addresses = [entry.address for entry in entries]
        gone = set(self.state.meta("terms").split()) - set(addresses)
        self.state.set_meta("terms", " ".join(addresses))
        return gone

    def files(self, lost: Collection[str]) -> dict[str, bytes]:
        """The search files that must be written where also the pages at `lost` are taken away. `whole` then says
        whether these are all there are."""
        self.state.drop_postings(lost)
        self.whole = self.whole or bool(lost) or self.state.meta("clash") != "no"
        if self.whole:
            keys = self.state.posting_keys()
            self.state.set_meta("clash", "yes" if clashes(keys.values()) else "no")
            return _index(self.state, keys)
        if not self._changes:
            return {}
        files, gone = amended(self._read, self._changes)
        self.gone = frozenset(gone)
        return files

    @property
    def changes(self) -> Mapping[str, tuple[Posting, Posting]] | None:
        """For each page by its key what it gave to the index before and what it gives now, where the index was
        amended; None where it was made anew."""
        return None if self.whole else self._changes

    def _read(self, name: str) -> bytes | None:
        path = self.folder / name
        # A shard that stays only for who opened the search before is no part of the index any more.
        return path.read_bytes() if path.is_file() and name not in self._late else None


def index_of_pages(state: State, addresses: Sequence[str]) -> dict[str, bytes]:
    """A search index of these pages alone, from what the state knows of them."""
    keys = {address: state.posting_key(address) for address in addresses}
    return _index(state, {address: key for address, key in keys.items() if key is not None})


def _index(state: State, keys: Mapping[str, str]) -> dict[str, bytes]:
    """The index of pages, given the key of each address."""
    addresses = {key: address for address, key in keys.items()}
    return index_of(addresses, lambda wanted: _postings(state, (addresses[key] for key in wanted)))


def _postings(state: State, addresses: Iterable[str]) -> Iterator[Posting]:
    for terms, formulas, length, shown in state.postings(addresses):
        yield Posting(terms, tuple(formulas), length, tuple(shown))


def _row(posting: Posting) -> list[Any]:
    return [posting.terms, posting.formulas, posting.length, posting.shown]
