"""Finding in the working text: what each text is found by, where it stands, and how the index follows what is saved."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from weakref import WeakKeyDictionary

from curriculum_studio.domain.errors import NotFound
from curriculum_studio.domain.lessons import Part
from curriculum_studio.domain.standards import canonical
from curriculum_studio.formats.curriculum import Curriculum, is_text
from curriculum_studio.formats.header import Value
from curriculum_studio.formats.lesson_markdown import Document, read_document
from curriculum_studio.publishing.lists import Say, said_by
from curriculum_studio.publishing.render import view_of
from curriculum_studio.storage.content import Content
from curriculum_studio.storage.content_reading import ContentSnapshot
from curriculum_studio.storage.search import (
    Card,
    Found,
    SearchDocument,
    SearchIndex,
    SearchPart,
    Source,
    Standing,
)
from curriculum_studio.studio import Studio

PAGE = 20
SETTLE = 0.3
"""How long a search waits for what was saved just before it; whoever saves and looks at once finds what he wrote."""
STATES = ("draft", "in-unit", "released", "changed")
Sees = Callable[[str], bool]
_ALL_VERSIONS = 10_000_000


@dataclass(frozen=True, slots=True)
class Ask:
    """What somebody asks: words, filters by facet, the page of the results from 1."""

    text: str = ""
    filters: Mapping[str, frozenset[str]] | None = None
    page: int = 1


@dataclass(frozen=True, slots=True)
class Answer:
    """What was found; the names of people by key and of units by folder; while the index is made anew, how far."""

    found: Found
    people: Mapping[str, str]
    units: Mapping[str, str]
    progress: tuple[int, int] | None
    page: int
    pages: int


@dataclass(frozen=True, slots=True)
class _Known:
    """Where every text stood when the content, the release and the index were as in `key`, and what that was read from."""

    key: tuple[str, str | None, int]
    curriculum: Curriculum
    cards: dict[str, Card]
    standings: dict[str, Standing]
    people: dict[str, str]
    units: dict[str, str]


_known: WeakKeyDictionary[SearchIndex, _Known] = WeakKeyDictionary()
_lock = threading.Lock()


# What a text is found by ------------------------------------------------------------------------------------


def search_document(
    path: str, content: bytes, blob: str = "", author: tuple[str, str] = ("", "")
) -> SearchDocument:
    """A file as the studio's search knows it: all of its text, the teacher's too."""
    document = read_document(path, content)
    # The lists of these two are said in words; a lesson's text is what it is, and need not be viewed for search.
    view = view_of(document, "teacher") if document.kind in ("charter", "glossary") else None
    say: Say = said_by(view) if view is not None else str
    parts = [SearchPart("", "", "", document.preface.text)] if document.preface.text else []
    for part in document.parts:
        parts += _parts(part, "", say)
    title = document.title or path.rpartition("/")[2].removesuffix(".md").replace("-", " ").capitalize()
    return SearchDocument(
        path, document.id, title, document.kind, tuple(parts), tuple(_codes(document)), blob, author
    )


def _parts(part: Part, above: str, say: Say) -> Iterator[SearchPart]:
    """A part and those below it; each is shown under its own id, or that of the nearest part above which has one."""
    anchor = (part.id or above) if "teacher" in part.editions else ""
    # Choices stand in the text of their problem already.
    texts = [say(part.text), *(slot.text for slot in part.slots)]
    yield SearchPart(anchor, part.kind, part.heading, "\n\n".join(filter(None, texts)))
    for below in part.parts:
        yield from _parts(below, anchor, say)


def _codes(document: Document) -> Iterator[str]:
    table = document.header.values.get("standards")
    values: list[Value] = list(table.values()) if isinstance(table, dict) else [table] if table else []
    for value in values:
        for item in value if isinstance(value, list) else [value]:
            code = item.get("code", "") if isinstance(item, dict) else item
            if isinstance(code, str) and code:
                yield code
    yield from document.header.texts("practices")
    for part in document.walk():
        for named in part.attributes.get("standard", "").replace(",", " ").split():
            yield named.rpartition(":")[2]


# How the index follows --------------------------------------------------------------------------------------


def index_lesson(studio: Studio, path: str) -> None:
    """Lets search follow one changed file, in the background."""
    follow(studio, [path])


def follow(studio: Studio, paths: Iterable[str]) -> None:
    """Lets search follow changed files, in the background; their texts are read on the writer's thread."""
    if not studio.search.ready:
        # All is read anew, these texts among it; who looks for them soon finds it done.
        studio.search.rebuild_later(_source(studio.content))
        return
    named = list(paths)
    snapshot = studio.snapshot()
    there = [path for path in named if path in snapshot and is_text(path)]
    content = studio.content

    def documents() -> Iterator[SearchDocument]:
        newest = content.snapshot()
        for path in there:
            if path in newest:
                yield search_document(path, newest[path], newest.blob(path), _author(content, path))

    studio.search.later(documents(), [path for path in named if path not in snapshot])


def _author(content: Content, path: str) -> tuple[str, str]:
    # Whoever has just saved stands among the newest versions, which are at hand.
    versions = [one for one in content.recent(100) if path in one.paths] or content.history(path, limit=1)
    return (versions[0].author.key, versions[0].author.name) if versions else ("", "")


def _source(content: Content) -> Source:
    """All working text as it is when the index is held for writing."""

    def read() -> tuple[int, Iterable[SearchDocument]]:
        try:
            snapshot = content.snapshot()
        except NotFound:
            return 0, ()
        paths = [path for path in snapshot if is_text(path)]
        return len(paths), _documents(content, snapshot, paths)

    return read


def _documents(content: Content, snapshot: ContentSnapshot, paths: list[str]) -> Iterator[SearchDocument]:
    authors: dict[str, tuple[str, str]] = {}
    for version in content.recent(_ALL_VERSIONS):
        for path in version.paths:
            authors.setdefault(path, (version.author.key, version.author.name))
    for path in paths:
        yield search_document(path, snapshot[path], snapshot.blob(path), authors.get(path, ("", "")))


def rebuild_search(studio: Studio, progress: Callable[[str, int, int], None] | None = None) -> int:
    """Indexes all working text anew; gives the number of texts."""
    tell = progress or (lambda step, done, total: None)
    return studio.search.rebuild(_source(studio.content), lambda done, total: tell("indexing", done, total))


def catch_up(studio: Studio) -> None:
    """Makes the index where there is none that can be read, and lets it follow what it missed; in the background."""
    if not studio.search.ready:
        studio.search.rebuild_later(_source(studio.content))
        return
    if studio.content.tip() is not None and not studio.search.pending:
        _follow_missed(studio, studio.snapshot(), studio.search.cards())


def _follow_missed(studio: Studio, snapshot: ContentSnapshot, cards: Mapping[str, Card]) -> None:
    texts = {path: snapshot.blob(path) for path in snapshot if is_text(path)}
    missed = [path for path, blob in texts.items() if path not in cards or cards[path].blob != blob]
    missed += [path for path in cards if path not in texts]
    if missed:
        follow(studio, missed)


# Finding ----------------------------------------------------------------------------------------------------


def find(studio: Studio, ask: Ask, sees: Sees | None = None) -> Answer:
    """What is found in the working text; `sees` says of each path whether the person who asks may read it."""
    search = studio.search
    if studio.content.tip() is None:
        return Answer(Found(), {}, {}, None, 1, 1)
    if not search.ready:
        catch_up(studio)
        search.flush(SETTLE * 4)
    elif search.pending and not search.rebuilding:
        search.flush(SETTLE)
    known = _where_all_stand(studio)
    standings = known.standings
    if sees is not None:
        standings = _seen_by(standings, sees)
    page = max(1, ask.page)
    found = search.search(
        ask.text, PAGE, first=(page - 1) * PAGE, standings=standings, filters=ask.filters or {}
    )
    pages = max(1, -(-found.total // PAGE))
    return Answer(found, known.people, known.units, search.progress, page, pages)


def _seen_by(standings: dict[str, Standing], sees: Sees) -> dict[str, Standing]:
    """Those that somebody may read: a question of the folder that a text lies in, asked once for each."""
    folders: dict[str, bool] = {}
    found = {}
    for path, standing in standings.items():
        folder = path.rpartition("/")[0]
        if folder not in folders:
            folders[folder] = sees(path)
        if folders[folder]:
            found[path] = standing
    return found


def _where_all_stand(studio: Studio) -> _Known:
    search = studio.search
    snapshot, curriculum = studio.curriculum()
    published = studio.content.published()
    key = (snapshot.version, published, search.generation)
    found = _known.get(search)
    if found is not None and found.key == key:
        return found
    cards = search.cards()
    if search.ready and not search.pending:
        _follow_missed(studio, snapshot, cards)
    units = {unit.folder: unit.facts.title or unit.folder for unit in curriculum.units}
    before, looked = {}, set(curriculum.facts)
    if found is not None and found.key[1] == published and found.curriculum.placed is curriculum.placed:
        # The outline is the same: only texts that were saved, or whose author search knows only now, stand anew.
        before = found.standings
        looked = {path for path, card in cards.items() if found.cards.get(path) is not card}
        changed = snapshot.changed_since(found.key[0])
        looked |= set(curriculum.facts) if changed is None else changed
    old = studio.snapshot(published) if published else None
    standings = dict(before)
    for path in looked & curriculum.facts.keys():
        blob = old.blob(path) if old is not None and path in old else None
        standing = _standing(path, curriculum, snapshot.blob(path), blob)
        standings[path] = replace(standing, person=cards[path].author[0]) if path in cards else standing
    people = {card.author[0]: card.author[1] for card in cards.values() if card.author[0]}
    now = _Known(key, curriculum, cards, standings, people, units)
    with _lock:
        _known[search] = now
    return now


def states_of(studio: Studio, paths: Iterable[str]) -> dict[str, str]:
    """How each text stands to what is published: one of `STATES`."""
    snapshot, curriculum = studio.curriculum()
    published = studio.content.published()
    old = studio.snapshot(published) if published else None
    return {
        path: _standing(
            path, curriculum, snapshot.blob(path), old.blob(path) if old is not None and path in old else None
        ).state
        for path in paths
        if path in curriculum.facts
    }


def _standing(path: str, curriculum: Curriculum, blob: str, released: str | None) -> Standing:
    facts = curriculum.facts[path]
    source = (curriculum.translated_from(path) or path) if facts.kind == "translation" else path
    unit = curriculum.unit_of.get(source)
    if unit is None and facts.kind == "unit":
        unit = next((one for one in curriculum.units if one.folder == path.rpartition("/")[0]), None)
    if curriculum.address(path, "teacher") is None:
        state = "draft"
    elif released is None:
        state = "in-unit"
    else:
        state = "released" if released == blob else "changed"
    return Standing(
        grade=(unit.facts.grade if unit is not None else "") or facts.grade,
        unit=unit.folder if unit is not None else "",
        kind=facts.kind,
        standard=tuple(dict.fromkeys(canonical(claim.code) for claim in facts.claims)),
        state=state,
    )
