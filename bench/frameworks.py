"""What a framework of standards costs: a package of 5,000 items looked at, brought in, brought in again, handed on.

`python -m bench.frameworks [--items 5000]`; goal: under 10 s for all of it. Prints seconds of CPU and by the
clock (which says something on an idle machine only), and the most memory held, in MB.
"""

from __future__ import annotations

import argparse
import json
import resource
import tempfile
import time
import uuid
from collections.abc import Callable
from pathlib import Path
from typing import Any

from curriculum_studio.actions.standards import export_framework, import_framework, look_at_package
from curriculum_studio.actions.workspaces import new_workspace
from curriculum_studio.domain.people import Person
from curriculum_studio.publishing.sources import FolderSnapshot
from curriculum_studio.studio import open_studio

UNITS = Path(__file__).resolve().parents[1] / "units"
LEAD = Person("p-bench", "Bench", "lead")
GOAL = 10.0
"""Seconds of CPU for looking, bringing in twice and handing on."""


def package(items: int) -> bytes:
    """A tree of so many items, each with a sentence, a link to its parent, one to the item before it and one outwards."""

    def guid(name: object) -> str:
        return str(uuid.uuid5(uuid.NAMESPACE_OID, str(name)))

    def link(kind: str, one: int, other: str) -> dict[str, Any]:
        return {
            "identifier": guid((kind, one)),
            "associationType": kind,
            "originNodeURI": {"identifier": guid(one)},
            "destinationNodeURI": {"identifier": other},
        }

    rows = [
        {"identifier": guid(n), "humanCodingScheme": f"X.{n}", "fullStatement": f"Say of {n} things what is alike in them, and why. " * 3, "educationLevel": [f"{n % 13:02}"]}
        for n in range(items)
    ]  # fmt: skip
    links = [link("isChildOf", n, guid((n - 1) // 5) if n else guid("document")) for n in range(items)]
    links += [link("precedes", n - 1, guid(n)) for n in range(1, items)]
    links += [link("exactMatchOf", n, guid(("elsewhere", n))) for n in range(items)]
    head = {"identifier": guid("document"), "title": "Made", "creator": "Bench"}
    return json.dumps({"CFDocument": head, "CFItems": rows, "CFAssociations": links}).encode()


def spent() -> float:
    """Seconds of CPU of this process and of those that it started and that ended."""
    return sum(one.ru_utime + one.ru_stime for one in map(resource.getrusage, (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN)))  # fmt: skip


def timed(name: str, act: Callable[[], Any]) -> tuple[Any, float]:
    """Does something, prints what it cost, and gives the seconds of CPU."""
    began, wall = spent(), time.perf_counter()
    found = act()
    took = spent() - began
    print(f"{name:24} {took:6.2f} s of CPU, {time.perf_counter() - wall:6.2f} s by the clock")
    return found, took


def main() -> None:
    """Measures and prints."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--items", type=int, default=5000)
    items = parser.parse_args().items
    content = package(items)
    print(f"{items:,} items, {3 * items - 1:,} associations, {len(content) / 1e6:.1f} MB")
    with tempfile.TemporaryDirectory() as folder:
        place = Path(folder) / "work"
        new_workspace(place, FolderSnapshot(UNITS))
        studio = open_studio(place)
        _, look = timed("looked at", lambda: look_at_package(studio.snapshot(), content))
        first, take = timed("brought in", lambda: import_framework(studio, LEAD, content, "made"))
        second, again = timed("brought in again", lambda: import_framework(studio, LEAD, content, "made"))
        assert first.of_items.added == items
        assert second.nothing_new
        snapshot, curriculum = studio.curriculum()
        out, give = timed("handed on", lambda: export_framework(snapshot, curriculum, "made"))
        assert len(json.loads(out)["CFItems"]) == items
        studio.close()
    whole = look + take + again + give
    print(f"{'all of it':24} {whole:6.2f} s of CPU ({'met' if whole < GOAL else 'MISSED'}: under {GOAL:g} s)")
    print(f"{'most memory held':24} {resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024:6.0f} MB")


if __name__ == "__main__":
    main()
