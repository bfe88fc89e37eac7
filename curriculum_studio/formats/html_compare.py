"""Two rendered texts as one page with marks on what came and went; words are marked, the new page's structure stands."""

from __future__ import annotations

import re

from curriculum_studio.domain.differences import matches

_TOKEN = re.compile(
    r"<math.*?</math>|<svg.*?</svg>|<!--.*?-->|<img[^>]*>|<[^>]*>|&[#\w]+;|[\w\u0300-\u036f]+|\s+|.",
    re.DOTALL,
)
_SHOWN = ("<math", "<svg", "<img")


def compared(old: str, new: str) -> str:
    """The HTML of `new` with `<ins>` around words that came and `<del>` with the words that went.

    Formulas, figures and pictures are whole: one that changed is shown as it was and as it is. Both texts are
    HTML of our own making; only its words move into the result, so nothing can run that could not before.
    """
    first, second = _TOKEN.findall(old), _TOKEN.findall(new)
    out: list[str] = []
    a = b = 0
    for i, k in [*matches(first, second), (len(first), len(second))]:
        _mark(out, "del", "removed", first[a:i], tags=False)
        _mark(out, "ins", "added", second[b:k], tags=True)
        if k < len(second):
            out.append(second[k])
        a, b = i + 1, k + 1
    return "".join(out)


def shows_change(page: str) -> bool:
    """Whether anything came or went on a page that `compared` made."""
    return "<ins>" in page or "<del>" in page


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
