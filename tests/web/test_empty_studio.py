"""A studio that begins with nothing in it: every page that a menu leads to teaches what comes first, and the first unit can be published."""

from __future__ import annotations

import pytest

from curriculum_studio.actions.workspaces import new_workspace
from curriculum_studio.studio import open_studio
from tests.web.cast import app_of, publish, send, signed_in

PLACES = (
    "/", "/search?q=ratio", "/threads", "/standards", "/standards/ccssm-2010", "/coverage", "/coverage/before", "/ratings", "/studies",
    "/crosswalks", "/evidence", "/evidence/new", "/loops", "/cycles", "/inquiries", "/learning", "/pulse", "/commitments", "/teaching",
    "/publish", "/approvals", "/teams", "/bin", "/notices", "/week", "/help", "/units/new",
)  # fmt: skip


def test_from_nothing_to_a_published_lesson(tmp_path_factory: pytest.TempPathFactory) -> None:
    folder = tmp_path_factory.mktemp("empty") / "work"
    new_workspace(folder, None, samples=True)
    studio = open_studio(folder)
    try:
        app = app_of(studio)
        dana, omar = signed_in(app, "dana"), signed_in(app, "omar")
        for place in PLACES:
            assert dana.get(place).status_code == 200, place
        assert "invite the first people" in omar.get("/").get_data(as_text=True)
        assert "Nothing is written yet" in dana.get("/publish").get_data(as_text=True)
        for place, words in (
            ("/goals", "There is no charter yet"),
            ("/sites/student/", "Nothing is published yet"),
        ):
            answer = dana.get(place)
            assert answer.status_code == 404
            assert words in answer.get_data(as_text=True)
        answer = send(dana, "/units/new", "/units/new", title="Shapes", grade="4")
        unit = answer.headers["Location"].partition("?")[0]
        assert send(dana, unit, f"{unit}/add", kind="lesson", title="Corners", section="0").status_code == 303
        assert dana.get("/goals").status_code == 200
        assert "Published:" in publish(dana, note="The first")
        with dana.get("/sites/student/") as front:
            assert "Shapes" in front.get_data(as_text=True)
        missing = app.test_client().get("/sites/student/grade-4/nothing/")
        assert missing.status_code == 404
        assert 'href="/sites/student/' in missing.get_data(as_text=True)
        assert "Sign in" not in missing.get_data(as_text=True)
    finally:
        studio.close()
