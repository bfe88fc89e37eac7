"""Hides how the commands that keep a workspace safe speak: back it up, restore it, look whether it is whole."""

from __future__ import annotations

import sys
from dataclasses import asdict
from pathlib import Path

import click

from curriculum_studio.actions.backups import (
    backup_workspace,
    examine,
    restore_workspace,
    try_backup,
)
from curriculum_studio.cli import print_json, progress_lines, refuse
from curriculum_studio.domain.errors import StudioError

_WORKSPACE = click.Path(exists=True, file_okay=False, path_type=Path)
_BACKUP = click.Path(exists=True, dir_okay=False, path_type=Path)


@click.command()
@click.argument("workspace", type=_WORKSPACE)
@click.argument("file", type=click.Path(path_type=Path))
@click.option("--force", is_flag=True, help="Overwrite FILE where it is there already.")
@click.option("--json", "as_json", is_flag=True, help="Print one JSON document.")
def backup(workspace: Path, file: Path, force: bool, as_json: bool) -> None:
    """Put a whole workspace into one file; the studio may go on running."""
    try:
        manifest = backup_workspace(workspace, file, force=force)
    except StudioError as error:
        refuse(str(error), as_json)
    size = file.stat().st_size
    if as_json:
        rows = {"at": manifest.at, "refs": dict(manifest.refs), "rows": dict(manifest.rows)}
        print_json({"file": str(file), "size": size, **rows})
        return
    click.echo(
        f"Wrote {file} ({-(-size // 1024)} KiB): the texts with all their versions, the people and the settings.\n"
        "It holds the workspace's secret key and the people's names: keep it where only you can read it."
    )


@click.command()
@click.argument("file", type=_BACKUP)
@click.argument("workspace", type=click.Path(path_type=Path))
@click.option("--json", "as_json", is_flag=True, help="Print one JSON document.")
def restore(file: Path, workspace: Path, as_json: bool) -> None:
    """Make a workspace from a backup, in a new or empty folder."""
    try:
        done = restore_workspace(file, workspace, progress_lines(as_json))
    except StudioError as error:
        refuse(str(error), as_json)
    if as_json:
        found = {"at": done.manifest.at, "indexed": done.indexed, "built": done.built, "sites": done.sites}
        print_json({"workspace": str(workspace), **found})
        return
    click.echo(
        f"\nRestored {workspace} as it was at {done.manifest.at}: {done.indexed} files indexed, {done.built} pages built.\n"
        f"Start it:  curriculum-studio serve {workspace}"
    )
    if not done.sites:
        click.echo(
            "This program finds grave faults in the released version: its sites were not built. Mend them and publish.",
            err=True,
        )


@click.command()
@click.argument("workspace", type=_WORKSPACE)
@click.option("--test-backup", "file", type=_BACKUP, help="Restore this backup into a passing folder first.")
@click.option("--json", "as_json", is_flag=True, help="Print one JSON document.")
def doctor(workspace: Path, file: Path | None, as_json: bool) -> None:
    """Look whether a workspace is whole; exit 1 if anything is not."""
    progress = progress_lines(as_json)
    try:
        checks = [try_backup(workspace, file, progress)] if file else []
        checks += examine(workspace, progress)
    except StudioError as error:
        refuse(str(error), as_json)
    whole = all(check.ok for check in checks)
    if as_json:
        print_json({"ok": whole, "checks": [asdict(check) for check in checks]})
    else:
        click.echo(err=True)
        for check in checks:
            click.echo(f"{'ok ' if check.ok else 'NOT'}  {check.check:<9} {check.message}")
            if check.hint:
                click.echo(f"{'':<15}{check.hint}")
    if not whole:
        sys.exit(1)
