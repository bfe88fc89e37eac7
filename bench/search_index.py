"""How many bytes the published search fetches for a first query."""

from __future__ import annotations

import json
import zlib
from pathlib import Path

from bench.site_bytes import on_the_wire, visit
from curriculum_studio.formats.words import terms
from curriculum_studio.publishing.shards import shard_of

_SHOWN = 10


def first_query_bytes(site: Path, query: str) -> int:
    """Search page, script, index, the shards of the query's terms and of the ten best pages, as sent.

    Style and fonts are left out: the lesson page before has fetched them. The ten are those with the greatest
    weights; the browser ranks more finely, which fetches other shards of the same size.
    """
    page = visit(site / "search" / "index.html")
    place = site / "search"
    index = json.loads((place / "index.json").read_text("utf-8"))
    files = {place / "index.json"}
    weights: dict[str, int] = {}
    for word in terms(query):
        shard = place / f"t-{shard_of(word, index['width'])}.json"
        if shard.is_file():
            files.add(shard)
            rows = json.loads(shard.read_text("utf-8")).get(word, "")
            for at in range(0, len(rows), 6):
                number = rows[at : at + 5]
                weights[number] = weights.get(number, 0) + int(rows[at + 5])
    best = sorted(weights, key=lambda number: (-weights[number], number))[:_SHOWN]
    if not best:
        raise ValueError(f"nothing found for {query!r}, so its bytes say nothing")
    files |= {place / f"d-{zlib.crc32(number.encode()) % index['spread']:x}.json" for number in best}
    return page.page + page.scripts + sum(on_the_wire(path) for path in files)
