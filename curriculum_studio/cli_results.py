"""The command for results: a file of a group's answers in, counts and sums kept, nothing that leads to a student."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import click

from curriculum_studio.actions.evidence import Intake, look_at_results, question, take_in_results
from curriculum_studio.cli import print_json, refuse
from curriculum_studio.domain.errors import ResultsRefused, StudioError
from curriculum_studio.domain.findings import Finding, finding
from curriculum_studio.domain.people import SHELL, Person
from curriculum_studio.formats.results_csv import MAX_BYTES
from curriculum_studio.studio import open_studio

_SHELL = Person(SHELL, "Command line", "lead")
"""Who stands in the record for what was done by this command."""
SHOWN_AS = "results"
"""What findings call the file: its own name could be a student's."""


@click.group()
def results() -> None:
    """Results of groups of students: import."""


@results.command("import")
@click.argument("workspace", type=click.Path(exists=True, file_okay=False, path_type=Path))
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option(
    "--assessment", default="", help="The id of the assessment or lesson that the results are about."
)
@click.option(
    "--version", "version", default="",
    help="The version that was taught: its id or name, `released` or `working`; else the newest release.",
)  # fmt: skip
@click.option(
    "--columns",
    default="",
    help="Which column is which problem: `2=q1,3=q2,4=-` (by number or heading; - leaves out).",
)
@click.option(
    "--taken", default="", help="The month in which the results were taken, as 2026-11; else this month."
)
@click.option("--classes", type=click.IntRange(0, 10_000), default=0, help="How many classes took part.")
@click.option("--dry-run", is_flag=True, help="Say what would be kept, and keep nothing.")
@click.option("--json", "as_json", is_flag=True, help="Print one JSON document.")
def import_results(
    workspace: Path, file: Path, assessment: str, version: str, columns: str, taken: str, classes: int, dry_run: bool, as_json: bool
) -> None:  # fmt: skip
    """Bring item results in; refused whole if anything looks like a student's identity."""
    said = _columns(columns)
    if file.stat().st_size > MAX_BYTES:
        refuse(f"The file is larger than {MAX_BYTES // 1024 // 1024} MB. Nothing was changed.", as_json)
    try:
        studio = open_studio(workspace)
        try:
            content = file.read_bytes()
            if dry_run:
                found = look_at_results(studio, _SHELL, content, assessment, version, said)
                if found.results is None:
                    refuse(question(found), as_json)
            else:
                found = take_in_results(
                    studio, _SHELL, content, assessment, version, said, taken=taken, classes=classes
                )
        finally:
            studio.close()
    except ResultsRefused as error:
        refuse(str(error), as_json, findings_of(error))
    except StudioError as error:
        refuse(str(error), as_json)
    if as_json:
        print_json(_document(found, dry_run))
        return
    click.echo(_sentence(found))
    if dry_run:
        click.echo("This was a preview; nothing was kept.", err=True)


def findings_of(error: ResultsRefused) -> list[Finding]:
    """What was found in a file of results, as findings."""
    return [finding(code, SHOWN_AS, line, column, **words) for line, column, code, words in error.findings]


def _columns(text: str) -> dict[str, str]:
    said = {}
    for pair in filter(None, (one.strip() for one in text.split(","))):
        column, equals, item = pair.rpartition("=")
        if not equals or not column.strip() or not item.strip():
            raise click.UsageError("--columns is a list as 2=q1,3=q2,4=-.")
        said[column.strip()] = item.strip()
    return said


def _document(found: Intake, dry_run: bool) -> dict[str, Any]:
    taught, results = found.taught, found.results
    return {
        "key": found.set.key if found.set else None,
        "assessment": taught.facts.id,
        "title": taught.facts.title,
        "version": taught.version.id,
        "blob": taught.blob,
        "shape": found.file.shape,
        "lines": found.file.lines,
        "students": results.students if results else 0,
        "items": [one.item.id for one in results.tallies] if results else [],
        "dry_run": dry_run,
    }


def _sentence(found: Intake) -> str:
    results = found.results
    count = len(results.tallies) if results else 0
    return (
        f"{found.taught.facts.title}, version {found.taught.version.id[:10]} of {found.taught.version.at:%Y-%m-%d}: "
        f"{results.students if results else 0:,} students, {count} problems, from {found.file.lines:,} lines."
    )
