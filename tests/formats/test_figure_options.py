"""The description from which the editor's forms are made says of each figure just what can be drawn, no more and no less."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

import pytest

from curriculum_studio.formats.figures.drawing import KINDS, draw
from curriculum_studio.formats.figures.gallery import chapters
from curriculum_studio.formats.figures.options import options
from curriculum_studio.formats.figures.reading import COMMON, Fields

TYPED = {"text", "number", "choice", "switch", "list", "pairs", "map", "maps"}
WRITTEN = {"choice": lambda field: field["choices"][-1], "switch": lambda field: "yes"}


def described() -> Iterator[tuple[str, Mapping[str, Any]]]:
    for kind, row in options().items():
        for field in row["fields"]:
            yield kind, field


def body_of(kind: str, field: Mapping[str, Any]) -> str:
    """A body that uses one field as its example says."""
    value = WRITTEN[field["kind"]](field) if field["kind"] in WRITTEN else field["example"]
    start = field.get("with", options()[kind]["start"])
    kept = [line for line in start.split("\n") if line and not line.startswith(f"{field['key']}:")]
    return "\n".join([*kept, f"{field['key']}: {value}", "alt: What it shows."]) + "\n"


@pytest.mark.parametrize("kind", sorted(KINDS))
def test_a_form_begins_with_a_figure_that_is_drawn(kind: str) -> None:
    drawn = draw(kind, "", options()[kind]["start"] + "alt: What it shows.\n")
    assert not drawn.faults, drawn.faults
    assert "<svg" in drawn.html


def test_every_example_of_a_field_is_drawn() -> None:
    tried = 0
    for kind, field in described():
        assert field["kind"] in TYPED
        if field["kind"] in ("map", "maps"):
            assert field["fields"]
            continue
        drawn = draw(kind, "", body_of(kind, field))
        assert not drawn.faults, f"{kind}, {field['key']}: {drawn.faults}"
        if field["kind"] == "choice":
            # The first choice is what is meant where nothing is said.
            first = body_of(kind, field | {"choices": field["choices"][:1]})
            without = "".join(line + "\n" for line in first.split("\n") if line and not line.startswith(f"{field['key']}:"))  # fmt: skip
            assert draw(kind, "", first).html == draw(kind, "", without).html, f"{kind}, {field['key']}"
        tried += 1
    assert tried > 80


def test_no_key_that_is_read_is_missing_from_the_forms(monkeypatch: pytest.MonkeyPatch) -> None:
    read: dict[tuple[str, bool], set[str]] = {}
    now = ""
    plain = Fields.knows

    def knows(self: Fields, *keys: str) -> None:
        read.setdefault((now, not self.path), set()).update(keys)
        plain(self, *keys)

    monkeypatch.setattr(Fields, "knows", knows)
    draw.cache_clear()
    for now in KINDS:
        bodies = [body_of(now, field) for kind, field in described() if kind == now and "fields" not in field]
        chapter = next(one for one in chapters() if one.title == now)
        for body in [
            options()[now]["start"] + "alt: x\n",
            *bodies,
            *(one.body for one in chapter.examples()),
        ]:
            draw(now, "", body)
    for kind, row in options().items():
        inner = {one["key"] for field in row["fields"] for one in field.get("fields", [])}
        own = {field["key"] for field in row["fields"]}
        assert read[kind, True] - set(COMMON) <= own | inner, kind
        assert own <= read[kind, True] | read.get((kind, False), set()), kind
        assert inner <= read.get((kind, False), set()) | read[kind, True], kind
