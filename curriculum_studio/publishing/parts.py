"""Makes the parts of a view ready for a page: headings and bodies as HTML, the teacher's matter laid over."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from html import escape

from curriculum_studio.domain.editions import SeenPart, View
from curriculum_studio.domain.lessons import Choice, Slot
from curriculum_studio.formats.html import Fill, Rendered, filled, render_line, render_text, slot_line, with_slots
from curriculum_studio.publishing.site import PagePart

_WORDS: Mapping[str, tuple[str, str, str, str]] = {
    "en": ("Teacher note", "Held back: see the findings", "Correct", "Misconception"),
    "es": ("Nota para docentes", "Retenido: vea los avisos", "Correcta", "Concepto erróneo"),
    "ar": ("ملاحظة للمعلم", "محجوب: راجع التنبيهات", "صحيح", "مفهوم خاطئ"),
}


def page_parts(view: View, fill: Fill) -> tuple[PagePart, ...]:
    """The parts of a view as a page shows them, in order."""
    titles = {part.id: part.title or part.words for part in _all(view.parts) if part.id and part.kind == "misconception"}
    return tuple(_page_part(part, view.language, fill, titles) for part in view.parts)


def part_texts(part: SeenPart) -> list[str]:
    """The Markdown texts that a part is shown from: its own, and each passage in it."""
    if not part.slots:
        return [part.text] if part.text else []
    return [text_with_slots(part.text, part.slots), *(slot.text for slot in part.slots)]


def text_with_slots(text: str, slots: Sequence[Slot]) -> str:
    """The student's text with one line for each passage, where the passage stands."""
    lines = text.split("\n") if text else []
    for number in range(len(slots) - 1, -1, -1):
        slot = slots[number]
        lines.insert(min(slot.at, len(lines)), slot_line(slot.prefix, number))
    return "\n".join(lines)


def rendered_texts(part: SeenPart) -> list[Rendered]:
    """Every text of a part, rendered; what search, links and findings are read from."""
    return [render_text(text) for text in part_texts(part)]


def _page_part(part: SeenPart, language: str, fill: Fill, titles: Mapping[str, str]) -> PagePart:
    return PagePart(
        kind=part.kind,
        level=part.level,
        label=part.words,
        heading=render_line(part.title) if part.title else "",
        id=part.id,
        attributes=part.attributes,
        ordinal=part.ordinal,
        body=_body(part, language, fill, titles),
        parts=tuple(_page_part(child, language, fill, titles) for child in part.parts),
        language=part.language,
    )


def _body(part: SeenPart, language: str, fill: Fill, titles: Mapping[str, str]) -> str:
    keys = [_key(choice, language, titles) for choice in part.choices]
    if not part.slots:
        return filled(render_text(part.text), fill, str(part.ordinal), keys) if part.text else ""
    note, held, _, _ = _words(language)
    passages = [
        f'<div class="teacher-passage{" held" if slot.held else ""}" role="note" aria-label="{held if slot.held else note}">'
        + filled(render_text(slot.text), fill, f"{part.ordinal}{_letter(number)}")
        + "</div>"
        for number, slot in enumerate(part.slots)
    ]
    outer = filled(render_text(text_with_slots(part.text, part.slots)), fill, str(part.ordinal), keys)
    return with_slots(outer, passages)


def _letter(number: int) -> str:
    return chr(ord("a") + number % 26) + (str(number // 26) if number >= 26 else "")


def _words(language: str) -> tuple[str, str, str, str]:
    return _WORDS.get(language.partition("-")[0], _WORDS["en"])


def _key(choice: Choice, language: str, titles: Mapping[str, str]) -> str:
    """What only the teacher sees beside a choice: that it is right, or what choosing it may show."""
    _, _, correct, misconception = _words(language)
    if choice.right:
        return f'<span class="choice-key right">{correct}</span> '
    if choice.misconception:
        title = render_line(titles.get(choice.misconception, choice.misconception))
        return f'<span class="choice-key">{misconception}: <a href="#{escape(choice.misconception)}">{title}</a></span> '
    return ""


def _all(parts: Sequence[SeenPart]) -> list[SeenPart]:
    found: list[SeenPart] = []
    for part in parts:
        found.append(part)
        found += _all(part.parts)
    return found
