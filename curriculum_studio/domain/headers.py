"""What may stand in the lines above a text and behind a heading, in tables that the check, the reference and the help share."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from curriculum_studio.domain.lessons import DocumentKind

Kinds = frozenset[DocumentKind]

TEXTS: Mapping[DocumentKind, str] = {
    "lesson": "lesson",
    "translation": "translation",
    "unit": "unit",
    "assessment": "assessment",
    "professional-learning": "session for teachers",
    "curriculum": "front page",
    "charter": "charter",
    "glossary": "glossary",
}
"""Each kind of text in words."""


@dataclass(frozen=True, slots=True)
class Key:
    """A key: how it is written, what it says, and in which kinds of text it may stand."""

    example: str
    says: str
    kinds: Kinds


_LESSON: Kinds = frozenset({"lesson"})
_TIMED: Kinds = frozenset({"lesson", "assessment", "professional-learning"})
_COMMON: Kinds = _TIMED | {"unit"}
_FRONT: Kinds = frozenset({"curriculum"})
_SESSION: Kinds = frozenset({"professional-learning"})
_ALL: Kinds = frozenset(TEXTS)

HEADER: Mapping[str, Key] = {
    "id": Key("k7f3q9m2", "What reviews, results and links follow. It never changes; a copy gets a new one.", _COMMON | _FRONT),
    "title": Key("Introducing ratios", "The name of the text.", _ALL),
    "minutes": Key("45", "How long it takes. The timed parts add up to it, optional activities aside.", _TIMED),
    "standards": Key(
        "{building-on: [4.OA.A.2], addressing: [6.RP.A.1], building-toward: [6.RP.A.3]}",
        "What it builds on, teaches, prepares and (under `assesses`) assesses. A code is one of the framework that the front page "
        "names; of another edition it is `{framework: …, code: …}`.",
        _COMMON,
    ),
    "practices": Key("[MP2, MP6]", "The mathematical practices that students use.", _LESSON),
    "routines": Key("[notice-and-wonder, MLR8]", "The instructional routines.", _LESSON),
    "materials": Key("{gather: [cubes], copy: [cards], student: [pencil]}", "What to gather and to copy, and what students need.", _LESSON),
    "grade": Key("6", "The grade of a unit: K, or a number.", frozenset({"unit"})),
    "weeks": Key("4", "How many weeks a unit takes.", frozenset({"unit"})),
    "sections": Key("[{title: What a ratio is, goals: [g1], lessons: [01-introducing-ratios]}]", "The sections of a unit and the lessons in each, in order.", frozenset({"unit"})),
    "purpose": Key("end-of-unit", "What an assessment is for: readiness, mid-unit, end-of-unit or benchmark.", frozenset({"assessment"})),
    "audience": Key("teachers of grade 6", "For whom a session is.", _SESSION),
    "for": Key("[k7f3q9m2]", "The lessons that a session prepares.", _SESSION),
    "addresses": Key("[k7f3q9m2#m-additive]", "The misconceptions that a session takes up.", _SESSION),
    "goals": Key("[g1]", "Which goals of the charter it serves.", _COMMON),
    "translates": Key("{id: k7f3q9m2, student: 9f2c41d0, whole: 51ab07e3}", "Which text it translates, and in which state; the studio writes it.", frozenset({"translation"})),
    "credits": Key("[A. Teacher]", "The names that contributors chose to show.", _COMMON),
    "based-on": Key("{title: …, author: …, license: …, url: …}", "The work that it was adapted from.", _COMMON),
    "formerly": Key("[grade-6/ratios/01-intro]", "Earlier addresses, which lead here; the studio writes them.", _COMMON),
    "organization": Key("Bayou Schools", "Who publishes the curriculum.", _FRONT),
    "school-year": Key("2026-27", "The school year.", _FRONT),
    "language": Key("en", "The language, as two or three letters.", _ALL),
    "languages": Key("[en, es]", "The languages in which the site is offered.", _FRONT),
    "license": Key("CC-BY-4.0", "Under which license others may use it.", _COMMON | _FRONT),
    "format": Key("1", "The format of the files: this program reads 1.", _FRONT),
    "framework": Key("ccssm-2010", "The standards that bare codes mean.", _FRONT),
    "units": Key("[grade-3/fractions, grade-6/ratios]", "The order of the units; without it, by grade and name.", _FRONT),
    "approval": Key("{teachers: 1, researchers: 1}", "Whose approval a lesson needs before it is published; see below.", _FRONT),
    "alignment": Key("{assessed: yes, major-work: 65, rated: [rigor, relevance]}", "What a release must show of its standards; see below.", _FRONT),
    "extra": Key("{room: 12}", "Keys of a school’s own. Nobody sees them.", _ALL),
}  # fmt: skip
"""Every key, in the order in which a reader looks for them."""

ASKS: Mapping[str, Mapping[str, tuple[str, str]]] = {
    "approval": {
        "teachers": ("0 to 5", "How many teachers who did not write the lesson approve it."),
        "researchers": ("0 to 5", "How many researchers approve it. One person at least is asked for in all."),
    },
    "alignment": {
        "assessed": ("yes, no", "Every standard that a lesson teaches is assessed somewhere."),
        "taught": ("yes, no", "Every standard of the grades is taught somewhere."),
        "major-work": ("0 to 100", "At least this share of minutes, in percent, is on the major work of the grades."),
        "rated": ("names of rubrics, none", "Each unit has a finished round of ratings by each of these rubrics, with a consensus that passes its gates. Left out: rigor and relevance."),
    },
}  # fmt: skip
"""What the front page may ask of a release: under each key the names that it may hold, their values, and what each asks."""


ATTRIBUTES: Mapping[str, tuple[str, str]] = {
    "minutes": ("15", "How long a part takes."),
    "optional": ("beyond-standard", "That an activity may be left out, and why: beyond-standard, below-grade or extra-practice."),
    "standard": ("6.RP.A.1", "The standard that a problem practises or, in an assessment, assesses. Several stand in quotation marks; `edition:code` names another edition."),
    "rigor": ("conceptual,application", "The aspects of rigor of an activity: conceptual, procedural, application."),
    "dok": ("2", "The depth of knowledge that a problem asks for: 1 recall, 2 skill and concept, 3 strategic thinking, 4 extended thinking."),
    "points": ("2", "The points of a problem."),
    "check": ("true", "That students may check their answer; its key then stands in their page in hidden form."),
    "from": ("k7f3q9m2", "The lesson from which a practice problem comes."),
    "misconception": ("m-additive", "What somebody thinks who takes this choice."),
    "for": ("m-additive", "The misconception for which these questions are."),
    "routine": ("MLR7", "The routine of a support for multilingual learners."),
    "udl": ("engagement", "The principle of a support: engagement, representation or action-expression."),
    "tolerance": ("0.01", "How far a numeric answer may lie off."),
    "unit": ("cups", "The unit of an answer."),
}  # fmt: skip
"""Every attribute of a part, as `{name=value}` behind its heading (of a choice or an answer, at the end of its line)."""

KEYS: Mapping[DocumentKind, frozenset[str]] = {
    kind: frozenset(name for name, key in HEADER.items() if kind in key.kinds) for kind in TEXTS
}
"""The keys that each kind of text may have."""


def places_of(key: Key) -> str:
    """Where a key may stand, in words."""
    if key.kinds == _ALL:
        return "every text"
    return ", ".join(words for kind, words in TEXTS.items() if kind in key.kinds)


def headers_table() -> str:
    """The tables for the documentation, in Markdown."""
    rows = ["| key | what it says | stands in |", "|---|---|---|"]
    rows += [f"| `{name}: {key.example}` | {key.says} | {places_of(key)} |" for name, key in HEADER.items()]
    for name, asks in ASKS.items():
        rows += ["", f"## `{name}`", "", "| key | value | asks |", "|---|---|---|"]
        rows += [f"| `{one}` | {values} | {says} |" for one, (values, says) in asks.items()]
    rows += ["", "## Behind a heading", "", "| attribute | what it says |", "|---|---|"]
    rows += [f"| `{name}={example}` | {says} |" for name, (example, says) in ATTRIBUTES.items()]
    return "\n".join(rows) + "\n"
