"""The generated curricula keep what the figures measured on them say."""

from __future__ import annotations

from pathlib import Path

from bench.curricula import counts, generate
from bench.site_bytes import visit
from bench.words import CLASSES


def _files(folder: Path) -> dict[str, bytes]:
    return {str(path.relative_to(folder)): path.read_bytes() for path in folder.rglob("*.md")}


def test_a_seed_gives_equal_bytes_and_another_seed_others(tmp_path: Path) -> None:
    for name, seed in (("one", 1), ("again", 1), ("other", 2)):
        generate(tmp_path / name, 3, seed)
    one = _files(tmp_path / "one")
    assert one == _files(tmp_path / "again")
    assert one != _files(tmp_path / "other")
    assert sum(path.rsplit("/", 1)[-1][0].isdigit() for path in one) == 3


def test_a_lesson_has_a_thousand_words_and_33_formulas(tmp_path: Path) -> None:
    generate(tmp_path, 45)
    texts = {path: text.decode() for path, text in _files(tmp_path).items()}
    found = {path: counts(text) for path, text in texts.items() if path.rsplit("/", 1)[-1][0].isdigit()}
    assert len(found) == 45
    assert {path: c for path, c in found.items() if c[1] != 33 or not 950 <= c[0] <= 1100} == {}


def test_the_vocabulary_is_large() -> None:
    words = {word.lower() for word_class in CLASSES.values() for word in word_class}
    assert len(words) >= 2700


def test_a_first_visit_counts_what_a_browser_would_fetch(tmp_path: Path) -> None:
    (tmp_path / "a.css").write_text(
        "@font-face{font-family:M;src:url(m.woff2);unicode-range:U+41-5A}"
        "@font-face{font-family:G;src:url('g.woff2');unicode-range:U+370-3FF}"
    )
    (tmp_path / "m.woff2").write_bytes(b"m" * 500)
    (tmp_path / "g.woff2").write_bytes(b"g" * 7000)
    (tmp_path / "later.css").write_text("p{}")
    (tmp_path / "s.js").write_text("go()")
    page = tmp_path / "one" / "index.html"
    page.parent.mkdir()
    page.write_text(
        '<link rel="stylesheet" href="../a.css"><link rel="prefetch" href="../later.css">'
        "<script src=../s.js></script><script>let \u03b1</script><p>A word</p>"
    )
    seen = visit(page)
    assert {path.name for path in seen.files} == {"a.css", "m.woff2", "s.js"}
    assert seen.fonts == 500
    assert seen.whole == seen.page + seen.styles + seen.scripts + 500
