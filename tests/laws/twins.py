"""Makes pairs of curricula that differ only in matter that students and families may not see."""

from __future__ import annotations

import random
from dataclasses import dataclass, field

CANARY = "zanzibarquokka"
"""The word that every hidden thing carries."""

SENTENCES = (
    "Lena mixes 2 cups of syrup with 5 cups of ice.",
    "For every 3 drummers there are 4 trumpet players.",
    "Draw a picture of the *snowball stand* and label it.",
    "It costs \\$4, and the tip is \\$1.",
    "The ratio is $3:2$, or $\\frac{3}{2}$ cups for each cup.",
    "See [ratio](../glossary.md#ratio) and the [plan][p].",
    "Compare `code <b>` with **bold** words [hid] and [the plan][hid].",
    "Is it [x] or not? The note[^t] says more.",
)
BLOCKS = (
    "- one\n- two\n- three",
    "1. first\n2. second\n\n   still second\n3. third",
    "> A quotation\n> goes on",
    "| a | b |\n|---|---|\n| 1 | $\\frac12$ |",
    "```\ncode   here\n\nmore\n```",
    "$$\ny = mx + b\n$$",
    "[[ ]]{lines=3}",
    "___",
    "#### A small heading of its own",
    "Text[^1] with a note.\n\n[^1]: The note itself.",
    "- outer\n  - inner\n  - inner two\n- outer two",
    "![a sketch](figures/sketch.svg)",
    "[p]: https://example.org/plan",
    "```number-line {width=400}\nfrom: 0\nto: 2\nstep: 1/4\npoints: {A: 3/4}\nalt: A at three fourths\n```",
    "~~~dot-plot\nvalues: {4: 2, 5: 3}\nlabel: hours\nalt: Dots, two at 4 and three at 5\n~~~",
    "```coordinate-plane\nshade: y > x\npoints: {A: (1, 2)}\nalt: All above a dashed line\n```",
)
HIDDEN_BLOCKS = (
    "::: teacher\n{c} is here\n:::",
    ":::: teacher\n{c}\n::: teacher\nnested {c}\n:::\nmore {c}\n::::",
    "::: teacher\n[hid]: https://example.org/{c}\n\n[^t]: {c}\n:::",
    "<!-- {c} -->",
    "<!-- {c}\n\nover lines {c}\n-->",
    "::: teacher\n```\n{c}\n```\n:::",
    "::: teacher\n```number-line {{#fig-{n}}}\npoints: {{{c}: 3}}\nalt: {c}, {c}\n```\n:::",
    "::: teacher\n### A heading of {c}\n\n$$\n{m}\n$$\n:::",
)
HIDDEN_PARTS = (
    "### Student responses\n{c}",
    "### Launch\n{c} [hid]\n\n[hid]: https://example.org/{c}",
    "### Misconception: {c} {{#m-{n}}}\n{c}",
    "### Something {c}\n{c}",
    "### Rubric\n```bar-graph {{#fig-{n}}}\nbars: {{{c}: 4}}\nseries: {c}\ncaption: {c}\nalt: {c}\n```",
    "### Solution\n~~~ number-line\nintervals: 2 < x <= 5\nlabel: {c}\ncaption: {c}\nalt: {c}: {c}\n~~~",
    "### Launch\n```number-line {{#fig-{n} width=300}}\npoints: {{{c}: 3}}\nalt: {c}\n```",
    "### Synthesis\n- [x] {c}\n\n$\\text{{{c}}}$ and ![{c}](figures/hidden.svg)",
    "### Support for students with disabilities {{udl=engagement}}\n{c}[^z]\n\n[^z]: {c}",
    "### Monitoring {{standard=6.RP.A.3}}\n{c}",
)
HIDDEN_SECTIONS = (
    "## Lesson preparation\n{c}",
    "## Research notes\n{c}",
    "## Activity {n}: {c} {{#act-{n} minutes=5}}\n### Launch\n{c}\n### Monitoring\n{c}",
    "## {c}\n{c}\n### Student task\n{c}",
    "## Lesson synthesis {{minutes=5}}\n{c}",
)
HIDDEN_FAMILY = "## For families\n{c}"


@dataclass
class Maker:
    """Writes one curriculum from a seed; with `hidden`, hidden matter is strewn in at random."""

    seed: int
    hidden: bool
    shape: random.Random = field(init=False)
    hide: random.Random = field(init=False)

    def __post_init__(self) -> None:
        self.shape = random.Random(self.seed)
        self.hide = random.Random(self.seed * 7919 + 1)

    def secret(self, choices: tuple[str, ...]) -> str:
        text = self.hide.choice(choices)
        return text.format(c=CANARY, n=self.hide.randrange(10**6), m=f"\\text{{{CANARY}}}")

    def maybe(self, chance: float = 0.4) -> bool:
        return self.hide.random() < chance and self.hidden

    def prose(self) -> str:
        """Blocks that a student reads, with hidden blocks between and inside them."""
        blocks: list[str] = []
        for _ in range(self.shape.randint(1, 4)):
            text = self.shape.choice(BLOCKS + SENTENCES)
            blocks.append(self.inside(text))
        out: list[str] = []
        for block in blocks:
            if self.maybe():
                out.append(self.secret(HIDDEN_BLOCKS))
            out.append(block)
        if self.maybe(0.3):
            out.append(self.secret(HIDDEN_BLOCKS))
        return "\n\n".join(out)

    def inside(self, block: str) -> str:
        if not self.maybe(0.5):
            return block
        lines = block.split("\n")
        if block.startswith("- one"):
            lines.insert(1, f"  ::: teacher\n  {CANARY}\n  :::")
        elif block.startswith("1. first"):
            lines.insert(2, f"   ::: teacher\n   {CANARY}\n   :::")
        elif block.startswith("> "):
            lines.insert(1, f"> ::: teacher\n> {CANARY}\n>\n> {CANARY}\n> :::")
        elif block.startswith("```"):
            lines.insert(2, f"::: teacher\n{CANARY}\n:::")
        elif block.startswith("$$"):
            lines[1] += f" % {CANARY}"
        elif block[0].isalpha():
            lines[0] += f"<!-- {CANARY} -->"
        return "\n".join(lines)

    def parts(self, *student: str) -> str:
        rows: list[str] = []
        for part in student:
            if self.maybe():
                rows.append(self.secret(HIDDEN_PARTS))
            rows.append(part)
        if self.maybe():
            rows.append(self.secret(HIDDEN_PARTS))
        return "\n".join(rows)

    def section(self) -> str:
        return self.secret(HIDDEN_SECTIONS) + "\n" if self.maybe() else ""

    def problem(self, number: int) -> str:
        right = self.shape.randrange(3)
        marks = ["x" if self.hidden and i == self.hide.randrange(3) else " " for i in range(3)]
        why = [f" {{misconception=m-{CANARY}}}" if self.maybe() else "" for _ in range(3)]
        rows = [f"- [{marks[i]}] choice {right}{i}{why[i]}" for i in range(3)]
        secret = f" from={CANARY} dok=2" if self.maybe() else ""
        text = f"### Problem {{#p{number} standard=6.RP.A.1{secret}}}\nWhich?\n\n" + "\n".join(rows) + "\n"
        if self.maybe():
            text += f"#### Answer {{tolerance=0.1 unit={CANARY}}}\n- {CANARY}\n"
        text += f"#### Hint\n{self.prose()}\n"
        if self.maybe():
            text += f"#### Solution\n{CANARY}\n"
        if self.maybe():
            text += f"#### {CANARY} kind\n{CANARY}\n"
        return text

    def checked(self, number: int) -> str:
        """A problem whose key the author gives to students: the same in both twins, all else of it is not."""
        key = self.shape.randrange(4)
        marks = ["x" if i == key or (number % 2 and i == 3) else " " for i in range(4)]
        why = [f" {{misconception=m-{CANARY}}}" if self.maybe() else "" for _ in range(4)]
        value = self.shape.choice(["- 1/2\n- 2/4", "- 3:4", f"- {self.shape.randrange(90)}", "- yes"])
        dok = f" dok=2 from={CANARY}" if self.maybe() else ""
        head = f"### Problem {{#c{number} check=true{dok}}}\nSay it.\n\n"
        text = head + "".join(f"- [{marks[i]}] choice {i}{why[i]}\n" for i in range(4))
        if self.shape.random() < 0.6:
            text = f"{head}____\n\n#### Answer {{unit=cups}}\n{value}\n" + (
                f"::: teacher\n{CANARY}\n:::\n" if self.maybe() else ""
            )
        if self.maybe():
            text += f"#### Solution\n{CANARY}\n"
        return text

    def lesson(self) -> str:
        extra = f"extra: {{note: {CANARY}}}\n{CANARY}: yes\ngoals: [{CANARY}]\n" if self.maybe() else ""
        gather = f"gather: [{CANARY}], " if self.maybe() else ""
        head = (
            f"---\nid: lesson-one\ntitle: A lesson of {self.shape.randrange(99)}\nminutes: 45\n{extra}"
            f"materials: {{{gather}student: [pencil]}}\n---\n"
        )
        narrative = f"{CANARY} narrative\n\n" if self.maybe() else ""
        rows = [
            head + narrative,
            self.section(),
            "## Learning targets\n- I can compare.\n\n",
            self.section(),
            "## Warm-up: Look {#w minutes=5}\n" + self.parts("### Student task\n" + self.prose()) + "\n",
            self.section(),
            "## Activity: Mix {#mix minutes=20" + (" rigor=conceptual" if self.maybe() else "") + "}\n",
            (f"{CANARY}\n" if self.maybe() else ""),
            self.parts("### Student task\n" + self.prose(), "### Extension\n" + self.prose()) + "\n",
            self.section(),
            "## Cool-down {#c minutes=5}\n" + self.parts("### Student task\n" + self.prose()) + "\n",
            "## Lesson summary\n" + self.prose() + "\n",
            self.section(),
            "## Practice problems\n" + "".join(self.problem(i) + self.checked(i) for i in range(1, 3)),
            (f"## Research notes\n{CANARY}\n" if self.maybe() else ""),
        ]
        return "".join(rows)

    def snapshot(self) -> dict[str, bytes]:
        lesson = self.lesson()
        section_goals = f", goals: [{CANARY}]" if self.maybe() else ""
        story = f"{CANARY} story\n" if self.maybe() else ""
        files = {
            "curriculum.md": "---\nid: the-root\ntitle: Twin school\nlanguage: en\nformat: 1\n---\nWelcome.\n",
            "glossary.md": "### ratio {#ratio}\nA comparison of $a$ to $b$.\n- es: razón\n",
            "grade-6/unit.md": "---\nid: the-unit\ntitle: Ratios\ngrade: 6\n"
            + (f"weeks: 4\nextra: {{x: {CANARY}}}\n" if self.maybe() else "")
            + f"sections: [{{title: Start, lessons: [one]{section_goals}}}]\n---\n{story}## For students\nHello.\n"
            + (f"## Notes on {CANARY}\n{CANARY}\n" if self.maybe() else ""),
            "grade-6/one.md": lesson,
            "grade-6/figures/sketch.svg": '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 9 9">'
            + (f"<metadata>{CANARY}</metadata><!-- {CANARY} -->" if self.maybe() else "")
            + '<path d="M0 0"/></svg>',
        }
        if self.hidden:
            files["grade-6/figures/hidden.svg"] = (
                f'<svg xmlns="http://www.w3.org/2000/svg"><title>{CANARY}</title></svg>'
            )
        if self.maybe():
            files["charter.md"] = f"## Goals\n- g1: {CANARY}\n"
        if self.maybe():
            files[f"grade-6/draft-{CANARY}.md"] = f"---\nid: draft\ntitle: {CANARY}\n---\n{CANARY}\n"
        if self.maybe():
            files["grade-6/assessments/end.md"] = (
                f"---\nid: test-one\ntitle: {CANARY}\npurpose: end-of-unit\n---\n### Problem {{#q1 check=true}}\n{CANARY}\n#### Answer\n- {CANARY}\n"
            )
        if self.maybe():
            files["grade-6/professional-learning/one.md"] = (
                f"---\nid: session\ntitle: {CANARY}\n---\n{CANARY}\n"
            )
        return {path: text.encode() for path, text in files.items()}
