"""markdown-it-py alone over a folder of lessons: the floor that our own build is held against."""

from __future__ import annotations

import sys
from pathlib import Path

from markdown_it import MarkdownIt


def main(folder: Path) -> None:
    """Reads and renders every lesson of a folder, and prints how much HTML that made."""
    markdown = MarkdownIt("commonmark").enable("table")
    size = 0
    for path in sorted(folder.rglob("*.md")):
        body = path.read_text("utf-8").removeprefix("---\n").split("\n---\n", 1)[-1]
        size += len(markdown.render(body))
    print(size)


if __name__ == "__main__":
    main(Path(sys.argv[1]))
