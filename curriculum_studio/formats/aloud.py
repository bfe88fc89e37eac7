"""Makes the HTML of a text sound right in its page's language: formulas, blanks in a sentence, footnotes."""

from __future__ import annotations

import re
from collections.abc import Mapping
from html import escape, unescape

from curriculum_studio.formats.math_speech_es import spoken_in_spanish

_FORMULA = re.compile(r'(<math(?: display="block")?) aria-label="[^"]*"( data-tex="([^"]*)")')
_BLANK = re.compile(r"<(pre|code|svg|math)\b.*?</\1>|<[^>]*>|(_{3,})", re.DOTALL)
_NOTE = re.compile(r'(<sup class="footnote-ref"><a href="[^"]*")( id="[^"]*">\[(\d+)(?::\d+)?\])')
_BACK = ('class="footnote-backref">', 'class="footnote-backref" aria-label="{}">')
_NOTES = ('<section class="footnotes">', '<section class="footnotes" aria-label="{}">')
# A blank, a footnote, the footnotes together, the way back from one.
_WORDS: Mapping[str, tuple[str, str, str, str]] = {
    "en": ("blank", "Note", "Notes", "Back to the text"),
    "es": ("espacio en blanco", "Nota", "Notas", "Volver al texto"),
    "ar": ("فراغ", "حاشية", "حواشٍ", "العودة إلى النص"),
}


def aloud(html: str, language: str) -> str:
    """The same HTML with the words that a screen reader says in the language of the page.

    A formula is said in English and Spanish; in other languages, and where Spanish has no word here for one of its
    signs, it has no words of ours: English words would be read with the sounds of another language, and its MathML is
    read in the reader's own. A row of underscores inside a sentence is heard as a blank.
    """
    tongue = language.partition("-")[0]
    if tongue != "en" and "<math" in html:
        html = _FORMULA.sub(_in_spanish if tongue == "es" else r"\1\2", html)
    blank, note, notes, back = _WORDS.get(tongue, _WORDS["en"])
    if "___" in html:
        html = _BLANK.sub(
            lambda m: f'<span role="img" aria-label="{blank}">{m[2]}</span>' if m[2] else m[0], html
        )
    if "footnote" in html:
        html = _NOTE.sub(rf'\1 aria-label="{note} \3"\2', html)
        html = html.replace(_BACK[0], _BACK[1].format(back)).replace(_NOTES[0], _NOTES[1].format(notes))
    return html


def _in_spanish(match: re.Match[str]) -> str:
    words = spoken_in_spanish(unescape(match[3]))
    label = "" if words is None else f' aria-label="{escape(words)}"'
    return f"{match[1]}{label}{match[2]}"
