"""The studio's search over the working text: Whoosh behind one door, its words those of the published sites."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from whoosh import fields, index, query
from whoosh.analysis import Token, Tokenizer
from whoosh.writing import CLEAR

from curriculum_studio.formats.words import code_terms, codes_in, term, terms


@dataclass(frozen=True, slots=True)
class SearchDocument:
    """One file as search knows it."""

    path: str
    id: str
    title: str
    kind: str
    text: str
    codes: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Hit:
    """A file that was found. `snippet` is plain text."""

    path: str
    id: str
    title: str
    kind: str
    score: float
    snippet: str


class _Words(Tokenizer):  # type: ignore[misc]
    """Whoosh's view of our own words."""

    def __call__(
        self, value: str, positions: bool = False, chars: bool = False, mode: str = "", **kwargs: Any
    ) -> Iterator[Token]:
        for position, word in enumerate(value.split()):
            token = Token(positions, chars, mode=mode)
            token.text = word
            token.boost = 1.0
            if positions:
                token.pos = position
            if chars:
                token.startchar = token.endchar = 0
            yield token


_SCHEMA = fields.Schema(
    path=fields.ID(stored=True, unique=True),
    id=fields.ID(stored=True),
    title=fields.STORED,
    kind=fields.STORED,
    body=fields.STORED,
    title_words=fields.TEXT(analyzer=_Words(), field_boost=4.0),
    words=fields.TEXT(analyzer=_Words()),
    codes=fields.TEXT(analyzer=_Words(), field_boost=6.0),
)


class SearchIndex:
    """The index of a workspace; a derived memory that may be deleted at any time."""

    def __init__(self, folder: Path) -> None:
        folder.mkdir(parents=True, exist_ok=True)
        self._lock = threading.Lock()
        try:
            self._index = index.open_dir(str(folder), schema=_SCHEMA)
        except index.EmptyIndexError:
            self._index = index.create_in(str(folder), _SCHEMA)

    def empty(self) -> bool:
        """Whether nothing is indexed yet."""
        return bool(self._index.doc_count() == 0)

    def update(self, documents: Iterable[SearchDocument], gone: Iterable[str] = ()) -> None:
        """Adds or replaces documents and takes away those that are gone."""
        with self._lock:
            writer = self._index.writer()
            for path in gone:
                writer.delete_by_term("path", path)
            for one in documents:
                writer.update_document(**_fields(one))
            writer.commit()

    def rebuild(
        self, documents: Iterable[SearchDocument], progress: Callable[[int], None] | None = None
    ) -> int:
        """Makes everything anew; gives the number of documents."""
        count = 0
        with self._lock:
            writer = self._index.writer()
            for one in documents:
                writer.add_document(**_fields(one))
                count += 1
                if progress:
                    progress(count)
            writer.commit(mergetype=CLEAR)
        return count

    def search(self, text: str, limit: int = 20) -> list[Hit]:
        """The best files for a query; near words where few are found."""
        found_codes = codes_in(text)
        rest = text
        for code in found_codes:
            rest = rest.replace(code, " ")
        words = terms(rest)
        parts: list[Any] = [
            query.Or([query.Term("codes", form) for form in code_terms(code)]) for code in found_codes
        ]
        parts += [
            query.Or([query.Term("title_words", w), query.Term("words", w), query.Prefix("words", w)])
            for w in words
        ]
        if not parts:
            return []
        hits = self._run(query.And(parts), limit, words)
        if len(hits) < 3:
            near = [
                query.Or(
                    [
                        query.FuzzyTerm("words", w, maxdist=2 if len(w) > 5 else 1, prefixlength=1),
                        query.Term("words", w),
                    ]
                )
                for w in words
            ]
            more = self._run(query.Or([*parts, *near]), limit, words)
            seen = {hit.path for hit in hits}
            hits += [hit for hit in more if hit.path not in seen]
        return hits[:limit]

    def _run(self, wanted: Any, limit: int, words: list[str]) -> list[Hit]:
        with self._index.searcher() as searcher:
            return [
                Hit(
                    row["path"],
                    row["id"],
                    row["title"],
                    row["kind"],
                    round(float(row.score), 3),
                    _snippet(row["body"], words),
                )
                for row in searcher.search(wanted, limit=limit)
            ]

    def close(self) -> None:
        """Closes the index."""
        self._index.close()


def _fields(one: SearchDocument) -> dict[str, str]:
    codes = [form for code in one.codes for form in code_terms(code)]
    return {
        "path": one.path, "id": one.id, "title": one.title, "kind": one.kind, "body": one.text[:20_000],
        "title_words": " ".join(terms(one.title)), "words": " ".join(terms(one.text)), "codes": " ".join(codes),
    }  # fmt: skip


def _snippet(text: str, words: list[str]) -> str:
    wanted = set(words)
    pieces = text.split()
    at = next((i for i, piece in enumerate(pieces) if term(piece.strip(".,;:!?()*_`$")) in wanted), 0)
    first = max(0, at - 8)
    return ("… " if first else "") + " ".join(pieces[first : first + 30])
