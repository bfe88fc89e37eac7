"""The cases that were tried against the reading rules: each hides `SECRET`, which no student may see."""

from __future__ import annotations

import pytest

from curriculum_studio.domain.editions import SeenPart
from curriculum_studio.formats.facts import facts_of
from curriculum_studio.formats.html import render_text
from curriculum_studio.formats.lesson_markdown import Document, read_document
from curriculum_studio.formats.views import student_view, teacher_view

HEAD = "---\nid: lesson-1\ntitle: T\nminutes: 45\n---\n"
TASK = "## Activity: A {#a minutes=5}\n### Student task\n"
PROBLEM = "## Practice problems\n### Problem {#p1}\n"


def lesson(body: str) -> Document:
    return read_document("u/one.md", (HEAD + body).encode())


def words(parts: tuple[SeenPart, ...]) -> str:
    out: list[str] = []
    for part in parts:
        out += [
            part.heading,
            part.text,
            *(slot.text for slot in part.slots),
            repr(part.attributes),
            words(part.parts),
        ]
        out += [repr(choice) for choice in part.choices]
    return "\n".join(out)


def student(document: Document) -> str:
    view = student_view(document)
    return words(view.parts) + repr(view.header) if view else ""


def teacher(document: Document) -> str:
    view = teacher_view(document)
    return words(view.parts) if view else ""


def graves(document: Document) -> list[str]:
    return [f.code for f in facts_of(document).findings if f.severity == "grave"]


GRAVE_CASES = {
    "heading one space in": (TASK + "Do it.\n ### Student responses\nSECRET\n", "hidden-heading"),
    "heading in a list": (TASK + "Do it.\n- ### Student responses\n  SECRET\n", "hidden-heading"),
    "heading in a quotation": (TASK + "> ### Solution\n> SECRET\n", "hidden-heading"),
    "heading misspelt in a list": (TASK + "1. ### Studnt respnses\n   SECRET\n", "hidden-heading"),
    "heading after a tab": (TASK + "Do it.\n###\tSolution\nSECRET\n", "hidden-heading"),
    "heading without a space": (PROBLEM + "What?\n####Solution\nSECRET\n", "hidden-heading"),
    "heading of one mark": (TASK + "Do it.\n# Solution\nSECRET\n", "hidden-heading"),
    "heading after an invisible character": (TASK + "Do it.\n\u200b### Solution\nSECRET\n", "hidden-heading"),
    "underlined heading": (TASK + "Do it.\n\nStudent responses\n-----\nSECRET\n", "hidden-heading"),
    "underlined with equals": (TASK + "Do it.\n\nSolution\n===\nSECRET\n", "hidden-heading"),
    "passage open over a part": (
        TASK + "::: teacher\nSECRET\n### Student responses\nSECRET\n:::\nSECRET\n", "heading-in-passage"),
    "passage open to the next part": (TASK + "::: teacher\nSECRET\n## Lesson summary\nok\n", "unclosed-passage"),
    "passage never closed": (TASK + "::: teacher\nSECRET\n", "unclosed-passage"),
    "fence over a solution": (PROBLEM + "What?\n```\nx\n#### Solution\nSECRET\n```\n", "unclosed-fence"),
    "comment over a solution": (PROBLEM + "What? <!-- x\n#### Solution\nSECRET\n-->\n", "unclosed-comment"),
    "fence in a list, closed elsewhere": (TASK + "- ```\n  x\n- next\n```\nSECRET\n", "fence-place"),
    "fence closed at another column": (TASK + "```\nx\n  ```\nSECRET\n", "fence-place"),
    "fence far in": (TASK + "text\n\n       ```\n       SECRET\n", "fence-place"),
    "braces that do not fit a choice": (PROBLEM + "- [ ] 5 {misconception SECRET}\n- [x] 6\n", "choice-braces"),
    "braces on the second line": (PROBLEM + "- [ ] 5\n  {misconception=SECRET}\n- [x] 6\n", "choice-braces"),
    "braces on a lazy line": (PROBLEM + "- [ ] 5\n{SECRET\n- [x] 6\n", "choice-braces"),
    "braces in the middle": (PROBLEM + "- [ ] 5 {misconception=SECRET} cups\n- [x] 6\n", "choice-braces"),
    "blank line without its mark in a quotation": (
        TASK + "> ::: teacher\n> SECRET\n\n> SECRET\n> :::\n", "passage-quote"),
    "passage on a bullet's line": (TASK + "- ::: teacher\n  SECRET\n  :::\n", "passage-mark"),
    "passage of another word": (TASK + "::: student\nSECRET\n:::\n", "passage-mark"),
    "passage with a capital": (TASK + "::: Teacher\nSECRET\n:::\n", "passage-mark"),
    "passage with two colons": (TASK + ":: teacher\nSECRET\n::\n", "passage-mark"),
    "passage after an invisible character": (TASK + "\u200b::: teacher\nSECRET\n:::\n", "passage-mark"),
    "passage in wide colons": (TASK + "：：： teacher\nSECRET\n：：：\n", "passage-mark"),
    "passage with spaces between colons": (TASK + ": : : teacher\nSECRET\n: : :\n", "passage-mark"),
    "close in another column": (TASK + "::: teacher\nSECRET\n  :::\nSECRET\n", "passage-mark"),
    "close with fewer colons": (TASK + ":::: teacher\nSECRET\n:::\nSECRET\n", "passage-mark"),
    "stray close": (TASK + "ok\n:::\nSECRET\n", "passage-mark"),
    "display not closed": (TASK + "$$\nx\n", "formula-unclosed"),
    "display with an empty line": (TASK + "$$\nx\n\ny\n$$\n", "formula-unclosed"),
    "reference out of reach": (
        TASK + "See [the plan][hid].\n::: teacher\n[hid]: https://example.org/SECRET\n:::\n", "definition-reach"),
    "note out of reach": (TASK + "See[^t].\n### Launch\n[^t]: SECRET\n", "definition-reach"),
    "private-use character": (TASK + "a\ue000b\n", "odd-characters"),
}  # fmt: skip


@pytest.mark.parametrize("name", GRAVE_CASES)
def test_grave_cases_hold_back(name: str) -> None:
    body, code = GRAVE_CASES[name]
    document = lesson(body)
    assert code in graves(document)
    assert "SECRET" not in student(document)
    if "SECRET" in body and code not in ("choice-braces",):
        assert "SECRET" in teacher(document)


QUIET_CASES = {
    "nested passages": TASK + ":::: teacher\nSECRET\n::: teacher\nSECRET\n:::\nSECRET\n::::\nseen\n",
    "passage in a list": TASK + "- one\n  ::: teacher\n  SECRET\n  :::\n- seen\n",
    "passage in a quotation": TASK + "> one\n> ::: teacher\n> SECRET\n> :::\n> seen\n",
    "passage opened in code": TASK + "```\na\n::: teacher\nSECRET\n:::\nseen\n```\n",
    "passage with code and a close in it": TASK + "::: teacher\n```\n:::\n```\nSECRET\n:::\nseen\n",
    "comment over an empty line": TASK + "seen <!-- SECRET\n\nSECRET --> more\n",
    "comment in a teacher's part": TASK + "seen\n### Launch\n<!-- SECRET -->\n",
    "unknown part": TASK + "seen\n### Something else\nSECRET\n",
    "unknown part of a problem": PROBLEM + "seen\n#### Reasoning\nSECRET\n",
    "unknown section": "## Somethng\nSECRET\n### Student task\nSECRET\n" + TASK + "seen\n",
    "text before the first part": "## Activity: A {#a}\nSECRET\n### Student task\nseen\n",
    "narrative": "SECRET\n\n" + TASK + "seen\n",
    "misspelt deeper heading": "## Lesson summary\nseen\n### Solutoin\nSECRET\n",
    "deep answer in a task": TASK + "seen\n#### Answers\nSECRET\n##### More\nSECRET\n",
    "student kind under an unknown section": "## Xyz abc\n### Problem\nSECRET\n" + TASK + "seen\n",
    "key and reason of a choice": PROBLEM + "- [x] seen\n- [ ] no {misconception=m-SECRET}\n",
    "header of one's own": TASK + "seen\n",
    "comment in a part's heading": "## Activity: A <!-- SECRET --> {#a minutes=5}\n### Student task <!-- SECRET -->\nseen\n",
    "comment at the end of a heading": "## Lesson summary: A {#a} <!-- SECRET -->\nseen\n",
    "comment in a heading of text": TASK + "seen\n#### A heading <!-- SECRET --> of its own\n",
    "comment that begins in a heading": TASK + "seen\n#### More <!-- SECRET\nSECRET --> words\n",
    "comment in a formula's heading": "## Lesson summary: $x$ <!-- SECRET -->\nseen\n",
    "reason of a choice in a task": TASK + "seen\n- [x] 5 {misconception=m-SECRET}\n- [ ] 6 {why=SECRET}\n",
    "reason of a choice in a quotation": TASK + "seen\n\n> - [ ] 5 {misconception=m-SECRET}\n",
    "reason of a choice in a second list": PROBLEM
    + "- [x] seen\n\nThen\n\n1. [ ] no {misconception=m-SECRET}\n",
    "misconception": TASK + "seen\n### Misconception: SECRET {#m-a}\nSECRET\n",
    "anticipated, Spanish": TASK + "seen\n### Respuesta anticipada\nSECRET\n",
}


@pytest.mark.parametrize("name", QUIET_CASES)
def test_quiet_cases_hide_without_alarm(name: str) -> None:
    document = lesson(QUIET_CASES[name])
    assert graves(document) == []
    assert "SECRET" not in student(document)
    assert "seen" in student(document)


def test_a_comment_leaves_the_heading_what_it_is() -> None:
    document = lesson(
        "## Activity: Mix <!-- a note --> it {#mix minutes=5} <!-- one more -->\n### Launch\nx\n"
    )
    plain = lesson("## Activity: Mix  it {#mix minutes=5}\n### Launch\nx\n")
    (part, *_), (same, *_) = document.parts, plain.parts
    assert (part.kind, part.title, part.id, dict(part.attributes)) == (
        same.kind, same.title, "mix", {"minutes": "5"},
    )  # fmt: skip


def test_a_comment_that_begins_in_a_heading_ends_at_the_next_part() -> None:
    document = lesson("## Lesson summary: A <!-- SECRET\nSECRET\n## Learning targets\nseen\n")
    assert "unclosed-comment" in graves(document)
    assert "SECRET" not in student(document)
    assert "seen" in student(document)


def test_what_is_cut_behind_a_choice_is_told() -> None:
    found = facts_of(lesson(TASK + "- [ ] 5 {misconception=m-a}\n- [ ] {5}\n")).findings
    assert [(one.line, one.column) for one in found if one.code == "choice-outside"] == [(8, 8)]


def test_every_tick_is_empty_for_students() -> None:
    document = lesson(
        PROBLEM + "- [x] a\n- [ ] b\n\nThen\n\n1. [X] c\n\n> - [x] d\n\nand [x] e, not $f[x]$\n"
    )
    seen = student(document)
    assert "[x]" not in seen.replace("$f[x]$", "")
    assert "[X]" not in seen
    assert "$f[x]$" in seen


@pytest.mark.parametrize(
    ("text", "formulas"),
    [
        ("It costs \\$5 and $6.", ()), ("Pay $5 to $x$ now", ("x",)), ("$x$ = 5", ("x",)), ("$x$ costs 10", ("x",)),
        ("$ x$", ()), ("a $y=2$.", ("y=2",)), ("between $a$ and $b$", ("a", "b")), ("$5 and $6", ()),
        ("2$x$", ()), ("$x $", ()), ("$x$3", ()), ("`$x$`", ()), ("$a\\$b$", ("a\\$b",)), ("$$x$$", ()),
        ("$x\ny$", ("x\ny",)), ("$x\n\ny$", ()),
    ],
)  # fmt: skip
def test_money_and_formulas(text: str, formulas: tuple[str, ...]) -> None:
    assert render_text(text).formulas == formulas


def test_answer_spaces() -> None:
    for mark in ("[[ ]]", "[[]]", "___", "____", "______", "[[ ]]{lines=3}", "___{grid=10x6}"):
        assert render_text(f"a\n\n{mark}\n\nb").answer_spaces == 1, mark
    assert render_text("---").answer_spaces == 0


@pytest.mark.parametrize(
    ("heading", "kind"),
    [
        ("Warm-up", "warm-up"), ("WARM UP: Notice", "warm-up"), ("Do now", "warm-up"), ("Bell ringer", "warm-up"),
        ("Exit ticket", "cool-down"), ("Exit tickets", "cool-down"), ("Activity 2: Mix", "activity"),
        ("Activity 12 – Mix", "activity"), ("Actividad 1: Mezclas", "activity"), ("نشاط 1: خلط", "activity"),
        ("Resumen de la leccion", "lesson-summary"), ("Problem set", "practice-problems"),
        ("Homework", "practice-problems"), ("Debrief", "lesson-synthesis"), ("Closing", "lesson-synthesis"),
    ],
)  # fmt: skip
def test_names_of_parts(heading: str, kind: str) -> None:
    document = lesson(f"## {heading}\n### Student task\nx\n")
    assert document.parts[0].kind == kind


def test_offsets_are_those_of_the_source() -> None:
    document = lesson("story\n\n" + TASK + "Dó it 🙂.\n### Launch {#l}\nhi\n## Lesson summary\nend\n")
    for part in document.walk():
        assert document.source[part.start :].startswith("#" * part.level + " ")
        assert (
            document.source[part.start : part.end].split("\n")[0]
            == document.source.split("\n")[part.line - 1]
        )
    assert "".join(document.source[p.start : p.end] for p in document.parts).rstrip("\n") == document.source[
        document.parts[0].start :
    ].rstrip("\n")


@pytest.mark.parametrize("line", ["minutes: many", "language: English", "minutes: -1"])
def test_a_value_that_cannot_be_used_is_a_finding(line: str) -> None:
    text = f"---\nid: lesson-1\ntitle: T\n{line}\n---\n"
    found = facts_of(read_document("u/one.md", text.encode())).findings
    assert "key-value" in [one.code for one in found]


NO_HTML = [
    "A `<b>` in code.",
    "A ``<b> ` <i>`` in code.",
    "```\n<b>\n[hid]\n```",
    "~~~\n<b>\n~~~",
    "> ```\n> <b>\n> ```",
    "$a<b> c$",
    "$$\na<b\nc>d\n$$",
    "$$\na\n<b>\n$$",
]


@pytest.mark.parametrize("body", NO_HTML)
def test_what_stands_in_code_or_a_formula_is_no_html(body: str) -> None:
    text = HEAD + TASK + f"Words.\n\n{body}\n\nMore <u>here</u>.\n"
    found = facts_of(read_document("u/one.md", text.encode())).findings
    lines = text.split("\n")
    shown = [lines[one.line - 1][one.column - 1 :] for one in found if one.code == "html-shown"]
    assert shown == ["<u>here</u>.", "</u>."]
