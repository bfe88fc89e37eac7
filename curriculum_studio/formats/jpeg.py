"""Hides how a JPEG file is laid out: what draws the photograph is kept, and which way up it is; nothing else is."""

from __future__ import annotations

import re
import struct

_END, _SCAN = 0xD9, 0xDA
_DRAWS = frozenset({*range(0xC0, 0xD0), 0xDA, 0xDB, 0xDC, 0xDD, 0xEE}) - {0xC8}
"""Segments without which the photograph is not drawn: frames, tables, scans, and how Adobe's programs mix colours."""
_FRAMES = frozenset(range(0xC0, 0xD0)) - {0xC4, 0xC8, 0xCC}
_MARKER = re.compile(rb"\xff+[^\xff]")
_NEXT = re.compile(rb"\xff+[^\x00\xd0-\xd7\xff]")
"""In the data of a scan: the next segment. A byte FF of the data itself is followed by 00, and marks within it by D0 to D7."""
_ORIENTATION = 0x0112
_SIDEWAYS = range(5, 9)
_EXIF = b"Exif\0\0"
_JFIF = b"\x00\x10JFIF\0"
_NO_SMALL_COPY = b"\0\0"


class DamagedError(Exception):
    """The file is not laid out as a JPEG is."""


def clean_jpeg(content: bytes) -> tuple[bytes, int, int]:
    """The photograph alone, with its width and height in points as a browser shows them. Raises `DamagedError`.

    Names, places, times and cameras stand in application segments and comments (EXIF, XMP, IPTC); small copies of what was
    there before somebody cut it away stand in JFIF and EXIF; phones put further photographs behind the first. None of that
    is kept. How a phone was held is: without it the photograph lies on its side. Source: ITU-T T.81, annex B; CIPA DC-008.
    """
    out, at, size, turned = [b"\xff\xd8"], 2, (0, 0), 1
    scanned = False
    while True:
        found = _MARKER.match(content, at)
        if found is None:
            raise DamagedError
        at = found.end()
        marker = content[at - 1]
        if marker == _END:
            break
        segment = _segment(content, at)
        if marker in _FRAMES and len(segment) >= 7:
            height, width = struct.unpack(">HH", segment[3:7])
            size = (width, height)
        elif marker == 0xE1 and segment[2:8] == _EXIF:
            turned = _orientation(segment[8:])
        elif marker == 0xE0 and segment[2:7] == _JFIF[2:] and len(out) == 1 and len(segment) >= 16:
            out += [b"\xff\xe0", _JFIF, segment[7:14], _NO_SMALL_COPY]
        at += len(segment)
        if marker in _DRAWS:
            out += [bytes((0xFF, marker)), segment]
        if marker == _SCAN:
            scanned = True
            following = _NEXT.search(content, at)
            # A photograph that was cut off while it was copied still shows its upper part.
            end = following.start() if following else len(content)
            out.append(content[at:end])
            at = end
            if not following:
                break
    if not scanned:
        raise DamagedError
    out.append(b"\xff\xd9")
    if turned != 1:
        out.insert(5 if out[1] == b"\xff\xe0" else 1, _held(turned))
    return b"".join(out), *(reversed(size) if turned in _SIDEWAYS else size)


def _segment(content: bytes, at: int) -> bytes:
    """A segment with its two bytes of length."""
    if at + 2 > len(content):
        raise DamagedError
    length = struct.unpack(">H", content[at : at + 2])[0]
    if length < 2 or at + length > len(content):
        raise DamagedError
    return content[at : at + length]


def _orientation(tiff: bytes) -> int:
    """How the picture is turned, 1 to 8, by the first directory of an EXIF segment; 1 where it does not say."""
    order = {b"II": "<", b"MM": ">"}.get(tiff[:2])
    if order is None or len(tiff) < 8:
        return 1
    start = struct.unpack(f"{order}I", tiff[4:8])[0]
    if start + 2 > len(tiff):
        return 1
    for n in range(struct.unpack(f"{order}H", tiff[start : start + 2])[0]):
        entry = tiff[start + 2 + 12 * n : start + 14 + 12 * n]
        if len(entry) < 12:
            break
        tag, kind, count, value = struct.unpack(f"{order}HHIH", entry[:10])
        if tag == _ORIENTATION:
            return value if (kind, count) == (3, 1) and value in range(1, 9) else 1
    return 1


def _held(turned: int) -> bytes:
    """A segment that says how the picture is turned, and nothing else."""
    tiff = struct.pack("<2sHIHHHIHHI", b"II", 42, 8, 1, _ORIENTATION, 3, 1, turned, 0, 0)
    body = _EXIF + tiff
    return b"\xff\xe1" + struct.pack(">H", 2 + len(body)) + body
