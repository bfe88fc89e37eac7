"""What a command costs, measured from outside, and goals to hold figures against."""

from __future__ import annotations

import os
import subprocess
import tempfile
import time
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from statistics import median

COMPILED = {
    "PYTHONDONTWRITEBYTECODE": "",
    "PYTHONPYCACHEPREFIX": str(Path(tempfile.gettempdir()) / "curriculum-bench-compiled"),
}
"""For the environment of a measured process: its modules are compiled once, as they are where the program is installed."""


@dataclass(frozen=True, slots=True)
class Cost:
    """CPU seconds (user, system, children), wall seconds, and the largest process's peak in MiB."""

    cpu: float
    wall: float
    peak: float
    output: str


class Failed(Exception):
    """A measured command did not end well; what it said follows."""


def run(command: list[str], cwd: Path, env: Mapping[str, str] | None = None) -> Cost:
    """Runs a command to its end; raises `Failed` with the tail of its output if it exits with not 0.

    The peak is that of the largest single process, so a build in several processes needs more than it says. Python's
    modules are compiled once, as for any user, also where the machine tells Python to keep nothing.
    """
    began = time.perf_counter()
    child = subprocess.Popen(
        command,
        cwd=cwd,
        env={**os.environ, **COMPILED, **(env or {})},
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
    )
    assert child.stdout is not None
    output = child.stdout.read().decode("utf-8", "replace")
    _, status, usage = os.wait4(child.pid, 0)
    child.returncode = os.waitstatus_to_exitcode(status)
    child.stdout.close()
    wall = time.perf_counter() - began
    if child.returncode != 0:
        raise Failed(f"{' '.join(command[:6])} … ended with {child.returncode}: {output.strip()[-300:]}")
    return Cost(usage.ru_utime + usage.ru_stime, wall, usage.ru_maxrss / 1024, output)


@dataclass(frozen=True, slots=True)
class Row:
    """One line of the table: what was measured, the goal in words, the figure in words, whether it is met.

    `met` is None where no goal stands or nothing could be measured.
    """

    what: str
    goal: str
    figure: str
    met: bool | None = None

    def line(self) -> str:
        """The row in Markdown."""
        verdict = {True: "met", False: "**missed**", None: "–"}[self.met]
        return f"| {self.what} | {self.goal} | {self.figure} | {verdict} |"


def at_most(what: str, figure: float, limit: float, unit: str = "", note: str = "") -> Row:
    """A row whose figure should not pass a limit."""
    shown = f"{figure:.3g}{unit}" if figure < 100 else f"{figure:,.0f}{unit}"
    return Row(what, f"≤ {limit:g}{unit}", shown + (f" ({note})" if note else ""), figure <= limit)


def at_least(what: str, figure: float, limit: float, unit: str = "", note: str = "") -> Row:
    """A row whose figure should reach a limit."""
    shown = f"{figure:.3g}{unit}" if figure < 100 else f"{figure:,.0f}{unit}"
    return Row(what, f"≥ {limit:g}{unit}", shown + (f" ({note})" if note else ""), figure >= limit)


def ratio(figures: list[float], others: list[float]) -> float:
    """The median of the quotients, pair by pair."""
    return median(a / b for a, b in zip(figures, others, strict=True))


def table(rows: list[Row]) -> str:
    """All rows as a Markdown table."""
    head = "| measured | goal | figure | |\n|---|---|---|---|\n"
    return head + "\n".join(row.line() for row in rows)
