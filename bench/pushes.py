"""A version from outside comes into a lesson under two writers: whether a word is lost, a cursor moved, and how long it takes.

`python -m bench.pushes [--trials 200]`. A room as the studio has it, with its journal on the disk, and two writers who have what
browsers have: the library's own copy of the text, and a cursor that is a place in it. Prints its seed.
"""

from __future__ import annotations

import asyncio
import random
import tempfile
import time
from pathlib import Path

import click
from pycrdt import Assoc, Doc, Text

from bench.measure import Row, table
from curriculum_studio.domain.merging import changes
from curriculum_studio.live import frames
from curriculum_studio.live.grants import Grant
from curriculum_studio.live.offsets import from_bytes, to_bytes
from curriculum_studio.live.rooms import Rooms
from curriculum_studio.live.text import blob_of
from curriculum_studio.live.updates import Reader, number

ROOT = Path(__file__).resolve().parents[1]
LESSON = ROOT / "units" / "grade-6" / "ratios" / "01-introducing-ratios.md"
MOST_MS = 50.0


class Writer:
    """One writer: a copy of the text, a cursor between two characters, and the way to the room."""

    def __init__(self, rooms: Rooms, document: str, name: str) -> None:
        self.doc: Doc[Text] = Doc()
        self.text = self.doc.get("text", type=Text)
        self._rooms, self._count = rooms, 0
        grant = Grant(document, "write", f"p-{name}", name, name, int(time.time()) + 3600)
        self._member = rooms.enter(grant, self)
        rooms.hear(self._member, frames.join(0, "", [], b""))

    def send(self, frame: bytes) -> None:
        """Hears a frame of the room."""
        head = 2 if frame[1] < 126 else 4 if frame[1] == 126 else 10
        reader = Reader(frame[head:])
        kind = reader.byte()
        if kind == frames.WELCOME:
            for _ in range(3):
                for _ in range(reader.number()):
                    reader.byte()
            self.doc.apply_update(reader.rest())
        elif kind == frames.UPDATE:
            self.doc.apply_update(reader.rest())

    def hold(self, seconds: float) -> None:
        """Nobody is that fast here."""

    def end(self, code: int, why: str) -> None:
        """The room sends this writer away."""
        raise AssertionError(f"{code} {why}")

    def type(self, place: int, words: str) -> None:
        """Types words at a place; they are on their way then."""
        before = self.doc.get_state()
        self.text.insert(to_bytes(str(self.text), place), words)
        self._count += 1
        content = self.doc.get_update(before)
        head = bytes([frames.UPDATE]) + number(self._count - 1) + number(self._count)
        self._rooms.hear(self._member, head + content)

    def stand(self, word: str) -> None:
        """Puts the cursor into a word, two characters before its end."""
        now = str(self.text)
        self._word = word
        place = now.index(word) + len(word) - 2
        self.cursor = self.text.sticky_index(to_bytes(now, place), Assoc.BEFORE)

    def stands(self) -> bool:
        """Whether the cursor is where it was put. What stands before its word may be new: a word is the place where one writes."""
        now = str(self.text)
        place = from_bytes(now, self.cursor.get_index())
        return now[: place + 2].endswith(self._word)


async def trial(rooms: Rooms, rng: random.Random, place: int) -> tuple[float, int, int]:
    """One push: ms until both writers have it, words that are lost or doubled, cursors that are elsewhere."""
    document, base = f"lesson-{place}.md", LESSON.read_text("utf-8")
    await rooms.seed(document, blob_of(base), base)
    writers = [Writer(rooms, document, name) for name in ("ada", "carla")]
    ends = [at for at, char in enumerate(base) if char == "\n" and at > 800]
    typed: list[str] = []
    for step in range(20):
        writer = writers[step % 2]
        typed.append(f"typed{place}x{step}y")
        now = str(writer.text)
        writer.type(
            rng.choice([at for at, char in enumerate(now) if char == " " and at > 800]), f" {typed[-1]} 🙂"
        )
    await (await rooms.room(document)).written()
    pushed = [f"pushed{place}x{step}y" for step in range(8)]
    new = base
    for at, word in zip(sorted(rng.sample(ends, len(pushed)), reverse=True), pushed, strict=True):
        new = f"{new[:at]}\n\nA sentence with {word} in it.\n{new[at:]}"
    for writer, word in zip(writers, rng.sample(typed, 2), strict=True):
        writer.stand(word)
    began = time.perf_counter()
    await rooms.amend(
        document, blob_of(base), blob_of(new), changes(base, new), ("p-dana", "Dana"), "A push", f"r{place}"
    )
    while any(pushed[-1] not in str(writer.text) for writer in writers):
        await asyncio.sleep(0)
    took = (time.perf_counter() - began) * 1000
    texts = [str(writer.text) for writer in writers]
    lost = sum(text.count(word) != 1 for text in texts for word in [*typed, *pushed])
    moved = sum(not writer.stands() for writer in writers)
    return took, lost, moved


async def measured(trials: int, folder: Path, seed: int) -> list[Row]:
    """The rows of the table."""

    def broken(error: OSError) -> None:
        raise error

    rooms = Rooms(folder / "journal.db", broken)
    rng = random.Random(seed)
    found = [await trial(rooms, rng, number) for number in range(trials)]
    rooms.end()
    times = sorted(took for took, _, _ in found)
    late, lost, moved = (
        times[int(len(times) * 0.95)],
        sum(row[1] for row in found),
        sum(row[2] for row in found),
    )
    return [
        Row(f"words lost or doubled in {trials} pushes", "0", str(lost), not lost),
        Row(f"cursors displaced in {trials} pushes", "0", str(moved), not moved),
        Row("until both writers have it, p95", f"≤ {MOST_MS:.0f} ms", f"{late:.1f} ms", late <= MOST_MS),
    ]


@click.command()
@click.option("--trials", default=200, show_default=True, help="How many pushes.")
@click.option("--seed", default=0, help="The seed of an earlier run.")
def main(trials: int, seed: int) -> None:
    """Measures versions from outside that come into an open lesson."""
    seed = seed or random.randrange(10**6)
    click.echo(f"seed {seed}")
    with tempfile.TemporaryDirectory(prefix="pushes-") as place:
        click.echo(table(asyncio.run(measured(trials, Path(place), seed))))


if __name__ == "__main__":
    main()
