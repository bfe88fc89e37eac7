"""The commands for frameworks of standards: bring a package in, see what is covered, hand a package on."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import click

from curriculum_studio.actions.alignment import Scope, coverage_at
from curriculum_studio.actions.standards import FrameworkImport, export_framework, import_framework
from curriculum_studio.cli import major_work, print_json, refuse, source_of
from curriculum_studio.domain.alignment import Coverage
from curriculum_studio.domain.errors import StudioError
from curriculum_studio.domain.people import SHELL, Person
from curriculum_studio.domain.snapshots import Snapshot
from curriculum_studio.formats.case_package import MAX_BYTES
from curriculum_studio.formats.check import curriculum_in
from curriculum_studio.formats.coverage_table import as_document, coverage_csv, dictionary_csv
from curriculum_studio.formats.curriculum import Curriculum
from curriculum_studio.studio import open_studio

_SHELL = Person(SHELL, "Command line", "administrator")
"""Who stands in the record for what was done by these commands."""

_file = click.Path(exists=True, dir_okay=False, path_type=Path)
_folder = click.Path(exists=True, file_okay=False, path_type=Path)
_json = click.option("--json", "as_json", is_flag=True, help="Print one JSON document.")


@click.group()
def standards() -> None:
    """Frameworks of standards: import, coverage, export."""


@contextmanager
def _refusing(as_json: bool) -> Iterator[None]:
    try:
        yield
    except StudioError as error:
        refuse(str(error), as_json)


def curriculum_at(path: Path) -> tuple[Snapshot, Curriculum]:
    """The working text at a path, a folder's or a workspace's, and its outline. Raises `StudioError`."""
    source = source_of(path, "working")
    if "curriculum.md" not in source:
        raise StudioError(f"{path} holds no curriculum.md; a curriculum is a folder that has one.")
    return source, curriculum_in(source)


@standards.command("import")
@click.argument("workspace", type=_folder)
@click.argument("file", type=_file)
@click.option(
    "--framework",
    "framework_id",
    default="",
    help="What to call it; else known by its GUID, or by its title.",
)
@click.option("--dry-run", is_flag=True, help="Say what would change, and change nothing.")
@_json
def import_package(workspace: Path, file: Path, framework_id: str, dry_run: bool, as_json: bool) -> None:
    """Bring a CASE package in (1.0 or 1.1); a second time it changes only what is new."""
    if file.stat().st_size > MAX_BYTES:
        refuse(f"{file.name} is larger than {MAX_BYTES // 1024 // 1024} MB. Nothing was changed.", as_json)
    with _refusing(as_json):
        studio = open_studio(workspace)
        try:
            found = import_framework(studio, _SHELL, file.read_bytes(), framework_id, dry_run=dry_run)
        finally:
            studio.close()
    if as_json:
        print_json(found.as_row())
        return
    click.echo(f"{found.title} ({found.framework})")
    for line in lines_of(found):
        click.echo(f"  {line}")
    if dry_run:
        click.echo("This was a preview; nothing was changed.", err=True)
    elif found.nothing_new:
        click.echo("Nothing is new in it; nothing was changed.", err=True)


def lines_of(found: FrameworkImport) -> list[str]:
    """An import in sentences."""
    items, links = found.of_items, found.of_associations
    return [
        f"{found.items:,} items: {items.added:,} new, {items.changed:,} changed, {items.removed:,} gone",
        f"{found.associations:,} associations: {links.added:,} new, {links.changed:,} changed, {links.removed:,} gone",
        f"{len(found.orphans):,} items without a parent, {found.external:,} associations that end at no item of the package",
        *found.problems,
    ]


@standards.command()
@click.argument("path", type=_folder)
@click.option("--framework", "framework_id", default="", help="Which one; else the curriculum’s own.")
@click.option(
    "--to",
    "out",
    type=click.Path(dir_okay=False, path_type=Path),
    help="The file to write; else standard output.",
)
def export(path: Path, framework_id: str, out: Path | None) -> None:
    """Write a framework as strict CASE 1.1, with what lessons claim as associations."""
    with _refusing(False):
        source, curriculum = curriculum_at(path)
        content = export_framework(source, curriculum, framework_id or curriculum.framework)
    if out is None:
        click.echo(content.decode(), nl=False)
    else:
        out.write_bytes(content)
        click.echo(f"{len(content):,} bytes in {out}", err=True)


@standards.command("coverage")
@click.argument("path", type=_folder)
@click.option("--framework", "framework_id", default="", help="Which one; else the curriculum’s own.")
@click.option("--unit", default="", help="One unit alone, by its folder.")
@click.option("--grade", default="", help="One grade alone.")
@click.option("--csv", "as_csv", is_flag=True, help="Every claim as a row of a table.")
@click.option("--dictionary", is_flag=True, help="What the columns of the table mean, as a table.")
@_json
def show_coverage(
    path: Path, framework_id: str, unit: str, grade: str, as_csv: bool, dictionary: bool, as_json: bool
) -> None:
    """What lessons and assessments claim of a framework: gaps, overloads, major work, rigor, depth."""
    if dictionary:
        click.echo(dictionary_csv(), nl=False)
        return
    with _refusing(as_json):
        source, curriculum = curriculum_at(path)
        found = coverage_at(source, curriculum, Scope(unit.strip("/"), grade, framework_id))
    if as_json:
        print_json(as_document(found))
    elif as_csv:
        click.echo(coverage_csv(found), nl=False)
    else:
        for line in _sentences(found):
            click.echo(line)


def _sentences(found: Coverage) -> list[str]:
    """Coverage in sentences."""
    lessons = [text for text in found.texts if text.kind == "lesson"]
    lines = [
        f"{found.framework.title}: {len(lessons)} lessons, {len(found.texts) - len(lessons)} assessments",
        major_work(found),
        f"Taught nowhere: {len(found.gaps)} standards of these grades",
        f"Taught and assessed nowhere: {', '.join(found.unassessed) or 'none'}",
    ]
    lines += [f"Overloaded: {text.path} addresses {count} standards" for text, count in found.overloads]
    if found.rigor:
        total = sum(found.rigor.values())
        shares = [f"{name} {float(100 * value / total):.1f} %" for name, value in found.rigor.items()]
        lines.append(f"Rigor, of minutes: {', '.join(shares)}")
    if found.dok:
        lines.append("Depth of knowledge: " + ", ".join(f"{n} at {level}" for level, n in found.dok.items()))
    return lines
