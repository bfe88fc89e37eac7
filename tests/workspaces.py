"""A studio's folder over the starter curriculum with the sample people, made once for each process of tests and then copied."""

from __future__ import annotations

import atexit
import shutil
import tempfile
from contextlib import closing
from functools import cache
from pathlib import Path

from curriculum_studio.actions.workspaces import new_workspace
from curriculum_studio.publishing.sources import FolderSnapshot
from curriculum_studio.studio import open_studio

UNITS = Path(__file__).resolve().parents[1] / "units"


@cache
def _first() -> Path:
    folder = Path(tempfile.mkdtemp(prefix="studio-"))
    atexit.register(shutil.rmtree, folder, ignore_errors=True)
    new_workspace(folder / "work", FolderSnapshot(UNITS), samples=True)
    # What the texts say is read once, as after a first start.
    with closing(open_studio(folder / "work")) as studio:
        studio.curriculum()
    return folder / "work"


def new_sample(work: Path) -> Path:
    """A new folder in which nobody has done anything."""
    shutil.copytree(_first(), work, symlinks=True)
    return work
