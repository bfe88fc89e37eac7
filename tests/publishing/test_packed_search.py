"""The search of a copy that opens from disk: the same shards, in one script."""

from __future__ import annotations

import json

from curriculum_studio.publishing.shards import SearchEntry, build_index, packed


def _entry(key: str, title: str, text: str) -> SearchEntry:
    return SearchEntry(key, f"u/{key}/", title, "Unit", "6", "en", "lesson", ("6.RP.A.1",), (), (), text, ())


def test_the_pack_holds_every_shard_and_nothing_else() -> None:
    files = build_index([_entry("one", "Ratios", "cups\u2028of ice"), _entry("two", "Rates", "miles")])
    others = {"index.html": b"<p>", "search/index.html": b"<p>", "sitemap.xml": b"<x/>"}
    script = packed({**others, **files}).decode()
    assert script.startswith("globalThis.curriculumSearch={")
    assert "\u2028" not in script
    shards = json.loads(script.removeprefix("globalThis.curriculumSearch=").rstrip(";\n"))
    assert shards == {name.removeprefix("search/"): json.loads(content) for name, content in files.items()}
    assert packed(dict(reversed(files.items()))).decode() == script
