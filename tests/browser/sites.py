"""A small curriculum and its published site on a plain server of files, for journeys on the site alone."""

from __future__ import annotations

import functools
import http.server
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; font-src 'self'; connect-src 'self'; "
    "manifest-src 'self'; worker-src 'self'; form-action 'self'; base-uri 'none'"
)
INSECURE = "lessons.test"
"""A name that the test's browser finds on this machine: pages from it are not "secure", as on a school's plain server."""
ARGUMENTS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-background-networking",
    f"--host-resolver-rules=MAP {INSECURE} 127.0.0.1",
]


class _Quiet(http.server.SimpleHTTPRequestHandler):
    def end_headers(self) -> None:
        self.send_header("Content-Security-Policy", POLICY)
        self.send_header("Cache-Control", "no-cache")
        super().end_headers()

    def log_message(self, *args: object) -> None:
        return None


@contextmanager
def served(folder: Path) -> Iterator[int]:
    """Serves a folder on this machine under a strict policy; gives the port."""
    handler = functools.partial(_Quiet, directory=str(folder))
    with http.server.ThreadingHTTPServer(("127.0.0.1", 0), handler) as server:
        thread = threading.Thread(target=server.serve_forever, daemon=True)
        thread.start()
        try:
            yield int(server.server_address[1])
        finally:
            server.shutdown()
            thread.join()


LESSON = """---
id: lesson-{name}
title: Lesson {name}
minutes: 10
---
## Learning targets
- I can compare ratios.

## Warm-up: Look {{#w minutes=10}}
### Student task
Say $\\frac{{3}}{{4}}$ of {word}.

## Practice problems
### Problem {{#p1 check=true}}
Which ratio is equivalent to $2:5$?

- [ ] $5:8$
- [x] $6:15$

#### Hint
Think of batches.

### Problem {{#p2 check=true}}
How many cups?

____

#### Answer {{unit=cups}}
- 1 1/2

### Problem {{#p3 check=true}}
Which are even?

- [x] two
- [ ] three
- [x] four

### Problem {{#p4}}
How many?

____

#### Answer
- 4711
"""


def small_school(words: dict[str, str]) -> dict[str, bytes]:
    """A curriculum of two units; `words` gives the word that each lesson is about."""
    files = {
        "curriculum.md": "---\nid: the-root\ntitle: Small school\nlanguage: en\nformat: 1\n---\nWelcome.\n",
        "glossary.md": "### ratio {#ratio}\nA comparison.\n",
    }
    for unit in sorted({path.partition("/")[0] for path in words}):
        names = [path.partition("/")[2] for path in words if path.startswith(f"{unit}/")]
        files[f"{unit}/unit.md"] = (
            f"---\nid: unit-{unit}\ntitle: Unit {unit}\ngrade: 6\nsections: [{{title: All, lessons: [{', '.join(names)}]}}]\n---\n"
        )
    for path, word in words.items():
        files[f"{path}.md"] = LESSON.format(name=path.replace("/", "-"), word=word)
    return {path: text.encode() for path, text in files.items()}
