"""Runs the editor's own modules in Node, so that the program can be held against them, and what examines files there; says plainly
where there is no Node."""

from __future__ import annotations

import json
import shutil
import subprocess
from collections.abc import Iterable
from pathlib import Path
from typing import Any

import pytest

ROOT = Path(__file__).resolve().parents[1]
EDITOR = ROOT / "curriculum_studio" / "frontend" / "editor"


def told_of(script: str, files: Iterable[Path], package: str) -> list[Any]:
    """What a script of the tests prints as JSON of files, for which it needs a package."""
    if shutil.which("node") is None or not (ROOT / "node_modules" / package).is_dir():
        pytest.skip(f"no node with {package} here (`make assets` brings it)")
    done = subprocess.run(
        ["node", f"tests/{script}"],
        input="\n".join(map(str, files)),
        capture_output=True,
        text=True,
        cwd=ROOT,
        check=False,
    )
    assert done.returncode == 0, done.stderr[-2000:]
    found: list[Any] = json.loads(done.stdout)
    return found


def run(script: str, asked: Any) -> Any:
    """What a script prints as JSON; `asked` stands in it under that name, EDITOR before the name of a module."""
    node = shutil.which("node")
    if node is None:
        pytest.skip("no node on the path: the editor's script is not tried")
    whole = f"const asked = JSON.parse(await new Response(process.stdin).text());\n{script.replace('EDITOR', EDITOR.as_uri())}\n"
    done = subprocess.run(
        [node, "--no-warnings", "--input-type=module", "-e", whole],
        input=json.dumps(asked),
        capture_output=True,
        text=True,
        cwd=ROOT,
        check=False,
    )
    assert done.returncode == 0, done.stderr[-4000:]
    return json.loads(done.stdout)
