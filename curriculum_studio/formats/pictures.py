"""Makes pictures safe to publish: nothing runs, nothing is fetched, nothing hidden in them goes out."""

from __future__ import annotations

import re
import struct
import zlib
from dataclasses import dataclass
from functools import lru_cache
from xml.etree import ElementTree

from curriculum_studio.formats.jpeg import DamagedError, clean_jpeg

MAX_PICTURE = 2 * 1024 * 1024
MAX_POINTS = 6000 * 4000
"""Of a PNG or JPEG; a small file can unpack to more than the memory of a phone."""
_MOST_COPIES = 5_000
SUFFIXES = ("svg", "png", "jpg", "jpeg")
_SVG = "{http://www.w3.org/2000/svg}"
_REMARK = re.compile(r"/\*.*?(?:\*/|\Z)", re.DOTALL)
_OFF = re.compile(r"(?:^|;)\s*display\s*:\s*none\b", re.IGNORECASE)
_USED = re.compile(r"#([^\s)'\"]+)")
_ELEMENTS = frozenset(
    [
        "svg",
        "g",
        "path",
        "rect",
        "circle",
        "ellipse",
        "line",
        "polyline",
        "polygon",
        "text",
        "tspan",
        "title",
        "desc",
        "defs",
        "use",
        "marker",
        "pattern",
        "clipPath",
        "linearGradient",
        "radialGradient",
        "stop",
        "symbol",
        "mask",
        "style",
    ]
)
_DROPPED = frozenset({"metadata"})
_ATTRIBUTES = frozenset(
    [
        "id",
        "class",
        "d",
        "x",
        "y",
        "x1",
        "y1",
        "x2",
        "y2",
        "cx",
        "cy",
        "r",
        "rx",
        "ry",
        "width",
        "height",
        "viewBox",
        "points",
        "transform",
        "fill",
        "stroke",
        "stroke-width",
        "stroke-dasharray",
        "stroke-linecap",
        "stroke-linejoin",
        "stroke-opacity",
        "fill-opacity",
        "fill-rule",
        "opacity",
        "font-size",
        "font-family",
        "font-weight",
        "font-style",
        "text-anchor",
        "dominant-baseline",
        "dx",
        "dy",
        "rotate",
        "offset",
        "stop-color",
        "stop-opacity",
        "gradientUnits",
        "gradientTransform",
        "patternUnits",
        "patternTransform",
        "clip-path",
        "clip-rule",
        "mask",
        "marker-start",
        "marker-mid",
        "marker-end",
        "markerWidth",
        "markerHeight",
        "refX",
        "refY",
        "orient",
        "preserveAspectRatio",
        "role",
        "aria-label",
        "aria-labelledby",
        "aria-hidden",
        "color",
        "visibility",
        "display",
        "letter-spacing",
        "baseline-shift",
        "textLength",
        "lengthAdjust",
        "version",
        "vector-effect",
        "shape-rendering",
        "paint-order",
        "markerUnits",
        "spreadMethod",
        "fx",
        "fy",
        "patternContentUnits",
    ]
)
_XLINK = "{http://www.w3.org/1999/xlink}href"
_URL = re.compile(r"url\(\s*(?!['\"]?#)", re.IGNORECASE)


class PictureError(Exception):
    """A picture that cannot be published; the text says why, for a teacher."""


@dataclass(frozen=True, slots=True)
class CleanPicture:
    """The bytes to publish and the size in CSS pixels (0 where it says none)."""

    content: bytes
    width: int
    height: int


@lru_cache(maxsize=256)
def clean_picture(path: str, content: bytes) -> CleanPicture:
    """The picture without metadata, scripts and links. Raises `PictureError`."""
    suffix = path.rpartition(".")[2].lower()
    if suffix not in SUFFIXES:
        raise PictureError(f"“.{suffix}” is no kind of picture that pages show.")
    if len(content) > MAX_PICTURE:
        raise PictureError(f"it is larger than {MAX_PICTURE // 1024 // 1024} MB.")
    if suffix == "svg":
        return _svg(content)
    found = _png(content) if suffix == "png" else _jpeg(content)
    if found.width * found.height > MAX_POINTS or not (found.width and found.height):
        raise PictureError(
            f"it has {found.width} × {found.height} points, more than a phone can show. Make it at most 6000 × 4000."
        )
    return found


def loses(suffix: str, before: bytes, after: bytes) -> bool:
    """Whether cleaning took something out of a picture; an SVG is also written anew, which takes nothing out."""
    if suffix != "svg":
        return len(after) < len(before)
    return _things(before) > _things(after)


def _things(content: bytes) -> int:
    return sum(1 + len(one.attrib) for one in ElementTree.fromstring(content).iter())  # noqa: S314 - it was cleaned


def _svg(content: bytes) -> CleanPicture:
    if re.search(rb"<!(?:DOCTYPE|ENTITY)", content, re.IGNORECASE):
        raise PictureError("it declares a document type, which pictures here may not.")
    try:
        root = ElementTree.fromstring(content)  # noqa: S314 - declarations were refused above
    except (ElementTree.ParseError, ValueError) as error:
        raise PictureError("it is not a well-formed SVG file.") from error
    if root.tag != f"{_SVG}svg":
        raise PictureError("its outermost element is not an SVG drawing.")
    _clean_element(root, 0)
    _drop_hidden(root)
    _count_copies(root)
    ElementTree.register_namespace("", _SVG[1:-1])
    width, height = _svg_size(root)
    return CleanPicture(ElementTree.tostring(root, encoding="utf-8"), width, height)


def _clean_element(element: ElementTree.Element, depth: int) -> None:
    if depth > 60:
        raise PictureError("its drawing is nested too deep.")
    for name in list(element.attrib):
        value = element.attrib[name]
        if name in (_XLINK, "href") and value.startswith("#"):
            continue
        if name.lower().startswith("on") or name in (_XLINK, "href"):
            raise PictureError(f"it holds something that runs or is fetched ({name.rpartition('}')[2]}).")
        if name not in _ATTRIBUTES and name != "style":
            del element.attrib[name]
        elif _URL.search(value) or "javascript:" in value.lower() or (name == "style" and "@import" in value):
            raise PictureError("it fetches something from elsewhere.")
    for child in list(element):
        local = child.tag.removeprefix(_SVG) if isinstance(child.tag, str) else "!"
        if local in _DROPPED or local == "!" or local.startswith("{"):
            _drop(element, child)
        elif local not in _ELEMENTS:
            raise PictureError(f"it holds <{local}>, which pictures here may not.")
        else:
            # With a backslash a rule can be written so that it is not recognised here.
            rules = child.text or ""
            if local == "style" and (_URL.search(rules) or "@import" in rules.lower() or "\\" in rules):
                raise PictureError("it fetches something from elsewhere.")
            if local == "style":
                child.text = _REMARK.sub(" ", rules)
            _clean_element(child, depth + 1)


def _drop_hidden(root: ElementTree.Element) -> None:
    """Takes out what is switched off, such as a layer with the answers: no page shows it, and whoever opens the file would see it.

    What is used elsewhere in the drawing stays, and so does all where rules of style may switch it on.
    """
    if any("display" in (one.text or "") for one in root.iter(f"{_SVG}style")):
        return
    values = [value for one in root.iter() for value in one.attrib.values() if "#" in value]
    used = {name for value in values for name in _USED.findall(value)}
    for parent in list(root.iter()):
        for child in list(parent):
            off = child.get("display", "").strip() == "none" or _OFF.search(child.get("style", ""))
            if off and not any(one.get("id") in used for one in child.iter()):
                _drop(parent, child)


def _count_copies(root: ElementTree.Element) -> None:
    """Refuses a drawing whose `use`s stand for more copies than any hand draws: ten lines can stand for a milliard."""
    named = {name: one for one in root.iter() if (name := one.get("id"))}
    known: dict[str, int] = {}

    def copies(name: str, way: tuple[str, ...]) -> int:
        if name in way or len(way) > 60:
            raise PictureError("it is a copy of itself.")
        if name not in known and name in named:
            known[name] = weight(named[name], (*way, name))
        return known.get(name, 0)

    def weight(element: ElementTree.Element, way: tuple[str, ...]) -> int:
        total = 0
        for one in element.iter(f"{_SVG}use"):
            target = one.get("href") or one.get(_XLINK) or ""
            total += 1 + copies(target.removeprefix("#"), way)
            if total > _MOST_COPIES:
                raise PictureError("it is made of too many copies of its parts.")
        return total

    weight(root, ())


def _drop(parent: ElementTree.Element, child: ElementTree.Element) -> None:
    index = list(parent).index(child)
    if child.tail and child.tail.strip():
        if index:
            parent[index - 1].tail = (parent[index - 1].tail or "") + child.tail
        else:
            parent.text = (parent.text or "") + child.tail
    parent.remove(child)


def _svg_size(root: ElementTree.Element) -> tuple[int, int]:
    sizes = [re.fullmatch(r"(\d+(?:\.\d+)?)(?:px)?", root.get(name, "")) for name in ("width", "height")]
    if sizes[0] and sizes[1]:
        return round(float(sizes[0][1])), round(float(sizes[1][1]))
    box = root.get("viewBox", "").replace(",", " ").split()
    try:
        return (round(float(box[2])), round(float(box[3]))) if len(box) == 4 else (0, 0)
    except (ValueError, OverflowError):
        return 0, 0


_KEPT_CHUNKS = frozenset(
    {b"IHDR", b"PLTE", b"tRNS", b"IDAT", b"IEND", b"sRGB", b"gAMA", b"cHRM", b"sBIT", b"bKGD", b"pHYs"}
)


def _png(content: bytes) -> CleanPicture:
    if content[:8] != b"\x89PNG\r\n\x1a\n":
        raise PictureError("it is not a PNG file, whatever its name says.")
    out = [content[:8]]
    at, size = 8, (0, 0)
    while at + 12 <= len(content):
        length = struct.unpack(">I", content[at : at + 4])[0]
        name, body = content[at + 4 : at + 8], content[at + 8 : at + 8 + length]
        end = at + 12 + length
        if end > len(content) or zlib.crc32(name + body) != struct.unpack(">I", content[end - 4 : end])[0]:
            raise PictureError("the PNG file is damaged.")
        if name == b"IHDR" and length >= 8:
            size = struct.unpack(">II", body[:8])
        if name in _KEPT_CHUNKS:
            out.append(content[at:end])
        at = end
        if name == b"IEND":
            return CleanPicture(b"".join(out), *size)
    raise PictureError("the PNG file is damaged.")


def _jpeg(content: bytes) -> CleanPicture:
    if content[:2] != b"\xff\xd8":
        raise PictureError("it is not a JPEG file, whatever its name says.")
    try:
        return CleanPicture(*clean_jpeg(content))
    except DamagedError as error:
        raise PictureError("the JPEG file is damaged.") from error
