"""How many bytes a reader's browser fetches from a published site, as a web server sends them (gzip -6)."""

from __future__ import annotations

import gzip
import html
import re
from dataclasses import dataclass
from pathlib import Path

_PACKED = frozenset({".woff2", ".woff", ".png", ".jpg", ".jpeg"})
_EAGER = re.compile(r"<(?:link|script|img)\b[^>]*>")
_ADDRESS = re.compile(r'\b(?:href|src)="?([^"\s>]+)')
_LOADED_LINKS = ("stylesheet", "preload", "modulepreload", "icon")
_FACE = re.compile(r"@font-face\s*\{([^}]*)\}")


def on_the_wire(path: Path) -> int:
    """Bytes of a file as sent: fonts and pictures as they are, all else through gzip -6."""
    content = path.read_bytes()
    return len(content) if path.suffix in _PACKED else len(gzip.compress(content, 6, mtime=0))


@dataclass(frozen=True, slots=True)
class Visit:
    """What one page fetches at the first visit, in bytes on the wire; `files` are those beside the page."""

    page: int
    styles: int
    scripts: int
    fonts: int
    other: int
    files: frozenset[Path]

    @property
    def whole(self) -> int:
        """All of it."""
        return self.page + self.styles + self.scripts + self.fonts + self.other


def _in_range(face: str, characters: set[int]) -> bool:
    found = re.search(r"unicode-range\s*:\s*([^;}]+)", face)
    if not found:
        return True
    for part in found[1].split(","):
        low, _, high = part.strip().upper().removeprefix("U+").partition("-")
        first = int(low.replace("?", "0"), 16)
        last = int(high, 16) if high else int(low.replace("?", "F"), 16)
        if any(first <= character <= last for character in characters):
            return True
    return False


def _fonts(style: Path, characters: set[int]) -> set[Path]:
    """The fonts of a style sheet that a page with these characters may load: each face, its first source."""
    found: set[Path] = set()
    for face in _FACE.findall(style.read_text("utf-8")):
        source = re.search(r"url\(\s*['\"]?([^'\")]+)", face)
        if source and not source[1].startswith("data:") and _in_range(face, characters):
            found.add((style.parent / source[1]).resolve())
    return found


def visit(page: Path) -> Visit:
    """What a first visit fetches, with the fonts whose `unicode-range` the page's characters touch."""
    text = page.read_text("utf-8")
    shown = html.unescape(re.sub(r"<script\b.*?</script>|<[^>]*>", "", text, flags=re.DOTALL))
    characters = {ord(character) for character in shown}
    files: set[Path] = set()
    for tag in _EAGER.findall(text):
        rel = re.search(r'\brel="?([a-z ]+)', tag)
        if tag.startswith("<link") and not (rel and set(rel[1].split()) & set(_LOADED_LINKS)):
            continue
        address = _ADDRESS.search(tag)
        if address and not re.match(r"[a-z]+:|//", address[1]):
            files.add((page.parent / address[1].partition("#")[0].partition("?")[0]).resolve())
    files = {path for path in files if path.is_file()}
    for style in [path for path in files if path.suffix == ".css"]:
        files |= _fonts(style, characters)
    sizes = dict.fromkeys(("styles", "scripts", "fonts", "other"), 0)
    kinds = {".css": "styles", ".js": "scripts", ".mjs": "scripts", ".woff2": "fonts", ".woff": "fonts"}
    for path in files:
        sizes[kinds.get(path.suffix, "other")] += on_the_wire(path)
    return Visit(on_the_wire(page), **sizes, files=frozenset(files))


def lesson_pages(site: Path) -> list[Path]:
    """The pages of the lessons of a site made from a generated curriculum."""
    return sorted(
        page for page in site.glob("grade-*/*/*/index.html") if re.match(r"\d\d-", page.parent.name)
    )


def formulas(page: Path) -> int:
    """How many formulas stand on a page as MathML."""
    return len(re.findall(r"<math\b", page.read_text("utf-8")))
