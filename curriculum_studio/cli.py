"""The command line: every command, its exit codes, and the one JSON document that `--json` prints."""

from __future__ import annotations

import json
import sys
from collections.abc import Callable, Sequence
from contextlib import closing
from importlib import import_module
from pathlib import Path
from typing import Any, NoReturn

import click

from curriculum_studio.domain.alignment import MAJOR_LINE, Coverage, coverage
from curriculum_studio.domain.errors import StudioError
from curriculum_studio.domain.findings import Finding, grave, to_mend
from curriculum_studio.domain.snapshots import Snapshot
from curriculum_studio.publishing.sources import FolderSnapshot


class LazyGroup(click.Group):
    """Loads the commands that need the whole studio only when one of them is asked for."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        """All commands, in order."""
        return sorted({*super().list_commands(ctx), *_STUDIO_COMMANDS})

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        """The command of this name."""
        if cmd_name in _STUDIO_COMMANDS:
            module = import_module(f"curriculum_studio.{_STUDIO_COMMANDS[cmd_name]}")
            found = getattr(module, cmd_name)
            return found if isinstance(found, click.Command) else None
        return super().get_command(ctx, cmd_name)

    def invoke(self, ctx: click.Context) -> Any:
        """Runs the command; what it could not do is said in a sentence, whatever stood in the way."""
        as_json = "--json" in ctx.args
        try:
            return super().invoke(ctx)
        except BrokenPipeError:
            raise
        except _in_the_way() as error:
            refuse(_sentence(error), as_json)


def _in_the_way() -> tuple[type[Exception], ...]:
    """What keeps a command from its work without being a fault of the program; looked up only when something was raised,
    for quick commands never load a database."""
    from sqlite3 import Error

    from sqlalchemy.exc import SQLAlchemyError

    return StudioError, OSError, ModuleNotFoundError, Error, SQLAlchemyError


_NO_DATABASE = (
    "The database could not be used ({}), and what was begun in it was undone. Look whether its server runs, whether its disk is "
    "full, and whether you may read and write the workspace; `curriculum-studio doctor` says whether it is whole."
)


def _sentence(error: Exception) -> str:
    if isinstance(error, StudioError):
        return str(error)
    if isinstance(error, ModuleNotFoundError):
        if error.name != "psycopg":
            raise error
        return "A PostgreSQL database needs the extra: pip install 'curriculum-studio[postgres]'."
    if not isinstance(error, OSError):
        said = str(getattr(error, "orig", None) or error).strip().splitlines()
        return _NO_DATABASE.format(said[0] if said else type(error).__name__)
    place = f"{error.filename}: " if error.filename else ""
    return (
        f"This could not be finished. {place}{error.strerror or error}. "
        "Look whether the disk is full and whether you may read and write there, then try again."
    )


_STUDIO_COMMANDS = {
    **dict.fromkeys(("new", "serve", "demo", "search", "rebuild", "upgrade"), "cli_workspaces"),
    **dict.fromkeys(("backup", "restore", "doctor"), "cli_backups"),
    "people": "cli_people",
    "results": "cli_results",
    "standards": "cli_standards",
}


@click.group(cls=LazyGroup, context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(package_name="curriculum-studio", message="%(version)s")
def main() -> None:
    """Curriculum Studio: write, review and publish mathematics units together."""


def refuse(message: str, as_json: bool, findings: Sequence[Finding] = ()) -> NoReturn:
    """Ends with exit code 1, the reason on standard error (or as JSON), nothing changed."""
    if as_json:
        click.echo(
            json.dumps(
                {"findings": [f.as_row() for f in to_mend(findings)], "error": message}, ensure_ascii=False
            )
        )
    else:
        for found in findings:
            click.echo(found.as_text(), err=True)
        click.echo(message, err=True)
    sys.exit(1)


def print_json(document: Any) -> None:
    """Prints the one JSON document of a command."""
    click.echo(json.dumps(document, ensure_ascii=False, sort_keys=True))


def progress_lines(quiet: bool) -> Callable[[str, int, int], None]:
    """Progress for long work: a moving line on a terminal, a plain line a step elsewhere."""
    terminal = sys.stderr.isatty()
    last: list[str] = []

    def tell(step: str, done: int, total: int) -> None:
        if quiet:
            return
        if terminal:
            bar = f" {done}/{total}" if total else ""
            click.echo(f"\r\x1b[K{step}{bar}", nl=False, err=True)
        elif last[-1:] != [step]:
            last.append(step)
            click.echo(f"{step} ({total})" if total else step, err=True)

    return tell


def source_of(path: Path, version: str = "released") -> Snapshot:
    """The curriculum at a path: a folder of files, or a workspace's released or working text, whose store is closed when the command ends."""
    if (path / "studio.toml").is_file():
        from curriculum_studio.storage.content import Content

        content = click.get_current_context().with_resource(closing(Content.open(path / "curriculum.git")))
        commit = content.published() if version == "released" else content.tip()
        if commit is None:
            raise StudioError("Nothing has been released yet; `--version working` builds a preview.")
        return content.snapshot(commit)
    return FolderSnapshot(path)


@main.command()
@click.argument("path", type=click.Path(exists=True, file_okay=False, path_type=Path))
@click.option("--json", "as_json", is_flag=True, help="Print one JSON document.")
def check(path: Path, as_json: bool) -> None:
    """Print every finding of a workspace or a folder; exit 1 if any is grave."""
    from curriculum_studio.formats.check import check_curriculum, curriculum_in
    from curriculum_studio.formats.claims import taught
    from curriculum_studio.formats.frameworks import framework

    try:
        source = source_of(path, "working")
        if "curriculum.md" not in source:
            refuse(f"{path} holds no curriculum.md; a curriculum is a folder that has one.", as_json)
        curriculum = curriculum_in(source)
        findings = check_curriculum(curriculum, source)
    except StudioError as error:
        refuse(str(error), as_json)
    if as_json:
        notes = [found.as_row() for found in findings if found.severity == "note"]
        print_json({"findings": [found.as_row() for found in to_mend(findings)], "notes": notes})
    else:
        for found in findings:
            click.echo(found.as_text())
        count, graves = len(to_mend(findings)), sum(found.severity == "grave" for found in findings)
        click.echo(f"{count} findings, {graves} of them grave." if count else "No finding.", err=True)
        if (known := framework(source, curriculum.framework)) is not None:
            click.echo(major_work(coverage(known, taught(curriculum, known))), err=True)
    if grave(findings):
        sys.exit(1)


def major_work(found: Coverage) -> str:
    """The share of major work in a sentence."""
    if found.major_share is None:
        return "Major work: cannot be said, because no lesson with minutes addresses a standard whose emphasis is known."
    share, line = float(100 * found.major_share), float(100 * MAJOR_LINE)
    return f"Major work: {share:.1f} % of minutes (usual line {line:g} %)"


@main.command()
@click.argument("path", type=click.Path(exists=True, file_okay=False, path_type=Path))
@click.option("--to", "out", required=True, type=click.Path(path_type=Path), help="The folder to build into.")
@click.option(
    "--edition",
    type=click.Choice(["student", "family", "teacher", "all"]),
    default="student",
    show_default=True,
)
@click.option("--jobs", type=click.IntRange(1, 64), default=1, show_default=True, help="How many processes.")
@click.option("--base-url", default="", help="The site's own address, for sitemap and canonical links.")
@click.option("--version", "version", type=click.Choice(["released", "working"]), default="released")
@click.option("--force", is_flag=True, help="Build everything anew.")
@click.option("--json", "as_json", is_flag=True, help="Print one JSON document.")
def publish(
    path: Path, out: Path, edition: str, jobs: int, base_url: str, version: str, force: bool, as_json: bool
) -> None:
    """Build the editions of a folder, or of a workspace's released version."""
    from curriculum_studio.collector import keep_what_stands, look_seldom
    from curriculum_studio.domain.kinds import EDITIONS
    from curriculum_studio.publishing.build import publish as build
    from curriculum_studio.publishing.output import check_output

    wanted = [one for one in EDITIONS if edition in ("all", one)]
    if base_url and not base_url.startswith(("http://", "https://")):
        raise click.UsageError("--base-url begins with http:// or https://.")
    # What stands now stays to the end, and a build makes few cycles: looking for them often costs a tenth of it.
    keep_what_stands()
    look_seldom()
    try:
        check_output(out, path)
        source = source_of(path, version)
        report = build(
            source, out, wanted, jobs=jobs, base_url=base_url, force=force, progress=progress_lines(as_json)
        )
    except StudioError as error:
        refuse(str(error), as_json)
    if not report.done:
        refuse("Nothing was published: mend the grave findings first.", as_json, report.findings)
    if as_json:
        print_json(
            {
                "built": report.built,
                "reused": report.reused,
                "removed": report.removed,
                "seconds": round(report.seconds, 3),
                "findings": [found.as_row() for found in to_mend(report.findings)],
            }
        )
        return
    for found in to_mend(report.findings):
        click.echo(found.as_text())
    click.echo(
        f"\n{report.built} pages built, {report.reused} reused, {report.removed} removed "
        f"in {report.seconds:.1f} s, into {out}.",
        err=True,
    )
