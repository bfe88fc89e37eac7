"""The words under which texts are found: one analysis for the studio's search and the sites', in Python and script.

`frontend/search.js` holds the same rules; a test runs both over one vocabulary. Change them together.
"""

from __future__ import annotations

import re
import unicodedata
from functools import lru_cache

from curriculum_studio.domain.standards import code_forms, fold_code

_WORD = re.compile(r"[^\W_]+")
_CODE = re.compile(
    r"(?<![\w.])(?:CCSS\.MATH\.(?:CONTENT|PRACTICE)\.)?(?:[K1-8](?:\.[A-Z]{1,3})(?:\.[A-K])?(?:\.\d{1,2})?(?:\.?[a-k])?|(?:HS)?[NAFGS]-[A-Z]{1,3}(?:\.[A-K])?(?:\.\d{1,2})?|S?MP\.?[1-8])(?![\w])",
    re.IGNORECASE,
)
STOP = frozenset(
    [
        "a",
        "an",
        "and",
        "are",
        "as",
        "at",
        "be",
        "by",
        "can",
        "do",
        "does",
        "for",
        "from",
        "has",
        "have",
        "how",
        "in",
        "is",
        "it",
        "its",
        "of",
        "on",
        "or",
        "that",
        "the",
        "their",
        "them",
        "then",
        "there",
        "these",
        "they",
        "this",
        "to",
        "was",
        "we",
        "what",
        "when",
        "which",
        "who",
        "will",
        "with",
        "you",
        "your",
    ]
)


@lru_cache(maxsize=65536)
def stem(word: str) -> str:
    """A word without its commonest English endings; short words and words with digits stay."""
    if len(word) < 4 or not word.isascii() or not word.isalpha():
        return word
    if word.endswith("ies") and len(word) > 4:
        word = word[:-3] + "y"
    elif word.endswith(("ches", "shes", "sses", "xes", "zes")):
        word = word[:-2]
    elif word.endswith("s") and not word.endswith(("ss", "us", "is")):
        word = word[:-1]
    for ending in ("ing", "ed"):
        root = word[: -len(ending)]
        if word.endswith(ending) and len(root) >= 3 and re.search("[aeiouy]", root):
            if len(root) > 3 and root[-1] == root[-2] and root[-1] not in "lsz":
                root = root[:-1]
            return root
    return word[:-1] if word.endswith("e") and len(word) > 4 else word


@lru_cache(maxsize=65536)
def fold(word: str) -> str:
    """Small letters without accents."""
    lowered = word.lower()
    if lowered.isascii():
        return lowered
    return "".join(ch for ch in unicodedata.normalize("NFKD", lowered) if not unicodedata.combining(ch))


@lru_cache(maxsize=65536)
def term(word: str) -> str:
    """The term of one word, "" where it is found under none."""
    folded = fold(word)
    return "" if folded in STOP else stem(folded)


def terms(text: str) -> list[str]:
    """The terms of a text, in order."""
    return [found for word in _WORD.findall(text) if (found := term(word))]


@lru_cache(maxsize=4096)
def code_terms(code: str) -> tuple[str, ...]:
    """The terms under which a standard's code is found, one for each common form."""
    return tuple(dict.fromkeys("#" + fold_code(form) for form in code_forms(code)))


def codes_in(text: str) -> list[str]:
    """What stands in a text in the form of a standard's code."""
    return [match[0] for match in _CODE.finditer(text)]
