"""Killed at random moments under eight writers, the store keeps every version that it acknowledged."""

from __future__ import annotations

import os
import random
import signal
import subprocess
import sys
import time
from datetime import UTC, datetime
from pathlib import Path

from curriculum_studio.storage.content import Content
from curriculum_studio.storage.content_changes import Author, Change

ROOT = Path(__file__).resolve().parents[2]
KILLS = 200 if os.environ.get("CAMPAIGN") else 30
WRITER = """
import sys, threading
from datetime import UTC, datetime
from pathlib import Path
from curriculum_studio.storage.content import Content
from curriculum_studio.storage.content_changes import Author, Change
store = Content.open(Path(sys.argv[1]))
round_ = sys.argv[2]
lock = threading.Lock()
def write(name):
    number = 0
    while True:
        number += 1
        note = f"r{round_} w{name} {number}"
        store.save([Change(f"w{name}/f{round_}-{number}.md", note.encode(), None)], Author("W", "p-w"), note, datetime.now(UTC))
        with lock:
            sys.stdout.write(note + "\\n")
            sys.stdout.flush()
for name in range(8):
    threading.Thread(target=write, args=(name,), daemon=True).start()
threading.Event().wait()
"""


def test_no_acknowledged_version_is_lost(tmp_path: Path) -> None:
    seed = int(os.environ.get("SEED", "0")) or random.randrange(10**6)
    rng = random.Random(seed)
    folder = tmp_path / "c.git"
    Content.create(folder).close()
    acknowledged: set[str] = set()
    for number in range(KILLS):
        writer = subprocess.Popen(
            [sys.executable, "-c", WRITER, str(folder), str(number)],
            cwd=ROOT,
            stdout=subprocess.PIPE,
            text=True,
            start_new_session=True,
        )
        assert writer.stdout is not None
        first = writer.stdout.readline()
        time.sleep(rng.random() * 0.25)
        os.killpg(writer.pid, signal.SIGKILL)
        rest = writer.stdout.read()
        writer.stdout.close()
        writer.wait()
        acknowledged.update(line for line in (first + rest).split("\n")[:-1] if line)
    store = Content.open(folder)
    store.save([Change("last.md", b"still writing", None)], Author("A", "p-a"), "last", datetime.now(UTC))
    notes = {version.note for version in store.recent(1_000_000)}
    lost = acknowledged - notes
    assert not lost, f"seed {seed}: {len(lost)} of {len(acknowledged)} lost"
    assert len(acknowledged) > KILLS
    checked = subprocess.run(
        ["git", "-C", str(folder), "fsck", "--full", "--strict"], capture_output=True, text=True, check=False
    )
    assert checked.returncode == 0, checked.stderr
    store.close()
