"""The site's search index as small files: a query fetches the few that it needs, a change rewrites the few it touches.

`search/index.json` says how many pages there are and how terms are spread. `search/t-<prefix>.json` holds the
terms that begin alike; `search/f-<xx>.json` formulas by a hash of their key; `search/d-<xx>.json` what is shown of
pages. A page's number is a hash of its key, so that a new page moves no other. All is a function of the set of
entries alone.
"""

from __future__ import annotations

import json
import re
import zlib
from collections import Counter
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass

from curriculum_studio.formats.words import code_terms, term, terms

_DIGITS = "0123456789abcdefghijklmnopqrstuvwxyz"
_NUMBERS = 36**5
LEAD = 900
"""Letters of a page's text that search can show."""
VERSION = 1
_PACKED = b"globalThis.curriculumSearch={"
_MARK = b'.json":'
_SHARD = re.compile(rb'\.json":(?={)')
"""Where a shard begins in such a script. No text holds one: the quotes in it are escaped."""


@dataclass(frozen=True, slots=True)
class SearchEntry:
    """One page as search knows it. `formulas` are keys (`formula_key`); `text` the page's words in order."""

    key: str
    address: str
    title: str
    unit: str
    grade: str
    language: str
    kind: str
    codes: tuple[str, ...]
    practices: tuple[str, ...]
    routines: tuple[str, ...]
    text: str
    formulas: tuple[str, ...]
    touched: tuple[str, ...] = ()
    """Standards that the page builds on, leads to or checks; `codes` are those that it teaches."""
    lead: str = ""
    """How the text begins where it is shown, its formulas in readable signs; "" where that is `text` itself."""


@dataclass(frozen=True, slots=True)
class Posting:
    """What one page gives to the index: its terms with weights from 1 to 9, its formulas, what is shown of it."""

    terms: Mapping[str, int]
    formulas: tuple[str, ...]
    length: int
    shown: tuple[str, ...]


def posting_of(entry: SearchEntry) -> Posting:
    """A page's posting: title and codes weigh more than words of the text."""
    words = terms(entry.text)
    weights = {word: min(count, 5) for word, count in Counter(words).items()}
    for word in terms(entry.title):
        weights[word] = 9
    for word in (
        *terms(entry.unit),
        *(term(part) for routine in entry.routines for part in routine.split("-")),
    ):
        if word:
            weights[word] = max(weights.get(word, 0), 6)
    if entry.grade:
        weights[f"@{entry.grade.lower()}"] = 1
    for codes, weight in ((entry.touched, 4), ((*entry.codes, *entry.practices), 9)):
        for code in codes:
            for form in code_terms(code):
                weights[form] = max(weights.get(form, 0), weight)
    shown = (
        entry.title,
        entry.address,
        entry.unit,
        entry.grade,
        entry.language,
        entry.kind,
        (entry.lead or entry.text)[:LEAD],
    )
    return Posting(weights, entry.formulas, len(words), shown)


def build_index(entries: Iterable[SearchEntry]) -> dict[str, bytes]:
    """All files of the index: path to bytes."""
    found = {entry.key: posting_of(entry) for entry in entries}
    return index_of(found, lambda keys: (found[key] for key in keys))


def index_of(keys: Iterable[str], fetch: Callable[[list[str]], Iterable[Posting]]) -> dict[str, bytes]:
    """All files of the index of the pages with these keys; `fetch` gives their postings one by one, in the order
    asked for, so that never more than one of them need be held."""
    numbers = _numbered(sorted(keys))
    width = prefix_width(len(numbers))
    spread = 1 << max(0, (len(numbers) // 12).bit_length())
    words: dict[str, list[str]] = {}
    formulas: dict[str, list[str]] = {}
    pages: dict[str, dict[str, list[str | int]]] = {}
    in_order = sorted(numbers, key=numbers.__getitem__)
    for key, posting in zip(in_order, fetch(in_order), strict=True):
        number = numbers[key]
        marks = [f"{number}{weight}" for weight in range(10)]
        for word, weight in posting.terms.items():
            if (pages_with := words.get(word)) is None:
                pages_with = words[word] = []
            pages_with.append(marks[weight])
        for formula in posting.formulas:
            formulas.setdefault(formula, []).append(number)
        shard = f"{zlib.crc32(number.encode()) % spread:x}"
        pages.setdefault(shard, {})[number] = [*posting.shown, posting.length]
    by_words = _sharded(words, lambda word: shard_of(word, width))
    by_formulas = _sharded(formulas, lambda formula: f"{zlib.crc32(formula.encode()) % 64:02x}")
    files = {
        "search/index.json": _json(
            {
                "version": VERSION,
                "pages": len(numbers),
                "width": width,
                "spread": spread,
                "shards": sorted(by_words),
                "formulas": sorted(by_formulas),
            }
        )
    }
    for stem, shards in (("t", by_words), ("f", by_formulas), ("d", pages)):
        for shard, rows in shards.items():
            files[f"search/{stem}-{shard}.json"] = _json(rows)
    return files


def _sharded(lists: Mapping[str, list[str]], shard: Callable[[str], str]) -> dict[str, dict[str, str]]:
    """Each list as one text, by the shard of its word."""
    found: dict[str, dict[str, str]] = {}
    for word, pages in lists.items():
        found.setdefault(shard(word), {})[word] = "".join(pages)
    return found


def clashes(keys: Iterable[str]) -> bool:
    """Whether two keys come to one number; then no page's number can be told from its key alone."""
    numbers = [zlib.crc32(key.encode()) % _NUMBERS for key in keys]
    return len(set(numbers)) < len(numbers)


def amended(
    read: Callable[[str], bytes | None], changes: Mapping[str, tuple[Posting, Posting]]
) -> tuple[dict[str, bytes], list[str]]:
    """The files that change, and those that go, where pages (by key) changed from one posting to another.

    The set of pages must be the same and free of clashes; `read` gives a file of the present index. Costs what
    changed, whatever the size of the index.
    """
    index = json.loads(read("search/index.json") or b"{}")
    lists: dict[str, dict[str, str]] = {}
    pages: dict[str, dict[str, list[str | int]]] = {}

    def rows(name: str) -> dict[str, str]:
        if name not in lists:
            lists[name] = json.loads(read(name) or b"{}")
        return lists[name]

    for key, (old, new) in changes.items():
        number = _base36(zlib.crc32(key.encode()) % _NUMBERS)
        for word in old.terms.keys() | new.terms.keys():
            if old.terms.get(word) != new.terms.get(word):
                weight = new.terms.get(word)
                name = f"search/t-{shard_of(word, index['width'])}.json"
                _put(rows(name), word, number, "" if weight is None else str(weight), 6)
        for formula in {*old.formulas, *new.formulas}:
            if (formula in old.formulas) != (formula in new.formulas):
                name = f"search/f-{zlib.crc32(formula.encode()) % 64:02x}.json"
                _put(rows(name), formula, number, None if formula in old.formulas else "", 5)
        shard = f"search/d-{zlib.crc32(number.encode()) % index['spread']:x}.json"
        if shard not in pages:
            pages[shard] = json.loads(read(shard) or b"{}")
        pages[shard][number] = [*new.shown, new.length]
    files = {name: _json(found) for name, found in pages.items()}
    files |= {name: _json(found) for name, found in lists.items() if found}
    gone = [name for name, found in lists.items() if not found]
    for letter, field in (("t", "shards"), ("f", "formulas")):
        stem = f"search/{letter}-"
        names = {name[len(stem) : -5] for name in lists if name.startswith(stem) and lists[name]}
        lost = {name[len(stem) : -5] for name in gone if name.startswith(stem)}
        index[field] = sorted((set(index[field]) | names) - lost)
    files["search/index.json"] = _json(index)
    return files, gone


def _put(rows: dict[str, str], word: str, number: str, weight: str | None, width: int) -> None:
    """Puts one page into the list of a word, or takes it out (`weight` None, or empty where weights are kept)."""
    text = rows.get(word, "")
    found = {text[at : at + 5]: text[at : at + width] for at in range(0, len(text), width)}
    if weight is None or (width == 6 and not weight):
        found.pop(number, None)
    else:
        found[number] = number + weight
    if found:
        rows[word] = "".join(found[one] for one in sorted(found))
    else:
        rows.pop(word, None)


def packed(files: Mapping[str, bytes]) -> bytes:
    """The index (as `build_index` gives it, or as it lies in an edition) in one script, for a copy that opens from disk.

    Put it at `search/packed.js` beside the search page: a page opened from disk may fetch no file, but may run a
    script, so the search page asks for this one there. Files that are none of the index's are passed over. The
    script sets `curriculumSearch`, the shards by their plain names; equal files give equal bytes.
    """
    return _script({name: _for_script(content) for name, content in files.items() if _is_shard(name)})


def repacked(script: bytes, changes: Mapping[str, tuple[Posting, Posting]]) -> bytes:
    """The script of `packed` after `amended` with these changes; the same holds for them."""
    marks = [match.end() for match in _SHARD.finditer(script)]
    starts = [script.rindex(b'"', 0, mark - len(_MARK)) + 1 for mark in marks]
    ends = [start - len(b',"') for start in starts[1:]] + [len(script) - len(b"};\n")]
    shards = {
        f"search/{script[start : mark - 2].decode()}": script[mark:end]
        for start, mark, end in zip(starts, marks, ends, strict=True)
    }
    changed, gone = amended(shards.get, changes)
    shards.update({name: _for_script(content) for name, content in changed.items()})
    return _script({name: content for name, content in shards.items() if name not in gone})


def _is_shard(name: str) -> bool:
    return name.startswith("search/") and name.endswith(".json")


def _for_script(content: bytes) -> bytes:
    # A line separator is an end of line to old readers of scripts, and no string may span one.
    return content.replace("\u2028".encode(), b"\\u2028").replace("\u2029".encode(), b"\\u2029")


def _script(shards: Mapping[str, bytes]) -> bytes:
    rows = (b'"%s":%s' % (name.removeprefix("search/").encode(), shards[name]) for name in sorted(shards))
    return b"%s%s};\n" % (_PACKED, b",".join(rows))


def prefix_width(pages: int) -> int:
    """How many letters of a term name its shard: by the number of pages alone, so that any build agrees."""
    return 2 if pages < 400 else 3


def shard_of(word: str, width: int) -> str:
    """The shard of a term: its first letters where they are plain, else their code points."""
    head = word[:width]
    if head.isalnum() and head.isascii() and head == head.lower():
        return head
    return "".join(ch if ch in _DIGITS else f"_{ord(ch):x}" for ch in head)


def _numbered(keys: list[str]) -> dict[str, str]:
    """A number of five letters for each key, by its hash; in the rare clash the later key moves on."""
    taken: set[int] = set()
    numbers: dict[str, str] = {}
    for key in keys:
        number = zlib.crc32(key.encode()) % _NUMBERS
        while number in taken:
            number = (number + 1) % _NUMBERS
        taken.add(number)
        numbers[key] = _base36(number)
    return numbers


def _base36(number: int) -> str:
    out = ""
    for _ in range(5):
        number, digit = divmod(number, 36)
        out = _DIGITS[digit] + out
    return out


def _json(value: object) -> bytes:
    return json.dumps(value, ensure_ascii=False, sort_keys=True, separators=(",", ":")).encode()
