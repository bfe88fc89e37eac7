"""The law of the partnership: results, flags, cycles, logs, inquiries, sessions, promises and the pulse leave no trace on the
sites of students and families. Twin studios with the same texts, one of them full of it, publish the same bytes."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path

from curriculum_studio.actions.commitments import make_commitment
from curriculum_studio.actions.cycles import begin_cycle, plan_cycle, study_cycle
from curriculum_studio.actions.evidence import take_in_results
from curriculum_studio.actions.flags import move_flag, open_flags
from curriculum_studio.actions.goals import agree_to_charter, goals_board, write_progress
from curriculum_studio.actions.inquiries import write_inquiry
from curriculum_studio.actions.learning import attend_session, follow_session_up
from curriculum_studio.actions.releases import publish_release
from curriculum_studio.actions.series import ask_for_topic, begin_series, set_meeting
from curriculum_studio.actions.teaching import write_log
from curriculum_studio.domain.cycles import Cycle
from curriculum_studio.domain.teaching import Log, PartLog
from curriculum_studio.studio import Studio
from tests.domain.test_inquiries import inquiry
from tests.laws.test_editions import readable
from tests.laws.twins import CANARY
from tests.web.cast import opened

LESSON = "t4w8n2xc"


def fill(studio: Studio) -> None:
    """Everything that a partnership writes, each with the canary in it wherever words go."""
    ada, carla, dana = (studio.people.by_account(name).person for name in ("ada", "carla", "dana"))
    piles = b"item,choice,count\nlemonade,right,50\nlemonade,m-add-both,61\nlemonade,other,14\n"
    take_in_results(studio, ada, piles, LESSON, taken="2026-09", classes=5)
    for number, person in enumerate((ada, carla, ada)):
        log = Log(f"{number:032d}", "", "", "", "", date.today().isoformat(), (), f"They said {CANARY}", True)
        write_log(studio, person, LESSON, lambda one: PartLog(one, 40, "changed", "time", CANARY), log)
    flags = open_flags(studio, carla)
    assert {one.rule for one in flags} == {"strong-distractor", "overrun", "frequent-adaptation"}
    for flag in flags:
        move_flag(studio, carla, flag.key, "taken", f"Look at {CANARY}")
    plan = Cycle("", "ratiosu6", "g1", "", "", CANARY, CANARY, CANARY, ada.key, 0)
    key = plan_cycle(studio, ada, plan)
    begin_cycle(studio, ada, key)
    study_cycle(studio, ada, key, CANARY)
    one = inquiry("ratiosu6", studio.content.tip() or "", title=CANARY, finding=CANARY)
    write_inquiry(studio, carla, replace(one, source=CANARY))
    attend_session(studio, ada, "pl6ratio", CANARY)
    follow_session_up(studio, ada, "pl6ratio", CANARY)
    soon = (date.today() + timedelta(days=9)).isoformat()
    set_meeting(studio, dana, begin_series(studio, dana, CANARY), "pl6ratio", soon, ada.key, CANARY)
    ask_for_topic(studio, ada, CANARY)
    make_commitment(studio, ada, CANARY, soon)
    studio.pulse.answer(studio.pulse.open(soon, carla.key), ada.key, {"trust-open": 4})
    agree_to_charter(studio, ada, goals_board(studio, ada).blob)
    write_progress(studio, dana, "g1", "2025-26", "45", CANARY)


def sites(studio: Studio) -> dict[str, bytes]:
    """All files of the student and the family site once the studio has published."""
    publish_release(studio, studio.people.by_account("dana").person, "The same words")
    found = {}
    for edition in ("student", "family"):
        folder: Path = studio.settings.sites / edition
        for path in folder.rglob("*"):
            if path.is_file() and not path.name.startswith("."):
                found[f"{edition}/{path.relative_to(folder).as_posix()}"] = path.read_bytes()
    return found


def test_nothing_of_the_partnership_reaches_students_or_families(tmp_path: Path) -> None:
    (tmp_path / "plain").mkdir()
    (tmp_path / "full").mkdir()
    plain, full = opened(tmp_path / "plain"), opened(tmp_path / "full")
    try:
        fill(full)
        one, two = sites(plain), sites(full)
    finally:
        plain.close()
        full.close()
    assert len(one) > 60
    assert one.keys() == two.keys()
    for path, content in two.items():
        assert content == one[path], path
        assert CANARY not in readable(content), path
        assert CANARY not in path
