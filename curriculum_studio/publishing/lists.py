"""How the lists of a charter and a glossary are said to people: the short names that programs read give way to words."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping

from curriculum_studio.domain.editions import SeenPart, View
from curriculum_studio.publishing.strings import LANGUAGES, RIGHT_TO_LEFT, strings

_BY_NAME = {name: language for language, name in LANGUAGES.items()}
_ITEM_OF_LANGUAGE = re.compile(
    rf"(<li>(?:\s*<p>)?)({'|'.join(_BY_NAME)}|[a-z]{{2,3}}): ((?:(?!</?(?:li|p|ul|ol)>).)*?)((?:</p>)?\s*</li>)",
    re.DOTALL,
)
_ITEM = re.compile(r"^- ([a-z][a-z0-9-]*): (?=\S)", re.MULTILINE)
_BELOW = re.compile(r"^(\s+[-*] )(measure|target|by|serves|idea): (.*)$", re.MULTILINE)
_IN_LANGUAGE = re.compile(r"^- ([a-z]{2,3}): (?=\S)", re.MULTILINE)
_MONTH = re.compile(r"(\d{4})-(0[1-9]|1[0-2])")
Say = Callable[[str], str]


def said_by(view: View) -> Say:
    """What a view's texts say to people; lines stay lines, and texts of other kinds stay as they are."""
    if view.kind == "glossary":
        return lambda text: _IN_LANGUAGE.sub(_language, text)
    if view.kind != "charter":
        return lambda text: text
    words, goals = strings(view.language), _goals(view.parts)

    def below(match: re.Match[str]) -> str:
        mark, name, said = match.groups()
        if name == "serves":
            keys = [key.strip() for key in said.split(",")]
            said = "; ".join(f"“{goals[key]}”" if key in goals else key for key in keys)
        elif name == "by":
            said = month_in_words(said.strip(), view.language)
        return f"{mark}*{words[f'charter_{name}']}*: {said}"

    return lambda text: _ITEM.sub("- ", _BELOW.sub(below, text))


def month_in_words(text: str, language: str = "en") -> str:
    """A month of a charter in words (`2028-05`, "May 2028"); what is none stays as it is written."""
    match = _MONTH.fullmatch(text)
    if match is None:
        return text
    words = strings(language)
    name = words["months"].split()[int(match[2]) - 1]
    return words["month_of_year"].format(month=name, year=match[1])


def languages_marked(view: View, html: str) -> str:
    """The HTML of a glossary's text whose items in other languages say in which one they are: a voice reads them in it."""
    return _ITEM_OF_LANGUAGE.sub(_marked, html) if view.kind == "glossary" else html


def _marked(match: re.Match[str]) -> str:
    opening, name, words, closing = match.groups()
    language = _BY_NAME.get(name, name)
    turned = ' dir="rtl"' if language in RIGHT_TO_LEFT else ""
    return f'{opening}<span lang="{language}"{turned}>{name}: {words}</span>{closing}'


def _language(match: re.Match[str]) -> str:
    name = LANGUAGES.get(match[1])
    return f"- {name}: " if name else match[0]


def _goals(parts: Iterable[SeenPart]) -> Mapping[str, str]:
    """What each item of a charter says, by its short name, without what stands below it."""
    found: dict[str, str] = {}
    for part in parts:
        for item in re.finditer(
            r"^- ([a-z][a-z0-9-]*): (.*(?:\n {2,}(?![-* ]).*)*)", part.text, re.MULTILINE
        ):
            found.setdefault(item[1], re.sub(r"\s+", " ", item[2]).strip().rstrip("."))
    return found
