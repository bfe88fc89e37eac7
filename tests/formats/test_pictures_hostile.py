"""Pictures that are small on the disk and large in a browser are refused, and so are rules that hide what they fetch."""

from __future__ import annotations

import struct
import zlib

import pytest

from curriculum_studio.formats.pictures import PictureError, clean_picture


def png(width: int, height: int) -> bytes:
    def chunk(name: bytes, body: bytes) -> bytes:
        return struct.pack(">I", len(body)) + name + body + struct.pack(">I", zlib.crc32(name + body))

    head = struct.pack(">IIBBBBB", width, height, 8, 0, 0, 0, 0)
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", head) + chunk(b"IDAT", b"x") + chunk(b"IEND", b"")


def svg(inner: str) -> bytes:
    return f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 9 9">{inner}</svg>'.encode()


def test_a_picture_has_no_more_points_than_a_phone_can_show() -> None:
    assert clean_picture("a.png", png(6000, 4000)).width == 6000
    for width, height in ((50_000, 50_000), (1, 1 << 31), (0, 10)):
        with pytest.raises(PictureError, match="more than a phone can show"):
            clean_picture("a.png", png(width, height))


def test_a_drawing_is_not_made_of_a_milliard_copies() -> None:
    rows = ['<g id="a0"><rect width="1" height="1"/></g>']
    rows += [f'<g id="a{n}">' + f'<use href="#a{n - 1}"/>' * 10 + "</g>" for n in range(1, 10)]
    with pytest.raises(PictureError, match="too many copies"):
        clean_picture("a.svg", svg("".join(rows)))
    with pytest.raises(PictureError, match="copy of itself"):
        clean_picture("a.svg", svg('<g id="a"><use href="#a"/></g>'))
    few = "".join(f'<use href="#a0" x="{n}"/>' for n in range(200))
    assert clean_picture("a.svg", svg(rows[0] + few)).content


def test_a_rule_cannot_hide_what_it_fetches() -> None:
    for rule in ("@IMPORT 'https://x.example'", "rect{fill:u\\72l(https://x.example)}"):
        with pytest.raises(PictureError):
            clean_picture("a.svg", svg(f"<style>{rule}</style>"))


@pytest.mark.parametrize(
    "inner",
    [
        '<g style="fill:red;display:none"><text>SECRET</text></g>',
        '<g style="display: none"><g><text id="a">SECRET</text></g></g>',
        '<text display="none">SECRET</text>',
        "<style>/* SECRET */ .a { fill: red }</style>",
        "<style>.a { fill: red } /* SECRET</style>",
        '<g display="none"><text>SECRET</text></g><g style="display:none"><text>SECRET</text></g>',
    ],
)
def test_what_a_drawing_switches_off_is_not_in_it(inner: str) -> None:
    found = clean_picture("a.svg", svg(inner + '<path d="M0 0"/>')).content
    assert b"SECRET" not in found
    assert b"<path" in found


@pytest.mark.parametrize(
    "inner",
    [
        '<g display="none"><path id="a" d="M1 1"/></g><use href="#a"/>',
        '<g style="display:none"><linearGradient id="a"><stop offset="0"/></linearGradient></g><rect fill="url(#a)"/>',
        '<style>.a { display: inline !important }</style><g class="a" display="none"><path id="a" d="M1 1"/></g>',
    ],
)
def test_what_a_drawing_uses_of_it_stays(inner: str) -> None:
    assert b'id="a"' in clean_picture("a.svg", svg(inner)).content
