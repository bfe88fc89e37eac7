"""The sample history of `demo`: real versions of real lessons that end in the starter curriculum itself."""

from __future__ import annotations

from contextlib import closing
from datetime import date
from pathlib import Path

from curriculum_studio.actions.flags import open_flags
from curriculum_studio.actions.home import home_of
from curriculum_studio.actions.inquiries import inquiries_of
from curriculum_studio.actions.learning import find_session
from curriculum_studio.actions.samples import add_sample_activity, first_texts, sample_steps
from curriculum_studio.actions.teaching import logs_of, logs_together, minutes_logged
from curriculum_studio.actions.workspaces import new_workspace
from curriculum_studio.domain.findings import grave
from curriculum_studio.domain.inquiries import judged
from curriculum_studio.domain.teaching import enough
from curriculum_studio.formats.check import check
from curriculum_studio.publishing.sources import FolderSnapshot
from curriculum_studio.studio import Studio, open_studio
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
        _goes_on_round_the_loop(studio)


def _goes_on_round_the_loop(studio: Studio) -> None:
    """Whoever tries the studio out finds every part of the loop with something in it, said by several people."""
    ada, gita, ben = (studio.people.by_account(name).person for name in ("ada", "gita", "ben"))
    flags = open_flags(studio, gita)
    assert {"strong-distractor", "overrun", "frequent-adaptation"} <= {one.rule for one in flags}
    told = " ".join(step.words for one in flags for step in one.steps)
    assert "“Adding the same to both”" in told
    assert "m-add-both" not in told
    together = logs_together(studio, ada, "t4w8n2xc")
    assert enough(together.logs)
    # What classes had was the published text, and not what was written since.
    released = studio.snapshot(studio.content.published())
    assert {one.blob for one in together.logs} == {released.blob(together.facts.path)}
    assert any(not one.shared for one in logs_of(studio, ada))
    assert "t4w8n2xc" in minutes_logged(studio, ada)
    tiers = [judged(one).tier for one in inquiries_of(studio, gita)]
    assert sorted(tiers) == ["3", "4", "4"]
    home = home_of(studio, gita)
    assert any("You lead it on" in one.why for one in home.waiting)
    assert any(one.address.startswith("/learning/") for one in home.evidence)
    assert any("What did you use" in one.why for one in home_of(studio, ada).waiting)
    because = find_session(studio, ben, "pl6ratio").because
    assert {one.title for one in because} >= {"a misconception is frequent", "asked for by 2 people"}
    assert any(not one.closed for one in studio.pulse.rounds(date.today().isoformat()))
