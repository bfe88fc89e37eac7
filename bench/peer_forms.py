"""The forms in which other site generators read a lesson: our marks off, links and headers as theirs."""

from __future__ import annotations

import json
import re
import shutil
from pathlib import Path

_SETTINGS = Path(__file__).parent / "peers"
_CONTENT = {"eleventy": "content", "hugo": "content", "mkdocs": "docs", "zensical": "docs"}
PEERS = tuple(_CONTENT)


def write(folder: Path, out: Path, peer: str) -> None:
    """Writes `folder`'s texts and the peer's settings into `out`; raises `ValueError` for an unknown peer."""
    if peer not in _CONTENT:
        raise ValueError(f"unknown peer: {peer}")
    shutil.copytree(_SETTINGS / ("mkdocs" if peer == "zensical" else peer), out, dirs_exist_ok=True)
    content = out / _CONTENT[peer]
    for path in sorted(folder.rglob("*.md")):
        place = path.relative_to(folder)
        target = content / _target(place, peer)
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_text(page(path.read_text("utf-8"), place, peer), encoding="utf-8", newline="\n")


def _target(place: Path, peer: str) -> Path:
    if place.name in ("curriculum.md", "unit.md"):
        return place.with_name("_index.md" if peer == "hugo" else "index.md")
    return place


def plain(text: str) -> tuple[str, str]:
    """The title and the body of a lesson in plain Markdown with `$` mathematics."""
    header, body = text.removeprefix("---\n").split("\n---\n", 1)
    title = re.search(r"^title: (.*)$", header, re.MULTILINE)
    body = re.sub(r"^(#.*?|- \[.*?|\s*\[\[ \]\]) ?\{[^{}\n]*\}$", r"\1", body, flags=re.MULTILINE)
    body = re.sub(r"^(:::.*|\[\[ \]\])\n", "", body, flags=re.MULTILINE)
    return (title[1] if title else "Untitled"), body


def page(text: str, place: Path, peer: str) -> str:
    """A lesson's page as the peer reads it."""
    title, body = plain(text)
    if _CONTENT[peer] != "docs":
        up = "/".join([".."] * len(place.with_suffix("").parts))
        body = body.replace("../../glossary.md", f"{up}/glossary/")
        body = re.sub(r"\]\(([0-9a-z-]+)\.md\)", r"](../\1/)", body)
    return f"---\ntitle: {json.dumps(title)}\n---\n{body}"
