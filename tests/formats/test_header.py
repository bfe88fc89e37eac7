"""The header's own reader: text stays what was typed, odd and hostile headers are refused with a place."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from curriculum_studio.formats.header import HeaderError, read_mapping
from curriculum_studio.formats.lesson_markdown import read_document

HOSTILE = {
    "anchor": "a: &x 1", "alias": "a: *x", "tag": "a: !!python/object:os.system x", "merge": "<<: {a: b}", "twice": "a: 1\na: 2", "folded": "a: >\n  x",
    "tab": "\ta: 1", "open list": "a: [1, 2", "open map": "a: {b: 1", "open quote": 'a: "x', "deep": "a: " + "[" * 50, "deep maps": "a: " + "{a: " * 50,
    "bomb": "a: " + "[" + "x," * 5000 + "]", "many keys": "\n".join(f"k{n}: 1" for n in range(300)), "large": "a: " + "x" * 20_000,
    "after quote": 'a: "x" y', "no colon": "just words", "escape": 'a: "\\x41"', "indent": "a: 1\n   b: 2", "list at top": "- a", "percent": "a: %x",
}  # fmt: skip


@pytest.mark.parametrize("name", HOSTILE)
def test_refused_with_a_place(name: str) -> None:
    with pytest.raises(HeaderError) as caught:
        read_mapping(HOSTILE[name], 2)
    assert caught.value.reason
    assert caught.value.line >= 2
    document = read_document("u/a.md", f"---\n{HOSTILE[name]}\n---\n## Lesson summary\nx\n".encode())
    assert not document.readable
    assert [f.code for f in document.findings] == ["header-unreadable"]


@pytest.mark.parametrize(
    "value",
    [
        "3:2",
        "no",
        "010",
        "1.10",
        "null",
        "~",
        "2026-11-24",
        "12:30:45",
        "0x10",
        "1e3",
        "true",
        "Line: 0 to 2",
    ],
)
def test_values_stay_what_was_typed(value: str) -> None:
    assert read_mapping(f"a: {value}").text("a") == value


def test_lists_maps_and_places() -> None:
    header = read_mapping(
        "id: x  # why\nm: {a: [one, two\n  words], b: 'it''s'}\ns:\n  - title: T\n    l: [1]\n  - title: U\nt: |\n  two\n  lines\n",
        2,
    )
    assert header.values == {
        "id": "x", "m": {"a": ["one", "two words"], "b": "it's"}, "s": [{"title": "T", "l": ["1"]}, {"title": "U"}], "t": "two\nlines",
    }  # fmt: skip
    assert header.place("m", "b") == (4, 11)
    assert header.place("s", 1, "title") == (8, 5)


@given(st.text(alphabet="ab:-[]{}'\"#|&*!, \n0", max_size=120))
@settings(max_examples=400, deadline=None)
def test_any_text_is_read_or_refused(text: str) -> None:
    try:
        header = read_mapping(text)
    except HeaderError as error:
        assert 1 <= error.line <= text.count("\n") + 1  # noqa: PT017
        return
    assert isinstance(header.values, dict)
