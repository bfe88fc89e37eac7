"""Where a link of a published page leads is a matter of what its readers see, on translated pages too."""

from __future__ import annotations

from pathlib import Path

from curriculum_studio.publishing.build import publish

UNIT = "---\nid: the-unit\ntitle: Ratios\ngrade: 6\n---\n"
ONE = (
    "---\nid: lesson-one\ntitle: One\n---\n## Lesson summary\nSee [there](two.md#there) and [below](#below).\n"
    "## Practice problems\n### Problem {#below}\nWhy?\n"
)
TWO = "---\nid: lesson-two\ntitle: Two\n---\n%s\n## Lesson summary\nDone.\n"
SPANISH = "---\ntitle: Uno\nlanguage: es\ntranslates: {id: lesson-one}\n---\n## Resumen de la lección\nVea [abajo](#below).\n%s"


def page(out: Path, hidden: str, spanish: str = "", address: str = "u/one") -> str:
    files = {
        "curriculum.md": "---\nid: the-root\ntitle: House\nlanguages: [en, es]\nformat: 1\n---\n",
        "u/unit.md": UNIT,
        "u/one.md": ONE,
        "u/two.md": TWO % hidden,
        "u/one.es.md": SPANISH % spanish,
    }
    report = publish({path: text.encode() for path, text in files.items()}, out, ("student",))
    assert report.done, report.findings
    return (out / "student" / address / "index.html").read_text("utf-8")


def test_a_part_with_nothing_for_students_is_no_target(tmp_path: Path) -> None:
    kinds = (
        "## Lesson synthesis {#there}\nx",
        "## Activity: A {#there}\n### Launch\nx",
        "## Practice problems {#there}\nx",
    )
    pages = {page(tmp_path / str(number), hidden) for number, hidden in enumerate(kinds)}
    assert len(pages) == 1
    assert "#there" not in pages.pop()


def test_what_a_translation_hides_decides_about_no_link(tmp_path: Path) -> None:
    answer = "## Problemas de práctica\n### Problema {#below}\n#### Respuesta\n- 3\n"
    kept = "## Activity: A {#there}\n### Student task\nx"
    pages = {page(tmp_path / str(n), kept, text, "es/u/one") for n, text in enumerate(("", answer))}
    assert len(pages) == 1
    assert 'href="#below"' in pages.pop()
