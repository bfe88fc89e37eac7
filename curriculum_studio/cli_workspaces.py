"""The commands that need a whole workspace: make one, serve it, search it, rebuild what is derived."""

from __future__ import annotations

from contextlib import closing
from dataclasses import asdict
from pathlib import Path

import click

from curriculum_studio.actions.samples import add_sample_activity, first_texts
from curriculum_studio.actions.search import catch_up
from curriculum_studio.actions.workspaces import (
    begin_people_again,
    new_workspace,
    rebuild_workspace,
    upgrade_workspace,
)
from curriculum_studio.cli import print_json, progress_lines, refuse
from curriculum_studio.domain.errors import StudioError
from curriculum_studio.domain.findings import grave
from curriculum_studio.publishing.build import publish
from curriculum_studio.publishing.sources import FolderSnapshot
from curriculum_studio.storage.tables import SCHEMA
from curriculum_studio.studio import open_studio

_FIRST = "Then open {} at its address, once, within three days, to choose the administrator's password (account: admin)."
_PACKAGE = Path(__file__).resolve().parent


def starter() -> Path:
    """The starter curriculum: in the package, or beside it in a checkout."""
    inside = _PACKAGE / "units"
    return inside if inside.is_dir() else _PACKAGE.parent / "units"


def _make(workspace: Path, source: Path | None, as_json: bool) -> str:
    try:
        token, findings = new_workspace(workspace, FolderSnapshot(source) if source else None)
    except StudioError as error:
        refuse(str(error), as_json)
    if grave(list(findings)):
        refuse("Nothing was made: mend the grave findings of the curriculum first.", as_json, findings)
    return token


@click.command()
@click.argument("workspace", type=click.Path(path_type=Path))
@click.option(
    "--from",
    "source",
    type=click.Path(exists=True, file_okay=False, path_type=Path),
    help="A folder of curriculum files.",
)
@click.option("--empty", is_flag=True, help="No curriculum at all.")
@click.option("--json", "as_json", is_flag=True, help="Print one JSON document.")
def new(workspace: Path, source: Path | None, empty: bool, as_json: bool) -> None:
    """Make a workspace, seeded with the starter curriculum or a folder."""
    if empty and source:
        raise click.UsageError("--empty and --from do not go together.")
    token = _make(workspace, None if empty else source or starter(), as_json)
    link = f"/welcome/{token}"
    if as_json:
        print_json({"workspace": str(workspace), "first_administrator": link})
        return
    click.echo(f"Made {workspace}.\nStart it:  curriculum-studio serve {workspace}")
    click.echo(_FIRST.format(link))


@click.command()
@click.argument("workspace", type=click.Path(exists=True, file_okay=False, path_type=Path))
@click.option("--host", default="127.0.0.1", show_default=True)
@click.option("--port", type=click.IntRange(1, 65535), default=8000, show_default=True)
def serve(workspace: Path, host: str, port: int) -> None:
    """Run the studio on a production server."""
    _serve(workspace, host, port, [])


def _serve(workspace: Path, host: str, port: int, lines: list[str]) -> None:
    from curriculum_studio.web.supervisor import serve as run

    def announce() -> None:
        click.echo(f"Curriculum Studio:  http://{host}:{port}/")
        for line in (f"Student site:       http://{host}:{port}/sites/student/", *lines):
            click.echo(line)

    try:
        run(workspace, host, port, announce)
    except StudioError as error:
        refuse(str(error), False)


@click.command()
@click.argument("workspace", type=click.Path(path_type=Path), default=Path(".workspace/demo"))
@click.option("--host", default="127.0.0.1", show_default=True)
@click.option("--port", type=click.IntRange(1, 65535), default=8000, show_default=True)
def demo(workspace: Path, host: str, port: int) -> None:
    """Make a studio with sample people if it is not there yet, and run it."""
    if not (workspace / "studio.toml").is_file():
        click.echo("Setting up a studio with the starter curriculum and sample people…", err=True)
        source = FolderSnapshot(starter())
        texts, at = first_texts(source)
        new_workspace(workspace, texts, samples=True, at=at)
        with closing(open_studio(workspace)) as studio:
            add_sample_activity(studio, source)
    upgrade_workspace(workspace)
    studio = open_studio(workspace)
    names = [(account, person) for account, person in studio.people.samples()]
    studio.close()
    lines = ["", "Sample people (choose one at the sign-in page, no password):"]
    lines += [f"  {person.name:<6} {person.role:<11} http://{host}:{port}/sign-in" for _, person in names]
    _serve(workspace, host, port, lines)


@click.command()
@click.argument("workspace", type=click.Path(exists=True, file_okay=False, path_type=Path))
@click.argument("query")
@click.option("--limit", type=click.IntRange(1, 200), default=20, show_default=True)
@click.option("--json", "as_json", is_flag=True, help="Print one JSON document.")
def search(workspace: Path, query: str, limit: int, as_json: bool) -> None:
    """Search the working text."""
    try:
        studio = open_studio(workspace)
    except StudioError as error:
        refuse(str(error), as_json)
    try:
        catch_up(studio)
        studio.search.flush()
        hits = studio.search.search(query, limit).hits
    finally:
        studio.close()
    if as_json:
        rows = [
            {
                "path": h.path,
                "id": h.id,
                "title": h.title,
                "kind": h.kind,
                "score": h.score,
                "snippet": h.snippet,
            }
            for h in hits
        ]
        print_json({"hits": rows})
        return
    for hit in hits:
        click.echo(f"{hit.title}  ({hit.kind}, {hit.path})\n    {hit.snippet}")
    if not hits:
        click.echo("Nothing found.", err=True)


@click.command()
@click.argument("workspace", type=click.Path(exists=True, file_okay=False, path_type=Path))
@click.option(
    "--lost-database",
    "lost",
    is_flag=True,
    help="Where studio.db is lost and there is no backup: begin with an empty one.",
)
@click.option("--json", "as_json", is_flag=True, help="Print one JSON document.")
def rebuild(workspace: Path, lost: bool, as_json: bool) -> None:
    """Make everything derived anew: the search index and the released sites; an empty database gets the record of review back."""
    link = ""
    try:
        if lost:
            link = f"/welcome/{begin_people_again(workspace)}"
        count, restored = rebuild_workspace(workspace, progress_lines(as_json))
        studio = open_studio(workspace)
        released = studio.content.published()
        built = 0
        if released:
            snapshot = studio.snapshot(released)
            built = publish(
                snapshot, studio.settings.sites, ("student", "family", "teacher"), force=True
            ).built
        studio.close()
    except StudioError as error:
        refuse(str(error), as_json)
    if as_json:
        first = {"first_administrator": link} if lost else {}
        print_json({"indexed": count, "built": built, "restored": asdict(restored), **first})
    else:
        for reason in restored.refused:
            click.echo(f"Not taken from the record: {reason}", err=True)
        if restored.threads or restored.verdicts or restored.requests:
            click.echo(
                f"From the record: {restored.threads} threads, {restored.verdicts} verdicts, {restored.requests} requests.",
                err=True,
            )
        click.echo(f"\n{count} files indexed, {built} pages built.", err=True)
        if lost:
            click.echo(_FIRST.format(link))


@click.command()
@click.argument("workspace", type=click.Path(exists=True, file_okay=False, path_type=Path))
@click.option("--json", "as_json", is_flag=True, help="Print one JSON document.")
def upgrade(workspace: Path, as_json: bool) -> None:
    """Bring an older workspace to this program's schema; a copy of its database is kept beside it."""
    try:
        before = upgrade_workspace(workspace)
    except StudioError as error:
        refuse(str(error), as_json)
    if as_json:
        print_json({"before": before, "now": SCHEMA})
    else:
        click.echo("Nothing to do." if before == SCHEMA else f"Upgraded from schema {before} to {SCHEMA}.")
