"""Everything that a check can find, in one table: the editor, the command line and the publish gate share it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass
from typing import Literal

Severity = Literal["grave", "warning", "note"]
"""A note asks for nothing: it says beside a text what an author's decision there means."""


@dataclass(frozen=True, slots=True, order=True)
class Finding:
    """One thing found: where (1-based line and column in the file), what, how grave, and what to do."""

    file: str
    line: int
    column: int
    code: str
    severity: Severity
    message: str
    hint: str

    def as_row(self) -> dict[str, str | int]:
        """The finding as the JSON object that `check --json` prints."""
        return asdict(self)

    def as_text(self) -> str:
        """The finding as two lines of text."""
        head = f"{self.file}:{self.line}:{self.column}: {self.severity}: {self.message} ({self.code})"
        return f"{head}\n    {self.hint}" if self.hint else head


@dataclass(frozen=True, slots=True)
class Rule:
    """A row of the table: how grave, the sentence and the hint, both with `{names}` to be filled in."""

    severity: Severity
    message: str
    hint: str


def _grave(message: str, hint: str) -> Rule:
    return Rule("grave", message, hint)


def _warning(message: str, hint: str) -> Rule:
    return Rule("warning", message, hint)


def _note(message: str, hint: str) -> Rule:
    return Rule("note", message, hint)


RULES: Mapping[str, Rule] = {
    # What makes an edition unsafe or false.
    "not-utf8": _grave("The file is not readable as text (UTF-8).", "Save it as UTF-8 text."),
    "odd-characters": _grave(
        "A character stands here that no text may hold ({what}).", "Delete the character at this place."
    ),
    "line-endings": _grave(
        "The file has a byte order mark or carriage returns.",
        "Import it once through the studio, which changes them to plain line ends.",
    ),
    "too-large": _grave(
        "The file is larger than {limit} KB.", "Divide it, or move long material to a file of its own."
    ),
    "header-unreadable": _grave("The header cannot be read: {reason}", "A header line reads `name: value`."),
    "header-missing": _grave(
        "The file has no header.", "Begin it with a line `---`, then `id:` and `title:`, then `---`."
    ),
    "id-missing": _grave("The header has no id.", "Add `id: {proposed}`."),
    "id-malformed": _grave(
        "The id “{id}” is not of the right form.",
        "4 to 32 small letters, digits and hyphens, the first a letter or a digit.",
    ),
    "title-missing": _grave("The header has no title.", "Add `title:` with the lesson's name."),
    "id-twice": _grave("The id “{id}” also stands in {other}.", "Give one of the two an id of its own."),
    "part-id-twice": _grave(
        "The part id “{id}” stands twice in this file.", "Give one of the two another id."
    ),
    "unclosed-fence": _grave(
        "A block of code is opened here and not closed before the next heading.",
        "Close it with the same marks ({marks}) in the same column; all below it is held back from students.",
    ),
    "fence-place": _grave(
        "This mark of a block of code does not stand in the column of its block.",
        "Put it in the column of the mark that opened it; all below it is held back from students.",
    ),
    "unclosed-comment": _grave(
        "A comment is opened here and not closed before the next heading.",
        "Close it with `-->`; all below it is held back from students.",
    ),
    "unclosed-passage": _grave(
        "A teacher passage is opened here and not closed.",
        "Close it with `:::` on a line of its own, in the same column; all below it is held back from students.",
    ),
    "passage-mark": _grave(
        "This line looks like the mark of a teacher passage and is none.",
        "Write `::: teacher` on a line of its own, and `:::` in the same column to close it.",
    ),
    "passage-quote": _grave(
        "A teacher passage in a quotation has a line without its `>`.",
        "Begin each line of it with `>`, empty ones too.",
    ),
    "heading-in-passage": _grave(
        "Inside a teacher passage stands a heading that names a part of the lesson ({kind}).",
        "Close the passage before the heading.",
    ),
    "hidden-heading": _grave(
        "This line reads like the heading “{kind}” but does not stand as one.",
        "Begin the line with two to four # and a space, in the first column.",
    ),
    "choice-braces": _grave(
        "The braces after this choice cannot be read, so they were cut from the student's page.",
        "Write `{{misconception=m-…}}` at the end of the choice's first line.",
    ),
    "formula": _grave("The formula cannot be shown: {reason}", "{hint}"),
    "formula-unclosed": _grave(
        "A displayed formula is not closed, or an empty line stands in it.",
        "Put `$$` on a line of its own before and after it, with no empty line between.",
    ),
    "formula-limit": _grave("The file has more than {limit} formulas.", "Divide the file."),
    "figure": _grave(
        "The figure cannot be drawn: {reason}", "Mend this line; the help page on figures shows every kind."
    ),
    "figure-alt": _grave(
        "A figure has no words for those who cannot see it.", "Write a line `alt: what it shows` in it."
    ),
    "figure-unknown": _grave(
        "“{word}” is nearly the name of a figure ({kind}).",
        "Write `{kind}`, or another word if it is a code sample.",
    ),
    "alt-missing": _grave(
        "A picture has no words for those who cannot see it.",
        "Write them in the square brackets: `![what it shows](…)`.",
    ),
    "link-missing": _grave("Nothing stands at “{target}”.", "{hint}"),
    "picture-missing": _grave("There is no picture at “{target}”.", "Upload it, or mend its name."),
    "picture-refused": _grave(
        "The picture “{target}” cannot be used: {reason}",
        "Use an SVG, PNG or JPEG file inside the curriculum.",
    ),
    "path-outside": _grave(
        "“{target}” leads out of the curriculum.", "Link to a file inside it, or to a web address."
    ),
    "link-refused": _grave(
        "“{target}” is no address that a page may link to.",
        "Use a file of the curriculum, or an https address.",
    ),
    "definition-reach": _grave(
        "“{label}” is explained in another part of this file, out of reach of this one.",
        "Repeat the explanation in this part, or move it here.",
    ),
    "reading": _grave(
        "This part was not read the way that a page would show it ({what}).",
        "Put an empty line before this line, or write it more simply.",
    ),
    "nesting": _grave("The text is nested more than {limit} levels deep.", "Write it more simply."),
    "path-name": _grave(
        "The file's name cannot be an address: {reason}", "Use small letters, digits and hyphens."
    ),
    # Everything else.
    "unknown-key": _warning("The header key “{key}” is not known.", "{hint}"),
    "key-value": _warning("The value of “{key}” cannot be used: {reason}", "{hint}"),
    "unknown-kind": _warning("“{words}” names no part of a lesson, so only teachers see it.", "{hint}"),
    "kind-level": _warning(
        "“{words}” does not belong at this level; the stricter of two audiences holds.",
        "Write it with {marks} and a space{inside}.",
    ),
    "unknown-attribute": _warning("The attribute “{key}” is not known, so nobody sees it.", "{hint}"),
    "attribute-value": _warning("The value of “{key}” cannot be used: {reason}", "{hint}"),
    "heading-text": _warning(
        "This line would be a heading elsewhere; here it is ordinary text.",
        "Begin it with two to six # and a space, in the first column, if a heading is meant.",
    ),
    "part-missing": _warning("{where} has no {kind}.", "Add it: `{heading}`."),
    "part-repeated": _warning("“{words}” stands more than once.", "Join the two, or name one differently."),
    "warm-up-place": _warning(
        "The warm-up is not the first part with minutes.", "Move it before the activities."
    ),
    "starter-words": _warning(
        "“{words}” still stands here from the beginning.", "Write your own words in its place."
    ),
    "part-empty": _warning("“{words}” is empty.", "Write it, or delete its heading."),
    "part-id": _warning(
        "“{words}” has no id, so comments and results cannot find it.", "Add `{{#{proposed}}}`."
    ),
    "minutes-missing": _warning("“{words}” has no minutes.", "Add `{{minutes=…}}`."),
    "minutes-sum": _warning(
        "The parts take {sum} minutes; the header says {stated}.",
        "Change the parts' minutes or the header's.",
    ),
    "standard-unknown": _warning("{framework} has no standard “{code}”.", "{hint}"),
    "standard-grade": _warning(
        "“{code}” is of grade {found}, not of grade {grade}.", "Put it under building-on or building-toward."
    ),
    "lesson-order": _warning(
        "“{lesson}” addresses {code}, which rests on {before}; that is first addressed in “{later}”, which comes after it.",
        "Change the order, or let an earlier lesson address {before}.",
    ),
    "standard-order": _warning(
        "“{code}” is not something that the addressed standards rest on.",
        "Name a prerequisite of them, or leave it out.",
    ),
    "framework-missing": _warning(
        "The framework “{id}” is nowhere to be found, so no code was checked.",
        "Import it, or mend `framework:` in curriculum.md.",
    ),
    "goal-target": _warning(
        "There are {goals} learning goals and {targets} learning targets.",
        "Write one target for each goal, in order.",
    ),
    "goal-unknown": _warning("The charter has no goal “{id}”.", "{hint}"),
    "target-untested": _warning(
        "No cool-down or practice problem assesses “{code}”.", "Add `standard={code}` to a problem that does."
    ),
    "distractor": _warning(
        "A wrong choice names no misconception.", "Add `{{misconception=m-…}}` at the end of its line."
    ),
    "choice-outside": _warning(
        "These braces stand after a choice that no problem holds, so they were cut from every page.",
        "Put the choices into a part `### Problem`, or take the braces away.",
    ),
    "misconception-unknown": _warning("No misconception “{id}” is explained {where}.", "{hint}"),
    "choice-key": _warning("No choice of this problem is marked as right.", "Mark it `- [x]`."),
    "check-refused": _warning("This problem cannot be checked on the page: {reason}", "{hint}"),
    "link-dropped": _warning(
        "Students do not see what “{target}” leads to; they see the words alone.",
        "Link to something students see, or put the link in a teacher passage.",
    ),
    "html-shown": _warning("This HTML is shown as it was typed.", "Write it as plain text."),
    "words-in-formula": _warning(
        "This formula holds words; was money meant?",
        "Write `\\$` for a dollar, or `\\text{{…}}` around words.",
    ),
    "color": _warning(
        "The colour {color} may be hard to read.", "Use blue, red or green, and say it in words too."
    ),
    "reading-level": _warning(
        "The sentences are long for grade {grade} (about grade {found}).", "Shorten the longest sentences."
    ),
    "picture-unused": _warning("No page uses this picture.", "Use it or delete it."),
    "translation-stale": _warning(
        "The original has changed since this translation was made.",
        "Compare the two, then write `translates: {{id: {id}, student: {student}, whole: {whole}}}`.",
    ),
    "translation-orphan": _warning(
        "There is no lesson with the id “{id}” to translate.", "Mend `translates:`."
    ),
    "lesson-draft": _warning(
        "No section names this lesson, so it is in no edition.", "Add it to `sections:` in unit.md."
    ),
    "lesson-absent": _warning("The section names “{name}”, and there is no such lesson.", "{hint}"),
    "lesson-twice": _warning("“{name}” stands in the sections twice.", "Take it out once."),
    "charter-measure": _warning("The goal “{id}” has no {what}.", "Add `- {what}: …` below it."),
    "file-unknown": _warning("This file is no part of a curriculum.", "{hint}"),
    # What a file of results may not hold. No sentence here repeats a value of the file.
    "results-name": _grave(
        "Column {number} could hold a name.", "Take names out; number the rows 1, 2, 3 … instead."
    ),
    "results-number": _grave(
        "Column {number} could hold a student's number, or another number that leads to a person.",
        "Take it out; number the rows 1, 2, 3 … instead.",
    ),
    "results-email": _grave("Column {number} could hold an e-mail address.", "Take it out."),
    "results-date": _grave(
        "Column {number} could hold a date of birth, an age or a time.", "Take dates, ages and times out."
    ),
    "results-group": _grave(
        "Column {number} could say which class, school or teacher.",
        "Take it out; hand one file in for the whole group.",
    ),
    "results-trait": _grave("Column {number} could hold a trait of a student.", "Take it out."),
    "results-words": _grave(
        "Column {number} could hold words of a student, or about one.",
        "Keep the letter of the choice, or the points, and nothing else.",
    ),
    "results-unknown": _grave(
        "Column {number} holds something that is neither a choice nor points.",
        "A choice is its letter (A, B, …), points are a whole number, no answer is an empty cell.",
    ),
    "results-shape": _grave("This line does not fit the others: {reason}", "Compare it with a sample file."),
    "results-item": _grave(
        "Column {number} is for no problem that this text had in that version.",
        "Say which problem it is, or leave it out.",
    ),
    "results-answer": _grave(
        "Problem {item} has no such answer in that version.", "It may have: {marks}; or nothing."
    ),
    # What a curriculum asks of a release for itself.
    "coverage-assessed": _grave(
        "{count} standards are taught and assessed nowhere: {codes}.",
        "Let a problem name each, or take `assessed` out of `alignment` in curriculum.md.",
    ),
    "coverage-taught": _grave(
        "{count} standards of these grades are taught nowhere: {codes}.",
        "Let a lesson address each, or take `taught` out of `alignment` in curriculum.md.",
    ),
    "coverage-major": _grave(
        "{share} % of minutes are on major work, and {asked} % are asked for.",
        "Give more time to major work, or change `major-work` under `alignment` in curriculum.md.",
    ),
    # What an author decided.
    "check-open": _note(
        "Students can check their answer to this problem on the page.",
        "The key is hidden from a glance, not from one who tries every choice.",
    ),
}


def finding(code: str, file: str, line: int = 1, column: int = 1, /, **words: str | int) -> Finding:
    """A finding of the table, its sentence and hint filled in with `words`; a hint that is left out is empty."""
    rule = RULES[code]
    return Finding(
        file,
        line,
        column,
        code,
        rule.severity,
        rule.message.format(**words),
        rule.hint.format(**{"hint": "", **words}).strip(),
    )


ON_PAGE: Mapping[str, str] = {
    "title-missing": "Write it under “About this lesson”.",
    "formula-unclosed": "Take it out, and put it in again with “Formula”, on a line of its own.",
    "figure-alt": "Choose the figure and write down what it shows.",
    "alt-missing": "Put the picture in again, and write down what it shows.",
    "part-missing": "Put it in with “Part” above the text.",
    "minutes-missing": "Write them beside it, in the outline.",
    "target-untested": "Stand in a problem that does, and choose it under “More”, “Standard that this problem assesses”.",
    "choice-key": "Tick the one that is right.",
    "lesson-draft": "Put it into a section: on the unit’s page, “Arrange”.",
    "choice-outside": "Put the choices into a problem: there a wrong choice may say what it shows.",
}
"""What to do where a text is written as a page, for findings whose hint speaks of the marks that the text is kept in."""


def hint_on_page(found: Finding) -> str:
    """What to do about a finding, for people who see the page and no marks."""
    return ON_PAGE.get(found.code, found.hint.replace("`", ""))


def to_mend(findings: Iterable[Finding]) -> list[Finding]:
    """The findings proper: grave ones and warnings. A note asks for nothing."""
    return [found for found in findings if found.severity != "note"]


def grave(findings: list[Finding] | tuple[Finding, ...]) -> bool:
    """Whether any of them stops a release."""
    return any(found.severity == "grave" for found in findings)
