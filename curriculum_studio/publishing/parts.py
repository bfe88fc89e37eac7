"""Makes the parts of a view ready for pages: all but what depends on the page, as links do, is settled here.

A `Leaf` is a view as HTML with holes for links, pictures and misconceptions of other lessons alone. It depends on nothing but its view, so it is
made once a text; `fill_leaf` puts the addresses of one page in.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from html import escape
from typing import Any

from curriculum_studio.domain.editions import Sealed, SeenPart, View
from curriculum_studio.domain.lessons import Choice, Slot
from curriculum_studio.formats.aloud import aloud
from curriculum_studio.formats.html import (
    CHOICE,
    CLOSE,
    END,
    LINK,
    PICTURE,
    Fill,
    Picture,
    picture_html,
    render_line,
    render_text,
    settled,
    slot_line,
    with_slots,
)
from curriculum_studio.publishing.lists import languages_marked, said_by
from curriculum_studio.publishing.site import PagePart, each_part

_WORDS: Mapping[str, tuple[str, str, str, str, str]] = {
    "en": ("Teacher note", "Held back: see the findings", "Correct", "Misconception", "Meant for"),
    "es": ("Nota para docentes", "Retenido: vea los avisos", "Correcta", "Concepto erróneo", "Pensado para"),
    "ar": ("ملاحظة للمعلم", "محجوب: راجع التنبيهات", "صحيح", "مفهوم خاطئ", "مخصص لـ"),
}
_NUMBERED = re.compile("([\ue000\ue003])(\\d+)\ue001")
_NAMED = "\ue009"
_HOLES = re.compile("\ue000(\\d+)\ue001|\ue002|\ue003(\\d+)\ue001|\ue009(\\d+)\ue001")
_TOUCHED = re.compile(r"([(\[“«¿¡]*)(<math [^>]*>(?:(?!</math>).)*</math>)([.,;:!?)\]”»’%…]*)")


@dataclass(frozen=True, slots=True)
class Leaf:
    """The parts of a view with holes, what the holes are for, and the formulas in order (student's LaTeX)."""

    parts: tuple[PagePart, ...]
    links: tuple[str, ...]
    pictures: tuple[Picture, ...]
    formulas: tuple[str, ...]
    misconceptions: tuple[str, ...] = ()

    def walk(self) -> Iterator[PagePart]:
        """Every part, in the order of the page."""
        yield from each_part(self.parts)


class _Maker:
    """Collects the links, pictures and formulas of a view while its parts are made."""

    def __init__(self, view: View) -> None:
        self.language = self.spoken = view.language
        self.words = _WORDS.get(view.language.partition("-")[0], _WORDS["en"])
        self.view = view
        self.said = said_by(view)
        self.links: list[str] = []
        self.pictures: list[Picture] = []
        self.formulas: list[str] = []
        self.misconceptions: list[str] = []
        self.titles = {
            part.id: part.title or part.words
            for part in _all(view.parts)
            if part.id and part.kind == "misconception"
        }

    def part(self, part: SeenPart) -> PagePart:
        # What a translation lacks stands in the source's language, and so do the words that it says by itself.
        self.spoken = part.language or self.language
        return PagePart(
            part.kind,
            part.level,
            part.words,
            aloud(render_line(part.title), self.spoken) if part.title else "",
            part.id,
            part.attributes,
            part.ordinal,
            self.meant_for(part) + self.body(part),
            tuple([self.part(child) for child in part.parts]),
            part.language,
            _key(part.key) if part.key is not None else {},
        )

    def body(self, part: SeenPart) -> str:
        if not part.slots:
            return self.text(self.said(part.text), str(part.ordinal), part.choices) if part.text else ""
        note, held, *_ = self.words
        passages = [
            f'<div class="teacher-passage{" held" if slot.held else ""}" role="note" '
            f'aria-label="{held if slot.held else note}">'
            + self.text(slot.text, f"{part.ordinal}{_letter(number)}")
            + "</div>"
            for number, slot in enumerate(part.slots)
        ]
        outer = self.text(self.said(text_with_slots(part.text, part.slots)), str(part.ordinal), part.choices)
        return with_slots(outer, passages)

    def text(self, text: str, ordinal: str, choices: Sequence[Choice] = ()) -> str:
        rendered = render_text(text)
        html = rendered.html
        if rendered.links or rendered.pictures:
            links, pictures = len(self.links), len(self.pictures)
            self.links += rendered.links
            self.pictures += rendered.pictures
            if links or pictures:
                html = _NUMBERED.sub(
                    lambda m: f"{m[1]}{int(m[2]) + (links if m[1] == LINK else pictures)}{END}", html
                )
        self.formulas += rendered.formulas
        if CHOICE in html:
            keys = iter([self.key(choice) for choice in choices])
            html = re.sub(CHOICE, lambda m: next(keys, ""), html)
        if "</math>" in html:
            html = _TOUCHED.sub(_kept, html)
        return languages_marked(self.view, settled(html, ordinal, self.spoken))

    def key(self, choice: Choice) -> str:
        """What only the teacher sees beside a choice: that it is right, or what choosing it may show."""
        _, _, correct, misconception, _ = self.words
        if choice.right:
            return f'<span class="choice-key right">{correct}</span> '
        if choice.misconception:
            return f'<span class="choice-key">{misconception}: {self.named(choice.misconception)}</span> '
        return ""

    def meant_for(self, part: SeenPart) -> str:
        """For which misconceptions a part is meant: only the teacher's view has this attribute."""
        names = part.attributes.get("for", "").replace(",", " ").split()
        if not names:
            return ""
        line = (
            f'<p class="meant-for">{self.words[4]}: {", ".join([self.named(name) for name in names])}</p>\n'
        )
        return settled(line, str(part.ordinal), self.spoken)

    def named(self, name: str) -> str:
        """A misconception by its title and a link to it, or a hole for what another lesson explains."""
        if name in self.titles:
            return f'<a href="#{escape(name)}">{render_line(self.titles[name])}</a>'
        self.misconceptions.append(name)
        return f"{_NAMED}{len(self.misconceptions) - 1}{END}"


def page_text(text: str, ordinal: str, language: str) -> Leaf:
    """One text that stands on a page by itself, with holes for its links and pictures."""
    rendered = render_text(text)
    body = settled(rendered.html, ordinal, language)
    part = PagePart("text", 2, "", "", None, {}, 1, body)
    return Leaf((part,), rendered.links, rendered.pictures, ())


def _kept(match: re.Match[str]) -> str:
    """A formula on one line with the marks that touch it: browsers break a line on either side of a formula."""
    if not (match[1] or match[3]) or match[2].startswith("<math display"):
        return match[0]
    return f'<span class="kept">{match[0]}</span>'


def leaf_of(view: View) -> Leaf:
    """A view as HTML with holes. Depends on the view and the program alone."""
    maker = _Maker(view)
    parts = tuple([maker.part(part) for part in view.parts])
    return Leaf(
        parts, tuple(maker.links), tuple(maker.pictures), tuple(maker.formulas), tuple(maker.misconceptions)
    )


def fill_leaf(leaf: Leaf, fill: Fill) -> tuple[PagePart, ...]:
    """The parts of a leaf with the addresses of one page; a link that leads nowhere there is its words alone."""
    if not leaf.links and not leaf.pictures and not leaf.misconceptions:
        return leaf.parts
    return tuple([_fill_part(part, leaf, fill) for part in leaf.parts])


def _fill_part(part: PagePart, leaf: Leaf, fill: Fill) -> PagePart:
    body = part.body
    if LINK in body or PICTURE in body or _NAMED in body:
        body = _HOLES.sub(_filler(leaf, fill), body)
    below = tuple([_fill_part(child, leaf, fill) for child in part.parts])
    return PagePart(
        part.kind, part.level, part.label, part.heading, part.id, part.attributes, part.ordinal, body, below,
        part.language, part.key,
    )  # fmt: skip


def _filler(leaf: Leaf, fill: Fill) -> Callable[[re.Match[str]], str]:
    closing: list[str] = []

    def one(match: re.Match[str]) -> str:
        if match[0] == CLOSE:
            return closing.pop() if closing else ""
        if match[1] is not None:
            address = fill.link(leaf.links[int(match[1])])
            closing.append("</a>" if address is not None else "")
            return "" if address is None else f'<a href="{escape(address)}">'
        if match[3] is not None:
            return _named(leaf.misconceptions[int(match[3])], fill)
        return picture_html(leaf.pictures[int(match[2])], fill)

    return one


def _named(name: str, fill: Fill) -> str:
    found = fill.misconception(name)
    return f'<a href="{escape(found[1])}">{render_line(found[0])}</a>' if found else escape(name)


def text_with_slots(text: str, slots: Sequence[Slot]) -> str:
    """The student's text with one line for each passage, where the passage stands."""
    lines = text.split("\n") if text else []
    for number in range(len(slots) - 1, -1, -1):
        slot = slots[number]
        lines.insert(min(slot.at, len(lines)), slot_line(slot.prefix, number))
    return "\n".join(lines)


def leaf_row(leaf: Leaf) -> tuple[Any, ...]:
    """A leaf as plain tuples and texts, to be put aside."""
    pictures = tuple((p.target, p.alt, p.title) for p in leaf.pictures)
    return (
        tuple([_row(part) for part in leaf.parts]),
        leaf.links,
        pictures,
        leaf.formulas,
        leaf.misconceptions,
    )


def leaf_from(row: tuple[Any, ...]) -> Leaf:
    """The leaf of such a row."""
    parts, links, pictures, formulas, misconceptions = row
    made = tuple([_part(p) for p in parts]), links, tuple([Picture(*p) for p in pictures])
    return Leaf(*made, formulas, misconceptions)


def _row(part: PagePart) -> tuple[Any, ...]:
    return (
        part.kind, part.level, part.label, part.heading, part.id, tuple(part.attributes.items()), part.ordinal,
        part.body, tuple([_row(child) for child in part.parts]), part.language, tuple(part.key.items()),
    )  # fmt: skip


def _part(row: tuple[Any, ...]) -> PagePart:
    kind, level, label, heading, name, attributes, ordinal, body, parts, language, key = row
    below = tuple([_part(child) for child in parts])
    return PagePart(
        kind, level, label, heading, name, dict(attributes), ordinal, body, below, language, dict(key)
    )


def _key(key: Sealed) -> dict[str, str]:
    told = {"check": key.form, "salt": key.salt, "keys": " ".join(key.digests)}
    if key.choices:
        told["choices"] = str(key.choices)
    if key.units:
        told["units"] = "yes"
    if key.steps:
        told["steps"] = " ".join(key.steps)
    return told


def _letter(number: int) -> str:
    return chr(ord("a") + number % 26) + (str(number // 26) if number >= 26 else "")


def _all(parts: Sequence[SeenPart]) -> list[SeenPart]:
    found: list[SeenPart] = []
    for part in parts:
        found.append(part)
        found += _all(part.parts)
    return found
