"""Writes what is made from the gallery of figures anew: `python -m tests.formats.figure_files`.

The golden pictures (`tests/formats/fixtures/figures`) are also the pictures of `docs/figures.md`: look at each one that
changed before you commit it.
"""

from __future__ import annotations

from pathlib import Path

from curriculum_studio.formats.figures.drawing import draw
from curriculum_studio.formats.figures.gallery import Example, chapters, standalone

ROOT = Path(__file__).resolve().parents[2]
PICTURES = ROOT / "tests" / "formats" / "fixtures" / "figures"
PAGE = ROOT / "docs" / "figures.md"
_NOTE = (
    "Made from `curriculum_studio/formats/figures/gallery.md` by `python -m tests.formats.figure_files`; "
    "the studio shows the same page under *Help › Figures*."
)


def pictures() -> dict[str, str]:
    """Every golden picture by the name of its file."""
    return {f"{one.name}.svg": picture(one) for chapter in chapters() for one in chapter.examples()}


def picture(example: Example) -> str:
    """The drawing of an example as a file. Raises `ValueError` where it cannot be drawn."""
    figure = draw(example.kind, example.info, example.body)
    if figure.faults:
        raise ValueError(f"{example.name}: {figure.faults}")
    return standalone(figure.html)


def page() -> str:
    """`docs/figures.md`."""
    out: list[str] = []
    for number, chapter in enumerate(chapters()):
        out.append(f"{'##' if number else '#'} {chapter.title}")
        if not number:
            out.append(_NOTE)
        for piece in chapter.pieces:
            if isinstance(piece, str):
                out.append(piece)
            else:
                address = f"../tests/formats/fixtures/figures/{piece.name}.svg"
                out += [f"![{_escaped(piece.alt)}]({address})", piece.source.strip()]
    return "\n\n".join(out) + "\n"


def _escaped(text: str) -> str:
    return "".join(f"\\{ch}" if ch in "\\[]*_`" else ch for ch in text)


def main() -> None:
    """Writes the pictures and the page, and takes away pictures that no example has."""
    PICTURES.mkdir(parents=True, exist_ok=True)
    made = pictures()
    for path in PICTURES.glob("*.svg"):
        if path.name not in made:
            path.unlink()
    for name, text in made.items():
        (PICTURES / name).write_text(text, "utf-8")
    PAGE.write_text(page(), "utf-8")


if __name__ == "__main__":
    main()
