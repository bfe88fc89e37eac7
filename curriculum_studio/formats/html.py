"""Turns the Markdown of one part into HTML with holes: links, pictures and notes are filled in for each page.

Each text is parsed by itself, so a definition serves the part that holds it. The holes are private-use
characters, which no source may hold; what fills them is decided by the edition and the page.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, MutableMapping, Sequence
from dataclasses import dataclass
from functools import cache, lru_cache
from html import escape, unescape
from typing import Any
from urllib.parse import unquote

from markdown_it import MarkdownIt
from markdown_it.renderer import RendererHTML
from markdown_it.rules_core import StateCore
from markdown_it.token import Token
from markdown_it.utils import EnvType, OptionsDict
from mdit_py_plugins.footnote import footnote_plugin

from curriculum_studio.formats import outline_lines as marks
from curriculum_studio.formats.aloud import aloud
from curriculum_studio.formats.attributes import GROUP, read_group
from curriculum_studio.formats.figures.drawing import KINDS, draw
from curriculum_studio.formats.figures.scene import NAME
from curriculum_studio.formats.figures.words import said
from curriculum_studio.formats.html_rules import add_rules, nearest_figure
from curriculum_studio.formats.math import FormulaError, formula
from curriculum_studio.formats.math_written import written
from curriculum_studio.formats.plain_text import Writer, plain_html

LINK, END, CLOSE, PICTURE, CHOICE, NOTE, SLOT = "\ue000\ue001\ue002\ue003\ue004\ue005\ue006"
_SLOTS = re.compile("\ue006(\\d+)\ue001")
_TAGS = re.compile(r"<[^>]*>")
_DRAWN = re.compile(
    r"<math\b.*?</math>|<svg\b.*?</svg>|<details class=\"figure-values\">.*?</details>", re.DOTALL
)
_FORMULA = re.compile(r'<math\b[^>]*?aria-label="([^"]*)"[^>]*?data-tex="([^"]*)"[^>]*>.*?</math>', re.DOTALL)
_HOLE_CHARS = re.compile("\ue000\\d+\ue001|\ue003\\d+\ue001|[\ue002\ue004\ue005]")
_WORD_PAIR = re.compile(r"[A-Za-z]{2,}\s+[A-Za-z]{2,}")
_TEXT_COMMAND = re.compile(r"\\[a-zA-Z]+(?:\{[^{}]*\})?")
MAX_NESTING = 100
_SQUARE = 32
"""The side of a square of squared paper, in the browser's pixels."""


@dataclass(frozen=True, slots=True)
class Trouble:
    """Something wrong in a text: a code of the findings, its words, the line of the text, and what to look for."""

    code: str
    words: Mapping[str, str | int]
    line: int
    mark: str


@dataclass(frozen=True, slots=True)
class Picture:
    """A picture as written: where it lies (relative to its file), its words, its title."""

    target: str
    alt: str
    title: str


@dataclass(frozen=True, slots=True)
class Rendered:
    """A text as HTML with holes, and what it uses. `formulas` is the student's LaTeX of each, in order."""

    html: str
    links: tuple[str, ...]
    pictures: tuple[Picture, ...]
    formulas: tuple[str, ...]
    troubles: tuple[Trouble, ...]
    answer_spaces: int = 0
    figures: tuple[str, ...] = ()
    """The ids that authors gave to figures."""

    def plain(self) -> str:
        """The words of the text in order, without formulas, drawings and marks: what search and reading level see."""
        html = _HOLE_CHARS.sub("", _DRAWN.sub(" ", self.html))
        return unescape(_TAGS.sub(" ", html)) if "<" in html or "&" in html else html


class _Renderer(RendererHTML):
    """Writes our own HTML for links, pictures and code; everything else is markdown-it's."""

    def link_open(self, tokens: Sequence[Token], idx: int, options: OptionsDict, env: EnvType) -> str:
        env["links"].append(str(tokens[idx].attrs.get("href", "")))
        return f"{LINK}{len(env['links']) - 1}{END}"

    def link_close(self, tokens: Sequence[Token], idx: int, options: OptionsDict, env: EnvType) -> str:
        return CLOSE

    def image(self, tokens: Sequence[Token], idx: int, options: OptionsDict, env: EnvType) -> str:
        token = tokens[idx]
        alt = self.renderInlineAsText(token.children or [], options, env)
        target, title = str(token.attrs.get("src", "")), str(token.attrs.get("title", ""))
        env["pictures"].append(Picture(target, alt, title))
        return f"{PICTURE}{len(env['pictures']) - 1}{END}"

    def fence(self, tokens: Sequence[Token], idx: int, options: OptionsDict, env: EnvType) -> str:
        token = tokens[idx]
        words = token.info.split(None, 1)
        word = words[0] if words else ""
        line = token.map[0] if token.map else 0
        if word in KINDS:
            return _figure(word, words[1].strip() if len(words) > 1 else "", token.content, line, env)
        if word and (kind := nearest_figure(word)):
            env["troubles"].append(Trouble("figure-unknown", {"word": word, "kind": kind}, line, word))
        return f"<pre><code>{escape(token.content)}</code></pre>\n"

    def table_open(self, tokens: Sequence[Token], idx: int, options: OptionsDict, env: EnvType) -> str:
        return '<div class="table-box" tabindex="0" role="group"><table>\n'

    def table_close(self, tokens: Sequence[Token], idx: int, options: OptionsDict, env: EnvType) -> str:
        return "</table></div>\n"

    def math_inline(self, tokens: Sequence[Token], idx: int, options: OptionsDict, env: EnvType) -> str:
        return _formula(tokens[idx].content, tokens[idx].meta.get("line", 0), env, display=False)

    def math_block(self, tokens: Sequence[Token], idx: int, options: OptionsDict, env: EnvType) -> str:
        html = _formula(tokens[idx].content, tokens[idx].meta.get("line", 0), env, display=True)
        return f'<div class="math-display" tabindex="0" role="group">{html}</div>\n'

    def math_open(self, tokens: Sequence[Token], idx: int, options: OptionsDict, env: EnvType) -> str:
        token = tokens[idx]
        env["troubles"].append(Trouble("formula-unclosed", {}, token.map[0] if token.map else 0, "$$"))
        return f"<p>$$ {escape(token.content)}</p>\n"

    def answer_space(self, tokens: Sequence[Token], idx: int, options: OptionsDict, env: EnvType) -> str:
        env["spaces"] += 1
        return answer_space(tokens[idx].info)

    def slot(self, tokens: Sequence[Token], idx: int, options: OptionsDict, env: EnvType) -> str:
        return tokens[idx].content + "\n"


def answer_space(attributes: str) -> str:
    """Room to write, from the attributes behind its mark (`{lines=3}`, `{grid=10x6}` or nothing)."""
    group = GROUP.match(attributes.strip())
    values = read_group(group[1]).values if group else {}
    grid = re.fullmatch(r"(\d{1,2})x(\d{1,2})", values.get("grid", ""))
    if grid:
        return _answer_grid(int(grid[1]), int(grid[2]))
    lines = values.get("lines", "1")
    count = min(int(lines), 40) if lines.isdecimal() and int(lines) else 1
    return f'<div class="answer-space" data-lines="{count}">{"<span></span>" * count}</div>\n'


def _figure(kind: str, info: str, body: str, line: int, env: EnvType) -> str:
    """A figure, its ids made unique on the page; its source and what is wrong with it where it cannot be drawn."""
    held = "".join(f"{one}\n" for one in body.split("\n") if one.lstrip().startswith(SLOT))
    if held:
        # A passage for teachers inside a figure is no part of it; it stands below.
        body = "".join(
            f"{one}\n" for one in body.rstrip("\n").split("\n") if not one.lstrip().startswith(SLOT)
        )
    figure = draw(kind, info, body)
    if figure.id:
        env["figures"].append(figure.id)
    if figure.faults:
        rows, lines = env["rows"], body.split("\n")
        for fault in figure.faults:
            at = line + fault.line
            indent = max(rows[at].find(lines[fault.line - 1]), 0) if fault.line > 0 and at < len(rows) else 0
            words: dict[str, str | int] = {} if fault.alt else {"reason": fault.reason}
            words["offset"] = indent + fault.column - 1
            env["troubles"].append(Trouble("figure-alt" if fault.alt else "figure", words, at, ""))
        return f"<pre><code>{escape(body)}</code></pre>\n{held}"
    env["drawn"] += 1
    return figure.html.replace(NAME, f"figure-{NOTE}-{env['drawn']}") + held


def settled(html: str, ordinal: str, language: str) -> str:
    """The HTML of a text on its page: `ordinal` is its own number there, what is said is in the language."""
    return aloud(said(html.replace(NOTE, ordinal) if NOTE in html else html, language), language)


def _answer_grid(columns: int, rows: int) -> str:
    """Squared paper: the lines are drawn, so that they are printed, and each square is one."""
    across = "".join(f"M0 {row}h{columns}" for row in range(rows + 1))
    down = "".join(f"M{column} 0v{rows}" for column in range(columns + 1))
    size = f'width="{columns * _SQUARE + 2}" height="{rows * _SQUARE + 2}"'
    box = f'viewBox="-.05 -.05 {columns + 0.1:g} {rows + 0.1:g}"'
    return f'<div class="answer-grid"><svg {size} {box} aria-hidden="true"><path d="{across}{down}"/></svg></div>\n'


def _formula(latex: str, line: int, env: EnvType, *, display: bool) -> str:
    try:
        shown = formula(latex, display=display)
    except FormulaError as error:
        offset = 0 if "\n" in latex else error.offset
        words: dict[str, str | int] = {
            "reason": error.reason,
            "hint": error.hint or "Mend it, or leave it out.",
            "offset": offset,
        }
        env["troubles"].append(Trouble("formula", words, line, latex))
        return f'<code class="formula-broken">{escape(latex)}</code>'
    if _WORD_PAIR.search(_TEXT_COMMAND.sub("", latex)):
        env["troubles"].append(Trouble("words-in-formula", {}, line, latex))
    env["formulas"].append(shown.latex)
    return shown.mathml


@cache
def _markdown() -> MarkdownIt:
    parser = MarkdownIt("commonmark", {"html": False, "maxNesting": MAX_NESTING}, renderer_cls=_Renderer)
    parser.enable(["table", "strikethrough"]).disable(["lheading"])
    parser.use(footnote_plugin, inline=False)
    # Every target comes out as a hole and is judged when the hole is filled; nothing is dropped unseen.
    parser.validateLink = lambda url: True  # type: ignore[method-assign]
    add_rules(parser)
    parser.core.ruler.push("task_items", _task_items)
    return parser


def _task_items(state: StateCore) -> None:
    """Marks the items of task lists, so that choices look like choices."""
    tokens = state.tokens
    for i, token in enumerate(tokens):
        if token.type != "inline" or not token.content.startswith("[ ]"):
            continue
        if i < 2 or tokens[i - 2].type != "list_item_open" or not token.children:
            continue
        first = token.children[0]
        if first.type != "text" or not first.content.startswith("[ ]"):
            continue
        first.content = first.content[3:].lstrip(" ")
        tokens[i - 2].attrSet("class", "choice")
        mark = Token("html_inline", "", 0)
        mark.content = CHOICE
        token.children.insert(0, mark)


@lru_cache(maxsize=1024)
def render_text(text: str) -> Rendered:
    """The HTML of a part's text, comments and passages already gone. Never fails; see `troubles`."""
    if not text:
        return Rendered("", (), (), (), ())
    if _too_many_brackets(text):
        told = Trouble("nesting", {"limit": MAX_NESTING}, 0, "")
        return Rendered(f"<p>{escape(text)}</p>\n", (), (), (), (told,))
    env = new_env()
    quick = plain_html(text, _writer(text, env))
    return rendered(parse(text, env) if quick is None else quick, env)


def _writer(text: str, env: EnvType) -> Writer:
    """What the quick way asks for, filling `env` as the parser would."""

    def link(target: str) -> str:
        env["links"].append(target)
        return f"{LINK}{len(env['links']) - 1}{END}"

    def answer(attributes: str) -> str:
        env["spaces"] += 1
        return answer_space(attributes)

    def figure(kind: str, info: str, body: str, line: int) -> str:
        env["rows"] = text.split("\n")
        return _figure(kind, info, body, line, env)

    def shown(latex: str, display: bool, line: int) -> str:
        return _formula(latex, line, env, display=display)

    return Writer(shown, link, CLOSE, CHOICE, answer, figure, KINDS)


def new_env() -> MutableMapping[str, Any]:
    """What the rendering of one text fills: what it uses and what is wrong in it."""
    return {
        "links": [], "pictures": [], "formulas": [], "troubles": [], "spaces": 0, "docId": NOTE, "figures": [], "drawn": 0,
    }  # fmt: skip


def rendered(html: str, env: MutableMapping[str, Any]) -> Rendered:
    """The HTML of a text together with what it filled."""
    links, pictures, formulas, troubles, figures = (
        tuple(env[name]) for name in ("links", "pictures", "formulas", "troubles", "figures")
    )
    return Rendered(html, links, pictures, formulas, troubles, env["spaces"], figures)


def parse(text: str, env: MutableMapping[str, Any]) -> str:
    """The HTML of a text by way of the Markdown parser."""
    parser = _markdown()
    env["rows"] = text.split("\n")
    tokens = parser.parse(text, env)
    html = str(parser.renderer.render(tokens, parser.options, env))
    env["troubles"] += _witness(text, tokens)
    return html


def _too_many_brackets(text: str) -> bool:
    """Markdown tries each bracket that nothing closes as the start of a link, over and over."""
    return text.count("[") - text.count("]") > MAX_NESTING


def _witness(text: str, tokens: Sequence[Token]) -> list[Trouble]:
    """What Markdown saw and the outline should have: a second pair of eyes on what students are shown."""
    found: list[Trouble] = []
    suspicious = "<!--" in text or "::" in text or "#" in text
    depth = max((token.level for token in tokens), default=0)
    if depth >= MAX_NESTING:
        found.append(Trouble("nesting", {"limit": MAX_NESTING}, 0, ""))
    if not suspicious:
        return found
    lines = text.split("\n")
    for token in tokens:
        line = token.map[0] if token.map else 0
        if (
            token.type == "heading_open"
            and not marks.HEADING.match(lines[line])
            and not marks.HIDDEN.match(lines[line])
        ):
            found.append(Trouble("reading", {"what": "a heading"}, line, ""))
        elif token.type == "inline":
            for child in token.children or ():
                if child.type == "text" and (child.content.startswith(":::") or "<!--" in child.content):
                    found.append(Trouble("reading", {"what": child.content[:20]}, line, child.content))
    return found


@lru_cache(maxsize=16384)
def render_line(text: str) -> str:
    """The HTML of a heading: emphasis, code and formulas; a link is its words alone."""
    if text.isalnum() or not text:
        return text
    if _too_many_brackets(text):
        return escape(text)
    env = new_env()
    return _HOLE_CHARS.sub("", str(_markdown().renderInline(text, env)))


@dataclass(frozen=True, slots=True)
class Fill:
    """What a page puts into the holes. `link` gives the address for a target as written, None for its words
    alone; `picture` gives address, width and height, None for its words alone; `misconception` gives for an id that the
    text itself does not explain the title of the one that does and its address, None where nothing explains it."""

    link: Callable[[str], str | None]
    picture: Callable[[str], tuple[str, int, int] | None]
    misconception: Callable[[str], tuple[str, str] | None]


def picture_html(picture: Picture, fill: Fill) -> str:
    """A picture as an element, or its words where the edition has no such picture."""
    found = fill.picture(picture.target)
    if found is None:
        return f'<span class="picture-words">{escape(picture.alt)}</span>'
    address, width, height = found
    size = f' width="{width}" height="{height}"' if width and height else ""
    title = f' title="{escape(picture.title)}"' if picture.title else ""
    return f'<img src="{escape(address)}" alt="{escape(picture.alt)}"{size}{title} loading="lazy" decoding="async">'


def with_slots(html: str, passages: Sequence[str]) -> str:
    """The teacher's HTML: each slot replaced by its passage."""
    return _SLOTS.sub(lambda match: passages[int(match[1])], html)


def slot_line(prefix: str, number: int) -> str:
    """The line that holds the place of a passage while the text around it is parsed."""
    return f"{prefix}{SLOT}{number}{END}"


def target_path(target: str) -> tuple[str, str]:
    """A link's target as path and part id, percent signs undone."""
    path, _, name = target.partition("#")
    return unquote(path), unquote(name)


def with_formulas(html: str) -> str:
    """Our own HTML with its formulas as readable text: plain signs, else the words in which they are spoken."""
    return _FORMULA.sub(lambda m: written(unescape(m[2])) or m[1], html)


def plain_words(html: str) -> str:
    """The words of our own HTML in order, without formulas and marks: what search sees."""
    if "<" not in html and "&" not in html:
        return _HOLE_CHARS.sub("", html)
    return " ".join(unescape(_TAGS.sub(" ", _HOLE_CHARS.sub("", _DRAWN.sub(" ", html)))).split())
