"""What a published site depends on besides its curriculum: the program's own version, styles, scripts and fonts."""

from __future__ import annotations

import hashlib
import os
import re
from collections.abc import Mapping
from functools import cache
from importlib.metadata import version
from pathlib import Path

_PACKAGE = Path(__file__).resolve().parent.parent
_FOLDERS = ("domain", "formats", "publishing")
_SITE_ASSETS = (
    "site.css", "paper.css", "search.js", "switch.js", "practice.js", "offline.js", "icon.svg",
)  # fmt: skip
_FONTS = (".woff2",)
_IMPORT = re.compile(r"^[ ]*from (curriculum_studio[.\w]*) import (?:\(([^)]*)\)|(.*))$", re.MULTILINE)
READING_LIBRARIES = ("markdown-it-py", "math-core", "mdit-py-plugins", "rapidfuzz")


def templates_folder() -> Path:
    """Where the templates lie: in the package, or beside it in a checkout."""
    inside = _PACKAGE / "templates"
    return inside if inside.is_dir() else _PACKAGE.parent / "templates"


def dist_folder() -> Path:
    """Where the built styles, scripts and fonts lie."""
    return _PACKAGE / "web" / "static" / "dist"


def cache_folder() -> Path:
    """Where what can be made anew is kept for this user; safe to delete."""
    base = os.environ.get("XDG_CACHE_HOME")
    return (Path(base) if base else Path.home() / ".cache") / "curriculum-studio"


@cache
def program_version() -> str:
    """A hash of everything in the program that a page depends on, made from sizes and times for speed: it names
    caches and states only, and never goes into a page."""
    rows: list[str] = []
    roots = [*(_PACKAGE / name for name in _FOLDERS), templates_folder(), dist_folder()]
    for root in roots:
        for path in sorted(root.rglob("*")):
            if path.is_file() and path.suffix != ".pyc":
                stat = path.stat()
                rows.append(f"{path.relative_to(root)} {stat.st_size} {stat.st_mtime_ns}")
    return hashlib.sha256("\n".join(rows).encode()).hexdigest()[:24]


@cache
def reading_version() -> str:
    """A hash of what reads texts, made from its bytes and its libraries' versions: what was read by an earlier version of
    the program holds on where nothing of that has changed, so that an update costs a district a reading only when it must.
    """
    found = hashlib.sha256()
    data = (path for path in (_PACKAGE / "formats").iterdir() if path.suffix in (".toml", ".json"))
    for path in [*reading_modules(), *sorted(data)]:
        found.update(f"{path.relative_to(_PACKAGE)}\n".encode() + path.read_bytes())
    for library in READING_LIBRARIES:
        found.update(f"{library} {version(library)}\n".encode())
    return found.hexdigest()[:24]


def reading_modules() -> list[Path]:
    """The files of the program that reading a text leads through: what makes facts, and whatever that imports."""
    found: set[Path] = set()
    left = [_PACKAGE / "formats" / "facts.py"]
    while left:
        if (path := left.pop()) in found:
            continue
        found.add(path)
        for module, *names in _IMPORT.findall(path.read_text()):
            place = _PACKAGE.joinpath(*module.split(".")[1:])
            # A package names its modules after the word; a module names what is inside it.
            inner = [place / f"{name.split()[0]}.py" for name in "".join(names).split(",") if name.split()]
            left += [
                one for one in (place.with_suffix(".py"), *inner, place / "__init__.py") if one.is_file()
            ]
    return sorted(found)


@cache
def worker_script() -> bytes:
    """The service worker of the student site; it stands at a fixed address, since its address is its identity."""
    path = dist_folder() / "worker.js"
    return path.read_bytes() if path.is_file() else b""


@cache
def asset_digests() -> Mapping[str, str]:
    """The hash of each of the site's own assets, by its published file."""
    return {name: hashlib.sha256(content).hexdigest() for name, content in program_assets()[1].items()}


@cache
def program_assets() -> tuple[Mapping[str, str], Mapping[str, bytes]]:
    """The site's own assets: plain name to published file, and published file to bytes."""
    folder = dist_folder()
    names: dict[str, str] = {}
    files: dict[str, bytes] = {}
    fonts = sorted(path for path in folder.rglob("*") if path.suffix in _FONTS) if folder.is_dir() else []
    for path in [*fonts, *(folder / name for name in _SITE_ASSETS if (folder / name).is_file())]:
        content = path.read_bytes()
        if path.suffix == ".css":
            # Styles name the fonts that lie beside them; both carry the hash of their bytes.
            for font in fonts:
                published = names[font.name].removeprefix("assets/").encode()
                for written in (
                    f"./{font.name}",
                    font.relative_to(folder).as_posix(),
                    f"/static/dist/{font.name}",
                ):
                    content = content.replace(b"url(" + written.encode() + b")", b"url(" + published + b")")
                    content = content.replace(b'url("' + written.encode() + b'")', b"url(" + published + b")")
        digest = hashlib.sha256(content).hexdigest()[:8]
        stem = path.name.rpartition(".")[0]
        names[path.name] = f"assets/{stem}.{digest}{path.suffix}"
        files[names[path.name]] = content
    return names, files
