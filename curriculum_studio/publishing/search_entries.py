"""What the site's search knows of each page, and how the shards of an edition follow what changed."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING, Any

from curriculum_studio.domain.kinds import KINDS
from curriculum_studio.formats.html import plain_words
from curriculum_studio.formats.kinds import search_names
from curriculum_studio.formats.math import formula_key
from curriculum_studio.publishing.parts import Leaf
from curriculum_studio.publishing.shards import SearchEntry, amended, build_index, clashes, posting_of
from curriculum_studio.publishing.state import State

if TYPE_CHECKING:
    from curriculum_studio.publishing.render import Pages


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
    kinds = dict.fromkeys(part.kind for part in leaf.walk())
    for kind in kinds:
        # An exit ticket is a cool-down to whoever looks for one: the kind's own name is found too.
        if kind in KINDS:
            words.append(search_names(kind))
    source = builder.plan.curriculum.translated_from(path) if facts.kind == "translation" else None
    base = builder.plan.curriculum.facts[source] if source else facts
    unit = builder.plan.curriculum.unit_of.get(source or path)
    language = card.language
    return SearchEntry(
        key=f"{base.id}.{language}" if facts.kind == "translation" else base.id,
        address=address,
        title=facts.title,
        unit=unit.facts.title if unit else facts.title,
        grade=unit.facts.grade if unit else facts.grade,
        language=language,
        kind="lesson" if facts.kind == "translation" else facts.kind,
        codes=tuple(dict.fromkeys(code for _, code in builder.plan.card(source or path).codes)),
        practices=base.practices,
        routines=base.routines,
        text=" ".join(filter(None, words)),
        formulas=tuple(dict.fromkeys(formula_key(latex) for latex in leaf.formulas)),
    )


class SearchOutput:
    """The search files of one edition, following what changed since the last publish.

    After `update`, `gone` names the search files that have nothing left to hold.
    """

    def __init__(self, state: State, folder: Path) -> None:
        self.state, self.folder = state, folder
        self.gone: frozenset[str] = frozenset()
        self.whole = True

    def update(self, entries: Iterable[SearchEntry], lost: Iterable[str]) -> dict[str, bytes]:
        """The search files that must be written, after the pages of `entries` were built and those at `lost`
        taken away. `whole` says whether these are all there are."""
        changed = {entry.address: entry for entry in entries}
        lost = list(lost)
        before = {a: SearchEntry(**_tuples(row)) for a, row in self.state.entries_at(changed).items()}
        same_pages = not lost and all(a in before and before[a].key == e.key for a, e in changed.items())
        self.state.put_entries({address: asdict(entry) for address, entry in changed.items()})
        self.state.drop_entries(lost)
        if same_pages and not self.state.fresh and self.state.meta("clash") == "no":
            self.whole = False
            postings = {
                entry.key: (posting_of(before[address]), posting_of(entry))
                for address, entry in changed.items()
                if before[address] != entry
            }
            if not postings:
                return {}
            files, gone = amended(self._read, postings)
            self.gone = frozenset(gone)
            return files
        every = [SearchEntry(**_tuples(row)) for row in self.state.entries()]
        self.state.set_meta("clash", "yes" if clashes(entry.key for entry in every) else "no")
        return build_index(every)

    def _read(self, name: str) -> bytes | None:
        path = self.folder / name
        return path.read_bytes() if path.is_file() else None


def _tuples(row: dict[str, Any]) -> dict[str, Any]:
    return {key: tuple(value) if isinstance(value, list) else value for key, value in row.items()}
