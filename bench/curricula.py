"""Generated curricula for measurements: valid lessons of about 1,000 words, the same for a seed."""

from __future__ import annotations

import argparse
import random
import re
import string
from pathlib import Path

from bench import peer_forms, school
from bench.words import draw

WORDS = 1000
FORMULAS = 33
LESSONS_IN_UNIT = 20
LESSONS_IN_SECTION = 5
_GRADE_ORDER = "638K51742"
_PRACTICES = ("MP1", "MP2", "MP3", "MP4", "MP5", "MP6", "MP7", "MP8")
_ROUTINES = ("notice-and-wonder", "which-one-doesnt-belong", "number-talk", "think-pair-share")
_UDL = ("engagement", "representation", "action-expression")


def _pattern(text: str) -> list[tuple[str, str | None]]:
    return [(literal, slot) for literal, slot, _, _ in string.Formatter().parse(text)]


_STUDENT = [_pattern(text) for text in school.STUDENT]
_TEACHER = [_pattern(text) for text in school.TEACHER]
_FORMULA = [_pattern(text) for text in school.FORMULA]
_Patterns = list[list[tuple[str, str | None]]]


def counts(text: str) -> tuple[int, int]:
    """The words and formulas in a lesson's body; marks, attributes, tables and addresses are no words."""
    body = text.split("\n---\n", 1)[1]
    shown = re.findall(r"^\$\$\n.*?\n\$\$$", body, re.MULTILINE | re.DOTALL)
    body = re.sub(r"^\$\$\n.*?\n\$\$$", "", body, flags=re.MULTILINE | re.DOTALL)
    inline = re.findall(r"\$[^$\n]+\$", body)
    body = re.sub(r"\$[^$\n]+\$|\{[^}\n]*\}|\]\([^)\n]*\)|^\|.*$", " ", body, flags=re.MULTILINE)
    return len(re.findall(r"[^\W_][\w'’-]*", body)), len(shown) + len(inline)


class _Writer:
    """Writes the passages of one lesson, by chance fixed for the seed and the lesson's number."""

    def __init__(self, seed: int, number: int, grade: str, up: str) -> None:
        self.chance = random.Random(f"{seed}:lesson:{number}")
        self.grade = grade
        self.up = up

    def _slot(self, slot: str) -> str:
        if slot == "num":
            return str(self.chance.randint(2, 60))
        if slot == "f":
            return f"${school.formula(self.chance, self.grade)}$"
        return draw(self.chance, slot)

    def sentence(self, patterns: _Patterns) -> str:
        """One sentence of a pattern."""
        filled = "".join(
            literal + (self._slot(slot) if slot else "") for literal, slot in self.chance.choice(patterns)
        )
        return re.sub(r"\b([Aa]) (?=[aeiou])", r"\1n ", filled)

    def passage(self, patterns: _Patterns, words: int, formulas: int = 0) -> str:
        """Paragraphs of about so many words, the sentences with formulas spread over them."""
        sentences: list[str] = []
        written = 0
        every = max(words // (formulas + 1), 1)
        left = formulas
        while written < words or left:
            due = left and written >= every * (formulas - left + 1)
            sentence = self.sentence(_FORMULA if due or (left and written >= words) else patterns)
            left -= sentence.count("$") // 2
            written += len(sentence.split())
            sentences.append(sentence)
        paragraphs = [" ".join(sentences[at : at + 4]) for at in range(0, len(sentences), 4)]
        return "\n\n".join(paragraphs) + "\n"

    def student(self, words: int, formulas: int = 0) -> str:
        """A passage as students read it."""
        return self.passage(_STUDENT, words, formulas)

    def teacher(self, words: int, formulas: int = 0) -> str:
        """A passage as teachers read it."""
        return self.passage(_TEACHER, words, formulas)

    def display(self) -> str:
        """A formula on lines of its own."""
        return f"\n$$\n{school.displayed(self.chance, self.grade)}\n$$\n"

    def table(self) -> str:
        """Two amounts that grow together."""
        first, second = draw(self.chance, "nouns"), draw(self.chance, "nouns")
        a, b = self.chance.randint(1, 9), self.chance.randint(2, 12)
        rows = "".join(f"| {a * times} | {b * times} |\n" for times in (1, 2, 3, 5))
        return f"\n| {first} | {second} |\n| ---: | ---: |\n{rows}"

    def term(self) -> str:
        """A sentence with a link to the glossary."""
        term = self.chance.choice(list(school.TERMS))
        link = f"[{term}]({self.up}glossary.md#{term})"
        return f"\nUse the word {link} when you explain the {draw(self.chance, 'noun')}.\n"

    def title(self, joint: str = "of") -> str:
        """Some words for a heading."""
        words = [draw(self.chance, word_class) for word_class in ("adjective", "nouns", "nouns")]
        return f"{words[0]} {words[1]} {joint} {words[2]}".capitalize()


def _lesson_title(seed: int, number: int) -> str:
    chance = random.Random(f"{seed}:title:{number}")
    return f"{draw(chance, 'doing')} {draw(chance, 'adjective')} {draw(chance, 'nouns')}".capitalize()


def _unit_title(seed: int, unit: int) -> str:
    chance = random.Random(f"{seed}:unit:{unit}")
    return f"{draw(chance, 'nouns')} and {draw(chance, 'nouns')}".capitalize()


def _slug(title: str) -> str:
    return re.sub(r"[^a-z0-9]+", "-", title.lower()).strip("-")


def _grade(unit: int) -> str:
    return _GRADE_ORDER[unit % len(_GRADE_ORDER)]


def _lesson_name(seed: int, number: int) -> str:
    return f"{number % LESSONS_IN_UNIT + 1:02d}-{_slug(_lesson_title(seed, number))}"


def _activity(w: _Writer, number: int) -> str:
    before = ""
    if number == 1:
        before = w.table() + w.term()
    minutes = "minutes=15 rigor=conceptual,application"
    return f"""## Activity {number}: {w.title()} {{#activity-{number} {minutes}}}

### Launch

{w.teacher(28)}
### Student task

{w.student(62, 4)}{w.display()}{before}
1. {w.sentence(_STUDENT)}
2. {w.sentence(_STUDENT)}

[[ ]]{{lines=3}}

::: teacher
{w.sentence(_TEACHER)}
:::

### Student responses

{w.teacher(22, 2)}
### Misconception: {w.title("for")} {{#m-{number}}}

{w.teacher(18)}
### Advancing student thinking {{for=m-{number}}}

- {w.sentence(_TEACHER)}
- {w.sentence(_TEACHER)}

### Support for multilingual learners {{routine=MLR{w.chance.randint(1, 8)}}}

{w.teacher(14)}
### Support for students with disabilities {{udl={w.chance.choice(_UDL)}}}

{w.teacher(14)}
### Synthesis

{w.teacher(26, 1)}
"""


def _problems(w: _Writer, standard: str) -> str:
    choices = "".join(
        f"- [{mark}] ${school.formula(w.chance, w.grade)}${reason}\n"
        for mark, reason in ((" ", " {misconception=m-1}"), ("x", ""), (" ", " {misconception=m-2}"))
    )
    answer = w.chance.randint(2, 90)
    return f"""## Practice problems

### Problem 1 {{#p1 standard={standard} dok=1 points=1}}

{w.student(12)}
{choices}
#### Solution

{w.teacher(8)}
### Problem 2 {{#p2 standard={standard} dok=2 points=2}}

{w.student(18, 1)}
#### Answer

- {answer}

#### Solution

{w.student(12, 1)}
### Problem 3 {{#p3 standard={standard} dok=2 points=2}}

{w.student(20, 1)}
[[ ]]{{grid=8x4}}

#### Solution

{w.teacher(14)}
### Problem 4 {{#p4 standard={standard} dok=3 points=3}}

{w.student(22)}
#### Solution

{w.student(12, 1)}
"""


def _parts(w: _Writer, standard: str, earlier: str) -> str:
    return f"""## Learning goals

- {w.sentence(_TEACHER)}
- {w.sentence(_TEACHER)}

## Learning targets

- I can {draw(w.chance, "verb")} and {draw(w.chance, "verb")} {draw(w.chance, "nouns")}.
- I can {draw(w.chance, "verb")} {draw(w.chance, "adjective")} {draw(w.chance, "nouns")}.

## Warm-up: {w.title()} {{#warm-up minutes=5}}

### Launch

{w.teacher(20)}
### Student task

{w.student(26, 3)}
### Student responses

{w.teacher(12, 2)}
{_activity(w, 1)}
{_activity(w, 2)}
## Lesson synthesis {{minutes=5}}

{w.teacher(34)}
## Cool-down: {w.title()} {{#cool-down minutes=5}}

### Student task

{w.student(26, 1)}
### Student responses

{w.teacher(14, 1)}
## Lesson summary

{w.student(60, 2)}{w.display()}{earlier}{w.term()}
{_problems(w, standard)}
## For families

{w.student(24)}"""


def _lesson(seed: int, number: int, grade: str, up: str) -> str:
    w = _Writer(seed, number, grade, up)
    building_on, standard, toward = w.chance.choice(school.STANDARDS[grade])
    practices = ", ".join(sorted(w.chance.sample(_PRACTICES, 2)))
    place = number % LESSONS_IN_UNIT
    earlier = (
        f"\nThis goes on from [the lesson before]({_lesson_name(seed, number - 1)}.md).\n" if place else ""
    )
    header = f"""---
id: lesson-{number + 1:05d}
title: {_lesson_title(seed, number)}
minutes: 45
standards:
  building-on: [{building_on}]
  addressing: [{standard}]
  building-toward: [{toward}]
practices: [{practices}]
routines: [{w.chance.choice(_ROUTINES)}]
materials: {{gather: [{draw(w.chance, "nouns")}], student: [pencil, ruler]}}
---
"""
    after = _parts(w, standard, earlier)
    missing = WORDS - counts(header + after)[0]
    return f"{header}\n{w.teacher(max(missing, 20))}\n{after}"


def _unit_page(seed: int, unit: int, lessons: range) -> str:
    chance = random.Random(f"{seed}:story:{unit}")
    grade = _grade(unit)
    sections = ""
    for at in range(lessons.start, lessons.stop, LESSONS_IN_SECTION):
        names = range(at, min(at + LESSONS_IN_SECTION, lessons.stop))
        sections += f"  - title: {draw(chance, 'nouns').capitalize()} and {draw(chance, 'nouns')}\n"
        sections += (
            f"    goals: [{draw(chance, 'verb').capitalize()} {draw(chance, 'nouns')}]\n    lessons:\n"
        )
        sections += "".join(f"      - {_lesson_name(seed, number)}\n" for number in names)
    codes = sorted({standard for _, standard, _ in school.STANDARDS[grade]})
    return f"""---
id: unit-{unit + 1:04d}
title: {_unit_title(seed, unit)}
grade: {grade}
weeks: 4
standards:
  addressing: [{", ".join(codes)}]
sections:
{sections}---

Students {draw(chance, "verb")} {draw(chance, "nouns")} and {draw(chance, "verb")} what they find.

## For students

You will {draw(chance, "verb")} {draw(chance, "adjective")} {draw(chance, "nouns")}.
"""


def _glossary() -> str:
    terms = "".join(
        f"\n### {term} {{#{term}}}\n\n{meaning}\n\n- es: {spanish}: {term}\n"
        for term, (meaning, spanish) in school.TERMS.items()
    )
    return "---\ntitle: Glossary\n---\n" + terms


def generate(folder: Path, lessons: int, seed: int = 1) -> None:
    """Writes a curriculum of so many lessons into `folder`; equal arguments give equal bytes.

    The first lessons of a large curriculum are those of a small one (the last unit's page aside).
    """
    folder.mkdir(parents=True, exist_ok=True)
    front = "id: generated\ntitle: A generated curriculum\norganization: Measured schools\nlanguage: en\n"
    front += "license: CC-BY-4.0\nformat: 1\nframework: ccssm-2010\n"
    _write(folder / "curriculum.md", f"---\n{front}---\n\nUnits for kindergarten to grade 8.\n")
    _write(folder / "glossary.md", _glossary())
    for unit in range((lessons + LESSONS_IN_UNIT - 1) // LESSONS_IN_UNIT):
        numbers = range(unit * LESSONS_IN_UNIT, min((unit + 1) * LESSONS_IN_UNIT, lessons))
        grade = _grade(unit)
        place = folder / f"grade-{grade.lower()}" / f"{unit + 1:03d}-{_slug(_unit_title(seed, unit))}"
        place.mkdir(parents=True, exist_ok=True)
        _write(place / "unit.md", _unit_page(seed, unit, numbers))
        for number in numbers:
            _write(place / f"{_lesson_name(seed, number)}.md", _lesson(seed, number, grade, "../../"))


def write_for_peers(folder: Path, out: Path, peer: str) -> None:
    """Writes the same texts in the form that a peer reads: `eleventy`, `hugo`, `mkdocs` or `zensical`.

    A peer knows no editions, so it renders the whole text. MkDocs and Zensical render no mathematics
    when they build (arithmatex leaves it to a script in the browser), so their figures are for less work.
    """
    peer_forms.write(folder, out, peer)


def _write(path: Path, text: str) -> None:
    path.write_text(text, encoding="utf-8", newline="\n")


def main() -> None:
    """`python -m bench.curricula FOLDER --lessons N [--seed S]`."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("folder", type=Path)
    parser.add_argument("--lessons", type=int, default=100)
    parser.add_argument("--seed", type=int, default=1)
    arguments = parser.parse_args()
    generate(arguments.folder, arguments.lessons, arguments.seed)


if __name__ == "__main__":
    main()
