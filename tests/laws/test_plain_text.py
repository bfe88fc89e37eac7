"""Law of the quick way: a text that is let through it has the HTML, and the troubles, that the parser gives it."""

from __future__ import annotations

import os
import random

import pytest

from curriculum_studio.formats import html

PIECES = (
    "Find the value", "a", "I", "12", "3.", "1. ", "2. ", "10) ", "- ", "* ", "+ ", "-", " ", "  ", "\n", "\n\n",
    "\n\n\n", "\n- ", "\n1. ", "\n2. ", "\n   ", "$x$", "$\\frac{1}{2}$", "$3 + 4$", "$ 5", "5$", "$", "$$", "$$\n",
    "\\$", "$a b c$", "$\\text{two words}$", "$|x|$", "|", "a | b\n--- | ---\n", "---", "===", "#", "# ", "## ",
    "word", "two words", "é", "ñandú", "²", "٣", "½", "—", "“", "”", "¿", "'", '"', "(", ")", "[", "]", "[x](y)",
    "![p](q.png)", "<", ">", "> ", "&", "&amp;", "`", "`c`", "*", "**b**", "_", "_e_", "~", "~~s~~", ":", "::",
    ":::", "::: teacher", "!", "?", ",", ";", "%", "@", "http://a.b", "=", "^", "/", "[^1]", "[^1]: n", "[[ ]]",
    "___", "{", "}", "{lines=3}", "\t", "\u00a0", "\u2003", "\u200b", "\u0301", "\x1f", "[ ]", "```\n", "~~~",
    "\\", "\\*", "1", "$\\$$", "$x\\ $", "$x$y", "y$x$", "$x$2", "2$x$", "$x$$y$", "the $n$th", "\ue0060\ue001",
)  # fmt: skip
PLAIN = (
    "\n\n$$\nx + 1\n$$\n\n", "\n\n$$\n\\frac{1}{2}\n$$", "$$\n\\badcommand\n$$\n\n", "[[ ]]{lines=3}", "\n\n[[ ]]\n\n",
    "\n\n____\n\n", "____{grid=3x4}", "| a | b |\n| --- | ---: |\n| 1 | $x$ |\n|  | *y* |", "\n\n| a |\n|:-:|\n| b |\n\n", "|",
    "\n- [ ] $x$", "- [ ] two", "- [ ] ", "\n   and more", "\n  and more", "\n    and more", "*stress*", "**bold**", "*$x$*",
    "*two words?*", "*", "**", "[words](../a.md#b)", "[x](y)", "[words](https://a.b/c)", "[", "](", "]",
    "```number-line\nfrom: 0\nto: 3\nalt: x\n```", "```number-line\nfrom: 0\nto: nine\n```", "```\n", "_", "\n",
    "Find", "the value", "of", "12", "3/4", " ", " ", " ", "\n", "\n\n", "\n- ", "\n\n- ", "\n1. ", "\n\n1. ", "\n2. ",
    "$x$", "$\\frac{1}{2}$", ".", ",", ":", "?", "(", ")", '"', "'", "$3 < 4$", "-", "1.", "é", "¿", "17 students", "  ",
)  # fmt: skip


def parsed(text: str) -> html.Rendered:
    """The text by way of the parser alone."""
    env = html.new_env()
    return html.rendered(html.parse(text, env), env)


@pytest.mark.parametrize("pieces", [PIECES, PLAIN], ids=["anything", "nearly plain"])
def test_the_quick_way_gives_what_the_parser_gives(pieces: tuple[str, ...]) -> None:
    seed = random.randrange(10**9)
    rng = random.Random(seed)
    quick = 0
    for _ in range(200_000 if os.environ.get("CAMPAIGN") else 4_000):
        text = "".join(rng.choices(pieces, k=rng.randint(1, 12))).strip("\n")
        html.render_text.cache_clear()
        shown = html.render_text(text) if text else parsed("")
        if text and html.plain_html(text, html._writer(text, html.new_env())) is not None:
            quick += 1
            assert shown == parsed(text), f"seed {seed}: {text!r}"
    assert quick > 100, f"seed {seed}"


@pytest.mark.parametrize(
    "text",
    [
        "Which is larger, and why?",
        "17 students share $\\frac{3}{4}$ of it.\n\nHow much is that?",
        "- Ask how.\n- I can say “half”.",
        "1. First\n2. Then $x = 3$\n\nThat is all.",
        'She said "no".\nThen she left.',
        "| cups | $x$ |\n|---|--:|\n| 1 | $2$ |\n|  | 3 |",
        "Use it.\n\n$$\nx = 3\n$$\n\n1. First\n   and more\n2. *Then* $x$\n\n[[ ]]{lines=3}",
        "Which?\n\n- [ ] $x$\n- [ ] two",
        "See [a ratio](../../glossary.md#ratio), **bold** and *how many?*",
        "- **Ada** says $x$.\n- **Ben** does not.",
        "```number-line\nfrom: 0\nto: 3\nalt: x\n```\n\nWhat do you see?\n\n____",
    ],
)
def test_what_lessons_are_made_of_goes_the_quick_way(text: str) -> None:
    assert html.plain_html(text, html._writer(text, html.new_env())) is not None
