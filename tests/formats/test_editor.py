"""The editor's script reads a lesson as the program reads it, and what it writes the program understands."""

from __future__ import annotations

import json
import random
import re
from pathlib import Path
from typing import Any

import pytest

from curriculum_studio.domain.kinds import KINDS
from curriculum_studio.domain.lessons import all_parts
from curriculum_studio.formats.editor import tables
from curriculum_studio.formats.figures.drawing import draw
from curriculum_studio.formats.figures.gallery import chapters
from curriculum_studio.formats.header import read_mapping
from curriculum_studio.formats.kinds import known_names, name_of
from curriculum_studio.formats.lesson_markdown import Document, read_document
from tests.node import ROOT, run

UNITS = sorted((ROOT / "units").rglob("*.md"))
TABLES = json.loads(tables())


def test_headings_name_the_same_kinds() -> None:
    headings = {
        match[1].strip()
        for path in UNITS
        for match in re.finditer(r"^#{2,6} +(.*?)(?: *\{[^}]*\})?$", path.read_text("utf-8"), re.MULTILINE)
    }
    for kind in KINDS:
        for name in known_names(kind):
            headings |= {name, name.upper(), f"{name} 2", f"{name}s: Title", f"{name} – The title", f"{name}-like", f"x {name}"}  # fmt: skip
    asked = sorted(headings)
    script = """
    const { nameOf, namesOf } = await import("EDITOR/outline.js");
    const names = namesOf(asked.kinds);
    console.log(JSON.stringify(asked.headings.map((one) => nameOf(one, names))));
    """
    for heading, seen in zip(asked, run(script, {"headings": asked, "kinds": TABLES["kinds"]}), strict=True):
        known = name_of(heading)
        assert (seen["kind"], seen["words"], seen["title"]) == (known.kind, known.words, known.title), heading


def test_parts_of_every_lesson_are_the_same() -> None:
    lessons = [path for path in UNITS if _document(path).kind in ("lesson", "assessment", "translation")]
    texts = [path.read_text("utf-8") for path in lessons]
    assert len(texts) > 20
    script = """
    const { blocksOf } = await import("EDITOR/blocks.js");
    const { namesOf, outlineOf } = await import("EDITOR/outline.js");
    const names = namesOf(asked.kinds);
    console.log(JSON.stringify(asked.texts.map((text) => outlineOf(blocksOf(text.split("\\n")), names, text.length).map((one) => [one.kind, one.id, one.line, one.level]))));
    """
    rows = run(script, {"texts": texts, "kinds": TABLES["kinds"]})
    for path, seen in zip(lessons, rows, strict=True):
        parts = [part for part in all_parts(_document(path).parts) if part.level >= 2]
        known = [[part.kind or None, part.id or "", part.line, part.level] for part in parts]
        assert [row for row in seen if row[0]] == [row for row in known if row[0] in KINDS], path


def test_problems_are_numbered_in_the_outline_as_on_pages() -> None:
    text = "## Practice problems\n### Problem {#p1}\n#### Solution\n### Problem 2\n### Problem: Stairs\n### Problem\n## Practice problems\n### Problem\n"
    script = """
    const { blocksOf } = await import("EDITOR/blocks.js");
    const { namesOf, namesOfParts, outlineOf } = await import("EDITOR/outline.js");
    const parts = outlineOf(blocksOf(asked.text.split("\\n")), namesOf(asked.kinds), asked.text.length);
    console.log(JSON.stringify([...namesOfParts(parts).values()]));
    """
    assert run(script, {"text": text, "kinds": TABLES["kinds"]}) == [
        "Practice problems", "Problem 1", "Solution", "Problem 2", "Problem: Stairs", "Problem 4", "Practice problems", "Problem 1",
    ]  # fmt: skip


def _document(path: Path) -> Document:
    return read_document(str(path.relative_to(ROOT / "units")), path.read_bytes())


HEADER = """---
id: k7f3q9m2
title: "Ratios: a start"   # a remark
minutes: 45
standards:
  building-on: [4.OA.A.2]
  addressing:
    - 6.RP.A.1
    - 6.RP.A.2
materials: {gather: [snap cubes], student: [pencil, "a, b"]}
extra: {school: [x]}
---

Text with minutes: 3.
"""
WORDS = [
    "snap cubes",
    "a, b",
    'say "so"',
    "3/4 cups",
    "l’eau",
    "yes",
    "10",
    "x: y",
    "[a]",
    "{b}",
    "#c",
    "Ω",
    "it's",
]

OTHER_EDITION: Any = {"framework": "made-standards-2025", "code": "6.RP.A.2"}


def test_each_field_of_the_header_changes_its_own_words_alone() -> None:
    seed = random.SystemRandom().randrange(10**6)
    chance = random.Random(seed)
    asked: list[Any] = []
    for _ in range(300):
        path = chance.choice([["title"], ["minutes"], ["practices"], ["credits"], ["standards", "addressing"], ["standards", "building-toward"], ["materials", "gather"], ["materials", "copy"]])  # fmt: skip
        if path[0] == "title":
            asked.append([path, chance.choice(WORDS), "scalar"])
        elif path[0] == "minutes":
            asked.append([path, str(chance.randrange(1, 200)), "scalar"])
        else:
            known = [*WORDS, OTHER_EDITION] if path[0] == "standards" else WORDS
            asked.append([path, chance.sample(known, chance.randrange(0, 4)), "flow"])
    script = """
    const { setKey, scalar, flow } = await import("EDITOR/header.js");
    const { blocksOf, headerOf } = await import("EDITOR/blocks.js");
    let text = asked.text;
    console.log(JSON.stringify(asked.steps.map(([path, value, how]) => {
      const header = headerOf(blocksOf(text.split("\\n")), text.length);
      const change = setKey(text, header, path, how === "flow" ? flow(value) : scalar(value));
      if (change) text = text.slice(0, change.from) + change.insert + text.slice(change.to);
      return text;
    })));
    """
    before: dict[str, Any] = dict(read_mapping(HEADER.split("---\n")[1]).values)
    for (path, value, _), text in zip(asked, run(script, {"text": HEADER, "steps": asked}), strict=True):
        head, _, body = text.partition("\n---\n")
        assert body == HEADER.partition("\n---\n")[2], f"seed {seed}"
        values: dict[str, Any] = dict(read_mapping(head.removeprefix("---\n")).values)
        if len(path) == 1:
            before[path[0]] = value
        else:
            before[path[0]] = {**before.get(path[0], {}), path[1]: value}
        assert values == before, f"seed {seed}: {path} {value}"


def test_a_form_that_changes_nothing_changes_no_line_of_a_figure() -> None:
    bodies = [(chapter.title, one.body) for chapter in chapters()[2:] for one in chapter.examples()]
    bodies += [
        ("number-line", "from: 0 # the start\nto: 4\n\npoints:\n  A: 1\n  B: 2 1/2\nalt: A line: 0 to 4.\n")
    ]
    bodies += [("tape-diagram", "# two tapes\nbars:\n  - label: Ana\n    parts: 3 x 2\nalt: One.\n")]
    script = """
    const { readFigure, writeFigure } = await import("EDITOR/figure_text.js");
    console.log(JSON.stringify(asked.bodies.map(([kind, body]) => {
      const spec = asked.figures[kind];
      const same = writeFigure(spec, readFigure(spec, body).values, body);
      const { values } = readFigure(spec, body);
      values.caption = "Seen: two # of them";
      const more = writeFigure(spec, values, body);
      const anew = writeFigure(spec, readFigure(spec, body).values, "");
      return [same, more, anew];
    })));
    """
    for (kind, body), (same, more, anew) in zip(
        bodies, run(script, {"bodies": bodies, "figures": TABLES["figures"]}), strict=True
    ):
        assert same == body, f"{kind}\n{body}\n{same}"
        old, new = draw(kind, "", body), draw(kind, "", more)
        assert not new.faults, f"{kind}\n{more}\n{new.faults}"
        assert "Seen: two # of them" in new.html
        assert _picture(draw(kind, "", anew).html) == _picture(old.html), f"{kind}\n{body}\n{anew}"


def _picture(html: str) -> str:
    return html[html.find("<svg") : html.find("</svg>")]


def test_attributes_are_written_into_their_heading_alone() -> None:
    headings = ["## Activity", "## Activity: A {#a}", "## Activity {minutes=5}", "## Activity: A {minutes=5 #a}", "## Activity: A {#a minutes=5 rigor=conceptual}", "## Sets {2, 3}"]  # fmt: skip
    script = """
    const { attributeChange } = await import("EDITOR/attributes.js");
    const { blocksOf } = await import("EDITOR/blocks.js");
    console.log(JSON.stringify(asked.flatMap((line) => ["12", ""].map((value) => {
      const change = attributeChange(blocksOf([line])[0], line, "minutes", value);
      return change ? line.slice(0, change.from) + change.insert + line.slice(change.to) : line;
    }))));
    """
    assert run(script, headings) == [
        "## Activity {minutes=12}", "## Activity",
        "## Activity: A {#a minutes=12}", "## Activity: A {#a}",
        "## Activity {minutes=12}", "## Activity",
        "## Activity: A {minutes=12 #a}", "## Activity: A {#a}",
        "## Activity: A {#a minutes=12 rigor=conceptual}", "## Activity: A {#a rigor=conceptual}",
        "## Sets {2, 3} {minutes=12}", "## Sets {2, 3}",
    ]  # fmt: skip
    problems = ["### Problem", "### Problem {#p1 standard=6.RP.A.1 points=2}", '### Problem {standard="6.RP.A.1 f:6.RP.A.2"}', "### Problem {substandard=1 #p1}"]  # fmt: skip
    script = script.replace('"minutes"', '"standard"').replace('"12"', '"6.RP.A.2"')
    assert run(script, problems) == [
        "### Problem {standard=6.RP.A.2}", "### Problem",
        "### Problem {#p1 standard=6.RP.A.2 points=2}", "### Problem {#p1 points=2}",
        "### Problem {standard=6.RP.A.2}", "### Problem",
        "### Problem {substandard=1 #p1 standard=6.RP.A.2}", "### Problem {substandard=1 #p1}",
    ]  # fmt: skip


TABLE = "| a | b \\| c |\n|---|---|\n| 1 | 2 |\n|  | `x` |"


def test_rows_and_columns_come_and_go() -> None:
    script = """
    const { Text } = await import("@codemirror/state");
    const { blocksOf } = await import("EDITOR/blocks.js");
    const tables = await import("EDITOR/tables.js");
    const done = (text, name, at) => {
      const doc = Text.of(text.split("\\n"));
      const table = tables.tableAt(doc, blocksOf(text.split("\\n")), at);
      const change = tables[name](table);
      if (!change) return null;
      let out = text;
      for (const one of [...change.changes].reverse()) out = out.slice(0, one.from) + (one.insert || "") + out.slice(one.to ?? one.from);
      return [out, change.place];
    };
    console.log(JSON.stringify(asked.steps.map(([name, at]) => done(asked.table, name, at))));
    """
    head, first, last = 2, TABLE.index("1"), TABLE.index("`x`")
    steps = [["addRow", first], ["addRow", head], ["addColumn", head], ["addColumn", last], ["removeRow", first], ["removeRow", head], ["removeColumn", head], ["removeColumn", last]]  # fmt: skip
    rows = run(script, {"table": TABLE, "steps": steps})
    assert [row and row[0] for row in rows] == [
        "| a | b \\| c |\n|---|---|\n| 1 | 2 |\n|  |  |\n|  | `x` |",
        "| a | b \\| c |\n|---|---|\n|  |  |\n| 1 | 2 |\n|  | `x` |",
        "| a |  | b \\| c |\n|---|---|---|\n| 1 |  | 2 |\n|  |  | `x` |",
        "| a | b \\| c |  |\n|---|---|---|\n| 1 | 2 |  |\n|  | `x` |  |",
        "| a | b \\| c |\n|---|---|\n|  | `x` |",
        None,
        "| b \\| c |\n|---|\n| 2 |\n| `x` |",
        "| a |\n|---|\n| 1 |\n|  |",
    ]


def test_a_part_goes_behind_the_part_in_which_somebody_writes() -> None:
    text = "Story.\n\n## Warm-up {#w}\n\n### Launch\n\nA\n\n### Student task\n\nB\n\n## Practice problems\n\n### Problem {#p1}\n\nC\n\n#### Solution\n\nD\n"
    script = """
    const { blocksOf } = await import("EDITOR/blocks.js");
    const { namesOf, outlineOf } = await import("EDITOR/outline.js");
    const { placeFor } = await import("EDITOR/parts.js");
    const parts = outlineOf(blocksOf(asked.text.split("\\n")), namesOf(asked.kinds), asked.text.length);
    console.log(JSON.stringify(asked.steps.map(([kind, level, at]) => placeFor(kind, level, at, parts, asked.text.length))));
    """
    end, practice, task = len(text), text.index("## Practice"), text.index("### Student")
    steps = [
        ("activity", 2, text.index("A\n"), practice), ("activity", 2, end, end), ("activity", 2, 0, text.index("## Warm")),
        ("misconception", 3, text.index("A\n"), task), ("misconception", 3, text.index("B\n"), practice),
        ("problem", 3, text.index("A\n"), end), ("problem", 3, text.index("C\n"), end), ("hint", 4, text.index("C\n"), end),
        ("hint", 4, end, end),
    ]  # fmt: skip
    asked = {"text": text, "kinds": TABLES["kinds"], "steps": [step[:3] for step in steps]}
    assert run(script, asked) == [step[3] for step in steps]


@pytest.mark.parametrize("kind", sorted(KINDS))
def test_every_part_that_is_put_in_is_that_part(kind: str) -> None:
    level = KINDS[kind].level
    script = """
    const { partText, placeFor, surrounded } = await import("EDITOR/parts.js");
    console.log(JSON.stringify(partText(asked.kind, asked.level, asked.shown, new Set(["p1", "m-1", "activity-1"]), true)));
    """
    part = run(script, {"kind": kind, "level": level, "shown": TABLES["kinds"][kind]["shown"]})
    assert 0 <= part["from"] <= part["to"] <= len(part["text"])
    first, _, _ = part["text"].partition("\n")
    heading = re.sub(r" \{[^}]*\}$", "", first.lstrip("# "))
    assert name_of(heading).kind == kind
    assert first.startswith("#" * level + " ")
    ids = re.findall(r"\{#([a-z0-9-]+)", part["text"])
    assert not {"p1", "m-1", "activity-1"} & set(ids)
    assert (kind in ("activity", "warm-up", "cool-down", "problem", "misconception", "practice-problems")) == bool(ids)  # fmt: skip
