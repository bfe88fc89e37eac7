"""Hostile text in every field of a lesson: a plain message or plain text, never a script, a crash, a hang or a stray file."""

from __future__ import annotations

import faulthandler
import resource
import sys
from collections.abc import Iterator
from html.parser import HTMLParser
from pathlib import Path

import pytest

from curriculum_studio.formats.check import check
from curriculum_studio.formats.choosing import chosen_in
from curriculum_studio.formats.lesson_markdown import read_document
from curriculum_studio.publishing.build import publish
from curriculum_studio.publishing.worded import worded

CAP = 2.0
"""Seconds of CPU that checking one file may cost, and publishing it."""

SCRIPTS = (
    "<script>alert(1)</script>", "<img src=x onerror=alert(1)>", "<svg/onload=alert(1)>", "<iframe srcdoc='<script>alert(1)</script>'>", "</script><script>alert(1)//",
    "<a href='javascript:alert(1)'>x</a>", "[x](javascript:alert(1))", "[x](JaVaScRiPt:alert(1))", "[x](java&#10;script:alert(1))", "[x](&#106;avascript:alert(1))",
    "[x](data:text/html;base64,PHNjcmlwdD4=)", "[x](vbscript:x)", "[x](<java\tscript:alert(1)>)", "![x](javascript:alert(1))", "![x](data:image/svg+xml,<svg/onload=alert(1)>)",
    "[x]: javascript:alert(1)\n\n[x]", "<javascript:alert(1)>", "\" onmouseover=alert(1) x=\"", "' autofocus onfocus=alert(1) '", "]]><script>alert(1)</script>",
    "<!--><script>alert(1)</script>-->", "&lt;script&gt;alert(1)&lt;/script&gt;", "{{ config }}{% raw %}", "${alert(1)}", "<math><mtext><script>alert(1)</script></mtext></math>",
    r"$\text{<script>alert(1)</script>}$", r"$\href{javascript:alert(1)}{x}$", "$<img src=x onerror=alert(1)>$", "<style>*{x:expression(alert(1))}</style>", "\u202e<script>alert(1)",
)  # fmt: skip
PATHS = (
    "[x](../../../../etc/passwd)", "![x](../../../../etc/passwd)", "![x](/etc/passwd)", "![x](file:///etc/passwd)", "[x](file:///etc/passwd)", "![x](--upload-pack=x)",
    "![x](..%2f..%2fetc/passwd)", "![x](~/.ssh/id_rsa)", "[x](//evil.example/x)", "![x](https://evil.example/x.png)", "![x](\\\\evil\\x.png)", "![x](.git/config)",
)  # fmt: skip
HEAVY = (
    "[" * 20_000, "(" * 20_000, "![" * 10_000, "*" * 20_000, "_a" * 10_000, "`" * 20_001, "$" * 20_001, "$x" * 8_000, "<" * 20_000, "&" * 20_000, "> " * 5_000 + "x",
    "\n".join("  " * i + "- x" for i in range(300)), "|" * 10_000 + "\n" + "|-" * 10_000, "#" * 20_000, "::: teacher\n" * 3_000, "{" * 20_000, "~" * 20_000, "[^a]" * 5_000,
    "$" + r"\frac{1}{" * 600 + "1" + "}" * 600 + "$", "$" + "(" * 9_000 + "$", "$" + r"\sqrt{" * 3_000 + "$", "a" * 200_000, "a](" * 7_000, "- [ ] " * 4_000, "```\n" * 3_001,
    "<!--" * 5_000, r"\(" * 9_000, "\\" * 20_001, "http://" * 3_000, "&#x" * 7_000, "\u0301" * 20_000, "\U0001f469\u200d" * 5_000, "**" * 9_000 + "x" + "**" * 9_000,
    "` `<!---->" * 20_000, "`" + "<!---->" * 30_000, "$\\" * 100_000, "$$\n" * 60_000, "<b>\n" * 50_000,
)  # fmt: skip
PLACES = {
    "header title": "---\ntitle: {p}\nid: les-hostil\n---\n\n## Warm-up\n\nText.\n",
    "header note": '---\ntitle: Lesson\nid: les-hostil\nauthors: ["{p}"]\n---\n\n## Warm-up\n\nText.\n',
    "header key": "---\ntitle: Lesson\nid: les-hostil\n{p}: x\n---\n\n## Warm-up\n\nText.\n",
    "heading": "---\ntitle: Lesson\nid: les-hostil\n---\n\n## Activity: {p}\n\nText.\n",
    "attributes": '---\ntitle: Lesson\nid: les-hostil\n---\n\n## Activity {{#a title="{p}" {p}}}\n\nText.\n',
    "text": "---\ntitle: Lesson\nid: les-hostil\n---\n\n## Warm-up\n\n{p}\n",
    "words": "---\ntitle: Lesson\nid: les-hostil\n---\n\n## Warm-up\n\nBefore {p} after.\n",
    "table": "---\ntitle: Lesson\nid: les-hostil\n---\n\n## Warm-up\n\n| a | b |\n|---|---|\n| {p} | {p} |\n",
    "code": "---\ntitle: Lesson\nid: les-hostil\n---\n\n## Warm-up\n\n```{p}\n{p}\n```\n",
    "alt": "---\ntitle: Lesson\nid: les-hostil\n---\n\n## Warm-up\n\n![{p}](ratio.svg \"{p}\")\n",
    "choice": "---\ntitle: Lesson\nid: les-hostil\n---\n\n## Cool-down\n\nWhich?\n\n- [x] {p}\n- [ ] b {{misconception={p}}}\n",
    "formula": "---\ntitle: Lesson\nid: les-hostil\n---\n\n## Warm-up\n\n$$\n{p}\n$$\n",
    "glossary": "---\ntitle: Glossary\nid: glo-hostil\nkind: glossary\n---\n\n## {p}\n\n{p}\n",
}  # fmt: skip
PAYLOADS = SCRIPTS + PATHS + HEAVY
CHEAP = SCRIPTS + PATHS
EVERYWHERE = [(place, payload) for place in PLACES for payload in CHEAP]
WEIGHTY = [
    (place, payload)
    for place in ("header title", "heading", "text", "words", "choice", "table", "formula")
    for payload in HEAVY
]
PICTURES = (
    '<svg xmlns="http://www.w3.org/2000/svg" onload="alert(1)"><script>alert(1)</script><a href="javascript:alert(1)"><text>x</text></a></svg>',
    '<!DOCTYPE svg [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;&a;&a;&a;&a;&a;">]><svg xmlns="http://www.w3.org/2000/svg"><text>&b;</text></svg>',
    '<svg xmlns="http://www.w3.org/2000/svg"><foreignObject><iframe src="javascript:alert(1)"/></foreignObject><use href="https://evil.example/x#y"/></svg>',
    '<svg xmlns="http://www.w3.org/2000/svg"><style>@import url(https://evil.example/x.css);*{background:url(javascript:alert(1))}</style><set attributeName="onload" to="alert(1)"/></svg>',
    "<svg", "", "\x00" * 100, "<?xml version='1.0'?><html><script>alert(1)</script></html>",
)  # fmt: skip


class Watch(HTMLParser):
    """Notes what could run: script elements without a file of ours, handlers, live addresses, foreign frames."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.alarms: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = dict(attrs)
        if (
            tag == "script"
            and given.get("type") not in ("application/ld+json", "application/json")
            and not (given.get("src") or "").startswith((".", "assets"))
        ):
            self.alarms.append(f"script {given}")
        if (
            tag in ("iframe", "object", "embed", "base", "style", "foreignobject", "set", "animate")
            and "fill" not in given
        ):
            self.alarms.append(tag)
        for name, value in attrs:
            flat = "".join((value or "").split()).casefold()
            if name.startswith("on") or name in ("srcdoc", "style", "formaction"):
                self.alarms.append(f"{tag} {name}")
            if name in ("href", "src", "action", "xlink:href", "poster") and flat.startswith(
                ("javascript:", "vbscript:", "data:", "file:", "//", "/")
            ):
                self.alarms.append(f"{tag} {name}={value}")


@pytest.fixture(autouse=True)
def no_hang() -> Iterator[None]:
    """Ends the process with a trace if anything stands still, native code included."""
    begin()
    yield
    faulthandler.cancel_dump_traceback_later()


def begin() -> None:
    """The time begins: for one item, and not for hundreds on a slow machine."""
    faulthandler.dump_traceback_later(300, exit=True, file=sys.__stderr__)


def spent() -> float:
    own, children = resource.getrusage(resource.RUSAGE_SELF), resource.getrusage(resource.RUSAGE_CHILDREN)
    return own.ru_utime + own.ru_stime + children.ru_utime + children.ru_stime


HEAD = "---\nid: lesson-1\ntitle: T\n---\n## Lesson summary\n"
HOUSE = {"curriculum.md": b"---\nid: cur-house1\ntitle: House\nformat: 1\n---\n"}


def file_of(place: str, payload: str) -> dict[str, bytes]:
    return HOUSE | {
        "grade-6/hostile.md": PLACES[place]
        .replace("{p}", payload)
        .replace("{{", "{")
        .replace("}}", "}")
        .encode()
    }


def test_there_are_more_than_500_items() -> None:
    assert len(EVERYWHERE) + len(WEIGHTY) + len(PICTURES) > 500


def test_nothing_runs_and_nothing_hangs(tmp_path: Path) -> None:
    slow: list[tuple[str, str, float]] = []
    alarms: list[tuple[str, str, str]] = []
    for number, (place, payload) in enumerate(EVERYWHERE + WEIGHTY):
        begin()
        start = spent()
        files = file_of(place, payload)
        findings = check(files)
        assert all(f.message and f.line >= 1 and f.column >= 1 for f in findings), (place, payload[:60])
        middle = spent()
        report = publish(files, tmp_path / f"{number}", ("teacher",), jobs=1)
        cost = max(spent() - middle, middle - start)
        if cost > CAP:
            slow.append((place, payload[:30], cost))
        for page in (tmp_path / f"{number}").rglob("*.html"):
            watch = Watch()
            watch.feed(page.read_text(encoding="utf-8"))
            alarms += [(place, payload[:60], alarm) for alarm in watch.alarms]
        assert report.done or any(f.severity == "grave" for f in report.findings), (place, payload[:60])
    assert not alarms
    assert not slow
    assert sorted(p.name for p in tmp_path.iterdir()) == sorted(
        str(n) for n in range(len(EVERYWHERE + WEIGHTY)) if (tmp_path / str(n)).exists()
    )


@pytest.mark.parametrize(
    "payload", ["*a ", "_a ", "**a ", "[^a", "<!--", "a ", "{=", "|", "` ", "$x$ ", "](", "1/2 "]
)
def test_what_is_said_of_a_text_and_chosen_in_it_costs_what_it_is_long(payload: str) -> None:
    text = HEAD + payload * (60_000 // len(payload)) + "\n{" + "=" * 60_000 + "\n| " + " " * 30_000 + "x\n"
    document = read_document("u/one.md", text.encode())
    start = spent()
    worded("u/one.md", text, {})
    middle = spent()
    chosen_in(document, (payload * 999)[:2000] + " a", "a", "b")
    assert max(spent() - middle, middle - start) < CAP


def test_pictures_are_disarmed(tmp_path: Path) -> None:
    for number, picture in enumerate(PICTURES):
        files = file_of("alt", "a ratio") | {"grade-6/ratio.svg": picture.encode()}
        report = publish(files, tmp_path / str(number), ("student",))
        assert report.done or any(f.severity == "grave" for f in report.findings), picture
        for path in (tmp_path / str(number)).rglob("*.svg"):
            watch = Watch()
            watch.feed(path.read_text(encoding="utf-8"))
            assert not watch.alarms, picture
            assert b"ENTITY" not in path.read_bytes()
            assert b"evil" not in path.read_bytes()


def test_a_bad_file_harms_no_other(tmp_path: Path) -> None:
    good = HOUSE | {"grade-6/good.md": b"---\ntitle: Good\nid: les-goodgo\n---\n\n## Warm-up\n\nHello.\n"}
    plain = [f for f in check(good) if f.file == "grade-6/good.md"]
    for place, payload in EVERYWHERE[::7]:
        begin()
        both = good | file_of(place, payload)
        assert [f for f in check(both) if f.file == "grade-6/good.md"] == plain, (place, payload)
