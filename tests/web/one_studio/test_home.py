"""Home through HTTP: one page, in the order of one's role, with what waits, what is stuck, where evidence points, what changed."""

from __future__ import annotations

import time
from datetime import UTC, datetime, timedelta

from flask import Flask
from sqlalchemy import update

from curriculum_studio.actions.evidence import take_in_results
from curriculum_studio.actions.home import ORDER, SECTIONS
from curriculum_studio.domain.learning import LATER
from curriculum_studio.storage.tables_evidence import AttendanceRow
from curriculum_studio.storage.tables_partnership import CommitmentStepRow
from curriculum_studio.studio import Studio
from tests.web.cast import send, signed_in


def home(app: Flask, name: str) -> str:
    return signed_in(app, name).get("/").get_data(as_text=True)


def part(page: str, name: str) -> str:
    return page.partition(f'id="h-{name}"')[2].partition("</section>")[0]


def test_each_role_has_its_order_and_empty_lists_teach(app: Flask) -> None:
    for name, role in (("ada", "teacher"), ("carla", "researcher"), ("gita", "coach"), ("dana", "lead")):
        page = home(app, name)
        places = [page.index(f'id="h-{one}"') for one in ORDER[role]]
        assert places == sorted(places), role
        assert sorted(ORDER[role]) == sorted(SECTIONS)
    assert "bring the counts in" in part(home(app, "gita"), "evidence")
    assert "Nothing is stuck." in part(home(app, "gita"), "stuck")
    assert "bring the counts in" not in home(app, "omar")


def test_evidence_points_where_one_works(studio: Studio, app: Flask) -> None:
    content = b"item,choice,count\nlemonade,right,50\nlemonade,m-add-both,61\nlemonade,other,14\n"
    take_in_results(studio, studio.people.by_account("gita").person, content, "t4w8n2xc", taken="2026-10")
    for name in ("ada", "carla", "gita", "dana"):
        shown = part(home(app, name), "evidence")
        assert "The same taste" in shown, name
        assert "61 of 125 students" in shown, name
        assert "Hearing ratio language" in shown, name
    # Ben teaches another unit: this is not where his evidence points.
    assert "The same taste" not in part(home(app, "ben"), "evidence")


def test_what_the_partnership_asks_waits_and_what_is_late_is_stuck(studio: Studio, app: Flask) -> None:
    dana, ada, today = signed_in(app, "dana"), signed_in(app, "ada"), datetime.now(UTC).date()
    send(dana, "/pulse", "/pulse/open", until=(today + timedelta(days=9)).isoformat())
    send(ada, "/commitments", "/commitments", words="Bring the cool-downs", due=today.isoformat())
    send(ada, "/learning/pl6ratio", "/learning/pl6ratio/attend", took="")
    waiting = part(home(app, "ada"), "waiting")
    assert "How do you find our work together?" in waiting
    assert "Our charter" in waiting
    assert "Bring the cool-downs" in waiting
    assert "What did you use" not in waiting
    assert "Bring the cool-downs" not in part(home(app, "carla"), "waiting")
    send(ada, "/pulse/answer", "/pulse/answer", **{"trust-open": "4"})
    with studio.database.work() as work:
        work.execute(update(CommitmentStepRow).values(due=(today - timedelta(days=2)).isoformat()))
        work.execute(update(AttendanceRow).values(at=int(time.time()) - LATER - 60))
    page = home(app, "ada")
    assert "How do you find our work together?" not in page
    assert "What did you use" in part(page, "waiting")
    assert "Say what became of it" in part(page, "stuck")
    assert "The teachers said so" in part(home(app, "dana"), "stuck")
    assert "Bring the cool-downs" not in home(app, "carla")
