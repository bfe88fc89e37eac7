"""The sample history of `demo`: real versions of real lessons that end in the starter curriculum itself."""

from __future__ import annotations

from contextlib import closing
from pathlib import Path

from curriculum_studio.actions.samples import add_sample_activity, first_texts, sample_steps
from curriculum_studio.actions.workspaces import new_workspace
from curriculum_studio.domain.findings import grave
from curriculum_studio.formats.check import check
from curriculum_studio.publishing.sources import FolderSnapshot
from curriculum_studio.studio import open_studio
from tests.workspaces import UNITS


def test_every_passage_stands_in_the_starter_curriculum_once() -> None:
    source = FolderSnapshot(UNITS)
    for step in sample_steps():
        for path, now, before in step.changes:
            assert source[path].decode().count(now) == 1, (path, now)
            assert now != before


def test_the_history_ends_in_the_curriculum_itself(tmp_path: Path) -> None:
    source = FolderSnapshot(UNITS)
    texts, at = first_texts(source)
    assert not grave(check(texts))
    new_workspace(tmp_path / "work", texts, samples=True, at=at)
    with closing(open_studio(tmp_path / "work")) as studio:
        add_sample_activity(studio, source)
        snapshot, curriculum = studio.curriculum()
        assert {path: snapshot[path] for path in source} == {path: source[path] for path in source}
        notes = [
            version.note for version in studio.content.history("grade-6/ratios/01-introducing-ratios.md")
        ]
        steps = sample_steps()
        told = [s.note for s in reversed(steps) if s.changes[0][0].endswith("01-introducing-ratios.md")]
        assert notes == [*told, "The starter curriculum"]
        times = [version.at for version in studio.content.history("grade-6/ratios/01-introducing-ratios.md")]
        assert times == sorted(times, reverse=True)
        # Something waits to be published, something is a draft, something is in the bin.
        released = studio.snapshot(studio.content.published())
        assert any(released[path] != snapshot[path] for path in source)
        unit = next(one for one in curriculum.units if one.folder == "grade-6/ratios")
        assert unit.drafts
        assert studio.bin.all()
        assert studio.audit.broken() is None
