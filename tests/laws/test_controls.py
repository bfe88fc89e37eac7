"""Each control that keeps hidden matter hidden, taken away on purpose, turns the law of editions red."""

from __future__ import annotations

import re
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from curriculum_studio.domain.kinds import EVERYONE
from curriculum_studio.formats import (
    answer_keys,
    choices,
    lesson_markdown,
    math,
    math_source,
    outline_lines,
    outline_places,
    pictures,
    views,
)
from curriculum_studio.formats.attributes import NONE
from curriculum_studio.formats.curriculum import Curriculum
from curriculum_studio.formats.html import render_line, render_text
from tests.laws.test_editions import bundle, readable, without_grave
from tests.laws.twins import CANARY, Maker

SEEDS = 40


def clear() -> None:
    for cached in (
        math.formula,
        pictures.clean_picture,
        render_text,
        render_line,
        lesson_markdown.read_document,
    ):
        cached.cache_clear()


def is_red(folder: Path) -> bool:
    """Whether the law fails for any of the seeds."""
    for seed in range(SEEDS):
        plain = without_grave(Maker(seed, hidden=False).snapshot())
        strewn = without_grave(Maker(seed, hidden=True).snapshot())
        try:
            one, _ = bundle(plain, folder / f"a{seed}", "student")
            two, report = bundle(strewn, folder / f"b{seed}", "student")
        except (KeyError, ValueError):
            return True
        if not report.done or one != two or any(CANARY in readable(c) + path for path, c in two.items()):
            return True
    return False


def _anywhere(self: Curriculum, path: str, edition: str) -> str | None:
    facts = self.facts[path]
    return f"{path[:-3]}/" if facts.kind == "lesson" else _ADDRESS(self, path, edition)


_ADDRESS = Curriculum.address
_OPEN = {name: replace(kind, editions=EVERYONE) for name, kind in outline_places.KINDS.items()}
_NEVER = re.compile(r"(?!)")
CONTROLS: dict[str, tuple[Any, str, Any]] = {
    "kinds have audiences": (outline_places, "KINDS", _OPEN),
    "unknown parts are the teacher's": (
        outline_places,
        "_UNKNOWN",
        outline_places.Place("unknown", EVERYONE, EVERYONE),
    ),
    "text before the first part is the teacher's": (outline_places, "CONTAINERS", frozenset()),
    "what stands behind choices is cut": (choices, "split_end", lambda line: (line, NONE)),
    "passages are cut": (outline_lines, "OPENING", _NEVER),
    "comments are cut": (outline_lines, "uncommented", lambda line: (line, 0)),
    "comments of formulas are cut": (math_source, "_SPECIAL", _NEVER),
    "attributes have audiences": (views, "PART_KEYS", dict.fromkeys(views.PART_KEYS, EVERYONE)),
    "metadata of pictures is cut": (pictures, "_drop", lambda parent, child: None),
    "only keys that the author gives leave": (
        answer_keys,
        "allowed",
        lambda kind, part: part.kind == "problem" and bool(part.choices or part.parts),
    ),
    "drafts are in no edition": (Curriculum, "address", _anywhere),
}


def test_with_all_controls_the_law_holds(tmp_path: Path) -> None:
    clear()
    assert not is_red(tmp_path)


@pytest.mark.parametrize("name", CONTROLS)
def test_without_a_control_the_law_breaks(name: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    owner, attribute, removed = CONTROLS[name]
    clear()
    monkeypatch.setattr(owner, attribute, removed)
    try:
        assert is_red(tmp_path), f"nothing notices that {name} no longer"
    finally:
        monkeypatch.undo()
        clear()
