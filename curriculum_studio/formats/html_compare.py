"""Two rendered texts as one page with marks on what came and went; words are marked, the new page's structure stands."""

from __future__ import annotations

import re
from html import unescape
from typing import NamedTuple

from curriculum_studio.domain.differences import Pair, matches

_TOKEN = re.compile(
    r"<math.*?</math>|<svg.*?</svg>|<!--.*?-->|<img[^>]*>|<[^>]*>|&[#\w]+;|[\w\u0300-\u036f]+|\s+|.",
    re.DOTALL,
)
_SHOWN = ("<math", "<svg", "<img")
_HEADING_OR_CHANGE = re.compile(r"<(h[1-6])\b[^>]*>(.*?)</\1>|<(?:ins|del)>", re.DOTALL)
_CHANGE = re.compile(r"<(?:ins|del)>")
_BESIDE = re.compile(r'<del>.*?</del>|<span class="(?:badge|quietly)[^"]*">.*?</span>|<[^>]*>', re.DOTALL)


class Place(NamedTuple):
    """Where a page changed: the heading of the part, "" above all of them, and the name by which a link leads there."""

    heading: str
    name: str


def compared(old: str, new: str) -> str:
    """The HTML of `new` with `<ins>` around words that came and `<del>` with the words that went.

    Formulas, figures and pictures are whole: one that changed is shown as it was and as it is. Both texts are
    HTML of our own making; only its words move into the result, so nothing can run that could not before.
    """
    first, second = _TOKEN.findall(old), _TOKEN.findall(new)
    out: list[str] = []
    a = b = 0
    for i, k in [*_readable(matches(first, second), first, second), (len(first), len(second))]:
        _mark(out, "del", "removed", first[a:i], tags=False)
        _mark(out, "ins", "added", second[b:k], tags=True)
        if k < len(second):
            out.append(second[k])
        a, b = i + 1, k + 1
    return "".join(out)


def _readable(pairs: list[Pair], first: list[str], second: list[str]) -> list[Pair]:
    """Without words that stayed by chance in the middle of a rewording: a stretch with fewer letters than what changed before it
    and than what changed after it is read as changed too (the rule is Fraser's, Diff Strategies, 2006). Tags always stay."""
    ends = (len(first), len(second))
    while True:
        runs: list[list[Pair]] = []
        for pair in pairs:
            if runs and runs[-1][-1] == (pair[0] - 1, pair[1] - 1):
                runs[-1].append(pair)
            else:
                runs.append([pair])
        kept: list[list[Pair]] = []
        for number, run in enumerate(runs):
            a, b = (kept[-1][-1][0] + 1, kept[-1][-1][1] + 1) if kept else (0, 0)
            c, d = runs[number + 1][0] if number + 1 < len(runs) else ends
            before = max(_letters(first[a : run[0][0]]), _letters(second[b : run[0][1]]))
            after = max(_letters(first[run[-1][0] + 1 : c]), _letters(second[run[-1][1] + 1 : d]))
            words = [first[i] for i, _ in run]
            if any(one.startswith("<") for one in words) or not _letters(words) < min(before, after):
                kept.append(run)
        if len(kept) == len(runs):
            return pairs
        pairs = [pair for run in kept for pair in run]


def _letters(tokens: list[str]) -> int:
    return sum(len(one) for one in tokens if not one.startswith("<") and not one.isspace())


def changed_places(page: str) -> tuple[str, tuple[Place, ...]]:
    """A page that `compared` made with a name on the first change of each part, and the parts in order; none where nothing
    came or went."""
    found: list[Place] = []
    out: list[str] = []
    at, heading, told = 0, "", False
    for match in _HEADING_OR_CHANGE.finditer(page):
        change = _CHANGE.search(page, match.start(), match.end())
        if match[1]:
            heading, told = " ".join(unescape(_BESIDE.sub("", match[2])).split()), False
        if change and not told:
            told = True
            name = f"change-{len(found) + 1}"
            found.append(Place(heading, name))
            out += [page[at : change.start()], f'{change[0][:-1]} id="{name}">']
            at = change.end()
    return "".join([*out, page[at:]]), tuple(found)


def _mark(out: list[str], tag: str, said: str, tokens: list[str], *, tags: bool) -> None:
    """Wraps each run of words; tags stand between the runs, or fall away with the text that went."""
    run: list[str] = []

    def close() -> None:
        words = "".join(run)
        if words.strip():
            out.append(f'<{tag}><span class="quietly">{said}: </span>{words}</{tag}>')
        elif tags:
            out.append(words)
        run.clear()

    for token in tokens:
        if token.startswith("<") and not token.startswith(_SHOWN):
            if tags:
                close()
                out.append(token)
            elif run and not run[-1].isspace():
                run.append(" ")
        else:
            run.append(token)
    close()
