"""A photograph keeps what draws it and which way up it is; names, places and whatever else stands in the file are gone."""

from __future__ import annotations

import struct
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from curriculum_studio.formats.pictures import PictureError, clean_picture

FOLDER = Path(__file__).parent / "fixtures" / "photographs"
PLAIN, PROGRESSIVE = ((FOLDER / f"{name}.jpg").read_bytes() for name in ("plain", "progressive"))
"""24 by 16 points in a JFIF file, in one scan and in ten."""


def segment(marker: int, body: bytes) -> bytes:
    return bytes((0xFF, marker)) + struct.pack(">H", 2 + len(body)) + body


def exif(turned: int, order: str = "<", kind: int = 3) -> bytes:
    """Who took it, and how the camera was held."""
    name = b"Ada at Oak School\0"
    head = (b"II" if order == "<" else b"MM") + struct.pack(f"{order}HIH", 42, 8, 2)
    rows = struct.pack(f"{order}HHII", 0x013B, 2, len(name), 38)
    rows += struct.pack(f"{order}HHI", 0x0112, kind, 1) + struct.pack(f"{order}HH", turned, 0)
    return segment(0xE1, b"Exif\0\0" + head + rows + b"\0\0\0\0" + name)


def with_exif(photograph: bytes, *args: int | str) -> bytes:
    return photograph[:20] + exif(*args) + photograph[20:]  # type: ignore[arg-type]


@pytest.mark.parametrize("photograph", [PLAIN, PROGRESSIVE])
def test_what_draws_it_stays(photograph: bytes) -> None:
    clean = clean_picture("a.jpg", photograph)
    assert (clean.content, clean.width, clean.height) == (photograph, 24, 16)


@pytest.mark.parametrize("photograph", [PLAIN, PROGRESSIVE])
@pytest.mark.parametrize("order", ["<", ">"])
@pytest.mark.parametrize("turned", range(1, 9))
def test_which_way_up_it_is_stays_and_who_took_it_goes(photograph: bytes, order: str, turned: int) -> None:
    clean = clean_picture("a.jpg", with_exif(photograph, turned, order))
    assert b"Ada" not in clean.content
    assert (clean.width, clean.height) == ((16, 24) if turned >= 5 else (24, 16))
    if turned == 1:
        assert clean.content == photograph
    else:
        assert clean.content.startswith(photograph[:20] + b"\xff\xe1")
        assert clean.content.endswith(photograph[20:])
        assert len(clean.content) == len(photograph) + 36
    assert clean_picture("a.jpg", clean.content) == clean, "what is clean stays as it is"


@pytest.mark.parametrize(("turned", "kind"), [(0, 3), (9, 3), (6, 4), (6, 2)])
def test_a_turn_that_is_none_is_not_believed(turned: int, kind: int) -> None:
    assert clean_picture("a.jpg", with_exif(PLAIN, turned, "<", kind)).content == PLAIN


def test_notes_between_scans_go() -> None:
    cut = PROGRESSIVE.index(b"\xff\xda", PROGRESSIVE.index(b"\xff\xda") + 2)
    for note in (
        segment(0xFE, b"Ada"),
        exif(1),
        segment(0xE2, b"MPF\0Ada"),
        segment(0xED, b"Photoshop 3.0\0Ada"),
    ):
        noted = PROGRESSIVE[:cut] + note + PROGRESSIVE[cut:]
        assert clean_picture("a.jpg", noted).content == PROGRESSIVE


def test_what_stands_behind_the_photograph_goes() -> None:
    for behind in (with_exif(PLAIN, 6), b"Ada", b"\xff\xd9Ada\xff\xd9"):
        assert clean_picture("a.jpg", PLAIN + behind).content == PLAIN


def test_small_copies_of_what_was_cut_away_go() -> None:
    small = PLAIN[:4] + struct.pack(">H", 16 + 3) + PLAIN[6:18] + b"\x01\x01" + b"Ada" + PLAIN[20:]
    assert clean_picture("a.jpg", small).content == PLAIN
    assert clean_picture("a.jpg", PLAIN[:20] + segment(0xE0, b"JFXX\0\x10Ada") + PLAIN[20:]).content == PLAIN


def test_one_that_was_cut_off_shows_its_upper_part() -> None:
    clean = clean_picture("a.jpg", PLAIN[:-20])
    assert clean.content == PLAIN[:-20] + b"\xff\xd9"
    with pytest.raises(PictureError, match="damaged"):
        clean_picture("a.jpg", PLAIN[:300])


@given(st.sampled_from([PLAIN, PROGRESSIVE, with_exif(PLAIN, 6)]), st.lists(st.tuples(st.integers(0, 900), st.binary(max_size=3)), max_size=6))  # fmt: skip
def test_a_damaged_one_is_cleaned_or_refused(photograph: bytes, hits: list[tuple[int, bytes]]) -> None:
    for at, what in hits:
        photograph = photograph[:at] + what + photograph[at + len(what) :]
    try:
        clean = clean_picture("a.jpg", photograph)
    except PictureError:
        return
    assert clean_picture("a.jpg", clean.content) == clean
